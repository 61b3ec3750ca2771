import type { OperationCase } from '../operations.ts';
import { asksPost, customerId, CUSTOMER, id, NAME, posted, queried, refusal, SEARCH } from './answers.ts';

const CAMPAIGN =
  'SELECT campaign.id, campaign.name, campaign.status, campaign.primary_status, campaign.serving_status, campaign.advertising_channel_type, campaign.bidding_strategy_type, campaign.start_date_time, campaign.end_date_time, campaign_budget.id, campaign_budget.name, campaign_budget.amount_micros';
const AD_GROUP =
  'SELECT ad_group.id, ad_group.name, ad_group.status, ad_group.type, ad_group.cpc_bid_micros, campaign.id, campaign.name';
const AD =
  'SELECT ad_group_ad.ad.id, ad_group_ad.ad.name, ad_group_ad.ad.type, ad_group_ad.ad.final_urls, ad_group_ad.ad.responsive_search_ad.headlines, ad_group_ad.ad.responsive_search_ad.descriptions, ad_group_ad.status, ad_group_ad.ad_strength, ad_group_ad.policy_summary.approval_status, ad_group.id, ad_group.name, campaign.id, campaign.name FROM ad_group_ad';
const KEYWORD =
  'SELECT ad_group_criterion.criterion_id, ad_group_criterion.keyword.text, ad_group_criterion.keyword.match_type, ad_group_criterion.status, ad_group_criterion.negative, ad_group_criterion.cpc_bid_micros, ad_group_criterion.approval_status, ad_group_criterion.quality_info.quality_score, ad_group.id, ad_group.name, campaign.id, campaign.name';
const BUDGET =
  'SELECT campaign_budget.id, campaign_budget.name, campaign_budget.status, campaign_budget.amount_micros, campaign_budget.delivery_method, campaign_budget.explicitly_shared, campaign_budget.reference_count FROM campaign_budget';
const LIST =
  "SELECT user_list.id, user_list.name, user_list.description, user_list.membership_status, user_list.membership_life_span, user_list.crm_based_user_list.upload_key_type, user_list.size_for_search, user_list.size_for_display, user_list.match_rate_percentage FROM user_list WHERE user_list.type = 'CRM_BASED'";
const METRICS =
  'metrics.impressions, metrics.clicks, metrics.ctr, metrics.average_cpc, metrics.cost_micros, metrics.conversions, metrics.conversions_value, metrics.cost_per_conversion';

const parents = {
  adGroup: { resourceName: `${NAME}/adGroups/5`, id: '5', name: 'Shoes' },
  campaign: { resourceName: `${NAME}/campaigns/9`, id: '9', name: 'May' },
};
const namedParents = { adGroup: { id: '5', name: 'Shoes' }, campaign: { id: '9', name: 'May' } };
const getting = (resource: string, more: object = {}) => ({
  resource,
  operation: 'get',
  customerId,
  ...more,
});
const many = (resource: string, more: object = {}) => ({
  resource,
  operation: 'getAll',
  customerId,
  limit: 5,
  ...more,
});

