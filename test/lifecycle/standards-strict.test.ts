/** The whole life of a connection against a strict OAuth server that nobody here wrote. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';

let hub: TestHub;
let oidc: OidcServer;

beforeAll(async () => {
  hub = await startHub();
  oidc = await startOidcServer({ redirectUri: `${hub.url}/oauth/callback` });
  for (const id of ['gmail', 'dropbox', 'discord']) {
    const { status } = await hub.admin.call('PUT', `/api/integrations/${id}/app`, {
      clientId: oidc.clientId,
      clientSecret: oidc.clientSecret,
      scopes: ['openid', 'offline_access'],
      endpoints: oidc.endpoints,
    });
    expect(status).toBe(200);
  }
});
afterAll(async () => {
  await hub.close();
  await oidc.close();
});

async function connect(integrationId: string): Promise<string> {
  const made = await hub.admin.call('POST', '/api/connections', { integrationId });
  expect(made.status, made.text).toBe(201);
  const page = await createBrowser().open(made.body.authorization.url);
  expect(page.status, page.text).toBe(200);
  return made.body.connection.id as string;
}

describe('a provider that keeps strictly to the standards', () => {
  it('is connected with PKCE, and its token is accepted', async () => {
    const id = await connect('gmail');
    const { body } = await hub.admin.call('GET', `/api/connections/${id}`);
    expect(body).toMatchObject({ status: 'connected', statusReason: null, account: null });
    expect(body.credentials).toMatchObject({
      type: 'oauth2',
      refreshable: true,
      missingScopes: [],
      version: 1,
    });
    const token = await hub.admin.call('GET', `/api/connections/${id}/token`);
    const me = await fetch(oidc.endpoints.probeUrl, { headers: token.body.headers });
    expect(await me.json()).toEqual({ sub: 'ada' });
  });

  it('sees each rotated refresh token once over many refreshes', async () => {
    const id = await connect('gmail');
    const before = { ...oidc.counts };
    for (let version = 2; version <= 8; version++) {
      const { body } = await hub.admin.call('POST', `/api/connections/${id}/refresh`);
      expect(body).toMatchObject({
        refreshed: true,
        connection: { status: 'connected', credentials: { version } },
      });
    }
    expect(oidc.counts).toEqual({ ...before, refreshes: before.refreshes + 7 });
  });

  it('is tested, reconfigured and disconnected, and told to revoke', async () => {
    const id = await connect('gmail');
    const tested = await hub.admin.call('POST', `/api/connections/${id}/test`);
    expect(tested.body).toMatchObject({ ok: true, outcome: 'ok', account: null });
    const token = await hub.admin.call('GET', `/api/connections/${id}/token`);
    const before = oidc.counts.revocations;
    expect((await hub.admin.call('DELETE', `/api/connections/${id}`)).status).toBe(204);
    expect((await hub.admin.call('GET', `/api/connections/${id}/token`)).body.code).toBe(
      'CONNECTION_DISCONNECTED',
    );
    await expect.poll(() => oidc.counts.revocations).toBe(before + 1);
    await expect
      .poll(async () => (await fetch(oidc.endpoints.probeUrl, { headers: token.body.headers })).status)
      .toBe(401);
  });

  it('is reconnected with the same id and configuration', async () => {
    const id = await connect('gmail');
    await hub.admin.call('DELETE', `/api/connections/${id}`);
    const again = await hub.admin.call('POST', `/api/connections/${id}/reconnect`, {});
    expect(again.body.connection).toMatchObject({
      id,
      status: 'disconnected',
      statusReason: { code: 'AWAITING_AUTHORIZATION' },
    });
    await createBrowser().open(again.body.authorization.url);
    const { body } = await hub.admin.call('GET', `/api/connections/${id}`);
    expect(body).toMatchObject({ id, status: 'connected', statusReason: null });
  });
});
