/** New credentials typed in for a connection that is there: they take the old ones' place only if they are good. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Integration } from '../../integrations/definition/integration.ts';
import { startHub, type TestHub } from '../setup/hub.ts';

let hub: TestHub;
let provider: Server;
let mode: 'good' | 'down' | 'hold' = 'good';
let held: (() => void)[] = [];
const GOOD = new Set(['Bearer first-key', 'Bearer second-key']);

beforeAll(async () => {
  provider = createServer((request, response) => {
    const answer = () => {
      const status = mode === 'down' ? 503 : GOOD.has(request.headers.authorization ?? '') ? 200 : 401;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    };
    if (mode === 'hold') held.push(answer);
    else answer();
  });
  await new Promise<void>((resolve) => provider.listen(0, 'localhost', resolve));
  const host = `localhost:${(provider.address() as AddressInfo).port}`;
  const apiKey = { type: 'string', title: 'API key', minLength: 1, maxLength: 200 };
  const integration: Integration = {
    id: 'keyed',
    name: 'Keyed',
    description: 'An integration of the tests.',
    category: 'CRM',
    logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"></svg>',
    status: 'beta',
    docsUrl: 'https://example.com/',
    capabilities: ['try keys'],
    configSchema: { type: 'object', additionalProperties: false, properties: {} },
    authTypes: ['api_key'],
    credentialSchemas: {
      api_key: { type: 'object', additionalProperties: false, required: ['apiKey'], properties: { apiKey } },
    },
    hosts: [host],
    apiBaseUrl: () => `http://${host}`,
    probe: () => ({ method: 'GET', url: '/me' }),
    account: () => null,
  };
  hub = await startHub({ HUB_PROVIDER_TIMEOUT: '10s', HUB_REFRESH_LEASE: '20s' }, [integration]);
});
afterAll(async () => {
  await hub.close();
  provider.closeAllConnections();
  provider.close();
});
beforeEach(() => {
  mode = 'good';
  held = [];
});

async function connect(): Promise<string> {
  const { body, text } = await hub.admin.call('POST', '/api/connections', {
    integrationId: 'keyed',
    credentials: { apiKey: 'first-key' },
  });
  expect(body.connection, text).toMatchObject({ status: 'connected' });
  return body.connection.id as string;
}
const reconnect = (id: string, apiKey: string) =>
  hub.admin.call('POST', `/api/connections/${id}/reconnect`, { credentials: { apiKey } });
const connectionOf = async (id: string) => (await hub.admin.call('GET', `/api/connections/${id}`)).body;
const tokenOf = async (id: string) => (await hub.admin.call('GET', `/api/connections/${id}/token`)).body;

it('refused ones leave a working connection as it is', async () => {
  const id = await connect();
  const before = await connectionOf(id);
  expect(await reconnect(id, 'wrong-key')).toMatchObject({
    status: 422,
    body: { code: 'CREDENTIALS_REJECTED' },
  });
  expect(await connectionOf(id)).toEqual(before);
  expect((await tokenOf(id)).accessToken).toBe('first-key');
});

it('an outage leaves a working connection as it is', async () => {
  const id = await connect();
  const before = await connectionOf(id);
  mode = 'down';
  expect(await reconnect(id, 'second-key')).toMatchObject({
    status: 503,
    body: { code: 'PROVIDER_UNAVAILABLE' },
  });
  expect(await connectionOf(id)).toEqual(before);
  expect((await tokenOf(id)).accessToken).toBe('first-key');
});

it('good ones take the place of the old, at once', async () => {
  const id = await connect();
  expect((await reconnect(id, 'second-key')).body).toMatchObject({
    connection: { id, status: 'connected', credentials: { version: 2 } },
  });
  expect((await tokenOf(id)).accessToken).toBe('second-key');
});

it('a disconnected connection is connected again under its id', async () => {
  const id = await connect();
  await hub.admin.call('DELETE', `/api/connections/${id}`);
  expect((await tokenOf(id)).code).toBe('CONNECTION_DISCONNECTED');
  expect((await reconnect(id, 'second-key')).body.connection).toMatchObject({ id, status: 'connected' });
  expect((await tokenOf(id)).accessToken).toBe('second-key');
});

it('a disconnect while they are tried wins', async () => {
  const id = await connect();
  mode = 'hold';
  const reply = reconnect(id, 'second-key');
  await expect.poll(() => held.length).toBe(1);
  expect((await hub.admin.call('DELETE', `/api/connections/${id}`)).status).toBe(204);
  mode = 'good';
  for (const answer of held) answer();
  expect(await reply).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  expect(await connectionOf(id)).toMatchObject({
    status: 'disconnected',
    statusReason: { code: 'DISCONNECTED_BY_USER' },
    credentials: null,
  });
});
