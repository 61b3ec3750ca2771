/** The judge is judged: a true run is found in order, and each thing that is falsified in it is found. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startSandbox, type Sandbox } from '../../hub/sandbox/sandbox.ts';
import { startReceiver, type Receiver } from '../notifications/receiver.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { freshNamespace, openOperator, type Operator } from '../setup/temporal.ts';
import { check, type Disturbance, type Finding } from './checker.ts';
import { gather, type Evidence } from './evidence.ts';
import { replayHistories } from './histories.ts';
import { huntForSecrets } from './leaks.ts';
import { startLoad, type Diary } from './load.ts';
import { randomOf } from './random.ts';
import { untilSettled } from './recovery.ts';
import { PACE, PROVIDERS } from './stage.ts';
import { followEvents } from './stream.ts';

let folder: string;
let sandboxFile: string;
let hub: TestHub;
let sandbox: Sandbox;
let receiver: Receiver;
let operator: Operator;
let sql: postgres.Sql;
let ledger: DatabaseSync;
let diary: Diary;
let told: Evidence['told'];

const control = async (method: string, where: string, body?: unknown) => {
  const json =
    body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return (await fetch(`${sandbox.url}/_sandbox${where}`, { method, ...json })).json();
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'integration-hub-checker-'));
  sandboxFile = path.join(folder, 'sandbox.db');
  // Nothing runs out while it is looked at.
  hub = await startHub({
    ...PACE,
    HUB_HEALTH_INTERVAL: '10m',
    TEMPORAL_NAMESPACE: await freshNamespace(),
    HUB_SWEEPS: 'on',
  });
  sandbox = await startSandbox({ port: 0, consent: 'allow', stateFile: sandboxFile });
  for (const { integrationId, ...app } of sandbox.apps())
    await hub.admin.call('PUT', `/api/integrations/${integrationId}/app`, app);
  for (const { id, rotation } of PROVIDERS)
    if (rotation) await control('PUT', `/${id}/behaviour`, { rotation });
  receiver = await startReceiver();
  await hub.admin.call('POST', '/api/webhooks', { url: receiver.url, events: ['*'] });
  operator = await openOperator(hub.config);
  sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1, onnotice: () => {} });
  ledger = new DatabaseSync(sandboxFile);

  const place = { adminKey: hub.admin.key, apiUrls: [hub.url], publicUrl: hub.url, control };
  const follower = followEvents(place);
  const load = await startLoad(place, randomOf(1), 30);
  await load.progress(100, 60_000);
  await load.stop();
  // Of some nobody has noticed yet that access was taken away.
  await sql`update connections set health_due_at = now() - interval '10 seconds' where health_due_at is not null`;
  expect(await untilSettled(hub, () => {}, 0, 0)).toEqual([]);
  ({ diary } = load);
  ({ told } = follower);
  const [last] = await sql<{ sequence: number }[]>`select max(sequence)::int as sequence from events`;
  await vi.waitFor(() => expect(told.at(-1)?.sequence).toBe(last?.sequence), { timeout: 20_000 });
  await follower.stop();
}, 180_000);
afterAll(async () => {
  ledger.close();
  await Promise.all([operator.close(), receiver.close(), sandbox.close(), sql.end()]);
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

const evidence = async (): Promise<Evidence> => {
  const received = new Set(receiver.received.map((one) => receiver.idOf(one)));
  return gather({ config: hub.config, sandboxFile, received, told, diary });
};
/** Later than it is: nothing is on its way any more. */
const judge = (all: Evidence, disturbances: Disturbance[]) =>
  check({ ...all, at: all.at + 11_000 }, disturbances);
const ALWAYS = [{ from: 0, to: Infinity, provider: null }];

/** @returns what is found beside what was found before */
async function foundBy(falsify: () => unknown): Promise<Finding[]> {
  const before = new Set(judge(await evidence(), ALWAYS).map(({ what }) => what));
  await falsify();
  return judge(await evidence(), ALWAYS).filter(({ what }) => !before.has(what));
}

/** A healthy one at a provider whose tokens are spent once, that has been refreshed; each test takes another. */
async function healthy(): Promise<{ id: string; grant: string; refresh: string; presented: string }> {
  const { connections, tokens, requests } = await evidence();
  for (const { id, status, refresh } of connections) {
    const token = tokens.find(({ hash }) => hash === refresh);
    const request = requests.find(
      (one) => one.grantType === 'refresh_token' && one.outcome === 'ok' && one.family === token?.grantId,
    );
    const isRotating = tokens.some((one) => one.hash === request?.presented && one.spent);
    if (status !== 'connected' || !token || !request || !isRotating || taken.has(id)) continue;
    taken.add(id);
    return { id, grant: token.grantId, refresh: token.hash, presented: request.presented ?? '' };
  }
  throw new Error('there is none left');
}
const taken = new Set<string>();

