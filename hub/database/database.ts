/** The pool. Nothing here or above keeps state in a database session, so a transaction-mode pooler may stand in between. */
import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Config } from '../config.ts';
import * as schema from './schema.ts';

export type Tx = Pick<
  PostgresJsDatabase<typeof schema>,
  'select' | 'insert' | 'update' | 'delete' | 'execute' | 'transaction'
>;

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
  const client = postgres(config.databaseUrl, {
    max: config.databasePoolSize,
    prepare: config.databasePreparedStatements,
    connect_timeout: 5,
    idle_timeout: 60,
    onnotice: () => {},
    connection: { application_name: 'integration-hub' },
  });
  if (config.databasePreparedStatements) preparing(client);
  const tables = drizzle(client, { schema });
  return {
    tables,
    ping: async () => void (await tables.execute(sql`select 1`)),
    close: () => client.end({ timeout: 5 }),
  };
}

/**
 * Drizzle sends everything as `unsafe`, which postgres.js parses anew each time unless it is told otherwise.
 * Every statement of the hub has one text whatever its values, so the statements kept are few.
 */
function preparing(client: postgres.Sql): void {
  const unsafe = client.unsafe.bind(client);
  client.unsafe = (query, parameters, options) => unsafe(query, parameters, { ...options, prepare: true });
}

/** One text of a statement however many values there are. */
export const isOneOf = (column: PgColumn, values: readonly string[]): SQL =>
  sql`${column} in (select jsonb_array_elements_text(${JSON.stringify(values)}::text::jsonb))`;

/** The database itself failed, as against an answer that says no. */
export function isDatabaseFailure(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause ? String(cause.code) : '';
    // postgres.js' own words, sockets, and PostgreSQL classes 08 (connection), 53 (resources), 57 (operator), 58 (system).
    if (/^(CONNECT|CONNECTION)_|^E[A-Z]+$|^(08|53|57|58)/.test(code)) return true;
  }
  return false;
}
