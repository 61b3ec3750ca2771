import { expect, it } from 'vitest';
import { describeOperations, WAYS, type Bench, type OperationCase } from './operations.ts';
import { ACCOUNT, adAccountId, id, page, proven, refused } from './meta-ads/answers.ts';
import { audienceCases } from './meta-ads/audiences.ts';
import { insightCases } from './meta-ads/insights.ts';
import { objectCases } from './meta-ads/objects.ts';

const paged = { resource: 'campaign', operation: 'getAll', adAccountId, options: { fields: 'id' } };
const CAMPAIGNS = `${ACCOUNT}/campaigns`;
const asksCampaigns = { method: 'GET', path: CAMPAIGNS, query: { fields: 'id', limit: '1' } };
const tooFast = (minutes?: number) => ({
  method: 'GET',
  path: CAMPAIGNS,
  status: 400,
  headers:
    minutes === undefined
      ? { 'retry-after': '0' }
      : {
          'x-business-use-case-usage': JSON.stringify({
            '1': [{ type: 'ads_management', estimated_time_to_regain_access: minutes }],
          }),
        },
  body: refused(80004, 'There have been too many calls to this ad-account.', { error_subcode: 2446079 }),
});

const LINK =
  'https://graph.facebook.com/v26.0/act_1/ads?access_token=SECRET&appsecret_proof=PROOF&limit=25&after=Mg==';
const linked = { data: [{ id: '1' }], paging: { cursors: { after: 'Mg==' }, next: LINK } };
const SAFE = 'https://graph.facebook.com/v26.0/act_1/ads?limit=25&after=Mg==';
const call = {
  resource: 'customApiCall',
  operation: 'call',
  method: 'GET',
  path: '/act_1/ads',
  query: {},
  headers: {},
};
const safe = { ...linked, paging: { ...linked.paging, next: SAFE } };

const secretCases: OperationCase[] = [
  {
    name: 'custom API call: links to other pages come without the token in them',
    parameters: { ...call, options: {} },
    answers: [{ method: 'GET', path: '/act_1/ads', body: linked }],
    asks: [{ method: 'GET', path: '/act_1/ads' }],
    gives: [safe],
  },
  {
    name: 'custom API call: neither are they in an answer put out as a file',
    parameters: { ...call, options: { binaryField: 'data' } },
    answers: [{ method: 'GET', path: '/act_1/ads', body: linked }],
    asks: [{ method: 'GET', path: '/act_1/ads' }],
    gives: [{}],
    items_: ([item]) =>
      expect(JSON.parse(Buffer.from(item?.binary?.['data']?.data ?? '', 'base64').toString())).toEqual(safe),
  },
  {
    name: 'campaign: get with its ads comes without the token in the links',
    parameters: {
      resource: 'campaign',
      operation: 'get',
      campaignId: id('9'),
      options: { fields: 'ads{id}' },
    },
    answers: [{ method: 'GET', path: '/9', body: { id: '9', ads: linked } }],
    asks: [{ method: 'GET', path: '/9', query: { fields: 'ads{id}' } }],
    gives: [{ id: '9', ads: safe }],
  },
  {
    name: 'campaign: get many with their ads come without the token in the links',
    parameters: { ...paged, limit: 1, options: { fields: 'ads{id}' } },
    answers: [{ method: 'GET', path: CAMPAIGNS, body: { data: [{ id: '9', ads: linked }] } }],
    asks: [{ method: 'GET', path: CAMPAIGNS, query: { fields: 'ads{id}', limit: '1' } }],
    gives: [{ id: '9', ads: safe }],
  },
];

const limits: OperationCase[] = [
  {
    name: 'too many calls: the node waits and asks again where it is set to retry',
    parameters: { ...paged, limit: 1 },
    settings: { retryOnFail: true, maxTries: 2 },
    answers: [tooFast(), { method: 'GET', path: CAMPAIGNS, body: page([{ id: '1' }]) }],
    asks: [asksCampaigns, asksCampaigns],
    gives: [{ id: '1' }],
  },
  {
    name: 'too many calls: it is said, and for how long',
    parameters: { ...paged, limit: 1 },
    answers: [tooFast(7)],
    asks: [asksCampaigns],
    fails: {
      message: 'There have been too many calls to this ad-account.',
      description: /wants to be left alone for 420 s.*Retry On Fail/,
    },
  },
  {
    name: 'a permission that is missing',
    parameters: { ...paged, limit: 1 },
    answers: [
      {
        method: 'GET',
        path: CAMPAIGNS,
        status: 403,
        body: refused(200, '(#200) Ad account owner has NOT grant ads_management or ads_read permission'),
      },
    ],
    asks: [asksCampaigns],
    fails: { message: /has NOT grant/, description: /no role in this ad account/, httpCode: '403' },
  },
  ...secretCases,
  {
    name: 'custom API call',
    parameters: {
      resource: 'customApiCall',
      operation: 'call',
      method: 'GET',
      path: '/me',
      query: { pairs: [{ name: 'fields', value: 'id,name' }] },
      headers: {},
      options: {},
    },
    asks: [{ method: 'GET', path: '/me', query: { fields: 'id,name' } }],
    gives: [{ id: '122000000000001', name: 'Sandbox One' }],
  },
];

