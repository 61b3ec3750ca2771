/** The pool. Nothing here or above keeps state in a database session, so a transaction-mode pooler may stand in between. */
import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Client, Pool, type ClientConfig, type PoolClient } from 'pg';
import type { Config } from '../config.ts';
import { atMost } from '../patience.ts';

export type Tx = Pick<NodePgDatabase, 'select' | 'insert' | 'update' | 'delete' | 'execute' | 'transaction'>;

export type Database = {
  tables: Tx;
  /** @throws whatever keeps the database from answering */
  ping: () => Promise<void>;
  close: () => Promise<void>;
};

export function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'databasePreparedStatements' | 'databasePoolSize'>,
): Database {
  if (config.databaseUrl === null)
    throw new Error('DATABASE_URL: needed; npm start brings a database of its own');
  const pool = new Pool({
    ...connectionOf(config.databaseUrl),
    Client: Connection,
    max: config.databasePoolSize,
    idleTimeoutMillis: 60_000,
  });
  // Whoever waits for an answer is told of a broken connection by its own error; told to nobody, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));
  if (config.databasePreparedStatements) pool.on('connect', preparing());
  const tables = drizzle(pool);
  // Drizzle's own takes a connection and keeps it for ever where `begin` fails on it.
  tables.transaction = async (work, settings) => {
    const client = await pool.connect();
    try {
      return await drizzle(client).transaction(work, settings);
    } finally {
      client.release();
    }
  };
  return {
    tables,
    ping: async () => void (await tables.execute(sql`select 1`)),
    close: () => atMost(CLOSE_MS, pool.end()),
  };
}

const CONNECT_MS = 5_000;
const CLOSE_MS = 2_000;

export const connectionOf = (url: string): ClientConfig => ({
  connectionString: url,
  application_name: 'integration-hub',
  keepAlive: true,
});

/** The limit is for connecting alone: given to the pool, it would be one for waiting in its queue too. */
class Connection extends Client {
  constructor(config?: ClientConfig) {
    super({ ...config, connectionTimeoutMillis: CONNECT_MS });
  }
}

/**
 * Every statement that the hub sends has one text whatever its values, so the statements kept are few, and PostgreSQL
 * parses and plans each once per connection. pg does so for what has a name.
 */
function preparing(): (client: PoolClient) => void {
  const names = new Map<string, string>();
  const named = (query: unknown) => {
    if (typeof query !== 'object' || query === null || !('text' in query)) return query;
    const text = String(query.text);
    const name = names.get(text) ?? `hub_${names.size}`;
    names.set(text, name);
    return { ...query, name };
  };
  return (client) => {
    const query = client.query.bind(client) as (...values: unknown[]) => unknown;
    client.query = ((first: unknown, ...rest: unknown[]) =>
      query(named(first), ...rest)) as PoolClient['query'];
  };
}

/**
 * A statement whose text is made once per database, not at every call: for paths that are taken often. Drizzle
 * takes longer to write a statement than PostgreSQL to answer it. Its name is given where connections are made.
 */
export function prepared<S>(make: (tables: Tx) => { prepare: (name: string) => S }) {
  const made = new WeakMap<Tx, S>();
  return ({ tables }: Pick<Database, 'tables'>): S => {
    const there = made.get(tables) ?? make(tables).prepare('');
    made.set(tables, there);
    return there;
  };
}

/** One text of a statement however many values there are. */
export const isOneOf = (column: PgColumn, values: readonly string[]): SQL =>
  sql`${column} in (select jsonb_array_elements_text(${JSON.stringify(values)}::text::jsonb))`;

/** The database itself failed, as against an answer that says no. */
export function isDatabaseFailure(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? String(cause.code) : '';
    // Sockets, and PostgreSQL classes 08 (connection), 53 (resources), 57 (operator), 58 (system).
    if (/^E[A-Z]+$|^(08|53|57|58)/.test(code)) return true;
    // pg's own words have no code.
    if (/^Connection terminated|^Client (has encountered|was closed)|^timeout expired/.test(cause.message))
      return true;
  }
  return false;
}

/** For the log: what failed, without the error around it, which holds the statement's values (whose, and what). */
export const withoutStatement = (error: unknown): unknown =>
  error instanceof Error ? (error.cause ?? error) : error;
