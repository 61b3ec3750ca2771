import { expect, it } from 'vitest';
import { integration } from '../../integrations/google-ads.ts';
import { nodeType } from '../setup/n8n.ts';
import { asksPost, CUSTOMER, customerId, id, NAME, posted, refusal, SEARCH } from './google-ads/answers.ts';
import { changingCases } from './google-ads/changing.ts';
import { readingCases } from './google-ads/reading.ts';
import { uploadCases } from './google-ads/uploads.ts';
import { describeOperations, WAYS, type Bench, type OperationCase } from './operations.ts';

const QUERY = {
  resource: 'query',
  operation: 'search',
  customerId,
  query: 'SELECT campaign.id FROM campaign',
};
const asksOne = asksPost(SEARCH, { query: 'SELECT campaign.id FROM campaign LIMIT 1' });
const exhausted = (retryDelay: string) => ({
  ...posted(
    SEARCH,
    {
      error: {
        code: 429,
        message: 'Resource has been exhausted (e.g. check quota).',
        status: 'RESOURCE_EXHAUSTED',
        details: [
          {
            errors: [
              {
                errorCode: { quotaError: 'RESOURCE_EXHAUSTED' },
                message: 'Too many requests. Retry in a while.',
                details: { quotaErrorDetails: { rateScope: 'DEVELOPER', retryDelay } },
              },
            ],
          },
        ],
      },
    },
    429,
  ),
});

const limits: OperationCase[] = [
  {
    name: 'the manager account of the connection is the way where no other is named',
    parameters: { ...QUERY, limit: 1 },
    answers: [posted(SEARCH, { results: [] })],
    asks: [{ ...asksOne, headers: { 'login-customer-id': '5556667777' } }],
    gives: [],
  },
  {
    name: 'too many calls: the node waits as long as it is told and asks again, where it is set to retry',
    parameters: { ...QUERY, limit: 1 },
    settings: { retryOnFail: true, maxTries: 2 },
    answers: [exhausted('0s'), posted(SEARCH, { results: [{ campaign: { id: '1' } }] })],
    asks: [asksOne, asksOne],
    gives: [{ campaign: { id: '1' } }],
  },
  {
    name: 'too many calls: it is said, and for how long',
    parameters: { ...QUERY, limit: 1 },
    answers: [exhausted('42s')],
    asks: [asksOne],
    fails: {
      message: 'Too many requests. Retry in a while.',
      description: /left alone for 42 s.*Retry On Fail/,
      httpCode: '429',
    },
  },
  {
    name: 'a version that Google has ended',
    parameters: { ...QUERY, limit: 1 },
    answers: [
      posted(
        SEARCH,
        refusal(400, 'INVALID_ARGUMENT', {
          word: 'UNSUPPORTED_VERSION',
          message: 'Version v24 is deprecated.',
        }),
        400,
      ),
    ],
    asks: [asksOne],
    fails: { message: /v24 is deprecated/, description: /API Version/ },
  },
];

describeOperations(
  // Calls go through this manager, unless an operation names another.
  { node: 'hubGoogleAds', integrationId: 'google-ads', config: { loginCustomerId: '555-666-7777' } },
  [...readingCases, ...changingCases, ...uploadCases, ...limits],
  more,
);

