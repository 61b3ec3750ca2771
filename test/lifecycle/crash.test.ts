/**
 * Invariant 2: a worker is killed with SIGKILL at each step of a refresh, and a database is taken away between
 * the provider's answer and its store. The steps are reached by locks in the database and by the provider
 * keeping its answer, never by waiting for a while.
 */
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type RunningApi } from '../../hub/api/start-api.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createLogger } from '../../hub/log.ts';
import { createBrowser, createClient, type Client } from '../setup/client.ts';
import { buildGates, endWaiting, GATES, waitingAt } from '../setup/gates.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let api: RunningApi;
let client: Client;
let sql: postgres.Sql;
let database: TcpProxy;
let rotating: OidcServer;
let staying: OidcServer;
let worker: HubProcess;

beforeAll(async () => {
  ({ env, drop } = await testEnv({
    HUB_PROVIDER_TIMEOUT: '1500ms',
    HUB_REFRESH_LEASE: '3s',
    HUB_LOG_LEVEL: 'warn',
  }));
  const config = configOf(env);
  await ensureAdminKey(config, env['HUB_ADMIN_KEY'] ?? '');
  api = await startApi(config, createLogger('silent'));
  client = createClient(config.publicUrl, env['HUB_ADMIN_KEY'] ?? '');
  const redirectUri = `${config.publicUrl}/oauth/callback`;
  [rotating, staying] = await Promise.all([
    startOidcServer({ redirectUri }),
    startOidcServer({ redirectUri, rotate: false }),
  ]);
  for (const [id, oidc] of [
    ['gmail', rotating],
    ['google-drive', staying],
  ] as const)
    await client.call('PUT', `/api/integrations/${id}/app`, {
      clientId: oidc.clientId,
      clientSecret: oidc.clientSecret,
      scopes: ['openid', 'offline_access'],
      endpoints: oidc.endpoints,
    });
  const target = new URL(env['DATABASE_URL'] ?? '');
  database = await startTcpProxy({ host: target.hostname, port: Number(target.port) });
  sql = postgres(target.href, { max: 4, onnotice: () => {} });
  await buildGates(sql);
});
afterAll(async () => {
  await worker.kill('SIGTERM');
  await api.close();
  await Promise.all([rotating.close(), staying.close(), database.close(), sql.end()]);
  await drop();
});
beforeEach(async () => {
  for (const { answers } of [rotating, staying])
    Object.assign(answers, { mode: 'normal', held: 0, release: () => {} });
  await startNewWorker();
});

async function startNewWorker(): Promise<void> {
  await worker?.kill('SIGKILL');
  const url = new URL(env['DATABASE_URL'] ?? '');
  url.port = String(database.port);
  worker = await spawnHub('worker', { ...env, DATABASE_URL: url.href });
}

/** A connection that has been refreshed once, so that the hub has seen what this server does with refresh tokens. */
async function connect(integrationId: string): Promise<string> {
  const { body } = await client.call('POST', '/api/connections', { integrationId });
  await createBrowser().open(body.authorization.url);
  const first = await client.call('POST', `/api/connections/${body.connection.id}/refresh`);
  expect(first.body).toMatchObject({ refreshed: true, connection: { credentials: { version: 2 } } });
  return body.connection.id as string;
}

type Step = 'claim' | 'intent' | 'sent' | 'answered' | 'store';

/** Brings a refresh to a step, kills the worker there, and starts another. @returns the reply to whoever asked */
async function killAt(step: Step, id: string, oidc: OidcServer) {
  const gate = step in GATES ? GATES[step as keyof typeof GATES] : null;
  const holder = await sql.reserve();
  if (gate !== null) await holder`select pg_advisory_lock(${gate})`;
  else oidc.answers.mode = step === 'sent' ? 'keep' : 'hold';
  const reply = client.call('POST', `/api/connections/${id}/refresh`);
  if (gate === null) await expect.poll(() => oidc.answers.held, { timeout: 20_000 }).toBe(1);
  else await expect.poll(() => waitingAt(sql, gate), { timeout: 20_000 }).toBe(1);
  await worker.kill('SIGKILL');
  // The dead worker's statement must not be carried out after all.
  if (gate !== null) {
    await endWaiting(sql, gate);
    await holder`select pg_advisory_unlock(${gate})`;
  }
  oidc.answers.mode = 'normal';
  oidc.answers.release();
  holder.release();
  await startNewWorker();
  return reply;
}

async function worksWithItsToken(id: string, oidc: OidcServer): Promise<boolean> {
  const { body } = await client.call('GET', `/api/connections/${id}/token`);
  return (await fetch(oidc.endpoints.probeUrl, { headers: body.headers })).ok;
}

const STEPS: Step[] = ['claim', 'intent', 'sent', 'answered', 'store'];