const REFRESH_ENTRY = `kind = 'token' AND json_extract(entry, '$.presented') = ?`;

it('a run in which nothing was falsified is in order', async () => {
  const all = await evidence();
  expect(all.requests.filter(({ grantType }) => grantType === 'refresh_token').length).toBeGreaterThan(5);
  expect(judge(all, [])).toEqual([]);
});

it('a refresh token that was presented twice is found, and so is one that only the stand-in counted', async () => {
  const { presented } = await healthy();
  const twice = await foundBy(() =>
    ledger
      .prepare(
        `INSERT INTO entries (provider, kind, entry) SELECT provider, kind, entry FROM entries WHERE ${REFRESH_ENTRY}`,
      )
      .run(presented),
  );
  expect(twice).toContainEqual({
    kind: 'token spent twice',
    what: expect.stringContaining(presented.slice(0, 12)),
  });
  const counted = await foundBy(() =>
    ledger
      .prepare(`INSERT INTO counts VALUES ('gmail', 'reused', 7) ON CONFLICT DO UPDATE SET n = n + 7`)
      .run(),
  );
  expect(counted).toContainEqual({ kind: 'token spent twice', what: expect.stringContaining('more') });
});

it('an answer that was not stored is found, and so is a spent token in a connection that says connected', async () => {
  const first = await healthy();
  const unstored = await foundBy(() => {
    ledger
      .prepare(
        `INSERT INTO tokens SELECT provider, 'another', type, grant_id, scopes, expires_at, 1 FROM tokens WHERE hash = ?`,
      )
      .run(first.presented);
    ledger
      .prepare(
        `INSERT INTO entries (provider, kind, entry)
         SELECT provider, kind, json_set(entry, '$.presented', 'another') FROM entries WHERE ${REFRESH_ENTRY}`,
      )
      .run(first.presented);
  });
  expect(unstored).toContainEqual({ kind: 'token lost', what: expect.stringContaining(first.id) });
  const second = await healthy();
  const spent = await foundBy(() =>
    ledger.prepare('UPDATE tokens SET spent_at = 1 WHERE hash = ?').run(second.refresh),
  );
  expect(spent).toContainEqual({ kind: 'token lost', what: expect.stringContaining(second.id) });
});

it('an event that is missing is found: of new tokens, of a status, of a change, in the stream, at the webhook', async () => {
  const { id } = await healthy();
  const ofTokens = await foundBy(
    () =>
      sql`delete from events where sequence = (select max(sequence) from events where connection_id = ${id} and type = 'connection.refreshed')`,
  );
  expect(ofTokens).toContainEqual({ kind: 'event missing', what: expect.stringMatching(`${id}: version`) });
  const silent = await healthy();
  const ofStatus = await foundBy(
    () =>
      sql`update connections set status = 'error', status_reason = '{"code": "REFRESH_OUTCOME_UNKNOWN"}' where id = ${silent.id}`,
  );
  expect(ofStatus).toContainEqual({
    kind: 'event missing',
    what: expect.stringContaining(`${silent.id}: is error`),
  });
  const ofConfig = await foundBy(() => {
    const changed = diary.patches.find(({ answered }) => answered)?.connectionId ?? '';
    return sql`delete from events where connection_id = ${changed} and type = 'connection.config_changed'`;
  });
  expect(ofConfig).toContainEqual({
    kind: 'event missing',
    what: expect.stringContaining('changes, 0 events'),
  });
  const ofStream = await foundBy(() => told.splice(3, 1));
  expect(ofStream).toContainEqual({
    kind: 'event missing',
    what: expect.stringContaining('the stream did not tell'),
  });
  const ofWebhook = await foundBy(() => receiver.received.splice(3, 1));
  expect(ofWebhook).toContainEqual({ kind: 'event missing', what: expect.stringContaining('never came') });
});

it('a wrong status is found: well and called bad, ended and called well, run out', async () => {
  const well = await healthy();
  const calledBad = await foundBy(
    () =>
      sql`update connections set status = 'error', status_reason = '{"code": "CREDENTIAL_REVOKED"}' where id = ${well.id}`,
  );
  expect(calledBad).toContainEqual({
    kind: 'wrong status',
    what: expect.stringContaining('nobody took access away'),
  });
  const ended = await healthy();
  const calledWell = await foundBy(() =>
    ledger.prepare('UPDATE grants SET revoked_at = 1 WHERE id = ?').run(ended.grant),
  );
  expect(calledWell).toContainEqual({
    kind: 'wrong status',
    what: expect.stringContaining(`${ended.id} is connected`),
  });
  const old = await healthy();
  const runOut = await foundBy(() =>
    ledger.prepare('UPDATE tokens SET expires_at = 1 WHERE grant_id = ?').run(old.grant),
  );
  expect(runOut).toContainEqual({
    kind: 'wrong status',
    what: expect.stringContaining(`${old.id} is connected`),
  });
});

