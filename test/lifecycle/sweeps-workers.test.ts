/** Sweeps by real worker processes: several at once, and one that is killed in the middle. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Config } from '../../hub/config.ts';
import { connectMany, standingOf } from '../setup/bulk.ts';
import type { TestEnv } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import type { TestSandbox } from '../setup/sandbox.ts';
import { openSweepStage, type SweepStage } from '../setup/sweep-stage.ts';
import type { Operator } from '../setup/temporal.ts';

let stage: SweepStage;
let env: TestEnv;
let config: Config;
let sandbox: TestSandbox;
let operator: Operator;
let workers: HubProcess[] = [];

const DUE = { refreshDueAt: new Date(0) };

beforeAll(async () => {
  stage = await openSweepStage();
  ({ env, config, sandbox, operator } = stage);
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.kill('SIGTERM')));
  workers = [];
  await stage.clear();
});
afterAll(() => stage.close());

const start = async (count: number) => {
  workers.push(...(await Promise.all(Array.from({ length: count }, () => spawnHub('worker', env)))));
};
const standing = () => standingOf(stage.sql);
const ledger = async () => (await sandbox.control('GET', '/hubspot/ledger')).counts;
const behave = (behaviour: object) => sandbox.control('PUT', '/hubspot/behaviour', behaviour);

it('two workers and two sweeps at once refresh what is due once', async () => {
  await start(2);
  await behave({ rotation: 'single_use' });
  await connectMany(config, sandbox, 'hubspot', 200, DUE);
  const small = { pageSize: 20 };
  await Promise.all([operator.sweep('refreshSweep', small), operator.sweep('refreshSweep', small)]);
  expect(await standing()).toEqual({ 'connected v2': 200 });
  expect(await ledger()).toMatchObject({ tokenRequests: 200, reused: 0 });
}, 120_000);

it('a page is taken up where a killed worker left it, and no refresh token is spent twice', async () => {
  await start(1);
  await behave({ rotation: 'single_use', token: { mode: 'slow', delayMs: 100 } });
  await connectMany(config, sandbox, 'hubspot', 60, DUE);
  const result = operator.sweep('refreshSweep', { pageSize: 60, perIntegration: 4 });
  await expect.poll(async () => (await standing())['connected v2'] ?? 0).toBeGreaterThan(8);
  await sandbox.control('PATCH', '/hubspot/behaviour', { holdAnswers: true });
  const held = async () => (await sandbox.control('GET', '/hubspot/behaviour')).held as number;
  await expect.poll(held).toBe(4);
  await workers[0]?.kill('SIGKILL');
  await sandbox.control('POST', '/hubspot/release', {});
  await start(1);
  expect(await result).toMatchObject({ pages: 1, failedPages: 0 });
  // Four tokens were spent and their answers lost with the worker: that is said, and nothing is sent again.
  expect(await standing()).toEqual({ 'connected v2': 56, 'error v1 REFRESH_OUTCOME_UNKNOWN': 4 });
  expect(await ledger()).toMatchObject({ tokenRequests: 60, reused: 0 });
}, 120_000);

it('a page of a worker that is stopped is given to another, and nothing under way is lost', async () => {
  await start(1);
  await behave({ rotation: 'single_use', token: { mode: 'slow', delayMs: 200 } });
  await connectMany(config, sandbox, 'hubspot', 60, DUE);
  const result = operator.sweep('refreshSweep', { pageSize: 60, perIntegration: 4 });
  await expect.poll(async () => (await standing())['connected v2'] ?? 0).toBeGreaterThan(8);
  await workers[0]?.kill('SIGTERM');
  expect((await standing())['connected v2']).toBeLessThan(60);
  await start(1);
  expect(await result).toMatchObject({ pages: 1, failedPages: 0, counts: { refreshed: 60 } });
  expect(await standing()).toEqual({ 'connected v2': 60 });
  expect(await ledger()).toMatchObject({ tokenRequests: 60, reused: 0 });
}, 120_000);
