/** What passes through the proxy in either direction, and what does not. */
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pathProblem } from '../../hub/proxy/target.ts';
import type { Client } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { builder, connect, serveApiAt, startProvider, type Provider } from './provider.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let provider: Provider;
let ada: Client & { keyId: string };
let id: string;
let dropbox: string;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  provider = await startProvider();
  ada = await builder(hub, 'ada');
  id = await connect(ada, 'hubspot');
  dropbox = await connect(ada, 'dropbox');
  for (const integrationId of ['hubspot', 'dropbox'])
    await serveApiAt(hub, sandbox, integrationId, `${provider.url}/base`);
});
afterAll(async () => {
  provider.close();
  await hub.close();
  await sandbox.close();
});

type Raw = { status: number; headers: Record<string, string | string[] | undefined>; text: string };

/** As the bytes are written: `fetch` straightens paths and forbids headers. */
function raw(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Raw> {
  const { hostname, port } = new URL(hub.url);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        hostname,
        port,
        method,
        path,
        headers: {
          authorization: `Bearer ${ada.key}`,
          ...(body && { 'content-length': String(body.length) }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
const proxied = (path: string) => `/api/connections/${id}/proxy${path}`;

describe('a request', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'goes as %s, with its body and status passed through',
    async (method) => {
      provider.answer((response) => response.writeHead(418, { 'content-type': 'text/x' }).end('tea'));
      const body = method === 'GET' || method === 'OPTIONS' ? '' : 'the body';
      const answer = await raw(method, proxied('/x'), body ? { 'content-type': 'text/odd' } : {}, body);
      expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([418, 'text/x', 'tea']);
      expect(provider.seen).toMatchObject([{ method, url: '/base/x', body }]);
      if (body) expect(provider.seen[0]?.headers['content-type']).toBe('text/odd');
    },
  );

  it('goes as HEAD, and the length of what is not sent comes back', async () => {
    provider.answer((response) => response.writeHead(200, { 'content-length': '1234567' }).end());
    const answer = await raw('HEAD', proxied('/x'));
    expect([answer.status, answer.headers['content-length'], answer.text]).toEqual([200, '1234567', '']);
  });

  it('is not taken as TRACE, which would show the credentials to the caller', async () => {
    provider.answer((response) => response.end());
    expect((await raw('TRACE', proxied('/x'))).status).toBe(404);
    expect(provider.seen).toEqual([]);
  });

  it.each([
    ['/a%2Fb/c%20d?x=%7B%22a%22%3A1%7D&y=a+b&y=&z', '/base/a%2Fb/c%20d?x=%7B%22a%22%3A1%7D&y=a+b&y=&z'],
    ["/v24/customers:search?q='a'|b", "/base/v24/customers:search?q='a'|b"],
    ['/x?next=https://elsewhere.example/../..', '/base/x?next=https://elsewhere.example/../..'],
    ['/x?', '/base/x?'],
    ['/', '/base/'],
    [`/${'long'.repeat(500)}?q=${'a'.repeat(3000)}`, `/base/${'long'.repeat(500)}?q=${'a'.repeat(3000)}`],
  ])('keeps its address to the letter: %s', async (path, expected) => {
    provider.answer((response) => response.end());
    await raw('GET', proxied(path));
    expect(provider.seen.map(({ url }) => url)).toEqual([expected]);
  });

  it("leaves the caller's credentials and the way it came behind", async () => {
    provider.answer((response) => response.end());
    await raw(
      'POST',
      proxied('/x'),
      {
        connection: 'close, x-hop',
        'x-hop': '1',
        cookie: 'hub_session=1',
        'x-api-key': 'k',
        'proxy-authorization': 'Basic x',
        'x-forwarded-for': '10.0.0.1',
        'x-forwarded-host': 'hub.internal',
        forwarded: 'for=10.0.0.1',
        te: 'trailers',
        // What a client's own tracing adds is for the hub.
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        tracestate: 'vendor=x',
        baggage: 'user=ada',
        'sentry-trace': 'x',
        'x-b3-traceid': 'x',
        'hub-integration': 'hubspot',
        'x-custom': 'kept',
        'content-type': 'application/json',
      },
      '{}',
    );
    const { accessToken } = (await ada.call('GET', `/api/connections/${id}/token`)).body;
    expect(provider.seen[0]?.headers).toEqual({
      host: new URL(provider.url).host,
      connection: 'keep-alive',
      authorization: `Bearer ${accessToken}`,
      'user-agent': 'IntegrationHub/1',
      'x-custom': 'kept',
      'content-type': 'application/json',
      'content-length': '2',
    });
  });

  it('may name the version of the API it wants, where the integration has but a default', async () => {
    const contacts = await connect(ada, 'gohighlevel');
    await serveApiAt(hub, sandbox, 'gohighlevel', provider.url);
    provider.answer((response) => response.end());
    await raw('GET', `/api/connections/${contacts}/proxy/x`, {
      version: '2023-02-21',
      authorization: `Bearer ${ada.key}`,
    });
    expect(provider.seen[0]?.headers['version']).toBe('2023-02-21');
    await serveApiAt(hub, sandbox, 'gohighlevel');
  });
});

describe('a path', () => {
  const OUT = [
    '/../x',
    '/a/../../x',
    '/..',
    '/a/./x',
    '/%2e%2e/x',
    '/%2E%2e/x',
    '/.%2e/x',
    '/%252e%252e/x',
    '/%25252e%25252e/x',
    '/..%2fx',
    '/a%2f..%2f..%2fx',
    '/a/..;v=1/x',
    '/%2E%2e%23',
    '/..%3fx',
    '/a%5c..%5cx',
    '/\\evil.example/x',
    '/..\\x',
    '//evil.example/x',
    '/%2f/evil.example/x',
    '/%2fevil.example',
    '/https://evil.example/x',
    '/https:/evil.example/x',
    '/http%3a%2f%2fevil.example',
    '/x%2525252525252525252e',
  ];
  it.each(OUT)('that could lead out of the API is refused and goes nowhere: %s', async (path) => {
    provider.answer((response) => response.end());
    const answer = await raw('GET', proxied(path));
    expect([answer.status, answer.headers['hub-problem']]).toEqual([422, 'PATH_NOT_ALLOWED']);
    expect(provider.seen).toEqual([]);
  });

  it('whose encoding is not UTF-8 is refused too', async () => {
    provider.answer((response) => response.end());
    expect((await raw('GET', proxied('/%c0%ae%c0%ae/x'))).status).toBe(400);
    expect(pathProblem('/%c0%ae%c0%ae/x')).toMatch(/UTF-8/);
    expect(provider.seen).toEqual([]);
  });

  it.each(['/a..b', '/...', '/.well-known/x', '/a%2Fb', '/files/..hidden', '/x%20y', '/a//b'])(
    'that only looks like it passes: %s',
    async (path) => {
      provider.answer((response) => response.end());
      expect((await raw('GET', proxied(path))).status).toBe(200);
      expect(provider.seen[0]?.url).toBe(`/base${path}`);
    },
  );
});

describe('an answer', () => {
  it('keeps what tells of limits and versions, and loses what speaks for its own origin', async () => {
    provider.answer((response) =>
      response
        .writeHead(429, {
          'retry-after': '0',
          'x-ratelimit-remaining': '0',
          etag: 'W/"1"',
          'last-modified': 'Tue, 24 Nov 2026 00:00:00 GMT',
          link: '<https://api.example/x?page=2>; rel="next"',
          'cache-control': 'public, max-age=60',
          vary: 'Accept',
          connection: 'keep-alive, x-hop',
          'x-hop': '1',
          'set-cookie': ['a=1', 'b=2'],
          'strict-transport-security': 'max-age=1',
          'content-security-policy': 'default-src *',
          'access-control-allow-origin': '*',
          'hub-problem': 'UNAUTHENTICATED',
          'proxy-authenticate': 'Basic',
          'x-multi': ['1', '2'],
        })
        .end('{"message":"slow down"}'),
    );
    const { headers, status, text } = await raw('GET', proxied('/limits'));
    expect([status, text]).toEqual([429, '{"message":"slow down"}']);
    expect(headers).toMatchObject({
      'retry-after': '0',
      'x-ratelimit-remaining': '0',
      etag: 'W/"1"',
      'last-modified': 'Tue, 24 Nov 2026 00:00:00 GMT',
      link: '<https://api.example/x?page=2>; rel="next"',
      'cache-control': 'public, max-age=60',
      vary: 'Accept, Authorization',
      'x-multi': '1, 2',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    for (const name of [
      'set-cookie',
      'access-control-allow-origin',
      'hub-problem',
      'proxy-authenticate',
      'x-hop',
    ])
      expect(headers[name], name).toBeUndefined();
    expect(headers['strict-transport-security']).not.toBe('max-age=1');
  });

  it("that names the connection's token in a header loses that header", async () => {
    const { accessToken } = (await ada.call('GET', `/api/connections/${id}/token`)).body;
    provider.answer((response, { headers }) =>
      response.writeHead(200, { 'x-echo': String(headers.authorization), 'x-fine': '1' }).end(),
    );
    const { headers } = await raw('GET', proxied('/echo'));
    expect([headers['x-echo'], headers['x-fine']]).toEqual([undefined, '1']);
    expect(JSON.stringify(headers)).not.toContain(accessToken);
  });

  it.each([
    ['/base/files/7?a=b#c', '/files/7?a=b#c'],
    ['7', '/deep/7'],
    ['BASE/files/7', '/files/7'],
  ])('that leads on within the API leads on through the proxy: %s', async (location, expected) => {
    provider.answer((response) =>
      response.writeHead(307, { location: location.replace('BASE', `${provider.url}/base`) }).end(),
    );
    const { status, headers } = await raw('GET', proxied('/deep/6'));
    expect([status, headers['location']]).toEqual([307, proxied(expected)]);
    expect(provider.seen).toHaveLength(1);
  });

  it.each([
    ['https://elsewhere.example/x?sig=1', 'https://elsewhere.example/x?sig=1'],
    ['/other/x', 'ORIGIN/other/x'],
    ['/base-not/x', 'ORIGIN/base-not/x'],
    ['//elsewhere.example/x', 'http://elsewhere.example/x'],
  ])('that leads elsewhere says where, and is not followed: %s', async (location, expected) => {
    provider.answer((response) => response.writeHead(302, { location }).end());
    const { status, headers } = await raw('GET', proxied('/x'));
    expect([status, headers['location']]).toEqual([302, expected.replace('ORIGIN', provider.url)]);
    expect(provider.seen).toHaveLength(1);
  });

  it('that is compressed stays as it is, errors included', async () => {
    for (const status of [200, 404]) {
      const packed = gzipSync('{"a":1}');
      provider.answer((response) =>
        response
          .writeHead(status, { 'content-encoding': 'gzip', 'content-length': packed.length })
          .end(packed),
      );
      const answer = await fetch(hub.url + proxied('/x'), {
        headers: { authorization: `Bearer ${ada.key}` },
      });
      expect(await answer.json()).toEqual({ a: 1 });
    }
  });

  it('that nobody gives is a problem that says so', async () => {
    await serveApiAt(hub, sandbox, 'hubspot', 'http://localhost:1');
    const away = await ada.call('GET', proxied('/x'));
    expect(away).toMatchObject({ status: 503, body: { code: 'PROVIDER_UNAVAILABLE' } });
    expect(away.headers.get('hub-problem')).toBe('PROVIDER_UNAVAILABLE');
    await serveApiAt(hub, sandbox, 'hubspot', `${provider.url}/base`);
    provider.answerAtOnce((request) => request.socket.destroy());
    expect(await ada.call('GET', proxied('/x'))).toMatchObject({
      status: 504,
      body: { code: 'PROVIDER_ANSWER_LOST' },
    });
  });
});

describe('a further API base', () => {
  it('is chosen by its name, and one that is not there names those that are', async () => {
    const path = `/api/connections/${dropbox}/proxy/2/files/download`;
    provider.answer((response) => response.end('bytes'));
    const found = await raw('POST', path, { 'hub-api-base': 'content', 'dropbox-api-arg': '{"path":"/a"}' });
    expect([found.status, found.text]).toEqual([200, 'bytes']);
    // What an admin put in place of the API serves all of its bases.
    expect(provider.seen).toMatchObject([
      { url: '/base/2/files/download', headers: { 'dropbox-api-arg': '{"path":"/a"}' } },
    ]);
    const unknown = await raw('POST', path, { 'hub-api-base': 'contents' });
    expect(JSON.parse(unknown.text)).toMatchObject({ status: 422, code: 'API_BASE_NOT_FOUND' });
    expect(unknown.text).toContain('content');
    for (const name of ['constructor', '__proto__'])
      expect((await raw('POST', path, { 'hub-api-base': name })).status).toBe(422);
    const { body } = await ada.call('GET', `/api/connections/${dropbox}/token`);
    expect(body.apiBaseUrls).toEqual({ content: `${provider.url}/base` });
  });
});

describe('a caller', () => {
  it("cannot use another's connection, nor any with a key that was revoked", async () => {
    provider.answer((response) => response.end());
    const grace = await builder(hub, 'grace');
    expect(await grace.call('GET', proxied('/x'))).toMatchObject({
      status: 404,
      body: { code: 'CONNECTION_NOT_FOUND' },
    });
    const { body: operator } = await hub.admin.call('POST', '/api/keys', { name: 'o', role: 'operator' });
    const asOperator = await raw('GET', proxied('/x'), { authorization: `Bearer ${operator.key}` });
    expect([asOperator.status, asOperator.headers['hub-problem']]).toEqual([403, 'FORBIDDEN']);
    const own = await connect(grace, 'hubspot');
    provider.answer((response) => response.end());
    expect((await grace.call('GET', `/api/connections/${own}/proxy/x`)).status).toBe(200);
    await hub.admin.call('DELETE', `/api/keys/${grace.keyId}`);
    expect((await grace.call('GET', `/api/connections/${own}/proxy/x`)).status).toBe(401);
    expect(provider.seen).toHaveLength(1);
  });

  it('who means another integration is told so', async () => {
    const answer = await raw('GET', proxied('/x'), { 'hub-integration': 'slack' });
    expect([answer.status, answer.headers['hub-problem']]).toEqual([422, 'INTEGRATION_MISMATCH']);
  });

  it('is seen by when the connection was last used', async () => {
    const { lastUsed } = (await ada.call('GET', `/api/connections/${dropbox}`)).body;
    provider.answer((response) => response.end());
    await raw('POST', `/api/connections/${dropbox}/proxy/2/x`);
    await expect
      .poll(async () => (await ada.call('GET', `/api/connections/${dropbox}`)).body.lastUsed)
      .not.toBe(lastUsed);
  });
});
