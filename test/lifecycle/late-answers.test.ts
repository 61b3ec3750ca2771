/**
 * A provider that answers later than anybody waits for it. Where a refresh token is spent once, the request may have
 * spent it: it is listened to, and nobody sends that token again meanwhile.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type RunningApi } from '../../hub/api/start-api.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createLogger } from '../../hub/log.ts';
import { createBrowser, createClient, type Client } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts';

const LEASE_MS = 2_000;
const PATIENCE_MS = 10_000;

let env: TestEnv;
let drop: () => Promise<void>;
let api: RunningApi;
let client: Client;
let oidc: OidcServer;
let provider: TcpProxy;
let database: TcpProxy;
let worker: HubProcess;

const startNewWorker = async () => {
  const url = new URL(env['DATABASE_URL'] ?? '');
  url.port = String(database.port);
  worker = await spawnHub('worker', { ...env, DATABASE_URL: url.href });
};

beforeAll(async () => {
  ({ env, drop } = await testEnv({
    HUB_PROVIDER_TIMEOUT: '1s',
    HUB_REFRESH_LEASE: `${LEASE_MS}ms`,
    HUB_REFRESH_PATIENCE: `${PATIENCE_MS}ms`,
    HUB_LOG_LEVEL: 'warn',
  }));
  const config = configOf(env);
  await ensureAdminKey(config, env['HUB_ADMIN_KEY'] ?? '');
  api = await startApi(config, createLogger('silent'));
  client = createClient(config.publicUrl, env['HUB_ADMIN_KEY'] ?? '');
  oidc = await startOidcServer({ redirectUri: `${config.publicUrl}/oauth/callback` });
  provider = await startTcpProxy({ host: '127.0.0.1', port: Number(new URL(oidc.url).port) });
  const { hostname, port } = new URL(env['DATABASE_URL'] ?? '');
  database = await startTcpProxy({ host: hostname, port: Number(port) });
  await client.call('PUT', '/api/integrations/gmail/app', {
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    scopes: ['openid', 'offline_access'],
    endpoints: { ...oidc.endpoints, tokenUrl: `http://localhost:${provider.port}/token` },
  });
  await startNewWorker();
});
afterAll(async () => {
  await worker.kill('SIGTERM');
  await api.close();
  await Promise.all([oidc.close(), provider.close(), database.close()]);
  await drop();
});
/** A connection that has been refreshed once, so that the hub has seen this server rotate its refresh tokens. */
async function connect(): Promise<string> {
  const { body } = await client.call('POST', '/api/connections', { integrationId: 'gmail' });
  await createBrowser().open(body.authorization.url);
  const id = body.connection.id as string;
  expect((await refresh(id)).body).toMatchObject({ refreshed: true });
  return id;
}

const refresh = (id: string) => client.call('POST', `/api/connections/${id}/refresh`);
const connectionOf = async (id: string) => (await client.call('GET', `/api/connections/${id}`)).body;
const versionOf = async (id: string) => (await connectionOf(id)).credentials.version;
const PATIENTLY = { timeout: 20_000, interval: 100 };

async function worksWithItsToken(id: string): Promise<boolean> {
  const { body } = await client.call('GET', `/api/connections/${id}/token`);
  return (await fetch(oidc.endpoints.probeUrl, { headers: body.headers })).ok;
}

/** A refresh whose answer is on its way when its asker is told that there is none. */
async function refreshInVain(id: string): Promise<void> {
  expect((await refresh(id)).body).toMatchObject({ status: 503, code: 'PROVIDER_UNAVAILABLE' });
}

/** Long enough for any lease that is not renewed to run out. */
const beyondTheLease = () => new Promise((resolve) => setTimeout(resolve, LEASE_MS * 2));

describe('an answer that comes after its asker was told that there is none', () => {
  it('is stored, and nobody sends the same refresh token in the meantime', async () => {
    const id = await connect();
    const before = { ...oidc.counts };
    oidc.answers.mode = 'hold';
    await refreshInVain(id);
    expect(await connectionOf(id)).toMatchObject({ status: 'connected', statusReason: null });
    expect(await worksWithItsToken(id)).toBe(true);
    await beyondTheLease();
    await refreshInVain(id);
    oidc.answers.mode = 'normal';
    expect(oidc.counts).toEqual({ ...before, refreshes: before.refreshes + 1 });
    oidc.answers.release();
    await expect.poll(() => versionOf(id), PATIENTLY).toBe(3);
    expect(await worksWithItsToken(id)).toBe(true);
    expect((await refresh(id)).body).toMatchObject({
      refreshed: true,
      connection: { status: 'connected', credentials: { version: 4 } },
    });
    expect(oidc.counts.reuses).toBe(before.reuses);
    const { data } = (await client.call('GET', `/api/connections/${id}/events`)).body;
    expect(data.filter(({ type }: { type: string }) => type === 'connection.refreshed')).toHaveLength(3);
  });

  it('is stored although the line was silent when it was asked for', async () => {
    const id = await connect();
    const { reuses } = oidc.counts;
    provider.freeze();
    await refreshInVain(id);
    await beyondTheLease();
    provider.mend();
    await expect.poll(() => versionOf(id), PATIENTLY).toBe(3);
    expect((await refresh(id)).body).toMatchObject({ refreshed: true });
    expect(oidc.counts.reuses).toBe(reuses);
    expect(await worksWithItsToken(id)).toBe(true);
  });

  it('is stored as soon as the database is back that was away when it came', async () => {
    const id = await connect();
    oidc.answers.mode = 'hold';
    await refreshInVain(id);
    database.cut();
    oidc.answers.mode = 'normal';
    oidc.answers.release();
    await expect.poll(() => worker.output(), PATIENTLY).toContain('could not be stored');
    database.mend();
    await expect.poll(() => versionOf(id), PATIENTLY).toBe(3);
    expect(await worksWithItsToken(id)).toBe(true);
  });

  it('ends in revoked tokens where the connection was disconnected meanwhile', async () => {
    const id = await connect();
    oidc.answers.mode = 'hold';
    await refreshInVain(id);
    oidc.answers.mode = 'normal';
    expect((await client.call('DELETE', `/api/connections/${id}`)).status).toBe(204);
    await expect.poll(() => oidc.counts.revocations, PATIENTLY).toBeGreaterThan(0);
    const { revocations } = oidc.counts;
    oidc.answers.release();
    await expect.poll(() => oidc.counts.revocations, PATIENTLY).toBe(revocations + 1);
  });
});

describe('an answer that never comes', () => {
  it('is waited for so long and no longer: then the refresh token is free to be sent again', async () => {
    const id = await connect();
    oidc.answers.mode = 'keep';
    await refreshInVain(id);
    oidc.answers.mode = 'normal';
    await refreshInVain(id);
    await expect.poll(async () => (await refresh(id)).body.refreshed, PATIENTLY).toBe(true);
    expect(await worksWithItsToken(id)).toBe(true);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'is unknown once its listener is gone by %s, and the refresh token is not sent again',
    async (signal) => {
      const id = await connect();
      const { reuses } = oidc.counts;
      oidc.answers.mode = 'hold';
      await refreshInVain(id);
      await worker.kill(signal);
      oidc.answers.mode = 'normal';
      oidc.answers.release();
      await startNewWorker();
      await expect
        .poll(async () => (await refresh(id)).body, PATIENTLY)
        .toMatchObject({ status: 409, code: 'REFRESH_OUTCOME_UNKNOWN' });
      expect(oidc.counts.reuses).toBe(reuses);
      expect(await worksWithItsToken(id)).toBe(true);
    },
  );
});
