/**
 * Every operation of /openapi.json, asked by everybody in every way: no answer is the hub's own failure, none is waited
 * for in vain, and neither an answer nor a log tells what is inside.
 *
 * HUB_FUZZ_RUNS: requests of each operation and caller, 12 unless given. HUB_FUZZ_SEED repeats a run.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as send, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ERRORS } from '../../hub/errors.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createClient, type Client, type Json } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { hunt, type Place } from '../setup/secret-hunt.ts';
import { requestsOf, type FuzzedRequest, type Known, type Operation } from './requests.ts';
import { SEED } from './seed.ts';

const RUNS = Number(process.env['HUB_FUZZ_RUNS'] ?? 12);

let env: TestEnv;
let drop: () => Promise<void>;
let api: HubProcess;
let worker: HubProcess;
let admin: Client;
let folder: string;
let url: string;
const secrets = new Map<string, string>();
const callers = new Map<string, string | null>();

/** A provider that takes one key and answers a small thing to everything. */
const provider = createServer((request, response) => {
  request.resume().on('end', () => {
    const good = request.headers.authorization === `Bearer ${secrets.get('provider key') ?? ''}`;
    response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: 'a-1', name: 'Ada' }));
  });
});

function definition(port: number) {
  return {
    id: 'fuzzed',
    name: 'Fuzzed',
    description: 'An integration of the tests.',
    docsUrl: 'https://example.com/',
    capabilities: ['keep things'],
    hosts: [`localhost:${port}`],
    apiBaseUrl: `http://localhost:${port}/v1`,
    auth: {
      api_key: {},
      oauth2: {
        authorizeUrl: `http://localhost:${port}/authorize`,
        tokenUrl: `http://localhost:${port}/token`,
        scopes: ['read'],
      },
    },
    config: { region: { type: 'string', maxLength: 100 } },
    probe: { path: '/me' },
    account: { id: '/id', name: '/name' },
  };
}

beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, 'localhost', resolve));
  folder = await mkdtemp(path.join(tmpdir(), 'hub-fuzz-'));
  const { port } = provider.address() as AddressInfo;
  await writeFile(path.join(folder, 'fuzzed.json'), JSON.stringify(definition(port)));
  ({ env, drop } = await testEnv({ HUB_LOG_LEVEL: 'debug', HUB_INTEGRATIONS_DIR: folder }));
  const key = env['HUB_ADMIN_KEY'] ?? '';
  await ensureAdminKey(configOf(env), key);
  [api, worker] = await Promise.all([spawnHub('api', env), spawnHub('worker', env)]);
  url = `http://localhost:${env['HUB_PORT']}`;
  admin = createClient(url, key);
  secrets.set('admin key', key);
  secrets.set('encryption key', (env['HUB_ENCRYPTION_KEYS'] ?? '').split(':')[1] ?? '');
  secrets.set('database password', new URL(env['DATABASE_URL'] ?? '').password);
  secrets.set('provider key', `pk-${randomUUID()}`);
  secrets.set('client secret', `cs-${randomUUID()}`);
  callers.set('nobody', null);
  callers.set('admin', key);
  for (const role of ['operator', 'builder'])
    callers.set(role, (await made('/api/keys', { name: role, role, userId: role })).key as string);
});
afterAll(async () => {
  await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')]);
  provider.closeAllConnections();
  provider.close();
  await rm(folder, { recursive: true, force: true });
  await drop();
});

async function made(at: string, body: unknown): Promise<Json> {
  const reply = await admin.call('POST', at, body);
  if (reply.status !== 201) throw new Error(`${at}: ${reply.text}`);
  return reply.body;
}

/** One of everything, so that requests meet something. */
async function furnish(): Promise<Known> {
  await admin.call('PUT', '/api/integrations/fuzzed/app', {
    clientId: 'c',
    clientSecret: secrets.get('client secret'),
  });
  const connect = async (userId: string) =>
    (
      await made('/api/connections', {
        integrationId: 'fuzzed',
        userId,
        credentials: { apiKey: secrets.get('provider key') },
      })
    ).connection.id as string;
  const connections = [await connect('builder'), await connect('operator')];
  const hook = await made('/api/webhooks', { url: 'http://127.0.0.1:9/hook', events: ['*'] });
  const key = await made('/api/keys', { name: 'victim', role: 'builder', userId: 'victim' });
  const client = await made('/api/clients', {
    name: 'c',
    redirectUris: ['http://localhost:9/cb'],
    integrationId: 'fuzzed',
  });
  return {
    connections,
    connectionId: connections,
    integrations: ['fuzzed'],
    integrationId: ['fuzzed'],
    webhooks: [hook.id as string],
    keys: [key.id as string],
    clients: [client.id as string],
    users: ['victim'],
    userId: ['builder', 'victim'],
    path: ['/me', '/a/b?c=d'],
  };
}

type Answer = { status: number; type: string; text: string };

