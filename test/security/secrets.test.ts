/** Invariant 4: every secret of a connection's whole life is looked for wherever the hub leaves something behind. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createBrowser, createClient, type Client, type Reply } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { openOperator } from '../setup/temporal.ts';
import { databasePlaces, hunt, temporalPlaces, type Place } from '../setup/secret-hunt.ts';
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let oidc: OidcServer;
let api: HubProcess;
let worker: HubProcess;
let database: TcpProxy;
let client: Client;
const secrets = new Map<string, string>();
const replies: Place[] = [];

/** Accepts one key, and quotes whatever it was given in its errors, as careless providers do. */
const provider = createServer((request: IncomingMessage, response: ServerResponse) => {
  const given = request.headers.authorization ?? '';
  const good = given === `Bearer ${secrets.get('API key of the provider') ?? ''}`;
  response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(
      good
        ? { portalId: 7, uiDomain: 'app.example' }
        : { status: 'error', message: `bad key ${given}`, category: given },
    ),
  );
});

beforeAll(async () => {
  ({ env, drop } = await testEnv({ HUB_LOG_LEVEL: 'trace' }));
  const key = env['HUB_ADMIN_KEY'] ?? '';
  secrets.set('admin key', key);
  secrets.set('encryption key', (env['HUB_ENCRYPTION_KEYS'] ?? '').split(':')[1] ?? '');
  secrets.set('API key of the provider', `pat-${randomUUID()}`);
  secrets.set('refused API key', `pat-${randomUUID()}`);
  await ensureAdminKey(configOf(env), key);
  const url = new URL(env['DATABASE_URL'] ?? '');
  secrets.set('database password', url.password);
  database = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(database.port);
  api = await spawnHub('api', env);
  worker = await spawnHub('worker', { ...env, DATABASE_URL: url.href });
  const hubUrl = `http://localhost:${env['HUB_PORT']}`;
  oidc = await startOidcServer({ redirectUri: `${hubUrl}/oauth/callback` });
  client = createClient(hubUrl, key);
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')]);
  provider.closeAllConnections();
  provider.close();
  receiver.closeAllConnections();
  receiver.close();
  await Promise.all([oidc.close(), database.close()]);
  await drop();
});

async function call(method: string, path: string, body?: unknown): Promise<Reply> {
  const reply = await client.call(method, path, body);
  replies.push({
    where: `${method} ${path} answered ${reply.status}`,
    text: reply.text + JSON.stringify([...reply.headers]),
  });
  return reply;
}

/** An endpoint that quotes what it is sent, signatures included, and fails. */
const receiver = createServer((request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(request.url === '/good' ? 200 : 500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: `bad signature`, headers: request.headers }));
});

/** Told of all that follows: once in vain, once signed with two secrets. */
async function subscribe(): Promise<void> {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  for (const path of ['/bad', '/good']) {
    const made = await client.call('POST', '/api/webhooks', { url: url + path, events: ['*'] });
    const rotated = await client.call('POST', `/api/webhooks/${made.body.id}/rotate-secret`);
    secrets.set(`secret of the webhook ${path}`, made.body.secret as string);
    secrets.set(`rotated secret of the webhook ${path}`, rotated.body.secret as string);
    secrets.set(`bytes of that secret ${path}`, (rotated.body.secret as string).slice('whsec_'.length));
    await call('GET', `/api/webhooks/${made.body.id}`);
  }
  await call('GET', '/api/webhooks');
}

