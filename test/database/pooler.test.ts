/** Behind a pooler in transaction mode two statements may meet two server connections: nothing may lean on a session. */
import { createServer, connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiKey, findApiKey, touchApiKeys } from '../../hub/database/api-keys.ts';
import {
  findConnection,
  insertAwaitingConnection,
  listConnections,
  touchConnections,
} from '../../hub/database/connections.ts';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { migrateDatabase } from '../../hub/database/migrate.ts';
import { freshDatabase } from '../setup/hub.ts';

let url: string;
let drop: () => Promise<void>;
const wire: Buffer[] = [];
const listener = createServer((inside) => {
  const target = new URL(url);
  const outside = connect(Number(target.port), target.hostname);
  inside.on('data', (chunk) => wire.push(chunk));
  inside.pipe(outside).pipe(inside);
  for (const socket of [inside, outside]) socket.on('error', () => {});
});

beforeAll(async () => {
  ({ url, drop } = await freshDatabase());
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  listener.close();
  await drop();
});

/** Names of prepared statements in PostgreSQL's Parse messages ('P', length, name, 0, query, 0). */
const parsedNames = () =>
  [
    ...Buffer.concat(wire)
      .toString('latin1')
      .matchAll(/P[\0-\xff]{4}([^\0]*)\0(?:select|insert|update|begin|with) /gi),
  ].map(([, name]) => name);

async function use(preparedStatements: boolean): Promise<string[]> {
  wire.length = 0;
  const through = new URL(url);
  through.port = String((listener.address() as AddressInfo).port);
  const db: Database = openDatabase({
    databaseUrl: through.href,
    databasePreparedStatements: preparedStatements,
    databasePoolSize: 2,
  });
  const row = await insertAwaitingConnection(db, {
    userId: 'u',
    integrationId: 'slack',
    authType: 'oauth2',
    name: 'n',
    config: {},
  });
  for (let times = 0; times < 3; times++) await findConnection(db, row.id);
  await listConnections(db, { userId: 'u' }, null, 10);
  await db.close();
  return parsedNames().filter((name): name is string => name !== undefined);
}

it('HUB_DATABASE_PREPARED_STATEMENTS=off names no statement on the wire, and on does', async () => {
  const off = await use(false);
  expect(off.length).toBeGreaterThan(4);
  expect(off.filter((name) => name !== '')).toEqual([]);
  expect((await use(true)).filter((name) => name !== '').length).toBeGreaterThan(0);
});

it('two processes may migrate at once', async () => {
  const { url: empty, drop: dropEmpty } = await freshDatabase();
  const both = await Promise.all([
    migrateDatabase({ databaseUrl: empty }),
    migrateDatabase({ databaseUrl: empty }),
  ]);
  expect(both.map(({ applied }) => applied)).toEqual([0, 0]);
  await dropEmpty();
});

it.each([true, false])(
  'uses are written in batches with prepared statements %s',
  async (databasePreparedStatements) => {
    const db = openDatabase({ databaseUrl: url, databasePreparedStatements, databasePoolSize: 2 });
    const draft = { userId: 'u', integrationId: 'slack', authType: 'oauth2', name: 'n', config: {} } as const;
    const rows = [await insertAwaitingConnection(db, draft), await insertAwaitingConnection(db, draft)];
    const at = new Date('2030-01-01T00:00:00.000Z');
    await touchConnections(db, new Map(rows.map(({ id }) => [id, at])));
    await touchConnections(db, new Map(rows.map(({ id }) => [id, new Date(0)])));
    for (const { id } of rows) expect((await findConnection(db, id))?.lastUsed).toEqual(at);
    const key = await createApiKey(db, { name: 'k', role: 'builder', userId: 'u' });
    await touchApiKeys(db, [key.id]);
    expect((await findApiKey(db, key.key))?.lastUsed).toBeInstanceOf(Date);
    await db.close();
  },
);
