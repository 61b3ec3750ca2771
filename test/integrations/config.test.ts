import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue, integrationOf, oauthOf, setupOf } from './connected.ts';

const accepts = (id: string, config: unknown) => catalogue.validateConfig(integrationOf(id), config).ok;

// What has fooled host checks before: other hosts, userinfo, fragments, line ends, look-alikes, encodings.
const ATTACKS = [
  ...['evil.com#.salesforce.com', 'evil.com/.my.salesforce.com', 'evil.com?.my.salesforce.com'],
  ...['login.salesforce.com.evil.com', 'evil.com', 'evilsalesforce.com', 'my.salesforce.com.evil.com'],
  ...['a@login.salesforce.com', 'login.salesforce.com@evil.com', 'login.salesforce.com:8443'],
  ...[
    'login.salesforce.com\n',
    '\nlogin.salesforce.com',
    'evil.com\nlogin.salesforce.com',
    'login.salesforce.com\r\nX: y',
  ],
  ...[
    'login.salesforce.com.',
    '.my.salesforce.com',
    'a..my.salesforce.com',
    '-a.my.salesforce.com',
    'a-.my.salesforce.com',
  ],
  ...[
    'LOGIN.SALESFORCE.COM',
    'ａcme.my.salesforce.com',
    'acme.my.ſalesforce.com',
    'acme。my.salesforce.com',
    'acme.my.salesforce.com\u200b',
  ],
  ...[
    'https://login.salesforce.com',
    '//login.salesforce.com',
    'login.salesforce.com/',
    'login.salesforce.com/../x',
  ],
  ...[
    'evil.com%23.my.salesforce.com',
    'evil.com\\.my.salesforce.com',
    'a b.my.salesforce.com',
    '',
    ' ',
    '*.my.salesforce.com',
  ],
  ...['127.0.0.1', '[::1]', 'localhost', `${'a'.repeat(64)}.my.salesforce.com`, 'a.b.c.my.salesforce.com'],
];

describe("Salesforce's domain", () => {
  test.each([
    'login.salesforce.com',
    'test.salesforce.com',
    'acme.my.salesforce.com',
    'acme--dev.sandbox.my.salesforce.com',
    'acme-dev-ed.develop.my.salesforce.com',
  ])('%s is taken', (domain) => {
    expect(accepts('salesforce', { domain })).toBe(true);
  });

  test.each(ATTACKS)('%j is refused', (domain) => {
    expect(accepts('salesforce', { domain })).toBe(false);
  });

  test("never lets the app's secret go to another host, whatever is typed", () => {
    const piece = fc.constantFrom(
      'login',
      'my',
      '.',
      'salesforce.com',
      'evil.com',
      '#',
      '/',
      '@',
      ':',
      '\n',
      '%2e',
      'a',
      '-',
      '..',
    );
    const typed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join('')),
      fc
        .tuple(fc.string(), fc.constantFrom('.my.salesforce.com', 'login.salesforce.com'))
        .map((pair) => pair.join('')),
    );
    fc.assert(
      fc.property(typed, (domain) => {
        if (!accepts('salesforce', { domain })) return;
        const url = new URL(oauthOf('salesforce').tokenUrl(setupOf('salesforce', { config: { domain } })));
        expect(url.hostname).toMatch(/\.salesforce\.com$/);
        expect(url.host).toBe(domain);
        expect(url.pathname).toBe('/services/oauth2/token');
      }),
      { numRuns: 1000 },
    );
  });
});

describe("Outlook's tenant", () => {
  test.each([
    ...['common', 'organizations', 'consumers', 'contoso.onmicrosoft.com', 'contoso.co.uk'],
    '72f988bf-86f1-41af-91ab-2d7cd011db47',
  ])('%s is taken', (tenant) => {
    expect(accepts('outlook', { tenant })).toBe(true);
  });

  test.each([
    ...[
      '..',
      'common/..',
      '../evil',
      'common/oauth2',
      'contoso.com/x',
      'contoso.com?x',
      'contoso.com#x',
      '@evil.com',
    ],
    ...[
      'contoso.com\n',
      'contoso.com.',
      '%2e%2e',
      'Common',
      '',
      'contoso',
      '72f988bf',
      'cöntoso.com',
      'a@b.com',
      '.com',
    ],
  ])('%j is refused', (tenant) => {
    expect(accepts('outlook', { tenant })).toBe(false);
  });

  test('stays one segment of the path, whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain()), (tenant) => {
        if (!accepts('outlook', { tenant })) return;
        const url = new URL(oauthOf('outlook').tokenUrl(setupOf('outlook', { config: { tenant } })));
        expect(url.href).toBe(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`);
      }),
      { numRuns: 500 },
    );
  });
});

describe('other configuration', () => {
  test.each<[string, object]>([
    ['salesforce', { apiVersion: 'v66.0', sessionMinutes: 15 }],
    ['google-ads', { apiVersion: 'v23', customerId: '123-456-7890', loginCustomerId: '1234567890' }],
    ['gohighlevel', { userType: 'Company', companyId: 'c', locationId: 'l', apiVersion: '2021-04-15' }],
    ['meta-ads', { adAccountId: 'act_123', apiVersion: 'v25.0' }],
    ['meta-ads', { adAccountId: '123' }],
    ['discord', { guildId: '197038439483310086' }],
    ['slack', { team: 'T012AB3C4', userScopes: ['search:read'] }],
    ['hubspot', { optionalScopes: ['crm.objects.custom.read'] }],
  ])('of %s may be %j', (id, config) => {
    expect(accepts(id, config)).toBe(true);
  });

  test.each<[string, object]>([
    ['salesforce', { apiVersion: 'v66.0/../x' }],
    ['salesforce', { sessionMinutes: 1 }],
    ['salesforce', { sessionMinutes: '120' }],
    ['google-ads', { apiVersion: 'v23/customers' }],
    ['google-ads', { customerId: '123-4567-890' }],
    ['google-ads', { loginCustomerId: '1234567890\r\nx: y' }],
    ['gohighlevel', { userType: 'location' }],
    ['gohighlevel', { locationId: '../companies/1' }],
    ['gohighlevel', { apiVersion: '2021-04-15\r\nx: y' }],
    ['meta-ads', { adAccountId: 'act_1/..' }],
    ['meta-ads', { apiVersion: 'v25' }],
    ['discord', { guildId: '1&x=y' }],
    ['slack', { userScopes: ['chat:write,admin'] }],
    ['hubspot', { optionalScopes: ['a b'] }],
    ['gmail', { anything: true }],
  ])('of %s may not be %j', (id, config) => {
    expect(accepts(id, config)).toBe(false);
  });
});
