/** The schedules are there whatever happened to them, and do as they are configured. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import postgres from 'postgres';
import { ensureSchedules } from '../../hub/temporal/schedules.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';
import { connectMany } from '../setup/bulk.ts';
import { configOf, startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { freshNamespace, openOperator, type Operator } from '../setup/temporal.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let operator: Operator;
let sql: postgres.Sql;

beforeAll(async () => {
  hub = await startHub({
    TEMPORAL_NAMESPACE: await freshNamespace(),
    HUB_SWEEPS: 'on',
    HUB_SWEEP_INTERVAL: '1s',
    HUB_HEALTH_INTERVAL: '1s',
  });
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  operator = await openOperator(hub.config);
  sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 2, onnotice: () => {} });
}, 120_000);
afterAll(async () => {
  await Promise.all([operator.close(), sql.end()]);
  await hub.close();
  await sandbox.close();
});

const HOUR = 3_600_000;
const NAMES = ['hub-refresh-sweep', 'hub-health-sweep', 'hub-usage-roll-up'];
const schedule = (name: string) => operator.client.schedule.getHandle(name);
/** What a worker does at its start. */
const ensure = (overrides: Record<string, string> = {}) => {
  const config = configOf({ ...hub.env, ...overrides });
  return ensureSchedules(config, createVault(parseKeyring(config.encryptionKeys ?? '')));
};
const intervals = async () =>
  Promise.all(
    NAMES.map(async (name) => (await schedule(name).describe()).spec.intervals?.map(({ every }) => every)),
  );

it('nobody asks, and yet tokens are renewed and connections tried', async () => {
  await connectMany(hub.config, sandbox, 'hubspot', 5, { refreshDueAt: new Date(0) });
  await connectMany(hub.config, sandbox, 'gmail', 5, { healthDueAt: new Date(0) });
  const done = async () =>
    (
      await sql`select count(*) filter (where version = 2)::int as refreshed, count(*) filter (where last_health_check is not null)::int as tried from connections`
    )[0];
  await expect.poll(done, { timeout: 40_000 }).toEqual({ refreshed: 5, tried: 10 });
});

it('one that was deleted is back with the next worker, also where several start at once', async () => {
  for (const name of NAMES) await schedule(name).delete();
  await Promise.all([ensure(), ensure(), ensure()]);
  for (const name of NAMES) expect((await schedule(name).describe()).policies.overlap).toBe('SKIP');
});

it('a changed interval is taken over', async () => {
  await ensure({ HUB_SWEEP_INTERVAL: '7s', HUB_HEALTH_INTERVAL: '5s' });
  await expect.poll(intervals).toEqual([[7_000], [5_000], [HOUR]]);
  await ensure();
  await expect.poll(intervals).toEqual([[1_000], [1_000], [HOUR]]);
});

it('one that an operator paused stays paused', async () => {
  const state = async () => (await schedule('hub-health-sweep').describe()).state;
  await schedule('hub-health-sweep').pause('looking at something');
  await expect.poll(state).toMatchObject({ paused: true });
  await ensure({ HUB_SWEEP_INTERVAL: '9s', HUB_HEALTH_INTERVAL: '9s' });
  await expect.poll(intervals).toEqual([[9_000], [9_000], [HOUR]]);
  expect(await state()).toMatchObject({ paused: true, note: 'looking at something' });
  await schedule('hub-health-sweep').unpause();
  await expect.poll(state).toMatchObject({ paused: false });
});

it('HUB_SWEEPS=off pauses all, and on again sets them going', async () => {
  // Temporal takes a change in a moment after it has answered.
  const paused = () =>
    expect.poll(() => Promise.all(NAMES.map(async (name) => (await schedule(name).describe()).state.paused)));
  await ensure({ HUB_SWEEPS: 'off' });
  await paused().toEqual([true, true, true]);
  await ensure();
  await paused().toEqual([false, false, false]);
});
