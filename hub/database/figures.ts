/** What the database knows in numbers, for the metrics. */
import { count, isNull, sql } from 'drizzle-orm';
import { listCircuits } from './circuits.ts';
import type { Database } from './database.ts';
import { countDue, findLag } from './due.ts';
import { isSettled, lastEventSequence, markEvents, type EventMark } from './events.ts';
import { connections, deliveries, events, type EventType } from './schema.ts';
import { listTallies, type TallyRow } from './tallies.ts';

export type Figures = {
  connections: ConnectionFigures[];
  tallies: TallyRow[];
  /** Hosts of an integration that are not asked at the moment. */
  circuits: { integrationId: string; state: 'open' | 'paused'; count: number }[];
  /** Milliseconds. */
  lag: { refresh: number; health: number };
  /** How many connections each sweep has still to come to. */
  due: { refresh: number; health: number };
  /** Messages to webhooks that are under way or wait for their time. */
  deliveriesWaiting: number;
};

/** Of one integration and status. */
export type ConnectionFigures = {
  integrationId: string;
  status: string;
  count: number;
  /** Milliseconds since the oldest credentials that can be refreshed were stored; 0: there are none. */
  oldestToken: number;
  /** Could be refreshed, and have run out all the same. */
  expired: number;
};

export async function readFigures(db: Database): Promise<Figures> {
  const [byStatus, tallies, rows, refresh, health, due, deliveriesWaiting] = await Promise.all([
    countConnections(db),
    listTallies(db),
    listCircuits(db),
    findLag(db, 'refresh'),
    findLag(db, 'health'),
    countDue(db),
    countWaitingDeliveries(db),
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
  return { connections: byStatus, tallies, circuits, lag: { refresh, health }, due, deliveriesWaiting };
}

async function countWaitingDeliveries({ tables }: Database): Promise<number> {
  const [row] = await tables.select({ waiting: count() }).from(deliveries).where(isNull(deliveries.outcome));
  return row?.waiting ?? 0;
}

function countConnections({ tables }: Database): Promise<ConnectionFigures[]> {
  const { integrationId, status, refreshable, credentialsUpdatedAt, expiresAt } = connections;
  return tables
    .select({
      integrationId,
      status,
      count: count(),
      oldestToken:
        sql`coalesce(extract(epoch from now() - min(${credentialsUpdatedAt}) filter (where ${refreshable})) * 1000, 0)`.mapWith(
          Number,
        ),
      expired: sql`count(*) filter (where ${refreshable} and ${expiresAt} < now())`.mapWith(Number),
    })
    .from(connections)
    .groupBy(integrationId, status);
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
