/**
 * The event log. An event is inserted in the transaction of the change that it tells of, and with it one
 * delivery for every webhook that wants it (the outbox): whatever becomes of this process, whoever takes up
 * deliveries finds them.
 *
 * Sequence numbers are handed out before their transactions commit, so a reader that goes by numbers alone
 * would step over an event that commits late. Readers of a whole stream therefore go up to a horizon below
 * which nothing can appear any more: see `markEvents`. (Ordering by transaction ids instead would need no
 * horizon, but those begin anew in a restored database, and every position a client has kept would be wrong.)
 */
import { and, asc, desc, eq, gt, inArray, lt, lte, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { isOneOf, type Database, type Tx } from './database.ts';
import { fromNow } from './deliveries.ts';
import { auditEntries, deliveries, events, ROUTINE_TYPES, webhooks, type EventType } from './schema.ts';

export type EventRow = typeof events.$inferSelect;
/** Which workflow run made it so, where one did. */
export type Origin = { workflowId?: string; runId?: string };
type Subject = { id: string; integrationId: string; userId: string };

/**
 * Also written in one statement: the deliveries to whoever wants to be told, and the audit log's entry of what a
 * workflow did. What somebody asked for has its entry from the request.
 */
export async function insertEvent(
  tx: Tx,
  type: EventType,
  subject: Subject,
  origin: Origin = {},
  reason: string | null = null,
): Promise<void> {
  await tx.execute(sql`
    with made as (
      select ${uuidv7()}::text as id, ${type}::text as type, ${subject.id}::text as connection_id,
        ${subject.integrationId}::text as integration_id, ${subject.userId}::text as user_id,
        ${reason}::text as reason, ${origin.workflowId ?? null}::text as workflow_id,
        ${origin.runId ?? null}::text as run_id),
    ${OUTBOX}
    select from made`);
}

/**
 * Parts of a statement that writes the events which another part of it, `made`, has in its rows: their id, type,
 * connection_id, integration_id, user_id, reason, workflow_id and run_id.
 */
export const OUTBOX = sql`
    event as (
      insert into ${events} (sequence, id, type, connection_id, integration_id, user_id, reason, workflow_id, run_id)
      -- The transaction has its id before it takes a number: markEvents relies on it.
      select case when pg_current_xact_id() is not null then nextval('events_sequence_seq') end,
        id, type, connection_id, integration_id, user_id, reason, workflow_id, run_id
      from made
      returning id, type, connection_id, integration_id, user_id, reason, workflow_id, run_id),
    audit as (
      insert into ${auditEntries} (id, actor_kind, actor_id, action, subject_type, subject_id,
        connection_id, integration_id, user_id, outcome, code, details)
      select gen_random_uuid(), 'workflow', workflow_id, type, 'connection', connection_id,
        connection_id, integration_id, user_id, 'done', reason, json_build_object('runId', run_id)
      from event
      where workflow_id is not null and type not in ${ROUTINE_TYPES}),
    delivery as (
      insert into ${deliveries} (webhook_id, event_id, event_type, connection_id)
      select webhook.id, event.id, event.type, event.connection_id
      from event join ${webhooks} webhook on webhook.enabled
        and webhook.events && array['*', split_part(event.type, '.', 1) || '.*', event.type]
        and (webhook.user_id is null or webhook.user_id = event.user_id)
        and (webhook.integration_ids is null or event.integration_id = any(webhook.integration_ids))
        and (webhook.connection_ids is null or event.connection_id = any(webhook.connection_ids)))`;

/** Oldest first, after a sequence number. */
export async function listConnectionEvents(
  { tables }: Database,
  connectionId: string,
  { after, order, types }: { after: number | null; order: 'asc' | 'desc'; types: EventType[] | undefined },
  limit: number,
): Promise<EventRow[]> {
  const further = order === 'asc' ? gt : lt;
  return tables
    .select()
    .from(events)
    .where(
      and(
        eq(events.connectionId, connectionId),
        after === null ? undefined : further(events.sequence, after),
        types === undefined ? undefined : inArray(events.type, types),
      ),
    )
    .orderBy((order === 'asc' ? asc : desc)(events.sequence))
    .limit(limit);
}

/** What a stream shows; undefined: all. */
export type EventFilter = {
  userId?: string | undefined;
  types?: EventType[] | undefined;
  integrationId?: string | undefined;
  connectionId?: string | undefined;
};

/** Oldest first, after a sequence number and up to a settled one. */
export async function listEvents(
  { tables }: Database,
  filter: EventFilter,
  { after, upTo }: { after: number; upTo: number },
  limit: number,
): Promise<EventRow[]> {
  const { userId, types, integrationId, connectionId } = filter;
  return tables
    .select()
    .from(events)
    .where(
      and(
        gt(events.sequence, after),
        lte(events.sequence, upTo),
        userId === undefined ? undefined : eq(events.userId, userId),
        types === undefined ? undefined : isOneOf(events.type, types),
        integrationId === undefined ? undefined : eq(events.integrationId, integrationId),
        connectionId === undefined ? undefined : eq(events.connectionId, connectionId),
      ),
    )
    .orderBy(asc(events.sequence))
    .limit(limit);
}

/** The highest number handed out, and a transaction that began after that. */
export type EventMark = { sequence: number; transaction: bigint };

/**
 * Every number up to `sequence` belongs to a transaction with an id below `transaction`; once all of those
 * have ended (`isSettled`) what is there up to `sequence` is all there will ever be.
 */
export async function markEvents(db: Database): Promise<EventMark> {
  const sequence = await lastEventSequence(db);
  // A statement of its own, after the number was read. The snapshot's xmax would not do: it follows the last
  // transaction that ended, and says nothing of those that have begun since.
  const { rows } = await db.tables.execute(sql`select pg_current_xact_id()::text as transaction`);
  return { sequence, transaction: BigInt(String(rows[0]?.['transaction'])) };
}

/** Has every transaction ended that could still bring an event up to the mark? */
export async function isSettled({ tables }: Database, mark: EventMark): Promise<boolean> {
  const { rows } = await tables.execute(
    sql`select pg_snapshot_xmin(pg_current_snapshot())::text as oldest_running`,
  );
  return BigInt(String(rows[0]?.['oldest_running'])) >= mark.transaction;
}

/** The highest number that was handed out, committed or not. */
export async function lastEventSequence({ tables }: Database): Promise<number> {
  const { rows } = await tables.execute(
    sql`select case when is_called then last_value else 0 end as last from events_sequence_seq`,
  );
  return Number(rows[0]?.['last']);
}

/** Routine events of long ago; a delivery that has still to tell one waits for days at most. @returns how many, `most` at a time */
export async function forgetRoutine({ tables }: Database, keptMs: number, most: number): Promise<number> {
  const { rowCount } = await tables.execute(sql`
    delete from ${events} where sequence in (
      select sequence from ${events}
      where type in ${ROUTINE_TYPES} and at < ${fromNow(-keptMs)}
      order by at limit ${most} for update skip locked)`);
  return rowCount ?? 0;
}
