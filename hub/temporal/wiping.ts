/** What nobody needs any more is removed, every few minutes. Each worker does so; none waits for another's rows. */
import { wipeAbandoned } from '../database/authorizations.ts';
import { forgetQuietCircuits } from '../database/circuits.ts';
import { forgetDeliveries } from '../database/deliveries.ts';
import { forgetRoutine } from '../database/events.ts';
import type { Hub } from '../hub.ts';

const EVERY_MS = 10 * 60_000;
// For as long deliveries can be looked at and replayed.
const DELIVERIES_KEPT_MS = 30 * 24 * 60 * 60_000;
// So many go at a time that a statement stays short.
const AT_ONCE = 10_000;

/** @returns ends it, once the statement that is under way has its answer */
export function startWiping(
  { db, durations }: Pick<Hub, 'db' | 'durations'>,
  { everyMs, atOnce } = { everyMs: EVERY_MS, atOnce: AT_ONCE },
): () => Promise<void> {
  let stopped = false;
  const untilFew = async (forget: (most: number) => Promise<number>) => {
    while (!stopped && (await forget(atOnce)) >= atOnce);
  };
  const parts: (() => Promise<unknown>)[] = [
    // Sealed codes and typed-in credentials whose workflow never ended them.
    () => wipeAbandoned(db),
    () => forgetQuietCircuits(db),
    () => untilFew((most) => forgetDeliveries(db, DELIVERIES_KEPT_MS, most)),
    () => untilFew((most) => forgetRoutine(db, durations.eventsKeep, most)),
  ];
  // One that fails keeps no other from its turn. A database that does not answer now is asked the next time.
  const wipe = async () => {
    for (const part of parts) await part().catch(() => {});
  };
  let wiping = Promise.resolve();
  const timer = setInterval(() => void (wiping = wiping.then(wipe)), everyMs).unref();
  return async () => {
    stopped = true;
    clearInterval(timer);
    await wiping;
  };
}