/** A stream of events is answered when its beginning is here. */
function ask({ method, target, headers, body }: FuzzedRequest, key: string | null): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const more = {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      // Node frames no body of a DELETE by itself.
      ...(body === null ? {} : { 'content-length': String(body.length) }),
    };
    const request = send(
      `${url}${target}`,
      { method, headers: { ...headers, ...more }, agent: false },
      (response) => {
        void read(response).then((text) => {
          request.destroy();
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: text + JSON.stringify(response.headers),
          });
        }, reject);
      },
    );
    request.setTimeout(20_000, () => request.destroy(new Error('no answer in 20 s')));
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if (response.headers['content-type']?.startsWith('text/event-stream')) break;
  }
  return Buffer.concat(chunks).toString();
}

const INSIDE =
  /\bat [^\n]*\.(?:ts|js|mjs):\d+|node_modules|node:internal|file:\/\/\/(?!etc)|select .{1,200} from|insert into|relation \\?"|syntax error at|invalid input syntax|DrizzleQuery|PostgresError|ECONNREFUSED 127|TypeError|RangeError|SyntaxError|\[native code/i;

/** @returns what is wrong with it; null: nothing */
function faultOf({ status, type, text }: Answer): string | null {
  if (status >= 500) {
    const { code } = JSON.parse(
      type.includes('json') ? text.slice(0, text.lastIndexOf('}{') + 1) || '{}' : '{}',
    ) as { code?: keyof typeof ERRORS };
    const told =
      code !== undefined && code !== 'INTERNAL' && ERRORS[code]?.status === status && status !== 500;
    if (!told) return `answered ${status}`;
  }
  const [inside] = INSIDE.exec(text) ?? [];
  return inside === undefined ? null : `tells of the inside: ${inside}`;
}

// Not in the document, because they are of OAuth and of browsers.
const UNDOCUMENTED: Operation[] = [
  ...['/oauth2/token', '/oauth2/revoke'].map((at) => ({ method: 'POST', path: at, description: {} })),
  ...['/oauth/callback', '/oauth2/authorize', '/oauth/authorize/{id}', '/oauth2/authorize/{id}'].map(
    (at) => ({
      method: 'GET',
      path: at,
      description: {
        parameters: ['code', 'state', 'client_id', 'redirect_uri', 'iss', 'error'].map((name) => ({
          in: 'query',
          name,
          schema: { type: 'string' },
        })),
      },
    }),
  ),
  ...['/connections/{id}/reconnect', '/oauth2/authorize/{id}', '/sign-in'].map((at) => ({
    method: 'POST',
    path: at,
    description: {},
  })),
];

it('every operation answers everything that it is asked, by everybody, with nothing of the inside', async () => {
  const known = await furnish();
  const { body: document } = await admin.call('GET', '/openapi.json');
  const documented = Object.entries(document.paths as Record<string, Json>).flatMap(([at, item]) =>
    Object.entries(item as Record<string, Json>).map(([method, description]): Operation => ({
      method: method.toUpperCase(),
      path: at,
      description,
    })),
  );
  expect(documented.length).toBeGreaterThan(60);
  const answers: Place[] = [];
  const statuses = new Map<number, number>();
  const faults: string[] = [];
  for (const operation of [...documented, ...UNDOCUMENTED]) {
    const requests = requestsOf(operation, document, known);
    for (const [caller, key] of callers) {
      const details = await fc.check(
        fc.asyncProperty(requests, async (request) => {
          const answer = await ask(request, key);
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          answers.push({
            where: `${request.method} ${request.target.slice(0, 200)} by ${caller}`,
            text: answer.text,
          });
          const fault = faultOf(answer);
          if (fault !== null) throw new Error(`${fault}: ${answer.text.slice(0, 300)}`);
        }),
        { numRuns: RUNS, seed: SEED },
      );
      if (details.failed) faults.push(`${operation.method} ${operation.path} by ${caller}: ${told(details)}`);
    }
  }
  const log = [api.output(), worker.output()].join('\n');
  const unforeseen = log.split('\n').filter((line) => /"code":"INTERNAL"|unhandled/i.test(line));
  expect({ faults, unforeseen: unforeseen.slice(0, 5) }).toEqual({ faults: [], unforeseen: [] });

  // It was no walk along closed doors.
  for (const status of [200, 201, 204, 400, 401, 403, 404, 422])
    expect(statuses.get(status) ?? 0, `${status} of ${JSON.stringify([...statuses])}`).toBeGreaterThan(0);
  expect(hunt(handedOut(), answers)).toEqual([]);
  expect(hunt(secrets, [{ where: 'the logs', text: log }])).toEqual([]);
  expect((await admin.call('GET', '/health/ready')).status).toBe(200);
}, 900_000);

/** Whoever may have a token is given it: that one is looked for in logs only. */
const handedOut = () => new Map([...secrets].filter(([label]) => label !== 'provider key'));

function told({ counterexample, errorInstance, seed }: fc.RunDetails<[FuzzedRequest]>): string {
  const [request] = counterexample ?? [];
  const body = request?.body?.toString().slice(0, 400);
  return JSON.stringify({ seed, ...request, body, why: String(errorInstance).slice(0, 400) });
}
