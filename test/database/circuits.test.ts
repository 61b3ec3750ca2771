/** A circuit is shared by all processes: here, several of its users with a database connection each. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createCircuits, type Circuits } from '../../hub/circuits.ts';
import { claimProbe } from '../../hub/database/circuits.ts';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { createLogger } from '../../hub/log.ts';
import { configOf, testEnv } from '../setup/hub.ts';
import postgres from 'postgres';

let drop: () => Promise<void>;
let databases: Database[];
let processes: Circuits[];
let sql: postgres.Sql;

const KEY = { integrationId: 'slack', host: 'slack.com' };
const DOWN = { kind: 'provider_unavailable' } as const;
const DURATIONS = { providerTimeout: 60_000, sweepInterval: 60_000 };

beforeAll(async () => {
  const made = await testEnv();
  ({ drop } = made);
  const config = configOf(made.env);
  databases = Array.from({ length: 4 }, () => openDatabase(config));
  sql = postgres(config.databaseUrl ?? '', { max: 1 });
});
beforeEach(async () => {
  await sql`truncate circuits`;
  startProcesses();
});
afterAll(async () => {
  await Promise.all([sql.end(), ...databases.map((db) => db.close())]);
  await drop();
});

/** Anew: what a process has seen it believes for a moment. */
const startProcesses = () => {
  processes = databases.map((db) =>
    createCircuits({ db, log: createLogger('silent'), durations: DURATIONS }),
  );
};
const [one, other] = [(): Circuits => processes[0] as Circuits, (): Circuits => processes[1] as Circuits];
const open = async () => {
  for (const connection of ['a', 'b', 'c']) await one().report(KEY, connection, DOWN);
};
const itsTurn = () => sql`update circuits set next_attempt_at = now() - interval '1 second'`;

it('opens with the third connection in a row, for all processes, and for that host alone', async () => {
  await one().report(KEY, 'a', DOWN);
  await one().report(KEY, 'b', DOWN);
  await one().report(KEY, 'b', DOWN);
  expect(await one().admit(KEY)).toEqual({ may: true, probe: false });
  await one().report(KEY, 'c', DOWN);
  expect(await other().admit(KEY)).toMatchObject({ may: false, why: 'open' });
  expect(await other().admit({ ...KEY, host: 'files.slack.com' })).toEqual({ may: true, probe: false });
});

it('begins the count anew with a good answer', async () => {
  await one().report(KEY, 'a', DOWN);
  await one().report(KEY, 'b', DOWN);
  await one().report(KEY, 'c', { kind: 'credential_revoked' });
  await one().report(KEY, 'd', DOWN);
  expect(await one().admit(KEY)).toEqual({ may: true, probe: false });
});

it('lets one of many ask when it is time, and none before', async () => {
  await open();
  const ask = () => Promise.all(processes.flatMap((all) => Array.from({ length: 5 }, () => all.admit(KEY))));
  expect((await ask()).filter(({ may }) => may)).toEqual([]);
  await itsTurn();
  startProcesses();
  expect((await ask()).filter(({ may }) => may)).toEqual([{ may: true, probe: true }]);
});

it('asks ever more seldom', async () => {
  await open();
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    await itsTurn();
    expect(await claimProbe(databases[0] as Database, KEY, 20_000, 240_000)).toBe(true);
    const [row] =
      await sql`select round(extract(epoch from next_attempt_at - now()))::int as pause from circuits`;
    pauses.push(row?.['pause'] as number);
  }
  expect(pauses).toEqual([40, 80, 160, 240, 240]);
});

it('closes with the first good answer, whoever gets it', async () => {
  await open();
  await other().report(KEY, 'somebody who pressed Test', { kind: 'ok' });
  expect(await other().admit(KEY)).toEqual({ may: true, probe: false });
});

it('waits as long as it was told, and no shorter for being told less afterwards', async () => {
  await one().report(KEY, 'a', { kind: 'rate_limited', retryAfterMs: 3_600_000 });
  await one().report(KEY, 'b', { kind: 'rate_limited', retryAfterMs: 1_000 });
  const admission = await other().admit(KEY);
  expect(admission).toMatchObject({ may: false, why: 'paused' });
  expect('until' in admission && admission.until.getTime() - Date.now()).toBeGreaterThan(3_500_000);
});
