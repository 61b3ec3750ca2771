/**
 * The event log as it grows, for the streams of one process. One look at the database serves all of them, and
 * none is taken while nobody waits. A stream asks for what comes after its position when it can take more, so
 * a slow one keeps nothing here: it reads from the database what has meanwhile left the memory.
 */
import {
  isSettled,
  lastEventSequence,
  listEvents,
  markEvents,
  type EventFilter,
  type EventMark,
  type EventRow,
} from '../database/events.ts';
import type { Hub } from '../hub.ts';
import { pause } from '../patience.ts';

export type Feed = {
  /**
   * Where a stream that begins now begins. Whoever learns it finds the effect of everything before it in the
   * database, and is told of everything after it.
   */
  now: (signal: AbortSignal) => Promise<number>;
  /** What comes after a position; waits for it, `waitMs` at most. @returns where to go on from */
  read: (
    filter: EventFilter,
    after: number,
    waitMs: number,
    signal: AbortSignal,
  ) => Promise<{ events: EventRow[]; position: number }>;
};

// An event is seen this much later than it could be; and so often the database is asked.
const LOOK_EVERY_MS = 200;
// What a stream takes from the database at a time, and what is kept of the latest events for all of them.
const PAGE = 200;
const TAIL = 500;

export function createFeed({ db, log }: Pick<Hub, 'db' | 'log'>): Feed {
  /** Up to here nothing can appear any more. */
  let horizon = 0;
  let mark: EventMark | null = null;
  let tail: { after: number; rows: EventRow[] } | null = null;
  let looking = false;
  const waiting = new Set<() => void>();

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    while (waiting.size > 0) {
      const grown = await advance().catch((error: unknown) => {
        log.warn({ err: error }, 'the event log could not be read');
        return false;
      });
      if (grown) for (const wake of waiting) wake();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    looking = false;
  }

  async function advance(): Promise<boolean> {
    if (mark === null && (await lastEventSequence(db)) <= horizon) return false;
    mark ??= await markEvents(db);
    if (!(await isSettled(db, mark))) return false;
    const range = { after: horizon, upTo: mark.sequence };
    const rows = await listEvents(db, {}, range, TAIL + 1);
    tail = rows.length > TAIL ? null : { after: horizon, rows };
    horizon = mark.sequence;
    mark = null;
    return true;
  }

  function grown(waitMs: number, signal: AbortSignal): Promise<void> {
    const waiter = new AbortController();
    const wake = () => waiter.abort();
    signal.addEventListener('abort', wake, { once: true });
    waiting.add(wake);
    void look();
    return pause(signal.aborted ? 0 : waitMs, waiter.signal).finally(() => {
      signal.removeEventListener('abort', wake);
      waiting.delete(wake);
    });
  }

  return {
    async now(signal) {
      const began = await markEvents(db);
      while (!signal.aborted && !(await isSettled(db, began))) await pause(LOOK_EVERY_MS, signal);
      return began.sequence;
    },

    async read(filter, after, waitMs, signal) {
      if (after >= horizon) await grown(waitMs, signal);
      if (after >= horizon || signal.aborted) return { events: [], position: after };
      const upTo = horizon;
      if (tail !== null && after >= tail.after) {
        const events = tail.rows.filter((row) => row.sequence > after && isWanted(filter, row));
        return { events, position: upTo };
      }
      const events = await listEvents(db, filter, { after, upTo }, PAGE);
      return { events, position: events.length < PAGE ? upTo : (events.at(-1)?.sequence ?? upTo) };
    },
  };
}

const isWanted = ({ userId, types, integrationId, connectionId }: EventFilter, row: EventRow): boolean =>
  (userId === undefined || row.userId === userId) &&
  (types === undefined || types.includes(row.type)) &&
  (integrationId === undefined || row.integrationId === integrationId) &&
  (connectionId === undefined || row.connectionId === connectionId);
