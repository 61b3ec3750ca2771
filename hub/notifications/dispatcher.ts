/**
 * Starts a workflow for every delivery that is due. It asks the database every so often: LISTEN would be sooner,
 * but holds a session, which a pooler in transaction mode does not give. A claim that nobody takes up, because the
 * process died between claiming and starting, runs out and is claimed again; starting twice starts one workflow.
 */
import {
  claimDue,
  releaseClaim,
  withDueEndpoints,
  type ClaimedDelivery,
  type ClaimSettings,
} from '../database/deliveries.ts';
import { dampFlapping, type FlappingSettings } from '../database/flapping.ts';
import type { Hub } from '../hub.ts';
import { SLOTS } from './delivery.ts';
import { pause } from '../patience.ts';

/** Milliseconds. */
export type DispatchSettings = ClaimSettings & {
  flapping: FlappingSettings;
  /** Between two looks while nothing is due. */
  idleMs: number;
  /** Until a delivery that could not be started is tried again. */
  retryMs: number;
};

export const DISPATCH: DispatchSettings = {
  slots: SLOTS,
  claimMs: 60_000,
  endpoints: 100,
  flapping: { changes: 4, windowMs: 10 * 60_000, settleMs: 60_000, longestMs: 15 * 60_000 },
  idleMs: 300,
  retryMs: 2_000,
};

type Start = (delivery: ClaimedDelivery) => Promise<void>;

/** @param start returns once the workflow is there, whoever started it */
export function startDispatcher(
  hub: Pick<Hub, 'db' | 'log'>,
  start: Start,
  settings: DispatchSettings = DISPATCH,
): { close: () => Promise<void> } {
  const closing = new AbortController();
  const running = run();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const started = await dispatch(hub, start, settings).catch((error: unknown) => {
        hub.log.warn({ err: error }, 'deliveries could not be dispatched');
        return 0;
      });
      if (started === 0) await pause(settings.idleMs, closing.signal);
    }
  }
}

/** @returns how many workflows were started */
export async function dispatch(
  { db, log }: Pick<Hub, 'db' | 'log'>,
  start: Start,
  settings: DispatchSettings,
): Promise<number> {
  const claimed = await withDueEndpoints(db, settings.endpoints, async (tx, webhookIds) => {
    await dampFlapping(tx, webhookIds, settings.flapping);
    return claimDue(tx, webhookIds, settings);
  });
  const results = await Promise.allSettled(claimed.map(start));
  const failed = claimed.filter((_, i) => results[i]?.status === 'rejected');
  const [reason] = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  if (failed.length > 0)
    log.warn({ err: reason, deliveries: failed.length }, 'deliveries could not be started');
  for (const delivery of failed) await releaseClaim(db, delivery, settings.retryMs);
  return claimed.length - failed.length;
}
