/**
 * Connections.
 *
 *   disconnected ──authorized──▶ connected ◀──recovered── error
 *        ▲                          │  └──rejected, unknown──▶ │
 *        └──────────disconnected────┴──────────────────────────┘
 *
 * Credentials change only by compare-and-set on `version`, which goes up with each change, so a late or
 * repeated write finds a newer version and does nothing (invariants 1, 2 and 6).
 */
import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { AppRow } from './apps.ts';
import { prepared, type Database, type Tx } from './database.ts';
import { insertEvent, type Origin } from './events.ts';
import { gathered } from './gathered.ts';
import {
  apps,
  authorizations,
  connections,
  type ConnectionDraft,
  type EventType,
  type HealthCheck,
  type ReasonCode,
  type StatusReason,
} from './schema.ts';

export type ConnectionRow = typeof connections.$inferSelect;
export type Status = ConnectionRow['status'];

export const reasonNow = (code: ReasonCode, message: string): StatusReason => ({
  code,
  message,
  since: new Date().toISOString(),
});

export const findConnection = gathered<string, ConnectionRow | null>(async (db, ids) => {
  const rows = await byIds(db).execute({ ids: JSON.stringify(ids) });
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id) ?? null);
});

const isAmongIds = sql`${connections.id} in (select jsonb_array_elements_text(${sql.placeholder('ids')}::text::jsonb))`;
const byIds = prepared((tables) => tables.select().from(connections).where(isAmongIds));

/** A connection and what its integration is set up with, for whoever calls its provider. */
export type ConnectionWithApp = ConnectionRow & { app: AppRow | null };

export const findConnectionWithApp = gathered<string, ConnectionWithApp | null>(async (db, ids) => {
  const rows = await withAppsByIds(db).execute({ ids: JSON.stringify(ids) });
  const found = new Map(rows.map(({ connection, app }) => [connection.id, { ...connection, app }]));
  return ids.map((id) => found.get(id) ?? null);
});

const withAppsByIds = prepared((tables) =>
  tables
    .select({ connection: connections, app: apps })
    .from(connections)
    .leftJoin(apps, eq(apps.integrationId, connections.integrationId))
    .where(isAmongIds),
);

export async function listConnections(
  { tables }: Database,
  filter: { userId?: string; integrationId?: string; status?: Status; q?: string },
  after: string | null,
  limit: number,
  order: 'asc' | 'desc' = 'asc',
): Promise<ConnectionRow[]> {
  return tables
    .select()
    .from(connections)
    .where(
      and(
        filter.userId === undefined ? undefined : eq(connections.userId, filter.userId),
        filter.integrationId === undefined ? undefined : eq(connections.integrationId, filter.integrationId),
        filter.status === undefined ? undefined : eq(connections.status, filter.status),
        filter.q === undefined ? undefined : mentions(filter.q),
        // Begun and given up before there were credentials: it never was a connection.
        sql`not (${connections.credentialsUpdatedAt} is null and ${connections.statusReason} ->> 'code' is not distinct from 'DISCONNECTED_BY_USER')`,
        after === null ? undefined : (order === 'asc' ? gt : lt)(connections.id, after),
      ),
    )
    .orderBy((order === 'asc' ? asc : desc)(connections.id))
    .limit(limit);
}

/** The name, or the account's name, has these characters in it, whatever their case. */
const mentions = (text: string) =>
  sql`position(lower(${text}) in lower(${connections.name} || ' ' || coalesce(${connections.account} ->> 'name', ''))) > 0`;

/** A connection that waits for its consent. */
export async function insertAwaitingConnection(
  { tables }: Database,
  draft: ConnectionDraft,
): Promise<ConnectionRow> {
  return tables.transaction(async (tx) => {
    const reason = reasonNow(
      'AWAITING_AUTHORIZATION',
      'Waiting for the user to allow access at the provider.',
    );
    return insertConnection(tx, { ...draft, id: uuidv7(), status: 'disconnected', statusReason: reason }, {});
  });
}

/** A connection without credentials that is to be authorised again says so; one that has some keeps its status. */
export async function markAwaiting({ tables }: Database, id: string): Promise<ConnectionRow | null> {
  const reason = reasonNow('AWAITING_AUTHORIZATION', 'Waiting for the user to allow access at the provider.');
  const [row] = await tables
    .update(connections)
    .set({ statusReason: reason, updatedAt: sql`clock_timestamp()` })
    .where(and(eq(connections.id, id), eq(connections.status, 'disconnected')))
    .returning();
  return row ?? null;
}

/** For a POST that could not be finished: nothing half-done is left. Only while it never had credentials. */
export async function removeUnstartedConnection({ tables }: Database, id: string): Promise<void> {
  await tables.transaction(async (tx) => {
    await tx.delete(authorizations).where(eq(authorizations.connectionId, id));
    await tx.delete(connections).where(and(eq(connections.id, id), eq(connections.version, 0)));
    await tx.execute(sql`delete from events where connection_id = ${id}`);
  });
}

/** Also writes that it was created. */
export async function insertConnection(
  tx: Tx,
  values: typeof connections.$inferInsert,
  origin: Origin,
): Promise<ConnectionRow> {
  const [row] = await tx.insert(connections).values(values).returning();
  if (!row) throw new Error('the connection was not written');
  await insertEvent(tx, 'connection.created', row, origin);
  return row;
}

