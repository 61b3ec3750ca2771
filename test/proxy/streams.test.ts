/** Bodies of any length, in a process of its own so that its memory can be looked at; and what breaks off in the middle. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect as connectTo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../hub/embedded/ports.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { hunt } from '../setup/secret-hunt.ts';
import { connect, serveApiAt, startProvider, type Provider } from './provider.ts';

const MEGABYTE = 1024 * 1024;
const LARGE = 200 * MEGABYTE;
const BLOCK = randomBytes(MEGABYTE);

let hub: TestHub;
let sandbox: TestSandbox;
let provider: Provider;
let api: HubProcess;
let port: number;
let id: string;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  provider = await startProvider();
  port = await freePort();
  api = await spawnHub('api', { ...hub.env, HUB_PORT: String(port), HUB_LOG_LEVEL: 'trace' });
  id = await connect(hub.admin, 'google-drive');
  await serveApiAt(hub, sandbox, 'google-drive', provider.url);
});
afterAll(async () => {
  provider.close();
  await api.kill('SIGTERM');
  await hub.close();
  await sandbox.close();
});

function ask(method: string, path: string, headers: Record<string, string> = {}): ClientRequest {
  const authorization = `Bearer ${hub.admin.key}`;
  return httpRequest({
    port,
    method,
    path: `/api/connections/${id}/proxy${path}`,
    headers: { authorization, ...headers },
  });
}
const answerTo = (request: ClientRequest) =>
  new Promise<IncomingMessage>((resolve, reject) => request.once('response', resolve).once('error', reject));

async function* blocks(count: number) {
  for (let sent = 0; sent < count; sent++) yield BLOCK;
}
async function digest(stream: AsyncIterable<Buffer>): Promise<{ length: number; hash: string }> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { length, hash: hash.digest('hex') };
}

/** In megabytes: the most the process held while `work` went on, above what it held before. */
async function growthDuring(work: () => Promise<void>): Promise<number> {
  const held = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${api.pid}/status`, 'utf8'))?.[1]) / 1024;
  const before = held();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, held())), 20);
  await work().finally(() => clearInterval(timer));
  return most - before;
}

// A body kept whole would be at least its own 200 MB.
const FLAT_MB = 120;

describe('a body of 200 MB', () => {
  it('comes down with flat memory, to the letter', async () => {
    const expected = await digest(Readable.from(blocks(200)));
    provider.answerAtOnce((_request, response) => {
      response.writeHead(200, { 'content-length': LARGE, 'content-type': 'application/octet-stream' });
      Readable.from(blocks(200)).pipe(response);
    });
    const growth = await growthDuring(async () => {
      const request = ask('GET', '/large');
      request.end();
      const answer = await answerTo(request);
      expect(answer.headers['content-length']).toBe(String(LARGE));
      expect(await digest(answer)).toEqual(expected);
    });
    expect(growth).toBeLessThan(FLAT_MB);
  });

  it.each([{ 'content-length': String(LARGE) }, { 'transfer-encoding': 'chunked' }])(
    'goes up with flat memory, to the letter: %j',
    async (headers) => {
      const expected = await digest(Readable.from(blocks(200)));
      provider.answerAtOnce((request, response) => {
        void digest(request).then((got) => response.end(JSON.stringify({ ...got, told: request.headers })));
      });
      const growth = await growthDuring(async () => {
        const request = ask('POST', '/large', headers);
        const answer = answerTo(request);
        await pipeline(Readable.from(blocks(200)), request);
        const got = (await new Response(Readable.toWeb(await answer) as ReadableStream).json()) as object;
        expect(got).toMatchObject({ ...expected, told: headers });
      });
      expect(growth).toBeLessThan(FLAT_MB);
    },
  );

  it('waits at the caller while the provider does not read it', async () => {
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    let read: () => void = () => {};
    provider.answerAtOnce((request, response) => {
      read = () => void digest(request).then(({ length }) => response.end(String(length)));
      resolve();
    });
    let sent = 0;
    async function* counted() {
      for await (const block of blocks(200)) {
        sent++;
        yield block;
      }
    }
    const request = ask('POST', '/large', { 'content-length': String(200 * MEGABYTE) });
    const answer = answerTo(request);
    const upload = pipeline(Readable.from(counted(), { highWaterMark: 1 }), request);
    await arrived;
    // It stands still at some point, far from the end.
    let last = -1;
    await expect
      .poll(
        () => {
          const still = sent === last;
          last = sent;
          return still;
        },
        { interval: 300 },
      )
      .toBe(true);
    // Linux keeps up to 36 MB of a connection (tcp_rmem, tcp_wmem), and there are two.
    expect(sent).toBeLessThan(150);
    read();
    await upload;
    expect(await new Response(Readable.toWeb(await answer) as ReadableStream).text()).toBe(
      String(200 * MEGABYTE),
    );
  });
});

describe('what breaks off', () => {
  it('at the hub, before it is read, leaves the caller a connection that can be used on', async () => {
    const dispatcher = new Agent({ connections: 1 });
    const call = (method: string, path: string, body?: Buffer) =>
      request(`http://localhost:${port}/api/connections/${id}/proxy${path}`, {
        method,
        dispatcher,
        headers: { authorization: `Bearer ${hub.admin.key}` },
        ...(body && { body }),
      });
    const refused = await call('PUT', '/a%5cb', Buffer.alloc(2 * MEGABYTE));
    expect(refused.statusCode).toBe(422);
    await refused.body.dump();
    provider.answer((response) => response.end('{}'));
    const next = await call('GET', '/x');
    expect(next.statusCode).toBe(200);
    await next.body.dump();
    await dispatcher.destroy();
  });

  it('at the provider, in the middle of its answer, breaks off for the caller', async () => {
    provider.answerAtOnce((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('the first half', () => setTimeout(() => response.destroy(), 50));
    });
    const request = ask('GET', '/cut');
    request.end();
    const answer = await answerTo(request);
    await expect(digest(answer)).rejects.toThrow(/aborted/);
  });

  it('at the caller, before the answer, ends the request at the provider', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    provider.answerAtOnce((request) => {
      request.socket.once('close', close);
      arrive();
    });
    const request = ask('GET', '/never');
    request.on('error', () => {});
    request.end();
    await arrived;
    request.destroy();
    await closed;
  });

  it('at the caller, in the middle of a download, ends it at the provider', async () => {
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    provider.answerAtOnce((request, response) => {
      request.socket.once('close', close);
      response.writeHead(200);
      response.on('error', () => {});
      Readable.from(blocks(1000)).pipe(response);
    });
    const request = ask('GET', '/endless');
    request.on('error', () => {});
    request.end();
    const answer = await answerTo(request);
    answer.on('error', () => {});
    answer.once('data', () => request.destroy());
    await closed;
  });

  it('at the caller, in the middle of an upload, ends it at the provider', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: cut, resolve } = Promise.withResolvers<boolean>();
    provider.answerAtOnce((request) => {
      request.on('data', () => arrive());
      request.on('error', () => {});
      request.once('close', () => resolve(request.complete));
    });
    const request = ask('POST', '/half', { 'content-length': String(10 * MEGABYTE) });
    request.on('error', () => {});
    request.write(BLOCK);
    request.write(BLOCK);
    await arrived;
    request.destroy();
    expect(await cut).toBe(false);
  });

  it.each([
    ['that reads on', false],
    ['that hangs up', true],
  ])('early: a caller whose upload meets a provider %s is answered, and goes on', async (_which, hangsUp) => {
    provider.answerAtOnce((request, response) => {
      response.writeHead(413, hangsUp ? { connection: 'close' } : {}).end('too large');
      if (!hangsUp) request.resume();
    });
    // Written by hand: Node's own client stops sending once it has an answer.
    const socket = connectTo(port, 'localhost');
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
    const head = (method: string, length: number) =>
      `${method} /api/connections/${id}/proxy/x HTTP/1.1\r\nhost: x\r\n` +
      `authorization: Bearer ${hub.admin.key}\r\ncontent-length: ${length}\r\n\r\n`;
    socket.write(head('POST', 20 * MEGABYTE));
    await pipeline(Readable.from(blocks(20)), socket, { end: false });
    // Whether the provider's word or its hanging up is seen first is not in the hub's hands.
    await expect.poll(() => heard).toMatch(hangsUp ? /^HTTP\/1.1 (413|504) / : /^HTTP\/1.1 413 /);
    provider.answer((response) => response.writeHead(226).end());
    socket.write(head('DELETE', 0));
    await expect.poll(() => heard).toContain('HTTP/1.1 226 ');
    socket.destroy();
  });
});

