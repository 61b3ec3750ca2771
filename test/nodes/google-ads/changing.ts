import type { OperationCase } from '../operations.ts';
import { asksPost, customerId, id, mutated, NAME, partial, posted, refusal, SEARCH } from './answers.ts';

const changing = (resource: string, operation: string, more: object) => ({
  parameters: { resource, operation, customerId, ...more },
});
const of = (collection: string, what: string) => `${NAME}/${collection}/${what}`;

const campaign = {
  name: 'May',
  channelType: 'SEARCH',
  bidding: 'maximizeClicks',
  euPoliticalAds: 'DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING',
  status: 'PAUSED',
};
const campaignBody = {
  name: 'May',
  status: 'PAUSED',
  advertisingChannelType: 'SEARCH',
  containsEuPoliticalAdvertising: 'DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING',
};
const network = (partners: boolean) => ({
  networkSettings: {
    targetGoogleSearch: true,
    targetSearchNetwork: partners,
    targetContentNetwork: false,
  },
});
const ALL = '/googleAds:mutate';

const BUDGET_OF =
  'SELECT campaign_budget.resource_name, campaign_budget.explicitly_shared, campaign_budget.reference_count FROM campaign WHERE campaign.id = 9 LIMIT 1';
const budgetRow = (referenceCount: string) =>
  posted(SEARCH, {
    results: [{ campaignBudget: { resourceName: of('campaignBudgets', '3'), referenceCount } }],
  });
const newBudget = {
  updateMask: 'amountMicros',
  update: { resourceName: of('campaignBudgets', '3'), amountMicros: '20000000' },
};
const budgetChanged = mutated('campaignBudgets', newBudget, {
  resourceName: of('campaignBudgets', '3'),
  campaignBudget: { amountMicros: '20000000' },
});

const KEYWORDS = '/adGroupCriteria:mutate';
const keywords = {
  adGroupId: id('5'),
  keywords: 'red shoes\n\n blue shoes ',
  matchType: 'EXACT',
  negative: false,
};
const keyword = (text: string, more: object = { status: 'ENABLED' }) => ({
  create: { adGroup: of('adGroups', '5'), keyword: { text, matchType: 'EXACT' }, ...more },
});
const asksKeywords = (operations: unknown[], more: object = {}) =>
  asksPost(KEYWORDS, {
    operations,
    partialFailure: true,
    responseContentType: 'MUTABLE_RESOURCE',
    ...more,
  });
const oneKeywordRefused = {
  answers: [
    posted(KEYWORDS, {
      results: [{ resourceName: of('adGroupCriteria', '5~8') }, {}],
      partialFailureError: partial({
        word: 'KEYWORD_HAS_INVALID_CHARS',
        message: 'Keyword text has invalid characters.',
        at: ['operations', 1],
      }),
    }),
  ],
  asks: [asksKeywords([keyword('red shoes'), keyword('blue shoes')])],
};

