/** The audit log as it is read. */
import { and, asc, desc, eq, gt, gte, isNotNull, lt, or } from 'drizzle-orm';
import type { ChainedRow } from './audit.ts';
import type { Database } from './database.ts';
import { auditEntries, type AuditOutcome } from './schema.ts';

export type AuditFilter = {
  connectionId?: string | undefined;
  /** The id of a key, a user …, or of the user that a key works for. */
  actor?: string | undefined;
  action?: string | undefined;
  integrationId?: string | undefined;
  outcome?: AuditOutcome | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
};

/** Chained ones, by their sequence: a reader who goes on from the last one misses nothing. */
export async function listAuditEntries(
  { tables }: Database,
  filter: AuditFilter,
  { after, order }: { after: number | null; order: 'asc' | 'desc' },
  limit: number,
): Promise<ChainedRow[]> {
  const { connectionId, integrationId, actor, action, outcome, from, to } = filter;
  const rows = await tables
    .select()
    .from(auditEntries)
    .where(
      and(
        isNotNull(auditEntries.sequence),
        after === null ? undefined : (order === 'asc' ? gt : lt)(auditEntries.sequence, after),
        connectionId === undefined ? undefined : eq(auditEntries.connectionId, connectionId),
        integrationId === undefined ? undefined : eq(auditEntries.integrationId, integrationId),
        actor === undefined
          ? undefined
          : or(eq(auditEntries.actorId, actor), eq(auditEntries.actorUserId, actor)),
        action === undefined ? undefined : eq(auditEntries.action, action),
        outcome === undefined ? undefined : eq(auditEntries.outcome, outcome),
        from === undefined ? undefined : gte(auditEntries.at, from),
        to === undefined ? undefined : lt(auditEntries.at, to),
      ),
    )
    .orderBy((order === 'asc' ? asc : desc)(auditEntries.sequence))
    .limit(limit);
  return rows as ChainedRow[];
}
