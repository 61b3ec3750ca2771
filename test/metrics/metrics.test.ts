/** /metrics tells how the hub does, to anybody who scrapes, and of nobody by id. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import postgres from 'postgres';
import { connectMany } from '../setup/bulk.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { openOperator, type Operator } from '../setup/temporal.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let operator: Operator;
let sql: postgres.Sql;

beforeAll(async () => {
  hub = await startHub({ HUB_PROVIDER_TIMEOUT: '500ms' });
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  operator = await openOperator(hub.config);
  sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1, onnotice: () => {} });
  // It counts from the first scrape on.
  await scrape();
});
afterAll(async () => {
  await Promise.all([operator.close(), sql.end()]);
  await hub.close();
  await sandbox.close();
});

const scrape = async () => {
  const response = await fetch(`${hub.url}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
  return response.text();
};
/** Lines of a metric, without its comments. */
const lines = (text: string, name: string) =>
  text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
const eventually = (name: string) =>
  expect.poll(async () => lines(await scrape(), name), { timeout: 20_000, interval: 500 });

it('counts connections, refreshes, probes, events and open circuits', async () => {
  const made = await connectMany(hub.config, sandbox, 'hubspot', 6, { refreshDueAt: new Date(0) });
  await sandbox.control('POST', '/hubspot/revoke', { families: [made[0]?.family] });
  await operator.sweep('refreshSweep');
  await connectMany(hub.config, sandbox, 'gmail', 5, { healthDueAt: new Date(0) });
  await sandbox.control('PUT', '/gmail/behaviour', { api: 'down' });
  await operator.sweep('healthSweep', { perIntegration: 1 });

  await eventually('hub_connections').toEqual(
    expect.arrayContaining([
      'hub_connections{integration="hubspot",status="connected"} 5',
      'hub_connections{integration="hubspot",status="error"} 1',
      'hub_connections{integration="gmail",status="connected"} 5',
    ]),
  );
  await eventually('hub_refreshes_total').toEqual(
    expect.arrayContaining([
      'hub_refreshes_total{integration="hubspot",outcome="refreshed"} 5',
      'hub_refreshes_total{integration="hubspot",outcome="credential_revoked"} 1',
    ]),
  );
  await eventually('hub_probes_total').toEqual([
    'hub_probes_total{integration="gmail",outcome="provider_unavailable"} 3',
  ]);
  await eventually('hub_circuits').toContain('hub_circuits{integration="gmail",state="open"} 1');
  await eventually('hub_events_total').toEqual(
    expect.arrayContaining([
      'hub_events_total{type="connection.refreshed"} 5',
      'hub_events_total{type="connection.reauthorization_required"} 1',
    ]),
  );
  expect(lines(await scrape(), 'hub_database_up')).toEqual(['hub_database_up 1']);
});

it('says how far the sweeps are behind, leaving out who waits for their provider', async () => {
  await sql`update connections set refresh_due_at = now() - interval '1 hour' where integration_id = 'gmail'`;
  await sql`update connections set refresh_due_at = now() - interval '2 minutes' where integration_id = 'hubspot' and status = 'connected'`;
  const behind = async () => {
    const [line = ''] = lines(await scrape(), 'hub_sweep_lag_seconds').filter((one) =>
      one.includes('refresh'),
    );
    return Math.floor(Number(line.split(' ')[1]) / 60);
  };
  await expect.poll(behind, { timeout: 20_000, interval: 500 }).toBe(2);
});

it('says how many are due, and how old the oldest token is and how many have run out', async () => {
  await sql`update connections set refresh_due_at = now() + interval '1 hour'`;
  await sql`update connections set refresh_due_at = now() - interval '1 minute', expires_at = now(), credentials_updated_at = now() - interval '3 hours' where integration_id = 'gmail'`;
  await eventually('hub_due_connections').toContain('hub_due_connections{sweep="refresh"} 5');
  await eventually('hub_expired_tokens').toEqual(
    expect.arrayContaining([
      'hub_expired_tokens{integration="gmail",status="connected"} 5',
      'hub_expired_tokens{integration="hubspot",status="connected"} 0',
    ]),
  );
  const [line = ''] = lines(await scrape(), 'hub_token_age_seconds').filter((one) => one.includes('gmail'));
  expect(Math.floor(Number(line.split(' ')[1]) / 3600)).toBe(3);
});

it('counts the messages that webhooks have not taken yet', async () => {
  await sql`insert into deliveries (webhook_id, event_id, event_type, connection_id, due_at, outcome) values
    ('w', 'e1', 'connection.error', 'c', 'infinity', null), ('w', 'e2', 'connection.error', 'c', now(), 'gave_up')`;
  await eventually('hub_deliveries_waiting').toEqual(['hub_deliveries_waiting 1']);
});

it('times answers by the pattern of their route, and holds no id, host or key', async () => {
  const [row] = await sql`select id from connections limit 1`;
  const id = String(row?.['id']);
  await hub.admin.call('GET', `/api/connections/${id}`);
  await hub.admin.call('GET', `/no-such-place/${id}`);
  const text = await scrape();
  expect(text).toContain(
    'hub_http_request_duration_seconds_count{method="GET",route="/api/connections/:id",status="200"} 1',
  );
  expect(text).toContain('route="none",status="404"');
  expect(text).not.toContain(id);
  expect(text).not.toMatch(/localhost|bulk|no-such-place/);
  expect(text).not.toContain(hub.admin.key);
});