export const changingCases: OperationCase[] = [
  {
    name: 'campaign: create with a budget of its own, both or none',
    ...changing('campaign', 'create', {
      ...campaign,
      budgetFrom: 'new',
      dailyBudget: 12.5,
      additionalFields: { startDate: '2026-05-01T00:00:00', endDate: '2026-05-31', searchPartners: true },
    }),
    answers: [
      posted(ALL, {
        mutateOperationResponses: [
          { campaignBudgetResult: { resourceName: of('campaignBudgets', '3') } },
          { campaignResult: { resourceName: of('campaigns', '9'), campaign: { id: '9', name: 'May' } } },
        ],
      }),
    ],
    asks: [
      asksPost(ALL, {
        mutateOperations: [
          {
            campaignBudgetOperation: {
              create: {
                resourceName: of('campaignBudgets', '-1'),
                name: 'May (budget)',
                amountMicros: '12500000',
                explicitlyShared: false,
              },
            },
          },
          {
            campaignOperation: {
              create: {
                ...campaignBody,
                targetSpend: {},
                ...network(true),
                startDateTime: '2026-05-01 00:00:00',
                endDateTime: '2026-05-31 23:59:59',
                campaignBudget: of('campaignBudgets', '-1'),
              },
            },
          },
        ],
        responseContentType: 'MUTABLE_RESOURCE',
      }),
    ],
    gives: [{ resourceName: of('campaigns', '9'), id: '9', name: 'May' }],
  },
  {
    name: 'campaign: create with an existing budget and a target, only to check it',
    ...changing('campaign', 'create', {
      ...campaign,
      channelType: 'DISPLAY',
      bidding: 'maximizeConversions',
      budgetFrom: 'existing',
      budgetId: id('3'),
      additionalFields: { targetCpa: 7.25 },
      options: { validateOnly: true },
    }),
    answers: [posted(ALL, {})],
    asks: [
      asksPost(ALL, {
        mutateOperations: [
          {
            campaignOperation: {
              create: {
                ...campaignBody,
                advertisingChannelType: 'DISPLAY',
                maximizeConversions: { targetCpaMicros: '7250000' },
                campaignBudget: of('campaignBudgets', '3'),
              },
            },
          },
        ],
        responseContentType: 'MUTABLE_RESOURCE',
        validateOnly: true,
      }),
    ],
    gives: [{ valid: true }],
  },
  {
    name: 'campaign: create without an amount asks nobody',
    ...changing('campaign', 'create', { ...campaign, budgetFrom: 'new', dailyBudget: 0 }),
    asks: [],
    fails: { message: '“Daily Budget” is no amount above zero: 0' },
  },
  {
    name: 'campaign: create by a name that is taken',
    ...changing('campaign', 'create', { ...campaign, budgetFrom: 'existing', budgetId: id('3') }),
    answers: [
      posted(
        ALL,
        refusal(400, 'INVALID_ARGUMENT', {
          word: 'DUPLICATE_CAMPAIGN_NAME',
          group: 'campaignError',
          message: 'A campaign with this name already exists.',
        }),
        400,
      ),
    ],
    asks: [
      asksPost(ALL, {
        mutateOperations: [
          {
            campaignOperation: {
              create: {
                ...campaignBody,
                targetSpend: {},
                ...network(false),
                campaignBudget: of('campaignBudgets', '3'),
              },
            },
          },
        ],
        responseContentType: 'MUTABLE_RESOURCE',
      }),
    ],
    fails: { message: /^A campaign with this name already exists\./, description: /Choose another/ },
  },
  {
    name: 'campaign: update the status',
    ...changing('campaign', 'update', { campaignId: id('9'), updateFields: { status: 'ENABLED' } }),
    ...mutated(
      'campaigns',
      { updateMask: 'status', update: { resourceName: of('campaigns', '9'), status: 'ENABLED' } },
      { resourceName: of('campaigns', '9'), campaign: { status: 'ENABLED' } },
    ),
    gives: [{ resourceName: of('campaigns', '9'), status: 'ENABLED' }],
  },
  {
    name: 'campaign: update nothing asks nobody',
    ...changing('campaign', 'update', { campaignId: id('9'), updateFields: {} }),
    asks: [],
    fails: { message: 'There is nothing to change' },
  },
  {
    name: 'campaign: delete',
    ...changing('campaign', 'delete', { campaignId: id('9') }),
    ...mutated(
      'campaigns',
      { remove: of('campaigns', '9') },
      {
        resourceName: of('campaigns', '9'),
      },
    ),
    gives: [{ resourceName: of('campaigns', '9') }],
  },
  {
    name: 'campaign: change the budget',
    ...changing('campaign', 'changeBudget', { campaignId: id('9'), dailyBudget: 20 }),
    answers: [budgetRow('1'), ...(budgetChanged.answers ?? [])],
    asks: [asksPost(SEARCH, { query: BUDGET_OF }), ...budgetChanged.asks],
    gives: [{ resourceName: of('campaignBudgets', '3'), amountMicros: '20000000', amount: 20 }],
  },
  {
    name: 'campaign: change a budget that others share is refused',
    ...changing('campaign', 'changeBudget', { campaignId: id('9'), dailyBudget: 20 }),
    answers: [budgetRow('4')],
    asks: [asksPost(SEARCH, { query: BUDGET_OF })],
    fails: { message: '4 campaigns share this budget', description: /Allow Shared Budget/ },
  },
  {
    name: 'campaign: change a budget that others share, where one wants it',
    ...changing('campaign', 'changeBudget', {
      campaignId: id('9'),
      dailyBudget: 20,
      options: { allowShared: true },
    }),
    answers: [budgetRow('4'), ...(budgetChanged.answers ?? [])],
    asks: [asksPost(SEARCH, { query: BUDGET_OF }), ...budgetChanged.asks],
    gives: [{ resourceName: of('campaignBudgets', '3'), amountMicros: '20000000', amount: 20 }],
  },
  {
    name: 'budget: create',
    ...changing('budget', 'create', { name: 'All', amount: 0.1 + 0.2, explicitlyShared: true }),
    ...mutated(
      'campaignBudgets',
      { create: { name: 'All', amountMicros: '300000', explicitlyShared: true } },
      { resourceName: of('campaignBudgets', '3') },
    ),
    gives: [{ resourceName: of('campaignBudgets', '3') }],
  },
  {
    name: 'budget: update',
    ...changing('budget', 'update', { budgetId: id('3'), updateFields: { amount: 20 } }),
    ...budgetChanged,
    gives: [{ resourceName: of('campaignBudgets', '3'), amountMicros: '20000000', amount: 20 }],
  },
  {
    name: 'budget: update to what is no amount asks nobody',
    ...changing('budget', 'update', { budgetId: id('3'), updateFields: { amount: '={{ "a lot" }}' } }),
    asks: [],
    fails: { message: 'a lot is no amount of money' },
  },
  {
    name: 'budget: delete',
    ...changing('budget', 'delete', { budgetId: id('3') }),
    ...mutated(
      'campaignBudgets',
      { remove: of('campaignBudgets', '3') },
      {
        resourceName: of('campaignBudgets', '3'),
      },
    ),
    gives: [{ resourceName: of('campaignBudgets', '3') }],
  },
  {
    name: 'ad group: create',
    ...changing('adGroup', 'create', {
      campaignId: id('9'),
      name: 'Shoes',
      type: 'SEARCH_STANDARD',
      status: 'ENABLED',
      additionalFields: { cpcBid: 0.35 },
    }),
    ...mutated(
      'adGroups',
      {
        create: {
          name: 'Shoes',
          campaign: of('campaigns', '9'),
          type: 'SEARCH_STANDARD',
          status: 'ENABLED',
          cpcBidMicros: '350000',
        },
      },
      { resourceName: of('adGroups', '5'), adGroup: { cpcBidMicros: '350000' } },
    ),
    gives: [{ resourceName: of('adGroups', '5'), cpcBidMicros: '350000', cpcBid: 0.35 }],
  },
  {
    name: 'ad group: update',
    ...changing('adGroup', 'update', {
      adGroupId: id('5'),
      updateFields: { name: 'Boots', cpcBid: 1 },
    }),
    ...mutated(
      'adGroups',
      {
        updateMask: 'name,cpcBidMicros',
        update: { resourceName: of('adGroups', '5'), name: 'Boots', cpcBidMicros: '1000000' },
      },
      { resourceName: of('adGroups', '5') },
    ),
    gives: [{ resourceName: of('adGroups', '5') }],
  },
  {
    name: 'ad group: delete',
    ...changing('adGroup', 'delete', { adGroupId: id('5') }),
    ...mutated('adGroups', { remove: of('adGroups', '5') }, { resourceName: of('adGroups', '5') }),
    gives: [{ resourceName: of('adGroups', '5') }],
  },
  {
    name: 'ad: create',
    ...changing('ad', 'create', {
      adGroupId: id('5'),
      finalUrl: 'https://example.com',
      headlines: 'One\nTwo\nThree',
      descriptions: 'First\nSecond',
      status: 'PAUSED',
      additionalFields: { path1: 'shoes' },
    }),
    ...mutated(
      'adGroupAds',
      {
        create: {
          adGroup: of('adGroups', '5'),
          status: 'PAUSED',
          ad: {
            finalUrls: ['https://example.com'],
            responsiveSearchAd: {
              headlines: [{ text: 'One' }, { text: 'Two' }, { text: 'Three' }],
              descriptions: [{ text: 'First' }, { text: 'Second' }],
              path1: 'shoes',
            },
          },
        },
      },
      { resourceName: of('adGroupAds', '5~7') },
    ),
    gives: [{ resourceName: of('adGroupAds', '5~7') }],
  },
  {
    name: 'ad: create with too few headlines asks nobody',
    ...changing('ad', 'create', {
      adGroupId: id('5'),
      finalUrl: 'https://example.com',
      headlines: 'One\nTwo',
      descriptions: 'First\nSecond',
      status: 'PAUSED',
    }),
    asks: [],
    fails: { message: '“Headlines” has 2: Google wants 3 to 15' },
  },
  {
    name: 'ad: update',
    ...changing('ad', 'update', { adId: id('5~7'), updateFields: { status: 'PAUSED' } }),
    ...mutated(
      'adGroupAds',
      { updateMask: 'status', update: { resourceName: of('adGroupAds', '5~7'), status: 'PAUSED' } },
      { resourceName: of('adGroupAds', '5~7') },
    ),
    gives: [{ resourceName: of('adGroupAds', '5~7') }],
  },
  {
    name: 'ad: update without its ad group asks nobody',
    ...changing('ad', 'update', { adId: id('7'), updateFields: { status: 'PAUSED' } }),
    asks: [],
    fails: { message: '“Ad” lacks its ad group: 7', description: /123456~7/ },
  },
  {
    name: 'ad: delete',
    ...changing('ad', 'delete', { adId: id(of('adGroupAds', '5~7')) }),
    ...mutated('adGroupAds', { remove: of('adGroupAds', '5~7') }, { resourceName: of('adGroupAds', '5~7') }),
    gives: [{ resourceName: of('adGroupAds', '5~7') }],
  },
  {
    name: 'keyword: create several',
    ...changing('keyword', 'create', {
      ...keywords,
      additionalFields: { cpcBid: 0.5, status: 'PAUSED', finalUrl: 'https://example.com/red' },
    }),
    answers: [
      posted(KEYWORDS, {
        results: [
          {
            resourceName: of('adGroupCriteria', '5~8'),
            adGroupCriterion: { criterionId: '8', cpcBidMicros: '500000' },
          },
          { resourceName: of('adGroupCriteria', '5~9'), adGroupCriterion: { criterionId: '9' } },
        ],
      }),
    ],
    asks: [
      asksKeywords(
        ['red shoes', 'blue shoes'].map((text) =>
          keyword(text, {
            status: 'PAUSED',
            cpcBidMicros: '500000',
            finalUrls: ['https://example.com/red'],
          }),
        ),
      ),
    ],
    gives: [
      {
        text: 'red shoes',
        resourceName: of('adGroupCriteria', '5~8'),
        criterionId: '8',
        cpcBidMicros: '500000',
        cpcBid: 0.5,
      },
      { text: 'blue shoes', resourceName: of('adGroupCriteria', '5~9'), criterionId: '9' },
    ],
  },
  {
    name: 'keyword: create negative ones, without status and bid',
    ...changing('keyword', 'create', {
      ...keywords,
      keywords: 'free',
      negative: true,
      additionalFields: { cpcBid: 1 },
    }),
    answers: [posted(KEYWORDS, { results: [{ resourceName: of('adGroupCriteria', '5~8') }] })],
    asks: [asksKeywords([keyword('free', { negative: true })])],
    gives: [{ text: 'free', resourceName: of('adGroupCriteria', '5~8') }],
  },
  {
    name: 'keyword: create with one that Google refuses',
    ...changing('keyword', 'create', keywords),
    ...oneKeywordRefused,
    fails: {
      message: 'Google refused 1 of 2 keywords',
      description:
        /“blue shoes”: Keyword text has invalid characters\. \(KEYWORD_HAS_INVALID_CHARS\).*Continue On Fail/,
    },
  },
  {
    name: 'keyword: create with one that Google refuses, told apart with Continue On Fail',
    ...changing('keyword', 'create', keywords),
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    ...oneKeywordRefused,
    gives: [
      { text: 'red shoes', resourceName: of('adGroupCriteria', '5~8') },
      {
        error: '“blue shoes”: Keyword text has invalid characters. (KEYWORD_HAS_INVALID_CHARS)',
      },
    ],
  },
  {
    name: 'keyword: update',
    ...changing('keyword', 'update', { keywordId: id('5~8'), updateFields: { cpcBid: 0.75 } }),
    ...mutated(
      'adGroupCriteria',
      {
        updateMask: 'cpcBidMicros',
        update: { resourceName: of('adGroupCriteria', '5~8'), cpcBidMicros: '750000' },
      },
      { resourceName: of('adGroupCriteria', '5~8') },
    ),
    gives: [{ resourceName: of('adGroupCriteria', '5~8') }],
  },
  {
    name: 'keyword: delete',
    ...changing('keyword', 'delete', { keywordId: id('5~8') }),
    ...mutated(
      'adGroupCriteria',
      { remove: of('adGroupCriteria', '5~8') },
      { resourceName: of('adGroupCriteria', '5~8') },
    ),
    gives: [{ resourceName: of('adGroupCriteria', '5~8') }],
  },
];
