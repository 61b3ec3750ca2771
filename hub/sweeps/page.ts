/**
 * One page of a sweep: its rows worked on with so many at a time per integration, so that a provider that is slow
 * keeps nobody else waiting. One row's failure is that row's.
 */
import { findStillDue, putOff, readPage, type Due, type DueRow, type PageRange } from '../database/due.ts';
import type { ConnectionRow, ConnectionWithApp } from '../database/connections.ts';
import { isDatabaseFailure } from '../database/database.ts';
import type { Hub } from '../hub.ts';
import { spread } from '../oauth/health-due.ts';
import type { PortableCredentials } from '../oauth/refresh-result.ts';

/** Needs more than a sweep: its credentials have run out and could not be renewed. */
export type Attention = {
  connectionId: string;
  integrationId: string;
  userId: string;
  version: number;
  /** The class of the last answer, and what people read of it. */
  verdict: string;
  message: string;
};
/** Answered and not stored: sealed, on its way to be stored for as long as that takes. */
export type Unstored = { connectionId: string; version: number; credentials: PortableCredentials };
/** Answered for a connection that was disconnected meanwhile. */
export type Orphan = { connectionId: string; integrationId: string; userId: string; revocationId: string };

/** Plain JSON: it is the activity's result, and its heartbeat's details. */
export type PageResult = {
  /** How many came to what. */
  counts: Record<string, number>;
  attention: Attention[];
  unstored: Unstored[];
  orphans: Orphan[];
  /** False: the worker is being stopped, or the database does not store; the same page is to be given out again. */
  finished: boolean;
};

/** What came of one row. `waiting`: its provider's circuit is open. */
export type Done = { outcome: string; attention?: Attention; unstored?: Unstored; orphan?: Orphan };

export type PageWork = {
  range: PageRange;
  /** What an earlier attempt had done before its worker died. */
  resumed: PageResult | null;
  perIntegration: number;
  /** Told with every step and kept by the caller. */
  progress: (soFar: PageResult) => void;
  stopping: AbortSignal;
};

/** @throws what keeps the database from answering; then the page is taken up again where it was left */
export async function workThrough(
  hub: Hub,
  due: Due,
  { range, resumed, perIntegration, progress, stopping }: PageWork,
  work: (row: ConnectionWithApp) => Promise<Done>,
): Promise<PageResult> {
  const result: PageResult = resumed ?? {
    counts: {},
    attention: [],
    unstored: [],
    orphans: [],
    finished: true,
  };
  let broken: Error | null = null as Error | null;
  const mayGoOn = () => !stopping.aborted && broken === null && result.unstored.length === 0;

  async function drain(places: DueRow[]): Promise<void> {
    // From the start: a page that is taken up again may bring answers which are to be stored before their rows' turn.
    for (let place; mayGoOn() && (place = places.shift());) {
      const done = await workOn(hub, due, place, work);
      if ('error' in done) broken = done.error;
      else add(result, done);
      progress(result);
    }
  }

  const queues = byIntegration(await readPage(hub.db, due, range));
  await Promise.all(
    queues.flatMap((places) =>
      Array.from({ length: Math.min(perIntegration, places.length) }, () => drain(places)),
    ),
  );
  if (broken !== null) throw broken;
  return { ...result, finished: mayGoOn() || queues.every((places) => places.length === 0) };
}

async function workOn(
  hub: Hub,
  due: Due,
  place: DueRow,
  work: (row: ConnectionWithApp) => Promise<Done>,
): Promise<Done | { error: Error }> {
  const row = await findStillDue(hub.db, due, place).catch(asError);
  if (row instanceof Error) return { error: row };
  if (row === null) return { outcome: 'current' };
  return work(row).catch((error: unknown) => failed(hub, due, row, error));
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

/** A row that cannot be worked on (an integration that is gone, a key that is missing) is not tried at every sweep. */
async function failed(
  hub: Hub,
  due: Due,
  row: ConnectionRow,
  error: unknown,
): Promise<Done | { error: Error }> {
  if (error instanceof Error && isDatabaseFailure(error)) return { error };
  hub.log.warn(
    { connectionId: row.id, integrationId: row.integrationId, err: error },
    `${due} sweep: row failed`,
  );
  try {
    await putOff(hub.db, due, row, spread(hub.durations.healthInterval));
    return { outcome: 'broken' };
  } catch (late) {
    return { error: late instanceof Error ? late : new Error('the row could not be put off') };
  }
}

function byIntegration(places: DueRow[]): DueRow[][] {
  const queues = new Map<string, DueRow[]>();
  for (const place of places) {
    const queue = queues.get(place.integrationId);
    if (queue) queue.push(place);
    else queues.set(place.integrationId, [place]);
  }
  return [...queues.values()];
}

function add(result: PageResult, { outcome, attention, unstored, orphan }: Done): void {
  result.counts[outcome] = (result.counts[outcome] ?? 0) + 1;
  if (attention) result.attention.push(attention);
  if (unstored) result.unstored.push(unstored);
  if (orphan) result.orphans.push(orphan);
}
