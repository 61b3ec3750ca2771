import { expect } from 'vitest';
import { binary } from '../../setup/n8n.ts';
import type { OperationCase } from '../operations.ts';
import { ACCOUNT, adAccountId, called, id, page, refused } from './answers.ts';

type Kind = {
  resource: string;
  idField: string;
  edge: string;
  fields: string;
  /** Parameters of a small update, and the body it makes. */
  update: [parameters: object, body: object];
};

const KINDS: Kind[] = [
  {
    resource: 'campaign',
    idField: 'campaignId',
    edge: 'campaigns',
    fields:
      'id,name,status,effective_status,objective,buying_type,bid_strategy,daily_budget,lifetime_budget,budget_remaining,special_ad_categories,start_time,stop_time,created_time,updated_time',
    update: [
      { status: 'ACTIVE', dailyBudget: 2500, stopTime: '2026-12-31T23:00:00Z' },
      { status: 'ACTIVE', daily_budget: 2500, stop_time: '2026-12-31T23:00:00+0000' },
    ],
  },
  {
    resource: 'adSet',
    idField: 'adSetId',
    edge: 'adsets',
    fields:
      'id,name,campaign_id,status,effective_status,daily_budget,lifetime_budget,budget_remaining,bid_strategy,bid_amount,billing_event,optimization_goal,targeting,start_time,end_time,created_time,updated_time',
    update: [
      { bidAmount: 150, targeting: '{"geo_locations": {"countries": ["FR"]}}' },
      { bid_amount: 150, targeting: { geo_locations: { countries: ['FR'] } } },
    ],
  },
  {
    resource: 'ad',
    idField: 'adId',
    edge: 'ads',
    fields:
      'id,name,adset_id,campaign_id,status,effective_status,creative{id,name},issues_info,created_time,updated_time',
    update: [
      { name: 'New', creativeId: '77' },
      { name: 'New', creative: { creative_id: '77' } },
    ],
  },
  {
    resource: 'creative',
    idField: 'creativeId',
    edge: 'adcreatives',
    fields:
      'id,name,status,object_type,object_story_spec,effective_object_story_id,call_to_action_type,thumbnail_url,image_hash,image_url,video_id',
    update: [{ name: 'New' }, { name: 'New' }],
  },
  {
    resource: 'customAudience',
    idField: 'audienceId',
    edge: 'customaudiences',
    fields:
      'id,name,description,subtype,customer_file_source,approximate_count_lower_bound,approximate_count_upper_bound,operation_status,delivery_status,time_created,time_updated',
    update: [{ description: 'Of May' }, { description: 'Of May' }],
  },
];

const commonOf = ({ resource, idField, edge, fields, update }: Kind): OperationCase[] => {
  const one = { resource, [idField]: id('120210') };
  return [
    {
      name: `${resource}: get`,
      parameters: { ...one, operation: 'get' },
      ...called('GET', '/120210', { query: { fields }, answer: { id: '120210', name: 'A' } }),
      gives: [{ id: '120210', name: 'A' }],
    },
    {
      name: `${resource}: get with chosen fields`,
      parameters: { ...one, operation: 'get', options: { fields: 'id,name' } },
      ...called('GET', '/120210', { query: { fields: 'id,name' }, answer: { id: '120210', name: 'A' } }),
      gives: [{ id: '120210', name: 'A' }],
    },
    {
      name: `${resource}: get many, over two pages up to the limit`,
      parameters: { resource, operation: 'getAll', adAccountId, returnAll: false, limit: 3 },
      answers: [
        { method: 'GET', path: `${ACCOUNT}/${edge}`, body: page([{ id: '1' }, { id: '2' }], 'Mg==') },
        { method: 'GET', path: `${ACCOUNT}/${edge}`, body: page([{ id: '3' }, { id: '4' }], 'NA==') },
      ],
      asks: [
        { method: 'GET', path: `${ACCOUNT}/${edge}`, query: { fields, limit: '3' } },
        { method: 'GET', path: `${ACCOUNT}/${edge}`, query: { fields, limit: '1', after: 'Mg==' } },
      ],
      gives: [{ id: '1' }, { id: '2' }, { id: '3' }],
    },
    {
      name: `${resource}: update`,
      parameters: { ...one, operation: 'update', updateFields: update[0] } as OperationCase['parameters'],
      ...called('POST', '/120210', { body: update[1], answer: { success: true } }),
      gives: [{ success: true }],
    },
    {
      name: `${resource}: delete`,
      parameters: { ...one, operation: 'delete' },
      ...called('DELETE', '/120210', { answer: { success: true } }),
      gives: [{ success: true }],
    },
  ];
};

