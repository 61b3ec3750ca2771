/** Invariant 3: only the provider's rejection ends a connection. Each stand-in has each of its bad days. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { ELEVEN, setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

let hub: TestHub;
let sandbox: TestSandbox;

beforeAll(async () => {
  hub = await startHub({ HUB_PROVIDER_TIMEOUT: '500ms' });
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});

async function connect(integrationId: string): Promise<string> {
  const { body, text } = await hub.admin.call('POST', '/api/connections', { integrationId });
  const page = await createBrowser().open(body?.authorization?.url ?? text);
  expect(page.status, page.text).toBe(200);
  return body.connection.id as string;
}

const connectionOf = async (id: string) => (await hub.admin.call('GET', `/api/connections/${id}`)).body;

describe.each(ELEVEN)('%s', (integrationId) => {
  beforeEach(async () => void (await sandbox.control('POST', `/${integrationId}/reset`)));
  const behave = (behaviour: object) => sandbox.control('PUT', `/${integrationId}/behaviour`, behaviour);

  it('keeps its connection through every bad day of the token endpoint, and its token is there all the while', async () => {
    const id = await connect(integrationId);
    for (const token of ['down', 'rate_limited', 'garbage', 'huge', 'redirect', 'hang']) {
      await behave({ token });
      const reply = await hub.admin.call('POST', `/api/connections/${id}/refresh`);
      expect([token, reply.status]).toEqual([token, 503]);
      expect(reply.body.code).toMatch(/^PROVIDER_(UNAVAILABLE|RATE_LIMITED)$/);
      expect(await connectionOf(id)).toMatchObject({ status: 'connected', statusReason: null });
      expect((await hub.admin.call('GET', `/api/connections/${id}/token?minTtl=999999s`)).status).toBe(200);
    }
    await behave({});
    expect((await hub.admin.call('POST', `/api/connections/${id}/refresh`)).body).toMatchObject({
      refreshed: true,
    });
    expect((await sandbox.control('GET', `/${integrationId}/ledger`)).counts.reused).toBe(0);
  });

  it('keeps its connection through every bad day of the API', async () => {
    const id = await connect(integrationId);
    for (const api of ['down', 'rate_limited', 'garbage', 'huge', 'redirect', 'hang', 'refuse']) {
      await behave({ api });
      const tested = await hub.admin.call('POST', `/api/connections/${id}/test`);
      expect([api, tested.status, tested.body.ok]).toEqual([api, 200, false]);
      expect(tested.body.outcome, api).toMatch(/^(provider_unavailable|rate_limited)$/);
      expect(await connectionOf(id), api).toMatchObject({
        status: 'connected',
        lastHealthCheck: { ok: false },
      });
    }
    await behave({});
    expect((await hub.admin.call('POST', `/api/connections/${id}/test`)).body.ok).toBe(true);
    expect(
      (await sandbox.control('GET', `/${integrationId}/ledger`)).counts.strayedWithCredentials ?? 0,
    ).toBe(0);
  });

  it('repairs an expired token by itself when it is tested', async () => {
    const id = await connect(integrationId);
    await sandbox.control('POST', `/${integrationId}/expire`);
    const tested = await hub.admin.call('POST', `/api/connections/${id}/test`);
    // Meta renews only what is still valid.
    const mended = integrationId !== 'meta-ads';
    expect(tested.body, tested.text).toMatchObject({ ok: mended });
    expect((await connectionOf(id)).status).toBe(mended ? 'connected' : 'error');
  });

  it('is told to revoke although the access token has run out before the disconnect', async () => {
    const id = await connect(integrationId);
    await sandbox.control('POST', `/${integrationId}/expire`);
    expect((await hub.admin.call('DELETE', `/api/connections/${id}`)).status).toBe(204);
    // Two have no way to revoke, and Meta's expired token is dead already.
    const revocable = !['gohighlevel', 'outlook', 'meta-ads'].includes(integrationId);
    const count = async () =>
      (await sandbox.control('GET', `/${integrationId}/ledger`)).counts.familiesRevoked;
    await expect.poll(count).toBe(revocable ? 1 : 0);
  });

  it('ends its connection where the provider says so, and the user hears why', async () => {
    const id = await connect(integrationId);
    await sandbox.control('POST', `/${integrationId}/revoke`);
    const reply = await hub.admin.call('POST', `/api/connections/${id}/refresh`);
    expect(reply).toMatchObject({ status: 409, body: { code: 'REAUTHORIZATION_REQUIRED' } });
    expect(await connectionOf(id)).toMatchObject({
      status: 'error',
      statusReason: { code: 'CREDENTIAL_REVOKED' },
    });
    expect((await hub.admin.call('GET', `/api/connections/${id}/token`)).body.code).toBe(
      'REAUTHORIZATION_REQUIRED',
    );
    const { counts } = await sandbox.control('GET', `/${integrationId}/ledger`);
    await hub.admin.call('POST', `/api/connections/${id}/refresh`);
    expect((await sandbox.control('GET', `/${integrationId}/ledger`)).counts.tokenRequests).toBe(
      counts.tokenRequests,
    );

    const again = await hub.admin.call('POST', `/api/connections/${id}/reconnect`);
    await createBrowser().open(again.body.authorization.url);
    expect(await connectionOf(id)).toMatchObject({ id, status: 'connected', statusReason: null });
  });
});

it('a user who leaves boxes unticked is connected, and what is missing is said', async () => {
  const { scopes } = (await hub.admin.call('GET', '/api/integrations/gmail')).body as {
    scopes: string[];
  };
  expect(scopes.length).toBeGreaterThan(1);
  const [granted = '', ...missing] = scopes;
  await sandbox.control('PUT', '/gmail/behaviour', { narrowScopes: [granted] });
  const { credentials } = await connectionOf(await connect('gmail'));
  expect(credentials).toMatchObject({ scopes: [granted], missingScopes: missing });
  await sandbox.control('POST', '/gmail/reset');
});

it('a provider that names another issuer is not believed', async () => {
  await sandbox.control('PUT', '/google-drive/behaviour', { wrongIssuer: true });
  const { body } = await hub.admin.call('POST', '/api/connections', { integrationId: 'google-drive' });
  await createBrowser().open(body.authorization.url);
  expect(await connectionOf(body.connection.id as string)).toMatchObject({
    status: 'disconnected',
    statusReason: { code: 'AUTHORIZATION_FAILED' },
  });
  await sandbox.control('POST', '/google-drive/reset');
});

it('a provider that is down during the exchange is asked again, and the consent is not lost', async () => {
  await sandbox.control('PUT', '/dropbox/behaviour', {
    token: { mode: 'down', times: 1 },
    api: { mode: 'down', times: 1 },
  });
  const id = await connect('dropbox');
  expect((await connectionOf(id)).status).toBe('connected');
});

it('a connection whose refresh has an unknown outcome goes on saying so when its token has run out and it is tested', async () => {
  const id = await connect('gohighlevel');
  await sandbox.control('PUT', '/gohighlevel/behaviour', { dropAfterProcessing: 1 });
  await hub.admin.call('POST', `/api/connections/${id}/refresh`);
  const unknown = await connectionOf(id);
  expect(unknown).toMatchObject({ status: 'error', statusReason: { code: 'REFRESH_OUTCOME_UNKNOWN' } });
  await sandbox.control('POST', '/gohighlevel/expire');
  expect((await hub.admin.call('POST', `/api/connections/${id}/test`)).body.ok).toBe(false);
  // Nobody took access away: that must not be told.
  expect(await connectionOf(id)).toMatchObject({ status: 'error', statusReason: unknown.statusReason });
});