function more(bench: Bench): void {
  const inCustomer = { resource: 'campaign', operation: 'get', customerId };

  it('asks the version of the API that the integration asks', async () => {
    const { properties } = (await nodeType('hubGoogleAds')).description;
    const versions = properties
      .filter(({ name }) => name === 'options')
      .flatMap(({ options = [] }) => options)
      .filter(({ name }) => name === 'apiVersion')
      .map((option) => (option as { default?: unknown }).default);
    const settings = integration.configSchema['properties'] as { apiVersion: { default: string } };
    expect(new Set(versions)).toEqual(new Set([settings.apiVersion.default]));
  });

  it.each(WAYS)('lists accounts by name, those below managers too, by %s', async (way) => {
    const clients = [
      { customerClient: { id: '1000000001', descriptiveName: 'Agency', manager: true } },
      { customerClient: { id: '3000000003', descriptiveName: 'Shop', manager: false } },
    ];
    const closed = refusal(403, 'PERMISSION_DENIED', {
      word: 'CUSTOMER_NOT_ENABLED',
      message: 'The account is not enabled.',
    });
    await bench.script([
      posted(SEARCH, { results: clients }),
      { method: 'POST', path: '/v24/customers/1000000011/googleAds:search', status: 403, body: closed },
    ]);
    expect(await bench.search(way, 'searchCustomers')).toEqual([
      { name: '100-000-0011', value: '1000000011' },
      { name: 'Agency (100-000-0001) – manager', value: '1000000001' },
      { name: 'Shop (300-000-0003)', value: '3000000003' },
    ]);
    const [, first] = await bench.asked();
    expect(first).toMatchObject({ headers: { 'login-customer-id': '1000000001' } });
  });

  it.each(WAYS)('lists what a customer has to choose from, by %s', async (way) => {
    const lists = [
      ['searchCampaigns', 'campaigns', { campaign: { name: 'May 50%' } }, /campaign\.name LIKE '%50\[%\]%'/],
      ['searchAdGroups', 'adGroups', { adGroup: { name: 'May 50%' } }, /ad_group\.name LIKE/],
      ['searchBudgets', 'campaignBudgets', { campaignBudget: { name: 'May 50%' } }, /campaign_budget\.name/],
      ['searchCustomerLists', 'userLists', { userList: { name: 'May 50%' } }, /'CRM_BASED'/],
      [
        'searchConversionActions',
        'conversionActions',
        { conversionAction: { name: 'May 50%' } },
        /'UPLOAD_CLICKS'/,
      ],
      [
        'searchKeywords',
        'adGroupCriteria',
        { adGroupCriterion: { keyword: { text: 'May 50%' } } },
        /ad_group_criterion\.keyword\.text LIKE/,
      ],
    ] as const;
    for (const [method, collection, row, query] of lists) {
      const named = Object.fromEntries(
        Object.entries(row).map(([name, thing]) => [
          name,
          { resourceName: `${NAME}/${collection}/5~8`, ...thing },
        ]),
      );
      await bench.script([posted(SEARCH, { results: [named] })]);
      expect(await bench.search(way, method, inCustomer, '50%')).toEqual([{ name: 'May 50%', value: '5~8' }]);
      const [asked] = await bench.asked();
      expect((asked?.body as { json: { query: string } }).json.query).toMatch(query);
    }
    const ad = (name: string) => ({
      adGroupAd: {
        resourceName: `${NAME}/adGroupAds/5~${name.length}`,
        ad: { id: '7', responsiveSearchAd: { headlines: [{ text: name }] } },
      },
    });
    await bench.script([posted(SEARCH, { results: [ad('Half price'), ad('New')] })]);
    expect(await bench.search(way, 'searchAds', inCustomer, 'half')).toEqual([
      { name: 'Half price', value: '5~10' },
    ]);
  });

  it('says that a customer is needed to list what it has', async () => {
    await expect(
      bench.search('apiKey', 'searchCampaigns', { ...inCustomer, customerId: id('') }),
    ).rejects.toThrow(/Choose a customer first/);
  });

  it('lists the connections of a key', async () => {
    expect(await bench.search('apiKey', 'searchConnections')).toMatchObject([
      { value: bench.connectionId() },
    ]);
  });

  it('what is said with a 401 about the account is told, and is no matter of the token', async () => {
    const answer = posted(
      SEARCH,
      refusal(401, 'UNAUTHENTICATED', {
        word: 'NOT_ADS_USER',
        group: 'authenticationError',
        message: 'The account is not associated with any Ads accounts.',
      }),
      401,
    );
    await bench.script([answer]);
    const { error } = await bench.run('apiKey', { parameters: { ...QUERY, limit: 1 } });
    expect(error?.message).toContain('not associated with any Ads accounts');
    expect(error?.description).toContain('Connect another one');
  });

  it('a token that dies between two pages is renewed, and no page is lost', async () => {
    const path = CUSTOMER + SEARCH;
    await bench.script([
      posted(SEARCH, { results: [{ campaign: { id: '1' } }], nextPageToken: 'x' }),
      {
        method: 'POST',
        path,
        status: 401,
        body: refusal(401, 'UNAUTHENTICATED', {
          word: 'OAUTH_TOKEN_EXPIRED',
          group: 'authenticationError',
          message: 'OAuth token with which the request is made has expired.',
        }),
      },
      posted(SEARCH, { results: [{ campaign: { id: '2' } }] }),
    ]);
    const { json, error } = await bench.run('apiKey', { parameters: { ...QUERY, returnAll: true } });
    expect(error).toBeNull();
    expect(json).toEqual([{ campaign: { id: '1' } }, { campaign: { id: '2' } }]);
  });
}
