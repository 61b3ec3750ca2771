/** What has run out and cannot be renewed at the moment is tried again, in plain sight, until it is well or given up. */
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

const EXPIRED = { expiresAt: new Date(0), refreshDueAt: new Date(0) };
const SOON = { initialMs: 100, maxMs: 400, giveUpMs: 600_000 };
const LATER = { initialMs: 600_000, maxMs: 600_000, giveUpMs: 6_000_000 };

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

/** A connection whose token has run out, at a provider that is down, with a reconnection under way. */
async function reconnecting(backoff: typeof SOON): Promise<string> {
  const [made] = await connectMany(hub.config, sandbox, 'hubspot', 1, EXPIRED);
  const id = made?.id ?? '';
  await sandbox.control('PUT', '/hubspot/behaviour', { token: 'down' });
  expect(await operator.sweep('refreshSweep', { reconnect: backoff })).toMatchObject({ reconnecting: 1 });
  await expect.poll(async () => (await connectionOf(id)).statusReason?.code).toBe('RECONNECTING');
  return id;
}
const connectionOf = async (id: string) => (await hub.admin.call('GET', `/api/connections/${id}`)).body;
const workflowOf = (id: string) => operator.client.workflow.getHandle(`connection/${id}/reconnect`);
const outcomeOf = async (id: string) => (await workflowOf(id).result()) as { outcome: string };
const tokenRequests = async () => (await sandbox.control('GET', '/hubspot/ledger')).counts.tokenRequests;
const events = async (id: string) =>
  (await hub.admin.call('GET', `/api/connections/${id}/events`)).body.data.map(
    ({ type, reason }: { type: string; reason?: string }) => `${type}${reason ? ` ${reason}` : ''}`,
  );

