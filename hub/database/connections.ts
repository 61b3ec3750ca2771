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
import { and, asc, eq, gt, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Account } from '../../integrations/definition/integration.ts';
import type { Envelope } from '../vault/vault.ts';
import type { Database, Tx } from './database.ts';
import { insertEvent, type Origin } from './events.ts';
import {
  authorizations,
  connections,
  revocations,
  type ConnectionDraft,
  type EventType,
  type HealthCheck,
  type ReasonCode,
  type StatusReason,
} from './schema.ts';

export type ConnectionRow = typeof connections.$inferSelect;
export type Status = ConnectionRow['status'];

export const credentialsPlace = (connectionId: string) => `connections/${connectionId}/credentials`;
export const revocationPlace = (revocationId: string) => `revocations/${revocationId}/credentials`;

/** New credentials, sealed, with the facts that are kept beside them. */
export type SealedCredentials = {
  envelope: Envelope;
  scopes: string[];
  missingScopes: string[];
  expiresAt: Date | null;
  refreshable: boolean;
  refreshDueAt: Date | null;
};

export const reasonNow = (code: ReasonCode, message: string): StatusReason => ({
  code,
  message,
  since: new Date().toISOString(),
});

export async function findConnection({ tables }: Database, id: string): Promise<ConnectionRow | null> {
  const [row] = await tables.select().from(connections).where(eq(connections.id, id));
  return row ?? null;
}

export async function listConnections(
  { tables }: Database,
  filter: { userId?: string; integrationId?: string; status?: Status },
  after: string | null,
  limit: number,
): Promise<ConnectionRow[]> {
  return tables
    .select()
    .from(connections)
    .where(
      and(
        filter.userId === undefined ? undefined : eq(connections.userId, filter.userId),
        filter.integrationId === undefined ? undefined : eq(connections.integrationId, filter.integrationId),
        filter.status === undefined ? undefined : eq(connections.status, filter.status),
        after === null ? undefined : gt(connections.id, after),
      ),
    )
    .orderBy(asc(connections.id))
    .limit(limit);
}

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
    return insert(tx, { ...draft, id: uuidv7(), status: 'disconnected', statusReason: reason }, {});
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

/** A connection whose typed-in credentials were verified. The id was chosen before; a repeat changes nothing. */
export async function insertVerifiedConnection(
  { tables }: Database,
  id: string,
  draft: ConnectionDraft,
  credentials: SealedCredentials,
  account: Account | null,
  check: HealthCheck,
  origin: Origin,
): Promise<void> {
  await tables.transaction(async (tx) => {
    const [there] = await tx.select({ id: connections.id }).from(connections).where(eq(connections.id, id));
    if (there) return;
    const row = await insert(
      tx,
      {
        ...draft,
        id,
        status: 'connected',
        account,
        version: 1,
        lastHealthCheck: check,
        ...columnsOf(credentials),
        credentialsUpdatedAt: new Date(),
      },
      origin,
    );
    await insertEvent(tx, 'connection.connected', row, origin);
  });
}

