/** One row per integration and host that had trouble: shared by all processes, moved by compare-and-set. */
import { and, eq, isNotNull, lte, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { circuits } from './schema.ts';

export type CircuitRow = typeof circuits.$inferSelect;
export type CircuitKey = { integrationId: string; host: string };

/** Few: hosts that had trouble some time. */
export async function listCircuits({ tables }: Database): Promise<CircuitRow[]> {
  return tables.select().from(circuits);
}

/**
 * One more connection without an answer; opens the circuit when there are enough different ones.
 * @returns whether this one opened it
 */
export async function recordUnanswered(
  { tables }: Database,
  { integrationId, host }: CircuitKey,
  connectionId: string,
  openAfter: number,
  firstWaitMs: number,
): Promise<boolean> {
  const known = circuits.failedConnections;
  const failed = sql`case when ${connectionId}::text = any(${known}) then ${known} else array_append(${known}, ${connectionId}::text) end`;
  await tables
    .insert(circuits)
    .values({ integrationId, host, failedConnections: [connectionId] })
    .onConflictDoUpdate({
      target: [circuits.integrationId, circuits.host],
      set: { failedConnections: failed },
      setWhere: sql`${circuits.openedAt} is null`,
    });
  const opened = await tables
    .update(circuits)
    .set({
      openedAt: sql`clock_timestamp()`,
      attempts: 0,
      nextAttemptAt: sql`clock_timestamp() + ${firstWaitMs} * interval '1 millisecond'`,
    })
    .where(
      and(
        keyIs({ integrationId, host }),
        sql`${circuits.openedAt} is null and cardinality(${circuits.failedConnections}) >= ${openAfter}`,
      ),
    )
    .returning({ host: circuits.host });
  return opened.length > 0;
}

/**
 * The right to ask a host whose circuit is open. Of many who want it, one gets it; the others wait for the
 * next time, which is ever later.
 */
export async function claimProbe(
  { tables }: Database,
  key: CircuitKey,
  firstWaitMs: number,
  mostWaitMs: number,
): Promise<boolean> {
  const wait = sql`least(${mostWaitMs}::float8, ${firstWaitMs}::float8 * power(2, least(${circuits.attempts} + 1, 30)))`;
  const claimed = await tables
    .update(circuits)
    .set({
      attempts: sql`${circuits.attempts} + 1`,
      nextAttemptAt: sql`clock_timestamp() + ${wait} * interval '1 millisecond'`,
    })
    .where(and(keyIs(key), isNotNull(circuits.openedAt), lte(circuits.nextAttemptAt, sql`clock_timestamp()`)))
    .returning({ host: circuits.host });
  return claimed.length > 0;
}

/** A good answer. @returns whether it was open until now */
export async function closeCircuit({ tables }: Database, key: CircuitKey): Promise<boolean> {
  return tables.transaction(async (tx) => {
    const [before] = await tx.select().from(circuits).where(keyIs(key)).for('update');
    if (!before) return false;
    await tx
      .update(circuits)
      .set({ failedConnections: [], openedAt: null, attempts: 0, nextAttemptAt: null })
      .where(keyIs(key));
    return before.openedAt !== null;
  });
}

/** The provider asked to wait: never for less time than it was asked before. */
export async function pauseCircuit({ tables }: Database, key: CircuitKey, until: Date): Promise<void> {
  await tables
    .insert(circuits)
    .values({ ...key, pausedUntil: until })
    .onConflictDoUpdate({
      target: [circuits.integrationId, circuits.host],
      set: { pausedUntil: sql`greatest(${circuits.pausedUntil}, excluded.paused_until)` },
    });
}

const keyIs = ({ integrationId, host }: CircuitKey) =>
  and(eq(circuits.integrationId, integrationId), eq(circuits.host, host));
