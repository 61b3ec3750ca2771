/** Key-encryption keys that a key service wrapped: worth nothing without it. */
import { eq } from 'drizzle-orm';
import type { Database } from './database.ts';
import { wrappedKeys } from './schema.ts';

export async function findWrappedKey({ tables }: Database, id: string): Promise<string | null> {
  const [row] = await tables.select().from(wrappedKeys).where(eq(wrappedKeys.id, id));
  return row?.wrapped ?? null;
}

/** Of several processes that make one at the same time, the first counts. @returns the one that counts */
export async function keepWrappedKey(
  db: Database,
  key: { id: string; service: string; wrapped: string },
): Promise<string> {
  await db.tables.insert(wrappedKeys).values(key).onConflictDoNothing();
  const kept = await findWrappedKey(db, key.id);
  if (kept === null) throw new Error('the wrapped key was not written');
  return kept;
}
