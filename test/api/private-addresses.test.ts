/**
 * Every kind of address that somebody may give, in every notation of this machine, where private networks are not
 * allowed: whether it is refused when it is given or when it would be called, nobody connects.
 */
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../setup/hub.ts';

let hub: TestHub;
let listener: Server;
let port: number;
let connections = 0;

beforeAll(async () => {
  // On every address of this machine, of four numbers and of eight.
  listener = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '::', resolve));
  port = (listener.address() as AddressInfo).port;
  hub = await startHub({ HUB_ALLOW_PRIVATE_NETWORK: 'off' });
});
afterAll(async () => {
  await hub.close();
  listener.close();
});

// Every notation there is: `egress/addresses.test.ts`.
const HOSTS = [
  ...['127.0.0.1', '0.0.0.0', '2130706433', '[::1]', '[::ffff:127.0.0.1]', '[::7f00:1]'],
  ...['localhost', 'localhost.'],
];

it('the listener is there', async () => {
  await fetch(`http://127.0.0.1:${port}`).catch(() => {});
  expect(connections).toBe(1);
  connections = 0;
});

describe.each(HOSTS)('%s', (host) => {
  const at = (path = '') => `https://${host}:${port}${path}`;
  // As a definition names it; an address of eight numbers cannot be one of its hosts.
  const hosts = () => [new URL(at()).host];

  it('is no webhook’s', async () => {
    const made = await hub.admin.call('POST', '/api/webhooks', { url: at('/hook'), events: ['*'] });
    // A name is judged where it is resolved: `notifications/private-addresses.test.ts` sends there.
    if (!/localhost/i.test(host))
      expect([made.status, made.body.code]).toEqual([422, 'ENDPOINT_NOT_ALLOWED']);
    expect(connections).toBe(0);
  });

  it('is no app’s', async () => {
    const put = await hub.admin.call('PUT', '/api/integrations/gmail/app', {
      ...{ clientId: 'c', clientSecret: 'a-very-secret-value' },
      endpoints: { tokenUrl: at('/token'), apiBaseUrl: at(), probeUrl: at('/me') },
    });
    if (!/localhost/i.test(host)) expect([put.status, put.body.code]).toEqual([422, 'ENDPOINT_NOT_ALLOWED']);
    else expect((await hub.admin.call('POST', '/api/integrations/gmail/test', {})).body.ok).toBe(false);
    expect(connections).toBe(0);
  });

  it('is no integration’s of somebody’s own: API, probe', async () => {
    const id = 'inside';
    const made = await hub.admin.call('POST', '/api/integrations', {
      ...about(id),
      ...{ hosts: hosts(), apiBaseUrl: at('/v1'), auth: { api_key: {} } },
      ...{ probe: { path: '/me' }, account: { id: '/id' } },
    });
    if (made.status === 201) {
      const credentials = { apiKey: 'a-very-secret-value' };
      const reply = await hub.admin.call('POST', '/api/connections', { integrationId: id, credentials });
      expect(reply.status, reply.text).toBeGreaterThanOrEqual(400);
      expect(reply.text).not.toContain('a-very-secret-value');
      expect((await hub.admin.call('DELETE', `/api/integrations/${id}`)).status).toBe(204);
    } else expect(made.status, made.text).toBe(422);
    if (host === 'localhost') expect(made.status).toBe(201);
    expect(connections).toBe(0);
  });

  it('is no issuer’s: discovery', async () => {
    const made = await hub.admin.call('POST', '/api/integrations', {
      ...about('discovered'),
      ...{ hosts: hosts(), apiBaseUrl: at('/v1'), probe: { path: '/me' }, account: { id: '/id' } },
      auth: { oauth2: { discovery: at(), scopes: ['read'] } },
    });
    expect(made.status, made.text).toBe(422);
    if (host === 'localhost') expect(made.text).toContain('not a public one');
    expect(connections).toBe(0);
  });
});

const about = (id: string) => ({
  ...{ id, name: 'Inside', description: 'An integration of the tests.', docsUrl: 'https://example.com/' },
  capabilities: ['look inside'],
});
