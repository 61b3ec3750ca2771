/** One sweep by the hub, and the same work by the bare loop; what both took. */
import { Client, Connection } from '@temporalio/client';
import type { SweepInput, SweepResult } from '../workflows/sweeps.ts';
import type { Config } from '../hub/config.ts';
import { createDataConverter } from '../hub/temporal/data-converter.ts';
import { sweepInput } from '../hub/temporal/schedules.ts';
import { parseKeyring } from '../hub/vault/keyring.ts';
import { createVault } from '../hub/vault/vault.ts';
import { startProgram, startWorkerProcess, watchMemory, type Running } from './processes.ts';
import { countDue, makeDue, setUpApp, type Due } from './rows.ts';
import type { Env, Stage } from './stage.ts';

export type Ran = { seconds: number; memory: number[] };
export type Swept = Ran & {
  /** Of all runs that continued one another. */
  events: number;
  /** What a hosted Temporal counts. */
  actions: number;
};

export type Sweeping = {
  config: Config;
  hub: (due: Due) => Promise<Swept>;
  bare: (due: Due) => Promise<Ran>;
  /** A new worker: what an earlier sweep left in its memory is gone. */
  restartWorker: () => Promise<void>;
  close: () => Promise<void>;
};

/** A hub with its worker, and the stand-in provider. Rows are the caller's. */
export async function openSweeping(stage: Stage, answerMs: number): Promise<Sweeping> {
  const { env, config } = await stage.freshHub();
  const standIn = await startProgram('stand-in.ts', [String(answerMs)]);
  await setUpApp(config, String(standIn.said));
  const connection = await Connection.connect({ address: config.temporal.address ?? '' });
  const vault = createVault(parseKeyring(config.encryptionKeys ?? ''));
  const client = new Client({ connection, dataConverter: createDataConverter(vault) });
  let worker = await startWorkerProcess(env);
  return {
    config,
    async hub(due) {
      await makeDue(config, due);
      const end = watchMemory(worker.pid);
      const began = performance.now();
      const ids = await runSweep(client, config, due);
      const seconds = (performance.now() - began) / 1000;
      const memory = end();
      await mustBeDone(config, due);
      return { seconds, memory, ...(await cost(client, ids)) };
    },
    async bare(due) {
      await makeDue(config, due);
      const loop = await startBareLoop(env, config, due, String(standIn.said));
      const end = watchMemory(loop.pid);
      const began = performance.now();
      await loop.ask('go');
      const seconds = (performance.now() - began) / 1000;
      const memory = end();
      await loop.close();
      await mustBeDone(config, due);
      return { seconds, memory };
    },
    async restartWorker() {
      await worker.close();
      worker = await startWorkerProcess(env);
    },
    async close() {
      await worker.close();
      await Promise.all([connection.close(), standIn.close()]);
    },
  };
}

/** One integration: so many rows of it are under way in the hub. */
function startBareLoop(env: Env, config: Config, due: Due, standIn: string): Promise<Running> {
  const { pagesAtOnce, perIntegration, pageSize } = sweepInput(config);
  return startProgram('bare-sweep.ts', [due, standIn, `${pagesAtOnce * perIntegration}`, `${pageSize}`], env);
}

async function runSweep(client: Client, config: Config, due: Due): Promise<string> {
  const workflowId = `${due}-${Date.now()}`;
  // All in one sweep, however many: the schedule would begin the next one.
  const input: SweepInput = { ...sweepInput(config), pagesPerRun: Number.MAX_SAFE_INTEGER };
  const result = (await client.workflow.execute(`${due}Sweep`, {
    taskQueue: config.temporal.taskQueue,
    workflowId,
    args: [input],
  })) as SweepResult;
  if (result.failedPages > 0) throw new Error(`${result.failedPages} pages failed`);
  return workflowId;
}

async function mustBeDone(config: Config, due: Due): Promise<void> {
  const left = await countDue(config, due);
  if (left > 0) throw new Error(`${left} connections are still due: the figures would say nothing`);
}

// https://docs.temporal.io/cloud/actions: also heartbeats, which the history does not keep.
const ACTIONS = [
  'workflowExecutionStartedEventAttributes',
  'activityTaskScheduledEventAttributes',
  'timerStartedEventAttributes',
  'startChildWorkflowExecutionInitiatedEventAttributes',
  'upsertWorkflowSearchAttributesEventAttributes',
] as const;

async function cost(client: Client, workflowId: string): Promise<{ events: number; actions: number }> {
  const total = { events: 0, actions: 0 };
  const runs = client.workflow.list({ query: `WorkflowId = '${workflowId}'` });
  for await (const { runId } of runs) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    total.events += events?.length ?? 0;
    total.actions += (events ?? []).filter((event) => ACTIONS.some((name) => event[name])).length;
  }
  return total;
}
