/** /openapi.json says what is true: real answers fit the schemas it gives for them. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let id: string;
let document: Json;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  const { body } = await hub.admin.call('POST', '/api/connections', { integrationId: 'slack' });
  id = body.connection.id as string;
  await createBrowser().open(body.authorization.url);
  document = (await hub.admin.call('GET', '/openapi.json')).body;
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});

/** Fields that a schema does not name are a fault of it: serialisation would drop them in silence. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return inner['type'] === 'object' && 'properties' in inner
    ? { additionalProperties: false, ...inner }
    : inner;
}

function check(method: string, path: string, status: number, body: unknown): unknown {
  const operation = document.paths[path]?.[method.toLowerCase()];
  const schema = operation?.responses?.[status]?.content?.['application/json']?.schema;
  expect(schema, `${method} ${path} ${status} has a schema`).toBeDefined();
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile({ ...closed(schema), components: closed(document.components) });
  return validate(body) ? null : validate.errors;
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and names each address of the contract that there is', () => {
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/integrations',
        '/api/integrations/{id}',
        '/api/integrations/{id}/app',
        '/api/connections',
        '/api/connections/{id}',
        '/api/connections/{id}/test',
        '/api/connections/{id}/refresh',
        '/api/connections/{id}/reconnect',
        '/api/connections/{id}/token',
        '/api/connections/{id}/events',
        '/api/keys',
        '/api/keys/{id}',
        '/health/live',
        '/health/ready',
      ]),
    );
  });

  it.each([
    ['GET', '/api/integrations', undefined],
    ['GET', '/api/integrations/{id}', 'salesforce'],
    ['GET', '/api/integrations/{id}/app', 'google-ads'],
    ['GET', '/api/connections', undefined],
    ['GET', '/api/connections/{id}', 'own'],
    ['GET', '/api/connections/{id}/token', 'own'],
    ['GET', '/api/connections/{id}/events', 'own'],
    ['GET', '/api/keys', undefined],
    ['POST', '/api/connections/{id}/test', 'own'],
    ['POST', '/api/connections/{id}/refresh', 'own'],
    ['POST', '/api/connections/{id}/reconnect', 'own'],
  ])('is true of %s %s', async (method, path, subject) => {
    const reply = await hub.admin.call(
      method,
      path.replace('{id}', subject === 'own' ? id : (subject ?? '')),
    );
    expect(reply.status, reply.text).toBe(200);
    expect(check(method, path, 200, reply.body)).toBeNull();
  });

  it('is true of what is made', async () => {
    const connection = await hub.admin.call('POST', '/api/connections', { integrationId: 'gmail' });
    expect(check('POST', '/api/connections', 201, connection.body)).toBeNull();
    const key = await hub.admin.call('POST', '/api/keys', { name: 'k', role: 'operator' });
    expect(check('POST', '/api/keys', 201, key.body)).toBeNull();
  });
});

describe('an integration', () => {
  it('shows every field of the contract', async () => {
    const { body } = await hub.admin.call('GET', '/api/integrations?limit=200');
    expect(body.data).toHaveLength(11);
    for (const one of body.data)
      expect(one).toMatchObject({
        id: expect.any(String),
        name: expect.any(String),
        description: expect.any(String),
        category: expect.stringMatching(/^(CRM|Email|Marketing|Storage|Communication)$/),
        logo: expect.any(String),
        authType: 'oauth2',
        configSchema: expect.any(Object),
        capabilities: expect.any(Array),
        status: expect.any(String),
        credentialSchemas: expect.any(Object),
        configured: true,
        docsUrl: expect.stringMatching(/^https:/),
      });
    const logo = await fetch(body.data[0].logo);
    expect([logo.status, logo.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('image/svg+xml'),
    ]);
  });

  it('is found by category, status and words, page by page', async () => {
    const ids = async (query: string) =>
      (await hub.admin.call('GET', `/api/integrations?${query}`)).body.data.map((one: Json) => one.id);
    expect(await ids('category=Storage')).toEqual(['dropbox', 'google-drive']);
    expect(await ids('q=salesforce')).toContain('salesforce');
    expect(await ids('q=no-such-thing')).toEqual([]);
    const first = (await hub.admin.call('GET', '/api/integrations?limit=6')).body;
    const second = (await hub.admin.call('GET', `/api/integrations?limit=6&cursor=${first.nextCursor}`)).body;
    expect(second).toMatchObject({ nextCursor: null });
    expect(new Set([...first.data, ...second.data].map((one: Json) => one.id)).size).toBe(11);
  });
});

describe('every answer', () => {
  it.each(['/api/connections', '/docs/static/index.html', '/oauth/authorize/none', '/health/live'])(
    'of %s carries the security headers, and no policy that lets scripts in',
    async (path) => {
      const { headers } = await fetch(hub.url + path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/default-src/);
      expect(/script-src[^;]*unsafe-inline/.test(policy)).toBe(false);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toMatch(/^(?:no-referrer|same-origin)$/);
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      // No other site reads it: whoever asks, from wherever.
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    },
  );

  it.each(['/token', '', '/usage', '/events', '/requests'])(
    'that tells of a connection is kept by nobody: %s',
    async (what) => {
      const { headers } = await hub.admin.call('GET', `/api/connections/${id}${what}`);
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );

  it.each(['/api/me', '/api/keys', '/api/audit', '/api/webhooks', '/api/nothing', '/sign-in'])(
    'of %s is kept by nobody',
    async (path) => {
      expect((await hub.admin.call('GET', path)).headers.get('cache-control')).toBe('no-store');
    },
  );
});
