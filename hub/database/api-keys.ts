/** API keys: random, long, kept as SHA-256. */
import { hash, randomBytes } from 'node:crypto';
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { prepared, type Database } from './database.ts';
import { apiKeys, apps, connections } from './schema.ts';

export type Role = 'admin' | 'operator' | 'builder';
export type ApiKey = { id: string; name: string; role: Role; userId: string };
export type ApiKeyRow = typeof apiKeys.$inferSelect;
type ConnectionRow = typeof connections.$inferSelect;
type AppRow = typeof apps.$inferSelect;

export const hashKey = (key: string) => hash('sha256', key, 'hex');

/** @returns the key itself, the only time it is seen */
export async function createApiKey(
  { tables }: Database,
  wanted: { name: string; role: Role; userId: string; key?: string },
): Promise<ApiKey & { key: string; createdAt: Date }> {
  const key = wanted.key ?? `ihk_${randomBytes(32).toString('base64url')}`;
  const id = uuidv7();
  const [row] = await tables
    .insert(apiKeys)
    .values({ id, name: wanted.name, role: wanted.role, userId: wanted.userId, keyHash: hashKey(key) })
    .returning();
  if (!row) throw new Error('the API key was not written');
  return { id, name: row.name, role: row.role, userId: row.userId, key, createdAt: row.createdAt };
}

/** Also of revoked keys: whoever looks decides. */
export async function findApiKey({ tables }: Database, key: string): Promise<ApiKeyRow | null> {
  const [row] = await tables
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.keyHash, hashKey(key)));
  return row ?? null;
}

/** For whoever was let in a while ago: is the key still good? */
export async function findApiKeyById({ tables }: Database, id: string): Promise<ApiKeyRow | null> {
  const [row] = await tables.select().from(apiKeys).where(eq(apiKeys.id, id));
  return row ?? null;
}

/**
 * The key, one connection and its integration's app in one statement: a refresh's first read. Uses of a connection: `for-use.ts`.
 * @param key null: whoever asks has a session
 */
export async function findForToken(
  db: Database,
  key: string | null,
  connectionId: string,
): Promise<{ key: ApiKeyRow | null; connection: ConnectionRow | null; app: AppRow | null } | null> {
  if (key === null) return { key, ...(await findWithApp(db, connectionId)) };
  const [row] = await forToken(db).execute({ keyHash: hashKey(key), connectionId });
  return row ? { key: row.api_keys, connection: row.connections, app: row.apps } : null;
}

const forToken = prepared((tables) =>
  tables
    .select()
    .from(apiKeys)
    .leftJoin(connections, eq(connections.id, sql.placeholder('connectionId')))
    .leftJoin(apps, eq(apps.integrationId, connections.integrationId))
    .where(eq(apiKeys.keyHash, sql.placeholder('keyHash'))),
);

async function findWithApp({ tables }: Pick<Database, 'tables'>, connectionId: string) {
  const [row] = await tables
    .select()
    .from(connections)
    .leftJoin(apps, eq(apps.integrationId, connections.integrationId))
    .where(eq(connections.id, connectionId));
  return { connection: row?.connections ?? null, app: row?.apps ?? null };
}

export async function listApiKeys(
  { tables }: Database,
  after: string | null,
  limit: number,
): Promise<ApiKeyRow[]> {
  return tables
    .select()
    .from(apiKeys)
    .where(and(isNull(apiKeys.revokedAt), after === null ? undefined : gt(apiKeys.id, after)))
    .orderBy(asc(apiKeys.id))
    .limit(limit);
}

/**
 * Admin keys are locked against each other while one is revoked, so two admins cannot lock everybody out at once.
 * @returns `last_admin`: nothing was done
 */
export async function revokeApiKey(
  { tables }: Database,
  id: string,
): Promise<'revoked' | 'unknown' | 'last_admin'> {
  return tables.transaction(async (tx) => {
    const admins = await tx
      .select({ id: apiKeys.id })
      .from(apiKeys)
      .where(and(eq(apiKeys.role, 'admin'), isNull(apiKeys.revokedAt)))
      .orderBy(asc(apiKeys.id))
      .for('update');
    if (admins.length === 1 && admins[0]?.id === id) return 'last_admin';
    const revoked = await tx
      .update(apiKeys)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
      .returning({ id: apiKeys.id });
    return revoked.length > 0 ? 'revoked' : 'unknown';
  });
}

/** Written in batches, off the request's path. */
export async function touchApiKeys({ tables }: Database, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tables
    .update(apiKeys)
    .set({ lastUsed: sql`now()` })
    .where(sql`${apiKeys.id} in (select jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))`);
}
