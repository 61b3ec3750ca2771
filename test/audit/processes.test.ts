/** Several processes write, one at a time chains, and any of them may die. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { chainWaiting } from '../../hub/database/audit-chain.ts';
import { openChain, GENESIS } from '../../hub/audit/chain.ts';
import { verifyAudit } from '../../hub/audit/verify.ts';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';
import { createClient } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { chainAll, chained, openSql, rowsOf, type Sql } from './log.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let db: Database;
let sql: Sql;
const processes: HubProcess[] = [];

beforeEach(async () => {
  ({ env, drop } = await testEnv());
  await ensureAdminKey(configOf(env), env['HUB_ADMIN_KEY'] ?? '');
  db = openDatabase(configOf(env));
  sql = openSql(env);
});
afterEach(async () => {
  await Promise.all(processes.splice(0).map((one) => one.kill('SIGKILL')));
  await sql.end();
  await db.close();
  await drop();
});

async function start(command: 'api' | 'worker', overrides: TestEnv = {}): Promise<HubProcess> {
  const one = await spawnHub(command, { ...env, ...overrides });
  processes.push(one);
  return one;
}

const vault = () => createVault(parseKeyring(env['HUB_ENCRYPTION_KEYS'] ?? ''));
const verified = async () => verifyAudit(db, await openChain(db, vault(), false), null);
const makeKey = (port: string | number | undefined) =>
  createClient(`http://localhost:${port}`, env['HUB_ADMIN_KEY'] ?? '').call('POST', '/api/keys', {
    name: 'x',
    role: 'operator',
  });

it('two API processes and two workers that write and chain at once leave no gap and no fork', async () => {
  const other = await freePort();
  await start('api');
  await start('api', { HUB_PORT: String(other) });
  await Promise.all([start('worker'), start('worker')]);
  const replies = [];
  for (let round = 0; round < 20; round++)
    replies.push(
      ...(await Promise.all(Array.from({ length: 10 }, (_, i) => makeKey(i % 2 ? other : env['HUB_PORT'])))),
    );
  expect(replies.every(({ status }) => status === 201)).toBe(true);
  await chained(sql);
  const rows = await rowsOf(sql);
  const made = rows.filter(({ actor_kind }) => actor_kind === 'api_key').map(({ subject_id }) => subject_id);
  expect(made.sort()).toEqual(replies.map(({ body }) => body.id as string).sort());
  expect(rows.map(({ sequence }) => Number(sequence)).sort((a, b) => a - b)).toEqual(
    rows.map((_, index) => index + 1),
  );
  expect(await verified()).toMatchObject({ problem: null, checked: rows.length });
}, 180_000);

it('an API process that is killed in the middle of a change leaves an entry that says so, and the chain goes on', async () => {
  const api = await start('api');
  // The key's row cannot be written: the request is under way, its entry is there.
  const held = openSql(env);
  const locked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const holding = held.begin(async (tx) => {
    await tx`lock table api_keys in share mode`;
    locked.resolve();
    await released.promise;
  });
  await locked.promise;
  const lost = makeKey(env['HUB_PORT']).catch(() => null);
  const underWay = () => sql`select from audit_entries where action = 'key.create' and outcome is null`;
  await expect.poll(async () => (await underWay()).length, { timeout: 20_000 }).toBe(1);
  await api.kill('SIGKILL');
  await lost;
  released.resolve();
  await holding;
  await held.end();
  await chainAll(env, sql);
  expect((await underWay()).length).toBe(1);

  const chain = await openChain(db, vault(), false);
  await chainWaiting(db, GENESIS, chain.hashOf, { limit: 100, givenUpAfterMs: 0 });
  const last = (await rowsOf(sql)).at(-1);
  expect(last).toMatchObject({ action: 'key.create', actor_kind: 'api_key', outcome: 'unknown' });
  expect(Number(last?.sequence)).toBe((await rowsOf(sql)).length);
  expect((await verified()).problem).toBeNull();
});

it('entries that a killed worker had not chained, or was chaining, are chained once by the next', async () => {
  await start('api');
  const first = await start('worker');
  const writing = Promise.all(Array.from({ length: 60 }, () => makeKey(env['HUB_PORT'])));
  await first.kill('SIGKILL');
  await writing;
  await start('worker');
  await chained(sql);
  const rows = await rowsOf(sql);
  expect(
    rows.filter(({ actor_kind, outcome }) => actor_kind === 'api_key' && outcome === 'done'),
  ).toHaveLength(60);
  expect(await verified()).toMatchObject({ problem: null, checked: rows.length });
});

it('where the database does not take the entry, nothing is done', async () => {
  await start('api');
  await sql`create function no() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = '53100'; end $$`;
  await sql`create trigger no before insert on audit_entries for each row execute function no()`;
  const before = await sql`select from api_keys`;
  expect((await makeKey(env['HUB_PORT'])).body).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE' });
  expect(await sql`select from api_keys`).toHaveLength(before.length);
});
