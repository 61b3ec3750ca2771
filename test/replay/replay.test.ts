/**
 * Workflows that began under an older version must go on under this one: histories recorded then are replayed
 * now. After a change that is meant to break them (behind `patched`), or for a new workflow, record anew with
 * RECORD_HISTORIES=1 npx vitest run test/replay, and keep the old ones beside the new. RECORD_HISTORIES=traced
 * records them with traces on. Traces may be turned on and off at any time, so each is replayed with and without.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import proto from '@temporalio/proto';
import { bundleWorkflowCode, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createLogger } from '../../hub/log.ts';
import { createDataConverter } from '../../hub/temporal/data-converter.ts';
import { workflowBundle } from '../../hub/temporal/bundle.ts';
import { tracingBy } from '../../hub/temporal/tracing.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';
import { startReceiver, type Receiver } from '../notifications/receiver.ts';
import { createBrowser } from '../setup/client.ts';
import { configOf, startHub, type TestHub } from '../setup/hub.ts';
import { rotationInput } from '../../hub/temporal/rotations.ts';
import { rollUpInput } from '../../hub/temporal/schedules.ts';
import { openOperator } from '../setup/temporal.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';

const { History } = proto.temporal.api.history.v1;
const OUTCOME = defineSearchAttributeKey('HubOutcome', SearchAttributeType.KEYWORD);
const FOLDER = path.join(import.meta.dirname, 'histories');
const TYPES = [
  'authorizeConnection',
  'deliverWebhook',
  'disconnectConnection',
  'healthSweep',
  'reconnectConnection',
  'refreshCredentials',
  'refreshSweep',
  'rollUpUsage',
  'rotateEncryptionKey',
  'testConnection',
  'verifyCredentials',
];
// Of these recordings alone.
const KEYS = `replay:${Buffer.from('recorded histories of the tests.').toString('base64')}`;
const dataConverter = createDataConverter(createVault(parseKeyring(KEYS)));

// Nobody listens there: what is recorded is the history.
const TRACES = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
const RECORDING = process.env['RECORD_HISTORIES'];

let hub: TestHub;
let bundles: WorkflowBundleOption[];
let oidc: OidcServer;
let receiver: Receiver;

beforeAll(async () => {
  hub = await startHub({
    HUB_ENCRYPTION_KEYS: KEYS,
    HUB_AUTHORIZATION_TTL: '4s',
    HUB_WEBHOOK_BACKOFF: '50ms',
    ...(RECORDING === 'traced' ? TRACES : {}),
  });
  bundles = [await workflowBundle(createLogger('silent')), await tracedBundle()];
  receiver = await startReceiver();
  oidc = await startOidcServer({ redirectUri: `${hub.url}/oauth/callback` });
});
afterAll(async () => {
  await hub.close();
  await Promise.all([oidc.close(), receiver.close()]);
});

/** One workflow of each type, and authorizations that end in each way. */
async function live(): Promise<void> {
  const { call } = hub.admin;
  const app = {
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    scopes: ['openid', 'offline_access'],
    endpoints: oidc.endpoints,
  };
  await call('PUT', '/api/integrations/gmail/app', app);
  await call('PUT', '/api/integrations/hubspot/app', { ...app, endpoints: { apiBaseUrl: oidc.url } });
  // The first message is taken at its second attempt; then the endpoint is gone.
  receiver.answer = () => ({ status: [503, 204][receiver.received.length - 1] ?? 410 });
  await call('POST', '/api/webhooks', {
    url: receiver.url,
    events: ['connection.created', 'connection.connected'],
  });
  const begin = async () => (await call('POST', '/api/connections', { integrationId: 'gmail' })).body;

  const { connection, authorization } = await begin();
  await createBrowser().open(authorization.url);
  await call('POST', `/api/connections/${connection.id}/refresh`);
  await call('POST', `/api/connections/${connection.id}/test`);
  await sweepAndReconnect(connection.id as string);
  await rotateKeys();
  await call('GET', `/api/connections/${connection.id}/token`);
  await expect.poll(async () => (await call('GET', '/api/usage?bucket=day')).body.data.at(-1).tokens).toBe(1);
  await rollUp(connection.id as string);
  await call('DELETE', `/api/connections/${connection.id}`);

  const denied = await begin();
  const browser = createBrowser();
  const asked = await browser.open(denied.authorization.url, { stopAt: oidc.endpoints.authorizeUrl });
  const state = new URL(asked.url).searchParams.get('state') ?? '';
  await browser.open(`${hub.url}/oauth/callback?error=access_denied&state=${state}`);
  const superseded = await begin();
  await call('POST', `/api/connections/${superseded.connection.id}/reconnect`);
  // What is under it now does not open.
  await call('PUT', '/api/integrations/hubspot/app', { ...app, endpoints: { apiBaseUrl: oidc.url } });
  await call('POST', '/api/connections', {
    integrationId: 'hubspot',
    authType: 'api_key',
    credentials: { apiKey: 'pat-refused-and-forgotten' },
  });
  const expiring = async () =>
    (await call('GET', `/api/connections/${superseded.connection.id}`)).body.statusReason?.code;
  await expect.poll(expiring, { timeout: 15_000 }).toBe('AUTHORIZATION_EXPIRED');
}

