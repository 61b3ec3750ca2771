/**
 * Keys are rotated while tokens are read and refreshed, connections are made and webhooks are told, and while
 * workers are killed in the middle of it. Then the old key is taken away, and nothing misses it.
 */
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { startReceiver, type Receiver } from '../notifications/receiver.ts';
import { connectMany, type Bulk } from '../setup/bulk.ts';
import { createBrowser, createClient, type Client } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { databasePlaces } from '../setup/secret-hunt.ts';
import { K1, K2, openAll, vaultOf } from './keys.ts';

const CONNECTIONS = 600;
const REFRESHED_AFTERWARDS = 60;

let env: TestEnv;
let drop: () => Promise<void>;
let sandbox: TestSandbox;
let receiver: Receiver;
let client: Client;
let sql: postgres.Sql;
let db: Database;
let bulk: Bulk[];
let api: HubProcess;
let workers: HubProcess[] = [];

beforeAll(async () => {
  ({ env, drop } = await testEnv({ HUB_ENCRYPTION_KEYS: K1, HUB_LOG_LEVEL: 'error' }));
  const config = configOf(env);
  await ensureAdminKey(config, env['HUB_ADMIN_KEY'] ?? '');
  client = createClient(config.publicUrl, env['HUB_ADMIN_KEY'] ?? '');
  [sandbox, receiver] = await Promise.all([startTestSandbox(), startReceiver()]);
  sql = postgres(env['DATABASE_URL'] ?? '', { max: 2, onnotice: () => {} });
  db = openDatabase(config);
  await start(K1);
  await setUpApps(client, sandbox);
  await sandbox.control('PUT', '/hubspot/behaviour', { rotation: 'single_use' });
  bulk = await connectMany(config, sandbox, 'hubspot', CONNECTIONS);
  // A rewrap takes a while, so that a worker can be killed in the middle of it.
  await sql.unsafe(`
    create function take_time() returns trigger language plpgsql as $$
    begin
      if new.version = old.version then perform pg_sleep(0.02); end if;
      return new;
    end $$;
    create trigger take_time before update of sealed_credentials on connections for each row execute function take_time();`);
});
afterAll(async () => {
  await stop();
  await Promise.all([sandbox.close(), receiver.close(), sql.end(), db.close()]);
  await drop();
});

async function start(...keys: string[]): Promise<void> {
  env = { ...env, HUB_ENCRYPTION_KEYS: keys.join(',') };
  api = await spawnHub('api', env);
  await startWorkers();
}
async function startWorkers(): Promise<void> {
  workers = await Promise.all([spawnHub('worker', env), spawnHub('worker', env)]);
}
async function stop(): Promise<void> {
  await Promise.all([api, ...workers].map((process) => process.kill('SIGTERM')));
}

