/**
 * Consents, their codes and their handles (refresh tokens).
 *
 * Handles rotate. A client that runs in parallel, or loses an answer, must not be punished for it, and a thief must
 * be found out. So a handle has a generation, and a use of generation n is the proof that n arrived:
 *
 *   used for the first time    everything of an earlier generation is superseded
 *   used again within a minute  the client runs in parallel: it gets a sibling
 *   used again later            nobody has used a successor: the answer was lost, or somebody took it. The successors
 *                               are superseded, so that if there are two, one of them will be found out
 *   superseded for a minute     reuse: the grant is revoked, whoever has it must ask the user again
 */
import { createHash, randomBytes } from 'node:crypto';
import { and, asc, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Database, Tx } from './database.ts';
import { grants, handles } from './schema.ts';

export type GrantRow = typeof grants.$inferSelect;
export type HandleRow = typeof handles.$inferSelect;

// n8n's workers refresh at once after the same 401; a minute is far more than their clocks and queues differ.
const GRACE_MS = 60_000;

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** A consent was given. @returns the code for the client, the only time it is seen (RFC 6749 §4.1.2) */
export async function insertGrant(
  { tables }: Database,
  wanted: Pick<GrantRow, 'clientId' | 'clientName' | 'userId' | 'connectionId' | 'codeChallenge'> & {
    redirectUri: string;
    codeLastsMs: number;
  },
): Promise<string> {
  const code = randomBytes(32).toString('base64url');
  const { redirectUri, codeLastsMs, ...fields } = wanted;
  await tables.insert(grants).values({
    id: uuidv7(),
    ...fields,
    codeHash: hash(code),
    codeRedirectUri: redirectUri,
    codeExpiresAt: sql`now() + make_interval(secs => ${codeLastsMs / 1000})`,
  });
  return code;
}

/** A code that comes a second time ends what the first one gave (RFC 6749 §4.1.2). */
export async function findGrantByCode({ tables }: Database, code: string): Promise<GrantRow | null> {
  const [row] = await tables
    .select()
    .from(grants)
    .where(eq(grants.codeHash, hash(code)));
  if (!row || row.revokedAt !== null) return null;
  if (row.codeUsedAt === null) return row;
  await revoke(tables, row.id, 'reuse');
  return null;
}

/** @returns false: somebody else spent it */
export async function spendCode({ tables }: Database, grantId: string): Promise<boolean> {
  const spent = await tables
    .update(grants)
    .set({ codeUsedAt: sql`now()` })
    .where(and(eq(grants.id, grantId), isNull(grants.codeUsedAt), isNull(grants.revokedAt)))
    .returning({ id: grants.id });
  return spent.length > 0;
}

export async function findGrant({ tables }: Database, id: string): Promise<GrantRow | null> {
  const [row] = await tables.select().from(grants).where(eq(grants.id, id));
  return row ?? null;
}

/** Those in force. @param userId null: everybody's */
export async function listGrants(
  { tables }: Database,
  userId: string | null,
  after: string | null,
  limit: number,
): Promise<GrantRow[]> {
  return tables
    .select()
    .from(grants)
    .where(
      and(
        isNull(grants.revokedAt),
        sql`${grants.codeUsedAt} is not null`,
        userId === null ? undefined : eq(grants.userId, userId),
        after === null ? undefined : gt(grants.id, after),
      ),
    )
    .orderBy(asc(grants.id))
    .limit(limit);
}

export const revokeGrant = ({ tables }: Database, id: string, by: 'user' | 'client') =>
  revoke(tables, id, by);

/** @param version of the credentials that go with it. @returns the handle, the only time it is seen */
export async function giveHandle(
  { tables }: Database,
  grantId: string,
  generation: number,
  version: number,
): Promise<string> {
  const handle = `ihr_${randomBytes(32).toString('base64url')}`;
  await tables.transaction(async (tx) => {
    await tx.insert(handles).values({ hash: hash(handle), grantId, generation, version });
    await tx
      .update(grants)
      .set({ lastUsed: sql`now()` })
      .where(eq(grants.id, grantId));
    // What was superseded long ago is known no more: a grant in use keeps a handful of rows.
    await tx
      .delete(handles)
      .where(and(eq(handles.grantId, grantId), lt(handles.supersededAt, sql`now() - interval '30 days'`)));
  });
  return handle;
}

/** Uses a handle. @returns null: unknown, of a revoked grant, or used after it was superseded */
export async function takeHandle(
  { tables }: Database,
  handle: string,
): Promise<{ handle: HandleRow; grant: GrantRow } | null> {
  return tables.transaction(async (tx) => {
    const [found] = await tx
      .select()
      .from(handles)
      .innerJoin(grants, eq(grants.id, handles.grantId))
      .where(eq(handles.hash, hash(handle)))
      .for('update');
    if (!found || found.grants.revokedAt !== null) return null;
    const { handles: row, grants: grant } = found;
    const now = await clock(tx);
    const isLate = (at: Date | null) => at !== null && now.getTime() - at.getTime() > GRACE_MS;
    if (isLate(row.supersededAt)) {
      await revoke(tx, grant.id, 'reuse');
      return null;
    }
    if (row.firstUsedAt === null) {
      await tx.update(handles).set({ firstUsedAt: now }).where(eq(handles.hash, row.hash));
      await supersede(tx, grant.id, lt(handles.generation, row.generation), now);
    } else if (isLate(row.firstUsedAt)) {
      await supersede(tx, grant.id, gt(handles.generation, row.generation), now);
    }
    return { handle: row, grant };
  });
}

/** RFC 7009. @returns whether there was such a handle of this client */
export async function revokeByHandle(
  { tables }: Database,
  handle: string,
  clientId: string,
): Promise<Pick<GrantRow, 'id' | 'connectionId'> | null> {
  const [found] = await tables
    .select({ id: grants.id, connectionId: grants.connectionId })
    .from(handles)
    .innerJoin(grants, eq(grants.id, handles.grantId))
    .where(and(eq(handles.hash, hash(handle)), eq(grants.clientId, clientId)));
  if (!found) return null;
  await revoke(tables, found.id, 'client');
  return found;
}

type Writer = Database['tables'];

async function supersede(tx: Tx, grantId: string, which: ReturnType<typeof lt>, now: Date): Promise<void> {
  await tx
    .update(handles)
    .set({ supersededAt: now })
    .where(and(eq(handles.grantId, grantId), which, isNull(handles.supersededAt)));
}

async function revoke(tables: Writer, id: string, by: 'user' | 'client' | 'reuse'): Promise<void> {
  await tables
    .update(grants)
    .set({ revokedAt: sql`now()`, revokedBy: by })
    .where(and(eq(grants.id, id), isNull(grants.revokedAt)));
}

async function clock(tx: Tx): Promise<Date> {
  const { rows } = await tx.execute<{ now: string }>(sql`select clock_timestamp() as now`);
  return new Date(rows[0]?.now ?? Date.now());
}