/** Rotations that end in each way, one of them in a history that is cut in two. */
async function rotateKeys(): Promise<void> {
  const operator = await openOperator(hub.config);
  const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
  const rotate = async (keyId: string, stretchesPerHistory = 400) => {
    const { outcome } = (await operator.client.workflow.execute('rotateEncryptionKey', {
      taskQueue: hub.config.temporal.taskQueue,
      workflowId: `rotate-${keyId}-${stretchesPerHistory}`,
      args: [{ ...rotationInput(keyId), stretchesPerHistory, patience: { looks: 2, everyMs: 50 } }],
    })) as { outcome: string };
    return outcome;
  };
  expect(await rotate('replay', 10)).toBe('verified');
  expect(await rotate('another')).toBe('refused');
  await sql`update apps set sealed_secrets = sealed_secrets || 'AAAA' where integration_id = 'hubspot'`;
  expect(await rotate('replay')).toBe('not_verified');
  await Promise.all([operator.close(), sql.end()]);
}

/** Usage that is rolled up, in a history that is cut in two. */
async function rollUp(id: string): Promise<void> {
  const operator = await openOperator(hub.config);
  const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
  await sql`update usage set start = start - interval '40 days'`;
  await operator.client.workflow.execute('rollUpUsage', {
    taskQueue: hub.config.temporal.taskQueue,
    workflowId: `roll-up-${id}`,
    args: [{ ...rollUpInput(hub.config), roundsPerHistory: 1 }],
  });
  await Promise.all([operator.close(), sql.end()]);
}

/** Sweeps that find something and that find nothing, one that is cut in two, and reconnections that end well and badly. */
async function sweepAndReconnect(id: string): Promise<void> {
  const operator = await openOperator(hub.config);
  const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
  const reconnect = (giveUpMs: number) => ({ initialMs: 100, maxMs: 100, giveUpMs });
  const runOut = () =>
    sql`update connections set expires_at = now(), refresh_due_at = now() - interval '1 second', status_reason = null where id = ${id}`;
  const outcome = () => operator.client.workflow.getHandle(`connection/${id}/reconnect`).result();

  await runOut();
  await operator.sweep('refreshSweep', { pagesPerHistory: 1 });
  await operator.sweep('refreshSweep');
  await sql`update connections set health_due_at = now() - interval '1 second' where id = ${id}`;
  await operator.sweep('healthSweep');
  await operator.sweep('healthSweep');
  oidc.answers.mode = 'keep';
  await runOut();
  await operator.sweep('refreshSweep', { reconnect: reconnect(1) });
  expect(await outcome()).toEqual({ outcome: 'gave_up' });
  await runOut();
  await sql`update connections set status = 'connected' where id = ${id}`;
  await operator.sweep('refreshSweep', { reconnect: reconnect(600_000) });
  oidc.answers.mode = 'normal';
  oidc.answers.release();
  expect(await outcome()).toEqual({ outcome: 'recovered' });
  await Promise.all([operator.close(), sql.end()]);
}

async function recorded(): Promise<{ name: string; history: Uint8Array }[]> {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const client = new Client({ connection });
  const query = `TaskQueue = '${hub.config.temporal.taskQueue}' AND ExecutionStatus IN ('Completed', 'ContinuedAsNew')`;
  await expect
    .poll(async () => (await client.workflow.count(query)).count, { timeout: 15_000 })
    .toBeGreaterThanOrEqual(21);
  const found: { name: string; history: Uint8Array }[] = [];
  for await (const { type, workflowId, runId, typedSearchAttributes } of client.workflow.list({ query })) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    found.push({
      name: `${type}.${typedSearchAttributes.get(OUTCOME) ?? 'continued'}`,
      history: History.encode(history).finish(),
    });
  }
  await connection.close();
  return found;
}

async function tracedBundle(): Promise<{ code: string }> {
  const settings = configOf({ ...hub.env, ...TRACES }).telemetry;
  if (settings === null) throw new Error('traces are off');
  const tracing = tracingBy({ settings, take: () => {}, ofConnection: (_id, work) => work() });
  return workflowBundle(createLogger('silent'), tracing);
}

/** With traces and without. @throws what one of them fails with */
async function replay(histories: Uint8Array[]): Promise<void> {
  for (const bundle of bundles) {
    const all = histories.map((history, n) => ({
      workflowId: `replayed-${n}`,
      history: History.decode(history),
    }));
    let replayed = 0;
    for await (const { error } of Worker.runReplayHistories({ workflowBundle: bundle, dataConverter }, all)) {
      if (error) throw error;
      replayed++;
    }
    expect(replayed).toBe(histories.length);
  }
}

it('histories of this version replay', async () => {
  await live();
  const histories = await recorded();
  expect([...new Set(histories.map(({ name }) => name.split('.')[0]))].sort()).toEqual(TYPES);
  await replay(histories.map(({ history }) => history));
  if (RECORDING !== undefined) {
    mkdirSync(FOLDER, { recursive: true });
    const kind = RECORDING === 'traced' ? '.traced' : '';
    for (const { name, history } of histories)
      writeFileSync(path.join(FOLDER, `${name}${kind}.history`), history);
  }
}, 120_000);

it('histories recorded by earlier versions replay', async () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.history'));
  expect([...new Set(files.map((name) => name.split('.')[0]))].sort()).toEqual(TYPES);
  await replay(files.map((file) => readFileSync(path.join(FOLDER, file))));
});

it('a history that this version would not have made is refused', async () => {
  const file = readdirSync(FOLDER).find((name) => name.startsWith('refreshCredentials'));
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(import.meta.dirname, 'changed-workflow.ts'),
    failureConverterPath: path.join(import.meta.dirname, '../../hub/temporal/failure-converter.ts'),
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  });
  const history = History.decode(readFileSync(path.join(FOLDER, file ?? '')));
  await expect(Worker.runReplayHistory({ workflowBundle: { code }, dataConverter }, history)).rejects.toThrow(
    /[Nn]ondeterminism/,
  );
});
