/** Invariant 4, for traces: nothing secret is in what is exported, or in the headers that carry a trace through Temporal. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { credentialsPlace } from '../../hub/database/connection-credentials.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';
import { connect, startProvider, type Provider } from '../proxy/provider.ts';
import { createClient, type Client } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { hunt, temporalPlaces, type Place } from '../setup/secret-hunt.ts';
import { startCollector, type Collector } from './collector.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let collector: Collector;
let sandbox: TestSandbox;
let oidc: OidcServer;
let provider: Provider;
let processes: HubProcess[] = [];
let client: Client;
let url: string;
const secrets = new Map<string, string>();

beforeAll(async () => {
  collector = await startCollector();
  secrets.set('key of the collector', `collector-${randomUUID()}`);
  ({ env, drop } = await testEnv({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: `authorization=Bearer%20${secrets.get('key of the collector')}`,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    HUB_LOG_LEVEL: 'trace',
    HUB_WEBHOOK_BACKOFF: '50ms',
  }));
  const key = env['HUB_ADMIN_KEY'] ?? '';
  secrets.set('admin key', key);
  secrets.set('encryption key', (env['HUB_ENCRYPTION_KEYS'] ?? '').split(':')[1] ?? '');
  await ensureAdminKey(configOf(env), key);
  processes = await Promise.all([spawnHub('api', env), spawnHub('worker', env)]);
  url = `http://localhost:${env['HUB_PORT']}`;
  client = createClient(url, key);
  sandbox = await startTestSandbox();
  provider = await startProvider();
  oidc = await startOidcServer({ redirectUri: `${url}/oauth/callback` });
  await setUpApps(client, sandbox);
}, 120_000);
afterAll(async () => {
  await Promise.all(processes.map(({ kill }) => kill('SIGTERM')));
  collector.close();
  provider.close();
  await Promise.all([sandbox.close(), oidc.close()]);
  await drop();
});

/** Everything in a connection's credentials that is no word. */
async function learn(id: string): Promise<void> {
  const sql = postgres(env['DATABASE_URL'] ?? '', { max: 1 });
  const [row] = await sql`select sealed_credentials as sealed from connections where id = ${id}`;
  await sql.end();
  const vault = createVault(parseKeyring(env['HUB_ENCRYPTION_KEYS'] ?? ''));
  const text = JSON.stringify(vault.open(credentialsPlace(id), row?.['sealed']));
  for (const [, value = ''] of text.matchAll(/"([^"\s]{20,})"/g))
    if (!/^https?:|^\d{4}-\d\d/.test(value)) secrets.set(`${value.slice(0, 6)}… of ${id}`, value);
}

async function live(): Promise<void> {
  provider.answer((response) => response.writeHead(500).end());
  const hidden = `hooks${randomUUID()}`;
  secrets.set('path of a webhook', hidden);
  await client.call('POST', '/api/webhooks', { url: `${provider.url}/services/${hidden}`, events: ['*'] });
  const app = {
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    scopes: ['openid', 'offline_access'],
  };
  await client.call('PUT', '/api/integrations/gmail/app', { ...app, endpoints: oidc.endpoints });
  for (const integrationId of ['gmail', 'hubspot', 'slack', 'meta-ads']) {
    const id = await connect(client, integrationId);
    await learn(id);
    await client.call('GET', `/api/connections/${id}/token`);
    await client.call('POST', `/api/connections/${id}/test`);
    await misuse(id);
    if (integrationId === 'gmail') oidc.answers.mode = 'cut';
    else await sandbox.control('PUT', `/${integrationId}/behaviour`, { token: 'down' });
    await client.call('POST', `/api/connections/${id}/refresh`);
    oidc.answers.mode = 'normal';
    if (integrationId !== 'gmail') await sandbox.control('PUT', `/${integrationId}/behaviour`, {});
    await client.call('POST', `/api/connections/${id}/refresh`);
    await learn(id);
    await client.call('DELETE', `/api/connections/${id}`);
  }
  const apiKey = `pat-${randomUUID()}`;
  secrets.set('refused API key', apiKey);
  await client.call('POST', '/api/connections', {
    integrationId: 'hubspot',
    authType: 'api_key',
    credentials: { apiKey },
  });
  const code = `code-${randomUUID()}`;
  secrets.set('code of a callback', code);
  await fetch(`${url}/oauth/callback?code=${code}&state=${code}`);
  const password = `password-${randomUUID()}`;
  secrets.set('password', password);
  await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email: 'ada@example.com', password }),
  });
  await fetch(`${url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: code, client_id: 'x' }),
  });
  for (const [index, secret] of [...oidc.secrets].entries())
    secrets.set(`${index} of the OAuth server`, secret);
}

/** Calls with secrets wherever a caller can put one. */
async function misuse(id: string): Promise<void> {
  const given = `given${randomUUID().replaceAll('-', '')}`;
  secrets.set(`what a caller of ${id} gave`, given);
  const base = `${url}/api/connections/${id}/proxy`;
  const headers = {
    authorization: `Bearer ${client.key}`,
    traceparent: `00-${randomUUID().replaceAll('-', '')}-00000000000000aa-01`,
    baggage: `secret=${given}`,
    'x-secret': given,
    'user-agent': given,
  };
  await fetch(`${base}/tokens/${given}?access_token=${given}#${given}`, { headers });
  await fetch(`${base}/v3/${given}`, { method: 'POST', headers, body: given });
  await fetch(`${base}/${given}/../../${given}`, { headers });
  await fetch(`${base}/me?access_token=${client.key}&q=${given}`);
  await client.call('POST', `/api/connections/${id}/request`, {
    method: 'GET',
    path: `/x/${given}`,
    query: { given },
  });
  await fetch(`${url}/oauth/authorize/${given}`);
  await fetch(`${url}/${given}?${given}`, { headers });
}

it('no secret is in an export or in what carries a trace through Temporal, and one that is planted is found', async () => {
  await live();
  const names = () => collector.spans().map(({ name }) => name);
  const wanted = ['RunWorkflow:disconnectConnection', 'GET /oauth/callback', 'RunActivity:attemptDelivery'];
  await expect.poll(names).toEqual(expect.arrayContaining(wanted));
  const requests = new Set(collector.spans().map(({ attributes }) => attributes['hub.request']));
  expect([...requests]).toEqual(expect.arrayContaining(['token', 'probe', 'call', 'revocation', 'delivery']));
  const places = async (): Promise<Place[]> => [
    ...collector.exports.map(({ text }) => ({ where: 'an export', text })),
    ...(await temporalPlaces(configOf(env))),
    ...processes.map(({ output }) => ({ where: 'a log', text: output() })),
  ];
  const found = await places();
  expect(
    found.some(({ where, text }) => where.startsWith('stored history') && text.includes('traceparent')),
  ).toBe(true);
  expect(secrets.size).toBeGreaterThan(20);
  expect(hunt(secrets, found)).toEqual([]);
  // Nobody else's spans, and nobody's words.
  expect(new Set(collector.spans().map(({ scope }) => scope.replace(/interceptor-\w+/, '')))).toEqual(
    new Set(['integration-hub', '@temporalio/']),
  );

  const planted = secrets.get('code of a callback') ?? '';
  await client.call('GET', `/api/connections/${planted}`);
  await expect.poll(async () => hunt(secrets, await places())).toContain('code of a callback in an export');
}, 180_000);
