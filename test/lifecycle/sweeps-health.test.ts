/** Each connection is tried now and then, and says how it is. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import postgres from 'postgres';
import { connectMany } from '../setup/bulk.ts';
import { createBrowser } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { openOperator, type Operator } from '../setup/temporal.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let operator: Operator;
let sql: postgres.Sql;

const NOW = { healthDueAt: new Date(0) };

beforeAll(async () => {
  hub = await startHub({
    HUB_PROVIDER_TIMEOUT: '500ms',
    HUB_SWEEP_INTERVAL: '1m',
    HUB_HEALTH_INTERVAL: '15m',
  });
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
const behave = (id: string, behaviour: object) => sandbox.control('PUT', `/${id}/behaviour`, behaviour);
const sweep = () => operator.sweep('healthSweep', { pageSize: 20 });
const nowDue = () =>
  sql`update connections set health_due_at = now() - interval '1 second' where health_due_at is not null`;
/** In minutes from now. */
const nextLook = async () =>
  (
    await sql`select round(extract(epoch from min(health_due_at) - now()) / 60)::int as soonest, round(extract(epoch from max(health_due_at) - now()) / 60)::int as latest from connections`
  )[0];
const events = async () =>
  (await sql`select type, reason from events order by sequence`).map(
    ({ type, reason }) => `${type as string}${reason ? ` ${reason as string}` : ''}`,
  );
const standing = async () =>
  (
    await sql`select status || coalesce(' ' || (status_reason ->> 'code'), '') || ' ' || coalesce(last_health_check ->> 'outcome', '-') as standing, count(*)::int as n from connections group by 1 order by 1`
  ).map(({ standing, n }) => `${n as number} ${standing as string}`);

