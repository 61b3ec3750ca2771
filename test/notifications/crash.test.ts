/**
 * Invariant 5: what happened is told, whatever dies in between. Workers are killed with SIGKILL while an endpoint
 * has not answered and before a workflow was started; database and Temporal are taken away from a worker that works.
 */
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type RunningApi } from '../../hub/api/start-api.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createLogger } from '../../hub/log.ts';
import { createClient, type Client, type Json } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts';
import { startReceiver, type Receiver } from './receiver.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let api: RunningApi;
let client: Client;
let sandbox: TestSandbox;
let sql: postgres.Sql;
let database: TcpProxy;
let temporal: TcpProxy;
let receiver: Receiver;
let worker: HubProcess;
let webhook: Json;
let connection: string;

beforeAll(async () => {
  ({ env, drop } = await testEnv({ HUB_LOG_LEVEL: 'warn', HUB_WEBHOOK_BACKOFF: '100ms,100ms,100ms,100ms' }));
  const config = configOf(env);
  await ensureAdminKey(config, env['HUB_ADMIN_KEY'] ?? '');
  api = await startApi(config, createLogger('silent'));
  client = createClient(config.publicUrl, env['HUB_ADMIN_KEY'] ?? '');
  sandbox = await startTestSandbox();
  await setUpApps(client, sandbox);
  receiver = await startReceiver();
  sql = postgres(env['DATABASE_URL'] ?? '', { max: 2, onnotice: () => {} });
  const target = new URL(env['DATABASE_URL'] ?? '');
  database = await startTcpProxy({ host: target.hostname, port: Number(target.port) });
  const [host = '', port = ''] = (env['TEMPORAL_ADDRESS'] ?? '').split(':');
  temporal = await startTcpProxy({ host, port: Number(port) });
  connection = (await client.call('POST', '/api/connections', { integrationId: 'slack' })).body.connection.id;
  const wanted = { url: receiver.url, events: ['connection.config_changed'] };
  webhook = (await client.call('POST', '/api/webhooks', wanted)).body;
});
afterAll(async () => {
  await worker.kill('SIGKILL');
  await api.close();
  await Promise.all([sandbox.close(), receiver.close(), database.close(), temporal.close(), sql.end()]);
  await drop();
});
beforeEach(async () => {
  receiver.received.length = 0;
  receiver.answer = () => ({ status: 204 });
  await startNewWorker();
});

async function startNewWorker(): Promise<void> {
  await worker?.kill('SIGKILL');
  const url = new URL(env['DATABASE_URL'] ?? '');
  url.port = String(database.port);
  worker = await spawnHub('worker', {
    ...env,
    DATABASE_URL: url.href,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`,
  });
}

const happen = () => client.call('PATCH', `/api/connections/${connection}`, { config: {} });
const newest = async () =>
  (await client.call('GET', `/api/webhooks/${webhook.id}/deliveries?limit=1`)).body.data[0];
const ids = () => [...new Set(receiver.received.map((one) => receiver.idOf(one)))];
const long = { timeout: 40_000 };

describe('a worker killed', () => {
  it('while an endpoint has the message and has not answered: it comes again, with the same id', async () => {
    receiver.answer = () => 'hang';
    await happen();
    await expect.poll(() => receiver.received.length).toBe(1);
    await worker.kill('SIGKILL');
    receiver.answer = () => ({ status: 204 });
    await startNewWorker();
    await expect.poll(newest, long).toMatchObject({ status: 'delivered', attempts: 2 });
    expect(receiver.received).toHaveLength(2);
    expect(ids()).toEqual([(await newest()).id]);
    for (const one of receiver.received) receiver.verify(one, webhook.secret as string);
  });

  it('before anybody was told of the event: its successor tells it', async () => {
    await worker.kill('SIGKILL');
    await happen();
    expect(await newest()).toMatchObject({ status: 'pending', attempts: 0 });
    await startNewWorker();
    await expect.poll(newest, long).toMatchObject({ status: 'delivered', attempts: 1 });
    expect(ids()).toEqual([(await newest()).id]);
  });

  it('between claiming a delivery and starting its workflow: the claim runs out, and it is told', async () => {
    // As the claim looks when whoever made it is dead: nobody has started anything.
    await worker.kill('SIGKILL');
    await happen();
    await sql`update deliveries set due_at = now() + interval '3 seconds', sending_until = now() + interval '3 seconds'
      where outcome is null`;
    await startNewWorker();
    await expect.poll(newest, long).toMatchObject({ status: 'delivered', attempts: 1 });
  });

  it('with its workflow: when the time comes to look, it is started anew', async () => {
    receiver.answer = () => ({ status: 503, headers: { 'retry-after': '86400' } });
    await happen();
    await expect
      .poll(newest)
      .toMatchObject({ status: 'pending', attempts: 1, nextAttemptAt: expect.any(String) });
    receiver.answer = () => ({ status: 204 });
    // As after a Temporal that was lost with all it had: the database remembers, under an id nobody runs.
    await sql`update deliveries set id = id || '-lost', due_at = now() - interval '1 second' where outcome is null`;
    await expect.poll(newest, long).toMatchObject({ status: 'delivered', attempts: 2 });
  });
}, 120_000);

describe('an endpoint is told although', () => {
  it('the database goes away while it has the message: what it answered is written down later, and it is not asked twice', async () => {
    let release = () => {};
    receiver.answer = () => new Promise((resolve) => (release = () => resolve({ status: 204 })));
    await happen();
    await expect.poll(() => receiver.received.length).toBe(1);
    database.cut();
    release();
    receiver.answer = () => ({ status: 204 });
    await expect.poll(() => worker.output(), long).toMatch(/recordDelivery/);
    expect(await newest()).toMatchObject({ status: 'pending', attempts: 1 });
    database.mend();
    await expect.poll(newest, long).toMatchObject({ status: 'delivered', attempts: 1 });
    expect(receiver.received).toHaveLength(1);
  });

  it('Temporal is away when it happens', async () => {
    temporal.cut();
    await happen();
    await expect.poll(() => worker.output(), long).toContain('could not be started');
    expect(receiver.received).toEqual([]);
    temporal.mend();
    await expect.poll(newest, long).toMatchObject({ status: 'delivered' });
    expect(ids()).toEqual([(await newest()).id]);
  });
}, 120_000);