describe('a worker killed in the middle of a refresh', () => {
  it.each(STEPS)('loses nothing at a provider whose refresh tokens stay: killed at %s', async (step) => {
    const id = await connect('google-drive');
    await killAt(step, id, staying);
    await expect
      .poll(async () => (await client.call('POST', `/api/connections/${id}/refresh`)).status, {
        timeout: 40_000,
        interval: 500,
      })
      .toBe(200);
    expect((await client.call('GET', `/api/connections/${id}`)).body).toMatchObject({
      status: 'connected',
      statusReason: null,
    });
    expect(await worksWithItsToken(id, staying)).toBe(true);
  });

  it.each(['claim', 'intent'] as const)(
    'loses nothing at a rotating provider before the request went out: killed at %s',
    async (step) => {
      const id = await connect('gmail');
      const { refreshes } = rotating.counts;
      await killAt(step, id, rotating);
      await expect
        .poll(async () => (await client.call('GET', `/api/connections/${id}`)).body.credentials.version, {
          timeout: 40_000,
        })
        .toBe(3);
      expect(rotating.counts).toMatchObject({ refreshes: refreshes + 1, reuses: 0 });
      expect(await worksWithItsToken(id, rotating)).toBe(true);
    },
  );

  it.each(['sent', 'answered', 'store'] as const)(
    'spends no single-use token twice and says so plainly: killed at %s',
    async (step) => {
      const id = await connect('gmail');
      await killAt(step, id, rotating);
      await expect
        .poll(async () => (await client.call('GET', `/api/connections/${id}`)).body.statusReason?.code, {
          timeout: 40_000,
        })
        .toBe('REFRESH_OUTCOME_UNKNOWN');
      const again = await client.call('POST', `/api/connections/${id}/refresh`);
      expect(again.body).toMatchObject({ status: 409, code: 'REFRESH_OUTCOME_UNKNOWN' });
      expect(rotating.counts.reuses).toBe(0);
      const events = await client.call('GET', `/api/connections/${id}/events`);
      expect(events.body.data.map(({ type }: { type: string }) => type)).toContain(
        'connection.reauthorization_required',
      );
      // What is stored is good for as long as it lasts, whatever became of the refresh.
      expect(await worksWithItsToken(id, rotating)).toBe(true);
    },
  );
}, 120_000);

describe('a database taken away between the answer and its store', () => {
  it('gets the rotated token as soon as it is back', async () => {
    const id = await connect('gmail');
    const { refreshes } = rotating.counts;
    rotating.answers.mode = 'hold';
    const reply = client.call('POST', `/api/connections/${id}/refresh`);
    await expect.poll(() => rotating.answers.held).toBe(1);
    database.cut();
    rotating.answers.mode = 'normal';
    rotating.answers.release();
    // Long enough for the store to fail and be handed on; the worker says so.
    await expect.poll(() => worker.output(), { timeout: 20_000 }).toContain('goes on as a sealed envelope');
    database.mend();
    expect((await reply).body).toMatchObject({
      connection: { status: 'connected', credentials: { version: 3 } },
    });
    expect(rotating.counts).toMatchObject({ refreshes: refreshes + 1, reuses: 0 });
    const next = await client.call('POST', `/api/connections/${id}/refresh`);
    expect(next.body).toMatchObject({ refreshed: true, connection: { credentials: { version: 4 } } });
    expect(rotating.counts.reuses).toBe(0);
  });
}, 120_000);

describe('an answer that breaks off', () => {
  it('is not asked for a second time at a rotating provider', async () => {
    const id = await connect('gmail');
    rotating.answers.mode = 'cut';
    const reply = await client.call('POST', `/api/connections/${id}/refresh`);
    rotating.answers.mode = 'normal';
    expect(reply.body).toMatchObject({ status: 409, code: 'REFRESH_OUTCOME_UNKNOWN' });
    await client.call('POST', `/api/connections/${id}/refresh`);
    expect(rotating.counts.reuses).toBe(0);
  });

  it('is asked for again at a provider whose refresh tokens stay', async () => {
    const id = await connect('google-drive');
    staying.answers.mode = 'cut';
    const reply = await client.call('POST', `/api/connections/${id}/refresh`);
    staying.answers.mode = 'normal';
    expect(reply.body).toMatchObject({ status: 503, code: 'PROVIDER_UNAVAILABLE' });
    const again = await client.call('POST', `/api/connections/${id}/refresh`);
    expect(again.body).toMatchObject({ refreshed: true, connection: { status: 'connected' } });
  });

  it('is waited for only so long: a hanging provider costs a caller PROVIDER_UNAVAILABLE and nothing else', async () => {
    const id = await connect('gmail');
    rotating.answers.mode = 'keep';
    const reply = await client.call('POST', `/api/connections/${id}/refresh`);
    expect(reply.body).toMatchObject({ status: 503, code: 'PROVIDER_UNAVAILABLE' });
    expect(await worksWithItsToken(id, rotating)).toBe(true);
    expect((await client.call('GET', `/api/connections/${id}`)).body).toMatchObject({
      status: 'connected',
      statusReason: null,
    });
    rotating.answers.mode = 'normal';
  });
}, 120_000);