describe('the sweep for health', () => {
  it('tries what was not heard of, writes what it heard, and comes again after the interval', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 30, NOW);
    await connectMany(hub.config, sandbox, 'gmail', 5);
    expect(await sweep()).toMatchObject({ failedPages: 0, counts: { ok: 30 } });
    expect(await standing()).toEqual(['5 connected -', '30 connected ok']);
    expect(await events()).toEqual([]);
    expect((await ledger('gmail')).calls).toBe(0);
    const due = await nextLook();
    expect(due?.['soonest']).toBeGreaterThanOrEqual(7);
    expect(due?.['latest']).toBeLessThanOrEqual(17);
  });

  it('does not ask about what a refresh has just proved', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 3, { ...NOW, refreshDueAt: new Date(0) });
    await operator.sweep('refreshSweep');
    expect((await sweep()).counts).toEqual({});
    expect((await ledger('hubspot')).calls).toBe(0);
  });

  it('does not ask about what a real call has just proved', async () => {
    const [made] = await connectMany(hub.config, sandbox, 'hubspot', 1, NOW);
    const called = await hub.admin.call('GET', `/api/connections/${made?.id}/proxy/crm/v3/objects/contacts`);
    expect(called.status).toBe(200);
    await expect.poll(async () => (await nextLook())?.['soonest'] as number).toBeGreaterThanOrEqual(13);
    const { calls } = await ledger('hubspot');
    expect((await sweep()).pages).toBe(0);
    expect((await ledger('hubspot')).calls).toBe(calls);
  });

  it('refreshes an expired token and tries again before it says anything', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 4, NOW);
    await sandbox.control('POST', '/hubspot/expire');
    expect((await sweep()).counts).toEqual({ ok: 4 });
    expect(await standing()).toEqual(['4 connected ok']);
    expect(await events()).toEqual(Array.from({ length: 4 }, () => 'connection.refreshed'));
  });

  it('ends what the provider has ended, tells of it once, and asks no more', async () => {
    const made = await connectMany(hub.config, sandbox, 'slack', 5, NOW);
    await sandbox.control('POST', '/slack/revoke', { families: [made[0]?.family] });
    await sweep();
    expect(await standing()).toEqual(['4 connected ok', '1 error CREDENTIAL_REVOKED credential_revoked']);
    expect(await events()).toEqual([
      'connection.health_changed CREDENTIAL_REVOKED',
      'connection.error CREDENTIAL_REVOKED',
      'connection.reauthorization_required CREDENTIAL_REVOKED',
    ]);
    const { calls }: { calls?: number } = await ledger('slack');
    await nowDue();
    await sweep();
    expect((await ledger('slack')).calls).toBe((calls ?? 0) + 4);
  });

  it('says which permission is missing, and takes it back when it is there again', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 1, NOW);
    const missing = {
      status: 403,
      body: {
        status: 'error',
        category: 'MISSING_SCOPES',
        message: "This app hasn't been granted all required scopes to make this call.",
        errors: [{ message: '', context: { requiredGranularScopes: ['crm.objects.contacts.read'] } }],
      },
    };
    await behave('hubspot', { api: { mode: 'answer', answer: missing } });
    await sweep();
    const [row] = await sql`select status, status_reason from connections`;
    expect(row).toMatchObject({
      status: 'error',
      status_reason: {
        code: 'PERMISSION_MISSING',
        message: expect.stringContaining('crm.objects.contacts.read') as string,
      },
    });
    await behave('hubspot', {});
    await nowDue();
    await sweep();
    expect(await standing()).toEqual(['1 connected ok']);
    expect(await events()).toEqual([
      'connection.health_changed PERMISSION_MISSING',
      'connection.error PERMISSION_MISSING',
      'connection.health_changed',
      'connection.recovered',
    ]);
  });

  it('leaves a connection in peace whose provider is down, comes back to it soon, and ever later', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 1, NOW);
    await behave('hubspot', { api: 'down' });
    await sweep();
    expect(await standing()).toEqual(['1 connected provider_unavailable']);
    expect(await nextLook()).toEqual({ soonest: 1, latest: 1 });
    // As if that had been ten minutes ago.
    await sql`update connections set last_health_check = jsonb_set(last_health_check, '{at}', to_jsonb(to_char(now() at time zone 'utc' - interval '6 minutes', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))`;
    await nowDue();
    await sweep();
    const { soonest } = (await nextLook()) ?? {};
    expect(soonest).toBeGreaterThanOrEqual(12);
    expect(soonest).toBeLessThanOrEqual(14);
    expect(await events()).toEqual(['connection.health_changed PROVIDER_UNAVAILABLE']);
    await behave('hubspot', {});
    await nowDue();
    await sweep();
    expect(await events()).toEqual([
      'connection.health_changed PROVIDER_UNAVAILABLE',
      'connection.health_changed',
    ]);
  });

  it('takes up soon what was allowed while the provider could not be asked', async () => {
    await behave('hubspot', { api: 'garbage' });
    const { body } = await hub.admin.call('POST', '/api/connections', { integrationId: 'hubspot' });
    await createBrowser().open(body.authorization.url);
    expect(await standing()).toEqual(['1 error PROVIDER_UNAVAILABLE provider_unavailable']);
    expect(await nextLook()).toEqual({ soonest: 1, latest: 1 });
    await behave('hubspot', {});
    await nowDue();
    await sweep();
    expect(await standing()).toEqual(['1 connected ok']);
    expect((await events()).slice(-2)).toEqual(['connection.health_changed', 'connection.recovered']);
  });

  it('asks a provider that is down a few times for all its connections', async () => {
    await connectMany(hub.config, sandbox, 'hubspot', 100, NOW);
    await behave('hubspot', { api: 'down' });
    await operator.sweep('healthSweep');
    expect((await ledger('hubspot')).calls).toBeLessThan(20);
    expect((await events()).length).toBeLessThan(20);
    await nowDue();
    const { calls }: { calls?: number } = await ledger('hubspot');
    await sweep();
    expect((await ledger('hubspot')).calls).toBeLessThanOrEqual((calls ?? 0) + 1);
    expect((await sql`select 1 from connections where status = 'connected'`).length).toBe(100);
  });

  it('tells a changed outcome once, whoever finds it: the sweep or somebody who tests', async () => {
    const [made] = await connectMany(hub.config, sandbox, 'hubspot', 1, NOW);
    await behave('hubspot', { api: 'down' });
    await sweep();
    await hub.admin.call('POST', `/api/connections/${made?.id}/test`);
    await hub.admin.call('POST', `/api/connections/${made?.id}/test`);
    expect(await events()).toEqual(['connection.health_changed PROVIDER_UNAVAILABLE']);
  });
});
