/** Every use is counted once, by whichever process, and told to whom it concerns. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openDatabase } from '../../hub/database/database.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { rollUpInput } from '../../hub/temporal/schedules.ts';
import { startApi } from '../../hub/api/start-api.ts';
import { createLogger } from '../../hub/log.ts';
import { createUsageRecorder } from '../../hub/usage/recorder.ts';
import { connect } from '../proxy/provider.ts';
import { createClient, type Client, type Json } from '../setup/client.ts';
import { configOf, startHub, type TestHub } from '../setup/hub.ts';
import { spawnHub, spawnOtherApi, type OtherApi } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { openOperator, type Operator } from '../setup/temporal.ts';
import { startTcpProxy } from '../setup/tcp-proxy.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let operator: Operator;
let other: OtherApi;
let sql: postgres.Sql;
beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  operator = await openOperator(hub.config);
  other = await spawnOtherApi(hub.env);
  sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1, onnotice: () => {} });
}, 120_000);
afterAll(async () => {
  await other.kill('SIGTERM');
  await Promise.all([operator.close(), sql.end()]);
  await hub.close();
  await sandbox.close();
});

const today = async (path: string, client: Client = hub.admin) =>
  (await client.call('GET', `${path}${path.includes('?') ? '&' : '?'}bucket=day`)).body.data.at(-1);
const usageOf = (id: string): Promise<Json> => today(`/api/connections/${id}/usage`);
const calls = async (id: string): Promise<number> =>
  (await sandbox.control('GET', `/${id}/ledger`)).counts.calls ?? 0;

it('a scripted load over two processes comes to exactly what the provider counted', async () => {
  const id = await connect(hub.admin, 'google-drive');
  const clients = [hub.admin, createClient(other.url, hub.admin.key)];
  const before = await calls('google-drive');
  const path = `/api/connections/${id}/proxy/drive/v3`;
  const body = { name: 'A file', content: 'x'.repeat(5_000) };
  const sizes: number[] = [];
  for (let round = 0; round < 10; round++)
    await Promise.all(
      clients.map(async (client) => {
        sizes.push((await client.call('GET', `${path}/about?fields=user`)).text.length);
        sizes.push((await client.call('GET', `${path}/files/none`)).text.length);
        sizes.push((await client.call('POST', `${path}/files`, body)).text.length);
        await client.call('GET', `/api/connections/${id}/token`);
      }),
    );
  await sandbox.control('POST', '/google-drive/expire');
  sizes.push((await hub.admin.call('GET', `${path}/about?fields=user`)).text.length);
  const counted = (await calls('google-drive')) - before;
  expect(counted).toBeGreaterThan(0);

  await expect.poll(() => usageOf(id)).toMatchObject({ calls: 62, tokens: 20, repeated: 1 });
  const usage = await usageOf(id);
  // The expired one was sent twice, and a refresh is followed by no call of its own.
  expect(counted).toBe(usage.calls);
  expect(usage).toMatchObject({
    errors: 20,
    errorsByClass: {
      clientErrors: 20,
      serverErrors: 0,
      rateLimited: 0,
      credentialsRefused: 0,
      unanswered: 0,
    },
    bytesSent: 20 * JSON.stringify(body).length,
    bytesReceived: sizes.reduce((sum, size) => sum + size),
  });
  expect(usage.p50Ms).toBeGreaterThan(0);
  expect(usage.p99Ms).toBeGreaterThanOrEqual(usage.p50Ms);
});

it('errors are told apart by whose they are', async () => {
  const id = await connect(hub.admin, 'hubspot');
  const call = () => hub.admin.call('GET', `/api/connections/${id}/proxy/crm/v3/objects/contacts`);
  await sandbox.control('PUT', '/hubspot/behaviour', { api: 'down' });
  expect((await call()).status).toBe(503);
  await sandbox.control('PUT', '/hubspot/behaviour', { api: 'hang' });
  expect((await call()).status).toBeGreaterThanOrEqual(500);
  await sandbox.control('PUT', '/hubspot/behaviour', { api: { mode: 'rate_limited', retryAfter: 0 } });
  expect((await call()).status).toBe(429);
  await sandbox.control('PUT', '/hubspot/behaviour', {});
  await expect
    .poll(() => usageOf(id))
    .toMatchObject({
      calls: 3,
      errors: 3,
      errorsByClass: { serverErrors: 1, unanswered: 1, rateLimited: 1, clientErrors: 0 },
    });
});

it('a test call and the token endpoint of the broker are uses too; what the hub refused is none', async () => {
  const id = await connect(hub.admin, 'slack');
  await hub.admin.call('POST', `/api/connections/${id}/request`, { method: 'POST', path: '/auth.test' });
  await hub.admin.call('GET', `/api/connections/${id}/proxy/..%2f..%2fetc`);
  await hub.admin.call('GET', `/api/connections/${randomUUID()}/token`);
  await expect.poll(() => usageOf(id)).toMatchObject({ calls: 1, tokens: 0 });
  const { body: connection } = await hub.admin.call('GET', `/api/connections/${id}`);
  expect(Date.parse(connection.lastUsed)).toBeGreaterThan(Date.now() - 60_000);
});

it('is told by integration, by user, and for everything, to whom it concerns', async () => {
  const builder = await hub.admin.call('POST', '/api/keys', { name: 'b', role: 'builder', userId: 'bea' });
  const bea = createClient(hub.url, builder.body.key);
  const id = await connect(bea, 'dropbox');
  await bea.call('GET', `/api/connections/${id}/token`);
  await expect.poll(() => today('/api/integrations/dropbox/usage', bea)).toMatchObject({ tokens: 1 });
  expect((await bea.call('GET', '/api/usage?userId=admin')).status).toBe(403);
  expect(await today('/api/usage', bea)).toMatchObject({ tokens: 1, calls: 0 });
  const slack = (await hub.admin.call('GET', '/api/connections?integrationId=slack')).body.data[0].id;
  expect((await bea.call('GET', `/api/connections/${slack}/usage`)).status).toBe(404);
  const { body } = await hub.admin.call('GET', '/api/usage?bucket=day&groupBy=user');
  expect(body.data.map(({ userId, tokens }: Json) => [userId, tokens])).toEqual(
    expect.arrayContaining([['bea', 1]]),
  );
  const all = await today('/api/usage');
  const sum = body.data.reduce((total: number, one: { calls: number }) => total + one.calls, 0);
  expect(all.calls).toBe(sum);
});

it('times without use are there with zeros, and a time that makes no sense is refused', async () => {
  const id = await connect(hub.admin, 'discord');
  const { body } = await hub.admin.call('GET', `/api/connections/${id}/usage`);
  expect(body).toMatchObject({ bucket: 'hour', writtenEverySeconds: 5 });
  expect(body.data).toHaveLength(24);
  expect(body.data.at(0)).toMatchObject({ calls: 0, p50Ms: null });
  for (const query of [
    'from=yesterday',
    'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    'from=2020-01-01T00:00:00Z&bucket=hour',
    'bucket=minute',
    'format=xml',
  ]) {
    const reply = await hub.admin.call('GET', `/api/connections/${id}/usage?${query}`);
    expect([reply.status, reply.body.code], query).toEqual([400, 'VALIDATION_FAILED']);
  }
});

it('what is kept by the day only is not told as hours of zeros, and what is kept no more is not told at all', async () => {
  const id = await connect(hub.admin, 'salesforce');
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  const ask = (query: string) => hub.admin.call('GET', `/api/connections/${id}/usage?${query}`);
  const hours = await ask(`from=${ago(20)}&to=${ago(19)}&bucket=hour`);
  expect([hours.status, hours.body.code]).toEqual([400, 'USAGE_NOT_KEPT']);
  expect(hours.body.detail).toContain('bucket=day');
  const [, since] = /since (\S+):/.exec(hours.body.detail as string) ?? [];
  expect((await ask(`from=${since}&bucket=hour`)).status).toBe(200);
  expect((await ask(`from=${ago(20)}&to=${ago(19)}&bucket=day`)).status).toBe(200);
  const days = await ask(`from=${ago(500)}&to=${ago(450)}&bucket=day`);
  expect([days.status, days.body.code]).toEqual([400, 'USAGE_NOT_KEPT']);
});

it('is CSV for whoever accepts that, and for nobody who does not', async () => {
  const accepting = async (accept: string) =>
    (
      await fetch(`${hub.url}/api/usage?bucket=day`, {
        headers: { authorization: `Bearer ${hub.admin.key}`, accept },
      })
    ).headers.get('content-type');
  for (const accept of ['text/csv', 'text/csv, */*;q=0.1', 'application/json;q=0.5, text/csv'])
    expect(await accepting(accept), accept).toMatch(/^text\/csv/);
  for (const accept of [
    'text/csv;q=0',
    'text/csv;q=0, application/json',
    '*/*',
    'text/csv;q=0.1, application/json',
  ])
    expect(await accepting(accept), accept).toMatch(/^application\/json/);
});

