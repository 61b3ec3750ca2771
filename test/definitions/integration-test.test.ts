/** POST /api/integrations/:id/test finds what is wrong, and says what to do. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startProvider, type Provider } from '../proxy/provider.ts';
import type { Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';
import { ELEVEN, setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import {
  credentialsFor,
  oauthDefinition,
  ownDefinitions,
  startOwnProvider,
  type OwnProvider,
} from './provider.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let oidc: OidcServer;
let own: OwnProvider;
let provider: Provider;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox('ask');
  oidc = await startOidcServer({ redirectUri: `${hub.url}/oauth/callback` });
  own = await startOwnProvider();
  provider = await startProvider();
  await setUpApps(hub.admin, sandbox);
  await hub.admin.call('POST', '/api/integrations', oauthDefinition(oidc.url));
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
  await oidc.close();
  own.close();
  provider.close();
});

async function test(id: string, body?: object): Promise<{ ok: boolean; checks: Record<string, Json> }> {
  const reply = await hub.admin.call('POST', `/api/integrations/${id}/test`, body);
  expect(reply.status, reply.text).toBe(200);
  const { ok, checks } = reply.body as { ok: boolean; checks: { name: string }[] };
  return { ok, checks: Object.fromEntries(checks.map((check) => [check.name, check])) };
}

describe('of the integrations of the sandbox', () => {
  it.each(ELEVEN)('%s has nothing wrong', async (id) => {
    const { ok, checks } = await test(id);
    expect(ok, JSON.stringify(checks)).toBe(true);
    for (const name of ['tokenEndpoint', 'app', 'authorizeEndpoint', 'redirectUri', 'scopes'])
      // Meta has one word for a code it never gave and for much else.
      expect(checks[name], name).toMatchObject({ ok: id === 'meta-ads' && name === 'app' ? null : true });
  });
});

describe('of an app', () => {
  const put = (change: object, endpoints: object = {}) =>
    hub.admin.call('PUT', '/api/integrations/own-oauth/app', {
      clientId: oidc.clientId,
      clientSecret: oidc.clientSecret,
      endpoints,
      ...change,
    });
  beforeEach(async () => {
    await put({});
  });

  it('that is right says so, and asks the issuer anew', async () => {
    const { ok, checks } = await test('own-oauth');
    expect(ok, JSON.stringify(checks)).toBe(true);
    expect(checks['discovery']).toMatchObject({ ok: true });
    expect(checks['probe']).toMatchObject({ ok: true });
  });

  it('that is not there says where to register it, and with what', async () => {
    await hub.admin.call('DELETE', '/api/integrations/own-oauth/app');
    const { ok, checks } = await test('own-oauth');
    expect(ok).toBe(false);
    expect(checks['app']?.['message']).toContain(`${hub.url}/oauth/callback`);
  });

  it('with a wrong secret, a wrong id, or scopes the provider has not', async () => {
    const wrong = 'wrong-secret-that-nobody-gave';
    await put({ clientSecret: wrong });
    const secret = await test('own-oauth');
    expect(secret.ok).toBe(false);
    expect(secret.checks['app']).toMatchObject({ ok: false });
    expect(JSON.stringify(secret)).not.toContain(wrong);
    await put({ clientId: 'nobody' });
    expect((await test('own-oauth')).checks['app']).toMatchObject({ ok: false });
    await put({ scopes: ['openid', 'scope-it-never-had'] });
    const scopes = await test('own-oauth');
    // oidc-provider leaves out scopes it does not know, as RFC 6749 §3.3 lets it.
    expect(scopes.checks['scopes']?.['ok']).not.toBe(false);
  });

  it('whose endpoints are away, astray or refuse says which', async () => {
    await put({}, { tokenUrl: 'http://localhost:1/token' });
    expect((await test('own-oauth')).checks['tokenEndpoint']).toMatchObject({ ok: false });
    await put({}, { authorizeUrl: 'http://localhost:1/auth' });
    expect((await test('own-oauth')).checks['authorizeEndpoint']).toMatchObject({ ok: false });
    await put({}, { authorizeUrl: `${provider.url}/auth` });
    const judged = async (status: number, headers: Record<string, string>, body: string) => {
      provider.answer((response) => response.writeHead(status, headers).end(body));
      const { checks } = await test('own-oauth');
      return Object.values(checks)
        .filter(({ ok }) => ok === false)
        .map(({ name }) => name as string);
    };
    const callback = `${hub.url}/oauth/callback`;
    const html = { 'content-type': 'text/html' };
    expect(await judged(503, html, 'down')).toEqual(['authorizeEndpoint']);
    expect(await judged(404, html, 'nothing here')).toEqual(['authorizeEndpoint']);
    expect(await judged(400, html, '<h1>Error 400: redirect_uri_mismatch</h1>')).toEqual(['redirectUri']);
    expect(await judged(400, html, 'Invalid client_id parameter')).toEqual(['app']);
    expect(await judged(302, { location: `${callback}?error=invalid_scope&state=x` }, '')).toEqual([
      'scopes',
    ]);
    const google = Buffer.from('\n\x15redirect_uri_mismatch\x12').toString('base64url');
    expect(await judged(302, { location: `https://a.example/error?authError=${google}` }, '')).toEqual([
      'redirectUri',
    ]);
    expect(await judged(302, { location: '/login?return=redirect_uri' }, '')).toEqual([]);
    expect(await judged(200, html, '<form>sign in</form>')).toEqual([]);
    // Longer than anything the hub reads, and there all the same.
    expect(await judged(200, html, 'x'.repeat(3 * 1024 * 1024))).toEqual([]);
  });
});

describe('of a probe', () => {
  it('that takes made-up credentials proves nothing', async () => {
    const definition = {
      ...ownDefinitions(own).key,
      hosts: [new URL(provider.url).host],
      apiBaseUrl: provider.url,
    };
    provider.answer((response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
    await hub.admin.call('POST', '/api/integrations', definition);
    const { ok, checks } = await test('own-key');
    expect(ok).toBe(false);
    expect(checks['probe']?.['message']).toMatch(/proves nothing/);
  });

  it('is asked with a connection where there is one, and of nobody else', async () => {
    await hub.admin.call('POST', '/api/integrations', ownDefinitions(own).signed);
    expect((await test('own-signed')).checks['probe']).toMatchObject({ ok: true });
    const credentials = credentialsFor['own-signed'];
    const made = await hub.admin.call('POST', '/api/connections', {
      integrationId: 'own-signed',
      credentials,
    });
    const id = made.body.connection.id as string;
    expect((await test('own-signed', { connectionId: id })).checks['probe']?.['message']).toContain(id);
    const other = await hub.admin.call('POST', '/api/integrations/slack/test', { connectionId: id });
    expect([other.status, other.body.code]).toEqual([404, 'CONNECTION_NOT_FOUND']);
  });
});
