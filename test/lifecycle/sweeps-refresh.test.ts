/** Tokens are renewed before their time, and a provider's bad day breaks nobody. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import postgres from 'postgres';
import { connectMany, standingOf } from '../setup/bulk.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { openOperator, type Operator } from '../setup/temporal.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let operator: Operator;
let sql: postgres.Sql;

const SOON = { refreshDueAt: new Date(0) };
const IN_AN_HOUR = new Date(Date.now() + 3_600_000);

beforeAll(async () => {
  hub = await startHub({ HUB_PROVIDER_TIMEOUT: '500ms', HUB_SWEEP_INTERVAL: '300ms' });
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  operator = await openOperator(hub.config);
  sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 2, onnotice: () => {} });
});
afterAll(async () => {
  await Promise.all([operator.close(), sql.end()]);
  await hub.close();
  await sandbox.close();
});
afterEach(async () => {
  await sandbox.control('POST', '/reset');
  await sql`truncate connections, events, circuits`;
});

const ledger = async (id: string) => (await sandbox.control('GET', `/${id}/ledger`)).counts;
const sweep = () => operator.sweep('refreshSweep', { pageSize: 20 });
const standing = () => standingOf(sql);
const events = async () =>
  Object.fromEntries(
    (await sql`select type, count(*)::int as n from events group by 1`).map(({ type, n }) => [
      type as string,
      n as number,
    ]),
  );

describe('the sweep for refreshes', () => {
  it('renews what is due, once each, and leaves the rest', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 50, SOON);
    await connectMany(hub.config, sandbox, 'gmail', 10);
    const result = await sweep();
    expect(result).toMatchObject({ pages: 3, failedPages: 0, counts: { refreshed: 50 }, reconnecting: 0 });
    expect(await standing()).toEqual({ 'connected v2': 50, 'connected v1': 10 });
    expect(await events()).toEqual({ 'connection.refreshed': 50 });
    expect(await ledger('hubspot')).toMatchObject({ tokenRequests: 50, reused: 0 });
    expect((await sweep()).pages).toBe(0);
  });

  it('goes on where its history was cut', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 25, SOON);
    const result = await operator.sweep('refreshSweep', { pageSize: 5, pagesAtOnce: 2, pagesPerHistory: 2 });
    expect(result).toMatchObject({ pages: 5, counts: { refreshed: 25 } });
  });

  it('leaves to the next run what is more than one run should do', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 25, SOON);
    const few = { pageSize: 5, pagesAtOnce: 1, pagesPerRun: 2 };
    expect((await operator.sweep('refreshSweep', few)).counts).toEqual({ refreshed: 10 });
    expect((await sweep()).counts).toEqual({ refreshed: 15 });
  });

  it('spreads the next due times of what was renewed together', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 40, SOON);
    await sweep();
    const [row] =
      await sql`select extract(epoch from max(refresh_due_at) - min(refresh_due_at)) as spread, bool_and(refresh_due_at < expires_at) as before from connections`;
    // Half an hour's token: ahead by a fifth of its life at least, and up to as much again.
    expect(Number(row?.['spread'])).toBeGreaterThan(60);
    expect(row?.['before']).toBe(true);
  });

  it('marks exactly those whose access was taken back, tells of each once, and never asks for them again', async () => {
    const made = await connectMany(hub.config, sandbox, 'hubspot', 30, SOON);
    const families = made.slice(0, 7).map(({ family }) => family);
    await sandbox.control('POST', '/hubspot/revoke', { families });
    expect((await sweep()).counts).toEqual({ refreshed: 23, rejected: 7 });
    expect(await standing()).toEqual({ 'connected v2': 23, 'error v1 CREDENTIAL_REVOKED': 7 });
    const revoked = await sql`select id from connections where status = 'error' order by id`;
    expect(revoked.map(({ id }) => id as string)).toEqual(
      made
        .slice(0, 7)
        .map(({ id }) => id)
        .sort(),
    );
    expect(await events()).toEqual({
      'connection.refreshed': 23,
      'connection.error': 7,
      'connection.reauthorization_required': 7,
    });
    const { tokenRequests } = await ledger('hubspot');
    await sql`update connections set refresh_due_at = now() - interval '1 second' where refresh_due_at is not null and status = 'error'`;
    await sweep();
    expect((await ledger('hubspot')).tokenRequests).toBe(tokenRequests);
  });

  it('stops asking a provider that is down after a few calls, breaks nobody, and has all back once it answers', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 100, { ...SOON, expiresAt: IN_AN_HOUR });
    await connectMany(hub.config, sandbox, 'gmail', 20, SOON);
    await sandbox.control('PUT', '/hubspot/behaviour', { token: 'down' });
    const { counts } = await operator.sweep('refreshSweep');
    expect(counts).toMatchObject({ refreshed: 20 });
    expect((counts['waiting'] ?? 0) + (counts['provider_unavailable'] ?? 0)).toBe(100);
    // Those that were out when the third came back without an answer.
    expect((await ledger('hubspot')).tokenRequests).toBeLessThan(20);
    const { tokenRequests } = await ledger('hubspot');
    for (let run = 0; run < 5; run++) await sweep();
    // One probe at a time, ever more seldom: 0.5, 1, 1.2 s.
    expect((await ledger('hubspot')).tokenRequests - (tokenRequests ?? 0)).toBeLessThan(6);
    expect(await standing()).toEqual({ 'connected v1': 100, 'connected v2': 20 });
    expect(Object.keys(await events())).toEqual(['connection.refreshed']);

    await sandbox.control('PUT', '/hubspot/behaviour', {});
    await sql`update connections set refresh_due_at = now() - interval '1 second' where version = 1`;
    await expect.poll(async () => (await sweep(), await standing())).toEqual({ 'connected v2': 120 });
    expect((await ledger('hubspot')).reused).toBe(0);
    expect(await sql`select host from circuits where opened_at is not null`).toHaveLength(0);
  });

  it('waits as long as it was told, with all connections of that provider', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 60, SOON);
    await sandbox.control('PUT', '/hubspot/behaviour', { token: { mode: 'rate_limited', retryAfter: 3600 } });
    const { counts } = await operator.sweep('refreshSweep');
    expect((counts['deferred'] ?? 0) + (counts['rate_limited'] ?? 0)).toBe(60);
    expect((await ledger('hubspot')).tokenRequests).toBeLessThan(20);
    const [row] =
      await sql`select min(refresh_due_at) - now() > interval '59 minutes' as late, count(*)::int as n from connections where status = 'connected' and status_reason is null`;
    expect(row).toEqual({ late: true, n: 60 });
  });

  it('ends no connection for a wrong client secret', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 5, { ...SOON, expiresAt: new Date() });
    const app = sandbox.apps().find(({ integrationId }) => integrationId === 'hubspot');
    const put = (clientSecret: string) =>
      hub.admin.call('PUT', '/api/integrations/hubspot/app', {
        clientId: app?.clientId,
        clientSecret,
        endpoints: app?.endpoints,
      });
    await put('not-the-secret');
    expect(await sweep()).toMatchObject({ counts: { request_at_fault: 5 }, reconnecting: 0 });
    expect(await standing()).toEqual({ 'connected v1': 5 });
    // Mended: tried again at once.
    await put(app?.clientSecret ?? '');
    expect((await sweep()).counts).toEqual({ refreshed: 5 });
  });

  it('renews a token that lacks a permission, and does not say that this has mended it', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 1, SOON);
    await sql`update connections set status = 'error', status_reason = '{"code":"PERMISSION_MISSING","message":"","since":""}'`;
    expect((await sweep()).counts).toEqual({ refreshed: 1 });
    expect(await standing()).toEqual({ 'error v2 PERMISSION_MISSING': 1 });
    expect(await events()).toEqual({ 'connection.refreshed': 1 });
  });

  it('passes by a row that nobody can work on', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 5, SOON);
    await sql`update connections set integration_id = 'gone' where id = (select min(id) from connections)`;
    await sql`update connections set sealed_credentials = 'h1.none.x.y' where id = (select max(id) from connections)`;
    expect(await sweep()).toMatchObject({ failedPages: 0, counts: { refreshed: 3, broken: 2 } });
    expect((await sweep()).pages).toBe(0);
  });
});
