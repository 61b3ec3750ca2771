/** One trace from the request to the provider's answer, over the processes of a hub. */
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { connect } from '../proxy/provider.ts';
import { createClient, type Client } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { openOperator } from '../setup/temporal.ts';
import { startCollector, treeOf, type Collector, type Span } from './collector.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let collector: Collector;
let sandbox: TestSandbox;
let api: HubProcess;
let worker: HubProcess;
let client: Client;
let url: string;
let id: string;

beforeAll(async () => {
  collector = await startCollector();
  ({ env, drop } = await testEnv({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=a%20key',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_BSP_SCHEDULE_DELAY: '50',
    HUB_LOG_LEVEL: 'warn',
  }));
  const key = env['HUB_ADMIN_KEY'] ?? '';
  await ensureAdminKey(configOf(env), key);
  [api, worker] = await Promise.all([spawnHub('api', env), spawnHub('worker', env)]);
  url = `http://localhost:${env['HUB_PORT']}`;
  client = createClient(url, key);
  sandbox = await startTestSandbox();
  await setUpApps(client, sandbox);
  id = await connect(client, 'hubspot');
}, 120_000);
afterAll(async () => {
  await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')]);
  collector.close();
  await sandbox.close();
  await drop();
});

let traces = 0;
const newTrace = () => (++traces).toString(16).padStart(32, 'a');

