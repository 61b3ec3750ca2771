/** What comes is bounded, and so is what it costs: the length of answers, open streams, the depth of a body. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connect as socketTo, type Socket } from 'node:net';
import { createClient } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { openStream, type SseClient } from '../notifications/sse-client.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub({ HUB_MOST_STREAMS: '102', HUB_REQUEST_TIMEOUT: '1s' });
});
afterAll(() => hub.close());

const KIB = 1024;

describe('a body full of faults', () => {
  // As much of it as a body may hold, 256 KiB: 120,000 faults at once.
  it.each<[string, string, string, unknown]>([
    ['values', 'POST', '/api/webhooks', { url: 'https://x.example', events: Array(120_000).fill(1) }],
    [
      'names',
      'POST',
      '/api/webhooks',
      Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 1])),
    ],
    ['items', 'POST', '/api/connect-links', { integrationId: 'slack', scopes: Array(60_000).fill([]) }],
    [
      'settings',
      'POST',
      '/api/connections',
      {
        integrationId: 'slack',
        config: Object.fromEntries(Array.from({ length: 18_000 }, (_, i) => [`k${i}`, 1])),
      },
    ],
    [
      'places of a definition',
      'POST',
      '/api/integrations',
      { id: 'x', capabilities: Array(60_000).fill([]) },
    ],
  ])('is answered with some of them, and how many there are: %s', async (_what, method, path, body) => {
    const reply = await hub.admin.call(method, path, body);
    expect([400, 422]).toContain(reply.status);
    expect(reply.text.length).toBeLessThan(32 * KIB);
    expect(reply.body.errors).toHaveLength(50);
    expect(reply.body.detail).toMatch(/^\d+ faults; errors has the first 50$/);
  });

  it('is told of all of them where they are few', async () => {
    const reply = await hub.admin.call('POST', '/api/webhooks', { a: 1, b: 2 });
    expect(reply.body.errors).toHaveLength(4);
  });
});

describe('streams of events', () => {
  const open: SseClient[] = [];
  const stream = async (key: string) => {
    const one = await openStream(hub.url, key);
    if (one.status === 200) open.push(one);
    return one;
  };
  afterEach(() => open.splice(0).forEach((one) => one.close()));

  it('are a hundred at once for a key, as many for a process as it is told, and free again once they end', async () => {
    const keyOf = async (name: string) =>
      (await hub.admin.call('POST', '/api/keys', { name, role: 'builder', userId: name })).body.key as string;
    const [ada, grace] = await Promise.all([keyOf('ada'), keyOf('grace')]);
    const many = await Promise.all(Array.from({ length: 110 }, () => stream(ada)));
    expect(many.filter(({ status }) => status === 200)).toHaveLength(100);
    expect(many.filter(({ status }) => status === 429)).toHaveLength(10);
    expect([(await stream(grace)).status, (await stream(grace)).status]).toEqual([200, 200]);
    const refused = await createClient(hub.url, grace).call('GET', '/api/events');
    expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED']);
    expect(refused.body.detail).toMatch(/HUB_MOST_STREAMS/);
    // The others are not kept waiting by it.
    expect((await createClient(hub.url, grace).call('GET', '/api/connections')).status).toBe(200);
    open.pop()?.close();
    await expect.poll(async () => (await stream(grace)).status).toBe(200);
  });

  it.each([
    ...[
      '-1',
      '1e3',
      '0x1',
      '1.5',
      '+1',
      ' 1 2',
      '1,1',
      'NaN',
      'null',
      '٣',
      '999999999999999',
      '9'.repeat(16),
    ],
    ...['9'.repeat(90), '%31', '__proto__', "1'; drop table events; --"],
  ])('begin at no place that none of them has told: %s', async (id) => {
    const { status, text } = await hub.admin.call('GET', `/api/events?lastEventId=${encodeURIComponent(id)}`);
    expect(status, text).toBe(400);
    const headers = { authorization: `Bearer ${hub.admin.key}`, 'last-event-id': encodeURIComponent(id) };
    expect((await fetch(`${hub.url}/api/events`, { headers })).status).toBe(400);
  });

  it('begin at no place that is said twice', async () => {
    expect((await hub.admin.call('GET', '/api/events?lastEventId=0&lastEventId=0')).status).toBe(400);
    const socket = await opened();
    socket.write(
      `GET /api/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${hub.admin.key}\r\nLast-Event-ID: 0\r\nLast-Event-ID: 0\r\n\r\n`,
    );
    expect(await firstLine(socket)).toBe('HTTP/1.1 400 Bad Request');
  });
});

describe('a connection', () => {
  it('that says nothing is closed after HUB_REQUEST_TIMEOUT, however many there are', async () => {
    const silent = await Promise.all(Array.from({ length: 50 }, opened));
    await Promise.all(silent.map((socket) => new Promise((resolve) => socket.on('close', resolve))));
    expect((await hub.admin.call('GET', '/api/connections')).status).toBe(200);
  });
});

const opened = () =>
  new Promise<Socket>((resolve) => {
    const socket: Socket = socketTo(hub.config.port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => {}).resume();
  });

const firstLine = (socket: Socket) =>
  new Promise<string>((resolve) =>
    socket.once('data', (bytes) => {
      resolve(bytes.toString().split('\r\n')[0] ?? '');
      socket.destroy();
    }),
  );

describe('a body that is nested deep', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it.each<[string, string, string, (value: string) => string]>([
    ['a body', 'POST', '/api/webhooks', (value) => value],
    [
      'a configuration',
      'POST',
      '/api/connections',
      (value) => `{"integrationId":"slack","config":{"x":${value}}}`,
    ],
    [
      'credentials',
      'POST',
      '/api/connections',
      (value) => `{"integrationId":"hubspot","authType":"api_key","credentials":{"apiKey":${value}}}`,
    ],
    [
      'settings',
      'PUT',
      '/api/integrations/google-ads/app',
      (value) => `{"clientId":"c","clientSecret":"s","settings":{"developerToken":${value}}}`,
    ],
    ['a definition', 'POST', '/api/integrations', (value) => `{"id":"x","config":{"x":${value}}}`],
    [
      'a test call',
      'POST',
      '/api/connections/none/request',
      (value) => `{"method":"POST","path":"/","body":${value}}`,
    ],
    [
      'a workflow’s payload',
      'POST',
      '/api/temporal-codec/decode',
      (value) => `{"payloads":[{"metadata":{},"data":${value}}]}`,
    ],
  ])('is refused like any other that does not fit: %s', async (_what, method, path, put) => {
    for (const levels of [200, 5_000, 120_000]) {
      const reply = await hub.admin.call(method, path, put(deep(levels)));
      expect([levels, reply.status, reply.body.detail]).toEqual([
        levels,
        400,
        'nested deeper than 100 levels',
      ]);
    }
  });
});
