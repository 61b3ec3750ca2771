import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { OutgoingRequest } from '../../integrations/definition/integration.ts';
import {
  answer,
  catalogue,
  connected,
  connectedByKey,
  integrationOf,
  oauthOf,
  setupOf,
} from './connected.ts';

const all = catalogue.list().map((integration) => integration.id);
const hmac = (token: string, secret: string) => createHmac('sha256', secret).update(token).digest('hex');

/** `*.` stands for any one or more labels, as the hub's egress reads it. */
function isAllowed(hosts: readonly string[], url: string): boolean {
  const { hostname, protocol } = new URL(url);
  const fits = (host: string) =>
    host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host;
  return protocol === 'https:' && hosts.some(fits);
}

function absolute(id: string, request: OutgoingRequest): string {
  return request.url.startsWith('/')
    ? integrationOf(id).apiBaseUrl(connected(id)) + request.url
    : request.url;
}

describe.each(all)('%s, with an empty configuration,', (id) => {
  const integration = integrationOf(id);
  const oauth = oauthOf(id);

  test('sends credentials to its own hosts only', () => {
    const given = connected(id);
    const revocation = integration.revoke?.(given);
    const addresses = [
      oauth.tokenUrl(given),
      integration.apiBaseUrl(given),
      absolute(id, integration.probe(given)),
      ...(revocation ? [absolute(id, revocation)] : []),
    ];
    for (const address of addresses) expect(isAllowed(integration.hosts, address), address).toBe(true);
  });

  test('authorizes over https and asks for at least one scope', () => {
    expect(new URL(oauth.authorizeUrl(setupOf(id, {}))).protocol).toBe('https:');
    expect(oauth.scopes.length).toBeGreaterThan(0);
    for (const scope of oauth.scopes) expect(scope).not.toMatch(/[\s,]/);
  });

  test('puts no token or secret into the path or query of an address', () => {
    const given = connected(id);
    for (const request of [integration.probe(given), integration.revoke?.(given)])
      expect(request?.url ?? '').not.toMatch(/access-1|refresh-1|secret-1/);
  });

  test('revokes where an operator says', () => {
    const url = 'https://stand-in.example.com/revocation';
    expect(integration.revoke?.(connected(id, {}, { endpoints: { revokeUrl: url } }))?.url ?? url).toBe(url);
  });
});

describe('the base of API calls', () => {
  test.each([
    ['gohighlevel', 'https://services.leadconnectorhq.com'],
    ['salesforce', 'https://login.salesforce.com'],
    ['hubspot', 'https://api.hubapi.com'],
    ['gmail', 'https://gmail.googleapis.com'],
    ['outlook', 'https://graph.microsoft.com/v1.0'],
    ['meta-ads', 'https://graph.facebook.com/v26.0'],
    ['google-ads', 'https://googleads.googleapis.com'],
    ['google-drive', 'https://www.googleapis.com'],
    ['dropbox', 'https://api.dropboxapi.com'],
    ['slack', 'https://slack.com/api'],
    ['discord', 'https://discord.com/api/v10'],
  ])('of %s is %s', (id, base) => {
    expect(integrationOf(id).apiBaseUrl(connected(id))).toBe(base);
  });

  test("of Salesforce is the answered instance, even one the hub's egress will refuse", () => {
    const base = (instance_url: unknown) =>
      integrationOf('salesforce').apiBaseUrl(connected('salesforce', { answer: { instance_url } }));
    expect(base('https://acme.my.salesforce.com/')).toBe('https://acme.my.salesforce.com');
    expect(base('https://evil.example')).toBe('https://evil.example');
    expect(isAllowed(integrationOf('salesforce').hosts, 'https://evil.example')).toBe(false);
    expect(isAllowed(integrationOf('salesforce').hosts, 'https://evilsalesforce.com')).toBe(false);
    expect(base(42)).toBe('https://login.salesforce.com');
  });
});

