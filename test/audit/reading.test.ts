/** The audit log as admins read it: narrowed, with names beside its ids, and verified on request. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createBrowser, createClient, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { chained, openSql, unguarded, type Sql } from './log.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let sql: Sql;
let slack: string;
let key: Json;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  sql = openSql(hub.env);
  await setUpApps(hub.admin, sandbox);
  for (const integrationId of ['gmail', 'slack']) {
    const { body } = await hub.admin.call('POST', '/api/connections', { integrationId, name: integrationId });
    await createBrowser().open(body.authorization.url);
    slack = body.connection.id as string;
  }
  key = (await hub.admin.call('POST', '/api/keys', { name: 'Nightly', role: 'operator' })).body;
  const operator = createClient(hub.url, key.key as string);
  await operator.call('GET', `/api/connections/${slack}/token`);
  await hub.admin.call('POST', '/api/connections', { integrationId: 'none' });
});
beforeEach(() => chained(sql));
afterAll(async () => {
  await sql.end();
  await hub.close();
  await sandbox.close();
});

const read = async (query: string) => (await hub.admin.call('GET', `/api/audit?limit=200&${query}`)).body;
const verify = async (query = '') => hub.admin.call('GET', `/api/audit/verify${query}`);

it('is narrowed by integration and by outcome, together too', async () => {
  const all = (await read('')).data as Json[];
  const fits = (wanted: Json) =>
    all.filter((entry) => Object.entries(wanted).every(([name, value]) => entry[name] === value));
  for (const wanted of [
    { integrationId: 'gmail' },
    { outcome: 'refused' },
    { integrationId: 'slack', outcome: 'refused' },
  ]) {
    const { data } = await read(new URLSearchParams(wanted).toString());
    expect(data.length, JSON.stringify(wanted)).toBeGreaterThan(0);
    expect(data).toEqual(fits(wanted));
  }
  expect((await hub.admin.call('GET', '/api/audit?outcome=odd')).body).toMatchObject({
    code: 'VALIDATION_FAILED',
    errors: [{ path: '/querystring/outcome' }],
  });
  const file = await hub.admin.call('GET', '/api/audit/export?outcome=refused');
  expect(file.text.trim().split('\n')).toHaveLength(fits({ outcome: 'refused' }).length);
});

it('says what its ids are called, by the names of today, and leaves out what is gone', async () => {
  const id = key.id as string;
  await hub.admin.call('PATCH', `/api/connections/${slack}`, { name: 'Sales’ Slack' });
  const { names } = await read(`connectionId=${slack}`);
  expect(names).toContainEqual({ type: 'connection', id: slack, name: 'Sales’ Slack' });
  // Who was refused its token.
  expect(names).toContainEqual({ type: 'key', id, name: 'Nightly' });
  expect(names.map((one: Json) => one.id)).not.toContain('none');
  await unguarded(sql, (tx) => tx`delete from api_keys where id = ${id}`);
  expect((await read(`connectionId=${slack}`)).names.map((one: Json) => one.id)).not.toContain(id);
});

it('is verified over HTTP: from the beginning, from where it was left, and against a head that was kept', async () => {
  const { sequence, hash } = (await hub.admin.call('GET', '/api/audit/head')).body;
  const whole = { problem: null, checked: sequence, head: { sequence, hash }, complete: true };
  expect((await verify()).body).toMatchObject(whole);
  const [third] = (await read(`order=asc`)).data.slice(2) as [Json];
  const noted = `${third.sequence}:${third.hash}`;
  expect((await verify(`?after=${noted}&head=${sequence}:${hash}`)).body).toMatchObject({
    ...whole,
    checked: sequence - 3,
  });
  expect((await verify(`?head=3:${'0'.repeat(64)}`)).body.problem).toBe(
    'entry 3 is another one than was noted',
  );
  expect((await verify(`?head=${Number(sequence) + 5}:${hash}`)).body.problem).toMatch(
    /is missing: the log ends at/,
  );
  for (const query of ['?after=3', '?head=nonsense', `?after=${noted.toUpperCase()}x`])
    expect((await verify(query)).body.code, query).toBe('VALIDATION_FAILED');
});

it('names the first entry that was changed, and a key that is gone', async () => {
  await unguarded(sql, (tx) => tx`update audit_entries set outcome = 'done' where outcome = 'refused'`);
  const [first] = await sql`select min(sequence) as at from audit_entries where code = 'FORBIDDEN'`;
  const { status, body } = await verify();
  expect(status).toBe(200);
  expect(body.problem).toBe(
    `entry ${String(first?.['at'])} is not what was written: it was changed, moved or put in`,
  );
  await unguarded(sql, (tx) => tx`delete from audit_keys`);
  expect((await verify()).body).toMatchObject({ status: 500, code: 'AUDIT_KEY_LOST' });
});

it('is for admins alone', async () => {
  const { body } = await hub.admin.call('POST', '/api/keys', { name: 'x', role: 'operator' });
  const operator = createClient(hub.url, body.key as string);
  for (const path of ['', '/head', '/verify', '/export'])
    expect((await operator.call('GET', `/api/audit${path}`)).status, path).toBe(403);
});
