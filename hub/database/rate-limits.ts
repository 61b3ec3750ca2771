/** What a provider asks to be spared, shared by all processes: waits it asked for, and calls against its declared limit. */
import { and, eq, lt, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
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

/** One process at a time looks at a connection's budget and takes its share. */
export async function leaseCalls(
  { tables }: Database,
  connectionId: string,
  limit: RateLimit,
  wanted: number,
): Promise<RateLease> {
  return tables.transaction(async (tx) => {
    await tx.insert(rateBudgets).values({ connectionId, slots: [] }).onConflictDoNothing();
    const [row] = await tx
      .select({ slots: rateBudgets.slots, now: sql<string>`extract(epoch from clock_timestamp()) * 1000` })
      .from(rateBudgets)
      .where(eq(rateBudgets.connectionId, connectionId))
      .for('update');
    const { lease, slots } = grantCalls(row?.slots ?? [], Number(row?.now), limit, wanted);
    if (lease.calls > 0)
      await tx.update(rateBudgets).set({ slots }).where(eq(rateBudgets.connectionId, connectionId));
    return lease;
  });
}

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
