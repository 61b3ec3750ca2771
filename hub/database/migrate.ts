/** Brings the database to this version's schema; safe to run from several processes at once. */
import path from 'node:path';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client } from 'pg';
import type { Config } from '../config.ts';
import { connectionOf } from './database.ts';

const FOLDER = path.join(import.meta.dirname, 'migrations');
// Any number that nothing else uses: the first eight letters of "migrate!" as ASCII would not fit in 32 bits.
const LOCK = 4_823_561;

/** @returns how many migrations were applied now */
export async function migrateDatabase(config: Pick<Config, 'databaseUrl'>): Promise<{ applied: number }> {
  if (config.databaseUrl === null)
    throw new Error('DATABASE_URL: needed; npm start brings a database of its own');
  const { databaseUrl } = config;
  return connected(databaseUrl, async (guard) => {
    // Held by a transaction, not by a session, so it works through a pooler too.
    await guard.query('begin');
    await guard.query('select pg_advisory_xact_lock($1)', [LOCK]);
    return connected(databaseUrl, async (client) => {
      const before = await countApplied(client);
      await migrate(drizzle(client), { migrationsFolder: FOLDER });
      return { applied: (await countApplied(client)) - before };
    });
  });
}

/** How many of this version's migrations the database lacks. */
export async function pendingMigrations(config: Pick<Config, 'databaseUrl'>): Promise<number> {
  return connected(
    config.databaseUrl ?? '',
    async (client) => readMigrationFiles({ migrationsFolder: FOLDER }).length - (await countApplied(client)),
  );
}

async function connected<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...connectionOf(databaseUrl), connectionTimeoutMillis: 5_000 });
  // Beside the error of whatever waits for an answer.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

async function countApplied(client: Client): Promise<number> {
  const there = await client.query<{ yes: boolean }>(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as yes",
  );
  if (!there.rows[0]?.yes) return 0;
  const counted = await client.query<{ count: number }>(
    'select count(*)::int as count from drizzle.__drizzle_migrations',
  );
  return Number(counted.rows[0]?.count);
}
