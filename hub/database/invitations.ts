/** Links by which somebody becomes a user. */
import { randomBytes } from 'node:crypto';
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { hashToken } from './auth-adapter.ts';
import type { Database } from './database.ts';
import { invitations } from './schema.ts';

export type InvitationRow = typeof invitations.$inferSelect;
type NewInvitation = Pick<InvitationRow, 'role' | 'email' | 'userId' | 'createdBy' | 'expiresAt'>;

const isOpen = and(isNull(invitations.usedAt), gt(invitations.expiresAt, sql`now()`));

/** @returns the token itself, the only time it is seen */
export async function insertInvitation(
  { tables }: Database,
  wanted: NewInvitation,
): Promise<{ row: InvitationRow; token: string }> {
  const token = `ihi_${randomBytes(32).toString('base64url')}`;
  const [row] = await tables
    .insert(invitations)
    .values({ id: uuidv7(), tokenHash: hashToken(token), ...wanted })
    .returning();
  if (!row) throw new Error('the invitation was not written');
  return { row, token };
}

export async function findOpenInvitation({ tables }: Database, token: string): Promise<InvitationRow | null> {
  const [row] = await tables
    .select()
    .from(invitations)
    .where(and(eq(invitations.tokenHash, hashToken(token)), isOpen));
  return row ?? null;
}

/** @param userId who comes by it: single sign-on takes the place of the link. @returns null: there is none */
export async function takeInvitationOf(
  { tables }: Database,
  email: string,
  userId: string,
): Promise<InvitationRow | null> {
  const [row] = await tables
    .update(invitations)
    .set({ usedAt: sql`now()`, usedBy: sql`coalesce(${invitations.userId}, ${userId})` })
    .where(
      eq(
        invitations.id,
        tables
          .select({ id: invitations.id })
          .from(invitations)
          .where(and(eq(invitations.email, email.toLowerCase()), isOpen))
          .orderBy(asc(invitations.id))
          .limit(1)
          .for('update', { skipLocked: true }),
      ),
    )
    .returning();
  return row ?? null;
}

export async function hasInvitations({ tables }: Database): Promise<boolean> {
  return (await tables.select({ id: invitations.id }).from(invitations).limit(1)).length > 0;
}

/** Those that still let somebody in. */
export async function listInvitations(
  { tables }: Database,
  after: string | null,
  limit: number,
): Promise<InvitationRow[]> {
  return tables
    .select()
    .from(invitations)
    .where(and(isOpen, after === null ? undefined : gt(invitations.id, after)))
    .orderBy(asc(invitations.id))
    .limit(limit);
}

/** @returns whether it was there and still open */
export async function removeInvitation({ tables }: Database, id: string): Promise<boolean> {
  const removed = await tables
    .delete(invitations)
    .where(and(eq(invitations.id, id), isOpen))
    .returning({ id: invitations.id });
  return removed.length > 0;
}
