/** GET /api/events: nothing missed, nothing twice, nothing of somebody else, whatever commits when and whoever drops when. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../../hub/api/start-api.ts';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { insertEvent } from '../../hub/database/events.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { createLogger } from '../../hub/log.ts';
import { createBrowser, createClient, type Client } from '../setup/client.ts';
import { configOf, startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { startTcpProxy } from '../setup/tcp-proxy.ts';
import { openStream, type SseClient } from './sse-client.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let db: Database;
let ada: Client & { id: string };
let grace: Client;
let ofAda: string;
let ofGrace: string;
const streams: SseClient[] = [];

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  db = openDatabase({ ...hub.config, databasePoolSize: 40 });
  [ada, grace] = await Promise.all([builder('ada'), builder('grace')]);
  [ofAda, ofGrace] = [await connect(ada), await connect(grace)];
});
afterAll(async () => {
  await db.close();
  await hub.close();
  await sandbox.close();
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});

async function builder(userId: string): Promise<Client & { id: string }> {
  const { body } = await hub.admin.call('POST', '/api/keys', { name: userId, role: 'builder', userId });
  return { ...createClient(hub.url, body.key as string), id: body.id as string };
}

async function connect(client: Client, integrationId = 'slack'): Promise<string> {
  const { body } = await client.call('POST', '/api/connections', { integrationId });
  await createBrowser().open(body.authorization.url);
  return body.connection.id as string;
}

async function open(client: Client, options: Parameters<typeof openStream>[2] = {}, url = hub.url) {
  const stream = await openStream(url, client.key, options);
  streams.push(stream);
  return stream;
}

const change = (client: Client, id: string) => client.call('PATCH', `/api/connections/${id}`, { config: {} });
const subject = (id: string) => ({ id, integrationId: 'slack', userId: 'ada' });
const connectionsOf = (stream: SseClient) => stream.told.map(({ data }) => data.connectionId as string);

describe('a stream', () => {
  it('tells each event as the log has it, from now on', async () => {
    const stream = await open(ada);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    expect(stream.told).toEqual([]);
    await change(ada, ofAda);
    await ada.call('POST', `/api/connections/${ofAda}/refresh`);
    await expect.poll(() => stream.told.length).toBe(2);
    const { data } = (await ada.call('GET', `/api/connections/${ofAda}/events`)).body;
    expect(stream.told.map(({ data }) => data)).toEqual(data.slice(-2));
    expect(stream.told.map(({ event }) => event)).toEqual([
      'connection.config_changed',
      'connection.refreshed',
    ]);
  });

  it('tells a builder of their own, operators and admins of all', async () => {
    const [mine, hers, all] = [await open(ada), await open(grace), await open(hub.admin)];
    await change(ada, ofAda);
    await change(grace, ofGrace);
    await expect.poll(() => connectionsOf(all)).toEqual([ofAda, ofGrace]);
    await expect.poll(() => connectionsOf(mine)).toEqual([ofAda]);
    await expect.poll(() => connectionsOf(hers)).toEqual([ofGrace]);
  });

  it('tells what was asked for: by type, integration and connection', async () => {
    const gmail = await connect(ada, 'gmail');
    const wanted = await Promise.all([
      open(ada, { query: '?types=connection.disconnected,connection.refreshed' }),
      open(ada, { query: '?integrationId=gmail' }),
      open(ada, { query: `?connectionId=${ofAda}&types=connection.*` }),
    ]);
    await change(ada, gmail);
    await change(ada, ofAda);
    await ada.call('DELETE', `/api/connections/${gmail}`);
    const [byType, byIntegration, byConnection] = wanted.map(
      (stream) => () => stream.told.map(({ event }) => event),
    );
    await expect.poll(byType as () => string[]).toEqual(['connection.disconnected']);
    await expect
      .poll(byIntegration as () => string[])
      .toEqual(['connection.config_changed', 'connection.disconnected']);
    await expect.poll(byConnection as () => string[]).toEqual(['connection.config_changed']);
  });

  it.each([
    ['an id of no stream', '?lastEventId=abc', 400],
    ['an id of the future', '?lastEventId=99999999', 400],
    ['a type there is not', '?types=connection.exploded', 400],
    ['a connection of somebody else', 'of grace', 404],
  ])('is refused %s', async (_what, query, status) => {
    const path = query === 'of grace' ? `?connectionId=${ofGrace}` : query;
    const reply = await ada.call('GET', `/api/events${path}`);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
    ]);
  });
});

describe('an event whose transaction commits late', () => {
  it('is told in its place, and those after it wait', async () => {
    const stream = await open(ada);
    const [early, late] = [ofAda, 'committed-first'];
    await db.tables.transaction(async (tx) => {
      await insertEvent(tx, 'connection.refreshed', subject(early));
      await db.tables.transaction((other) => insertEvent(other, 'connection.refreshed', subject(late)));
      // As long as it takes until somebody else would have been told.
      const witness = await open(ada, {
        query: '?types=connection.refreshed',
        lastEventId: stream.lastEventId(),
      });
      await sleep(500);
      expect([stream.told, witness.told]).toEqual([[], []]);
    });
    await expect.poll(() => connectionsOf(stream)).toEqual([early, late]);
  });

  it('is over before a stream says that it has begun, so whoever then reads the log finds it there', async () => {
    let begun: SseClient | null = null;
    const opening = Promise.withResolvers<SseClient>();
    await db.tables.transaction(async (tx) => {
      await insertEvent(tx, 'connection.refreshed', subject('begun-before'));
      open(ada)
        .then((stream) => (begun = stream))
        .then(opening.resolve, opening.reject);
      await sleep(500);
      expect(begun).toBeNull();
    });
    const stream = await opening.promise;
    await change(ada, ofAda);
    await expect.poll(() => connectionsOf(stream)).toEqual([ofAda]);
  });

  it('is told once to readers that drop and resume all the time, whatever order dozens of writers commit in', async () => {
    const committed: string[] = [];
    let writing = true;
    const writer = async (name: number) => {
      for (let i = 0; i < 15; i++) {
        const id = `${name}-${i}`;
        await db.tables
          .transaction(async (tx) => {
            await insertEvent(tx, 'connection.refreshed', subject(id));
            await sleep(Math.random() * 60);
            if (Math.random() < 0.15) throw new Error('rolled back');
          })
          .then(
            () => committed.push(id),
            () => {},
          );
      }
    };
    const reader = async () => {
      const seen: { id: string; connection: string }[] = [];
      let lastEventId = first;
      while (writing || seen.length < committed.length) {
        const stream = await open(ada, { lastEventId });
        await sleep(50 + Math.random() * 250);
        stream.close();
        seen.push(...stream.told.map(({ id, data }) => ({ id, connection: data.connectionId as string })));
        lastEventId = stream.lastEventId();
      }
      return seen;
    };
    const first = (await open(ada)).lastEventId();
    const readers = Promise.all([reader(), reader(), reader()]);
    await Promise.all(Array.from({ length: 30 }, (_, name) => writer(name)));
    writing = false;
    for (const seen of await readers) {
      expect(seen.map(({ connection }) => connection).sort()).toEqual([...committed].sort());
      const ids = seen.map(({ id }) => Number(id));
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
    }
    expect(committed.length).toBeGreaterThan(300);
  }, 60_000);
});

describe('a stream ends', () => {
  it('when its key is revoked', async () => {
    const { body } = await hub.admin.call('POST', '/api/keys', { name: 'x', role: 'builder', userId: 'ada' });
    const stream = await open(createClient(hub.url, body.key as string));
    const other = await open(ada);
    await hub.admin.call('DELETE', `/api/keys/${body.id}`);
    await stream.ended;
    await change(ada, ofAda);
    await expect.poll(() => connectionsOf(other)).toEqual([ofAda]);
    expect(stream.told).toEqual([]);
  });

  it('at once when its server closes, also one whose client has stopped reading', async () => {
    const api = await second(hub.env['DATABASE_URL'] ?? '');
    const stream = await open(ada, {}, api.url);
    const stalled = await fetch(`${api.url}/api/events`, { headers: { authorization: `Bearer ${ada.key}` } });
    await happenManyTimes('while-stalled');
    await expect.poll(() => stream.told.length, { timeout: 30_000 }).toBe(MANY);
    await api.close();
    await stream.ended;
    await stalled.body?.cancel().catch(() => {});
  });
});

describe('a stream goes on', () => {
  it('when its database was away, and tells what happened meanwhile', async () => {
    const target = new URL(hub.env['DATABASE_URL'] ?? '');
    const proxy = await startTcpProxy({ host: target.hostname, port: Number(target.port) });
    target.port = String(proxy.port);
    const api = await second(target.href);
    const stream = await open(ada, {}, api.url);
    proxy.cut();
    await change(ada, ofAda);
    await sleep(500);
    proxy.mend();
    await expect.poll(() => connectionsOf(stream)).toEqual([ofAda]);
    await api.close();
    await proxy.close();
  });

  it('where its client stopped reading and begins again, with everything once and in order', async () => {
    const slow = await fetch(`${hub.url}/api/events`, { headers: { authorization: `Bearer ${ada.key}` } });
    const quick = await open(ada);
    await happenManyTimes('many');
    await expect.poll(() => quick.told.length, { timeout: 30_000 }).toBe(MANY);
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of slow.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.slice(-2_000).includes(`"many-${MANY}"`) && text.endsWith('\n\n')) break;
    }
    const ids = [...text.matchAll(/"id":"many-(\d+)"/g)].map(([, n]) => Number(n));
    expect(ids).toEqual(Array.from({ length: MANY }, (_, i) => i + 1));
  });
});

// More than what any buffer between hub and client could hold.
const MANY = 20_000;
const happenManyTimes = (name: string) =>
  db.tables.execute(`
    insert into events (id, type, connection_id, integration_id, user_id, reason)
    select '${name}-' || n, 'connection.refreshed', 'many', 'slack', 'ada', repeat('x', 500)
    from generate_series(1, ${MANY}) n`);

/** Another API process's worth of hub, on the same database or one behind a proxy. */
async function second(databaseUrl: string) {
  const port = await freePort();
  const env = { ...hub.env, DATABASE_URL: databaseUrl, HUB_PORT: String(port) };
  const api = await startApi(configOf(env), createLogger('silent'));
  return { url: `http://localhost:${port}`, close: api.close };
}