export const readingCases: OperationCase[] = [
  {
    name: 'campaign: get',
    parameters: getting('campaign', { campaignId: id('9') }),
    ...queried(`${CAMPAIGN} FROM campaign WHERE campaign.id = 9 LIMIT 1`, [
      {
        campaign: { resourceName: `${NAME}/campaigns/9`, id: '9', name: 'May' },
        campaignBudget: { resourceName: `${NAME}/campaignBudgets/3`, id: '3', amountMicros: '12500000' },
      },
    ]),
    gives: [
      {
        resourceName: `${NAME}/campaigns/9`,
        id: '9',
        name: 'May',
        budget: {
          resourceName: `${NAME}/campaignBudgets/3`,
          id: '3',
          amountMicros: '12500000',
          amount: 12.5,
        },
      },
    ],
  },
  {
    name: 'campaign: get by resource name, raw',
    parameters: getting('campaign', { campaignId: id(`${NAME}/campaigns/9`), simple: false }),
    ...queried(`${CAMPAIGN} FROM campaign WHERE campaign.id = 9 LIMIT 1`, [
      { campaign: { id: '9' }, campaignBudget: { amountMicros: '1' } },
    ]),
    gives: [{ campaign: { id: '9' }, campaignBudget: { amountMicros: '1' } }],
  },
  {
    name: 'campaign: get one that is not there',
    parameters: getting('campaign', { campaignId: id('9') }),
    ...queried(`${CAMPAIGN} FROM campaign WHERE campaign.id = 9 LIMIT 1`, []),
    fails: { message: 'There is no campaign 9', description: /another/ },
  },
  {
    name: 'campaign: get many with the metrics of last week, enabled ones, under a condition',
    parameters: many('campaign', {
      options: { dateRange: 'LAST_7_DAYS', status: ['ENABLED'], where: "campaign.name LIKE '%May%'" },
    }),
    ...queried(
      `${CAMPAIGN}, ${METRICS} FROM campaign WHERE segments.date DURING LAST_7_DAYS AND campaign.status IN ('ENABLED') AND campaign.name LIKE '%May%' LIMIT 5`,
      [
        {
          campaign: { id: '9' },
          metrics: { clicks: '3', costMicros: '4500000', averageCpc: 1500000 },
        },
      ],
    ),
    gives: [
      {
        id: '9',
        metrics: {
          clicks: '3',
          costMicros: '4500000',
          cost: 4.5,
          averageCpc: 1500000,
          averageCpcAmount: 1.5,
        },
      },
    ],
  },
  {
    name: 'campaign: get many, all over two pages',
    parameters: { ...many('campaign'), returnAll: true },
    answers: [
      posted(SEARCH, { results: [{ campaign: { id: '1' } }], nextPageToken: 'CPqz' }),
      posted(SEARCH, { results: [{ campaign: { id: '2' } }] }),
    ],
    asks: [
      asksPost(SEARCH, { query: `${CAMPAIGN} FROM campaign WHERE campaign.status != 'REMOVED'` }),
      asksPost(SEARCH, {
        query: `${CAMPAIGN} FROM campaign WHERE campaign.status != 'REMOVED'`,
        pageToken: 'CPqz',
      }),
    ],
    gives: [{ id: '1' }, { id: '2' }],
  },
  {
    name: 'ad group: get',
    parameters: getting('adGroup', { adGroupId: id('5') }),
    ...queried(`${AD_GROUP} FROM ad_group WHERE ad_group.id = 5 LIMIT 1`, [
      { adGroup: { id: '5', name: 'Shoes', cpcBidMicros: '250000' }, campaign: parents.campaign },
    ]),
    gives: [
      {
        id: '5',
        name: 'Shoes',
        cpcBidMicros: '250000',
        cpcBid: 0.25,
        campaign: namedParents.campaign,
      },
    ],
  },
  {
    name: 'ad group: get many of a campaign',
    parameters: many('adGroup', { options: { campaignId: '9', dateRange: 'ALL_TIME' } }),
    ...queried(
      `${AD_GROUP}, ${METRICS} FROM ad_group WHERE campaign.id = 9 AND ad_group.status != 'REMOVED' LIMIT 5`,
      [{ adGroup: { id: '5' } }],
    ),
    gives: [{ id: '5' }],
  },
  {
    name: 'ad: get by ad group and ID',
    parameters: getting('ad', { adId: id('5~7') }),
    ...queried(`${AD} WHERE ad_group.id = 5 AND ad_group_ad.ad.id = 7 LIMIT 1`, [
      {
        adGroupAd: {
          resourceName: `${NAME}/adGroupAds/5~7`,
          status: 'ENABLED',
          ad: { resourceName: `${NAME}/ads/7`, id: '7', finalUrls: ['https://example.com'] },
        },
        ...parents,
      },
    ]),
    gives: [
      {
        resourceName: `${NAME}/adGroupAds/5~7`,
        status: 'ENABLED',
        id: '7',
        finalUrls: ['https://example.com'],
        ...namedParents,
      },
    ],
  },
  {
    name: 'ad: get many of an ad group',
    parameters: many('ad', { options: { adGroupId: `${NAME}/adGroups/5` } }),
    ...queried(`${AD} WHERE ad_group.id = 5 AND ad_group_ad.status != 'REMOVED' LIMIT 5`, [
      { adGroupAd: { status: 'PAUSED', ad: { id: '7' } } },
    ]),
    gives: [{ id: '7', status: 'PAUSED' }],
  },
  {
    name: 'keyword: get',
    parameters: getting('keyword', { keywordId: id('5~8') }),
    ...queried(
      `${KEYWORD} FROM ad_group_criterion WHERE ad_group_criterion.type = 'KEYWORD' AND ad_group.id = 5 AND ad_group_criterion.criterion_id = 8 LIMIT 1`,
      [
        {
          adGroupCriterion: { criterionId: '8', keyword: { text: 'red shoes', matchType: 'EXACT' } },
          ...parents,
        },
      ],
    ),
    gives: [{ criterionId: '8', text: 'red shoes', matchType: 'EXACT', ...namedParents }],
  },
  {
    name: 'keyword: get many with metrics',
    parameters: many('keyword', { options: { dateRange: 'YESTERDAY' } }),
    ...queried(
      `${KEYWORD}, ${METRICS} FROM keyword_view WHERE ad_group_criterion.type = 'KEYWORD' AND segments.date DURING YESTERDAY AND ad_group_criterion.status != 'REMOVED' LIMIT 5`,
      [],
    ),
    gives: [],
  },
  {
    name: 'budget: get',
    parameters: getting('budget', { budgetId: id('3') }),
    ...queried(`${BUDGET} WHERE campaign_budget.id = 3 LIMIT 1`, [
      { campaignBudget: { id: '3', amountMicros: '1000000' } },
    ]),
    gives: [{ id: '3', amountMicros: '1000000', amount: 1 }],
  },
  {
    name: 'budget: get many',
    parameters: many('budget'),
    ...queried(`${BUDGET} WHERE campaign_budget.status != 'REMOVED' LIMIT 5`, [
      { campaignBudget: { id: '3' } },
    ]),
    gives: [{ id: '3' }],
  },
  {
    name: 'customer list: get',
    parameters: getting('customerList', { listId: id('4') }),
    ...queried(`${LIST} AND user_list.id = 4 LIMIT 1`, [{ userList: { id: '4', name: 'Buyers' } }]),
    gives: [{ id: '4', name: 'Buyers' }],
  },
  {
    name: 'customer list: get many',
    parameters: many('customerList'),
    ...queried(`${LIST} LIMIT 5`, [{ userList: { id: '4' } }]),
    gives: [{ id: '4' }],
  },
  {
    name: 'customer: get many',
    parameters: { resource: 'customer', operation: 'getAll', returnAll: true },
    asks: [{ method: 'GET', path: '/v24/customers:listAccessibleCustomers' }],
    gives: [
      { resourceName: 'customers/1000000001', id: '1000000001' },
      { resourceName: 'customers/1000000011', id: '1000000011' },
    ],
  },
  {
    name: 'customer: get',
    parameters: getting('customer'),
    asks: [
      asksPost(SEARCH, {
        query:
          'SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone, customer.manager, customer.test_account, customer.status, customer.auto_tagging_enabled, customer.optimization_score FROM customer',
      }),
    ],
    gives: [{ resourceName: NAME, id: '1000000001', descriptiveName: 'Sandbox One' }],
  },
  {
    name: 'customer: get the clients of a manager',
    parameters: {
      resource: 'customer',
      operation: 'getClients',
      customerId,
      limit: 2,
      options: { includeManagers: false },
    },
    ...queried(
      'SELECT customer_client.id, customer_client.descriptive_name, customer_client.currency_code, customer_client.time_zone, customer_client.manager, customer_client.test_account, customer_client.status, customer_client.level, customer_client.client_customer FROM customer_client WHERE customer_client.manager = FALSE LIMIT 2',
      [{ customerClient: { id: '7', level: '1' } }],
    ),
    gives: [{ id: '7', level: '1' }],
  },
  {
    name: 'query: search, through a manager and with a version of one’s own',
    parameters: {
      resource: 'query',
      operation: 'search',
      customerId,
      limit: 10,
      query: "SELECT campaign.id, metrics.cost_micros FROM campaign WHERE campaign.name = 'no LIMIT';",
      options: { apiVersion: 'v25', loginCustomerId: '222-333-4444' },
    },
    answers: [
      {
        method: 'POST',
        path: '/v25/customers/1000000001/googleAds:search',
        body: { results: [{ campaign: { id: '9' }, metrics: { costMicros: '1500000' } }] },
      },
    ],
    asks: [
      {
        method: 'POST',
        path: '/v25/customers/1000000001/googleAds:search',
        headers: { 'login-customer-id': '2223334444' },
        body: {
          json: {
            query:
              "SELECT campaign.id, metrics.cost_micros FROM campaign WHERE campaign.name = 'no LIMIT' LIMIT 10",
          },
        },
      },
    ],
    gives: [{ campaign: { id: '9' }, metrics: { costMicros: '1500000', cost: 1.5 } }],
  },
  {
    name: 'query: search with its own limit, flattened',
    parameters: {
      resource: 'query',
      operation: 'search',
      customerId,
      limit: 1,
      query: 'SELECT campaign.id FROM campaign LIMIT 7',
      options: { flatten: true },
    },
    ...queried('SELECT campaign.id FROM campaign LIMIT 7', [
      {
        campaign: { resourceName: 'x', id: '9', finalUrlSuffix: 'a' },
        metrics: { costMicros: '1500000' },
      },
      { campaign: { id: '10' } },
    ]),
    gives: [
      {
        campaign_resource_name: 'x',
        campaign_id: '9',
        campaign_final_url_suffix: 'a',
        metrics_cost_micros: '1500000',
        metrics_cost: 1.5,
      },
    ],
  },
  {
    name: 'query: what Google says of a wrong one is told',
    parameters: {
      resource: 'query',
      operation: 'search',
      customerId,
      returnAll: true,
      query: 'SELECT campaign.nme FROM campaign',
    },
    answers: [
      posted(
        SEARCH,
        refusal(400, 'INVALID_ARGUMENT', {
          word: 'UNRECOGNIZED_FIELD',
          group: 'queryError',
          message: "Unrecognized field in the query: 'campaign.nme'.",
        }),
        400,
      ),
    ],
    asks: [asksPost(SEARCH, { query: 'SELECT campaign.nme FROM campaign' })],
    fails: {
      message: "Unrecognized field in the query: 'campaign.nme'. (UNRECOGNIZED_FIELD)",
      httpCode: '400',
    },
  },
  {
    name: 'query: a customer that is reached through a manager only',
    parameters: {
      resource: 'query',
      operation: 'search',
      customerId: id('9999999999'),
      limit: 1,
      query: 'SELECT campaign.id FROM campaign',
    },
    asks: [
      {
        method: 'POST',
        path: '/v24/customers/9999999999/googleAds:search',
        body: { json: { query: 'SELECT campaign.id FROM campaign LIMIT 1' } },
      },
    ],
    fails: {
      message: /USER_PERMISSION_DENIED/,
      description: /Login Customer ID/,
      httpCode: '403',
    },
  },
  ...(
    [
      [{ customerId: id('12') }, '“Customer” is no ID: 12'],
      [{ customerId: id(' ') }, '“Customer” is empty'],
      [{ query: ' ' }, '“Query” is empty'],
      [{ options: { apiVersion: '24' } }, '“API Version” is none: 24'],
      [{ options: { loginCustomerId: 'me' } }, '“Login Customer ID” is no ID: me'],
    ] as const
  ).map(([parameters, message]): OperationCase => ({
    name: `query: nobody is asked where ${message}`,
    parameters: { resource: 'query', operation: 'search', customerId, query: 'SELECT x', ...parameters },
    asks: [],
    fails: { message },
  })),
  {
    name: 'campaign: an ID that is more than one never comes into a query',
    parameters: getting('campaign', { campaignId: id('9 OR campaign.id > 0') }),
    asks: [],
    fails: { message: '“Campaign” is no ID: 9 OR campaign.id > 0' },
  },
  {
    name: 'custom API call',
    parameters: {
      resource: 'customApiCall',
      operation: 'call',
      method: 'POST',
      path: '/v24/customers/1000000001/googleAds:search',
      query: {},
      headers: {},
      body: '{"query": "SELECT campaign.id FROM campaign"}',
      options: {},
    },
    answers: [posted(SEARCH, { results: [] })],
    asks: [
      {
        method: 'POST',
        path: CUSTOMER + SEARCH,
        body: { json: { query: 'SELECT campaign.id FROM campaign' } },
      },
    ],
    gives: [{ results: [] }],
  },
];
