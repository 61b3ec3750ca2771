/** An authorization survives the death of every process between redirect and callback. */
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createBrowser, createClient } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let oidc: OidcServer;
const processes: HubProcess[] = [];

beforeAll(async () => {
  ({ env, drop } = await testEnv());
  await ensureAdminKey(configOf(env), env['HUB_ADMIN_KEY'] ?? '');
  oidc = await startOidcServer({ redirectUri: `http://localhost:${env['HUB_PORT']}/oauth/callback` });
});
afterAll(async () => {
  await Promise.all(processes.map((one) => one.kill('SIGTERM')));
  await oidc.close();
  await drop();
});

async function startAll(): Promise<void> {
  await Promise.all(processes.splice(0).map((one) => one.kill('SIGKILL')));
  processes.push(...(await Promise.all([spawnHub('api', env), spawnHub('worker', env)])));
}

it('API and worker are killed while the user is at the provider, and the connection is made all the same', async () => {
  await startAll();
  const url = `http://localhost:${env['HUB_PORT']}`;
  const client = createClient(url, env['HUB_ADMIN_KEY'] ?? '');
  await client.call('PUT', '/api/integrations/gmail/app', {
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    scopes: ['openid', 'offline_access'],
    endpoints: oidc.endpoints,
  });
  const { body } = await client.call('POST', '/api/connections', { integrationId: 'gmail' });
  const browser = createBrowser();
  const back = await browser.open(body.authorization.url, { stopAt: `${url}/oauth/callback` });
  await startAll();
  expect((await browser.open(back.url)).status).toBe(200);
  expect((await client.call('GET', `/api/connections/${body.connection.id}`)).body).toMatchObject({
    status: 'connected',
  });
}, 90_000);

it('the worker is dead when the callback comes: what it brought is kept until there is one', async () => {
  const url = `http://localhost:${env['HUB_PORT']}`;
  const client = createClient(url, env['HUB_ADMIN_KEY'] ?? '');
  const { body } = await client.call('POST', '/api/connections', { integrationId: 'gmail' });
  const browser = createBrowser();
  const back = await browser.open(body.authorization.url, { stopAt: `${url}/oauth/callback` });
  const [api, worker] = processes as [HubProcess, HubProcess];
  await worker.kill('SIGKILL');
  const page = browser.open(back.url).catch(() => null);
  // The API dies too, after it has taken the callback.
  const sql = postgres(env['DATABASE_URL'] ?? '', { max: 1 });
  const taken = () =>
    sql`select 1 from authorizations where connection_id = ${body.connection.id as string} and status = 'answered'`;
  await expect.poll(async () => (await taken()).length).toBe(1);
  await sql.end();
  await api.kill('SIGKILL');
  await page;
  processes.length = 0;
  await startAll();
  await expect
    .poll(async () => (await client.call('GET', `/api/connections/${body.connection.id}`)).body.status, {
      timeout: 40_000,
    })
    .toBe('connected');
}, 90_000);
