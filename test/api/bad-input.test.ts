/** Bad input gets a problem document with a stable code, and leaves nothing half-done. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser, createClient, type Client, type Reply } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

let hub: TestHub;
let sandbox: TestSandbox;
const clients: Record<string, Client> = {};

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  await hub.admin.call('DELETE', '/api/integrations/dropbox/app');
  for (const [name, role] of [
    ['ada', 'builder'],
    ['grace', 'builder'],
    ['otto', 'operator'],
  ] as const) {
    const { body } = await hub.admin.call('POST', '/api/keys', { name, role, userId: name });
    clients[name] = createClient(hub.url, body.key as string);
  }
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});

const as = (name: string) => clients[name] ?? hub.admin;

function expectProblem(reply: Reply, status: number, code: string): void {
  expect(reply.headers.get('content-type'), reply.text).toContain('application/problem+json');
  expect(reply.body).toMatchObject({
    status,
    code,
    type: expect.any(String),
    title: expect.any(String),
    detail: expect.any(String),
    instance: expect.any(String),
  });
  expect(reply.status).toBe(status);
}

describe('a request that cannot be carried out', () => {
  const before: Record<string, number> = {};
  const count = async () =>
    (await hub.admin.call('GET', '/api/connections?limit=200')).body.data.length as number;
  beforeAll(async () => void (before['connections'] = await count()));
  afterEach(async () => expect(await count()).toBe(before['connections']));

  const long = 'x'.repeat(5_000);
  it.each<[string, string, string, unknown, number, string]>([
    [
      'an unknown integration',
      'POST',
      '/api/connections',
      { integrationId: 'nope' },
      404,
      'INTEGRATION_NOT_FOUND',
    ],
    [
      'a foreign host in the config',
      'POST',
      '/api/connections',
      { integrationId: 'salesforce', config: { domain: 'evil.example' } },
      422,
      'CONFIG_INVALID',
    ],
    [
      'a property the schema does not know',
      'POST',
      '/api/connections',
      { integrationId: 'slack', config: { nope: 1 } },
      422,
      'CONFIG_INVALID',
    ],
    [
      'a prototype in the config',
      'POST',
      '/api/connections',
      '{"integrationId":"slack","config":{"__proto__":{"a":1}}}',
      400,
      'MALFORMED_JSON',
    ],
    [
      'an app that is not set up',
      'POST',
      '/api/connections',
      { integrationId: 'dropbox' },
      422,
      'APP_NOT_CONFIGURED',
    ],
    [
      'a kind of credentials it does not take',
      'POST',
      '/api/connections',
      { integrationId: 'gmail', authType: 'api_key' },
      422,
      'AUTH_TYPE_NOT_SUPPORTED',
    ],
    [
      'credentials for a consent',
      'POST',
      '/api/connections',
      { integrationId: 'gmail', authType: 'oauth2', credentials: { apiKey: 'x' } },
      422,
      'CREDENTIALS_INVALID',
    ],
    ['JSON that is none', 'POST', '/api/connections', '{"integrationId":', 400, 'MALFORMED_JSON'],
    ['a wrong type', 'POST', '/api/connections', { integrationId: 5 }, 400, 'VALIDATION_FAILED'],
    [
      'a number as text',
      'POST',
      '/api/connections',
      { integrationId: 'slack', name: 5 },
      400,
      'VALIDATION_FAILED',
    ],
    [
      'an unknown field',
      'POST',
      '/api/connections',
      { integrationId: 'slack', colour: 'red' },
      400,
      'VALIDATION_FAILED',
    ],
    ['a missing field', 'POST', '/api/connections', {}, 400, 'VALIDATION_FAILED'],
    ['no body', 'POST', '/api/connections', undefined, 400, 'VALIDATION_FAILED'],
    ['a list as body', 'POST', '/api/connections', [], 400, 'VALIDATION_FAILED'],
    [
      'too large a body',
      'POST',
      '/api/connections',
      { integrationId: 'slack', name: 'x'.repeat(300_000) },
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    [
      'too long a name',
      'POST',
      '/api/connections',
      { integrationId: 'slack', name: long },
      400,
      'VALIDATION_FAILED',
    ],
    ['an unknown connection', 'GET', '/api/connections/nope', undefined, 404, 'CONNECTION_NOT_FOUND'],
    ['an endless id', 'GET', `/api/connections/${long}`, undefined, 404, 'NOT_FOUND'],
    ['a NUL in an id', 'GET', '/api/connections/a%00b', undefined, 400, 'VALIDATION_FAILED'],
    [
      'a NUL in a name',
      'POST',
      '/api/connections',
      { integrationId: 'slack', name: 'a\u0000b' },
      400,
      'VALIDATION_FAILED',
    ],
    ['a NUL in a filter', 'GET', '/api/connections?userId=a%00b', undefined, 400, 'VALIDATION_FAILED'],
    ['a cursor of nobody', 'GET', '/api/connections?cursor=AAAA', undefined, 400, 'VALIDATION_FAILED'],
    ['a limit of none', 'GET', '/api/connections?limit=0', undefined, 400, 'VALIDATION_FAILED'],
    ['a limit above all', 'GET', '/api/connections?limit=201', undefined, 400, 'VALIDATION_FAILED'],
    ['a status there is not', 'GET', '/api/connections?status=fine', undefined, 400, 'VALIDATION_FAILED'],
    ['an address there is not', 'GET', '/api/nothing', undefined, 404, 'NOT_FOUND'],
    ['a role there is not', 'POST', '/api/keys', { name: 'x', role: 'king' }, 400, 'VALIDATION_FAILED'],
    ['a key that is not there', 'DELETE', '/api/keys/nope', undefined, 404, 'KEY_NOT_FOUND'],
    ['an app of nobody', 'GET', '/api/integrations/dropbox/app', undefined, 404, 'APP_NOT_FOUND'],
    [
      'an app without a secret',
      'PUT',
      '/api/integrations/slack/app',
      { clientId: 'x' },
      400,
      'VALIDATION_FAILED',
    ],
    [
      'settings of no schema',
      'PUT',
      '/api/integrations/google-ads/app',
      { clientId: 'x', clientSecret: 'y', settings: { developerToken: 7 } },
      422,
      'SETTINGS_INVALID',
    ],
    [
      'an endpoint that is no address',
      'PUT',
      '/api/integrations/slack/app',
      { clientId: 'x', clientSecret: 'y', endpoints: { tokenUrl: 'nowhere' } },
      400,
      'VALIDATION_FAILED',
    ],
    [
      'an endpoint of another kind',
      'PUT',
      '/api/integrations/slack/app',
      { clientId: 'x', clientSecret: 'y', endpoints: { tokenUrl: 'file:///etc/passwd' } },
      422,
      'ENDPOINT_NOT_ALLOWED',
    ],
    ['a refresh of nothing', 'POST', '/api/connections/nope/refresh', undefined, 404, 'CONNECTION_NOT_FOUND'],
  ])('%s', async (_what, method, path, body, status, code) => {
    expectProblem(await hub.admin.call(method, path, body), status, code);
  });

  it('names every field at fault', async () => {
    const { body } = await hub.admin.call('POST', '/api/connections', { name: '', colour: 1 });
    expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/colour',
      '/integrationId',
      '/name',
    ]);
  });

  it('a body of another content type', async () => {
    const response = await fetch(`${hub.url}/api/connections`, {
      method: 'POST',
      headers: { authorization: `Bearer ${hub.admin.key}`, 'content-type': 'text/plain' },
      body: 'x',
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ]);
  });

  it.each([undefined, 'Basic x', 'Bearer', 'Bearer wrong', `Bearer ${'x'.repeat(600)}`])(
    'no key, or a wrong one: %s',
    async (authorization) => {
      const response = await fetch(
        `${hub.url}/api/connections`,
        authorization === undefined ? {} : { headers: { authorization } },
      );
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    },
  );
});

describe('a role', () => {
  const connect = async (name: string) => {
    const { body } = await as(name).call('POST', '/api/connections', { integrationId: 'slack' });
    await createBrowser().open(body.authorization.url);
    return body.connection.id as string;
  };

  it('builder works with its own connections only, and with nothing else', async () => {
    const theirs = await connect('grace');
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['GET', '/token', undefined],
      ['GET', '/events', undefined],
      ['POST', '/test', undefined],
      ['POST', '/refresh', undefined],
      ['POST', '/reconnect', undefined],
      ['PATCH', '', { name: 'x' }],
      ['DELETE', '', undefined],
    ] as const)
      expectProblem(
        await as('ada').call(method, `/api/connections/${theirs}${path}`, body),
        404,
        'CONNECTION_NOT_FOUND',
      );
    expect((await as('ada').call('GET', '/api/connections?userId=grace')).body.data).toEqual([]);
    expectProblem(
      await as('ada').call('POST', '/api/connections', { integrationId: 'slack', userId: 'grace' }),
      403,
      'FORBIDDEN',
    );
    for (const [method, path] of [
      ['GET', '/api/keys'],
      ['GET', '/api/integrations/slack/app'],
      ['DELETE', '/api/integrations/slack/app'],
    ] as const)
      expectProblem(await as('ada').call(method, path), 403, 'FORBIDDEN');
    expect((await as('grace').call('GET', `/api/connections/${theirs}`)).body.status).toBe('connected');
  });

  it('operator sees and repairs everything, and gets no token', async () => {
    const id = await connect('ada');
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/events'],
      ['POST', '/test'],
      ['POST', '/refresh'],
      ['POST', '/reconnect'],
    ] as const)
      expect((await as('otto').call(method, `/api/connections/${id}${path}`)).status, path).toBe(200);
    for (const [method, path, body] of [
      ['GET', '/token', undefined],
      ['PATCH', '', { name: 'x' }],
      ['DELETE', '', undefined],
    ] as const)
      expectProblem(await as('otto').call(method, `/api/connections/${id}${path}`, body), 403, 'FORBIDDEN');
    expectProblem(
      await as('otto').call('POST', '/api/connections', { integrationId: 'slack' }),
      403,
      'FORBIDDEN',
    );
  });

  it('ends with its key, at once', async () => {
    const { body } = await hub.admin.call('POST', '/api/keys', { name: 'short', role: 'builder' });
    const short = createClient(hub.url, body.key as string);
    expect((await short.call('GET', '/api/connections')).status).toBe(200);
    expect((await hub.admin.call('DELETE', `/api/keys/${body.id}`)).status).toBe(204);
    expectProblem(await short.call('GET', '/api/connections'), 401, 'UNAUTHENTICATED');
    expectProblem(await short.call('GET', '/api/connections/x/token'), 401, 'UNAUTHENTICATED');
  });

  it('admin cannot be ended altogether, not even by two at once', async () => {
    const { body } = await hub.admin.call('POST', '/api/keys', { name: 'second', role: 'admin' });
    const own = (await hub.admin.call('GET', '/api/keys?limit=200')).body.data.find(
      ({ name }: { name: string }) => name === 'admin',
    ).id as string;
    const second = createClient(hub.url, body.key as string);
    const replies = await Promise.all([
      hub.admin.call('DELETE', `/api/keys/${body.id}`),
      second.call('DELETE', `/api/keys/${own}`),
    ]);
    expect(replies.map(({ status }) => status).filter((status) => status === 204)).toHaveLength(1);
    expect(replies.map(({ body: problem }) => problem?.code).filter(Boolean)).toEqual([
      expect.stringMatching(/LAST_ADMIN_KEY|UNAUTHENTICATED/),
    ]);
  });
});
