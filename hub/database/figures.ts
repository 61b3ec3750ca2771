/** What the database knows in numbers, for the metrics. */
import { count, sql } from 'drizzle-orm';
import { listCircuits } from './circuits.ts';
import type { Database } from './database.ts';
import { findLag } from './due.ts';
import { isSettled, lastEventSequence, markEvents, type EventMark } from './events.ts';
import { connections, events, type EventType } from './schema.ts';
import { listTallies, type TallyRow } from './tallies.ts';

export type Figures = {
  connections: { integrationId: string; status: string; count: number }[];
  tallies: TallyRow[];
  /** Hosts of an integration that are not asked at the moment. */
  circuits: { integrationId: string; state: 'open' | 'paused'; count: number }[];
  /** Milliseconds. */
  lag: { refresh: number; health: number };
};

export async function readFigures(db: Database): Promise<Figures> {
  const [byStatus, tallies, rows, refresh, health] = await Promise.all([
    db.tables
      .select({ integrationId: connections.integrationId, status: connections.status, count: count() })
      .from(connections)
      .groupBy(connections.integrationId, connections.status),
    listTallies(db),
    listCircuits(db),
    findLag(db, 'refresh'),
    findLag(db, 'health'),
  ]);
  const circuits = [...new Set(rows.map(({ integrationId }) => integrationId))].flatMap((integrationId) => {
    const own = rows.filter((row) => row.integrationId === integrationId);
    const open = own.filter(({ openedAt }) => openedAt !== null).length;
    const paused = own.filter(({ pausedUntil }) => pausedUntil && pausedUntil.getTime() > Date.now()).length;
    return [
      { integrationId, state: 'open' as const, count: open },
      { integrationId, state: 'paused' as const, count: paused },
    ];
  });
  return { connections: byStatus, tallies, circuits, lag: { refresh, health } };
}

/** Counts events from now on, each once, also those whose transaction ends late. */
export async function countEventsFromNow(db: Database): Promise<() => Promise<Map<EventType, number>>> {
  const counts = new Map<EventType, number>();
  let counted = await lastEventSequence(db);
  let mark: EventMark | null = null;
  return async () => {
    mark ??= await markEvents(db);
    if (!(await isSettled(db, mark))) return counts;
    const found = await db.tables
      .select({ type: events.type, count: count() })
      .from(events)
      .where(sql`${events.sequence} > ${counted} and ${events.sequence} <= ${mark.sequence}`)
      .groupBy(events.type);
    for (const one of found) counts.set(one.type, (counts.get(one.type) ?? 0) + one.count);
    counted = mark.sequence;
    mark = null;
    return counts;
  };
}
