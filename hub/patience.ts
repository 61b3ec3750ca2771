/** Waiting that keeps no process from its end. */
import { setTimeout as sleep } from 'node:timers/promises';

/** For what is done at the end of a process: it may not keep the process. @returns undefined: it is not done */
export const atMost = <T>(ms: number, work: Promise<T>): Promise<T | undefined> =>
  Promise.race([work, sleep(ms, undefined, { ref: false })]);

/** Waits, at most until the signal. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => {});
