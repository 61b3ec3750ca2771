/** The hub's own node, in n8n's engine, against a hub. */
import type { INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBrowser, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { listSearch, loadOptions, runNode, type NodeResult, type StoredCredentials } from '../setup/n8n.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { connect } from './operations.ts';
import { operationsOf } from './operations-of.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let id: string;
const covered = new Set<string>();
beforeAll(async () => {
  sandbox = await startTestSandbox();
  hub = await startHub();
  await setUpApps(hub.admin, sandbox);
  id = await connect(hub, 'slack');
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});

const credentials = (apiKey = hub.admin.key, baseUrl = `${hub.url}/`): StoredCredentials => ({
  integrationHubApi: { baseUrl, apiKey },
});
const chosen = () => ({ __rl: true, mode: 'id', value: id });

async function run(
  resource: string,
  operation: string,
  more: INodeParameters = {},
  stored = credentials(),
): Promise<NodeResult> {
  covered.add(`${resource}/${operation}`);
  const parameters = { resource, operation, ...more };
  return runNode({ node: 'integrationHub', credentials: stored, parameters });
}
async function json(...wanted: Parameters<typeof run>): Promise<Json[]> {
  const { json: items, error, items: all } = await run(...wanted);
  expect(error).toBeNull();
  expect(all.every(({ pairedItem }) => pairedItem !== undefined)).toBe(true);
  return items;
}
const shown = async () => (await hub.admin.call('GET', `/api/connections/${id}`)).body;

it('connection: create makes a link that a person opens, and the connection is there', async () => {
  const [made] = await json('connection', 'create', {
    integrationId: 'hubspot',
    additionalFields: { name: 'Ours', config: '{}' },
  });
  expect(made).toMatchObject({
    url: expect.stringContaining(`${hub.url}/oauth/authorize/`),
    expiresAt: expect.any(String),
    connection: { name: 'Ours', status: 'disconnected', integrationId: 'hubspot' },
  });
  await createBrowser().open(made.url);
  const after = (await hub.admin.call('GET', `/api/connections/${made.connection.id}`)).body;
  expect(after.status).toBe('connected');
});

it('connection: get, get many with filters and a limit over pages', async () => {
  expect(await json('connection', 'get', { connection: chosen() })).toEqual([await shown()]);
  expect(
    await json('connection', 'getAll', { returnAll: true, filters: { integrationId: 'slack' } }),
  ).toEqual([await shown()]);
  expect(await json('connection', 'getAll', { returnAll: false, limit: 1, filters: {} })).toHaveLength(1);
  expect(await json('connection', 'getAll', { returnAll: true, filters: { q: 'no such name' } })).toEqual([]);
});

it('connection: test, refresh', async () => {
  expect(await json('connection', 'test', { connection: chosen() })).toMatchObject([
    { ok: true, outcome: 'ok' },
  ]);
  const version = (await shown()).credentials.version as number;
  const [refreshed] = await json('connection', 'refresh', { connection: chosen() });
  expect(refreshed).toMatchObject({ refreshed: true, connection: { credentials: { version: version + 1 } } });
});

it('connection: call the provider, which sees no key and shows no token', async () => {
  const [answer] = await json('connection', 'request', {
    connection: chosen(),
    method: 'POST',
    path: '/chat.postMessage',
    requestOptions: {
      body: '{"channel":"C00GENERAL","text":"hi"}',
      headers: '{"x-trace":"1"}',
      query: '{"pretty":1}',
    },
  });
  expect(answer).toMatchObject({ status: 200, attempts: 1, durationMs: expect.any(Number) });
  expect(answer.body).toBeTypeOf('object');
  const token = (await hub.admin.call('GET', `/api/connections/${id}/token`)).body.accessToken as string;
  expect(JSON.stringify(answer)).not.toContain(token);
  const { error } = await run('connection', 'request', {
    connection: chosen(),
    method: 'GET',
    path: 'https://example.com/',
    requestOptions: {},
  });
  expect(error?.message).toContain('path');
});

it('connection: configure', async () => {
  const [changed] = await json('connection', 'configure', {
    connection: chosen(),
    updateFields: { name: 'Renamed', config: '{"team":"T012AB3C4"}' },
  });
  expect(changed).toMatchObject({ name: 'Renamed', config: { team: 'T012AB3C4' } });
  const { error } = await run('connection', 'configure', {
    connection: chosen(),
    updateFields: { config: '{"colour":1}' },
  });
  expect(error?.message).toContain('configSchema');
});

it('connection: reconnect link, disconnect', async () => {
  const [link] = await json('connection', 'reconnect', { connection: chosen(), returnUrl: '' });
  expect(link.connection.id).toBe(id);
  await createBrowser().open(link.url);
  expect((await shown()).status).toBe('connected');
  const other = await connect(hub, 'dropbox');
  expect(
    await json('connection', 'disconnect', { connection: { __rl: true, mode: 'id', value: other } }),
  ).toEqual([{ disconnected: true }]);
  expect((await hub.admin.call('GET', `/api/connections/${other}`)).body.status).toBe('disconnected');
});

it('usage: get', async () => {
  const of = { of: 'connection', usedConnection: chosen(), bucket: 'day', time: {} };
  const today = async () => (await json('usage', 'get', of)).at(-1);
  await hub.admin.call('GET', `/api/connections/${id}/token`);
  await expect.poll(async () => (await today()).tokens).toBeGreaterThan(0);
  const { integrationId } = await shown();
  // As n8n's picker gives it, without a zone; hours are kept for some days only.
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const time = { from: `${yesterday}T00:00:00`, to: `${yesterday}T12:00:00Z` };
  const hours = await json('usage', 'get', {
    of: 'integration',
    usedIntegration: integrationId,
    bucket: 'hour',
    time,
  });
  expect(hours.length).toBeGreaterThanOrEqual(12);
  expect(hours.at(-1)).toMatchObject({ start: `${yesterday}T11:00:00.000Z`, calls: 0 });
  const { error } = await run('usage', 'get', {
    of: 'everything',
    bucket: 'hour',
    time: { from: '2026-01-01T00:00:00Z', to: '2026-01-01T12:00:00Z' },
  });
  expect(error?.message).toMatch(/not kept/);
  expect(await json('usage', 'get', { of: 'everything', bucket: 'day', time: {} })).toHaveLength(30);
});

it('integration: get, get many', async () => {
  expect(await json('integration', 'get', { integrationId: 'gmail' })).toMatchObject([
    { id: 'gmail', category: 'Email' },
  ]);
  const all = await json('integration', 'getAll', { returnAll: true, filters: { category: 'CRM' } });
  expect(all.map((one) => one.id).sort()).toEqual(['gohighlevel', 'hubspot', 'salesforce']);
});

it('lists connections and integrations to choose from', async () => {
  const wanted = { node: 'integrationHub', credentials: credentials(), parameters: {} };
  const { results } = await listSearch(wanted, 'searchConnections', 'renamed');
  expect(results).toMatchObject([{ name: 'Renamed (Sandbox One)', value: id }]);
  expect((await loadOptions(wanted, 'getIntegrations')).map(({ value }) => value)).toContain('slack');
});

it.each([
  ['a wrong key', () => credentials('wrong'), 'A valid API key is needed', 'Check the key in the credential'],
  [
    'a hub that is down',
    () => credentials('x', 'http://127.0.0.1:9'),
    'The Integration Hub at http://127.0.0.1:9 cannot be reached',
    '(ECONNREFUSED)',
  ],
  [
    'an address that is none',
    () => credentials('x', 'http://nowhere.invalid'),
    'cannot be reached',
    'hub address',
  ],
])('%s is said, and what to do', async (_name, stored, message, advice) => {
  const { error } = await run('connection', 'get', { connection: chosen() }, stored());
  expect(error?.message).toContain(message);
  expect(error?.description).toContain(advice);
});

it('a connection that is not there is said to be', async () => {
  const { error } = await run('connection', 'get', { connection: { __rl: true, mode: 'id', value: 'nope' } });
  expect(error?.message).toContain('There is no such connection');
});

it('has a test for each of its operations', async () => {
  expect((await operationsOf('integrationHub')).filter((one) => !covered.has(one))).toEqual([]);
});
