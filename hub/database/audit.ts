/**
 * The audit log's rows. An entry is written before what it tells of is done, finished with what came of it, and then
 * chained, once, by whoever holds the chain's lock:
 *
 *   under way (no outcome) ──finished, or given up as unknown──▶ waiting (no sequence) ──▶ chained, for good
 *
 * Writers meet in no lock: the chain's order is made afterwards (`audit-chain.ts`).
 */
import { and, eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Database } from './database.ts';
import { auditEntries, type ActorKind, type AuditDetails, type AuditOutcome } from './schema.ts';

export type AuditRow = typeof auditEntries.$inferSelect;
export type ChainedRow = AuditRow & { sequence: number; hash: string; outcome: AuditOutcome };
/** @param userId the user that it is, or works for */
export type Actor = { kind: ActorKind; id: string | null; userId: string | null };
/** What is concerned, as far as it is known. */
export type About = {
  subjectId?: string | null;
  connectionId?: string | null;
  integrationId?: string | null;
  userId?: string | null;
};
export type NewEntry = About & {
  actor: Actor;
  action: string;
  subjectType: string;
  address?: string | null;
  requestId?: string | null;
  details?: AuditDetails;
};
export type Ending = About & {
  actor: Actor;
  outcome: AuditOutcome;
  code?: string | null;
  details: AuditDetails;
};

/** @param outcome of what is over already: a refusal @returns its id */
export async function insertAuditEntry(
  { tables }: Pick<Database, 'tables'>,
  entry: NewEntry,
  ended: { outcome: AuditOutcome; code: string | null } | null = null,
): Promise<string> {
  const id = uuidv7();
  const { actor, connectionId = null, integrationId = null, userId = null, ...rest } = entry;
  const { kind: actorKind, id: actorId, userId: actorUserId } = actor;
  await tables.insert(auditEntries).values({
    ...rest,
    ...ended,
    id,
    actorKind,
    actorId,
    actorUserId,
    connectionId,
    integrationId: ofConnection('integration_id', connectionId, integrationId),
    userId: ofConnection('user_id', connectionId, userId),
  });
  return id;
}

/** What is not said of a connection is as the connection has it. */
const ofConnection = (
  column: 'integration_id' | 'user_id',
  connectionId: string | null,
  said: string | null,
) =>
  sql<string>`coalesce(${said}::text, (select ${sql.identifier(column)} from connections where id = ${connectionId}))`;

/** Once: whatever is finished stays as it is. */
export async function finishAuditEntry(
  { tables }: Pick<Database, 'tables'>,
  id: string,
  ending: Ending,
): Promise<void> {
  const { actor, outcome, code = null, details, ...about } = ending;
  const connectionId = sql`coalesce(${about.connectionId ?? null}::text, ${auditEntries.connectionId})`;
  const known = (column: 'integration_id' | 'user_id', said: string | null | undefined) =>
    sql`coalesce(${said ?? null}::text, ${sql.identifier(column)},
      (select connections.${sql.identifier(column)} from connections where connections.id = ${connectionId}))`;
  await tables
    .update(auditEntries)
    .set({
      actorKind: actor.kind,
      actorId: actor.id,
      actorUserId: actor.userId,
      subjectId: sql`coalesce(${about.subjectId ?? null}::text, ${auditEntries.subjectId})`,
      connectionId,
      integrationId: known('integration_id', about.integrationId),
      userId: known('user_id', about.userId),
      outcome,
      code,
      details,
    })
    .where(and(eq(auditEntries.id, id), sql`${auditEntries.outcome} is null`));
}