describe('the probe', () => {
  test.each<[string, OutgoingRequest]>([
    ['salesforce', { method: 'GET', url: '/services/oauth2/userinfo' }],
    ['hubspot', { method: 'GET', url: '/account-info/v3/details' }],
    ['gmail', { method: 'GET', url: '/gmail/v1/users/me/profile' }],
    ['outlook', { method: 'GET', url: '/me' }],
    ['meta-ads', { method: 'GET', url: '/me', query: { fields: 'id,name' } }],
    ['google-ads', { method: 'GET', url: '/v24/customers:listAccessibleCustomers' }],
    ['google-drive', { method: 'GET', url: '/drive/v3/about', query: { fields: 'user' } }],
    ['dropbox', { method: 'POST', url: '/2/users/get_current_account' }],
    ['slack', { method: 'POST', url: '/auth.test' }],
    ['discord', { method: 'GET', url: '/users/@me' }],
  ])('of %s is its cheapest call', (id, request) => {
    expect(integrationOf(id).probe(connected(id))).toEqual(request);
  });

  test.each([
    [
      'a sub-account',
      { userType: 'Location', locationId: 'loc 1/2', companyId: 'c' },
      '/locations/loc%201%2F2',
    ],
    ['an agency', { userType: 'Company', companyId: 'c' }, '/companies/c'],
    ['an answer without ids', {}, '/locations/search'],
  ])('of GoHighLevel asks for %s', (_what, tokenAnswer, url) => {
    expect(integrationOf('gohighlevel').probe(connected('gohighlevel', { answer: tokenAnswer })).url).toBe(
      url,
    );
  });

  test('of a GoHighLevel private token asks for the configured place', () => {
    const { probe } = integrationOf('gohighlevel');
    const byKey = (config: Record<string, unknown>) =>
      probe(connectedByKey('gohighlevel', { apiKey: 'pit-1' }, { config })).url;
    expect(byKey({ locationId: 'l' })).toBe('/locations/l');
    expect(byKey({ userType: 'Company', companyId: 'c', locationId: 'l' })).toBe('/companies/c');
  });
});

describe('authorization asks', () => {
  const params = (id: string, config = {}, settings = {}) =>
    oauthOf(id).authorizeParams?.(setupOf(id, { config, settings })) ?? {};

  test.each(['gmail', 'google-drive', 'google-ads'])('%s for offline access and for consent', (id) => {
    expect(params(id)).toEqual({ access_type: 'offline', prompt: 'consent' });
  });

  test('Dropbox for offline access', () => {
    expect(params('dropbox')).toEqual({ token_access_type: 'offline' });
  });

  test("Slack for a person's scopes beside the bot's only when somebody names them", () => {
    expect(params('slack')).toEqual({});
    expect(params('slack', {}, { userScopes: ['search:read', 'users:read'] })).toEqual({
      user_scope: 'search:read,users:read',
    });
    expect(params('slack', { userScopes: ['chat:write'], team: 'T012AB3C4' }, { userScopes: ['x'] })).toEqual(
      {
        user_scope: 'chat:write',
        team: 'T012AB3C4',
      },
    );
    expect(oauthOf('slack').scopeSeparator).toBe(',');
  });

  test('HubSpot for optional scopes apart from the needed ones', () => {
    expect(params('hubspot', { optionalScopes: ['crm.objects.custom.read', 'forms'] })).toEqual({
      optional_scope: 'crm.objects.custom.read forms',
    });
    expect(params('hubspot')).toEqual({});
  });

  test('Discord for the permissions of its bot, in the configured server', () => {
    expect(params('discord')).toEqual({ permissions: '268561488' });
    expect(params('discord', { guildId: '197038439483310086' }, { botPermissions: '8' })).toEqual({
      permissions: '8',
      guild_id: '197038439483310086',
      disable_guild_select: 'true',
    });
  });

  test('the configured Salesforce domain, Outlook tenant and Graph version', () => {
    const { authorizeUrl, tokenUrl } = oauthOf('salesforce');
    const org = setupOf('salesforce', { config: { domain: 'acme--dev.sandbox.my.salesforce.com' } });
    expect(authorizeUrl(org)).toBe('https://acme--dev.sandbox.my.salesforce.com/services/oauth2/authorize');
    expect(tokenUrl(org)).toBe('https://acme--dev.sandbox.my.salesforce.com/services/oauth2/token');
    expect(oauthOf('outlook').tokenUrl(setupOf('outlook', { config: { tenant: 'contoso.com' } }))).toBe(
      'https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token',
    );
    expect(oauthOf('meta-ads').authorizeUrl(setupOf('meta-ads', { config: { apiVersion: 'v25.0' } }))).toBe(
      'https://www.facebook.com/v25.0/dialog/oauth',
    );
  });
});