const made = { id: '120299' };
const creating = (resource: string, parameters: object, edge: string, body: unknown) => ({
  parameters: { resource, operation: 'create', adAccountId, ...parameters },
  ...called('POST', `${ACCOUNT}/${edge}`, { body, answer: made }),
  gives: [made],
});

const adSet = {
  campaignId: id('120210'),
  name: 'Germans',
  optimizationGoal: 'OFFSITE_CONVERSIONS',
  billingEvent: 'IMPRESSIONS',
  status: 'PAUSED',
};
const adSetBody = {
  campaign_id: '120210',
  name: 'Germans',
  optimization_goal: 'OFFSITE_CONVERSIONS',
  billing_event: 'IMPRESSIONS',
  status: 'PAUSED',
};
const PNG = Buffer.from('iVBORw0KGgo=', 'base64');

export const objectCases: OperationCase[] = [
  ...KINDS.flatMap(commonOf),
  {
    name: 'ad account: get, its number without act_',
    parameters: { resource: 'adAccount', operation: 'get', adAccountId: id('900000000000001') },
    ...called('GET', ACCOUNT, {
      query: {
        fields:
          'id,account_id,name,account_status,currency,timezone_name,amount_spent,balance,spend_cap,business',
      },
      answer: { id: 'act_900000000000001', currency: 'EUR' },
    }),
    gives: [{ id: 'act_900000000000001', currency: 'EUR' }],
  },
  {
    name: 'ad account: get by the address of Ads Manager',
    parameters: {
      resource: 'adAccount',
      operation: 'get',
      adAccountId: {
        __rl: true,
        mode: 'url',
        value:
          'https://adsmanager.facebook.com/adsmanager/manage/campaigns?business_id=1&act=900000000000001',
        __regex: 'https:\\/\\/[^/]*facebook\\.com\\/.*[?&]act=(\\d+)',
      },
      options: { fields: 'id' },
    },
    ...called('GET', ACCOUNT, { query: { fields: 'id' }, answer: { id: 'act_900000000000001' } }),
    gives: [{ id: 'act_900000000000001' }],
  },
  {
    name: 'ad account: get many',
    parameters: { resource: 'adAccount', operation: 'getAll', returnAll: true, options: { fields: 'id' } },
    asks: [{ method: 'GET', path: '/me/adaccounts', query: { fields: 'id', limit: '100' } }],
    gives: [{ account_id: '900000000000001', id: 'act_900000000000001' }],
  },
  {
    name: 'campaign: get many that are paused, by name',
    parameters: {
      resource: 'campaign',
      operation: 'getAll',
      adAccountId,
      limit: 1,
      options: { fields: 'id', effectiveStatus: ['PAUSED', 'ARCHIVED'], nameContains: 'May' },
    },
    ...called('GET', `${ACCOUNT}/campaigns`, {
      query: {
        fields: 'id',
        effective_status: '["PAUSED","ARCHIVED"]',
        filtering: '[{"field":"campaign.name","operator":"CONTAIN","value":"May"}]',
        limit: '1',
      },
      answer: page([{ id: '1' }]),
    }),
    gives: [{ id: '1' }],
  },
  {
    name: 'campaign: create, without a budget of its own',
    ...creating(
      'campaign',
      { name: 'May', objective: 'OUTCOME_SALES', specialAdCategories: [], status: 'PAUSED' },
      'campaigns',
      {
        is_adset_budget_sharing_enabled: false,
        name: 'May',
        objective: 'OUTCOME_SALES',
        special_ad_categories: [],
        status: 'PAUSED',
      },
    ),
  },
  {
    name: 'campaign: create, with a budget',
    ...creating(
      'campaign',
      {
        name: 'Flats',
        objective: 'OUTCOME_LEADS',
        specialAdCategories: ['HOUSING'],
        status: 'ACTIVE',
        additionalFields: {
          dailyBudget: 5000,
          bidStrategy: 'COST_CAP',
          specialAdCategoryCountry: ['US', 'CA'],
          startTime: '2026-05-01T08:00:00+02:00',
        },
      },
      'campaigns',
      {
        name: 'Flats',
        objective: 'OUTCOME_LEADS',
        special_ad_categories: ['HOUSING'],
        status: 'ACTIVE',
        daily_budget: 5000,
        bid_strategy: 'COST_CAP',
        special_ad_category_country: ['US', 'CA'],
        start_time: '2026-05-01T06:00:00+0000',
      },
    ),
  },
  {
    name: 'ad set: create, targeting by fields',
    ...creating(
      'adSet',
      {
        ...adSet,
        targetingMode: 'fields',
        countries: 'de, AT',
        audience: {
          ageMin: 25,
          genders: [2],
          customAudiences: ['55'],
          excludedAudiences: ['66'],
          platforms: ['instagram'],
        },
        additionalFields: {
          promotedObject: '{"pixel_id": "1", "custom_event_type": "PURCHASE"}',
          dailyBudget: 1000,
        },
      },
      'adsets',
      {
        ...adSetBody,
        promoted_object: { pixel_id: '1', custom_event_type: 'PURCHASE' },
        daily_budget: 1000,
        targeting: {
          geo_locations: { countries: ['DE', 'AT'] },
          age_min: 25,
          genders: [2],
          custom_audiences: [{ id: '55' }],
          excluded_custom_audiences: [{ id: '66' }],
          publisher_platforms: ['instagram'],
          targeting_automation: { advantage_audience: 0 },
        },
      },
    ),
  },
  {
    name: 'ad set: create, targeting in JSON',
    ...creating(
      'adSet',
      { ...adSet, targetingMode: 'json', targetingJson: '{"geo_locations": {"countries": ["US"]}}' },
      'adsets',
      { ...adSetBody, targeting: { geo_locations: { countries: ['US'] } } },
    ),
  },
  ...(
    [
      ['a country by its name', { countries: 'Germany' }, '“GERMANY” is no code of a country'],
      ['no country', { countries: ' ' }, '“Countries” is empty'],
      ['no JSON', { targetingMode: 'json', targetingJson: '{geo' }, '“Targeting (JSON)” is not valid JSON'],
      ['no campaign', { countries: 'DE', campaignId: id(' ') }, '“Campaign” is empty'],
    ] as const
  ).map(([what, parameters, message]): OperationCase => ({
    name: `ad set: create with ${what}`,
    parameters: {
      resource: 'adSet',
      operation: 'create',
      adAccountId,
      ...adSet,
      targetingMode: 'fields',
      ...parameters,
    },
    asks: [],
    fails: { message },
  })),
  {
    name: 'ad: create',
    ...creating('ad', { adSetId: id('5'), creativeId: id('7'), name: 'Spring', status: 'PAUSED' }, 'ads', {
      adset_id: '5',
      creative: { creative_id: '7' },
      name: 'Spring',
      status: 'PAUSED',
    }),
  },
  {
    name: 'creative: create of a link',
    ...creating(
      'creative',
      {
        name: 'Offer',
        contentFrom: 'link',
        pageId: '11',
        link: 'https://example.com',
        message: 'Only today',
        linkOptions: { imageHash: 'abc', headline: 'Half price', callToAction: 'SHOP_NOW' },
        additionalFields: { urlTags: 'utm_source=fb' },
      },
      'adcreatives',
      {
        name: 'Offer',
        object_story_spec: {
          page_id: '11',
          link_data: {
            link: 'https://example.com',
            message: 'Only today',
            image_hash: 'abc',
            name: 'Half price',
            call_to_action: { type: 'SHOP_NOW' },
          },
        },
        url_tags: 'utm_source=fb',
      },
    ),
  },
  {
    name: 'creative: create of an existing post',
    ...creating('creative', { name: 'Post', contentFrom: 'post', postId: '11_22' }, 'adcreatives', {
      name: 'Post',
      object_story_id: '11_22',
    }),
  },
  {
    name: 'creative: create of a spec in JSON',
    ...creating(
      'creative',
      { name: 'Video', contentFrom: 'json', objectStorySpec: '{"page_id": "11", "video_data": {}}' },
      'adcreatives',
      { name: 'Video', object_story_spec: { page_id: '11', video_data: {} } },
    ),
  },
  {
    name: 'creative: upload an image',
    parameters: { resource: 'creative', operation: 'uploadImage', adAccountId, binaryField: 'data' },
    items: [{ json: {}, binary: { data: binary(PNG, 'cat.png', 'image/png') } }],
    ...called('POST', `${ACCOUNT}/adimages`, {
      body: { bytes: PNG.toString('base64'), name: 'cat.png' },
      answer: { images: { 'cat.png': { hash: '0263', url: 'https://scontent.example/cat.png' } } },
    }),
    gives: [{ name: 'cat.png', hash: '0263', url: 'https://scontent.example/cat.png' }],
    items_: (items) => expect(items[0]?.pairedItem).toEqual({ item: 0 }),
  },
  {
    name: 'creative: upload what is no image',
    parameters: { resource: 'creative', operation: 'uploadImage', adAccountId, binaryField: 'data' },
    items: [{ json: {}, binary: { data: binary('a,b', 'list.csv', 'text/csv') } }],
    asks: [],
    fails: { message: 'The file in “data” is no image but text/csv' },
  },
  {
    name: 'campaign: get with an empty ID asks nobody',
    parameters: { resource: 'campaign', operation: 'get', campaignId: id(' ') },
    asks: [],
    fails: { message: '“Campaign” is empty', description: /check the expression/ },
  },
  {
    name: 'campaign: get one that is not there',
    parameters: { resource: 'campaign', operation: 'get', campaignId: id('1'), options: { fields: 'id' } },
    answers: [
      {
        method: 'GET',
        path: '/1',
        status: 400,
        body: refused(100, "Unsupported get request. Object with ID '1' does not exist", {
          error_subcode: 33,
        }),
      },
    ],
    asks: [{ method: 'GET', path: '/1', query: { fields: 'id' } }],
    fails: {
      message: "Unsupported get request. Object with ID '1' does not exist",
      description: /no role in/,
      httpCode: '400',
    },
  },
  {
    name: 'campaign: create refused in words for people',
    parameters: {
      resource: 'campaign',
      operation: 'create',
      adAccountId,
      name: 'A',
      objective: 'OUTCOME_SALES',
      specialAdCategories: [],
      status: 'PAUSED',
      additionalFields: { dailyBudget: 1 },
    },
    answers: [
      {
        method: 'POST',
        path: `${ACCOUNT}/campaigns`,
        status: 400,
        body: refused(100, 'Invalid parameter', {
          error_subcode: 1885272,
          error_user_title: 'Budget is too low',
          error_user_msg: 'Your budget must be at least $1.00.',
        }),
      },
    ],
    asks: [
      {
        method: 'POST',
        path: `${ACCOUNT}/campaigns`,
        body: {
          json: {
            name: 'A',
            objective: 'OUTCOME_SALES',
            special_ad_categories: [],
            status: 'PAUSED',
            daily_budget: 1,
          },
        },
      },
    ],
    fails: { message: 'Budget is too low: Your budget must be at least $1.00.' },
  },
];