/** A request with a `traceparent`. @returns the trace, once spans of those names are in it */
async function traced(method: string, path: string, ...wanted: string[]): Promise<Span[]> {
  const traceId = newTrace();
  await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${client.key}`, traceparent: `00-${traceId}-00000000000000aa-01` },
  }).then((response) => response.text());
  return collected(traceId, wanted);
}

async function collected(traceId: string, wanted: string[]): Promise<Span[]> {
  const mine = () => collector.spans().filter((span) => span.traceId === traceId);
  await expect.poll(() => mine().map(({ name }) => name)).toEqual(expect.arrayContaining(wanted));
  return mine();
}

const WHOLE_REFRESH = ['POST /api/connections/:id/refresh', 'RunWorkflow:refreshCredentials'];

it('a refresh is one trace, from the request through workflow and activity to the provider', async () => {
  const spans = await traced('POST', `/api/connections/${id}/refresh`, ...WHOLE_REFRESH);
  expect(treeOf(spans)).toEqual([
    'POST /api/connections/:id/refresh',
    '  StartWorkflow:refreshCredentials',
    '    RunWorkflow:refreshCredentials',
    '      StartActivity:refreshCredentials',
    '        RunActivity:refreshCredentials',
    '          POST localhost',
  ]);
  const [request, , workflow, , activity, provider] = treeOf(spans).map((line) =>
    spans.find(({ name }) => name === line.trim()),
  );
  expect(request).toMatchObject({
    kind: 'server',
    parentSpanId: '00000000000000aa',
    service: 'integration-hub-api',
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/api/connections/:id/refresh',
      'http.response.status_code': 200,
      'hub.connection_id': id,
    },
    resource: { 'deployment.environment.name': 'test' },
  });
  expect(workflow).toMatchObject({
    service: 'integration-hub-worker',
    attributes: { 'hub.connection_id': id, 'hub.integration_id': 'hubspot' },
  });
  expect(activity?.attributes).toMatchObject({ 'hub.connection_id': id, 'hub.integration_id': 'hubspot' });
  expect(provider).toMatchObject({
    kind: 'client',
    service: 'integration-hub-worker',
    failed: false,
    attributes: {
      'http.request.method': 'POST',
      'server.address': 'localhost',
      'http.response.status_code': 200,
      'hub.request': 'token',
      'hub.connection_id': id,
      'hub.integration_id': 'hubspot',
    },
  });
  expect(collector.exports[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-collector-key': 'a key' } });
});

it('a proxied call has a span per attempt, and no more of the path than words', async () => {
  await sandbox.control('POST', '/hubspot/expire');
  const path = `/api/connections/${id}/proxy/crm/v3/objects/contacts/512?email=ada%40example.com`;
  const spans = await traced('GET', path, 'GET /api/connections/:id/proxy/*');
  const calls = spans.filter(({ attributes }) => attributes['hub.request'] === 'call');
  expect(calls.map(({ attributes, failed }) => [attributes['hub.attempt'], failed]).sort()).toEqual([
    [1, true],
    [2, true],
  ]);
  for (const { attributes } of calls)
    expect(attributes['url.template']).toMatch(/\/crm\/v3\/objects\/contacts\/…$/);
  expect(calls.map(({ attributes }) => attributes['http.response.status_code']).sort()).toEqual([401, 404]);
  // The refresh that it waited for is part of its story.
  expect(spans.map(({ name }) => name)).toContain('RunActivity:refreshCredentials');
});

it('a request without a trace begins one; what machines ask all day is in none', async () => {
  await client.call('GET', '/api/integrations/slack');
  await fetch(`${url}/health/live`);
  await fetch(`${url}/nowhere/at/all`);
  await expect
    .poll(() => collector.spans().map(({ name }) => name))
    .toEqual(expect.arrayContaining(['GET /api/integrations/:id', 'GET']));
  const span = collector.spans().find(({ name }) => name === 'GET /api/integrations/:id');
  expect(span?.parentSpanId).toBeNull();
  expect(collector.spans().some(({ name }) => name.includes('health'))).toBe(false);
  expect(JSON.stringify(collector.exports)).not.toContain('nowhere');
});

it('a provider that is down, a caller who leaves, and a refusal of ours are told apart', async () => {
  await sandbox.control('PUT', '/hubspot/behaviour', { token: 'down' });
  const down = await traced('POST', `/api/connections/${id}/refresh`, ...WHOLE_REFRESH);
  await sandbox.control('PUT', '/hubspot/behaviour', { api: 'hang' });
  expect(down.filter(({ attributes }) => attributes['hub.request'] === 'token')).toMatchObject([
    { failed: true, attributes: { 'http.response.status_code': 503, 'error.type': '503' } },
  ]);
  const traceId = newTrace();
  await fetch(`${url}/api/connections/${id}/proxy/crm/v3/objects/contacts`, {
    headers: { authorization: `Bearer ${client.key}`, traceparent: `00-${traceId}-00000000000000aa-01` },
    signal: AbortSignal.timeout(500),
  }).catch(() => null);
  const left = await collected(traceId, ['GET /api/connections/:id/proxy/*']);
  expect(left.find(({ kind }) => kind === 'server')?.attributes['error.type']).toBe('abandoned');
  await sandbox.control('PUT', '/hubspot/behaviour', {});
  const refused = await traced(
    'GET',
    `/api/connections/${id}/proxy/..%2f..%2fetc`,
    'GET /api/connections/:id/proxy/*',
  );
  expect(refused).toMatchObject([
    { kind: 'server', failed: false, attributes: { 'http.response.status_code': 422 } },
  ]);
});

it('a sweep is one trace with a span per page, however many connections are in it', async () => {
  const ids = [id];
  for (let n = 0; n < 5; n++) ids.push(await connect(client, 'hubspot'));
  const operator = await openOperator(configOf(env));
  const sql = postgres(env['DATABASE_URL'] ?? '', { max: 1 });
  await sql`update connections set refresh_due_at = now() - interval '1 second'`;
  const before = collector.spans().length;
  await operator.sweep('refreshSweep', { pageSize: 3 });
  await Promise.all([operator.close(), sql.end()]);
  const swept = () => collector.spans().slice(before);
  await expect.poll(() => swept().map(({ name }) => name)).toContain('RunWorkflow:refreshSweep');
  const root = swept().find(({ name }) => name === 'RunWorkflow:refreshSweep');
  const trace = swept().filter(({ traceId }) => traceId === root?.traceId);
  expect(root?.parentSpanId).toBeNull();
  const pages = trace.filter(({ name }) => name === 'RunActivity:refreshPage');
  expect(pages.map(({ attributes }) => attributes['hub.sweep.refreshed'])).toEqual([3, 3]);
  expect(trace.filter(({ kind }) => kind === 'client')).toEqual([]);
});
