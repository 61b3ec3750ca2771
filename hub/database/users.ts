/** Users: who they are and what they may do. better-auth signs them in (`auth-adapter.ts`). */
import { and, asc, eq, gt, lt, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Role } from './api-keys.ts';
import { hashToken } from './auth-adapter.ts';
import type { Database, Tx } from './database.ts';
import { accounts, invitations, sessions, signInFailures, users } from './schema.ts';

export type UserRow = typeof users.$inferSelect;

export async function findUser({ tables }: Database, id: string): Promise<UserRow | null> {
  const [row] = await tables.select().from(users).where(eq(users.id, id));
  return row ?? null;
}

/** @param email in any case */
export async function findUserByEmail({ tables }: Database, email: string): Promise<UserRow | null> {
  const [row] = await tables.select().from(users).where(eq(users.email, email.trim().toLowerCase()));
  return row ?? null;
}

export async function hasUsers({ tables }: Database): Promise<boolean> {
  return (await tables.select({ id: users.id }).from(users).limit(1)).length > 0;
}

export async function listUsers(
  { tables }: Database,
  after: string | null,
  limit: number,
): Promise<UserRow[]> {
  return tables
    .select()
    .from(users)
    .where(after === null ? undefined : gt(users.id, after))
    .orderBy(asc(users.id))
    .limit(limit);
}

export type NewUser = { name: string; email: string; passwordHash: string };
export type Enrolled =
  { outcome: 'enrolled'; user: UserRow } | { outcome: 'unknown' | 'email_taken' | 'other_email' };

/** One transaction spends the invitation and makes the user: of twenty that come at once, one is let in. */
export async function enroll({ tables }: Database, token: string, wanted: NewUser): Promise<Enrolled> {
  return tables.transaction(async (tx) => {
    const [invitation] = await tx
      .select()
      .from(invitations)
      .where(and(eq(invitations.tokenHash, hashToken(token)), sql`${invitations.usedAt} is null`))
      .for('update');
    if (!invitation || invitation.expiresAt.getTime() <= Date.now()) return { outcome: 'unknown' };
    const email = wanted.email.toLowerCase();
    if (invitation.email !== null && invitation.email !== email) return { outcome: 'other_email' };
    const [user] = await tx
      .insert(users)
      .values({
        id: invitation.userId ?? uuidv7(),
        name: wanted.name,
        email,
        // Whoever invited an address vouches for it: single sign-on may join the account that has it.
        emailVerified: invitation.email !== null,
        role: invitation.role,
      })
      .onConflictDoNothing()
      .returning();
    if (!user) return { outcome: 'email_taken' };
    await tx.insert(accounts).values({
      id: uuidv7(),
      accountId: user.id,
      providerId: 'credential',
      userId: user.id,
      password: wanted.passwordHash,
    });
    await tx
      .update(invitations)
      .set({ usedAt: sql`now()`, usedBy: user.id })
      .where(eq(invitations.id, invitation.id));
    return { outcome: 'enrolled', user };
  });
}

/** @returns `last_admin`: nothing was changed */
export async function changeUser(
  { tables }: Database,
  id: string,
  change: { name?: string; role?: Role },
): Promise<UserRow | 'unknown' | 'last_admin'> {
  return tables.transaction(async (tx) => {
    if (change.role !== undefined && change.role !== 'admin' && (await isLastAdmin(tx, id)))
      return 'last_admin';
    const [row] = await tx
      .update(users)
      .set({ ...change, updatedAt: sql`now()` })
      .where(eq(users.id, id))
      .returning();
    return row ?? 'unknown';
  });
}

/** Sessions and ways in go with the user; connections and API keys of that id stay. */
export async function removeUser(
  { tables }: Database,
  id: string,
): Promise<'removed' | 'unknown' | 'last_admin'> {
  return tables.transaction(async (tx) => {
    if (await isLastAdmin(tx, id)) return 'last_admin';
    const removed = await tx.delete(users).where(eq(users.id, id)).returning({ id: users.id });
    return removed.length > 0 ? 'removed' : 'unknown';
  });
}

/** Admins are locked against each other, so two of them cannot shut everybody out at once. */
async function isLastAdmin(tx: Pick<Tx, 'select'>, id: string): Promise<boolean> {
  const admins = await tx
    .select({ id: users.id })
    .from(users)
    .where(eq(users.role, 'admin'))
    .orderBy(asc(users.id))
    .for('update');
  return admins.length === 1 && admins[0]?.id === id;
}

/** For whoever was let in a while ago. @returns null: signed out, run out, or the user is gone */
export async function findSessionUser({ tables }: Database, sessionId: string): Promise<UserRow | null> {
  const [row] = await tables
    .select({ user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.id, sessionId), gt(sessions.expiresAt, sql`now()`)));
  return row?.user ?? null;
}

export async function removeExpiredSessions({ tables }: Database): Promise<void> {
  await tables.delete(sessions).where(lt(sessions.expiresAt, sql`now()`));
}

/**
 * Counted before the password is looked at, and forgotten when it was right: of a thousand guesses that come at once
 * no more are tried than of a thousand in a row.
 * @returns how many tries this address had in its window, this one included, and how long (ms) the window lasts
 */
export async function countSignInTry(
  { tables }: Database,
  email: string,
  windowMs: number,
): Promise<{ count: number; waitMs: number }> {
  const ended = sql`${signInFailures.until} <= now()`;
  await tables.delete(signInFailures).where(lt(signInFailures.until, sql`now() - interval '1 hour'`));
  const [row] = await tables
    .insert(signInFailures)
    .values({
      emailHash: hashToken(email),
      count: 1,
      until: sql`now() + make_interval(secs => ${windowMs / 1000})`,
    })
    .onConflictDoUpdate({
      target: signInFailures.emailHash,
      set: {
        count: sql`case when ${ended} then 1 else ${signInFailures.count} + 1 end`,
        until: sql`case when ${ended} then excluded.until else ${signInFailures.until} end`,
      },
    })
    .returning();
  if (!row) throw new Error('the try was not counted');
  return { count: row.count, waitMs: Math.max(0, row.until.getTime() - Date.now()) };
}

export async function forgetSignInTries({ tables }: Database, email: string): Promise<void> {
  await tables.delete(signInFailures).where(eq(signInFailures.emailHash, hashToken(email)));
}
