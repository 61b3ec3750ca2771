/** Browsers that signed in with an API key. */
import { createHash, randomBytes } from 'node:crypto';
import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import type { ApiKeyRow } from './api-keys.ts';
import type { Database } from './database.ts';
import { apiKeys, sessions } from './schema.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/** @returns the cookie's value, the only time it is seen */
export async function openSession({ tables }: Database, keyId: string, lastsMs: number): Promise<string> {
  const cookie = randomBytes(32).toString('base64url');
  await tables.insert(sessions).values({
    hash: hash(cookie),
    keyId,
    expiresAt: sql`now() + make_interval(secs => ${lastsMs / 1000})`,
  });
  await tables.delete(sessions).where(lt(sessions.expiresAt, sql`now()`));
  return cookie;
}

/** The key behind a session; null: it has run out, or its key was revoked. */
export async function findSessionKey({ tables }: Database, cookie: string): Promise<ApiKeyRow | null> {
  const [row] = await tables
    .select()
    .from(sessions)
    .innerJoin(apiKeys, eq(apiKeys.id, sessions.keyId))
    .where(
      and(eq(sessions.hash, hash(cookie)), gt(sessions.expiresAt, sql`now()`), isNull(apiKeys.revokedAt)),
    );
  return row?.api_keys ?? null;
}

export async function closeSession({ tables }: Database, cookie: string): Promise<void> {
  await tables.delete(sessions).where(eq(sessions.hash, hash(cookie)));
}
