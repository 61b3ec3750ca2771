/** The lease of a connection: who may spend its refresh token, fenced by a number that only grows. */
import { and, eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { ConnectionRow } from './connections.ts';
import { gathered } from './gathered.ts';
import type { Database } from './database.ts';
import { connections } from './schema.ts';

/** `unaccounted`: an earlier owner was about to send this version's refresh token, and nothing is known since. */
export type Claim = { id: string; leaseId: string; leaseFence: number; unaccounted: boolean };

type Wish = Pick<ConnectionRow, 'id' | 'version'> & { leaseMs: number };

/**
 * The last thing before the token request goes out: the lease is taken and the intent recorded, for many rows by
 * one statement and for each alone. A row that somebody else has locked is passed over, so that nobody waits here.
 *
 * @returns null: somebody else holds it, or it is no longer the version that was looked at, or was rejected meanwhile
 */
export const claimToSend = gathered<Wish, Claim | null>(async ({ tables }, wishes) => {
  const wanted = wishes.map((wish) => ({ ...wish, leaseId: uuidv7() }));
  const { rows } = await tables.execute<Omit<Claim, 'leaseFence'> & { leaseFence: string }>(sql`
    with wanted as (
      select * from jsonb_to_recordset(${JSON.stringify(wanted)}::text::jsonb)
        as wanted (id text, version int, "leaseId" text, "leaseMs" float8)),
    free as (
      select wanted.*, intent_version is not distinct from connections.version as unaccounted
      from wanted join connections on connections.id = wanted.id and connections.version = wanted.version
      where (lease_expires_at is null or lease_expires_at < clock_timestamp())
        and coalesce(status_reason ->> 'code', '') not in ('CREDENTIAL_REVOKED', 'REFRESH_OUTCOME_UNKNOWN')
      order by connections.id
      for update of connections skip locked)
    update connections set
      lease_id = free."leaseId",
      lease_fence = lease_fence + 1,
      lease_expires_at = clock_timestamp() + free."leaseMs" * interval '1 millisecond',
      intent_version = connections.version
    from free where connections.id = free.id
    returning connections.id, lease_id as "leaseId", lease_fence as "leaseFence", free.unaccounted`);
  const claims = new Map(rows.map((row) => [row.leaseId, { ...row, leaseFence: Number(row.leaseFence) }]));
  return wanted.map(({ leaseId }) => claims.get(leaseId) ?? null);
});

/** As long as its owner waits for an answer: nobody else may send the same token meanwhile. Nothing, where it has passed on. */
export async function renewLease({ tables }: Database, claim: Claim, leaseMs: number): Promise<void> {
  await tables
    .update(connections)
    .set({ leaseExpiresAt: sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'` })
    .where(isHeldBy(claim));
}

/** @param settled the token request is accounted for (answered, or never sent) */
export async function releaseLease({ tables }: Database, claim: Claim, settled: boolean): Promise<void> {
  await tables
    .update(connections)
    .set({ leaseId: null, leaseExpiresAt: null, ...(settled ? { intentVersion: null } : {}) })
    .where(isHeldBy(claim));
}

const isHeldBy = ({ id, leaseId, leaseFence }: Claim) =>
  and(eq(connections.id, id), eq(connections.leaseId, leaseId), eq(connections.leaseFence, leaseFence));

/** For whoever writes new credentials: whatever was under way is settled by them. */
export const NO_LEASE = { leaseId: null, leaseExpiresAt: null, intentVersion: null };
