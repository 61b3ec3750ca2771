/** A connection whose credentials have run out and cannot be renewed at the moment: what it says of itself meanwhile. */
import { eq, sql } from 'drizzle-orm';
import { needsTheUser, type ConnectionRow } from './connections.ts';
import type { Database } from './database.ts';
import { insertEvent, type Origin } from './events.ts';
import { connections, type StatusReason } from './schema.ts';

/** `reconnecting`: go on. Anything else: somebody else has settled it, or the user has. */
export type Standing = 'reconnecting' | 'recovered' | 'disconnected' | 'needs_user' | 'superseded';

/**
 * Writes when it is tried next. The status stays what it is: only a provider's no ends a connection.
 * @param wish.first whoever begins; afterwards a connection that says something else is left alone
 * @param wish.watchAt when the sweeps look whether anybody still does this
 */
export async function recordReconnecting(
  { tables }: Database,
  id: string,
  wish: { version: number; first: boolean; reason: StatusReason; why: string; watchAt: Date },
  origin: Origin,
): Promise<Standing> {
  return tables.transaction(async (tx) => {
    const [row] = await tx.select().from(connections).where(eq(connections.id, id)).for('update');
    const standing = standingOf(row, wish.version, wish.first);
    if (!row || standing !== 'reconnecting') return standing;
    const isNew = row.statusReason?.code !== 'RECONNECTING';
    await tx
      .update(connections)
      .set({
        statusReason: { ...wish.reason, since: isNew ? wish.reason.since : (row.statusReason?.since ?? '') },
        refreshDueAt: row.refreshDueAt && wish.watchAt,
        healthDueAt: row.healthDueAt && wish.watchAt,
        updatedAt: sql`clock_timestamp()`,
      })
      .where(eq(connections.id, id));
    if (isNew) await insertEvent(tx, 'connection.reconnecting', row, origin, wish.why);
    return standing;
  });
}

export function standingOf(row: ConnectionRow | undefined | null, version: number, first: boolean): Standing {
  if (!row || row.sealedCredentials === null) return 'disconnected';
  if (needsTheUser(row.statusReason)) return 'needs_user';
  if (row.version === version && (first || row.statusReason?.code === 'RECONNECTING')) return 'reconnecting';
  return row.status === 'connected' && row.statusReason === null ? 'recovered' : 'superseded';
}
