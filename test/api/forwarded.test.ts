/** `X-Forwarded-For` is anybody's word, unless it comes from a proxy that the operator trusts. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type RunningApi } from '../../hub/api/start-api.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { createLogger } from '../../hub/log.ts';
import type { Json } from '../setup/client.ts';
import { configOf, startHub, type TestHub } from '../setup/hub.ts';

let hub: TestHub;
let behind: RunningApi;
let elsewhere: RunningApi;

beforeAll(async () => {
  hub = await startHub();
  const start = async (proxies: string) => {
    const env = { ...hub.env, HUB_PORT: String(await freePort()), HUB_TRUSTED_PROXIES: proxies };
    return startApi(configOf(env), createLogger('silent'));
  };
  [behind, elsewhere] = [await start('127.0.0.1,::1'), await start('10.0.0.0/8')];
});
afterAll(async () => {
  await Promise.all([behind.close(), elsewhere.close()]);
  await hub.close();
});

/** Whom the audit log takes for the asker. */
async function addressSeen(url: string, forwarded: string): Promise<string> {
  const made = await fetch(`${url}/api/keys`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${hub.admin.key}`,
      'content-type': 'application/json',
      'x-forwarded-for': forwarded,
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    },
    body: JSON.stringify({ name: forwarded.slice(0, 50), role: 'builder' }),
  });
  expect(made.status).toBe(201);
  const { id } = (await made.json()) as Json;
  const entry = async (): Promise<Json> => {
    const { body } = await hub.admin.call('GET', '/api/audit?action=key.create&limit=50');
    return (body.data as Json[]).find(({ subject }) => subject.id === id);
  };
  // An entry is seen once it is chained.
  await expect.poll(entry).toBeDefined();
  return ((await entry()).address as string).replace('::ffff:', '');
}

const LOOPBACK = /^(?:127\.0\.0\.1|::1)$/;

it('is not believed of somebody who is no proxy', async () => {
  for (const url of [hub.url, elsewhere.url]) expect(await addressSeen(url, '203.0.113.9')).toMatch(LOOPBACK);
});

it('is believed of a proxy, as far as the next one that is none', async () => {
  expect(await addressSeen(behind.url, '203.0.113.9')).toBe('203.0.113.9');
  // What the client wrote itself stands before what the proxy saw.
  expect(await addressSeen(behind.url, '198.51.100.1, 203.0.113.9')).toBe('203.0.113.9');
});

it('writes no address of the hub’s', async () => {
  const response = await fetch(`${behind.url}/.well-known/oauth-authorization-server`, {
    headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', host: 'evil.example' },
  });
  expect(await response.text()).not.toContain('evil.example');
});
