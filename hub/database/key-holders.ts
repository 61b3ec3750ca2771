/** Which process has which keys. */
import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Database } from './database.ts';
import { keyHolders } from './schema.ts';

/** A process that runs, as it is told to an operator. */
export type KeyHolder = { name: string; sealsWith: string; opens: string[] };

const SEEN_EVERY_MS = 5_000;
// Three times not seen and some more: it was killed.
const GONE_MS = 20_000;
// Longer than any workflow goes on without beginning a new history.
const KEPT_DAYS = 90;

/** Tells of a process while it runs. A database that does not answer hears of it the next time. */
export async function holdKeys(
  { tables }: Database,
  holder: KeyHolder,
): Promise<{ close: () => Promise<void> }> {
  const id = uuidv7();
  const tell = (endedAt: Date | null) =>
    tables
      .insert(keyHolders)
      .values({ id, ...holder })
      .onConflictDoUpdate({
        target: keyHolders.id,
        // What is still on its way when it ends does not wake it.
        set: { seenAt: sql`clock_timestamp()`, endedAt: sql`coalesce(${keyHolders.endedAt}, ${endedAt})` },
      })
      .then(
        () => {},
        () => {},
      );
  await tell(null);
  await tables
    .delete(keyHolders)
    .where(sql`${keyHolders.seenAt} < now() - make_interval(days => ${KEPT_DAYS})`)
    .catch(() => {});
  const timer = setInterval(() => void tell(null), SEEN_EVERY_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await tell(new Date());
    },
  };
}

export async function listKeyHolders({ tables }: Database): Promise<KeyHolder[]> {
  const { name, sealsWith, opens } = keyHolders;
  return tables
    .select({ name, sealsWith, opens })
    .from(keyHolders)
    .where(
      and(
        isNull(keyHolders.endedAt),
        sql`${keyHolders.seenAt} > now() - make_interval(secs => ${GONE_MS / 1000})`,
      ),
    )
    .orderBy(name);
}

/**
 * From when on nothing was sealed with another key any more. Where no process is known that did so (they ran before
 * there was this table), it is since the first one that seals with this key.
 */
export async function findSealingSince({ tables }: Database, keyId: string): Promise<Date> {
  const [others] = await tables
    .select({ last: sql<string | null>`max(${keyHolders.seenAt})` })
    .from(keyHolders)
    .where(ne(keyHolders.sealsWith, keyId));
  const [own] = await tables
    .select({ first: sql<string | null>`min(${keyHolders.startedAt})` })
    .from(keyHolders)
    .where(eq(keyHolders.sealsWith, keyId));
  // Killed just before it would have told again.
  const afterOthers = others?.last ? new Date(others.last).getTime() + SEEN_EVERY_MS : 0;
  const sinceOwn = own?.first ? new Date(own.first).getTime() : Date.now();
  return new Date(Math.max(afterOthers, sinceOwn));
}
