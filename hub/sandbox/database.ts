/**
 * What the sandbox remembers, in one SQLite file, or in memory without one.
 *
 * Every write is on the way to the disk before an answer goes out, so a token that a client holds is
 * good after SIGKILL of everything. Tokens and codes are kept as SHA-256 only.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export type Database = { sql: DatabaseSync; seed: Buffer; close: () => void };

const TABLES = `
  CREATE TABLE IF NOT EXISTS seed (value BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS grants (
    id TEXT PRIMARY KEY, provider TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,
    scopes TEXT NOT NULL, extras TEXT NOT NULL, refreshable INTEGER NOT NULL,
    code TEXT NOT NULL, revoked_at INTEGER
  );
  CREATE INDEX IF NOT EXISTS grants_by_account ON grants (provider, account);
  CREATE INDEX IF NOT EXISTS grants_by_code ON grants (provider, code);
  CREATE TABLE IF NOT EXISTS tokens (
    provider TEXT NOT NULL, hash TEXT NOT NULL, type TEXT NOT NULL, grant_id TEXT NOT NULL,
    scopes TEXT NOT NULL, expires_at INTEGER, spent_at INTEGER, PRIMARY KEY (provider, hash)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS codes (
    provider TEXT NOT NULL, hash TEXT NOT NULL, data TEXT NOT NULL, expires_at INTEGER NOT NULL,
    used_at INTEGER, PRIMARY KEY (provider, hash)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS counts (
    provider TEXT NOT NULL, name TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (provider, name)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY, provider TEXT NOT NULL, kind TEXT NOT NULL, entry TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS entries_by_provider ON entries (provider, kind, id);
`;

export function openDatabase(file: string | null): Database {
  // SQLite gives its side files the mode of the main one, so that one is made first.
  if (file !== null) {
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
  }
  const sql = new DatabaseSync(file ?? ':memory:');
  // Written to the operating system at each commit (survives SIGKILL), not flushed to the platter (power loss).
  sql.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
  sql.exec(TABLES);
  forgetTheLongGone(sql);
  return { sql, seed: seedOf(sql), close: () => sql.close() };
}

/** Everything in `work` or nothing of it. Not to be nested. */
export function inOneTransaction<T>({ sql }: Database, work: () => T): T {
  sql.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    sql.exec('COMMIT');
    return result;
  } catch (error) {
    sql.exec('ROLLBACK');
    throw error;
  }
}

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Random characters that stay the same for this database: client secrets and static keys are made of them. */
export function derive({ seed }: Database, purpose: string): string {
  return createHmac('sha256', seed).update(purpose).digest('hex').slice(0, 40);
}

function seedOf(sql: DatabaseSync): Buffer {
  const known = sql.prepare('SELECT value FROM seed').get()?.['value'];
  if (known instanceof Uint8Array) return Buffer.from(known);
  const seed = randomBytes(32);
  sql.prepare('INSERT INTO seed VALUES (?)').run(seed);
  return seed;
}

// A long-lived `npm start` would otherwise grow for ever. What has expired a day ago is "not known" then.
function forgetTheLongGone(sql: DatabaseSync): void {
  const aDayAgo = Date.now() - 86_400_000;
  sql.prepare('DELETE FROM codes WHERE expires_at < ?').run(aDayAgo);
  sql.prepare(`DELETE FROM tokens WHERE type = 'access' AND expires_at < ?`).run(aDayAgo);
  sql.exec('DELETE FROM entries WHERE id <= (SELECT max(id) FROM entries) - 20000');
}
