/**
 * Walks through consent.
 *
 *   pending ──browser bound──▶ redirected ──callback taken, once──▶ answered ──▶ succeeded
 *      └───────────────┴──────────── expired, superseded, denied, … ────┴──────▶ failed
 *
 * Whatever is sealed in a row is wiped when the walk ends.
 */
import { and, eq, gt, inArray, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm';
import type { Envelope } from '../vault/vault.ts';
import type { Database } from './database.ts';
import { insertEvent, type Origin } from './events.ts';
import { authorizations, connections, type ConnectionDraft, type StatusReason } from './schema.ts';

export type AuthorizationRow = typeof authorizations.$inferSelect;

export const sessionPlace = (id: string) => `authorizations/${id}/session`;
export const answerPlace = (id: string) => `authorizations/${id}/answer`;
export const authorizedPlace = (id: string) => `authorizations/${id}/credentials`;

const WIPED = { sealedSession: null, sealedAnswer: null, sealedCredentials: null };

/** Begins a walk; older unfinished ones of the same connection are ended as superseded. @returns their ids */
export async function insertAuthorization(
  { tables }: Database,
  row: Pick<AuthorizationRow, 'id' | 'connectionId' | 'returnUrl' | 'scopes' | 'expiresAt'> & {
    ticketHash: string;
  },
): Promise<string[]> {
  return tables.transaction(async (tx) => {
    const older = await tx
      .update(authorizations)
      .set({ status: 'failed', failure: 'superseded', ...WIPED })
      .where(
        and(
          eq(authorizations.connectionId, row.connectionId),
          ne(authorizations.id, row.id),
          inArray(authorizations.status, ['pending', 'redirected']),
        ),
      )
      .returning({ id: authorizations.id });
    await tx.insert(authorizations).values(row);
    return older.map(({ id }) => id);
  });
}

/** Typed-in credentials that wait for the provider's word. */
export async function insertVerification(
  { tables }: Database,
  row: {
    id: string;
    connectionId: string;
    sealedCredentials: Envelope;
    draft: ConnectionDraft;
    expiresAt: Date;
  },
): Promise<void> {
  await tables.insert(authorizations).values({ ...row, status: 'answered' });
}

export async function findAuthorization({ tables }: Database, id: string): Promise<AuthorizationRow | null> {
  const [row] = await tables.select().from(authorizations).where(eq(authorizations.id, id));
  return row ?? null;
}

export async function findAuthorizationByTicket(
  { tables }: Database,
  hash: string,
): Promise<AuthorizationRow | null> {
  const [row] = await tables.select().from(authorizations).where(eq(authorizations.ticketHash, hash));
  return row ?? null;
}

export async function findAuthorizationByState(
  { tables }: Database,
  hash: string,
): Promise<AuthorizationRow | null> {
  const [row] = await tables.select().from(authorizations).where(eq(authorizations.stateHash, hash));
  return row ?? null;
}

/** The first browser that opens the link is the one. @returns whether this browser is it */
export async function bindBrowser({ tables }: Database, id: string, browserHash: string): Promise<boolean> {
  const bound = await tables
    .update(authorizations)
    .set({ browserHash })
    .where(and(eq(authorizations.id, id), isNull(authorizations.browserHash)))
    .returning({ id: authorizations.id });
  return bound.length > 0;
}

/** @returns false: the walk has ended meanwhile */
export async function recordRedirect(
  { tables }: Database,
  id: string,
  stateHash: string,
  sealedSession: Envelope,
): Promise<boolean> {
  const written = await tables
    .update(authorizations)
    .set({ status: 'redirected', stateHash, sealedSession })
    .where(and(eq(authorizations.id, id), inArray(authorizations.status, ['pending', 'redirected'])))
    .returning({ id: authorizations.id });
  return written.length > 0;
}

/** Takes the callback, once. @returns false: it was taken before, or the walk has ended, or its time is over */
export async function takeCallback(
  { tables }: Database,
  id: string,
  sealedAnswer: Envelope,
): Promise<boolean> {
  const taken = await tables
    .update(authorizations)
    .set({ status: 'answered', sealedAnswer })
    .where(
      and(
        eq(authorizations.id, id),
        eq(authorizations.status, 'redirected'),
        gt(authorizations.expiresAt, sql`clock_timestamp()`),
      ),
    )
    .returning({ id: authorizations.id });
  return taken.length > 0;
}

/** The code is about to be sent. @returns false: it was before, and it is never sent a second time (RFC 6749 §4.1.2) */
export async function startExchange({ tables }: Database, id: string): Promise<boolean> {
  const started = await tables
    .update(authorizations)
    .set({ exchangeStartedAt: sql`clock_timestamp()` })
    .where(
      and(
        eq(authorizations.id, id),
        eq(authorizations.status, 'answered'),
        isNull(authorizations.exchangeStartedAt),
      ),
    )
    .returning({ id: authorizations.id });
  return started.length > 0;
}

/** Nothing was spent: the provider was not reached, or said that it could not serve. */
export async function undoExchange({ tables }: Database, id: string): Promise<void> {
  await tables
    .update(authorizations)
    .set({ exchangeStartedAt: null })
    .where(and(eq(authorizations.id, id), isNull(authorizations.sealedCredentials)));
}

/** @returns false: the walk has ended meanwhile */
export async function storeExchanged({ tables }: Database, id: string, envelope: Envelope): Promise<boolean> {
  const stored = await tables
    .update(authorizations)
    .set({ sealedCredentials: envelope, sealedAnswer: null, sealedSession: null })
    .where(and(eq(authorizations.id, id), eq(authorizations.status, 'answered')))
    .returning({ id: authorizations.id });
  return stored.length > 0;
}

/**
 * Ends a walk without credentials. A connection that has working ones keeps its status; one that waits says why.
 * @param failure one word for the row; `reason` what the connection says
 */
export async function failAuthorization(
  { tables }: Database,
  id: string,
  failure: string,
  reason: StatusReason | null,
  origin: Origin,
): Promise<void> {
  await tables.transaction(async (tx) => {
    const [ended] = await tx
      .update(authorizations)
      .set({ status: 'failed', failure, ...WIPED })
      .where(
        and(eq(authorizations.id, id), inArray(authorizations.status, ['pending', 'redirected', 'answered'])),
      )
      .returning();
    if (!ended || reason === null) return;
    const [row] = await tx
      .update(connections)
      .set({ statusReason: reason, updatedAt: sql`clock_timestamp()` })
      .where(
        and(
          eq(connections.id, ended.connectionId),
          eq(connections.status, 'disconnected'),
          ne(sql`${connections.statusReason} ->> 'code'`, 'DISCONNECTED_BY_USER'),
        ),
      )
      .returning();
    if (row) await insertEvent(tx, 'connection.error', row, origin, reason.code);
  });
}

/** Ends the verification of typed-in credentials and forgets them. */
export async function endVerification({ tables }: Database, id: string): Promise<void> {
  await tables.delete(authorizations).where(eq(authorizations.id, id));
}

/** Sealed material of walks that nobody ended (their starter died): an hour past their time it is wiped. */
export async function wipeAbandoned({ tables }: Database): Promise<number> {
  const hourAgo = sql`clock_timestamp() - interval '1 hour'`;
  const wiped = await tables
    .update(authorizations)
    .set({ ...WIPED, status: 'failed', failure: 'abandoned' })
    .where(
      and(
        lt(authorizations.expiresAt, hourAgo),
        sql`(${isNotNull(authorizations.sealedSession)} or ${isNotNull(authorizations.sealedAnswer)} or ${isNotNull(authorizations.sealedCredentials)})`,
      ),
    )
    .returning({ id: authorizations.id });
  return wiped.length;
}
