/**
 * What is due, in the order of the due time: the sweeps page through it by keyset. A row that was dealt with
 * has a later due time, or none, so a page that is taken up again holds what is left of it.
 */
import { and, asc, count, eq, isNotNull, sql, type SQL } from 'drizzle-orm';
import { findConnectionWithApp, type ConnectionRow, type ConnectionWithApp } from './connections.ts';
import type { Database } from './database.ts';
import { circuits, connections } from './schema.ts';

export type Due = 'refresh' | 'health';
/** A place in that order. */
export type Cursor = { at: string; id: string };
/** After one place, up to and including another. */
export type PageRange = { after: Cursor | null; to: Cursor };

const COLUMNS = { refresh: connections.refreshDueAt, health: connections.healthDueAt };

/** @returns the end of the next page and how many are in it; null: nothing more is due */
export async function findPage(
  { tables }: Database,
  due: Due,
  before: string,
  after: Cursor | null,
  size: number,
): Promise<{ to: Cursor; count: number } | null> {
  const column = COLUMNS[due];
  const rows = await tables
    .select({ at: column, id: connections.id })
    .from(connections)
    .where(and(sql`${column} <= ${before}`, isAfter(column, after)))
    .orderBy(asc(column), asc(connections.id))
    .limit(size);
  const last = rows.at(-1);
  return last?.at ? { to: { at: last.at.toISOString(), id: last.id }, count: rows.length } : null;
}

/** A place in a page. Its row is read when its turn comes, and is left alone if it is due at another time by then. */
export type DueRow = { id: string; integrationId: string; at: Date | null };

export async function readPage({ tables }: Database, due: Due, { after, to }: PageRange): Promise<DueRow[]> {
  const column = COLUMNS[due];
  return tables
    .select({ id: connections.id, integrationId: connections.integrationId, at: column })
    .from(connections)
    .where(
      and(
        isAfter(column, after),
        sql`${column} <= ${to.at} and (${column}, ${connections.id}) <= (${to.at}, ${to.id})`,
      ),
    )
    .orderBy(asc(column), asc(connections.id));
}

/** @returns null: somebody else has dealt with it meanwhile */
export async function findStillDue(
  db: Database,
  due: Due,
  { id, at }: DueRow,
): Promise<ConnectionWithApp | null> {
  const row = await findConnectionWithApp(db, id);
  const now = due === 'refresh' ? row?.refreshDueAt : row?.healthDueAt;
  return row && now?.getTime() === at?.getTime() ? row : null;
}

// Two texts rather than one with a condition inside: the index is used in both. The bound of the column by itself says
// nothing new, but PostgreSQL takes a comparison of pairs for a third of the table, and read all of a million rows for
// each page.
const isAfter = (column: SQL | (typeof COLUMNS)[Due], after: Cursor | null) =>
  after === null
    ? undefined
    : sql`${column} >= ${after.at} and (${column}, ${connections.id}) > (${after.at}, ${after.id})`;

/** Puts one off, if its credentials are still the ones that were looked at and it is still to be looked after. */
export async function putOff(
  { tables }: Database,
  due: Due,
  { id, version }: Pick<ConnectionRow, 'id' | 'version'>,
  until: Date | null,
): Promise<void> {
  await tables
    .update(connections)
    .set(due === 'refresh' ? { refreshDueAt: until } : { healthDueAt: until })
    .where(and(eq(connections.id, id), eq(connections.version, version), isNotNull(COLUMNS[due])));
}

/** A real call has just proved these healthy: no look is needed for a while. Of those in trouble the look decides. */
export async function putOffProved(
  { tables }: Database,
  proved: { id: string; version: number; until: Date }[],
): Promise<void> {
  await tables.execute(sql`
    update connections set health_due_at = greatest(health_due_at, proved.until)
    from jsonb_to_recordset(${JSON.stringify(proved)}::text::jsonb) as proved (id text, version int, until timestamptz)
    where connections.id = proved.id and connections.version = proved.version and health_due_at is not null
      and status = 'connected' and status_reason is null
      and coalesce((last_health_check ->> 'ok')::boolean, true)`);
}

/** How long the oldest has been waiting, in milliseconds; those of a provider that is down are not counted. */
export async function findLag({ tables }: Pick<Database, 'tables'>, due: Due): Promise<number> {
  const column = COLUMNS[due];
  const [row] = await tables
    .select({ at: sql<string | null>`min(${column})` })
    .from(connections)
    .where(
      sql`${column} is not null and not exists (select 1 from ${circuits} where ${circuits.integrationId} = ${connections.integrationId} and ${circuits.openedAt} is not null)`,
    );
  return row?.at ? Math.max(Date.now() - new Date(row.at).getTime(), 0) : 0;
}

/** How many each sweep has still to come to. */
export async function countDue({ tables }: Pick<Database, 'tables'>): Promise<Record<Due, number>> {
  const countOf = async (column: (typeof COLUMNS)[Due]) => {
    const [row] = await tables
      .select({ due: count() })
      .from(connections)
      .where(sql`${column} <= now()`);
    return row?.due ?? 0;
  };
  const [refresh, health] = await Promise.all([countOf(COLUMNS.refresh), countOf(COLUMNS.health)]);
  return { refresh, health };
}