describe('a refresh', () => {
  const paramsOf = (id: string, given: ReturnType<typeof connected>) => {
    const { refresh } = oauthOf(id);
    return refresh.by === 'refresh_token' ? (refresh.params?.(given) ?? {}) : {};
  };

  test('is never repeated blindly where a refresh token works once', () => {
    const reusable = all.filter((id) => {
      const { refresh } = oauthOf(id);
      return refresh.by === 'refresh_token' && refresh.reusable;
    });
    expect(all.filter((id) => !reusable.includes(id))).toEqual([
      'discord',
      'gohighlevel',
      'meta-ads',
      'slack',
    ]);
  });

  test('of Outlook names the granted scopes again, and offline access with them', () => {
    expect(paramsOf('outlook', connected('outlook', { scopes: ['Mail.Send', 'User.Read'] }))).toEqual({
      scope: 'Mail.Send User.Read offline_access',
    });
    expect(paramsOf('outlook', connected('outlook'))).toEqual({ scope: oauthOf('outlook').scopes.join(' ') });
  });

  test('of GoHighLevel names the kind of account the token is of', () => {
    expect(paramsOf('gohighlevel', connected('gohighlevel', { answer: { userType: 'Company' } }))).toEqual({
      user_type: 'Company',
    });
    expect(oauthOf('gohighlevel').exchangeParams?.(setupOf('gohighlevel', {}))).toEqual({
      user_type: 'Location',
    });
  });

  test('of Meta exchanges the access token that is still valid, at an overridden address too', () => {
    const { refresh, upgrade, exchangeMethod } = oauthOf('meta-ads');
    const query = {
      grant_type: 'fb_exchange_token',
      client_id: 'client-1',
      client_secret: 'secret-1',
      fb_exchange_token: 'access-1',
    };
    const url = 'https://graph.facebook.com/v26.0/oauth/access_token';
    expect(exchangeMethod).toBe('GET');
    expect(upgrade?.(connected('meta-ads'))).toEqual({ method: 'GET', url, query });
    const tokenUrl = 'https://stand-in.example.com/token';
    const request = refresh.by === 'access_token' ? refresh.request : undefined;
    expect(request?.(connected('meta-ads', {}, { endpoints: { tokenUrl } }))).toEqual({
      method: 'GET',
      url: tokenUrl,
      query,
    });
  });

  test('of Salesforce is due by the session policy, of Meta before sixty days are over', () => {
    const lifetime = oauthOf('salesforce').assumedLifetime;
    expect(lifetime?.(setupOf('salesforce', {}))).toBe(7200);
    expect(lifetime?.(setupOf('salesforce', { config: { sessionMinutes: 15 } }))).toBe(900);
    expect(oauthOf('meta-ads').assumedLifetime?.(setupOf('meta-ads', {}))).toBeLessThan(60 * 86_400);
  });
});

describe('a token answer', () => {
  test("of Slack is the bot's, carried as Bearer whatever its type is called", () => {
    const body = {
      ok: true,
      access_token: 'xoxb-1',
      token_type: 'bot',
      scope: 'chat:write,users:read',
      refresh_token: 'xoxe-1',
      expires_in: 43200,
      authed_user: { id: 'U1', access_token: 'xoxp-1', refresh_token: 'xoxe-2', token_type: 'user' },
    };
    expect(oauthOf('slack').readTokenAnswer?.(body)).toEqual({
      accessToken: 'xoxb-1',
      tokenType: 'Bearer',
      refreshToken: 'xoxe-1',
      expiresIn: 43200,
      scope: 'chat:write,users:read',
    });
  });

  test("of Slack is the person's where only user scopes were asked", () => {
    const body = { ok: true, authed_user: { id: 'U1', access_token: 'xoxp-1', scope: 'search:read' } };
    expect(oauthOf('slack').readTokenAnswer?.(body)).toMatchObject({
      accessToken: 'xoxp-1',
      scope: 'search:read',
    });
    expect(oauthOf('slack').readTokenAnswer?.({ ok: false, error: 'invalid_code' })).toBeNull();
  });

  test('of HubSpot may list its scopes', () => {
    const body = { access_token: 'a', refresh_token: 'r', expires_in: 1800, scopes: ['oauth', 'tickets'] };
    expect(oauthOf('hubspot').readTokenAnswer?.(body)).toMatchObject({
      expiresIn: 1800,
      scope: 'oauth tickets',
    });
    expect(oauthOf('hubspot').readTokenAnswer?.({ access_token: 'a' })).toMatchObject({ scope: null });
  });

  test.each([
    ['outlook', 'https://graph.microsoft.com/Mail.Send', 'mail.send'],
    ['gmail', 'email', 'https://www.googleapis.com/auth/userinfo.email'],
  ])('of %s names a scope in another spelling', (id, granted, asked) => {
    const { comparableScope } = oauthOf(id);
    expect(comparableScope?.(granted)).toBe(comparableScope?.(asked));
  });
});

