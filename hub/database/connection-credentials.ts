/**
 * A connection's credentials: stored, replaced, dropped. Only ever by compare-and-set on `version`, which goes
 * up with each change, so a late or repeated write finds a newer one and does nothing (invariants 1, 2 and 6).
 */
import { and, eq, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Account } from '../../integrations/definition/integration.ts';
import type { Envelope } from '../vault/vault.ts';
import { insertConnection, reasonNow, type ConnectionRow, type Status } from './connections.ts';
import type { Database, Tx } from './database.ts';
import { insertEvent, type Origin } from './events.ts';
import { NO_LEASE } from './lease.ts';
import {
  authorizations,
  connections,
  revocations,
  type ConnectionDraft,
  type HealthCheck,
  type StatusReason,
} from './schema.ts';

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
  healthDueAt: Date;
};

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
    const row = await insertConnection(
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
        healthDueAt: null,
        ...NO_LEASE,
        version: row.version + 1,
        status: 'disconnected',
        statusReason: reason,
        updatedAt: sql`clock_timestamp()`,
        // Stays null where there never were any: by that, an attempt that was given up is known.
        ...(row.sealedCredentials === null ? {} : { credentialsUpdatedAt: sql`clock_timestamp()` }),
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

/** The columns that change together. */
export function columnsOf({ envelope, ...facts }: SealedCredentials) {
  return { ...facts, sealedCredentials: envelope, credentialsUpdatedAt: sql`clock_timestamp()` };
}