it('goes into a spreadsheet, where nothing is taken for a formula', async () => {
  await sql`insert into usage (connection_id, user_id, integration_id, bucket, start, calls, repeated, rate_limited, credentials_refused, client_errors, server_errors, unanswered, tokens, bytes_sent, bytes_received, latency)
    values ('c-formula', '=HYPERLINK("http://evil.example")', 'hubspot', 'day', now() - interval '2 days', 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{7}')`;
  const { text, headers } = await hub.admin.call('GET', '/api/usage?bucket=day&groupBy=user&format=csv');
  expect(headers.get('content-type')).toMatch(/^text\/csv/);
  const [head = '', ...lines] = text.trim().split('\n');
  expect(head).toMatch(/^userId,start,calls,errors,/);
  expect(lines.some((line) => line.startsWith(`"'=HYPERLINK`))).toBe(true);
});

it('hours become days, days are dropped in the end, and nothing is counted twice', async () => {
  const hours = Array.from({ length: 50 }, (_none, hour) => new Date(Date.UTC(2026, 0, 1, hour)));
  const latency = (n: number) => Array.from({ length: 5 }, (_none, place) => (place === n % 5 ? 2 : 0));
  for (const [n, start] of hours.entries())
    await sql`insert into usage (connection_id, user_id, integration_id, bucket, start, calls, repeated, rate_limited, credentials_refused, client_errors, server_errors, unanswered, tokens, bytes_sent, bytes_received, latency)
      values ('c-old', 'olga', 'gmail', 'hour', ${start}, 2, 0, 1, 0, 0, 0, 0, 3, 10, 20, ${latency(n)})`;
  const total = async () =>
    (
      await sql`select sum(calls)::int as calls, sum(bytes_received)::int as bytes, count(*)::int as rows, count(*) filter (where bucket = 'hour')::int as hours,
        (select sum(one)::int from usage as all_of_them, unnest(latency) as one where connection_id = 'c-old') as timed
        from usage where connection_id = 'c-old'`
    )[0];
  expect(await total()).toEqual({ calls: 100, bytes: 1000, rows: 50, hours: 50, timed: 100 });
  const run = (input: object) =>
    operator.client.workflow.execute('rollUpUsage', {
      taskQueue: hub.config.temporal.taskQueue,
      workflowId: `roll-up-${randomUUID()}`,
      args: [{ ...rollUpInput(hub.config), most: 7, roundsPerHistory: 3, ...input }],
    });
  const kept = { keepDaysMs: 100 * 365 * 86_400_000 };
  // Two at once: a schedule never does that, an operator may.
  await Promise.all([run(kept), run(kept)]);
  expect(await total()).toEqual({ calls: 100, bytes: 1000, rows: 3, hours: 0, timed: 100 });
  const query = 'from=2026-01-01T00:00:00Z&to=2026-01-04T00:00:00Z&bucket=day&userId=olga';
  const { data } = (await hub.admin.call('GET', `/api/usage?${query}`)).body;
  expect(data.map((day: Json) => [day.calls, day.errors, day.tokens])).toEqual([
    [48, 24, 72],
    [48, 24, 72],
    [4, 2, 6],
  ]);
  await run({ keepDaysMs: 86_400_000 });
  expect(await total()).toMatchObject({ calls: null, rows: 0 });
  // What is young stayed.
  expect((await today('/api/usage')).calls).toBeGreaterThan(0);
});

