/** A sweep goes on where it was after PostgreSQL or Temporal was killed under it, with servers of the test's own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startApi } from '../../hub/api/start-api.ts';
import type { Config } from '../../hub/config.ts';
import { migrateDatabase } from '../../hub/database/migrate.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { startPostgres, type EmbeddedDatabase } from '../../hub/embedded/postgres.ts';
import { findTemporalCli } from '../../hub/embedded/temporal-cli.ts';
import { startTemporal, type EmbeddedTemporal } from '../../hub/embedded/temporal-server.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createLogger } from '../../hub/log.ts';
import { SEARCH_ATTRIBUTES } from '../../hub/temporal/search-attributes.ts';
import { connectMany, standingOf } from '../setup/bulk.ts';
import { createClient } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { openOperator, type Operator } from '../setup/temporal.ts';

const CONNECTIONS = 200;
const AT_ONCE = 4;
const silent = () => {};

let folder: string;
let database: EmbeddedDatabase;
let temporal: EmbeddedTemporal;
let temporalPort: number;
let env: TestEnv;
let config: Config;
let sandbox: TestSandbox;
let operator: Operator;
let api: { close: () => Promise<void> };
let worker: HubProcess;

const openDatabaseServer = () => startPostgres(path.join(folder, 'postgres'), silent);
const openTemporalServer = async () =>
  startTemporal({
    cli: await findTemporalCli({
      cliPath: process.env['TEMPORAL_CLI_PATH'] ?? null,
      searchPath: process.env['PATH'] ?? '',
      say: silent,
    }),
    folder,
    historyFile: path.join(folder, 'temporal.db'),
    port: temporalPort,
    uiPort: null,
    searchAttributes: SEARCH_ATTRIBUTES,
  });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'integration-hub-killed-'));
  temporalPort = await freePort();
  [database, temporal] = await Promise.all([openDatabaseServer(), openTemporalServer()]);
  await migrateDatabase({ databaseUrl: database.url });
  ({ env } = await testEnv({
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    HUB_PROVIDER_TIMEOUT: '1500ms',
    HUB_REFRESH_LEASE: '3s',
  }));
  config = configOf(env);
  await ensureAdminKey(config, env['HUB_ADMIN_KEY'] ?? '');
  api = await startApi(config, createLogger('silent'));
  sandbox = await startTestSandbox();
  await setUpApps(createClient(config.publicUrl, env['HUB_ADMIN_KEY'] ?? ''), sandbox);
  operator = await openOperator(config);
  worker = await spawnHub('worker', env);
}, 120_000);
beforeEach(async () => {
  await sandbox.control('POST', '/reset');
  await ask((sql) => sql`truncate connections, events, circuits`);
  await sandbox.control('PUT', '/hubspot/behaviour', {
    rotation: 'single_use',
    token: { mode: 'slow', delayMs: 50 },
  });
  await connectMany(config, sandbox, 'hubspot', CONNECTIONS, { refreshDueAt: new Date(0) });
});
afterAll(async () => {
  await worker.kill('SIGTERM');
  await api.close();
  await Promise.all([operator.close(), sandbox.close()]);
  await temporal.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** With a connection of its own: those of before are dead. */
async function ask<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(database.url, { max: 1, onnotice: silent });
  return work(sql).finally(() => sql.end());
}
const standing = () => ask(standingOf);
const ledger = async () => (await sandbox.control('GET', '/hubspot/ledger')).counts;
const sweep = { pageSize: 50, perIntegration: AT_ONCE };

/** Begins a sweep, and kills a server in the middle of it. */
async function killedUnderway(kill: () => Promise<void>): Promise<void> {
  // Its result may be lost with the connection to Temporal; what it did is what counts.
  const first = operator.sweep('refreshSweep', sweep).catch(() => null);
  await expect.poll(async () => (await standing())['connected v2'] ?? 0).toBeGreaterThan(20);
  await kill();
  await first;
}

/** Whatever was left is the next sweeps' work. */
const eventually = () =>
  expect.poll(
    async () => {
      await operator.sweep('refreshSweep', sweep).catch(() => null);
      const { 'connected v1': left = 0 } = await standing();
      return left;
    },
    { timeout: 120_000, interval: 500 },
  );

it('PostgreSQL killed: no token is spent twice, none that was answered is lost, and the rest is done', async () => {
  await killedUnderway(async () => {
    process.kill(database.pid, 'SIGKILL');
    await database.stopped;
    database = await openDatabaseServer();
  });
  await eventually().toBe(0);
  const { 'connected v2': done = 0, 'error v1 REFRESH_OUTCOME_UNKNOWN': unknown = 0 } = await standing();
  expect(done + unknown).toBe(CONNECTIONS);
  // A claim whose writing was not heard of is taken for a request that went out: of those under way, at most.
  expect(unknown).toBeLessThanOrEqual(AT_ONCE * 4);
  const { tokenRequests, reused } = await ledger();
  expect(reused).toBe(0);
  expect(tokenRequests).toBeLessThanOrEqual(CONNECTIONS);
  expect(tokenRequests).toBeGreaterThanOrEqual(done);
}, 240_000);

it('Temporal killed: each is refreshed once', async () => {
  await killedUnderway(async () => {
    process.kill(temporal.pid, 'SIGKILL');
    await temporal.stopped;
    temporal = await openTemporalServer();
  });
  await eventually().toBe(0);
  expect(await standing()).toEqual({ 'connected v2': CONNECTIONS });
  expect(await ledger()).toMatchObject({ tokenRequests: CONNECTIONS, reused: 0 });
}, 240_000);
