/** Clients of the hub as authorization server, and their requests on the way through consent. */
import { createHash, randomBytes } from 'node:crypto';
import { and, asc, eq, gt, lt, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { sameHash } from '../same-hash.ts';
import type { Database } from './database.ts';
import { clientRequests, clients } from './schema.ts';

export type ClientRow = typeof clients.$inferSelect;
export type ClientRequestRow = typeof clientRequests.$inferSelect;

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** @returns the secret itself, the only time it is seen; null for a public client */
export async function insertClient(
  { tables }: Database,
  wanted: Omit<ClientRow, 'id' | 'secretHash' | 'createdAt'> & { isPublic: boolean },
): Promise<{ row: ClientRow; secret: string | null }> {
  const { isPublic, ...fields } = wanted;
  const secret = isPublic ? null : `ihs_${randomBytes(32).toString('base64url')}`;
  const [row] = await tables
    .insert(clients)
    .values({ id: `ihc_${uuidv7()}`, secretHash: secret === null ? null : hash(secret), ...fields })
    .returning();
  if (!row) throw new Error('the client was not written');
  return { row, secret };
}

export async function findClient({ tables }: Database, id: string): Promise<ClientRow | null> {
  const [row] = await tables.select().from(clients).where(eq(clients.id, id));
  return row ?? null;
}

/** @param userId null: everybody's */
export async function listClients(
  { tables }: Database,
  userId: string | null,
  after: string | null,
  limit: number,
): Promise<ClientRow[]> {
  return tables
    .select()
    .from(clients)
    .where(
      and(
        userId === null ? undefined : eq(clients.userId, userId),
        after === null ? undefined : gt(clients.id, after),
      ),
    )
    .orderBy(asc(clients.id))
    .limit(limit);
}

export async function removeClient({ tables }: Database, id: string): Promise<void> {
  await tables.delete(clients).where(eq(clients.id, id));
}

/** Whether the client proved itself as its kind must. A public one proves nothing: what it sends along is not looked at. */
export function isItsSecret({ secretHash }: Pick<ClientRow, 'secretHash'>, secret: string | null): boolean {
  if (secretHash === null) return true;
  if (secret === null) return false;
  return sameHash(secretHash, hash(secret));
}

export async function insertClientRequest(
  { tables }: Database,
  row: Omit<ClientRequestRow, 'id'>,
): Promise<string> {
  const id = randomBytes(24).toString('base64url');
  await tables.insert(clientRequests).values({ id, ...row });
  await tables.delete(clientRequests).where(lt(clientRequests.expiresAt, sql`now()`));
  return id;
}

export async function findClientRequest({ tables }: Database, id: string): Promise<ClientRequestRow | null> {
  const [row] = await tables
    .select()
    .from(clientRequests)
    .where(and(eq(clientRequests.id, id), gt(clientRequests.expiresAt, sql`now()`)));
  return row ?? null;
}

/** @returns whether it was there: a request is answered once */
export async function takeClientRequest({ tables }: Database, id: string): Promise<boolean> {
  const taken = await tables
    .delete(clientRequests)
    .where(eq(clientRequests.id, id))
    .returning({ id: clientRequests.id });
  return taken.length > 0;
}
