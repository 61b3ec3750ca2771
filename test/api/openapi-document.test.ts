/** What /openapi.json says of an address is what the address answers; the pages are closed to foreign scripts and frames. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStream } from '../notifications/sse-client.ts';
import { createWalk } from '../broker/walk.ts';
import { serveApiAt, startProvider, type Provider } from '../proxy/provider.ts';
import { tokenIn } from '../setup/accounts.ts';
import { createBrowser, createClient, type Json, type Reply } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let provider: Provider;
let document: Json;
let ajv: Ajv2020;
let connectionId: string;
const asked = new Set<string>();

beforeAll(async () => {
  hub = await startHub({ HUB_N8N_URLS: 'http://localhost:5678' });
  sandbox = await startTestSandbox();
  provider = await startProvider();
  await setUpApps(hub.admin, sandbox);
  document = await (await fetch(`${hub.url}/openapi.json`)).json();
  ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'openapi');
  const { body } = await hub.admin.call('POST', '/api/connections', { integrationId: 'slack' });
  connectionId = body.connection.id as string;
  await createBrowser().open(body.authorization.url);
});
afterAll(async () => {
  provider.close();
  await hub.close();
  await sandbox.close();
});

const pointer = (...parts: (string | number)[]) =>
  `openapi#/${parts.map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

/** Fails where the document does not know the status, or its schema does not fit what came. */
function expectAsDocumented(method: string, route: string, answer: Reply): void {
  const { responses } = document.paths[route][method.toLowerCase()];
  const key = answer.status in responses ? answer.status : 'default';
  const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const media = '*/*' in (responses[key].content ?? {}) ? '*/*' : type;
  expect(key === 'default', `${answer.status} is documented`).toBe(answer.status >= 400);
  if (answer.status === 204) return;
  const content = (answer.body ?? answer.text) as unknown;
  expect(Object.keys(responses[key].content)).toContain(media);
  const validate = ajv.compile({
    $ref: pointer('paths', route, method.toLowerCase(), 'responses', key, 'content', media, 'schema'),
  });
  expect(validate(content), `${JSON.stringify(validate.errors)} in ${answer.text}`).toBe(true);
}

const ownDefinition = (url: string) => ({
  id: 'own-key',
  name: 'Own',
  description: 'Of the tests.',
  docsUrl: 'https://example.com',
  capabilities: ['try things'],
  hosts: [new URL(url).host],
  apiBaseUrl: url,
  auth: { api_key: {} },
  probe: { path: '/me' },
});

const traces = async ({ id }: { id: string }): Promise<number> =>
  (await hub.admin.call('GET', `/api/connections/${id}/requests`)).body.data.length;

async function ask(method: string, route: string, parameters: Record<string, string>, body?: unknown) {
  asked.add(`${method} ${route}`);
  const path = route.replace(/\{(\w+)\}/g, (_all, name: string) => parameters[name] ?? '');
  const answer = await hub.admin.call(method, path, body);
  expectAsDocumented(method, route, answer);
  return answer;
}

const app = { clientId: 'x', clientSecret: 'y' };