describe('a reconnection', () => {
  it('says when it tries again and why, tries until the provider is back, and tells both', async () => {
    const id = await reconnecting(SOON);
    const { status, statusReason } = await connectionOf(id);
    expect(status).toBe('connected');
    expect(Object.keys(statusReason).sort()).toEqual(['code', 'message', 'nextAttemptAt', 'since']);
    expect(statusReason.message).toMatch(/^HubSpot does not answer/);
    await expect.poll(tokenRequests).toBeGreaterThanOrEqual(3);
    const { typedSearchAttributes, memo: _memo } = await workflowOf(id).describe();
    expect(typedSearchAttributes.toJSON()).toContainEqual({
      key: { name: 'HubConnectionId', type: 'KEYWORD' },
      value: id,
    });
    const details = await workflowOf(id).query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(details.currentDetails).toMatch(
      /^Attempt \d+ at 2.*\n- last answer: provider_unavailable: HubSpot/,
    );
    // Its own way, and no second one beside it.
    const sweep = async () => {
      // An attempt between the two puts it off again.
      await sql`update connections set refresh_due_at = now() - interval '1 second'`;
      return operator.sweep('refreshSweep');
    };
    await expect.poll(sweep).toMatchObject({ reconnecting: 0, counts: { reconnecting: 1 } });

    await sandbox.control('PUT', '/hubspot/behaviour', {});
    expect(await outcomeOf(id)).toEqual({ outcome: 'recovered' });
    expect(await connectionOf(id)).toMatchObject({
      status: 'connected',
      statusReason: null,
      credentials: { version: 2 },
      lastHealthCheck: { ok: true },
    });
    expect(await events(id)).toEqual([
      'connection.reconnecting PROVIDER_UNAVAILABLE',
      'connection.refreshed',
      'connection.recovered',
    ]);
  });

  it('gives up after its time, and asks for the user', async () => {
    const id = await reconnecting({ ...SOON, giveUpMs: 1_500 });
    expect(await outcomeOf(id)).toEqual({ outcome: 'gave_up' });
    const { status, statusReason } = await connectionOf(id);
    expect(status).toBe('error');
    expect(statusReason).toMatchObject({ code: 'CREDENTIAL_EXPIRED' });
    expect(await events(id)).toEqual([
      'connection.reconnecting PROVIDER_UNAVAILABLE',
      'connection.error CREDENTIAL_EXPIRED',
      'connection.reauthorization_required CREDENTIAL_EXPIRED',
    ]);
    const requests = await tokenRequests();
    expect(await operator.sweep('refreshSweep')).toMatchObject({ pages: 0 });
    expect(await tokenRequests()).toBe(requests);
    // The provider never said no: whoever asks for it gets it back.
    await sandbox.control('PUT', '/hubspot/behaviour', {});
    expect((await hub.admin.call('POST', `/api/connections/${id}/refresh`)).body).toMatchObject({
      refreshed: true,
      connection: { status: 'connected', statusReason: null },
    });
  });

  it('ends with the provider’s no', async () => {
    const id = await reconnecting(SOON);
    await sandbox.control('POST', '/hubspot/revoke');
    await sandbox.control('PUT', '/hubspot/behaviour', {});
    expect(await outcomeOf(id)).toEqual({ outcome: 'needs_user' });
    expect(await connectionOf(id)).toMatchObject({
      status: 'error',
      statusReason: { code: 'CREDENTIAL_REVOKED' },
    });
  });

  it('is ended by a user who refreshes', async () => {
    const id = await reconnecting(LATER);
    await sandbox.control('PUT', '/hubspot/behaviour', {});
    expect((await hub.admin.call('POST', `/api/connections/${id}/refresh`)).status).toBe(200);
    expect(await outcomeOf(id)).toEqual({ outcome: 'recovered' });
    expect(await events(id)).toEqual([
      'connection.reconnecting PROVIDER_UNAVAILABLE',
      'connection.refreshed',
      'connection.recovered',
    ]);
  });

  it('is ended by a user who tests, if that mends it, and goes on if not', async () => {
    const id = await reconnecting(LATER);
    await sandbox.control('PUT', '/hubspot/behaviour', { token: 'down', api: 'down' });
    await hub.admin.call('POST', `/api/connections/${id}/test`);
    expect((await connectionOf(id)).statusReason).toMatchObject({ code: 'RECONNECTING' });
    expect((await workflowOf(id).describe()).status.name).toBe('RUNNING');
    await sandbox.control('PUT', '/hubspot/behaviour', {});
    await hub.admin.call('POST', `/api/connections/${id}/test`);
    expect(await outcomeOf(id)).toEqual({ outcome: 'recovered' });
    expect(await connectionOf(id)).toMatchObject({ status: 'connected', statusReason: null });
  });

  it('is ended by a user who disconnects', async () => {
    const id = await reconnecting(LATER);
    expect((await hub.admin.call('DELETE', `/api/connections/${id}`)).status).toBe(204);
    expect(await outcomeOf(id)).toEqual({ outcome: 'disconnected' });
    expect(await connectionOf(id)).toMatchObject({
      status: 'disconnected',
      statusReason: { code: 'DISCONNECTED_BY_USER' },
    });
  });

  it('is ended by a user who allows it anew', async () => {
    const id = await reconnecting(LATER);
    await sandbox.control('PUT', '/hubspot/behaviour', {});
    const { body } = await hub.admin.call('POST', `/api/connections/${id}/reconnect`);
    await createBrowser().open(body.authorization.url);
    expect(await outcomeOf(id)).toEqual({ outcome: 'recovered' });
    expect(await connectionOf(id)).toMatchObject({
      status: 'connected',
      statusReason: null,
      credentials: { version: 2 },
    });
  });

  it('finds out by itself when nobody told it', async () => {
    const id = await reconnecting(SOON);
    await sql`update connections set status_reason = null, version = version + 1 where id = ${id}`;
    expect(await outcomeOf(id)).toEqual({ outcome: 'recovered' });
  });

  it('that was lost is begun again', async () => {
    const id = await reconnecting(LATER);
    await workflowOf(id).terminate();
    await sql`update connections set refresh_due_at = now() - interval '1 second'`;
    expect(await operator.sweep('refreshSweep', { reconnect: SOON })).toMatchObject({ reconnecting: 1 });
    await sandbox.control('PUT', '/hubspot/behaviour', {});
    expect(await outcomeOf(id)).toEqual({ outcome: 'recovered' });
    expect((await events(id)).filter((type: string) => type.includes('reconnecting'))).toHaveLength(1);
  });
});
