/** A worker tells Prometheus what Temporal's SDK knows of it, where an operator wants that. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../hub/embedded/ports.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { openOperator, type Operator } from '../setup/temporal.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let worker: HubProcess;
let operator: Operator;

beforeAll(async () => {
  const listener = `127.0.0.1:${await freePort()}`;
  ({ env, drop } = await testEnv({ HUB_WORKER_METRICS: listener }));
  worker = await spawnHub('worker', env);
  operator = await openOperator(configOf(env));
});
afterAll(async () => {
  await operator.close();
  await worker.kill('SIGTERM');
  await drop();
});

it('shows slots, tasks and requests of the worker, under the units that Prometheus expects', async () => {
  await operator.sweep('refreshSweep');
  const response = await fetch(`http://${env['HUB_WORKER_METRICS']}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  const text = await response.text();
  for (const name of [
    'temporal_worker_task_slots_available',
    'temporal_num_pollers',
    'temporal_workflow_completed_total',
    'temporal_request_latency_seconds_bucket',
    'temporal_activity_schedule_to_start_latency_seconds_bucket',
  ])
    expect(text).toContain(`\n${name}{`);
  expect(text).toMatch(/temporal_workflow_completed_total\{[^}]*workflow_type="refreshSweep"[^}]*\} 1\n/);
});

it('says which variable to change where another program has the port', async () => {
  await expect(spawnHub('worker', env)).rejects.toThrow(/HUB_WORKER_METRICS: port \d+ is taken/);
});
