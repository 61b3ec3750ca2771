/** The audit log as a test reads it: the rows, chained or not, and what may be done to them behind the hub's back. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { expect } from 'vitest';
import { startSealer, SEALING } from '../../hub/audit/sealer.ts';
import { openDatabase } from '../../hub/database/database.ts';
import { createLogger } from '../../hub/log.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';
import { configOf, type TestEnv } from '../setup/hub.ts';

export type Row = {
  id: string;
  sequence: string | null;
  actor_kind: string;
  actor_id: string | null;
  actor_user_id: string | null;
  action: string;
  subject_id: string | null;
  connection_id: string | null;
  integration_id: string | null;
  user_id: string | null;
  outcome: string | null;
  code: string | null;
  address: string | null;
  details: Record<string, unknown>;
};

export const openSql = (env: TestEnv) => postgres(env['DATABASE_URL'] ?? '', { max: 1, onnotice: () => {} });
export type Sql = ReturnType<typeof openSql>;

export const rowsOf = (sql: Sql) => sql<Row[]>`select * from audit_entries order by at, id`;

/** Resolves once everything that is finished is chained. */
export async function chained(sql: Sql): Promise<void> {
  await expect
    .poll(
      async () =>
        (await sql`select from audit_entries where sequence is null and outcome is not null`).length,
      { timeout: 20_000 },
    )
    .toBe(0);
}

/** Chains what there is, as a worker does. */
export async function chainAll(env: TestEnv, sql: Sql): Promise<void> {
  const config = configOf(env);
  const db = openDatabase(config);
  const vault = createVault(parseKeyring(config.encryptionKeys ?? ''));
  const sealer = startSealer({ db, vault, log: createLogger('silent') }, { ...SEALING, idleMs: 20 });
  await chained(sql);
  await sealer.close();
  await db.close();
}

const PROGRAM = path.join(import.meta.dirname, '../../hub/cli/hub.ts');

/** `hub …`, as an operator types it. */
export async function command(
  env: TestEnv,
  ...words: string[]
): Promise<{ code: number; out: string; err: string }> {
  const options = { env: { PATH: process.env['PATH'] ?? '', ...env } };
  return promisify(execFile)(process.execPath, [PROGRAM, ...words], options).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    },
  );
}

/** What the triggers are there against: only a superuser gets past them without leaving a trace in the catalogue. */
export const unguarded = (sql: Sql, work: (tx: postgres.TransactionSql) => Promise<unknown>) =>
  sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await work(tx);
  });
