/** Three thousand connections on a bad day: one provider down, one asking to wait, some revoked, the rest run out. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import postgres from 'postgres';
import { connectMany, type Bulk } from '../setup/bulk.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { freshNamespace } from '../setup/temporal.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let sql: postgres.Sql;

beforeAll(async () => {
  hub = await startHub({
    TEMPORAL_NAMESPACE: await freshNamespace(),
    HUB_SWEEPS: 'on',
    HUB_SWEEP_INTERVAL: '1s',
    HUB_HEALTH_INTERVAL: '10m',
    HUB_RECONNECT_INITIAL: '500ms',
    HUB_RECONNECT_MAX: '2s',
    HUB_PROVIDER_TIMEOUT: '1s',
  });
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 2, onnotice: () => {} });
}, 120_000);
afterAll(async () => {
  await sql.end();
  await hub.close();
  await sandbox.close();
});

const standing = async (integrationId: string) =>
  Object.fromEntries(
    (
      await sql`select status || coalesce(' ' || (status_reason ->> 'code'), '') || case when version > 1 then ' renewed' else '' end as standing, count(*)::int as n from connections where integration_id = ${integrationId} group by 1`
    ).map(({ standing, n }) => [standing as string, n as number]),
  );
const ledger = async (id: string) => (await sandbox.control('GET', `/${id}/ledger`)).counts;
const count = async (type: string) =>
  (await sql`select count(*)::int as n from events where type = ${type}`)[0]?.['n'] as number;

it('all come back by themselves but those that were revoked, and nobody is asked in vain', async () => {
  const runOut = { expiresAt: new Date(0), refreshDueAt: new Date(0) };
  const { config } = hub;
  await sandbox.control('PUT', '/hubspot/behaviour', { token: 'down', api: 'down' });
  await sandbox.control('PUT', '/gmail/behaviour', { token: { mode: 'rate_limited', retryAfter: 5 } });
  // Salesforce says nothing of lifetimes: that a token has run out is found by trying it.
  await connectMany(config, sandbox, 'salesforce', 500, { healthDueAt: new Date(Date.now() + 1_000) });
  await sandbox.control('POST', '/salesforce/expire');
  const drives = await connectMany(config, sandbox, 'google-drive', 700);
  const families = drives.slice(0, 60).map(({ family }: Bulk) => family);
  await sandbox.control('POST', '/google-drive/revoke', { families });
  await sql`update connections set refresh_due_at = now() - interval '1 second' where integration_id = 'google-drive'`;
  await connectMany(config, sandbox, 'hubspot', 900, runOut);
  await connectMany(config, sandbox, 'gmail', 900, runOut);

  const others = async () => [await standing('google-drive'), await standing('salesforce')];
  await expect
    .poll(others, { timeout: 90_000, interval: 500 })
    .toEqual([{ 'connected renewed': 640, 'error CREDENTIAL_REVOKED': 60 }, { 'connected renewed': 500 }]);
  const down = await standing('hubspot');
  expect(Object.keys(down).every((one) => /^connected( RECONNECTING)?$/.test(one))).toBe(true);
  // Nine hundred wait for the answer to a few.
  expect((await ledger('hubspot')).tokenRequests).toBeLessThan(60);
  expect((await ledger('hubspot')).calls).toBeLessThan(60);

  await sandbox.control('PUT', '/hubspot/behaviour', {});
  await sandbox.control('PUT', '/gmail/behaviour', {});
  const waiting = async () => [await standing('hubspot'), await standing('gmail')];
  await expect
    .poll(waiting, { timeout: 90_000, interval: 500 })
    .toEqual([{ 'connected renewed': 900 }, { 'connected renewed': 900 }]);

  expect(await count('connection.error')).toBe(60);
  expect(await count('connection.reauthorization_required')).toBe(60);
  expect(await count('connection.refreshed')).toBe(900 + 900 + 640 + 500);
  for (const id of ['hubspot', 'gmail', 'salesforce', 'google-drive'])
    expect([id, (await ledger(id)).reused]).toEqual([id, 0]);
  expect((await ledger('hubspot'))['tokenRequests.refresh_token.ok']).toBe(900);
}, 240_000);
