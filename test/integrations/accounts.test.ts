import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../integrations/definition/integration.ts';
import { catalogue, connected, integrationOf } from './connected.ts';

type Row = [id: string, body: unknown, account: Account | null, tokenAnswer?: Record<string, unknown>];

const ORG = '00D1t000000bQmmEAE';
const USER = '0051t000002bNYYAA2';

const ROWS: Row[] = [
  ['gohighlevel', { location: { id: 'loc1', name: 'Bright Dental' } }, { id: 'loc1', name: 'Bright Dental' }],
  ['gohighlevel', { company: { id: 'com1', name: 'Agency' } }, { id: 'com1', name: 'Agency' }],
  ['gohighlevel', { locations: [{ _id: 'loc2', name: 'First' }] }, { id: 'loc2', name: 'First' }],
  [
    'salesforce',
    { user_id: USER, organization_id: ORG, preferred_username: 'ada@acme.example', name: 'Ada' },
    { id: `${ORG}/${USER}`, name: 'ada@acme.example' },
  ],
  [
    'salesforce',
    { email: 'ada@acme.example' },
    { id: `${ORG}/${USER}`, name: 'ada@acme.example' },
    { id: `https://login.salesforce.com/id/${ORG}/${USER}` },
  ],
  [
    'hubspot',
    { portalId: 62515, uiDomain: 'app.hubspot.com' },
    { id: '62515', name: 'acme.example (62515)' },
    { hub_domain: 'acme.example' },
  ],
  ['hubspot', { portalId: 62515 }, { id: '62515', name: 'HubSpot account 62515' }],
  [
    'gmail',
    { emailAddress: 'a@example.com', messagesTotal: 3 },
    { id: 'a@example.com', name: 'a@example.com' },
  ],
  [
    'google-drive',
    { user: { emailAddress: 'a@example.com', permissionId: '07', displayName: 'Ada' } },
    { id: '07', name: 'a@example.com' },
  ],
  ['google-drive', { user: { permissionId: '07', displayName: 'Ada' } }, { id: '07', name: 'Ada' }],
  ['google-ads', { resourceNames: ['customers/1234567890'] }, { id: '1234567890', name: '123-456-7890' }],
  ['google-ads', { resourceNames: [] }, null],
  [
    'outlook',
    { id: 'u1', mail: null, userPrincipalName: 'ada@contoso.com', displayName: 'Ada' },
    { id: 'u1', name: 'ada@contoso.com' },
  ],
  ['meta-ads', { id: '10158', name: 'Ada' }, { id: '10158', name: 'Ada' }],
  [
    'dropbox',
    { account_id: 'dbid:AA', name: { display_name: 'Ada' }, email: 'a@example.com' },
    { id: 'dbid:AA', name: 'a@example.com' },
  ],
  ['slack', { ok: true, team: 'Acme', team_id: 'T1', user: 'bot' }, { id: 'T1', name: 'Acme' }],
  [
    'discord',
    { id: '80351110224678912', username: 'nelly', global_name: 'Nelly' },
    { id: '80351110224678912', name: 'Nelly' },
  ],
  [
    'discord',
    { id: '80351110224678912', username: 'nelly', global_name: null },
    { id: '80351110224678912', name: 'nelly' },
  ],
];

describe('who is connected', () => {
  test.each(ROWS)('at %s, from %j', (id, body, account, tokenAnswer = {}) => {
    expect(integrationOf(id).account(body, connected(id, { answer: tokenAnswer }))).toEqual(account);
  });

  test('at Google Ads is the configured customer where the user can reach it', () => {
    const body = { resourceNames: ['customers/1111111111', 'customers/2222222222'] };
    const at = (customerId: string) =>
      integrationOf('google-ads').account(body, connected('google-ads', {}, { config: { customerId } }))?.id;
    expect(at('222-222-2222')).toBe('2222222222');
    expect(at('333-333-3333')).toBe('1111111111');
  });

  test.each(catalogue.list().map(({ id }) => id))('at %s is nobody where the answer names none', (id) => {
    for (const body of [{ sub: 'user-1' }, {}, [], null, 'text', 42])
      expect(integrationOf(id).account(body, connected(id))).toBeNull();
  });

  test.each(catalogue.list().map(({ id }) => id))('at %s never throws, whatever the answers hold', (id) => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (body, tokenAnswer) => {
        const account = integrationOf(id).account(body, connected(id, { answer: tokenAnswer }));
        if (account) expect([typeof account.id, typeof account.name]).toEqual(['string', 'string']);
      }),
      { numRuns: 100 },
    );
  });
});
