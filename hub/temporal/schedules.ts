/**
 * The schedules. Every worker sees to them at its start: made where there are none (or somebody deleted them),
 * brought to this configuration where there are. A schedule that an operator paused stays paused.
 */
import {
  Client,
  Connection,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
} from '@temporalio/client';
import type { RollUpInput } from '../../workflows/roll-up-usage.ts';
import type { SweepInput } from '../../workflows/sweeps.ts';
import type { Config } from '../config.ts';
import type { Vault } from '../vault/vault.ts';
import { connectionOptions } from './connection-options.ts';
import { createDataConverter } from './data-converter.ts';

export const SCHEDULES = ['hub-refresh-sweep', 'hub-health-sweep', 'hub-usage-roll-up'] as const;

const SWITCHED_OFF = 'HUB_SWEEPS=off';

/** Any number of workers may do this at once. @throws where Temporal does not answer, or refuses */
export async function ensureSchedules(config: Config, vault: Vault): Promise<void> {
  const connection = await Connection.connect(connectionOptions(config));
  const { namespace } = config.temporal;
  const client = new Client({ connection, namespace, dataConverter: createDataConverter(vault) });
  try {
    for (const options of schedulesOf(config)) await ensure(client, options, config.sweeps);
  } finally {
    await connection.close();
  }
}

type Wanted = ScheduleOptions & { action: { type: 'startWorkflow' } };

async function ensure(client: Client, options: Wanted, isOn: boolean): Promise<void> {
  const handle = client.schedule.getHandle(options.scheduleId);
  if (isOn) {
    const there = await client.schedule.create(options).then(
      () => false,
      (error: unknown) => {
        if (error instanceof ScheduleAlreadyRunning) return true;
        throw error;
      },
    );
    if (!there) return;
  }
  try {
    const { spec, action, policies } = options;
    await handle.update((before) => ({
      ...before,
      spec,
      action,
      policies: { ...before.policies, ...policies },
      state: { ...before.state, ...switched(before.state, isOn) },
    }));
  } catch (error) {
    // Deleted meanwhile, or never made: whoever starts next makes it.
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

/** A pause that is not ours stays. */
function switched({ paused, note }: { paused: boolean; note?: string | undefined }, isOn: boolean) {
  if (!isOn) return paused ? {} : { paused: true, note: SWITCHED_OFF };
  return paused && note === SWITCHED_OFF ? { paused: false, note: 'HUB_SWEEPS=on' } : {};
}

function schedulesOf(config: Config): Wanted[] {
  const { sweepInterval, healthInterval } = config.durations;
  return [
    schedule(config, 'hub-refresh-sweep', 'refreshSweep', sweepInterval, sweepInput(config)),
    // Each connection has its own time; those in trouble come sooner than the interval.
    schedule(
      config,
      'hub-health-sweep',
      'healthSweep',
      Math.min(sweepInterval, healthInterval),
      sweepInput(config),
    ),
    schedule(config, 'hub-usage-roll-up', 'rollUpUsage', ROLL_UP_EVERY_MS, rollUpInput(config)),
  ];
}

function schedule(
  config: Config,
  scheduleId: (typeof SCHEDULES)[number],
  workflowType: string,
  every: number,
  input: SweepInput | RollUpInput,
): Wanted {
  return {
    scheduleId,
    spec: { intervals: [{ every }] },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId: scheduleId,
      taskQueue: config.temporal.taskQueue,
      args: [input],
      // A run that hangs (a version that cannot replay it) must not keep all later ones from beginning.
      workflowRunTimeout: '2h',
    },
    // What was missed while nothing ran is still due: one sweep finds it.
    policies: { overlap: 'SKIP', catchupWindow: Math.max(every, 10_000) },
  };
}

const ROLL_UP_EVERY_MS = 3_600_000;

export const rollUpInput = ({ durations }: Pick<Config, 'durations'>): RollUpInput => ({
  keepHoursMs: durations.usageHours,
  keepDaysMs: durations.usageDays,
  most: 2_000,
  // About 12 events a round.
  roundsPerHistory: 250,
});

/**
 * 500 rows a page, 4 pages at once, 8 rows of an integration in each: at most 32 requests to one provider at a
 * time, by however many workers; at 200 ms an answer that is 160 a second.
 */
export function sweepInput(config: Pick<Config, 'durations'>): SweepInput {
  const { reconnectInitial, reconnectMax, reconnectGiveUp } = config.durations;
  return {
    pageSize: 500,
    pagesAtOnce: 4,
    perIntegration: 8,
    // 200,000 connections; then the next run goes on.
    pagesPerRun: 400,
    // About 12 events a page; Temporal warns at 10,240.
    pagesPerHistory: 250,
    reconnect: { initialMs: reconnectInitial, maxMs: reconnectMax, giveUpMs: reconnectGiveUp },
  };
}