export async function updateDetails(
  { tables }: Database,
  id: string,
  details: { name?: string; config?: Record<string, unknown> },
): Promise<ConnectionRow | null> {
  return tables.transaction(async (tx) => {
    const [row] = await tx
      .update(connections)
      .set({ ...details, updatedAt: sql`now()` })
      .where(eq(connections.id, id))
      .returning();
    if (row && details.config !== undefined) await insertEvent(tx, 'connection.config_changed', row);
    return row ?? null;
  });
}

/** What became of a connection, and when it is to be looked at again. */
export type Standing = {
  status: Status;
  reason: StatusReason | null;
  check?: HealthCheck;
  healthDueAt?: Date;
  /** Only while it says this. */
  onlyFrom?: ReasonCode;
};

/**
 * Says what became of a connection whose credentials stay as they are, if they still are the ones it was
 * learnt from and nothing was learnt since. An unchanged status and reason is not told again.
 */
export async function changeStatus(
  { tables }: Database,
  id: string,
  seenVersion: number,
  wish: Standing,
  origin: Origin,
): Promise<void> {
  await tables.transaction(async (tx) => {
    const [row] = await tx.select().from(connections).where(eq(connections.id, id)).for('update');
    if (!row || row.version !== seenVersion || isLate(row, wish.check)) return;
    if (wish.onlyFrom !== undefined && row.statusReason?.code !== wish.onlyFrom) return;
    // What waits for its user goes on saying why: that its token runs out and is refused is nothing new.
    const isOldNews = wish.status === 'error' && needsTheUser(row.statusReason);
    const to = isOldNews ? { ...wish, reason: row.statusReason } : wish;
    const changed = row.status !== to.status || row.statusReason?.code !== to.reason?.code;
    await tx
      .update(connections)
      .set({
        ...(changed ? { status: to.status, statusReason: to.reason, updatedAt: sql`clock_timestamp()` } : {}),
        ...(to.check ? { lastHealthCheck: to.check } : {}),
        ...dueColumns(row, to),
      })
      .where(eq(connections.id, id));
    if (to.check && outcomeChanged(row, to.check)) await insertHealthEvent(tx, row, to.check, origin);
    for (const type of changed ? eventsOf(row, to) : [])
      await insertEvent(tx, type, row, origin, to.reason?.code ?? null);
  });
}

/** What waits for the user is left alone; what came back is looked after again. */
function dueColumns(row: ConnectionRow, { status, reason, healthDueAt }: Standing) {
  if (needsTheUser(reason)) return { refreshDueAt: null, healthDueAt: null };
  const refreshable = status === 'connected' && row.refreshable;
  return {
    ...(refreshable ? { refreshDueAt: row.refreshDueAt ?? row.expiresAt } : {}),
    ...(healthDueAt === undefined ? {} : { healthDueAt }),
  };
}

const NEEDS_THE_USER: readonly ReasonCode[] = [
  'CREDENTIAL_REVOKED',
  'CREDENTIAL_EXPIRED',
  'REFRESH_OUTCOME_UNKNOWN',
];

export const needsTheUser = (reason: Pick<StatusReason, 'code'> | null): boolean =>
  reason !== null && NEEDS_THE_USER.includes(reason.code);

function eventsOf(before: ConnectionRow, to: Standing): EventType[] {
  const wasWell = before.status === 'connected' && before.statusReason?.code !== 'RECONNECTING';
  if (to.status === 'connected') return wasWell ? [] : ['connection.recovered'];
  if (to.status === 'disconnected') return [];
  return needsTheUser(to.reason)
    ? ['connection.error', 'connection.reauthorization_required']
    : ['connection.error'];
}

/** A probe's result alone, of the credentials of that version. */
export async function recordHealthCheck(
  { tables }: Database,
  id: string,
  seenVersion: number,
  check: HealthCheck,
  healthDueAt: Date | null,
  origin: Origin,
): Promise<void> {
  await tables.transaction(async (tx) => {
    const [row] = await tx.select().from(connections).where(eq(connections.id, id)).for('update');
    if (!row || row.version !== seenVersion || isLate(row, check)) return;
    await tx
      .update(connections)
      .set({ lastHealthCheck: check, healthDueAt: row.healthDueAt && healthDueAt })
      .where(eq(connections.id, id));
    if (outcomeChanged(row, check)) await insertHealthEvent(tx, row, check, origin);
  });
}

/** Something newer is known already. */
const isLate = (row: ConnectionRow, check: HealthCheck | undefined) =>
  check !== undefined && row.lastHealthCheck !== null && row.lastHealthCheck.at > check.at;

/** Nothing heard so far is taken for good: a first good answer is no change. */
const outcomeChanged = (row: ConnectionRow, check: HealthCheck) =>
  (row.lastHealthCheck?.outcome ?? 'ok') !== check.outcome;

const insertHealthEvent = (tx: Tx, row: ConnectionRow, { outcome }: HealthCheck, origin: Origin) =>
  insertEvent(tx, 'connection.health_changed', row, origin, outcome === 'ok' ? null : outcome.toUpperCase());

/** Written in batches, off the token path. Never moves backwards. */
export async function touchConnections({ tables }: Database, used: ReadonlyMap<string, Date>): Promise<void> {
  if (used.size === 0) return;
  const batch = JSON.stringify([...used].map(([id, at]) => ({ id, at })));
  await tables.execute(sql`
    update connections set last_used = greatest(last_used, used.at)
    from jsonb_to_recordset(${batch}::text::jsonb) as used (id text, at timestamptz)
    where connections.id = used.id`);
}
