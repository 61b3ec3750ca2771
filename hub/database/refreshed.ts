/**
 * Stores what refreshes answered, if the credentials are still the ones they were made from. Not fenced by the lease
 * on purpose: an answer to *this* version's refresh token is the truth even when it comes late.
 */
import { eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { columnsOf, type SealedCredentials } from './connection-credentials.ts';
import type { ConnectionRow } from './connections.ts';
import { isDatabaseFailure, type Database } from './database.ts';
import { insertEvent, OUTBOX, type Origin } from './events.ts';
import { gathered } from './gathered.ts';
import { NO_LEASE } from './lease.ts';
import { connections } from './schema.ts';

export type Refreshed = {
  id: string;
  /** Of the credentials whose refresh token was spent. */
  seenVersion: number;
  credentials: SealedCredentials;
  origin: Origin;
};

type Db = Pick<Database, 'tables'>;

/**
 * Those that need nothing else are stored together with their events; each of the others by itself, and so are all
 * where one of them keeps the rest from being stored.
 * @returns false: a newer version is there, or none
 */
export const storeRefreshed = gathered<Refreshed, boolean>(async (db, all) => {
  const stored = await storeTogether(db, all).catch((error: unknown) => {
    if (isDatabaseFailure(error)) throw error;
    return new Set<Refreshed>();
  });
  return all.map((one) => stored.has(one) || storeAlone(db, one));
});

/** A connection that is well, and whose row nobody else has locked, so that nobody waits for another's row. */
async function storeTogether({ tables }: Db, all: readonly Refreshed[]): Promise<Set<Refreshed>> {
  const byId = new Map(all.map((one) => [one.id, one]));
  const answered = [...byId.values()].map(({ id, seenVersion, credentials, origin }) => ({
    id,
    seenVersion,
    ...credentials,
    ...origin,
    eventId: uuidv7(),
  }));
  const { rows } = await tables.execute<{ id: string }>(sql`
    with answered as (
      select * from jsonb_to_recordset(${JSON.stringify(answered)}::text::jsonb) as answered (
        id text, "seenVersion" int, envelope text, scopes jsonb, "missingScopes" jsonb, refreshable boolean,
        "expiresAt" timestamptz, "refreshDueAt" timestamptz, "healthDueAt" timestamptz,
        "eventId" text, "workflowId" text, "runId" text)),
    usual as (
      select answered.*
      from answered join connections on connections.id = answered.id and version = answered."seenVersion"
      where sealed_credentials is not null and status = 'connected' and status_reason is null
      order by connections.id
      for update of connections skip locked),
    stored as (
      update connections set
        version = version + 1,
        sealed_credentials = usual.envelope,
        scopes = usual.scopes,
        missing_scopes = usual."missingScopes",
        refreshable = usual.refreshable,
        expires_at = usual."expiresAt",
        refresh_due_at = usual."refreshDueAt",
        health_due_at = usual."healthDueAt",
        lease_id = null, lease_expires_at = null, intent_version = null,
        credentials_updated_at = clock_timestamp(),
        updated_at = clock_timestamp()
      from usual where connections.id = usual.id
      returning usual."eventId" as id, connections.id as connection_id, integration_id, user_id,
        usual."workflowId" as workflow_id, usual."runId" as run_id),
    made as (select stored.*, 'connection.refreshed'::text as type, null::text as reason from stored),
    ${OUTBOX}
    select connection_id as id from made`);
  return new Set(rows.flatMap(({ id }) => byId.get(id) ?? []));
}

async function storeAlone(
  { tables }: Db,
  { id, seenVersion, credentials, origin }: Refreshed,
): Promise<boolean> {
  return tables.transaction(async (tx) => {
    const [before] = await tx.select().from(connections).where(eq(connections.id, id)).for('update');
    if (!before || before.version !== seenVersion || before.sealedCredentials === null) return false;
    const recovers = isMendedByRefresh(before);
    await tx
      .update(connections)
      .set({
        ...columnsOf(credentials),
        ...NO_LEASE,
        version: seenVersion + 1,
        ...(recovers ? { status: 'connected' as const, statusReason: null } : {}),
        updatedAt: sql`clock_timestamp()`,
      })
      .where(eq(connections.id, id));
    await insertEvent(tx, 'connection.refreshed', before, origin);
    if (recovers) await insertEvent(tx, 'connection.recovered', before, origin);
    return true;
  });
}

/** In trouble, and not for something that new tokens do not change: that only a test call can take back. */
function isMendedByRefresh({ status, statusReason }: ConnectionRow): boolean {
  if (statusReason?.code === 'PERMISSION_MISSING' || statusReason?.code === 'AUTHORIZATION_FAILED')
    return false;
  return status === 'error' || statusReason?.code === 'RECONNECTING';
}
