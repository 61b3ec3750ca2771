/**
 * The practical limit of a sweep: one process that reads what is due page by page, makes the same call for each,
 * as many at a time, and writes the same row once. It keeps no lease, no intent, no event and no history; killed
 * at the wrong moment it loses a token.
 */
import { Pool } from 'pg';
import { Agent, request } from 'undici';
import { readConfig } from '../hub/config.ts';
import { credentialsPlace } from '../hub/database/connection-credentials.ts';
import { parseKeyring } from '../hub/vault/keyring.ts';
import { createVault } from '../hub/vault/vault.ts';
import type { Due } from './rows.ts';

type Row = { id: string; due: Date; sealed_credentials: string; version: number };
type Credentials = { accessToken: string; refreshToken: string };
type Answer = { access_token: string; refresh_token: string; expires_in: number };

const [due, standIn = '', atOnce = '1', pageSize = '1'] = process.argv.slice(2) as [Due, ...string[]];
const config = readConfig(process.env, 'process');
const pool = new Pool({ connectionString: config.databaseUrl ?? '', max: config.databasePoolSize });
const vault = createVault(parseKeyring(config.encryptionKeys ?? ''));
const agent = new Agent({ connections: 64 });

const PAGE = `select id, ${due}_due_at as due, sealed_credentials, version from connections
  where ${due}_due_at <= $1 and (${due}_due_at, id) > ($2, $3) order by ${due}_due_at, id limit $4`;
const REFRESHED = `update connections set sealed_credentials = $3, version = version + 1, expires_at = $4,
  refresh_due_at = $5, health_due_at = $6, credentials_updated_at = now(), updated_at = now()
  where id = $1 and version = $2`;
const TRIED = `update connections set last_health_check = $3, health_due_at = $4 where id = $1 and version = $2`;

process.on('message', () => void run().then((done) => process.send?.(done)));
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

async function run(): Promise<number> {
  const next = paged(new Date());
  let done = 0;
  const worker = async () => {
    for (let row = await next(); row; row = await next()) {
      await (due === 'refresh' ? refresh(row) : test(row));
      done++;
    }
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, worker));
  return done;
}

/** One row at a time to whoever asks; one page ahead. */
function paged(before: Date): () => Promise<Row | undefined> {
  const rows: Row[] = [];
  let last: [Date, string] | null = [new Date(0), ''];
  let reading: Promise<void> | null = null;
  const read = async () => {
    if (last === null) return;
    const values = [before, ...last, Number(pageSize)];
    const page = await pool.query<Row>({ name: 'page', text: PAGE, values });
    rows.push(...page.rows);
    const end = page.rows.at(-1);
    last = end ? [end.due, end.id] : null;
  };
  return async () => {
    if (rows.length < Number(atOnce) && last !== null) reading ??= read().finally(() => (reading = null));
    if (rows.length === 0) await reading;
    return rows.shift();
  };
}

async function refresh({ id, version, sealed_credentials }: Row): Promise<void> {
  const credentials = vault.open<Credentials>(credentialsPlace(id), sealed_credentials);
  const form = {
    grant_type: 'refresh_token',
    refresh_token: credentials.refreshToken,
    client_id: 'bench',
    client_secret: 'bench-secret-bench-secret',
  };
  const response = await request(`${standIn}/token`, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  const answer = (await response.body.json()) as Answer;
  const expires = new Date(Date.now() + answer.expires_in * 1000);
  const renewed = { ...credentials, accessToken: answer.access_token, refreshToken: answer.refresh_token };
  const sealed = vault.seal(credentialsPlace(id), { ...renewed, expiresAt: expires.toISOString() });
  const values = [id, version, sealed, expires, inMinutes(45), inMinutes(15)];
  await pool.query({ name: 'refreshed', text: REFRESHED, values });
}

async function test({ id, version, sealed_credentials }: Row): Promise<void> {
  const { accessToken } = vault.open<Credentials>(credentialsPlace(id), sealed_credentials);
  const started = Date.now();
  const response = await request(`${standIn}/account-info/v3/details`, {
    dispatcher: agent,
    headers: { authorization: `Bearer ${accessToken}` },
  });
  await response.body.json();
  const check = { at: new Date().toISOString(), ok: true, outcome: 'ok', latencyMs: Date.now() - started };
  const values = [id, version, JSON.stringify(check), inMinutes(15)];
  await pool.query({ name: 'tried', text: TRIED, values });
}

function inMinutes(minutes: number): Date {
  return new Date(Date.now() + minutes * 60_000);
}
