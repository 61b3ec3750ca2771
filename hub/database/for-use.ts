/**
 * What every use of a connection reads first: the caller's key, the connection, its integration's app.
 *
 * The three rows are read whole once. From then on each use asks only whether they are still what they were, in one
 * statement for all who ask at the same moment; nothing is taken on trust, so a key that was revoked, a connection
 * that was disconnected, or a token that another process renewed counts from the next use on.
 */
import { eq, getTableColumns, sql, type Placeholder, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { LRUCache } from 'lru-cache';
import { hashKey, type ApiKeyRow } from './api-keys.ts';
import type { AppRow } from './apps.ts';
import type { ConnectionRow } from './connections.ts';
import { prepared, type Database, type Tx } from './database.ts';
import { gathered } from './gathered.ts';
import { apiKeys, apps, connections } from './schema.ts';

/** `waitMs` is what is still asked of this connection (and scope, as in `rateBlocks`). Rows are not to be changed. */
export type ForUse = {
  key: ApiKeyRow | null;
  connection: ConnectionRow | null;
  app: AppRow | null;
  waitMs: number;
};

type Db = Pick<Database, 'tables'>;
type Read = { found: ForUse; stamp: string };

// About 5 kB each. Nothing is kept, opened or sealed, for longer than this without being read again.
const MOST_KEPT = 10_000;
const KEPT_MS = 60_000;
const kept = new WeakMap<Tx, LRUCache<string, Read>>();

/**
 * @param key null: whoever asks has a session
 * @param scope of a call; null: no call is made
 */
export async function findForUse(
  db: Db,
  key: string | null,
  connectionId: string,
  scope: string | null,
): Promise<ForUse | null> {
  if (key === null) return findForSession(db, connectionId, scope);
  const cache = cacheOf(db);
  const keyHash = hashKey(key);
  const name = `${keyHash} ${connectionId}`;
  const known = cache.get(name);
  if (known) {
    const waitMs = await stillSo(db, { keyHash, connectionId, scope, stamp: known.stamp });
    if (waitMs !== null) return { ...known.found, waitMs };
  }
  const read = await readWhole(db, keyHash, connectionId, scope);
  const { key: keyRow = null, connection = null } = read?.found ?? {};
  if (read && keyRow?.revokedAt === null && connection?.sealedCredentials) cache.set(name, read);
  else cache.delete(name);
  return read?.found ?? null;
}

function cacheOf({ tables }: Db): LRUCache<string, Read> {
  const there =
    kept.get(tables) ?? new LRUCache<string, Read>({ max: MOST_KEPT, ttl: KEPT_MS, ttlAutopurge: true });
  kept.set(tables, there);
  return there;
}

// ── whole ──────────────────────────────────────────────────────────────────────────────────────────

async function readWhole(db: Db, keyHash: string, connectionId: string, scope: string | null) {
  const [row] = await whole(db).execute({ keyHash, connectionId, scope: scope ?? '' });
  if (!row) return null;
  const { stamp, waitMs, ...rows } = row;
  return { found: { ...rows, waitMs: asWait(waitMs) }, stamp } satisfies Read;
}

const whole = prepared((tables) =>
  tables
    .select({
      key: apiKeys,
      connection: connections,
      app: apps,
      waitMs: waitOf(sql.placeholder('connectionId'), sql.placeholder('scope')),
      stamp: STAMP,
    })
    .from(apiKeys)
    .leftJoin(connections, eq(connections.id, sql.placeholder('connectionId')))
    .leftJoin(apps, eq(apps.integrationId, connections.integrationId))
    .where(eq(apiKeys.keyHash, sql.placeholder('keyHash'))),
);

async function findForSession(db: Db, connectionId: string, scope: string | null): Promise<ForUse> {
  const [row] = await db.tables
    .select({ connection: connections, app: apps, waitMs: waitOf(connectionId, scope ?? '') })
    .from(connections)
    .leftJoin(apps, eq(apps.integrationId, connections.integrationId))
    .where(eq(connections.id, connectionId));
  return {
    key: null,
    connection: row?.connection ?? null,
    app: row?.app ?? null,
    waitMs: asWait(row?.waitMs),
  };
}

const waitOf = (connectionId: string | Placeholder | SQL, scope: string | Placeholder | SQL) =>
  sql<string | null>`(
    select extract(epoch from max(until) - clock_timestamp()) * 1000 from rate_blocks
    where connection_id = ${connectionId} and scope in ('', ${scope}) and until > clock_timestamp())`;

const asWait = (ms: string | null | undefined) => Math.max(0, Math.ceil(Number(ms ?? 0)));

// ── what tells one state of a row from another ─────────────────────────────────────────────────────

/** Changes with every column but the named ones, which uses themselves and the sweeps keep changing. */
function hashOf(table: PgTable, without: readonly string[]): SQL {
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => !without.includes(name));
  const row = sql.join(
    columns.map(([, column]) => sql`${column}`),
    sql`, `,
  );
  return sql`hash_record_extended(row(${row}), 0)`;
}

/** Of the three rows joined; where one is missing its columns are null. */
const STAMP = sql<string>`concat_ws(' ', ${sql.join(
  [
    hashOf(apiKeys, ['lastUsed'] satisfies (keyof ApiKeyRow)[]),
    hashOf(connections, ['lastUsed', 'healthDueAt', 'lastHealthCheck'] satisfies (keyof ConnectionRow)[]),
    hashOf(apps, []),
  ],
  sql`, `,
)})`;

// ── asked after ────────────────────────────────────────────────────────────────────────────────────

type Ask = { keyHash: string; connectionId: string; scope: string | null; stamp: string };

/** @returns null: it no longer is */
const stillSo = gathered<Ask, number | null>(async (db, asks) => {
  // Many ask after the same connection at once.
  const numbers = new Map<string, number>();
  const numberOf = ({ keyHash, connectionId, scope }: Ask) => `${keyHash} ${connectionId} ${scope}`;
  const different = asks.filter((ask) => {
    const name = numberOf(ask);
    if (numbers.has(name)) return false;
    numbers.set(name, numbers.size);
    return true;
  });
  const rows = await unlike(db).execute({ asks: JSON.stringify(different.map((ask, n) => ({ n, ...ask }))) });
  const found = new Map(rows.map(({ n, same, waitMs }) => [n, same ? asWait(waitMs) : null]));
  return asks.map((ask) => {
    const n = numbers.get(numberOf(ask)) ?? -1;
    return found.has(n) ? (found.get(n) ?? null) : 0;
  });
});

/** Those of which there is something to tell: a row has changed, or a wait is asked. Each is a look by three keys. */
const unlike = prepared((tables) =>
  tables
    .select({ n: sql<number>`n`, same: sql<boolean>`same`, waitMs: sql<string | null>`wait_ms` })
    .from(
      sql`(
        select n, stamp is not distinct from (
            select ${STAMP} from ${apiKeys}
            left join ${connections} on ${connections.id} = asked."connectionId"
            left join ${apps} on ${apps.integrationId} = ${connections.integrationId}
            where ${apiKeys.keyHash} = asked."keyHash"
          ) as same,
          case when asked."scope" is not null
            then ${waitOf(sql`asked."connectionId"`, sql`asked."scope"`)} end as wait_ms
        from jsonb_to_recordset(${sql.placeholder('asks')}::text::jsonb) as asked
          (n int, "keyHash" text, "connectionId" text, "scope" text, "stamp" text)
        offset 0
      ) as answered`,
    )
    .where(sql`not same or wait_ms is not null`),
);
