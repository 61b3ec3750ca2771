/** A connection that goes back and forth is told of a few times, and then once, when it has settled. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { listDeliveries } from '../../hub/database/deliveries.ts';
import { insertEvent } from '../../hub/database/events.ts';
import type { EventType } from '../../hub/database/schema.ts';
import { insertWebhook } from '../../hub/database/webhooks.ts';
import { createLogger } from '../../hub/log.ts';
import { dispatch, DISPATCH, type DispatchSettings } from '../../hub/notifications/dispatcher.ts';
import type { Envelope } from '../../hub/vault/vault.ts';
import { freshDatabase } from '../setup/hub.ts';

const HOUR = 3_600_000;
const FLAPPING = { changes: 4, windowMs: HOUR, settleMs: HOUR, longestMs: 2 * HOUR };
const ERROR = 'connection.error';
const RECOVERED = 'connection.recovered';

let db: Database;
let drop: () => Promise<void>;
let started: string[];

beforeEach(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  db = openDatabase({ databaseUrl: database.url, databasePreparedStatements: true, databasePoolSize: 5 });
  started = [];
  await insertWebhook(db, {
    id: 'w',
    ownerId: 'ada',
    userId: null,
    name: null,
    url: 'https://example.com/',
    events: ['*'],
    integrationIds: null,
    connectionIds: null,
    sealedSecrets: 'sealed' as Envelope,
  });
});
afterEach(async () => {
  await db.close();
  await drop();
});

async function happen(type: EventType, connectionId = 'flapping'): Promise<void> {
  const subject = { id: connectionId, integrationId: 'slack', userId: 'ada' };
  await db.tables.transaction((tx) => insertEvent(tx, type, subject));
  await look();
}

/** As the dispatcher looks, with every slot free. */
async function look(flapping: Partial<DispatchSettings['flapping']> = {}): Promise<void> {
  const settings = { ...DISPATCH, slots: 1000, flapping: { ...FLAPPING, ...flapping } };
  const start = ({ id }: { id: string }) => Promise.resolve(void started.push(id));
  await dispatch({ db, log: createLogger('silent') }, start, settings);
}

/** Time passes: whatever waits for its connection to settle has waited for long enough. */
const settle = () =>
  db.tables.execute(
    `update deliveries set due_at = now() - interval '1 second' where held_since is not null`,
  );

/** Oldest first: what was started, and what became of the rest. */
async function told(): Promise<string[]> {
  const rows = (await listDeliveries(db, 'w', null, 100)).reverse();
  return rows.map(({ id, eventType, outcome, heldSince }) => {
    const state = started.includes(id) ? 'told' : (outcome ?? (heldSince ? 'held' : 'waits'));
    return `${eventType.replace('connection.', '')} ${state}`;
  });
}

it('the first few changes are told at once; of those that follow only the newest waits', async () => {
  for (const type of [ERROR, RECOVERED, ERROR, RECOVERED, ERROR, RECOVERED, ERROR] as const)
    await happen(type);
  expect(await told()).toEqual([
    'error told',
    'recovered told',
    'error told',
    'recovered told',
    'error damped',
    'recovered damped',
    'error held',
  ]);
});

it('the last state is told once it has settled, a recovery as well as trouble', async () => {
  for (const type of [ERROR, RECOVERED, ERROR, RECOVERED, ERROR, RECOVERED] as const) await happen(type);
  await settle();
  await look();
  expect((await told()).slice(4)).toEqual(['error damped', 'recovered told']);
});

it('one that never settles is told all the same, after the longest wait', async () => {
  for (const type of [ERROR, RECOVERED, ERROR, RECOVERED, ERROR, RECOVERED] as const) await happen(type);
  await db.tables.execute(
    `update deliveries set held_since = held_since - interval '3 hours' where held_since is not null`,
  );
  await happen(ERROR);
  expect((await told()).slice(4)).toEqual(['error damped', 'recovered damped', 'error told']);
});

it('changes that are far apart are each told', async () => {
  for (const type of [ERROR, RECOVERED, ERROR, RECOVERED] as const) await happen(type);
  await db.tables.execute(`update deliveries set created_at = created_at - interval '2 hours'`);
  await happen(ERROR);
  expect((await told()).at(-1)).toBe('error told');
});

it('another connection, and what is no back and forth, are told at once', async () => {
  for (const type of [ERROR, RECOVERED, ERROR, RECOVERED, ERROR] as const) await happen(type);
  await happen(ERROR, 'other');
  await happen('connection.reauthorization_required');
  await happen('connection.disconnected');
  expect((await told()).slice(4)).toEqual([
    'error held',
    'error told',
    'reauthorization_required told',
    'disconnected told',
  ]);
});