async function live(): Promise<void> {
  await subscribe();
  const base = `http://localhost:${(provider.address() as AddressInfo).port}`;
  const app = {
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    scopes: ['openid', 'offline_access'],
    endpoints: oidc.endpoints,
  };
  await call('PUT', '/api/integrations/gmail/app', app);
  await call('PUT', '/api/integrations/hubspot/app', { ...app, endpoints: { apiBaseUrl: base } });
  await call('GET', '/api/integrations/gmail/app');
  await call('PUT', '/api/integrations/gmail/app', { ...app, clientSecret: { secret: oidc.clientSecret } });

  const made = await call('POST', '/api/connections', { integrationId: 'gmail' });
  const id = made.body.connection.id as string;
  const page = await createBrowser().open(made.body.authorization.url);
  expect(page.status, page.text).toBe(200);
  replies.push({ where: 'the page after consent', text: page.text });
  await call('POST', `/api/connections/${id}/refresh`);
  await call('POST', `/api/connections/${id}/test`);
  // A refresh whose answer goes through Temporal, sealed, because the database is away.
  oidc.answers.mode = 'hold';
  const late = call('POST', `/api/connections/${id}/refresh`);
  await expect.poll(() => oidc.answers.held).toBe(1);
  database.cut();
  oidc.answers.mode = 'normal';
  oidc.answers.release();
  await expect.poll(() => worker.output(), { timeout: 20_000 }).toContain('sealed envelope');
  database.mend();
  expect((await late).status).toBe(200);
  await sweepWhileDatabaseIsAway(id);
  oidc.answers.mode = 'cut';
  await call('POST', `/api/connections/${id}/refresh`);
  oidc.answers.mode = 'normal';
  await call('DELETE', `/api/connections/${id}`);

  for (const apiKey of [secrets.get('API key of the provider'), secrets.get('refused API key')])
    await call('POST', '/api/connections', {
      integrationId: 'hubspot',
      authType: 'api_key',
      credentials: { apiKey },
    });
  await call('POST', '/api/connections', {
    integrationId: 'hubspot',
    authType: 'api_key',
    credentials: { apiKey: [secrets.get('refused API key')] },
  });
  await call(
    'POST',
    '/api/connections',
    `{"integrationId":"hubspot","credentials":{"apiKey":"${secrets.get('refused API key') ?? ''}"`,
  );
  await call('GET', `/oauth/callback?code=${[...oidc.secrets][1] ?? ''}&state=unknown`);
  await call('GET', '/api/connections');
  for (const { id: webhook } of (await client.call('GET', '/api/webhooks')).body.data)
    await call('GET', `/api/webhooks/${webhook}/deliveries`);
  for (const [index, secret] of [...oidc.secrets].entries())
    secrets.set(`secret ${index} of the OAuth server`, secret);
}

/** A page of a sweep whose answer goes through Temporal, sealed, in its result and in its heartbeat. */
async function sweepWhileDatabaseIsAway(id: string): Promise<void> {
  const operator = await openOperator(configOf(env));
  const sql = postgres(env['DATABASE_URL'] ?? '', { max: 1 });
  await sql`update connections set refresh_due_at = now() - interval '1 second', health_due_at = now() - interval '1 second' where id = ${id}`;
  const [before] = await sql`select version from connections where id = ${id}`;
  oidc.answers.held = 0;
  oidc.answers.mode = 'hold';
  const swept = operator.sweep('refreshSweep');
  await expect.poll(() => oidc.answers.held).toBe(1);
  database.cut();
  oidc.answers.mode = 'normal';
  oidc.answers.release();
  const said = () => worker.output().split('sealed envelope').length - 1;
  await expect.poll(said, { timeout: 20_000 }).toBe(2);
  database.mend();
  expect((await swept).counts).toEqual({ unstored: 1 });
  const [after] = await sql`select version, status from connections where id = ${id}`;
  expect(after).toEqual({ version: Number(before?.['version']) + 1, status: 'connected' });
  expect(oidc.counts.reuses).toBe(0);
  await operator.sweep('healthSweep');
  await Promise.all([operator.close(), sql.end()]);
  await call('GET', '/metrics');
}

async function allPlaces(): Promise<Place[]> {
  return [
    ...replies,
    { where: 'log of the API', text: api.output() },
    { where: 'log of the worker', text: worker.output() },
    ...(await Promise.all(['ndjson', 'csv'].map(auditExport))),
    ...(await databasePlaces(env['DATABASE_URL'] ?? '')),
    ...(await temporalPlaces(configOf(env))),
  ];
}

async function auditExport(format: string): Promise<Place> {
  const { text } = await client.call('GET', `/api/audit/export?format=${format}`);
  expect(text).toContain('connection.create');
  return { where: `audit log as ${format}`, text };
}

it('no secret is found anywhere, and one that is planted is found', async () => {
  await live();
  // Code, verifier, and several generations of tokens went over the wire.
  expect(oidc.secrets.size).toBeGreaterThan(8);
  const places = await allPlaces();
  const count = (word: string) => places.filter(({ where }) => where.includes(word)).length;
  expect(count('decoded history')).toBeGreaterThan(7);
  expect(count('decoded history of deliverWebhook')).toBeGreaterThan(10);
  // They were truly decoded: an outcome can be read in them.
  expect(
    places.some(
      ({ where, text }) => where.startsWith('decoded history') && text.includes('"outcome":"exchanged"'),
    ),
  ).toBe(true);
  expect(count('table public.')).toBeGreaterThan(10);
  expect(places.find(({ where }) => where === 'log of the worker')?.text.length).toBeGreaterThan(500);
  expect(hunt(secrets, places)).toEqual([]);

  const [label = '', secret = ''] = [...secrets].at(-1) ?? [];
  const sql = postgres(env['DATABASE_URL'] ?? '', { max: 1 });
  await sql`update connections set name = ${Buffer.from(`x${secret}`).toString('base64')}`;
  await sql.end();
  expect(hunt(secrets, await allPlaces())).toContain(`${label} in table public.connections`);
}, 120_000);