describeOperations(
  { node: 'hubMetaAds', integrationId: 'meta-ads' },
  proven([...objectCases, ...insightCases, ...audienceCases, ...limits]),
  more,
);

function more(bench: Bench): void {
  it.each(WAYS)('lists what there is to choose from, by %s', async (way) => {
    expect(await bench.search(way, 'searchAdAccounts')).toEqual([
      { name: 'act_900000000000001', value: 'act_900000000000001' },
    ]);
    const inAccount = { resource: 'campaign', operation: 'get', adAccountId };
    for (const [method, edge, field] of [
      ['searchCampaigns', 'campaigns', 'campaign.name'],
      ['searchAdSets', 'adsets', 'adset.name'],
      ['searchAds', 'ads', 'ad.name'],
    ] as const) {
      await bench.script([
        { method: 'GET', path: `${ACCOUNT}/${edge}`, body: { data: [{ id: '1', name: 'May sale' }] } },
      ]);
      expect(await bench.search(way, method, inAccount, 'may')).toEqual([{ name: 'May sale', value: '1' }]);
      expect((await bench.asked())[0]?.query).toMatchObject({
        filtering: JSON.stringify([{ field, operator: 'CONTAIN', value: 'may' }]),
      });
    }
    for (const [method, edge] of [
      ['searchCreatives', 'adcreatives'],
      ['searchAudiences', 'customaudiences'],
    ] as const) {
      const data = [
        { id: '1', name: 'May' },
        { id: '2', name: 'June' },
      ];
      await bench.script([{ method: 'GET', path: `${ACCOUNT}/${edge}`, body: { data } }]);
      expect(await bench.search(way, method, inAccount, 'jun')).toEqual([{ name: 'June', value: '2' }]);
    }
    const audiences = [page([{ id: '2', name: 'Zoo' }], 'x'), page([{ id: '1', name: 'Art' }])];
    await bench.script(
      audiences.map((body) => ({ method: 'GET', path: `${ACCOUNT}/customaudiences`, body })),
    );
    expect(await bench.options(way, 'getCustomAudiences', inAccount)).toEqual([
      { name: 'Art', value: '1' },
      { name: 'Zoo', value: '2' },
    ]);
  });

  it('says that an ad account is needed to list what is in it', async () => {
    await expect(bench.search('apiKey', 'searchCampaigns', { adAccountId: id('') })).rejects.toThrow(
      /Choose an ad account first/,
    );
  });

  it('lists the connections of a key', async () => {
    expect(await bench.search('apiKey', 'searchConnections')).toMatchObject([
      { name: 'Meta Ads (Sandbox One)', value: bench.connectionId() },
    ]);
  });

  it.each(WAYS)(
    'one item of two fails and the other comes out, with Continue On Fail, by %s',
    async (way) => {
      await bench.script([
        { method: 'GET', path: '/1', status: 400, body: refused(100, 'No such campaign') },
        { method: 'GET', path: '/2', body: { id: '2' } },
      ]);
      const { items } = await bench.run(way, {
        parameters: { resource: 'campaign', operation: 'get', campaignId: id('={{ $json.id }}') },
        items: [{ json: { id: '1' } }, { json: { id: '2' } }],
        settings: { onError: 'continueRegularOutput', continueOnFail: true },
      });
      expect(items).toHaveLength(2);
      expect(items[0]?.json['error']).toContain('No such campaign');
      expect(items[1]?.json).toEqual({ id: '2' });
    },
  );

  it.each(WAYS)('a token that dies between two pages ends with how to reconnect, by %s', async (way) => {
    const dead = refused(190, 'Error validating access token: Session has expired.', { error_subcode: 463 });
    await bench.script([
      { method: 'GET', path: CAMPAIGNS, body: page([{ id: '1' }], 'Mg==') },
      { method: 'GET', path: CAMPAIGNS, status: 400, body: dead },
    ]);
    const { error, items } = await bench.run(way, { parameters: { ...paged, returnAll: true } });
    expect(items).toEqual([]);
    // n8n asks the hub for a newer token first; the test's handle is nobody's.
    expect(error?.message).toBe(
      way === 'apiKey'
        ? 'The connection to Meta Ads needs to be reconnected'
        : 'The hub did not renew the connection to Meta Ads',
    );
    expect(error?.description).toContain(`/connections/${bench.connectionId()}/reconnect`);
  });
}
