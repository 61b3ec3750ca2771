/** Rotating keys: what it changes and what it leaves, what it says where something is wrong, and who may ask for it. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { credentialsPlace } from '../../hub/database/connection-credentials.ts';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { holdKeys } from '../../hub/database/key-holders.ts';
import { readSealed, sealedColumn } from '../../hub/database/sealed.ts';
import { openHub } from '../../hub/hub.ts';
import { createLogger } from '../../hub/log.ts';
import { storeAnswered } from '../../hub/oauth/refresh-answer.ts';
import { rotationInput } from '../../hub/temporal/rotations.ts';
import type { RotateEncryptionKeyInput, RotationResult } from '../../workflows/rotate-encryption-key.ts';
import { connectMany } from '../setup/bulk.ts';
import { createClient } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { runHub, spawnHub } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { hunt, temporalPlaces } from '../setup/secret-hunt.ts';
import { openOperator, type Operator } from '../setup/temporal.ts';
import { bringUnder, K1, K2, openAll, vaultOf } from './keys.ts';

const CREDENTIALS = sealedColumn('connections.sealed_credentials');
const oldFirst = vaultOf(K1, K2);
const newFirst = vaultOf(K2, K1);

let hub: TestHub;
let sandbox: TestSandbox;
let operator: Operator;
let sql: postgres.Sql;
let db: Database;

beforeAll(async () => {
  hub = await startHub({ HUB_ENCRYPTION_KEYS: `${K2},${K1}` });
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  await connectMany(hub.config, sandbox, 'hubspot', 40);
  operator = await openOperator(hub.config);
  sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 3, onnotice: () => {} });
  db = openDatabase(hub.config);
});
afterEach(async () => {
  await sql`delete from key_holders where name like '% elsewhere'`;
});
afterAll(async () => {
  await Promise.all([operator.close(), sql.end(), db.close(), sandbox.close()]);
  await hub.close();
});

const rotate = (input: Partial<RotateEncryptionKeyInput> = {}): Promise<RotationResult> =>
  operator.client.workflow.execute('rotateEncryptionKey', {
    taskQueue: hub.config.temporal.taskQueue,
    workflowId: `rotation-${randomUUID()}`,
    args: [{ ...rotationInput('k2'), ...input }],
  });
const firstCredentials = async () => {
  const [row] = await readSealed(db, CREDENTIALS, { after: null, limit: 1 });
  if (!row) throw new Error('there is no connection');
  return row;
};
const write = (id: string, envelope: string) =>
  sql`update connections set sealed_credentials = ${envelope} where id = ${id}`;

describe('a rotation', () => {
  it('brings everything under the first key, changes no value, and says that the old key may go', async () => {
    const before = await openAll(db, newFirst);
    const moved = await bringUnder(db, oldFirst);
    expect(moved).toBeGreaterThan(50);
    const result = await rotate();
    expect(result).toMatchObject({
      outcome: 'verified',
      keyId: 'k2',
      unopened: { count: 0, places: [] },
      unready: [],
      oldHistories: { open: 0 },
      othersMayGo: true,
    });
    expect(sum(result.rewrapped)).toBe(moved);
    // By the new key alone.
    const after = await openAll(db, vaultOf(K2));
    expect(after.values).toEqual(before.values);
    expect(after.counts['connections.sealed_credentials k2']).toBe(40);
    expect(result.values['connections.sealed_credentials']).toEqual({ k2: 40 });
  });

  it('changes nothing that is under the key already', async () => {
    const row = await firstCredentials();
    expect(await rotate()).toMatchObject({ outcome: 'verified', othersMayGo: true });
    expect(await firstCredentials()).toEqual(row);
  });

  it('keeps the data key, so only the wrapping is written anew', async () => {
    await bringUnder(db, oldFirst);
    const before = (await firstCredentials()).envelope.split('.');
    await rotate();
    const after = (await firstCredentials()).envelope.split('.');
    expect([before[1], after[1]]).toEqual(['k1', 'k2']);
    expect(after[2]).not.toBe(before[2]);
    expect(after[3]).toBe(before[3]);
  });

  it('goes on in new histories, page by page, and counts each value once', async () => {
    const moved = await bringUnder(db, oldFirst);
    const result = await rotate({ rowsPerStretch: 6, pageSize: 3, stretchesPerHistory: 4 });
    expect(result).toMatchObject({ outcome: 'verified', othersMayGo: true });
    expect(sum(result.rewrapped)).toBe(moved);
    expect(sum(...Object.values(result.values))).toBe(moved);
  });

  it('leaves a value that is stored meanwhile, whatever it read before', async () => {
    await bringUnder(db, oldFirst);
    const { id } = await firstCredentials();
    const newer = newFirst.seal(credentialsPlace(id), { newer: true });
    const storing = await sql.reserve();
    await storing`begin`;
    await storing`update connections set sealed_credentials = ${newer} where id = ${id}`;
    const rotated = rotate();
    // It has read the old value and waits to write the row that the store holds.
    await expect.poll(waiting).toBe(1);
    await storing`commit`;
    storing.release();
    expect(await rotated).toMatchObject({ outcome: 'verified' });
    expect((await firstCredentials()).envelope).toBe(newer);
    await sql`delete from connections where id = ${id}`;
  });

  it('leaves no secret in Temporal', async () => {
    const { values } = await openAll(db, newFirst);
    const secrets = new Map<string, string>();
    for (const [place, value] of values)
      for (const [field, secret] of Object.entries(value as Record<string, unknown>))
        if (typeof secret === 'string' && /Token$|Secret$/.test(field) && secret.length > 12)
          secrets.set(`${field} of ${place}`, secret);
    expect(secrets.size).toBeGreaterThan(50);
    const places = (await temporalPlaces(hub.config)).filter(({ where }) =>
      where.includes('rotateEncryptionKey'),
    );
    expect(places.some(({ text }) => text.includes('connections.sealed_credentials'))).toBe(true);
    expect(hunt(secrets, places)).toEqual([]);
  }, 60_000);
});

const sum = (...counts: Record<string, number>[]) =>
  counts.flatMap((one) => Object.values(one)).reduce((total, count) => total + count, 0);
const waiting = async () => {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from pg_stat_activity
    where wait_event_type = 'Lock' and query like 'update "connections"%' and datname = current_database()`;
  return row?.n;
};

describe('an operator', () => {
  it('starts it over HTTP and on the command line; two at once are one', async () => {
    await bringUnder(db, oldFirst);
    const held = await sql.reserve();
    await held`begin`;
    await held`lock table connections in exclusive mode`;
    const [one, other] = await Promise.all([
      hub.admin.call('POST', '/api/encryption/rotate'),
      hub.admin.call('POST', '/api/encryption/rotate'),
    ]);
    const joined = Promise.withResolvers<void>();
    const command = runHub(['encryption', 'rotate'], hub.env, () => joined.resolve());
    expect([one.status, other.status]).toEqual([202, 202]);
    expect(one.body.runId).toBe(other.body.runId);
    await expect.poll(waiting).toBeGreaterThan(0);
    const { body } = await hub.admin.call('GET', '/api/encryption');
    expect(body.rotation).toMatchObject({
      status: 'running',
      runId: one.body.runId,
      progress: { keyId: 'k2', phase: 'rewrapping' },
    });
    await joined.promise;
    await held`commit`;
    held.release();
    const { code, output } = await command;
    expect(output).toContain('Verified: everything is under "k2", and opens.');
    expect(output).toContain('The other keys may be removed from HUB_ENCRYPTION_KEYS now.');
    expect(code).toBe(0);
    const ended = (await hub.admin.call('GET', '/api/encryption')).body;
    expect(ended).toMatchObject({
      othersMayGo: true,
      rotation: { status: 'ended', runId: one.body.runId, result: { outcome: 'verified' } },
    });
  }, 60_000);

  it('sees how much is under which key, and by the exit code whether old keys may go', async () => {
    const clean = await runHub(['encryption', 'status'], hub.env);
    expect(clean.output).toContain('Key "k2" (the first: it seals)');
    expect(clean.code).toBe(0);
    const { id, envelope } = await firstCredentials();
    await write(id, oldFirst.rewrap(credentialsPlace(id), envelope));
    const { code, output } = await runHub(['encryption', 'status', '--json'], hub.env);
    expect(code).toBe(1);
    expect(JSON.parse(output)).toMatchObject({
      keyId: 'k2',
      othersMayGo: false,
      keys: [
        { id: 'k2', state: 'first' },
        { id: 'k1', state: 'old', values: 1, columns: { 'connections.sealed_credentials': 1 } },
      ],
    });
    const doctor = await runHub(['doctor'], hub.env);
    expect(doctor.output).toMatch(
      /✓ encryption keys: 1 sealed value is still under "k1"; hub encryption rotate/,
    );
    expect(output + doctor.output).not.toContain(K1.slice(3));
    await rotate();
  }, 60_000);

  it('is told by --help what each command does', async () => {
    for (const command of ['rotate', 'status']) {
      const { code, output } = await runHub(['encryption', command, '--help'], hub.env);
      expect(code).toBe(0);
      expect(output).toMatch(/Ends with 0/);
    }
  }, 30_000);

  it('needs to be an admin', async () => {
    const { body } = await hub.admin.call('POST', '/api/keys', { name: 'o', role: 'operator' });
    const { call } = createClient(hub.url, body.key);
    expect((await call('GET', '/api/encryption')).status).toBe(403);
    expect((await call('POST', '/api/encryption/rotate')).status).toBe(403);
  });
});

describe('what does not open', () => {
  it('is named by its place, keeps nothing else from being rotated, and keeps the old keys', async () => {
    const moved = await bringUnder(db, oldFirst);
    const { id, envelope } = await firstCredentials();
    await write(id, `${envelope.slice(0, -6)}AAAAAA`);
    const result = await rotate();
    expect(result).toMatchObject({
      outcome: 'not_verified',
      othersMayGo: false,
      unopened: {
        count: 1,
        places: [{ column: 'connections.sealed_credentials', id, keyId: 'k1', why: 'damaged' }],
      },
    });
    expect(sum(result.rewrapped)).toBe(moved - 1);
    const { code, output } = await runHub(['encryption', 'rotate'], hub.env);
    expect(code).toBe(1);
    expect(output).toContain(`connections.sealed_credentials of ${id} does not open: it is damaged`);
    expect(output).toContain('Not verified: keep all keys.');
    await write(id, envelope);
    expect(await rotate()).toMatchObject({ outcome: 'verified' });
  }, 60_000);

  it('for want of its key is told at the start, by doctor, status and metrics, with how many values it is', async () => {
    const { id, envelope } = await firstCredentials();
    const k0 = K1.replace('k1:', 'k0:');
    await write(id, vaultOf(k0, K2).rewrap(credentialsPlace(id), envelope));
    const worker = await spawnHub('worker', { ...hub.env, HUB_LOG_LEVEL: 'error' });
    const told =
      /HUB_ENCRYPTION_KEYS lacks \\?"k0\\?", under which 1 value is sealed \(connections.sealed_credentials: 1\)/;
    await expect.poll(worker.output, { timeout: 10_000 }).toMatch(told);
    await worker.kill('SIGTERM');
    const doctor = await runHub(['doctor'], hub.env);
    expect(doctor.output).toMatch(told);
    expect(doctor.code).toBe(1);
    expect((await runHub(['encryption', 'status'], hub.env)).output).toContain(
      'Key "k0" (MISSING: what is under it does not open): 1 value',
    );
    expect((await hub.admin.call('GET', '/metrics')).text).toContain(
      'hub_sealed_values{key="k0",state="missing"} 1',
    );
    expect(await rotate()).toMatchObject({
      outcome: 'not_verified',
      unopened: { places: [{ id, keyId: 'k0', why: 'key_missing' }] },
    });
    await write(id, envelope);
  }, 60_000);
});

describe('a process that seals with another key', () => {
  const impatient = { patience: { looks: 2, everyMs: 50 } };

  it('keeps a rotation from beginning, and is named', async () => {
    const holding = await holdKeys(db, { name: 'api elsewhere', sealsWith: 'k1', opens: ['k1'] });
    const row = await firstCredentials();
    expect(await rotate(impatient)).toMatchObject({
      outcome: 'refused',
      othersMayGo: false,
      unready: [{ name: 'api elsewhere', sealsWith: 'k1', opens: ['k1'] }],
    });
    expect(await firstCredentials()).toEqual(row);
    await holding.close();
  });

  it('is waited for while it ends', async () => {
    const holding = await holdKeys(db, { name: 'api elsewhere', sealsWith: 'k1', opens: ['k1'] });
    const rotated = rotate({ patience: { looks: 1000, everyMs: 50 } });
    await holding.close();
    expect(await rotated).toMatchObject({ outcome: 'verified' });
  });

  it('keeps old keys while workflows that began before it ended are open', async () => {
    const { body } = await hub.admin.call('POST', '/api/connections', { integrationId: 'hubspot' });
    const holding = await holdKeys(db, { name: 'api elsewhere', sealsWith: 'k1', opens: ['k1', 'k2'] });
    await holding.close();
    const result = await rotate();
    expect(result).toMatchObject({ outcome: 'verified', othersMayGo: false });
    expect(result.oldHistories?.open).toBeGreaterThanOrEqual(1);
    const status = await runHub(['encryption', 'status'], hub.env);
    expect(status.output).toMatch(/Keep the other keys: 1 workflow\(s\) that began before .* are still open/);
    expect(status.code).toBe(1);
    const authorization = `connection/${body.connection.id}/authorize`;
    for await (const { workflowId } of operator.client.workflow.list({
      query: `TaskQueue = '${hub.config.temporal.taskQueue}' AND ExecutionStatus = 'Running'`,
    }))
      if (workflowId.startsWith(authorization))
        await operator.client.workflow.getHandle(workflowId).signal('authorizationSuperseded');
    await expect
      .poll(async () => (await hub.admin.call('GET', '/api/encryption')).body, { timeout: 15_000 })
      .toMatchObject({ othersMayGo: true, oldHistories: { open: 0 } });
  }, 60_000);

  it('that no longer has the key first as a worker makes it wait, not fail', async () => {
    await expect(rotate({ keyId: 'k1', ...impatient })).resolves.toMatchObject({ outcome: 'refused' });
  });
});

it('an answer that was sealed before the rotation and stored after it is stored under the new key', async () => {
  const { id } = await firstCredentials();
  const opened = await openHub(hub.config, createLogger('silent'));
  const [row] = await sql<{ version: number }[]>`select version from connections where id = ${id}`;
  const late = { accessToken: 'late' };
  const stored = await storeAnswered(
    opened,
    id,
    row?.version ?? 0,
    {
      envelope: oldFirst.seal(credentialsPlace(id), late),
      scopes: [],
      missingScopes: [],
      expiresAt: null,
      refreshable: true,
      refreshDueAt: null,
      healthDueAt: new Date(),
    },
    {},
  );
  await opened.close();
  expect(stored.outcome).toBe('refreshed');
  const { envelope } = await firstCredentials();
  expect(newFirst.keyIdOf(envelope)).toBe('k2');
  expect(vaultOf(K2).open(credentialsPlace(id), envelope)).toEqual(late);
});
