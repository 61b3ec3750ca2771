/**
 * Links by which somebody without an account connects theirs.
 *
 *   open ──taken by a browser, once──▶ taken ──connected──▶ used
 *     │                                  └── not connected: the same browser may try again
 *     └── runs out, or is revoked
 */
import { randomBytes } from 'node:crypto';
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { hashToken } from './auth-adapter.ts';
import type { Database } from './database.ts';
import { connectLinks } from './schema.ts';

export type ConnectLinkRow = typeof connectLinks.$inferSelect;
type NewConnectLink = Pick<
  ConnectLinkRow,
  'integrationId' | 'userId' | 'createdBy' | 'name' | 'config' | 'scopes' | 'expiresAt'
>;

/** @returns the token itself, the only time it is seen */
export async function insertConnectLink(
  { tables }: Database,
  wanted: NewConnectLink,
): Promise<{ row: ConnectLinkRow; token: string }> {
  const token = `ihl_${randomBytes(32).toString('base64url')}`;
  const [row] = await tables
    .insert(connectLinks)
    .values({ id: uuidv7(), tokenHash: hashToken(token), ...wanted })
    .returning();
  if (!row) throw new Error('the link was not written');
  return { row, token };
}

export async function findConnectLink({ tables }: Database, token: string): Promise<ConnectLinkRow | null> {
  const [row] = await tables
    .select()
    .from(connectLinks)
    .where(eq(connectLinks.tokenHash, hashToken(token)));
  return row ?? null;
}

/** Of all browsers that come at once, one takes it. @returns null: it is not open any more */
export async function takeConnectLink(
  { tables }: Database,
  id: string,
  browser: string,
): Promise<ConnectLinkRow | null> {
  const [row] = await tables
    .update(connectLinks)
    .set({ takenAt: sql`now()`, browserHash: hashToken(browser) })
    .where(
      and(
        eq(connectLinks.id, id),
        isNull(connectLinks.takenAt),
        isNull(connectLinks.revokedAt),
        gt(connectLinks.expiresAt, sql`now()`),
      ),
    )
    .returning();
  return row ?? null;
}

/** Nothing came of it, and no connection is left: it is open again, for whoever has the link. */
export async function releaseConnectLink({ tables }: Database, id: string): Promise<void> {
  await tables
    .update(connectLinks)
    .set({ takenAt: null, browserHash: null })
    .where(and(eq(connectLinks.id, id), isNull(connectLinks.connectionId)));
}

export async function setLinkedConnection(
  { tables }: Database,
  id: string,
  connectionId: string,
): Promise<void> {
  await tables.update(connectLinks).set({ connectionId }).where(eq(connectLinks.id, id));
}

/** @param userId null: everybody's */
export async function listConnectLinks(
  { tables }: Database,
  userId: string | null,
  after: string | null,
  limit: number,
): Promise<ConnectLinkRow[]> {
  return tables
    .select()
    .from(connectLinks)
    .where(
      and(
        userId === null ? undefined : eq(connectLinks.userId, userId),
        after === null ? undefined : gt(connectLinks.id, after),
      ),
    )
    .orderBy(asc(connectLinks.id))
    .limit(limit);
}

/** @param userId null: everybody's. @returns null: there is none of that id */
export async function revokeConnectLink(
  { tables }: Database,
  id: string,
  userId: string | null,
): Promise<ConnectLinkRow | null> {
  const [row] = await tables
    .update(connectLinks)
    .set({ revokedAt: sql`coalesce(${connectLinks.revokedAt}, now())` })
    .where(and(eq(connectLinks.id, id), userId === null ? undefined : eq(connectLinks.userId, userId)))
    .returning();
  return row ?? null;
}