it('a database that is away for a while loses no use, and holds nobody up; the end writes the rest', async () => {
  const target = new URL(hub.env['DATABASE_URL'] ?? '');
  const between = await startTcpProxy({ host: target.hostname, port: Number(target.port) });
  const away = new URL(target);
  away.hostname = '127.0.0.1';
  away.port = String(between.port);
  const config = configOf({ ...hub.env, DATABASE_URL: away.href, HUB_PORT: String(await freePort()) });
  const api = await startApi(config, createLogger('silent'));
  const client = createClient(config.publicUrl, hub.admin.key);
  const id = await connect(hub.admin, 'outlook');
  for (let n = 0; n < 3; n++) await client.call('GET', `/api/connections/${id}/token`);
  between.cut();
  expect((await client.call('GET', `/api/connections/${id}/token`)).status).toBeGreaterThanOrEqual(500);
  between.mend();
  await expect.poll(async () => (await client.call('GET', `/api/connections/${id}/token`)).status).toBe(200);
  await api.close();
  await between.close();
  await expect.poll(async () => (await usageOf(id)).tokens).toBeGreaterThanOrEqual(4);
  expect((await usageOf(id)).tokens).toBe(4);
});

it('a batch whose writing was not heard of is not written twice', async () => {
  const { addUsage, NO_USE } = await import('../../hub/database/usage.ts');
  const db = openDatabase(hub.config);
  const row = {
    connectionId: 'c-twice',
    userId: 'u',
    integrationId: 'gmail',
    start: new Date().toISOString(),
  };
  const batch = randomUUID();
  for (let n = 0; n < 2; n++) await addUsage(db, batch, [{ ...NO_USE, ...row, calls: 5, latency: [5] }]);
  await addUsage(db, randomUUID(), [{ ...NO_USE, ...row, calls: 1, latency: [0, 1] }]);
  expect(await sql`select calls, latency from usage where connection_id = 'c-twice'`).toEqual([
    { calls: 6, latency: [5, 1] },
  ]);
  await db.close();
});