describe('/openapi.json', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(document.openapi).toBe('3.1.0');
  });

  it('names its schemas with words', () => {
    expect(Object.keys(document.components.schemas).sort()).toEqual([
      'AuditEntry',
      'Connection',
      'Event',
      'Integration',
      'Problem',
    ]);
  });

  it('requires no parameter that has a default', () => {
    const operations = Object.values<Json>(document.paths).flatMap((path) => Object.values<Json>(path));
    const parameters = operations.flatMap(({ parameters = [] }) => parameters as Json[]);
    const withDefault = parameters.filter(({ schema }) => schema.default !== undefined);
    expect(withDefault.length).toBeGreaterThan(3);
    expect(withDefault.filter(({ required }) => required === true)).toEqual([]);
  });

  it('requires no field that has a default, and no body that may be empty', () => {
    const operations = Object.values<Json>(document.paths).flatMap((item) => Object.values<Json>(item));
    const bodies = operations.flatMap(({ requestBody }) => (requestBody ?? []) as Json[]);
    expect(bodies.length).toBeGreaterThan(20);
    const wrong = bodies.flatMap(({ required, content }) => {
      const { schema } = content['application/json'] ?? {};
      const needed = (schema?.required ?? []) as string[];
      const withDefault = needed.filter((name) => 'default' in schema.properties[name]);
      return [
        ...withDefault,
        ...(schema?.type === 'object' && required && needed.length === 0 && !schema.minProperties
          ? [schema]
          : []),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it('tells the truth about every address', async () => {
    const id = { id: 'slack' };
    await ask('GET', '/health/live', {});
    await ask('GET', '/health/ready', {});
    await ask('GET', '/api/integrations', {});
    await ask('GET', '/api/integrations/{id}', id);
    await ask('GET', '/api/integrations/{id}/logo.svg', id);
    await ask('GET', '/api/integrations/{id}/app', id);
    await ask('GET', '/api/hub', {});
    const own = { id: 'own-key' };
    const definition = ownDefinition(provider.url);
    await ask('POST', '/api/integrations', {}, definition);
    await ask('GET', '/api/integrations/{id}/definition', own);
    await ask('PUT', '/api/integrations/{id}', own, definition);
    await ask('POST', '/api/integrations/{id}/test', own);
    await ask('DELETE', '/api/integrations/{id}', own);
    await ask('GET', '/schemas/integration.json', {});
    await ask('POST', '/api/integrations/{id}/app/test', id);
    await ask('GET', '/api/integrations/{id}/usage', id);
    await ask('GET', '/api/usage', {});
    await ask('PUT', '/api/integrations/{id}/app', { id: 'dropbox' }, app);
    await ask('DELETE', '/api/integrations/{id}/app', { id: 'dropbox' });
    await ask('POST', '/api/connections', {}, { integrationId: 'gmail' });
    await ask('GET', '/api/connections', {});
    const one = { id: connectionId };
    await ask('GET', '/api/connections/{id}', one);
    await ask('PATCH', '/api/connections/{id}', one, { name: 'Renamed' });
    await ask('POST', '/api/connections/{id}/test', one);
    await ask('POST', '/api/connections/{id}/refresh', one);
    await ask('GET', '/api/connections/{id}/token', one);
    await ask('POST', '/api/connections/{id}/request', one, { method: 'GET', path: '/auth.test' });
    provider.answer((response) => response.writeHead(200).end());
    await serveApiAt(hub, sandbox, 'slack', provider.url);
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
      await ask(method, '/api/connections/{id}/proxy/{path}', { ...one, path: 'some/path' });
    expect(provider.seen.map(({ url }) => url)).toEqual(Array(7).fill('/some/path'));
    await serveApiAt(hub, sandbox, 'slack');
    await ask('POST', '/api/connections/{id}/reconnect', one);
    await ask('GET', '/api/connections/{id}/events', one);
    await ask('GET', '/api/connections/{id}/usage', one);
    await ask('PUT', '/api/connections/{id}/debug', one, {
      until: new Date(Date.now() + 60_000).toISOString(),
    });
    await ask('POST', '/api/connections/{id}/request', one, { method: 'GET', path: '/auth.test' });
    await expect.poll(() => traces(one), { timeout: 10_000 }).toBe(1);
    await ask('GET', '/api/connections/{id}/requests', one);
    await ask('GET', '/api/connections/{id}/requests/har', one);
    await ask('DELETE', '/api/connections/{id}/requests', one);
    const { body } = await ask('POST', '/api/keys', {}, { name: 'documented', role: 'builder' });
    await ask('GET', '/api/keys', {});
    await ask('DELETE', '/api/keys/{id}', { id: body.id as string });
    const redirectUris = ['https://app.example.com/callback'];
    const client = (await ask('POST', '/api/clients', {}, { name: 'documented', redirectUris })).body;
    await ask('GET', '/api/clients', {});
    await ask('GET', '/api/clients/{id}', { id: client.id as string });
    await ask('DELETE', '/api/clients/{id}', { id: client.id as string });
    await ask('GET', '/api/grants', {});
    await ask('DELETE', '/api/grants/{id}', { id: await grantOn(connectionId) });
    await beginStream();
    const url = 'http://127.0.0.1:9/hook';
    const webhook = (await ask('POST', '/api/webhooks', {}, { url, events: ['*'] })).body.id as string;
    await hub.admin.call('PATCH', `/api/connections/${connectionId}`, { config: {} });
    await ask('GET', '/api/webhooks', {});
    await ask('GET', '/api/webhooks/{id}', { id: webhook });
    await ask('PATCH', '/api/webhooks/{id}', { id: webhook }, { name: 'Documented' });
    await ask('POST', '/api/webhooks/{id}/rotate-secret', { id: webhook });
    const { data } = (await ask('GET', '/api/webhooks/{id}/deliveries', { id: webhook })).body;
    const delivery = { id: webhook, deliveryId: data[0].id as string };
    await ask('POST', '/api/webhooks/{id}/deliveries/{deliveryId}/replay', delivery);
    await ask('DELETE', '/api/webhooks/{id}', { id: webhook });
    await askAboutPeople();
    await askAboutLinks();
    await ask('GET', '/api/encryption', {});
    await ask('POST', '/api/encryption/rotate', {});
    await ask('GET', '/api/audit', {});
    await ask('GET', '/api/audit/export', {});
    await ask('GET', '/api/audit/head', {});
    await ask('GET', '/api/audit/verify', {});
    await ask('DELETE', '/api/connections/{id}', one);
    const documented = Object.entries<Json>(document.paths).flatMap(([route, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${route}`),
    );
    expect([...asked].sort()).toEqual(documented.sort());
  });

  it.each([
    ['GET', '/api/connections/{id}', '/api/connections/nope', undefined, 404],
    ['POST', '/api/connections', '/api/connections', { colour: 1 }, 400],
    ['POST', '/api/connections', '/api/connections', { integrationId: 'dropbox', authType: 'basic' }, 422],
    ['DELETE', '/api/keys/{id}', '/api/keys/nope', undefined, 404],
  ] as const)('tells the truth about errors: %s %s', async (method, route, path, body, status) => {
    const answer = await hub.admin.call(method, path, body);
    expect(answer.status).toBe(status);
    expectAsDocumented(method, route, answer);
  });

  it('tells the truth about a caller without a key', async () => {
    const answer = await createClient(hub.url, 'wrong').call('GET', '/api/connections');
    expect(answer.status).toBe(401);
    expectAsDocumented('GET', '/api/connections', answer);
  });
});

describe('a page', () => {
  it.each(['/docs', '/oauth/callback', '/oauth/authorize/made-up', '/api/integrations/slack/logo.svg'])(
    'is closed to foreign scripts, styles and frames: %s',
    async (path) => {
      const { headers } = await fetch(hub.url + path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-|https?:|upgrade-insecure-requests/);
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    },
  );

  it('/docs has all it needs from the hub itself, and nothing inline', async () => {
    const html = await (await fetch(`${hub.url}/docs/`)).text();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part);
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) expect((await fetch(new URL(part, `${hub.url}/docs/`))).status, part).toBe(200);
  });
});

/** Signing in is asked of with a key here: what a session answers, test/accounts asks. */
async function askAboutPeople(): Promise<void> {
  await ask('GET', '/api/me', {});
  await ask('GET', '/api/auth/methods', {});
  const invite = async () => (await ask('POST', '/api/invitations', {}, { role: 'builder' })).body;
  const [first, second, third] = [await invite(), await invite(), await invite()];
  await ask('GET', '/api/invitations', {});
  await ask('DELETE', '/api/invitations/{id}', { id: third.id as string });
  await ask('POST', '/api/welcome/invitation', {}, { token: tokenIn(first.url) });
  const password = 'a password of many letters';
  const welcome = (made: Json, email: string) => ({ token: tokenIn(made.url), name: 'Ada', email, password });
  const ada = await ask('POST', '/api/welcome', {}, welcome(first, 'ada@example.com'));
  await ask('POST', '/api/auth/sign-up/email', {}, welcome(second, 'bob@example.com'));
  await ask('POST', '/api/auth/sign-in/email', {}, { email: 'ada@example.com', password });
  await ask('GET', '/api/auth/get-session', {});
  await ask('POST', '/api/auth/sign-out', {});
  const change = { currentPassword: password, newPassword: 'another long password' };
  expect((await ask('POST', '/api/auth/change-password', {}, change)).status).toBe(401);
  const social = { provider: 'oidc', callbackURL: '/' };
  expect((await ask('POST', '/api/auth/sign-in/social', {}, social)).status).toBe(404);
  await ask('GET', '/api/users', {});
  await ask('PATCH', '/api/users/{id}', { id: ada.body.user.id as string }, { name: 'Ada L.' });
  await ask('DELETE', '/api/users/{id}', { id: ada.body.user.id as string });
}

async function askAboutLinks(): Promise<void> {
  const link = (await ask('POST', '/api/connect-links', {}, { integrationId: 'slack' })).body;
  const token = { token: tokenIn(link.url) };
  await ask('GET', '/api/connect-links', {});
  await ask('GET', '/api/connect-links/{token}', token);
  await ask('POST', '/api/connect-links/{token}/connections', token, {});
  await ask('DELETE', '/api/connect-links/{id}', { id: link.id as string });
}

/** A stream has no end to wait for: its beginning is looked at. */
async function beginStream(): Promise<void> {
  asked.add('GET /api/events');
  const stream = await openStream(hub.url, hub.admin.key);
  const { headers, status } = stream;
  expectAsDocumented('GET', '/api/events', { status, headers, text: '', body: null });
  stream.close();
}

/** A consent, as n8n asks for it. */
async function grantOn(connection: string): Promise<string> {
  await createWalk(hub).connect(connection);
  const { data } = (await hub.admin.call('GET', '/api/grants')).body;
  return data.find(({ connectionId: id }: Json) => id === connection).id;
}
