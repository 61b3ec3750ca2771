/** The lease of a connection: who may spend its refresh token, fenced by a number that only grows. */
import { and, eq, gt, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import type { ConnectionRow } from './connections.ts';
import type { Database } from './database.ts';
import { connections } from './schema.ts';

/** @returns the row as it is under the claim; null: somebody else holds it, or there is no such row */
export async function claimLease(
  { tables }: Database,
  id: string,
  leaseId: string,
  leaseMs: number,
): Promise<ConnectionRow | null> {
  const [row] = await tables
    .update(connections)
    .set({
      leaseId,
      leaseFence: sql`${connections.leaseFence} + 1`,
      leaseExpiresAt: sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`,
    })
    .where(
      and(
        eq(connections.id, id),
        or(isNull(connections.leaseExpiresAt), lt(connections.leaseExpiresAt, sql`clock_timestamp()`)),
      ),
    )
    .returning();
  return row ?? null;
}

/**
 * The last thing before the token request goes out. Fenced: an owner whose claim ran out, or was taken
 * over, gets false and must not send.
 * @param leastMs what must be left of the claim: longer than the request may take
 */
export async function recordIntent(
  { tables }: Database,
  row: Pick<ConnectionRow, 'id' | 'leaseId' | 'leaseFence' | 'version'>,
  leastMs: number,
): Promise<boolean> {
  const marked = await tables
    .update(connections)
    .set({ intentVersion: row.version })
    .where(
      and(
        ownsLease(row),
        eq(connections.version, row.version),
        gt(connections.leaseExpiresAt, sql`clock_timestamp() + ${leastMs} * interval '1 millisecond'`),
      ),
    )
    .returning({ id: connections.id });
  return marked.length > 0;
}

/** @param settled the token request is accounted for (answered, or never sent) */
export async function releaseLease(
  { tables }: Database,
  row: Pick<ConnectionRow, 'id' | 'leaseId' | 'leaseFence'>,
  settled: boolean,
): Promise<void> {
  await tables
    .update(connections)
    .set({ leaseId: null, leaseExpiresAt: null, ...(settled ? { intentVersion: null } : {}) })
    .where(ownsLease(row));
}

function ownsLease(row: Pick<ConnectionRow, 'id' | 'leaseId' | 'leaseFence'>): SQL | undefined {
  return and(
    eq(connections.id, row.id),
    eq(connections.leaseId, row.leaseId ?? ''),
    eq(connections.leaseFence, row.leaseFence),
  );
}

/** For whoever writes new credentials: whatever was under way is settled by them. */
export const NO_LEASE = { leaseId: null, leaseExpiresAt: null, intentVersion: null };
