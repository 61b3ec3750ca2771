/** What is removed by itself, and what stays. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { insertEvent } from '../../hub/database/events.ts';
import { ConfigError, readConfig } from '../../hub/config.ts';
import { startWiping } from '../../hub/temporal/wiping.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let db: Database;
beforeAll(async () => {
  ({ env, drop } = await testEnv());
  db = openDatabase(configOf(env));
});
afterAll(async () => {
  await db.close();
  await drop();
});

const told = async () =>
  (await db.tables.execute(sql`select type from events order by sequence`)).rows.map(({ type }) => type);

it('routine events go after their time, however many there are, and all others stay', async () => {
  const subject = { id: 'c', integrationId: 'slack', userId: 'ada' };
  const write = (type: Parameters<typeof insertEvent>[1]) =>
    db.tables.transaction((tx) => insertEvent(tx, type, subject));
  const routine = ['connection.refreshed', 'connection.health_changed', 'connection.reconnecting'] as const;
  await write('connection.connected');
  for (let round = 0; round < 3; round++) for (const type of routine) await write(type);
  await db.tables.execute(sql`update events set at = now() - interval '31 days'`);
  await write('connection.refreshed');
  const { durations } = configOf({ ...env, HUB_EVENTS_KEEP: '30d' });
  const stop = startWiping({ db, durations }, { everyMs: 20, atOnce: 2 });
  await expect.poll(told).toEqual(['connection.connected', 'connection.refreshed']);
  await stop();
});

it('and they are found by their index', async () => {
  await db.tables.transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`);
    const { rows } = await tx.execute(sql`
      explain select sequence from events where at < now() and
        type in ('connection.refreshed', 'connection.health_changed', 'connection.reconnecting')`);
    expect(JSON.stringify(rows)).toContain('events_routine');
  });
});

it('no sooner than a webhook could still be told of them', () => {
  const tooShort = { ...env, HUB_EVENTS_KEEP: '2d', HUB_WEBHOOK_BACKOFF: '24h,24h' };
  expect(() => readConfig(tooShort, 'process')).toThrow(ConfigError);
  expect(() => readConfig(tooShort, 'process')).toThrow(/HUB_EVENTS_KEEP: .*58h/);
  expect(readConfig({ ...tooShort, HUB_EVENTS_KEEP: '58h' }, 'process').durations.eventsKeep).toBe(
    58 * 3_600_000,
  );
});