it('Prometheus sees the same', async () => {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  expect(text).toMatch(/hub_provider_calls_total\{integration="hubspot",outcome="rate_limited"\} 1\n/);
  expect(text).toMatch(/hub_provider_bytes_total\{integration="google-drive",direction="sent"\} [1-9]/);
  expect(text).toMatch(/hub_tokens_handed_out_total\{integration="google-drive"\} 10\n/);
  expect(text).toMatch(/hub_usage_dropped_total 0\n/);
});

const silent = { call: () => {}, token: () => {}, dropped: () => {} };

it('what waits is limited, with what was not taken counted in', async () => {
  const db = openDatabase(hub.config);
  let dropped = 0;
  const observer = { ...silent, dropped: () => void dropped++ };
  const recorder = createUsageRecorder({ db, log: createLogger('silent') }, 50, observer, 3);
  const note = (n: number) => recorder.noteToken({ id: `c-cap-${n}`, userId: 'u', integrationId: 'gmail' });
  await sql`alter table usage rename to usage_away`;
  const failed = vi.spyOn(db.tables, 'transaction');
  for (const n of [1, 2]) note(n);
  await expect.poll(() => failed.mock.calls.length).toBeGreaterThan(0);
  for (const n of [3, 4, 5]) note(n);
  expect(dropped).toBe(2);
  await sql`alter table usage_away rename to usage`;
  await recorder.close();
  await db.close();
  const [{ rows = 0 } = {}] =
    await sql`select count(*)::int as rows from usage where connection_id like 'c-cap-%'`;
  expect(rows).toBe(3);
});

it('when a connection was last used is written although the first writing failed', async () => {
  const id = await connect(hub.admin, 'meta-ads');
  await sql`update connections set last_used = null where id = ${id}`;
  const db = openDatabase(hub.config);
  const recorder = createUsageRecorder({ db, log: createLogger('silent') }, 50, silent);
  const touching = vi.spyOn(db.tables, 'execute').mockRejectedValueOnce(new Error('away'));
  recorder.noteToken({ id, userId: 'admin', integrationId: 'meta-ads' });
  await expect
    .poll(async () => (await hub.admin.call('GET', `/api/connections/${id}`)).body.lastUsed)
    .not.toBeNull();
  expect(touching.mock.calls.length).toBeGreaterThan(1);
  await recorder.close();
  await db.close();
});

it('a database that takes everything and answers nothing does not keep a process from its end', async () => {
  const target = new URL(hub.env['DATABASE_URL'] ?? '');
  const between = await startTcpProxy({ host: target.hostname, port: Number(target.port) });
  const away = new URL(target);
  away.hostname = '127.0.0.1';
  away.port = String(between.port);
  const port = String(await freePort());
  const api = await spawnHub('api', {
    ...hub.env,
    HUB_LOG_LEVEL: 'warn',
    DATABASE_URL: away.href,
    HUB_PORT: port,
  });
  const id = await connect(hub.admin, 'gohighlevel');
  const client = createClient(`http://localhost:${port}`, hub.admin.key);
  expect((await client.call('GET', `/api/connections/${id}/token`)).status).toBe(200);
  between.freeze();
  // What the contract says of an end: npm start, and whoever runs containers, kills what takes longer.
  const killer = setTimeout(() => process.kill(api.pid, 'SIGKILL'), 15_000);
  const ended = await api.kill('SIGTERM');
  clearTimeout(killer);
  expect(ended).toBe(0);
  expect(api.output()).toContain('it is lost');
  await between.close();
});

it('what could not be written is said without whose it is', async () => {
  const { pino } = await import('pino');
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const db = openDatabase(hub.config);
  const recorder = createUsageRecorder({ db, log }, 60_000, silent);
  recorder.noteToken({ id: 'c-told', userId: 'told-of-nobody', integrationId: 'gmail' });
  await sql`alter table usage rename to usage_away`;
  await recorder.close();
  await sql`alter table usage_away rename to usage`;
  await db.close();
  expect(lines.join('')).toContain('usage could not be written');
  expect(lines.join('')).not.toContain('told-of-nobody');
});
