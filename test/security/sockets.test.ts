/** Bytes that no client of good will sends, on the API's own port: nothing is smuggled, and nobody keeps it waiting. */
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Integration } from '../../integrations/definition/integration.ts';
import { startHub, type TestHub } from '../setup/hub.ts';

let hub: TestHub;
let provider: Server;
let proxy: string;
const seen: string[] = [];

beforeAll(async () => {
  provider = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, 'localhost', resolve));
  const host = `localhost:${(provider.address() as AddressInfo).port}`;
  const integration: Integration = {
    id: 'sockets',
    name: 'Sockets',
    description: 'An integration of the tests.',
    category: 'CRM',
    logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"></svg>',
    status: 'beta',
    docsUrl: 'https://example.com/',
    capabilities: ['be called'],
    configSchema: { type: 'object', additionalProperties: false, properties: {} },
    authTypes: ['api_key'],
    credentialSchemas: {
      api_key: { type: 'object', additionalProperties: false, properties: { apiKey: { type: 'string' } } },
    },
    hosts: [host],
    apiBaseUrl: () => `http://${host}`,
    probe: () => ({ method: 'GET', url: '/me' }),
    account: () => null,
  };
  hub = await startHub({ HUB_REQUEST_TIMEOUT: '1s' }, [integration]);
  const made = await hub.admin.call('POST', '/api/connections', {
    integrationId: 'sockets',
    credentials: { apiKey: 'k' },
  });
  proxy = `/api/connections/${made.body.connection.id}/proxy`;
});
afterAll(async () => {
  await hub.close();
  provider.closeAllConnections();
  provider.close();
});

const open = () => connect(hub.config.port, '127.0.0.1');

/** @returns everything that is answered until the hub closes, or says nothing more */
async function answered(socket: Socket, bytes: string | Buffer): Promise<string> {
  let text = '';
  let quiet: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    socket.on('close', () => resolve()).on('error', () => resolve());
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      clearTimeout(quiet);
      // Long enough for a second answer, had there been a second request.
      quiet = setTimeout(resolve, 500);
    });
  });
  socket.write(bytes);
  await over;
  socket.destroy();
  return text;
}

const statuses = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

const CRLF = '\r\n';
const raw = (method: string, target: string, headers: string[], body = '', end = CRLF) =>
  [
    `${method} ${target} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${hub.admin.key}`,
    ...headers,
    '',
    body,
  ].join(end);
const smuggled = () => raw('GET', `${proxy}/smuggled`, []);

