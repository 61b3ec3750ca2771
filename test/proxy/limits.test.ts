/** A provider that asks to wait is left alone by every process, and a declared limit is kept by all of them together. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { grantCalls, leaseCalls } from '../../hub/database/rate-limits.ts';
import type { Integration } from '../../integrations/definition/integration.ts';
import { catalogue } from '../integrations/connected.ts';
import { createClient, type Client, type Reply } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { spawnOtherApi, type OtherApi } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { connect, serveApiAt, startProvider, type Provider } from './provider.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let provider: Provider;
let other: OtherApi;
let others: Client;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  provider = await startProvider();
  other = await spawnOtherApi(hub.env);
  others = createClient(other.url, hub.admin.key);
});
afterAll(async () => {
  provider.close();
  await other.kill('SIGTERM');
  await hub.close();
  await sandbox.close();
});

const serve = async (integrationId: string) => {
  const id = await connect(hub.admin, integrationId);
  await serveApiAt(hub, sandbox, integrationId, provider.url);
  return (client: Client, method: string, path: string): Promise<Reply> =>
    client.call(method, `/api/connections/${id}/proxy${path}`);
};

describe('a wait that the provider asks for', () => {
  it('is passed on, and then kept at every process without asking again', async () => {
    const call = await serve('outlook');
    provider.answer((response) =>
      response.writeHead(429, { 'retry-after': '3000' }).end('{"error":{"code":"x"}}'),
    );
    const first = await call(hub.admin, 'GET', '/a');
    expect([first.status, first.headers.get('retry-after'), first.headers.get('hub-problem')]).toEqual([
      429,
      '3000',
      null,
    ]);
    for (const client of [hub.admin, others]) {
      const next = await call(client, 'GET', '/b');
      expect(next).toMatchObject({ status: 429, body: { code: 'CONNECTION_RATE_LIMITED' } });
      expect(next.headers.get('hub-problem')).toBe('CONNECTION_RATE_LIMITED');
      const wait = Number(next.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(2900);
      expect(wait).toBeLessThanOrEqual(3000);
    }
    expect(provider.seen).toHaveLength(1);
    await serveApiAt(hub, sandbox, 'outlook');
  });

  it('is over when it is over', async () => {
    const call = await serve('outlook');
    provider.answer((response, _seen, count) =>
      count === 1 ? response.writeHead(429, { 'retry-after': '2' }).end() : response.end('{}'),
    );
    expect((await call(hub.admin, 'GET', '/a')).status).toBe(429);
    expect((await call(others, 'GET', '/a')).body.code).toBe('CONNECTION_RATE_LIMITED');
    await expect.poll(async () => (await call(others, 'GET', '/a')).status).toBe(200);
    await serveApiAt(hub, sandbox, 'outlook');
  });

  it('that is nearly over is waited here', async () => {
    const call = await serve('outlook');
    provider.answer((response, _seen, count) =>
      count === 1 ? response.writeHead(429, { 'retry-after': '0.1' }).end() : response.end('{}'),
    );
    expect((await call(hub.admin, 'GET', '/a')).status).toBe(429);
    expect((await call(others, 'GET', '/a')).status).toBe(200);
    await serveApiAt(hub, sandbox, 'outlook');
  });

  it('of one method and path is kept for that one, where the provider means it so', async () => {
    const call = await serve('slack');
    provider.answer((response, { url }) =>
      url.startsWith('/chat.postMessage')
        ? response.writeHead(429, { 'retry-after': '3000' }).end('{"ok":false,"error":"ratelimited"}')
        : response.end('{"ok":true}'),
    );
    expect((await call(hub.admin, 'POST', '/chat.postMessage')).body).toMatchObject({ error: 'ratelimited' });
    expect((await call(others, 'POST', '/chat.postMessage?x=1')).body.code).toBe('CONNECTION_RATE_LIMITED');
    expect((await call(others, 'GET', '/chat.postMessage')).headers.get('hub-problem')).toBeNull();
    expect((await call(others, 'POST', '/conversations.list')).status).toBe(200);
    await serveApiAt(hub, sandbox, 'slack');
  });

  it('keeps nobody else waiting', async () => {
    const [one, two] = [await serve('dropbox'), await connect(hub.admin, 'gmail')];
    provider.answer((response) => response.writeHead(429, { 'retry-after': '3000' }).end());
    expect((await one(hub.admin, 'POST', '/x')).status).toBe(429);
    const path = `/api/connections/${two}/proxy/gmail/v1/users/me/profile`;
    expect((await hub.admin.call('GET', path)).status).toBe(200);
    await serveApiAt(hub, sandbox, 'dropbox');
  });
});

describe('a declared limit', () => {
  it('of 100 calls in 10 s is kept by two processes together, and nearly used', async () => {
    const call = await serve('gohighlevel');
    provider.answer((response) => response.end('{}'));
    const began = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) => call(index % 2 ? hub.admin : others, 'GET', `/${index}`)),
    );
    // On a machine that takes longer than a window for it, more may go out.
    const windows = 1 + Math.floor((performance.now() - began) / 10_000);
    const good = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 429);
    expect(good.length + refused.length).toBe(300);
    expect(provider.seen).toHaveLength(good.length);
    expect(good.length).toBeLessThanOrEqual(100 * windows);
    expect(good.length).toBeGreaterThanOrEqual(60);
    for (const { body, headers } of refused) {
      expect(body.code).toBe('CONNECTION_RATE_LIMITED');
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(12);
    }
    await serveApiAt(hub, sandbox, 'gohighlevel');
  });

  it('is given out once, however many processes ask for the same connections at the same moment', async () => {
    // A window of a day: its slots do not end meanwhile, or one at most.
    const limit = { calls: 10, perMs: 86_400_000 };
    const ids = Array.from({ length: 30 }, (_, index) => `budget-${index}`);
    const processes = Array.from({ length: 3 }, () => openDatabase(hub.config));
    const granted = new Map(ids.map((id) => [id, 0]));
    const askOften = async (db: Database, id: string) => {
      for (let turn = 0; turn < 6; turn++) {
        const { calls } = await leaseCalls(db, id, limit, 1 + (turn % 2));
        granted.set(id, (granted.get(id) ?? 0) + calls);
      }
    };
    // Each begins with another connection.
    const orders = processes.map((db, nth) => ({
      db,
      mine: [...ids.slice(nth * 10), ...ids.slice(0, nth * 10)],
    }));
    await Promise.all(orders.flatMap(({ db, mine }) => mine.map((id) => askOften(db, id))));
    expect([...new Set(granted.values())]).toEqual([10]);
    for (const db of processes) await db.close();
  });

  it('is never exceeded in any window, whenever and by how many it is asked for', () => {
    const limit = { calls: 20, perMs: 1_000 };
    // A fixed sequence, so that a failure is the same failure tomorrow.
    let seed = 7;
    const random = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most;
    let slots: Parameters<typeof grantCalls>[0] = [];
    const made: { from: number; to: number; calls: number }[] = [];
    for (let now = 10_000; now < 60_000; now += random(60)) {
      const granted = grantCalls(slots, now, limit, 1 + random(3));
      slots = granted.slots;
      if ('waitMs' in granted.lease) expect(granted.lease.waitMs).toBeGreaterThan(0);
      else made.push({ from: now, to: now + granted.lease.forMs, calls: granted.lease.calls });
    }
    // As late as its lease allows: the worst the processes can do.
    const total = made.reduce((sum, { calls }) => sum + calls, 0);
    expect(total).toBeGreaterThan(50 * 20 * 0.8);
    for (const { to } of made)
      for (const at of ['from', 'to'] as const) {
        const inWindow = made.filter((one) => one[at] > to - limit.perMs && one[at] <= to);
        expect(inWindow.reduce((sum, { calls }) => sum + calls, 0)).toBeLessThanOrEqual(limit.calls);
      }
    // One lease used at once and the next as late as can be.
    for (const { from } of made) {
      const inWindow = made.filter((one) => one.from < from + limit.perMs && one.to > from);
      const within = inWindow.filter((one) => one.from >= from || one.to <= from + limit.perMs);
      expect(within.reduce((sum, { calls }) => sum + calls, 0)).toBeLessThanOrEqual(limit.calls);
    }
  });

  it('is declared as numbers that can be kept', () => {
    const limited = catalogue.list().filter((one: Integration) => one.rateLimit !== undefined);
    expect(limited.map(({ id }) => id)).toEqual(['gohighlevel', 'hubspot']);
    for (const { rateLimit } of limited) expect(rateLimit?.calls).toBeGreaterThanOrEqual(10);
  });
});
