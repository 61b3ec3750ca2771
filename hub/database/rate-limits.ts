/** What a provider asks to be spared, shared by all processes: waits it asked for, and calls against its declared limit. */
import { and, eq, lt, sql } from 'drizzle-orm';
import { prepared, type Database } from './database.ts';
import { gathered } from './gathered.ts';
import { rateBlocks, rateBudgets } from './schema.ts';

/** Never shortens a wait that is there; what has passed is cleared away with it. */
export async function blockCalls(
  { tables }: Database,
  connectionId: string,
  scope: string,
  waitMs: number,
): Promise<void> {
  const until = sql`clock_timestamp() + ${waitMs} * interval '1 millisecond'`;
  await tables
    .delete(rateBlocks)
    .where(and(eq(rateBlocks.connectionId, connectionId), lt(rateBlocks.until, sql`clock_timestamp()`)));
  await tables
    .insert(rateBlocks)
    .values({ connectionId, scope, until })
    .onConflictDoUpdate({
      target: [rateBlocks.connectionId, rateBlocks.scope],
      set: { until: sql`greatest(${rateBlocks.until}, excluded.until)` },
    });
}

export type RateLimit = { calls: number; perMs: number };
type Slots = [slot: number, calls: number][];

/**
 * A number of calls that may be made until `forMs` from now; unused ones are lost.
 * None: `waitMs` says when to ask again.
 */
export type RateLease = { calls: number; forMs: number } | { calls: 0; waitMs: number };

/**
 * A share of the connection's budget: read, reckoned here, and written back if nobody has changed it since. Calls that
 * are spread over many connections need a lease nearly each, so all who ask at the same moment share both statements.
 */
export async function leaseCalls(
  db: Database,
  connectionId: string,
  limit: RateLimit,
  wanted: number,
): Promise<RateLease> {
  for (;;) {
    const { before, nowMs } = await readBudget(db, connectionId);
    const { lease, slots } = grantCalls(before ?? [], nowMs, limit, wanted);
    if (lease.calls === 0 || (await replaceBudget(db, { connectionId, before, slots }))) return lease;
  }
}

/** `before` null: there is none yet. */
const readBudget = gathered<string, { before: Slots | null; nowMs: number }>(async (db, ids) => {
  const rows = await budgets(db).execute({ ids: JSON.stringify(ids) });
  const found = new Map(rows.map(({ id, before, nowMs }) => [id, { before, nowMs: Number(nowMs) }]));
  return ids.map((id) => found.get(id) ?? { before: null, nowMs: NaN });
});

/** Each a look by key: a join would read the whole of a small table. */
const budgets = prepared((tables) =>
  tables
    .select({
      id: sql<string>`asked.id`,
      before: sql<Slots | null>`(select slots from ${rateBudgets} where connection_id = asked.id)`,
      nowMs: sql<string>`extract(epoch from clock_timestamp()) * 1000`,
    })
    .from(sql`jsonb_array_elements_text(${sql.placeholder('ids')}::text::jsonb) as asked (id)`),
);

type Change = { connectionId: string; before: Slots | null; slots: Slots };

/** By one order of ids, so that no two processes wait for one another; a process asks for each once at a time. @returns false: somebody has changed it since */
const replaceBudget = gathered<Change, boolean>(async ({ tables }, changes) => {
  const { rows } = await tables.execute<{ id: string }>(sql`
    with wanted as (
      select * from jsonb_to_recordset(${JSON.stringify(changes)}::text::jsonb)
        as wanted ("connectionId" text, before jsonb, slots jsonb))
    insert into rate_budgets (connection_id, slots) select "connectionId", slots from wanted order by 1
    on conflict (connection_id) do update set slots = excluded.slots
      where rate_budgets.slots is not distinct from (
        select before from wanted where "connectionId" = rate_budgets.connection_id)
    returning connection_id as id`);
  const taken = new Set(rows.map(({ id }) => id));
  return changes.map(({ connectionId }) => taken.has(connectionId));
});

// A window is ten slots. Calls of a lease are made within its slot, so that ten whole slots and the current one
// hold everything of the last window: never more than the limit in any window, at up to a tenth of waste.
const SLOTS = 10;

export function grantCalls(
  before: Slots,
  nowMs: number,
  { calls, perMs }: RateLimit,
  wanted: number,
): { lease: RateLease; slots: Slots } {
  const slotMs = perMs / SLOTS;
  const slot = Math.floor(nowMs / slotMs);
  const recent = before.filter(([earlier]) => earlier >= slot - SLOTS);
  const taken = recent.reduce((sum, [, some]) => sum + some, 0);
  const granted = Math.min(wanted, calls - taken);
  if (granted <= 0) {
    const [oldest = slot] = recent[0] ?? [];
    return { lease: { calls: 0, waitMs: Math.ceil((oldest + SLOTS + 1) * slotMs - nowMs) }, slots: before };
  }
  const others = recent.filter(([earlier]) => earlier !== slot);
  const here = recent.find(([earlier]) => earlier === slot)?.[1] ?? 0;
  const slots: Slots = [...others, [slot, here + granted]];
  return { lease: { calls: granted, forMs: (slot + 1) * slotMs - nowMs }, slots };
}