describe('a request of two readings', () => {
  it.each<[string, (inner: string) => [headers: string[], body: string, end?: string]]>([
    [
      'both lengths',
      (inner) => [['Content-Length: 5', 'Transfer-Encoding: chunked'], `0${CRLF}${CRLF}${inner}`],
    ],
    [
      'both lengths, the other way',
      (inner) => [
        ['Transfer-Encoding: chunked', `Content-Length: ${inner.length + 5}`],
        `0${CRLF}${CRLF}${inner}`,
      ],
    ],
    ['two lengths', (inner) => [['Content-Length: 0', `Content-Length: ${inner.length}`], inner]],
    ['a list of lengths', (inner) => [['Content-Length: 0, 5'], inner]],
    ['a signed length', (inner) => [['Content-Length: +0'], inner]],
    ['a length in another system', (inner) => [['Content-Length: 0x0'], inner]],
    ['an unknown encoding', (inner) => [['Transfer-Encoding: xchunked'], `0${CRLF}${CRLF}${inner}`]],
    [
      'an encoding after chunked',
      (inner) => [['Transfer-Encoding: chunked, identity'], `0${CRLF}${CRLF}${inner}`],
    ],
    ['a blank before the colon', (inner) => [['Transfer-Encoding : chunked', 'Content-Length: 0'], inner]],
    [
      'a folded header',
      (inner) => [['Transfer-Encoding:', ' chunked', 'Content-Length: 3'], `0${CRLF}${CRLF}${inner}`],
    ],
    ['a header without a name', (inner) => [[': x', 'Content-Length: 0'], inner]],
    ['a NUL in a header', (inner) => [['X-A: a\0b', 'Content-Length: 0'], inner]],
    ['a lone carriage return', (inner) => [['X-A: a\rContent-Length: 3', 'Content-Length: 0'], inner]],
    [
      'a chunk of a wrong size',
      (inner) => [['Transfer-Encoding: chunked'], `zz${CRLF}x${CRLF}0${CRLF}${CRLF}${inner}`],
    ],
    [
      'a chunk that is longer than it says',
      (inner) => [['Transfer-Encoding: chunked'], `1${CRLF}xx${CRLF}0${CRLF}${CRLF}${inner}`],
    ],
    ['lines that end in LF alone', (inner) => [['Content-Length: 3', ''], inner, '\n']],
  ])('is refused whole, and what was hidden in it never arrives: %s', async (_what, make) => {
    const before = seen.length;
    const [headers, body, end] = make(smuggled());
    const text = await answered(open(), raw('POST', `${proxy}/outer`, headers, body, end));
    expect(statuses(text)).toEqual([400]);
    expect(text).not.toMatch(/node_modules|\.ts:|at .*\(/);
    expect(seen.slice(before)).toEqual([]);
  });

  it('does not reach the provider as two, however its body looks', async () => {
    const before = seen.length;
    const body = `0${CRLF}${CRLF}GET /inner HTTP/1.1${CRLF}Host: x${CRLF}${CRLF}`;
    const text = await answered(
      open(),
      raw('POST', `${proxy}/outer`, [`Content-Length: ${body.length}`], body),
    );
    expect(statuses(text)).toEqual([200]);
    expect(seen.slice(before)).toEqual([`POST /outer ${body}`]);
  });

  it.each([
    [
      'another host in the address',
      'GET http://evil.example/api/connections HTTP/1.1\r\nHost: localhost\r\n\r\n',
      [401, 404, 400],
    ],
    ['no host', 'GET /health/live HTTP/1.1\r\n\r\n', [400]],
    ['a method of no kind', 'G\x00T / HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
    ['HTTP/2 without being asked', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(40_000)}\r\n\r\n`, [431]],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', []],
    [
      'another protocol',
      'GET /api/events HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      [401],
    ],
  ])('gets what it deserves: %s', async (_what, bytes, expected) => {
    const [status] = statuses(await answered(open(), bytes));
    if (expected.length === 0) expect(status).toBeUndefined();
    else expect(expected).toContain(status);
  });
});

describe('whoever takes their time', () => {
  const alive = async () => (await hub.admin.call('GET', '/health/live')).status;

  /** Byte by byte, until the hub has enough of it. */
  async function trickle(start: string, more: string): Promise<string> {
    const socket = open();
    let closed = false;
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => {}).on('close', () => (closed = true));
    socket.write(start);
    while (!closed) {
      socket.write(more);
      await sleep(50);
    }
    return text;
  }

  it('over the headers is cut off', async () => {
    await trickle('GET /health/live HTTP/1.1\r\nHost: x\r\n', 'x');
    expect(await alive()).toBe(200);
  });

  it('over the body is cut off, at an address that knows them and at one that does not', async () => {
    const start = raw(
      'POST',
      '/api/connections',
      ['Content-Type: application/json', 'Content-Length: 100000'],
      '{',
    );
    await Promise.all([
      trickle(start, ' '),
      trickle(start.replace('Bearer', 'Bearer x'), ' '),
      trickle(
        raw('POST', '/oauth2/token', [
          'Content-Type: application/x-www-form-urlencoded',
          'Content-Length: 9999',
        ]),
        'a',
      ),
    ]);
    expect(await alive()).toBe(200);
  });

  it('over an upload through the proxy is waited for, as long as something comes', async () => {
    const socket = open();
    socket.write(raw('POST', `${proxy}/slow`, ['Content-Length: 30']));
    for (let sent = 0; sent < 29; sent++) {
      socket.write('x');
      await sleep(80);
    }
    expect(statuses(await answered(socket, 'x'))).toEqual([200]);
    expect(seen.at(-1)).toBe(`POST /slow ${'x'.repeat(30)}`);
  });

  it('reading events is not cut off: there is no body to wait for', async () => {
    const socket = open();
    let closed = false;
    socket.on('error', () => {}).on('close', () => (closed = true));
    socket.write(raw('GET', '/api/events', []));
    await sleep(2_500);
    expect(closed).toBe(false);
    socket.destroy();
  });

  it('and whoever hangs up in the middle leaves nothing behind that stops the others', async () => {
    const starts = [
      'GET /api/conn',
      raw('POST', '/api/connections', ['Content-Type: application/json', 'Content-Length: 500'], '{"integ'),
      raw('POST', `${proxy}/cut`, ['Content-Length: 500'], 'abc'),
      raw('GET', '/api/events', []),
      raw('GET', '/api/connections', []),
    ];
    const sockets = Array.from({ length: 100 }, (_, i) => {
      const socket = open().on('error', () => {});
      socket.write(starts[i % starts.length] ?? '');
      return socket;
    });
    await sleep(100);
    for (const [index, socket] of sockets.entries())
      if (index % 2) socket.resetAndDestroy();
      else socket.destroy();
    expect(await alive()).toBe(200);
    expect((await hub.admin.call('GET', `${proxy}/after`)).status).toBe(200);
  });
});

it('a packed body is not unpacked: a bomb is as large as it is sent', async () => {
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, ' '));
  const response = await fetch(`${hub.url}/api/connections`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${hub.admin.key}`,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    },
    body: bomb,
  });
  expect([400, 415]).toContain(response.status);
});
