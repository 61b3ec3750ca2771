/**
 * A worker is killed, or its database taken away, where a sweep does for many rows at once what a refresh needs:
 * claiming them and storing their answers. The places are reached by locks in the database, never by waiting.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type postgres from 'postgres';
import type { Config } from '../../hub/config.ts';
import { connectMany, standingOf } from '../setup/bulk.ts';
import { buildGates, endWaiting, GATES, waitingAt } from '../setup/gates.ts';
import type { TestEnv } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import type { TestSandbox } from '../setup/sandbox.ts';
import { openSweepStage, type SweepStage } from '../setup/sweep-stage.ts';
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts';
import type { Operator } from '../setup/temporal.ts';

const ROWS = 40;
const AT_ONCE = 8;

let stage: SweepStage;
let env: TestEnv;
let config: Config;
let sandbox: TestSandbox;
let operator: Operator;
let sql: postgres.Sql;
let database: TcpProxy;
let worker: HubProcess;

beforeAll(async () => {
  stage = await openSweepStage();
  ({ env, config, sandbox, operator, sql } = stage);
  const target = new URL(env['DATABASE_URL'] ?? '');
  database = await startTcpProxy({ host: target.hostname, port: Number(target.port) });
  await buildGates(sql);
});
beforeEach(async () => {
  await startNewWorker();
  await sandbox.control('PUT', '/hubspot/behaviour', { rotation: 'single_use' });
  await connectMany(config, sandbox, 'hubspot', ROWS, { refreshDueAt: new Date(0) });
});
afterEach(async () => {
  await worker.kill('SIGTERM');
  await stage.clear();
});
afterAll(async () => {
  await stage.close();
  await database.close();
});

async function startNewWorker(): Promise<void> {
  const url = new URL(env['DATABASE_URL'] ?? '');
  url.port = String(database.port);
  worker = await spawnHub('worker', { ...env, DATABASE_URL: url.href });
}

/** Brings a sweep to a gate, does something there, and lets it go on. @returns what became of its page's rows */
async function sweepHeldAt(gate: number, strike: () => Promise<unknown>) {
  const holder = await sql.reserve();
  await holder`select pg_advisory_lock(${gate})`;
  const swept = operator.sweep('refreshSweep', { pageSize: ROWS, perIntegration: AT_ONCE });
  await expect.poll(() => waitingAt(sql, gate), { timeout: 20_000 }).toBeGreaterThan(0);
  await strike();
  await holder`select pg_advisory_unlock(${gate})`;
  holder.release();
  return { swept, mend: () => database.mend() };
}

async function killWorker(gate: number): Promise<void> {
  await worker.kill('SIGKILL');
  // The dead worker's statements must not be carried out after all.
  await endWaiting(sql, gate);
}

const standing = () => standingOf(sql);
const ledger = async () => (await sandbox.control('GET', '/hubspot/ledger')).counts as Record<string, number>;
const eventsOf = async (type: string) =>
  (await sql`select count(*)::int as n from events where type = ${type}`)[0]?.['n'] as number;

/** Everything is accounted for: renewed with one event each, or said to be unknown; and nothing was spent twice. */
async function nothingLost(mostUnknown: number): Promise<{ unknown: number }> {
  const { 'connected v2': renewed = 0, 'error v1 REFRESH_OUTCOME_UNKNOWN': unknown = 0 } = await standing();
  expect(renewed + unknown).toBe(ROWS);
  expect(unknown).toBeLessThanOrEqual(mostUnknown);
  expect(await eventsOf('connection.refreshed')).toBe(renewed);
  expect((await ledger())['reused']).toBe(0);
  return { unknown };
}

it('killed before its claims are written: nothing was sent, and all are renewed by its successor', async () => {
  const { swept } = await sweepHeldAt(GATES.claim, () => killWorker(GATES.claim));
  await startNewWorker();
  expect(await swept).toMatchObject({ pages: 1, failedPages: 0 });
  expect((await nothingLost(0)).unknown).toBe(0);
  expect(await ledger()).toMatchObject({ tokenRequests: ROWS });
}, 120_000);

it('killed between the claims and the requests: only those claimed are unknown, not the page', async () => {
  const { swept } = await sweepHeldAt(GATES.claim, () => worker.kill('SIGKILL'));
  // The statement that the dead worker left is carried out: its rows are claimed, and nothing was sent for them.
  await expect
    .poll(async () => (await sql`select 1 from connections where intent_version is not null`).length)
    .toBeGreaterThan(0);
  expect((await ledger())['tokenRequests'] ?? 0).toBe(0);
  await startNewWorker();
  expect(await swept).toMatchObject({ pages: 1, failedPages: 0 });
  const { unknown } = await nothingLost(AT_ONCE);
  expect(unknown).toBeGreaterThan(0);
  expect(await ledger()).toMatchObject({ tokenRequests: ROWS - unknown });
}, 120_000);

it('killed between the answers and their store: only those under way are unknown, and no token is spent twice', async () => {
  const { swept } = await sweepHeldAt(GATES.store, () => killWorker(GATES.store));
  await startNewWorker();
  expect(await swept).toMatchObject({ pages: 1, failedPages: 0 });
  expect((await nothingLost(AT_ONCE)).unknown).toBeGreaterThan(0);
  expect(await ledger()).toMatchObject({ tokenRequests: ROWS });
}, 120_000);

it('a store that was carried out without the worker hearing of it: no answer is lost, none stored twice', async () => {
  const { swept, mend } = await sweepHeldAt(GATES.store, async () => database.cut());
  await expect.poll(async () => (await standing())['connected v2'] ?? 0).toBeGreaterThan(0);
  mend();
  expect(await swept).toMatchObject({ failedPages: 0 });
  expect((await nothingLost(0)).unknown).toBe(0);
  expect(await ledger()).toMatchObject({ tokenRequests: ROWS });
}, 120_000);

it('a row that PostgreSQL cannot store harms no other of its batch', async () => {
  const [one] = await sql<{ id: string }[]>`select id from connections order by id limit 1`;
  await sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$
    begin
      if new.version > old.version and new.id = '${one?.id}' then raise exception 'not this one'; end if;
      return new;
    end $$;
    create trigger refuse before update on connections for each row execute function refuse();`);
  try {
    const swept = await operator.sweep('refreshSweep', { pageSize: ROWS, perIntegration: AT_ONCE });
    expect(swept).toMatchObject({ failedPages: 0, counts: { refreshed: ROWS - 1, broken: 1 } });
    expect(await standing()).toEqual({ 'connected v2': ROWS - 1, 'connected v1': 1 });
    expect(await eventsOf('connection.refreshed')).toBe(ROWS - 1);
  } finally {
    await sql.unsafe('drop trigger refuse on connections; drop function refuse();');
  }
}, 120_000);
