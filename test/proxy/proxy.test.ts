/** Calls through a connection, whose token the caller never holds. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../nodes/operations.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { createClient, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { spawnHub } from '../setup/processes.ts';
import { ELEVEN, setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

let hub: TestHub;
let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  hub = await startHub();
  await setUpApps(hub.admin, sandbox);
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});
beforeEach(async () => void (await sandbox.control('POST', '/reset')));

const through = (id: string, path: string, init: RequestInit = {}, key = hub.admin.key) =>
  fetch(`${hub.url}/api/connections/${id}/proxy${path}`, {
    ...init,
    headers: { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) },
  });
const script = (id: string, answers: object[]) => sandbox.control('PUT', `/${id}/script`, { answers });
const asked = async (id: string): Promise<Json[]> => (await sandbox.control('GET', `/${id}/script`)).requests;
const ledger = async (id: string): Promise<Json> => (await sandbox.control('GET', `/${id}/ledger`)).counts;
const basePath = async (id: string, integrationId: string) =>
  new URL((await hub.admin.call('GET', `/api/connections/${id}/token`)).body.apiBaseUrl).pathname.slice(
    integrationId.length + 1,
  );

describe('what goes through', () => {
  it.each(ELEVEN)(
    'a call of %s, with the connection’s permission and what its API wants',
    async (integrationId) => {
      const id = await connect(hub, integrationId);
      const path = `${await basePath(id, integrationId)}/some/thing`;
      await script(integrationId, [
        { method: 'POST', path, status: 201, headers: { etag: '"1"' }, body: { made: 1 } },
      ]);
      const response = await through(id, '/some/thing?a=1&a=2&b=%2F', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-own': 'yes',
          cookie: 'a=b',
          'x-forwarded-for': '1.2.3.4',
        },
        body: '{"hello":"wörld"}',
      });
      expect([response.status, response.headers.get('etag'), await response.json()]).toEqual([
        201,
        '"1"',
        { made: 1 },
      ]);
      const [request] = await asked(integrationId);
      expect(request.body).toEqual({ json: { hello: 'wörld' } });
      expect(request.query.slice(0, 3)).toEqual([
        ['a', '1'],
        ['a', '2'],
        ['b', '/'],
      ]);
      expect(request.headers).toMatchObject({ 'x-own': 'yes' });
      for (const name of ['cookie', 'x-forwarded-for', 'hub-integration'])
        expect(request.headers).not.toHaveProperty(name);
      expect((await sandbox.control('GET', `/${integrationId}/ledger`)).calls.at(-1).outcome).toBe(
        'scripted',
      );
    },
  );

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])('%s, and an answer without a body', async (method) => {
    const id = await connect(hub, 'hubspot');
    await script('hubspot', [{ method, path: '/x', status: 204 }]);
    const response = await through(id, '/x', { method });
    expect([response.status, await response.text()]).toEqual([204, '']);
  });

  it('a provider’s refusal as it is, with the wait it asks for', async () => {
    const id = await connect(hub, 'hubspot');
    await script('hubspot', [
      {
        method: 'GET',
        path: '/x',
        status: 429,
        headers: { 'retry-after': '7' },
        body: { category: 'RATE_LIMITS' },
      },
    ]);
    const response = await through(id, '/x');
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await response.json()).toEqual({ category: 'RATE_LIMITS' });
    expect(response.headers.has('hub-problem')).toBe(false);
  });

  it('no cookie of the provider, and no redirect is followed', async () => {
    const id = await connect(hub, 'hubspot');
    const headers = { location: 'https://elsewhere.example/', 'set-cookie': 'session=1' };
    await script('hubspot', [{ method: 'GET', path: '/x', status: 302, headers }]);
    const response = await through(id, '/x', { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, 'https://elsewhere.example/']);
    expect(response.headers.has('set-cookie')).toBe(false);
  });
});

describe('who may', () => {
  it('a builder uses their own connections, an operator none, nobody without a key', async () => {
    const id = await connect(hub, 'slack');
    const keyFor = async (role: string) =>
      (await hub.admin.call('POST', '/api/keys', { name: role, role })).body.key as string;
    const status = async (key: string) => (await through(id, '/auth.test', { method: 'POST' }, key)).status;
    expect(await status(hub.admin.key)).toBe(200);
    expect(await status(await keyFor('builder'))).toBe(404);
    expect(await status(await keyFor('operator'))).toBe(403);
    expect(await status('wrong')).toBe(401);
    expect(
      (await createClient(hub.url, hub.admin.key).call('GET', '/api/connections/nope/proxy/x')).status,
    ).toBe(404);
  });

  it('a caller who names an integration is told where the connection is of another', async () => {
    const id = await connect(hub, 'slack');
    const response = await through(id, '/x', { headers: { 'hub-integration': 'hubspot' } });
    expect([response.status, response.headers.get('hub-problem')]).toEqual([
      409,
      'CONNECTION_OF_ANOTHER_INTEGRATION',
    ]);
  });
});

describe('where it goes', () => {
  it.each([
    '/../oauth/v1/token',
    '/a/../../x',
    '/%2e%2e/x',
    '/a/%2E%2e/x',
    '/a%2f..%2fx',
    '/..%2fx',
    '//evil.example/x',
    '/\\evil.example/x',
    '/a/%5c..%5cx',
  ])('never elsewhere: %s', async (path) => {
    const id = await connect(hub, 'slack');
    await script('slack', []);
    const { request } = await import('node:http');
    const status = await new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(hub.url);
      const outgoing = request(
        {
          hostname,
          port,
          path: `/api/connections/${id}/proxy${path}`,
          headers: { authorization: `Bearer ${hub.admin.key}` },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      outgoing.on('error', reject).end();
    });
    expect([400, 404, 422]).toContain(status);
    expect(await asked('slack')).toEqual([]);
  });

  it('to a further host of the API by its name, and to none that nobody knows', async () => {
    const id = await connect(hub, 'dropbox');
    await script('dropbox', [
      { method: 'POST', path: `${await basePath(id, 'dropbox')}/files/download`, body: 'x' },
    ]);
    const content = await through(id, '/files/download', {
      method: 'POST',
      headers: { 'hub-api-base': 'content' },
    });
    expect(content.status).toBe(200);
    const unknown = await through(id, '/x', { headers: { 'hub-api-base': 'elsewhere' } });
    expect([unknown.status, ((await unknown.json()) as Json).detail]).toEqual([422, 'dropbox knows content']);
  });
});

describe('an expired token', () => {
  it.each(['slack', 'salesforce', 'hubspot', 'gohighlevel', 'dropbox', 'outlook'])(
    'of %s is renewed once for twenty callers, who notice nothing',
    async (integrationId) => {
      const id = await connect(hub, integrationId);
      const path = `${await basePath(id, integrationId)}/some/thing`;
      await sandbox.control('POST', `/${integrationId}/expire`);
      await script(
        integrationId,
        Array.from({ length: 20 }, () => ({ method: 'POST', path, body: { ok: true } })),
      );
      // A refused call takes its scripted answer with it, so each is there twice.
      await script(
        integrationId,
        Array.from({ length: 40 }, () => ({ method: 'POST', path, body: { ok: true } })),
      );
      const before = (await ledger(integrationId)).tokenRequests;
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          through(id, '/some/thing', {
            method: 'POST',
            headers: { 'content-type': 'application/json', version: '2021-07-28' },
            body: '{"n":1}',
          }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array<number>(20).fill(200));
      for (const answer of answers) expect(await answer.json()).toEqual({ ok: true });
      expect((await ledger(integrationId)).tokenRequests - before).toBe(1);
      expect((await ledger(integrationId)).reused).toBe(0);
    },
  );

  it('of a connection that was revoked is a problem that says so, and no more calls', async () => {
    const id = await connect(hub, 'slack');
    await sandbox.control('POST', '/slack/revoke', {});
    const first = await through(id, '/auth.test', { method: 'POST' });
    expect(await first.json()).toMatchObject({ ok: false, error: 'token_revoked' });
    expect((await hub.admin.call('GET', `/api/connections/${id}`)).body.statusReason.code).toBe(
      'CREDENTIAL_REVOKED',
    );
    const calls = (await ledger('slack')).calls;
    const second = await through(id, '/auth.test', { method: 'POST' });
    expect([second.status, second.headers.get('hub-problem')]).toEqual([409, 'REAUTHORIZATION_REQUIRED']);
    expect((await ledger('slack')).calls).toBe(calls);
  });

  it('a provider that is away is said to be, and the connection is kept', async () => {
    const id = await connect(hub, 'slack');
    await sandbox.control('PUT', '/slack/behaviour', { api: 'refuse' });
    const response = await through(id, '/auth.test', { method: 'POST' });
    expect([response.status, response.headers.get('hub-problem')]).toEqual([503, 'PROVIDER_UNAVAILABLE']);
    expect((await hub.admin.call('GET', `/api/connections/${id}`)).body.status).toBe('connected');
  });
});

describe('large bodies', () => {
  const MEGABYTES = 256;
  let provider: Server;
  let connectionId: string;
  const seen = { bytes: 0, hash: '', aborted: false };

  beforeAll(async () => {
    provider = createServer((request, response) => {
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'application/octet-stream' });
        Readable.from(chunks(MEGABYTES)).pipe(response);
        response.once('close', () => (seen.aborted = !response.writableFinished));
        return;
      }
      const hash = createHash('sha256');
      request.on('data', (chunk: Buffer) => {
        seen.bytes += chunk.length;
        hash.update(chunk);
      });
      request.on('end', () => {
        seen.hash = hash.digest('hex');
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    }).listen(0);
    connectionId = await connect(hub, 'google-drive');
    const app = sandbox.apps().find(({ integrationId }) => integrationId === 'google-drive');
    const apiBaseUrl = `http://localhost:${(provider.address() as AddressInfo).port}`;
    const { integrationId: _, ...settings } = app ?? { integrationId: '', endpoints: {} };
    await hub.admin.call('PUT', '/api/integrations/google-drive/app', {
      ...settings,
      endpoints: { ...settings.endpoints, apiBaseUrl },
    });
  });
  afterAll(() => void provider.close());

  it('pass in both directions byte for byte, while the process stays small', async () => {
    const port = await freePort();
    const env = { ...hub.env, HUB_PORT: String(port), HUB_PUBLIC_URL: `http://localhost:${port}` };
    const api = await spawnHub('api', env);
    const url = `http://localhost:${port}/api/connections/${connectionId}/proxy`;
    const headers = { authorization: `Bearer ${hub.admin.key}` };
    const hash = createHash('sha256');
    const upload = function* () {
      for (const chunk of chunks(MEGABYTES)) {
        hash.update(chunk);
        yield chunk;
      }
    };
    const rest = await fetch(`${url}/download`, { headers }).then(read); // warm
    const before = peakOf(api.pid);
    const body = Readable.toWeb(Readable.from(upload())) as never;
    const up = await fetch(`${url}/upload`, { method: 'POST', headers, body, duplex: 'half' });
    expect(up.status).toBe(200);
    expect([seen.bytes, seen.hash]).toEqual([MEGABYTES * 2 ** 20, hash.digest('hex')]);
    expect(await fetch(`${url}/download`, { headers }).then(read)).toBe(rest);
    expect(rest).toBe(MEGABYTES * 2 ** 20);
    expect(peakOf(api.pid) - before).toBeLessThan(MEGABYTES / 2);
    await api.kill('SIGTERM');
  });

  it('a caller who goes away ends the provider’s work too', async () => {
    seen.aborted = false;
    const caller = new AbortController();
    const response = await through(connectionId, '/download', { signal: caller.signal });
    await response.body?.getReader().read();
    caller.abort();
    await expect.poll(() => seen.aborted).toBe(true);
  });
});

async function read(response: Response): Promise<number> {
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) bytes += chunk.length;
  return bytes;
}

/** The most memory a process ever had, in MB. */
function peakOf(pid: number): number {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

const CHUNK = randomBytes(64 * 1024);
function* chunks(megabytes: number): Generator<Buffer> {
  for (let sent = 0; sent < megabytes * 16; sent++) yield CHUNK;
}