it('an unknown outcome without a disturbance that explains it is found', async () => {
  const { id, grant } = await healthy();
  await sql`insert into events (id, type, connection_id, integration_id, user_id, reason)
    select 'unexplained', 'connection.error', id, integration_id, user_id, 'REFRESH_OUTCOME_UNKNOWN' from connections where id = ${id}`;
  const its = (await evidence()).grants.find(({ id: grantId }) => grantId === grant)?.provider ?? '';
  const other = PROVIDERS.find((one) => one.id !== its)?.id ?? '';
  const found = { kind: 'unexplained unknown outcome', what: expect.stringContaining(id) };
  const all = await evidence();
  expect(judge(all, [{ from: 0, to: 1, provider: null }])).toContainEqual(found);
  expect(judge(all, [{ from: 0, to: Infinity, provider: other }])).toContainEqual(found);
  expect(judge(all, [{ from: 0, to: Infinity, provider: its }])).not.toContainEqual(found);
});

it('a workflow that nobody carries out is found', async () => {
  const stuck = { workflowId: 'connection/none/refresh', taskQueue: 'nobody', args: [] };
  await operator.client.workflow.start('refreshCredentials', stuck);
  const found = async () => judge(await evidence(), ALWAYS).filter(({ kind }) => kind === 'workflow stuck');
  await expect
    .poll(found)
    .toEqual([{ kind: 'workflow stuck', what: expect.stringContaining('connection/none') }]);
});

it('a token, a client secret and a key in a log, a table or a history are found', async () => {
  const { connections } = await evidence();
  const id = connections.find(({ status }) => status === 'connected')?.id;
  const logFile = path.join(folder, 'worker.log');
  const stage = {
    ...hub,
    adminKey: hub.admin.key,
    control,
    sandboxFile,
    apis: [],
    workers: [{ name: 'worker-1', logFile }],
  };
  writeFileSync(logFile, `{"msg":"all is well","connectionId":"${id}"}\n`);
  expect(await huntForSecrets(stage)).toEqual([]);
  const { body } = await hub.admin.call('GET', `/api/connections/${id}/token`);
  const secret = sandbox.apps().find(({ integrationId }) => integrationId === 'hubspot')?.clientSecret ?? '';
  writeFileSync(
    logFile,
    `Bearer ${body.accessToken}\n${Buffer.from(`x:${secret}`).toString('base64')} ${hub.admin.key}\n`,
  );
  expect((await huntForSecrets(stage)).map(({ what }) => what).sort()).toEqual([
    'a token in the log of worker-1',
    'the admin key in the log of worker-1',
    'the client secret of hubspot in the log of worker-1',
  ]);
  rmSync(logFile);
  writeFileSync(logFile, '');
  const leaky = { workflowId: 'leaky', taskQueue: hub.config.temporal.taskQueue, args: [body.accessToken] };
  await operator.client.workflow.start('nobody knows it', leaky);
  await sql`update connections set name = ${body.accessToken} where id = ${id ?? ''}`;
  expect((await huntForSecrets(stage)).map(({ what }) => what).sort()).toEqual([
    'a token in decoded history of nobody knows it leaky',
    'a token in table public.connections',
  ]);
});

it('each history replays, and one that other code has made is found', async () => {
  await operator.client.workflow.getHandle('connection/none/refresh').terminate();
  await operator.client.workflow.getHandle('leaky').terminate();
  expect(await replayHistories(hub.config)).toEqual([]);
  const workflowsPath = path.join(import.meta.dirname, 'other-workflow.ts');
  const taskQueue = 'other code';
  const workflowBundle = await bundleWorkflowCode({ workflowsPath });
  const connection = await NativeConnection.connect({ address: hub.config.temporal.address ?? '' });
  const { namespace } = hub.config.temporal;
  const worker = await Worker.create({ connection, namespace, taskQueue, workflowBundle });
  await worker.runUntil(
    operator.client.workflow.execute('testConnection', { workflowId: 'other', taskQueue, args: [] }),
  );
  await connection.close();
  expect(await replayHistories(hub.config)).toEqual([
    { kind: 'history does not replay', what: expect.stringContaining('other') },
  ]);
});
