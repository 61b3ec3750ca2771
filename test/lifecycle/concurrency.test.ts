/** Invariant 1 under load: two API processes and two workers, one rotating refresh token. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../hub/embedded/ports.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createBrowser, createClient, type Client } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let oidc: OidcServer;
const processes: HubProcess[] = [];
const clients: Client[] = [];

beforeAll(async () => {
  ({ env, drop } = await testEnv());
  const key = env['HUB_ADMIN_KEY'] ?? '';
  await ensureAdminKey(configOf(env), key);
  const publicUrl = `http://localhost:${env['HUB_PORT']}`;
  oidc = await startOidcServer({ redirectUri: `${publicUrl}/oauth/callback` });
  const second = String(await freePort());
  for (const port of [env['HUB_PORT'] ?? '', second]) {
    processes.push(await spawnHub('api', { ...env, HUB_PORT: port, HUB_PUBLIC_URL: publicUrl }));
    clients.push(createClient(`http://localhost:${port}`, key));
  }
  processes.push(await spawnHub('worker', env), await spawnHub('worker', env));
});
afterAll(async () => {
  await Promise.all(processes.map((one) => one.kill('SIGTERM')));
  await oidc.close();
  await drop();
});

async function connect(client: Client): Promise<string> {
  await client.call('PUT', '/api/integrations/gmail/app', {
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    scopes: ['openid', 'offline_access'],
    endpoints: oidc.endpoints,
  });
  const { body } = await client.call('POST', '/api/connections', { integrationId: 'gmail' });
  await createBrowser().open(body.authorization.url);
  return body.connection.id as string;
}

it('200 concurrent refresh requests over two API processes and two workers cost one token request, 50 rounds long', async () => {
  const [one, two] = clients as [Client, Client];
  const id = await connect(one);
  for (let round = 1; round <= 50; round++) {
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        (index % 2 ? one : two).call('POST', `/api/connections/${id}/refresh`),
      ),
    );
    expect(replies.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
    expect(new Set(replies.map(({ body }) => body.connection.credentials.version))).toEqual(
      new Set([round + 1]),
    );
    expect(oidc.counts).toMatchObject({ refreshes: round, reuses: 0 });
  }
  const token = await two.call('GET', `/api/connections/${id}/token`);
  const me = await fetch(oidc.endpoints.probeUrl, { headers: token.body.headers });
  expect(me.status).toBe(200);
}, 240_000);