describe('who is silent', () => {
  it('at the provider, before its answer, is waited for as long as the hub is told, and no longer', async () => {
    provider.answerAtOnce(() => {});
    const request = ask('GET', '/hang');
    request.end();
    const answer = await answerTo(request);
    const problem = (await new Response(Readable.toWeb(answer) as ReadableStream).json()) as object;
    expect(problem).toMatchObject({ status: 504, code: 'PROVIDER_ANSWER_LOST' });
  });

  it('at the provider, within its answer, is given up; one who goes on slowly is not', async () => {
    provider.answerAtOnce((_request, response) => {
      response.writeHead(200);
      let left = 8;
      const timer = setInterval(() => {
        response.write('drip');
        if (--left === 0) clearInterval(timer);
      }, 1_000);
    });
    const request = ask('GET', '/drip');
    request.end();
    const answer = await answerTo(request);
    let got = '';
    // Eight seconds of drops, longer than any one silence may be; then silence.
    await expect(
      (async () => {
        for await (const chunk of answer) got += String(chunk);
      })(),
    ).rejects.toThrow(/aborted/);
    expect(got).toBe('drip'.repeat(8));
  });
});

it('nothing of tokens, keys and bodies is in the log of the process', async () => {
  const { accessToken } = (await hub.admin.call('GET', `/api/connections/${id}/token`)).body;
  provider.answer((response) => response.writeHead(500).end('{"error":"answer-body-that-is-private"}'));
  const request = ask('POST', '/logged?secret=query-that-is-private-too');
  request.end('request-body-that-is-private');
  expect((await answerTo(request)).statusCode).toBe(500);
  const secrets = new Map([
    ['access token', accessToken as string],
    ['hub key', hub.admin.key],
    ['answer', 'answer-body-that-is-private'],
    ['request', 'request-body-that-is-private'],
    ['query', 'query-that-is-private-too'],
  ]);
  // The line of this very request is there.
  await expect.poll(() => api.output()).toContain('"statusCode":500');
  expect(hunt(secrets, [{ where: 'the log', text: api.output() }])).toEqual([]);
});

it('a call under way does not keep the process from ending', async () => {
  provider.answerAtOnce((_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('drip'), 200);
    response.on('close', () => clearInterval(timer));
  });
  const request = ask('GET', '/endless');
  request.end();
  const answer = await answerTo(request);
  const cut = expect(digest(answer)).rejects.toThrow(/aborted/);
  await api.kill('SIGTERM');
  await cut;
});