async function insert(
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

// ── the lease: who may spend the refresh token ─────────────────────────────────────────────────────

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

const NO_LEASE = { leaseId: null, leaseExpiresAt: null, intentVersion: null };

// ── credentials ────────────────────────────────────────────────────────────────────────────────────

/**
 * Stores what a refresh answered, if the credentials are still the ones it was made from. Not fenced by
 * the lease on purpose: an answer to *this* version's refresh token is the truth even when it comes late.
 * @returns false: a newer version is there, or none
 */
export async function storeRefreshed(
  { tables }: Database,
  id: string,
  seenVersion: number,
  credentials: SealedCredentials,
  origin: Origin,
): Promise<boolean> {
  return tables.transaction(async (tx) => {
    const [before] = await tx.select().from(connections).where(eq(connections.id, id)).for('update');
    if (!before || before.version !== seenVersion || before.sealedCredentials === null) return false;
    await tx
      .update(connections)
      .set({
        ...columnsOf(credentials),
        ...NO_LEASE,
        version: seenVersion + 1,
        status: 'connected',
        statusReason: null,
        updatedAt: sql`clock_timestamp()`,
      })
      .where(eq(connections.id, id));
    await insertEvent(tx, 'connection.refreshed', before, origin);
    if (before.status === 'error') await insertEvent(tx, 'connection.recovered', before, origin);
    return true;
  });
}

/** New consent or newly typed credentials take the place of whatever was there. */
export async function storeAuthorized(
  { tables }: Database,
  id: string,
  credentials: SealedCredentials,
  found: { status: Status; reason: StatusReason | null; account: Account | null; check: HealthCheck },
  authorizationId: string,
  origin: Origin,
): Promise<void> {
  await tables.transaction(async (tx) => {
    const [taken] = await tx
      .update(authorizations)
      .set({ status: 'succeeded', sealedSession: null, sealedAnswer: null, sealedCredentials: null })
      .where(and(eq(authorizations.id, authorizationId), eq(authorizations.status, 'answered')))
      .returning({ id: authorizations.id });
    // A repeat of this activity, or the authorization was ended meanwhile (a disconnect): nothing to undo.
    if (!taken) return;
    const [row] = await tx
      .update(connections)
      .set({
        ...columnsOf(credentials),
        ...NO_LEASE,
        version: sql`${connections.version} + 1`,
        status: found.status,
        statusReason: found.reason,
        account: found.account,
        lastHealthCheck: found.check,
        updatedAt: sql`clock_timestamp()`,
      })
      .where(eq(connections.id, id))
      .returning();
    if (!row) return;
    await insertEvent(tx, 'connection.connected', row, origin);
    if (found.reason) await insertEvent(tx, 'connection.error', row, origin, found.reason.code);
  });
}

/**
 * Makes the credentials unusable here at once and keeps them, resealed, for the revocation.
 * @param reseal moves an envelope from the connection's place to the revocation's
 * @returns the revocation to carry out; null: there were no credentials, or no such connection
 */
export async function dropCredentials(
  { tables }: Database,
  id: string,
  reseal: (envelope: string, revocationId: string) => Envelope,
  giveUpAt: Date,
  origin: Origin,
): Promise<string | null> {
  return tables.transaction(async (tx) => {
    const [row] = await tx.select().from(connections).where(eq(connections.id, id)).for('update');
    if (!row) return null;
    await tx
      .update(authorizations)
      .set({
        status: 'failed',
        failure: 'disconnected',
        sealedSession: null,
        sealedAnswer: null,
        sealedCredentials: null,
      })
      .where(
        and(
          eq(authorizations.connectionId, id),
          sql`${authorizations.status} in ('pending', 'redirected', 'answered')`,
        ),
      );
    if (row.statusReason?.code === 'DISCONNECTED_BY_USER') return pendingRevocation(tx, id);
    const reason = reasonNow('DISCONNECTED_BY_USER', 'Disconnected here. Reconnect to use it again.');
    await tx
      .update(connections)
      .set({
        sealedCredentials: null,
        scopes: [],
        missingScopes: [],
        expiresAt: null,
        refreshable: false,
        refreshDueAt: null,
        ...NO_LEASE,
        version: row.version + 1,
        status: 'disconnected',
        statusReason: reason,
        updatedAt: sql`clock_timestamp()`,
        credentialsUpdatedAt: sql`clock_timestamp()`,
      })
      .where(eq(connections.id, id));
    await insertEvent(tx, 'connection.disconnected', row, origin, reason.code);
    return row.sealedCredentials === null
      ? null
      : addRevocation(tx, row, row.sealedCredentials, reseal, giveUpAt);
  });
}

/** For credentials that were answered for a connection that no longer wants any. */
export async function addOrphanRevocation(
  { tables }: Database,
  row: Pick<ConnectionRow, 'id' | 'integrationId' | 'config'>,
  envelope: string,
  reseal: (envelope: string, revocationId: string) => Envelope,
  giveUpAt: Date,
): Promise<string> {
  return addRevocation(tables, row, envelope, reseal, giveUpAt);
}

async function addRevocation(
  tx: Tx,
  row: Pick<ConnectionRow, 'id' | 'integrationId' | 'config'>,
  envelope: string,
  reseal: (envelope: string, revocationId: string) => Envelope,
  giveUpAt: Date,
): Promise<string> {
  const id = uuidv7();
  await tx.insert(revocations).values({
    id,
    connectionId: row.id,
    integrationId: row.integrationId,
    config: row.config,
    sealedCredentials: reseal(envelope, id),
    giveUpAt,
  });
  return id;
}

async function pendingRevocation(tx: Tx, connectionId: string): Promise<string | null> {
  const [row] = await tx
    .select({ id: revocations.id })
    .from(revocations)
    .where(eq(revocations.connectionId, connectionId));
  return row?.id ?? null;
}

function columnsOf({ envelope, ...facts }: SealedCredentials) {
  return { ...facts, sealedCredentials: envelope, credentialsUpdatedAt: sql`clock_timestamp()` };
}

// ── status ─────────────────────────────────────────────────────────────────────────────────────────

/**
 * Says what became of a connection whose credentials stay as they are, if they still are the ones it was
 * learnt from. An unchanged status and reason is not told again.
 */
export async function changeStatus(
  { tables }: Database,
  id: string,
  seenVersion: number,
  to: { status: Status; reason: StatusReason | null; check?: HealthCheck },
  origin: Origin,
): Promise<void> {
  await tables.transaction(async (tx) => {
    const [row] = await tx.select().from(connections).where(eq(connections.id, id)).for('update');
    if (!row || row.version !== seenVersion) return;
    const changed = row.status !== to.status || row.statusReason?.code !== to.reason?.code;
    await tx
      .update(connections)
      .set({
        ...(changed ? { status: to.status, statusReason: to.reason, updatedAt: sql`clock_timestamp()` } : {}),
        ...(to.check ? { lastHealthCheck: to.check } : {}),
      })
      .where(eq(connections.id, id));
    for (const type of changed ? eventsOf(row.status, to) : [])
      await insertEvent(tx, type, row, origin, to.reason?.code ?? null);
  });
}

const NEEDS_THE_USER: readonly ReasonCode[] = [
  'CREDENTIAL_REVOKED',
  'CREDENTIAL_EXPIRED',
  'REFRESH_OUTCOME_UNKNOWN',
];

function eventsOf(before: Status, to: { status: Status; reason: StatusReason | null }): EventType[] {
  if (to.status === 'connected') return before === 'connected' ? [] : ['connection.recovered'];
  if (to.status === 'disconnected') return [];
  const lost = to.reason !== null && NEEDS_THE_USER.includes(to.reason.code);
  return lost ? ['connection.error', 'connection.reauthorization_required'] : ['connection.error'];
}

/** A probe's result alone. */
export async function recordHealthCheck({ tables }: Database, id: string, check: HealthCheck): Promise<void> {
  await tables.update(connections).set({ lastHealthCheck: check }).where(eq(connections.id, id));
}

/** Written in batches, off the token path. Never moves backwards. */
export async function touchConnections({ tables }: Database, used: ReadonlyMap<string, Date>): Promise<void> {
  if (used.size === 0) return;
  const batch = JSON.stringify([...used].map(([id, at]) => ({ id, at })));
  await tables.execute(sql`
    update connections set last_used = greatest(last_used, used.at)
    from jsonb_to_recordset(${batch}::text::jsonb) as used (id text, at timestamptz)
    where connections.id = used.id`);
}