describe('a call', () => {
  test('of Meta carries the proof that the app knows its secret', () => {
    expect(integrationOf('meta-ads').authenticate?.(connected('meta-ads'))).toEqual({
      headers: { authorization: 'Bearer access-1' },
      query: { appsecret_proof: hmac('access-1', 'secret-1') },
    });
  });

  test("of a Meta system user is proven with the secret given with the token, never with the hub's app", () => {
    const authenticate = integrationOf('meta-ads').authenticate;
    expect(authenticate?.(connectedByKey('meta-ads', { apiKey: 'EAAB' }))).toEqual({
      headers: { authorization: 'Bearer EAAB' },
    });
    expect(authenticate?.(connectedByKey('meta-ads', { apiKey: 'EAAB', appSecret: 'own' }))).toEqual({
      headers: { authorization: 'Bearer EAAB' },
      query: { appsecret_proof: hmac('EAAB', 'own') },
    });
  });

  test('of Google Ads carries the developer token and the manager account in digits', () => {
    const headers = integrationOf('google-ads').headers;
    const given = { config: { loginCustomerId: '123-456-7890' }, settings: { developerToken: 'dev-token' } };
    expect(headers?.(connected('google-ads', {}, given))).toEqual({
      'developer-token': 'dev-token',
      'login-customer-id': '1234567890',
    });
    expect(headers?.(connected('google-ads'))).toEqual({});
  });

  test('of Discord is made as the bot with a bot token, and as the user by OAuth', () => {
    const authenticate = integrationOf('discord').authenticate;
    const by = (authorization: string) => ({ headers: { authorization } });
    expect(authenticate?.(connectedByKey('discord', { apiKey: 'key-1' }))).toEqual(by('Bot key-1'));
    expect(authenticate?.(connected('discord'))).toEqual(by('Bearer access-1'));
  });

  test('of GoHighLevel and Discord carries the headers they insist on', () => {
    expect(integrationOf('gohighlevel').headers?.(connected('gohighlevel'))).toEqual({
      version: '2021-07-28',
    });
    expect(integrationOf('discord').headers?.(connected('discord'))['user-agent']).toMatch(
      /^DiscordBot \(https:\/\/\S+, [\d.]+\)$/,
    );
  });
});

describe('revocation', () => {
  const form = (token: string, token_type_hint: string) => ({
    token,
    token_type_hint,
    client_id: 'client-1',
    client_secret: 'secret-1',
  });

  test.each([
    ['salesforce', 'https://login.salesforce.com/services/oauth2/revoke'],
    ['hubspot', 'https://api.hubapi.com/oauth/2026-03/token/revoke'],
    ['gmail', 'https://oauth2.googleapis.com/revoke'],
    ['google-drive', 'https://oauth2.googleapis.com/revoke'],
    ['google-ads', 'https://oauth2.googleapis.com/revoke'],
    ['discord', 'https://discord.com/api/oauth2/token/revoke'],
  ])('at %s is that of RFC 7009, by the refresh token where there is one', (id, url) => {
    const revoke = integrationOf(id).revoke;
    expect(revoke?.(connected(id))).toEqual({
      method: 'POST',
      url,
      form: form('refresh-1', 'refresh_token'),
    });
    expect(revoke?.(connected(id, { refreshToken: null }))?.form).toEqual(form('access-1', 'access_token'));
    expect(revoke?.(connected(id, {}, { app: null }))?.form).not.toHaveProperty('client_secret');
  });

  test.each<[string, OutgoingRequest, string]>([
    ['dropbox', { method: 'POST', url: '/2/auth/token/revoke' }, 'Bearer access-1'],
    ['slack', { method: 'POST', url: '/auth.revoke' }, 'Bearer access-1'],
    ['meta-ads', { method: 'DELETE', url: '/me/permissions' }, 'Bearer access-1'],
  ])('at %s is a call of its API, at a stand-in too, and of RFC 7009 elsewhere', (id, own, authorization) => {
    const at = (revokeUrl: string) =>
      integrationOf(id).revoke?.(connected(id, {}, { endpoints: { revokeUrl } }));
    expect(integrationOf(id).revoke?.(connected(id))).toEqual(own);
    const standIn = `http://localhost:3001/${id}${own.url}`;
    expect(at(standIn)).toMatchObject({ method: own.method, url: standIn, headers: { authorization } });
    const elsewhere = 'https://op.example.com/token/revocation';
    expect(at(elsewhere)).toEqual({
      method: 'POST',
      url: elsewhere,
      form: form('refresh-1', 'refresh_token'),
    });
  });

  test.each(['gohighlevel', 'outlook'])('at %s there is none', (id) => {
    expect(integrationOf(id).revoke).toBeUndefined();
  });

  test('a token that is gone already is no failure that would be tried again', () => {
    const gone: [string, number, unknown][] = [
      ['gmail', 400, { error: 'invalid_token' }],
      ['salesforce', 400, { error: 'invalid_token' }],
      ['slack', 200, { ok: false, error: 'token_revoked' }],
      ['meta-ads', 400, { error: { code: 190 } }],
      ['dropbox', 401, { error_summary: 'invalid_access_token/', error: { '.tag': 'invalid_access_token' } }],
    ];
    for (const [id, status, body] of gone) {
      const kind = integrationOf(id).classify?.(answer(status, body)).kind;
      expect(['provider_unavailable', 'rate_limited', undefined], id).not.toContain(kind);
    }
  });
});
