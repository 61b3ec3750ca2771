/** Debug mode and what it keeps of a connection's requests. */
import { and, desc, eq, gt, lt, sql } from 'drizzle-orm';
import type { ConnectionRow } from './connections.ts';
import type { Database } from './database.ts';
import { connections, traces } from './schema.ts';

export type TraceRow = typeof traces.$inferSelect;
export type NewTrace = typeof traces.$inferInsert;

export const tracePlace = (id: string) => `traces/${id}/trace`;

/** The newest of each connection; an hour of a busy one would be gigabytes. */
const MOST_OF_A_CONNECTION = 500;

export async function addTraces({ tables }: Database, rows: NewTrace[]): Promise<void> {
  await tables.transaction(async (tx) => {
    await tx.insert(traces).values(rows);
    for (const id of new Set(rows.map(({ connectionId }) => connectionId)))
      await tx.execute(sql`
        delete from traces where connection_id = ${id} and id <= (
          select id from traces where connection_id = ${id} order by id desc offset ${MOST_OF_A_CONNECTION} limit 1
        )`);
  });
}

/** Newest first. @param before an id */
export async function listTraces(
  { tables }: Database,
  connectionId: string,
  before: string | null,
  limit: number,
): Promise<TraceRow[]> {
  return tables
    .select()
    .from(traces)
    .where(
      and(
        eq(traces.connectionId, connectionId),
        gt(traces.expiresAt, sql`now()`),
        before === null ? undefined : lt(traces.id, before),
      ),
    )
    .orderBy(desc(traces.id))
    .limit(limit);
}

/** @param until null: off at once */
export async function setDebug(
  { tables }: Database,
  connectionId: string,
  until: Date | null,
): Promise<ConnectionRow | null> {
  const [row] = await tables
    .update(connections)
    .set({ debugUntil: until })
    .where(eq(connections.id, connectionId))
    .returning();
  return row ?? null;
}

export async function deleteTraces({ tables }: Database, connectionId: string): Promise<void> {
  await tables.delete(traces).where(eq(traces.connectionId, connectionId));
}

/** @returns how many it took; 0: nothing is left to do */
export async function dropExpiredTraces({ tables }: Database, most: number): Promise<number> {
  const gone = await tables.execute(
    sql`delete from traces where id in (select id from traces where expires_at < now() limit ${most})`,
  );
  return gone.rowCount ?? 0;
}
