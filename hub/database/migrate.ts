/** Brings the database to this version's schema; safe to run from several processes at once. */
import path from 'node:path';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import type { Config } from '../config.ts';

const FOLDER = path.join(import.meta.dirname, 'migrations');
// Any number that nothing else uses: the first eight letters of "migrate!" as ASCII would not fit in 32 bits.
const LOCK = 4_823_561;

/** @returns how many migrations were applied now */
export async function migrateDatabase(config: Pick<Config, 'databaseUrl'>): Promise<{ applied: number }> {
  if (config.databaseUrl === null)
    throw new Error('DATABASE_URL: needed; npm start brings a database of its own');
  const open = () =>
    postgres(config.databaseUrl ?? '', { max: 1, prepare: false, connect_timeout: 5, onnotice: () => {} });
  const guard = open();
  const client = open();
  try {
    // Held by a transaction, not by a session, so it works through a pooler too.
    return await guard.begin(async (lock) => {
      await lock`select pg_advisory_xact_lock(${LOCK})`;
      const before = await countApplied(client);
      await migrate(drizzle(client), { migrationsFolder: FOLDER });
      return { applied: (await countApplied(client)) - before };
    });
  } finally {
    await Promise.all([guard.end({ timeout: 5 }), client.end({ timeout: 5 })]);
  }
}

/** How many of this version's migrations the database lacks. */
export async function pendingMigrations(config: Pick<Config, 'databaseUrl'>): Promise<number> {
  const client = postgres(config.databaseUrl ?? '', {
    max: 1,
    prepare: false,
    connect_timeout: 5,
    onnotice: () => {},
  });
  try {
    return readMigrationFiles({ migrationsFolder: FOLDER }).length - (await countApplied(client));
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function countApplied(client: postgres.Sql): Promise<number> {
  const [there] = await client`select to_regclass('drizzle.__drizzle_migrations') is not null as yes`;
  if (!there?.['yes']) return 0;
  const [row] = await client`select count(*)::int as count from drizzle.__drizzle_migrations`;
  return Number(row?.['count']);
}
