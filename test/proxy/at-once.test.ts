/** A process remembers what it has read of a connection; what others change counts from the next use on all the same. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createClient, type Client } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { spawnOtherApi, type OtherApi } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { builder, connect, serveApiAt, startProvider, type Provider } from './provider.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let provider: Provider;
let other: OtherApi;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  provider = await startProvider();
  other = await spawnOtherApi(hub.env);
});
afterAll(async () => {
  provider.close();
  await other.kill('SIGTERM');
  await hub.close();
  await sandbox.close();
});

afterEach(() => serveApiAt(hub, sandbox, 'google-drive'));

const use = (client: Client, id: string) => ({
  token: () => client.call('GET', `/api/connections/${id}/token`),
  call: () => client.call('GET', `/api/connections/${id}/proxy/x`),
});

/** Used often enough by the other process to be remembered there. */
async function remembered(client: Client) {
  const id = await connect(hub.admin, 'google-drive');
  await serveApiAt(hub, sandbox, 'google-drive', provider.url);
  provider.answer((response) => response.end('{}'));
  const used = use(client, id);
  for (let time = 0; time < 3; time++)
    expect([(await used.token()).status, (await used.call()).status]).toEqual([200, 200]);
  return { id, ...used };
}

const there = () => createClient(other.url, hub.admin.key);

it('a key that was revoked is refused at every process at once', async () => {
  const { body } = await hub.admin.call('POST', '/api/keys', { name: 'a', role: 'admin', userId: 'a' });
  const used = await remembered(createClient(other.url, body.key as string));
  expect((await hub.admin.call('DELETE', `/api/keys/${body.id as string}`)).status).toBe(204);
  expect((await used.token()).status).toBe(401);
  expect((await used.call()).status).toBe(401);
});

it('one key that may use a connection opens it to no other', async () => {
  const { id } = await remembered(there());
  const stranger = await builder(hub, 'a-stranger');
  const used = use(createClient(other.url, stranger.key), id);
  expect([(await used.token()).status, (await used.call()).status]).toEqual([404, 404]);
});

it('a connection that was disconnected is no longer used by any process', async () => {
  const used = await remembered(there());
  expect((await hub.admin.call('DELETE', `/api/connections/${used.id}`)).status).toBe(204);
  const seen = provider.seen.length;
  expect((await used.token()).body.code).toBe('CONNECTION_DISCONNECTED');
  expect((await used.call()).body.code).toBe('CONNECTION_DISCONNECTED');
  expect(provider.seen).toHaveLength(seen);
});

it('a token that another process renewed is the one that is answered and sent', async () => {
  const used = await remembered(there());
  const before = (await used.token()).body.accessToken as string;
  expect((await hub.admin.call('POST', `/api/connections/${used.id}/refresh`)).body.refreshed).toBe(true);
  const after = (await used.token()).body.accessToken as string;
  expect(after).not.toBe(before);
  await used.call();
  expect(provider.seen.at(-1)?.headers['authorization']).toBe(`Bearer ${after}`);
});

it('an app whose API was moved sends nothing to the old address', async () => {
  const used = await remembered(there());
  const moved = await startProvider();
  moved.answer((response) => response.end('"moved"'));
  await serveApiAt(hub, sandbox, 'google-drive', moved.url);
  const seen = provider.seen.length;
  expect((await used.token()).body.apiBaseUrl).toBe(moved.url);
  expect((await used.call()).text).toBe('"moved"');
  expect(provider.seen).toHaveLength(seen);
  moved.close();
});

it('debug mode that is switched on other.url keeps the very next call', async () => {
  const used = await remembered(there());
  const until = new Date(Date.now() + 60_000).toISOString();
  expect((await hub.admin.call('PUT', `/api/connections/${used.id}/debug`, { until })).status).toBe(200);
  await used.call();
  await expect
    .poll(async () => (await hub.admin.call('GET', `/api/connections/${used.id}/requests`)).body.data.length)
    .toBe(1);
});

it('many callers at once are each answered for their own connection', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => connect(hub.admin, 'google-drive')));
  const own = new Map<string, string>();
  for (const id of ids) own.set(id, (await use(hub.admin, id).token()).body.accessToken as string);
  expect(new Set(own.values()).size).toBe(5);
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_none, n) => {
      const id = n % 7 === 6 ? 'no-such-connection' : (ids[n % 5] ?? '');
      const { status, body } = await use(there(), id).token();
      return { id, status, token: body.accessToken as string | undefined };
    }),
  );
  for (const { id, status, token } of answers)
    expect([status, token]).toEqual(own.has(id) ? [200, own.get(id)] : [404, undefined]);
});
