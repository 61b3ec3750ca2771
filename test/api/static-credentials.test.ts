/** Keys, pairs and what an integration makes of its own: tried at the provider before they are kept. */
import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { field, textField } from '../../integrations/definition/answers.ts';
import type { Integration, StaticCredentials } from '../../integrations/definition/integration.ts';
import { startHub, type TestHub } from '../setup/hub.ts';

let hub: TestHub;
let server: Server;
let mode: 'good' | 'down' | 'slow' = 'good';
const secrets = {
  apiKey: randomUUID(),
  username: 'ada',
  password: randomUUID(),
  id: 'id-7',
  secret: randomUUID(),
};

/** The provider's own idea of who may come in. */
function mayComeIn(request: IncomingMessage): boolean {
  const url = new URL(request.url ?? '', 'http://provider');
  if (url.pathname === '/key/me') return request.headers['x-api-key'] === secrets.apiKey;
  if (url.pathname === '/pair/me')
    return (
      request.headers.authorization ===
      `Basic ${Buffer.from(`${secrets.username}:${secrets.password}`).toString('base64')}`
    );
  const signature = createHmac('sha256', secrets.secret).update(`${secrets.id}:/signed/me`).digest('hex');
  return url.searchParams.get('client') === secrets.id && request.headers['x-signature'] === signature;
}

const text = (title: string) => ({ type: 'string', title, minLength: 1, maxLength: 200 });
const schema = (...names: string[]) => ({
  type: 'object',
  additionalProperties: false,
  required: names,
  properties: Object.fromEntries(names.map((name) => [name, text(name)])),
});

function integration(
  id: string,
  type: StaticCredentials['type'],
  names: string[],
  authenticate: (fields: Record<string, string>) => ReturnType<NonNullable<Integration['authenticate']>>,
): Integration {
  return {
    id,
    name: `Test ${id}`,
    description: 'An integration of the tests.',
    category: 'CRM',
    logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"></svg>',
    status: 'beta',
    docsUrl: 'https://example.com/',
    capabilities: ['try things'],
    configSchema: { type: 'object', additionalProperties: false, properties: { port: { type: 'integer' } } },
    authTypes: [type],
    credentialSchemas: { [type]: schema(...names) },
    hosts: ['localhost'],
    apiBaseUrl: () => `http://localhost:${(server.address() as AddressInfo).port}/${id}`,
    authenticate: ({ credentials }) => authenticate(credentials.type === 'oauth2' ? {} : credentials.fields),
    probe: () => ({ method: 'GET', url: '/me' }),
    account: (body) => {
      const name = textField(body, 'name');
      return name === undefined ? null : { id: String(field(body, 'id')), name };
    },
  };
}

const KINDS = [
  {
    id: 'key',
    type: 'api_key',
    credentials: { apiKey: secrets.apiKey },
    wrong: { apiKey: 'wrong-key-0123456789' },
  },
  {
    id: 'pair',
    type: 'basic',
    credentials: { username: secrets.username, password: secrets.password },
    wrong: { username: 'ada', password: 'wrong-password-0123' },
  },
  {
    id: 'signed',
    type: 'custom',
    credentials: { id: secrets.id, secret: secrets.secret },
    wrong: { id: secrets.id, secret: 'wrong-secret-012345' },
  },
] as const;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (mode === 'slow') return;
    const status = mode === 'down' ? 503 : mayComeIn(request) ? 200 : 401;
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(status === 200 ? { id: 7, name: 'Ada' } : { error: 'no' }));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const local = (one: Integration): Integration => ({ ...one, hosts: [`localhost:${port}`] });
  hub = await startHub({ HUB_PROVIDER_TIMEOUT: '1s' }, [
    local(
      integration('key', 'api_key', ['apiKey'], ({ apiKey = '' }) => ({ headers: { 'x-api-key': apiKey } })),
    ),
    local(
      integration('pair', 'basic', ['username', 'password'], ({ username = '', password = '' }) => ({
        headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
      })),
    ),
    local(
      integration('signed', 'custom', ['id', 'secret'], ({ id = '', secret = '' }) => ({
        query: { client: id },
        headers: { 'x-signature': createHmac('sha256', secret).update(`${id}:/signed/me`).digest('hex') },
      })),
    ),
  ]);
});
afterAll(async () => {
  await hub.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  mode = 'good';
});

