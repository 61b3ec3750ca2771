/** What PostgreSQL or a header cannot hold is refused by name; what only looks like it is kept as it came. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Integration } from '../../integrations/definition/integration.ts';
import { startHub, type TestHub } from '../setup/hub.ts';

let hub: TestHub;
let provider: Server;
let probes = 0;

beforeAll(async () => {
  provider = createServer((_request, response) => {
    probes++;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => provider.listen(0, 'localhost', resolve));
  const host = `localhost:${(provider.address() as AddressInfo).port}`;
  const free = { type: 'string', title: 'Free text', maxLength: 200 };
  const schema = (...names: string[]) => ({
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(names.map((name) => [name, free])),
  });
  const integration: Integration = {
    id: 'texts',
    name: 'Texts',
    description: 'An integration of the tests.',
    category: 'CRM',
    logo: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"></svg>',
    status: 'beta',
    docsUrl: 'https://example.com/',
    capabilities: ['keep texts'],
    configSchema: schema('note'),
    authTypes: ['api_key'],
    credentialSchemas: { api_key: schema('apiKey') },
    hosts: [host],
    apiBaseUrl: () => `http://${host}`,
    probe: () => ({ method: 'GET', url: '/me' }),
    account: () => null,
  };
  hub = await startHub({}, [integration]);
});
afterAll(async () => {
  await hub.close();
  provider.closeAllConnections();
  provider.close();
});

const create = (note: unknown, apiKey = 'a-key') => ({
  integrationId: 'texts',
  config: { note },
  credentials: { apiKey },
});
const count = async () => (await hub.admin.call('GET', '/api/connections')).body.data.length as number;

describe('a text', () => {
  it.each<[string, string, string, unknown]>([
    ['with half a character in the config', 'POST', '/api/connections', create('\ud800')],
    ['with the other half', 'POST', '/api/connections', create('\udc00')],
    ['with a NUL in the config', 'POST', '/api/connections', create('a\u0000b')],
    ['with half a character in a field’s name', 'POST', '/api/connections', '{"\\ud83d":1}'],
    [
      'with half a character in a scope',
      'PUT',
      '/api/integrations/slack/app',
      { clientId: 'x', clientSecret: 'y', scopes: ['\ud800'] },
    ],
    [
      'with half a character in a key’s user',
      'POST',
      '/api/keys',
      { name: 'x', role: 'builder', userId: '\ud800' },
    ],
    [
      'deep in more brackets than a stack has frames',
      'POST',
      '/api/connections',
      `{"config":${'['.repeat(100_000)}"\\ud800"${']'.repeat(100_000)}}`,
    ],
  ])('%s is refused, and nothing is kept', async (_what, method, path, body) => {
    const before = await count();
    const reply = await hub.admin.call(method, path, body);
    expect(reply, reply.text).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    expect(await count()).toBe(before);
  });

  it.each(['C:\\u0000', '\\ud800', '😀 ü 漢', "'; drop table connections; --", '${x} {{y}} %s'])(
    'that only looks odd is kept as it came: %s',
    async (note) => {
      const { status, body, text } = await hub.admin.call('POST', '/api/connections', create(note));
      expect(status, text).toBe(201);
      const kept = await hub.admin.call('GET', `/api/connections/${body.connection.id}`);
      expect(kept.body.config).toEqual({ note });
    },
  );
});

describe('an address', () => {
  it.each(['/api/connections/%zz', '/api/connections/%ff', '/oauth/authorize/%zz'])(
    'that is not well written is refused as one: %s',
    async (path) => {
      const reply = await hub.admin.call('GET', path);
      expect(reply).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
      expect(reply.headers.get('content-type')).toContain('application/problem+json');
    },
  );
});

describe('a key that fits in no header', () => {
  it.each(['two\nlines', 'ends-with-newline\n', 'ключ', 'tab\u0001'])(
    'is called what it is, and is sent nowhere: %j',
    async (apiKey) => {
      const before = { rows: await count(), probes };
      const reply = await hub.admin.call('POST', '/api/connections', create('x', apiKey));
      expect(reply, reply.text).toMatchObject({ status: 422, body: { code: 'CREDENTIALS_REJECTED' } });
      expect(reply.body.detail).toMatch(/character/);
      expect(reply.text).not.toContain(JSON.stringify(apiKey).slice(1, -1));
      expect({ rows: await count(), probes }).toEqual(before);
    },
  );
});