const underNewKey = async () => {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from connections where sealed_credentials like 'h1.k2.%'`;
  return row?.n ?? 0;
};
const ledger = async () => (await sandbox.control('GET', '/hubspot/ledger')).counts;

async function connect(): Promise<string> {
  const { body } = await client.call('POST', '/api/connections', { integrationId: 'dropbox' });
  await createBrowser().open(body.authorization.url);
  const { body: made } = await client.call('GET', `/api/connections/${body.connection.id}`);
  expect(made).toMatchObject({ status: 'connected' });
  return made.id as string;
}

/** What callers do all day, until it is ended. What a dying worker would take with it is held back by `pause`. */
function load() {
  let going = true;
  let paused = false;
  const done = { tokens: 0, refreshed: 0, connected: [] as string[] };
  const underWay = new Set<Promise<unknown>>();
  const loop = async (work: (turn: number) => Promise<unknown>, mayPause: boolean) => {
    for (let turn = 0; going; turn++) {
      if (mayPause && paused) await new Promise((resolve) => setTimeout(resolve, 20));
      else {
        const one = work(turn);
        underWay.add(one);
        await one.finally(() => underWay.delete(one));
      }
    }
  };
  const idAt = (turn: number) => bulk[turn % bulk.length]?.id ?? '';
  const loops = [
    loop(async (turn) => {
      const { status } = await client.call('GET', `/api/connections/${idAt(turn * 7)}/token`);
      expect(status).toBe(200);
      done.tokens++;
    }, false),
    // Each connection at most once, from both ends: of those the rotation has come to, and of those it has not.
    ...[0, 1].map((end) =>
      loop(async (turn) => {
        if (turn >= bulk.length / 2) return void (await new Promise((resolve) => setTimeout(resolve, 20)));
        const id = idAt(end === 0 ? turn : bulk.length - 1 - turn);
        const { body } = await client.call('POST', `/api/connections/${id}/refresh`);
        expect(body).toMatchObject({ refreshed: true, connection: { status: 'connected' } });
        done.refreshed++;
      }, true),
    ),
    loop(async () => done.connected.push(await connect()), true),
  ];
  const all = Promise.all(loops);
  all.catch(() => {});
  return {
    done,
    async pause() {
      paused = true;
      await Promise.allSettled(underWay);
    },
    goOn: () => (paused = false),
    async end() {
      going = false;
      await all;
    },
  };
}

async function killWorkersAt(count: number, running: ReturnType<typeof load>): Promise<void> {
  await expect.poll(underNewKey, { timeout: 60_000, interval: 50 }).toBeGreaterThan(count);
  await running.pause();
  await Promise.all(workers.map((worker) => worker.kill('SIGKILL')));
  await startWorkers();
  running.goOn();
}

it('everything opens under the new key alone, nothing is lost, and nothing was refreshed twice', async () => {
  const webhook = await client.call('POST', '/api/webhooks', { url: receiver.url, events: ['*'] });
  const first = await connect();
  await client.call('PUT', `/api/connections/${first}/debug`, {
    until: new Date(Date.now() + 3_600_000).toISOString(),
  });
  await client.call('POST', `/api/connections/${first}/test`);
  const traces = async () =>
    (await client.call('GET', `/api/connections/${first}/requests`)).body.data.length;
  await expect.poll(traces, { timeout: 10_000 }).toBeGreaterThan(0);
  const traced = await traces();
  // Begun under the old key, and ended only when the rotation is over.
  const { body: begun } = await client.call('POST', '/api/connections', { integrationId: 'slack' });
  const browser = createBrowser();
  const consent = await browser.open(begun.authorization.url, { stopAt: sandbox.url });

  await stop();
  await start(K2, K1);
  const running = load();
  const { body: rotation } = await client.call('POST', '/api/encryption/rotate');
  expect(rotation.status).toBe('running');
  await killWorkersAt(CONNECTIONS / 6, running);
  await killWorkersAt(CONNECTIONS / 2, running);
  const standing = async () => (await client.call('GET', '/api/encryption')).body;
  await expect.poll(async () => (await standing()).rotation.status, { timeout: 120_000 }).toBe('ended');
  await running.end();
  const { refreshed, tokens, connected } = running.done;
  expect(Math.min(refreshed, tokens, connected.length)).toBeGreaterThan(3);
  expect((await standing()).rotation).toMatchObject({
    runId: rotation.runId,
    result: { outcome: 'verified', unopened: { count: 0 }, othersMayGo: false },
  });

  expect((await browser.open(consent.url)).status).toBe(200);
  await expect.poll(async () => (await standing()).othersMayGo, { timeout: 60_000 }).toBe(true);
  await stop();
  await start(K2);

  const { counts } = await openAll(db, vaultOf(K2));
  expect(Object.keys(counts).every((name) => name.endsWith(' k2'))).toBe(true);
  expect(counts['connections.sealed_credentials k2']).toBe(CONNECTIONS + connected.length + 2);
  expect(counts['traces.sealed_trace k2']).toBeGreaterThanOrEqual(traced);
  const places = await databasePlaces(env['DATABASE_URL'] ?? '');
  expect(places.filter(({ text }) => text.includes('h1.k1.')).map(({ where }) => where)).toEqual([]);

  for (const { id } of bulk) {
    const { body } = await client.call('GET', `/api/connections/${id}/token`);
    const known = await sandbox.control('POST', '/hubspot/introspect', { token: body.accessToken });
    expect(known).toMatchObject({ active: true });
  }
  for (const { id } of bulk.slice(-REFRESHED_AFTERWARDS)) {
    const { body } = await client.call('POST', `/api/connections/${id}/refresh`);
    expect(body).toMatchObject({ refreshed: true, connection: { status: 'connected' } });
  }
  expect(await ledger()).toMatchObject({
    reused: 0,
    tokenRequests: refreshed + REFRESHED_AFTERWARDS,
  });
  expect(await traces()).toBeGreaterThanOrEqual(traced);
  const afterwards = receiver.received.length;
  await client.call('PATCH', `/api/connections/${begun.connection.id}`, { name: 'Renamed' });
  await client.call('POST', `/api/connections/${first}/refresh`);
  await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBeGreaterThan(afterwards);
  expect(receiver.verify(receiver.received.at(-1), webhook.body.secret)).toBeTruthy();
  expect(api.output() + workers.map((worker) => worker.output()).join('')).toBe('');
}, 300_000);