async function rows(): Promise<number> {
  const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
  const [row] =
    await sql`select (select count(*) from connections) + (select count(*) from authorizations) + (select count(*) from events) as count`;
  await sql.end();
  return Number(row?.['count']);
}

const create = (body: object) => hub.admin.call('POST', '/api/connections', body);

describe.each(KINDS)('credentials of the type $type', ({ id, type, credentials, wrong }) => {
  it('that the provider takes are kept, with the account they are of', async () => {
    const { status, body } = await create({ integrationId: id, credentials });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      authorization: null,
      connection: {
        status: 'connected',
        credentials: { type, refreshable: false, version: 1, expiresAt: null },
        account: { id: '7', name: 'Ada' },
      },
    });
    const token = await hub.admin.call('GET', `/api/connections/${body.connection.id}/token`);
    const me = await fetch(
      `${token.body.apiBaseUrl}/me?${new URLSearchParams(token.body.query).toString()}`,
      {
        headers: token.body.headers,
      },
    );
    expect(me.status).toBe(200);
    const refreshed = await hub.admin.call('POST', `/api/connections/${body.connection.id}/refresh`);
    expect(refreshed).toMatchObject({ status: 200, body: { refreshed: false } });
  });

  it('that the provider refuses leave nothing behind', async () => {
    const before = await rows();
    const reply = await create({ integrationId: id, credentials: wrong });
    expect(reply).toMatchObject({ status: 422, body: { code: 'CREDENTIALS_REJECTED' } });
    expect(await rows()).toBe(before);
  });

  it.each(['down', 'slow'] as const)(
    'while the provider is %s are neither kept nor called bad',
    async (bad) => {
      const before = await rows();
      mode = bad;
      expect(await create({ integrationId: id, credentials })).toMatchObject({
        status: 503,
        body: { code: 'PROVIDER_UNAVAILABLE' },
      });
      expect(await rows()).toBe(before);
    },
  );

  it('that lack a field, or have one of the wrong kind, are refused by name and not by value', async () => {
    const missing = await create({ integrationId: id, authType: type, credentials: {} });
    expect(missing).toMatchObject({ status: 422, body: { code: 'CREDENTIALS_INVALID' } });
    expect(missing.body.errors.map(({ path }: { path: string }) => path).sort()).toEqual(
      Object.keys(credentials)
        .map((name) => `/credentials/${name}`)
        .sort(),
    );
    const odd = await create({
      integrationId: id,
      authType: type,
      credentials: { ...wrong, extra: 'very-secret-value' },
    });
    expect(odd.status).toBe(422);
    expect(odd.text).not.toContain('very-secret-value');
  });

  it('that are taken back later end the connection, and new ones mend it under the same id', async () => {
    const { body } = await create({ integrationId: id, credentials });
    const { id: connectionId } = body.connection;
    const kept = { ...secrets };
    Object.assign(secrets, { apiKey: randomUUID(), password: randomUUID(), secret: randomUUID() });
    const tested = await hub.admin.call('POST', `/api/connections/${connectionId}/test`);
    expect(tested.body).toMatchObject({ ok: false, outcome: 'credential_revoked' });
    expect((await hub.admin.call('GET', `/api/connections/${connectionId}`)).body).toMatchObject({
      status: 'error',
      statusReason: { code: 'CREDENTIAL_REVOKED' },
    });
    expect((await hub.admin.call('GET', `/api/connections/${connectionId}/token`)).body.code).toBe(
      'REAUTHORIZATION_REQUIRED',
    );
    const fresh = Object.fromEntries(
      Object.keys(credentials).map((name) => [name, secrets[name as keyof typeof secrets]]),
    );
    const mended = await hub.admin.call('POST', `/api/connections/${connectionId}/reconnect`, {
      credentials: fresh,
    });
    expect(mended.body, mended.text).toMatchObject({
      connection: { id: connectionId, status: 'connected', statusReason: null },
    });
    Object.assign(secrets, kept);
  });
});

it('an outage while a connection is tested does not call it broken', async () => {
  const { body } = await create({ integrationId: 'key', credentials: { apiKey: secrets.apiKey } });
  mode = 'down';
  const tested = await hub.admin.call('POST', `/api/connections/${body.connection.id}/test`);
  expect(tested.body).toMatchObject({ ok: false, outcome: 'provider_unavailable' });
  expect((await hub.admin.call('GET', `/api/connections/${body.connection.id}`)).body).toMatchObject({
    status: 'connected',
    lastHealthCheck: { ok: false },
  });
});
