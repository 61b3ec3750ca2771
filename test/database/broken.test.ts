/** A connection to the database may break at any byte: statements fail, and nothing else. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isDatabaseFailure, openDatabase, type Database } from '../../hub/database/database.ts';
import { freshDatabase } from '../setup/hub.ts';
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts';

let db: Database;
let proxy: TcpProxy;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  const url = new URL(database.url);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  db = openDatabase({ databaseUrl: url.href, databasePreparedStatements: true, databasePoolSize: 4 });
});
afterAll(async () => {
  await db.close();
  await proxy.close();
  await drop();
});

const statement = () => db.tables.execute(sql`select ${'x'.repeat(3_000)}::text`);
const transaction = () =>
  db.tables.transaction(async (tx) => {
    await tx.execute(sql`select 1`);
    await sleep(1); // broken while nothing is asked of it
    await tx.execute(sql`select ${'y'.repeat(3_000)}::text`);
  });

it('cut 200 times: every failure is the database’s, told to whoever asked, and the next statement has its answer', async () => {
  let on = true;
  let worked = 0;
  const failures: unknown[] = [];
  const ask = async (what: () => Promise<unknown>) => {
    while (on)
      await what().then(
        () => worked++,
        (error: unknown) => failures.push(error),
      );
  };
  const asking = [statement, statement, transaction, transaction, transaction].map(ask);
  for (let times = 0; times < 200; times++) {
    // 0 to 49 ms: in the middle of connecting, of a statement, of a transaction, and of nothing.
    await sleep(times % 50);
    proxy.cut();
    proxy.mend();
  }
  on = false;
  await Promise.all(asking);
  expect(failures.length).toBeGreaterThan(50);
  expect(failures.filter((error) => !isDatabaseFailure(error))).toEqual([]);
  await statement();
  expect(worked).toBeGreaterThan(50);
});
