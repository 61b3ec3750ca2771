/** The test call, and the ready-made examples of each integration against its stand-in. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type Client, type Json, type Reply } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { ELEVEN, setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { builder, connect, serveApiAt, startProvider, type Provider } from './provider.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let provider: Provider;
let ada: Client;
let id: string;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  provider = await startProvider();
  ada = await builder(hub, 'ada');
  id = await connect(ada, 'dropbox');
});
afterAll(async () => {
  provider.close();
  await hub.close();
  await sandbox.close();
});

const call = (body: unknown, client = ada): Promise<Reply> =>
  client.call('POST', `/api/connections/${id}/request`, body);

describe.each(ELEVEN)('the examples of %s', (integrationId) => {
  it('are two or more, shown in the catalogue, and answered by its stand-in', async () => {
    const { body: shown } = await ada.call('GET', `/api/integrations/${integrationId}`);
    expect(shown.examples.length).toBeGreaterThanOrEqual(2);
    const connection = await connect(ada, integrationId);
    const { account } = (await ada.call('GET', `/api/connections/${connection}`)).body;
    for (const { id: example, title, ...request } of shown.examples as Json[]) {
      expect([typeof example, typeof title]).toEqual(['string', 'string']);
      const filled = JSON.stringify(request).replaceAll('{account.id}', account.id as string);
      const answer = await ada.call('POST', `/api/connections/${connection}/request`, filled);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body, `${example}: ${answer.text}`).toMatchObject({
        status: 200,
        bodyEncoding: 'json',
        truncated: false,
        attempts: 1,
        durationMs: expect.any(Number),
      });
      if (integrationId === 'slack') expect(answer.body.body.ok).toBe(true);
    }
  });
});

describe('a test call', () => {
  beforeAll(() => serveApiAt(hub, sandbox, 'dropbox', provider.url));

  it.each<[string, Json, Json]>([
    ['nothing', {}, { method: 'POST', url: '/x', body: '' }],
    [
      'query, beside that of the path',
      { path: '/x?a=1', query: { b: 'c d', n: 2, list: ['x', true] } },
      { url: '/x?a=1&b=c+d&n=2&list=x&list=true' },
    ],
    ['an address in any script', { path: '/größe/a b%20c' }, { url: '/gr%C3%B6%C3%9Fe/a%20b%20c' }],
    ['JSON', { body: { a: [1] } }, { body: '{"a":[1]}', headers: { 'content-type': 'application/json' } }],
    [
      'a form',
      {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: { channel: 'C1', blocks: [1] },
      },
      {
        body: 'channel=C1&blocks=%5B1%5D',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ],
    [
      'a text, of the type that is named',
      { headers: { 'content-type': 'application/xml' }, body: '<a/>' },
      { body: '<a/>', headers: { 'content-type': 'application/xml' } },
    ],
  ])('sends %s', async (_what, wish, expected) => {
    provider.answer((response) => response.writeHead(204).end());
    const answer = await call({ method: 'POST', path: '/x', ...wish });
    expect(answer, answer.text).toMatchObject({ status: 200, body: { status: 204, body: '' } });
    expect(provider.seen).toMatchObject([expected]);
  });

  it('cannot bring credentials of its own, nor leave the API', async () => {
    provider.answer((response) => response.end());
    const { accessToken } = (await ada.call('GET', `/api/connections/${id}/token`)).body;
    await call({ method: 'GET', path: '/x', headers: { Authorization: 'Bearer mine', cookie: 'a=b' } });
    expect(provider.seen[0]?.headers).toMatchObject({ authorization: `Bearer ${accessToken}` });
    expect(provider.seen[0]?.headers).not.toHaveProperty('cookie');
    for (const path of ['/../x', '//evil.example', 'https://evil.example/', '/a/%2e%2e/b', 'x'])
      expect(await call({ method: 'GET', path }), path).toMatchObject({
        status: 422,
        body: { code: 'PATH_NOT_ALLOWED' },
      });
    expect(provider.seen).toHaveLength(1);
  });

  it.each([
    ['JSON', 'application/json; charset=utf-8', '{"a":1}', { body: { a: 1 }, bodyEncoding: 'json' }],
    ['JSON of a kind', 'application/problem+json', '[1]', { body: [1], bodyEncoding: 'json' }],
    ['what only says it is JSON', 'application/json', '<oops', { body: '<oops', bodyEncoding: 'text' }],
    ['text', 'text/csv', 'ä;b', { body: 'ä;b', bodyEncoding: 'text' }],
    ['bytes', 'image/png', Buffer.from([0x89, 0x50, 0xff, 0]), { body: 'iVD/AA==', bodyEncoding: 'base64' }],
  ])('shows %s as it is', async (_what, type, sent, expected) => {
    provider.answer((response) => response.writeHead(203, { 'content-type': type }).end(sent));
    expect((await call({ method: 'GET', path: '/x' })).body).toMatchObject({
      status: 203,
      headers: { 'content-type': type },
      truncated: false,
      ...expected,
    });
  });

  it('shows what comes packed although nobody asked for it', async () => {
    provider.answer((response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync('{"a":1}')),
    );
    expect((await call({ method: 'GET', path: '/x' })).body).toMatchObject({ body: { a: 1 } });
  });

  it('shows the first mebibyte of a long answer and says that there is more', async () => {
    provider.answer((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(`"${'x'.repeat(3 * 1024 * 1024)}"`),
    );
    const { body } = await call({ method: 'GET', path: '/x' });
    expect(body).toMatchObject({ status: 200, truncated: true, bodyEncoding: 'text' });
    expect(body.body).toHaveLength(1024 * 1024);
  });

  it('whose answer breaks off is a problem that says so', async () => {
    provider.answer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"a":', () => setTimeout(() => response.destroy(), 50));
    });
    expect(await call({ method: 'GET', path: '/x' })).toMatchObject({
      status: 504,
      body: { code: 'PROVIDER_ANSWER_LOST' },
    });
  });

  it('is refreshed and repeated like any other, and says so', async () => {
    const expired = { error_summary: 'expired_access_token/', error: { '.tag': 'expired_access_token' } };
    provider.answer((response, _seen, count) =>
      count === 1
        ? response.writeHead(401).end(JSON.stringify(expired))
        : response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
    );
    const { body } = await call({ method: 'POST', path: '/x', body: { a: 1 } });
    expect(body).toMatchObject({ status: 200, attempts: 2 });
    expect(provider.seen.map(({ body: sent }) => sent)).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('of another base is made there, and of one that is not there names those that are', async () => {
    provider.answer((response) => response.end());
    expect((await call({ method: 'GET', path: '/x', apiBase: 'content' })).body.status).toBe(200);
    expect((await call({ method: 'GET', path: '/x', apiBase: 'nope' })).body).toMatchObject({
      code: 'API_BASE_NOT_FOUND',
      detail: expect.stringContaining('content'),
    });
  });

  it.each([
    [{ path: '/x' }, '/method'],
    [{ method: 'TRACE', path: '/x' }, '/method'],
    [{ method: 'GET' }, '/path'],
    [{ method: 'GET', path: '/x', headers: { 'bad name': 'x' } }, '/headers'],
    [{ method: 'GET', path: '/x', headers: { a: 'line\r\nbreak' } }, '/headers/a'],
    [{ method: 'GET', path: '/x', url: 'https://evil.example' }, '/url'],
  ])('with a mistake is refused, naming the field: %j', async (wish, path) => {
    const { status, body } = await call(wish);
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(body.errors.map((error: Json) => error.path).join(' ')).toContain(path);
  });

  it("is nobody's but its user's, with a right to tokens", async () => {
    const grace = await builder(hub, 'grace');
    const wish = { method: 'GET', path: '/x' };
    expect(await call(wish, grace)).toMatchObject({ status: 404, body: { code: 'CONNECTION_NOT_FOUND' } });
    const { body } = await hub.admin.call('POST', '/api/keys', { name: 'o', role: 'operator' });
    expect((await call(wish, createClient(hub.url, body.key as string))).status).toBe(403);
  });
});
