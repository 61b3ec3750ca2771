/** Many ask, one statement answers; and what goes wrong with one of them is nobody else's trouble. */
import postgres from 'postgres';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SealedCredentials } from '../../hub/database/connection-credentials.ts';
import { isDatabaseFailure, openDatabase, type Database } from '../../hub/database/database.ts';
import { gathered } from '../../hub/database/gathered.ts';
import { claimToSend, releaseLease } from '../../hub/database/lease.ts';
import { storeRefreshed, type Refreshed } from '../../hub/database/refreshed.ts';
import { recordStillWell } from '../../hub/database/still-well.ts';
import type { Envelope } from '../../hub/vault/vault.ts';
import { buildGates, GATES, waitingAt } from '../setup/gates.ts';
import { freshDatabase } from '../setup/hub.ts';
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts';

let db: Database;
let sql: postgres.Sql;
let proxy: TcpProxy;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await freshDatabase();
  drop = database.drop;
  const url = new URL(database.url);
  sql = postgres(url.href, { max: 4, onnotice: () => {} });
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  db = openDatabase({ databaseUrl: url.href, databasePreparedStatements: true, databasePoolSize: 10 });
  await buildGates(sql);
});
afterAll(async () => {
  await Promise.all([db.close(), sql.end()]);
  await proxy.close();
  await drop();
});
beforeEach(() => sql`truncate connections, events`);

/** Their ids, in order. */
async function connected(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  await sql`
    insert into connections (id, user_id, integration_id, auth_type, name, status, config, sealed_credentials, version, refreshable, refresh_due_at, health_due_at)
    select id, 'user', 'hubspot', 'oauth2', 'HubSpot', 'connected', '{}', 'sealed', 1, true, now(), now() from unnest(${ids}::text[]) as made (id)`;
  return ids;
}
const inAnHour = () => new Date(Date.now() + 3_600_000);
const answered = (id: string, change: Partial<SealedCredentials> = {}): Refreshed => ({
  id,
  seenVersion: 1,
  credentials: {
    envelope: `renewed ${id}` as Envelope,
    scopes: ['one'],
    missingScopes: [],
    expiresAt: inAnHour(),
    refreshable: true,
    refreshDueAt: inAnHour(),
    healthDueAt: inAnHour(),
    ...change,
  },
  origin: { workflowId: 'sweep', runId: 'run' },
});
const claim = (id: string, version = 1) => claimToSend(db, { id, version, leaseMs: 60_000 });
const events = async () =>
  (await sql`select connection_id, type, workflow_id from events order by sequence`).map((row) => ({
    ...row,
  }));
const renewed = async () =>
  (
    await sql`select id from connections where version = 2 and sealed_credentials = 'renewed ' || id order by id`
  ).map(({ id }) => id as string);

describe('asking together', () => {
  it('is one statement for all who ask at a moment, and each has the answer to its own ask', async () => {
    const asked: number[][] = [];
    const double = gathered<number, number>(async (_, asks) => {
      asked.push([...asks]);
      return asks.map((ask) => ask * 2);
    });
    expect(await Promise.all([1, 2, 3].map((ask) => double(db, ask)))).toEqual([2, 4, 6]);
    expect(asked).toEqual([[1, 2, 3]]);
    expect(await double(db, 2)).toBe(4);
    expect(asked).toHaveLength(2);
  });

  it('lets whoever comes while a statement is under way go with the next one', async () => {
    const asked: number[][] = [];
    const waiting: (() => void)[] = [];
    const same = gathered<number, number>(async (_, asks) => {
      asked.push([...asks]);
      if (asked.length === 1) await new Promise<void>((resolve) => waiting.push(resolve));
      return [...asks];
    });
    const first = same(db, 1);
    await expect.poll(() => waiting.length).toBe(1);
    const later = [same(db, 2), same(db, 3)];
    waiting[0]?.();
    expect(await Promise.all([first, ...later])).toEqual([1, 2, 3]);
    expect(asked).toEqual([[1], [2, 3]]);
  });

  it('holds nobody up behind statements that hang', async () => {
    let hanging = 0;
    const same = gathered<string, string>(async (_, asks) => {
      if (asks.includes('hangs')) await new Promise<never>(() => hanging++);
      return [...asks];
    });
    for (const count of [1, 2, 3]) {
      void same(db, 'hangs');
      await expect.poll(() => hanging).toBe(count);
    }
    expect(await same(db, 'goes')).toBe('goes');
  });
});

describe('claims taken together', () => {
  it('are one for each connection, whoever asks how often', async () => {
    const [one = '', two = ''] = await connected(2);
    const claims = await Promise.all([claim(one), claim(two), claim(one), claim(one)]);
    expect(claims.filter((held) => held?.id === one)).toHaveLength(1);
    expect(claims.filter((held) => held?.id === two)).toHaveLength(1);
    expect(await claim(two)).toBeNull();
    const [row] = await sql`select count(*)::int as n from connections where intent_version = 1`;
    expect(row?.['n']).toBe(2);
  });

  it('pass by what is locked, changed or rejected, and take the rest', async () => {
    const ids = await connected(4);
    const [locked = '', changed = '', rejected = '', free = ''] = ids;
    await sql`update connections set version = 2 where id = ${changed}`;
    await sql`update connections set status_reason = '{"code":"REFRESH_OUTCOME_UNKNOWN"}' where id = ${rejected}`;
    await sql.begin(async (tx) => {
      await tx`select 1 from connections where id = ${locked} for update`;
      const claims = await Promise.all(ids.map((id) => claim(id)));
      expect(claims.map((held) => held?.id)).toEqual([undefined, undefined, undefined, free]);
    });
  });

  it('say what an earlier owner has left unaccounted for', async () => {
    const [id = ''] = await connected(1);
    const first = await claim(id);
    expect(first?.unaccounted).toBe(false);
    await sql`update connections set lease_expires_at = now() - interval '1 second'`;
    const second = await claim(id);
    expect(second).toMatchObject({ unaccounted: true, leaseFence: (first?.leaseFence ?? 0) + 1 });
    // The first one's claim is over: it can let go of nothing.
    if (first) await releaseLease(db, first, true);
    expect(await claim(id)).toBeNull();
    if (second) await releaseLease(db, second, true);
    expect((await claim(id))?.unaccounted).toBe(false);
  });
});

describe('answers stored together', () => {
  it('are stored once each, with one event each', async () => {
    const ids = await connected(5);
    const stored = await Promise.all([...ids, ...ids].map((id) => storeRefreshed(db, answered(id))));
    expect(stored.filter(Boolean)).toHaveLength(5);
    expect(await renewed()).toEqual(ids);
    const expected = { type: 'connection.refreshed', workflow_id: 'sweep' };
    expect(await events()).toHaveLength(5);
    expect(await events()).toEqual(ids.map(() => expect.objectContaining(expected)));
  });

  it('are stored but for the one that PostgreSQL refuses', async () => {
    const ids = await connected(5);
    const bad = ids[2];
    const stored = await Promise.allSettled(
      ids.map((id) => storeRefreshed(db, answered(id, id === bad ? { scopes: ['\u0000'] } : {}))),
    );
    expect(stored.map(({ status }) => status)).toEqual(
      ids.map((id) => (id === bad ? 'rejected' : 'fulfilled')),
    );
    expect(await renewed()).toEqual(ids.filter((id) => id !== bad));
    expect(await events()).toHaveLength(4);
  });

  it('wait for nobody whose row is locked', async () => {
    const [locked = '', ...others] = await connected(5);
    let last: Promise<boolean> | null = null;
    await sql.begin(async (tx) => {
      await tx`select 1 from connections where id = ${locked} for update`;
      last = storeRefreshed(db, answered(locked));
      expect(await Promise.all(others.map((id) => storeRefreshed(db, answered(id))))).toEqual(
        others.map(() => true),
      );
      expect(await renewed()).toEqual([...others].sort());
    });
    await expect(last).resolves.toBe(true);
  });

  it('tell of a recovery, and leave what is newer, or gone, as it is', async () => {
    const [mended = '', newer = '', dropped = '', usual = ''] = await connected(4);
    await sql`update connections set status_reason = '{"code":"RECONNECTING"}' where id = ${mended}`;
    await sql`update connections set version = 2 where id = ${newer}`;
    await sql`update connections set sealed_credentials = null where id = ${dropped}`;
    const all = [mended, newer, dropped, usual];
    expect(await Promise.all(all.map((id) => storeRefreshed(db, answered(id))))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect((await events()).map(({ connection_id, type }) => [connection_id, type]).sort()).toEqual(
      [
        [mended, 'connection.recovered'],
        [mended, 'connection.refreshed'],
        [usual, 'connection.refreshed'],
      ].sort(),
    );
  });

  it('are not stored again where it was not heard that they were', async () => {
    const ids = await connected(5);
    const holder = await sql.reserve();
    await holder`select pg_advisory_lock(${GATES.store})`;
    const unheard = Promise.allSettled(ids.map((id) => storeRefreshed(db, answered(id))));
    await expect.poll(() => waitingAt(sql, GATES.store)).toBe(1);
    proxy.cut();
    for (const outcome of await unheard)
      expect(outcome.status === 'rejected' && isDatabaseFailure(outcome.reason)).toBe(true);
    await holder`select pg_advisory_unlock(${GATES.store})`;
    holder.release();
    await expect.poll(renewed).toEqual(ids);
    proxy.mend();
    // As the activity does that carries an answer on.
    expect(await Promise.all(ids.map((id) => storeRefreshed(db, answered(id))))).toEqual(
      ids.map(() => false),
    );
    expect(await events()).toHaveLength(5);
  });
});

describe('looks recorded together', () => {
  it('are those of connections that were well; of the others somebody else decides', async () => {
    const ids = await connected(4);
    const [well = '', troubled = '', later = '', changed = ''] = ids;
    const at = new Date().toISOString();
    const check = { at, ok: true, outcome: 'ok', latencyMs: 1 };
    await sql`update connections set last_health_check = '{"at":"2020-01-01T00:00:00.000Z","ok":false,"outcome":"provider_unavailable"}' where id = ${troubled}`;
    await sql`update connections set last_health_check = jsonb_build_object('at', '2999-01-01T00:00:00.000Z', 'ok', true, 'outcome', 'ok') where id = ${later}`;
    await sql`update connections set version = 2 where id = ${changed}`;
    const looks = ids.map((id) => ({ id, version: 1, check, healthDueAt: inAnHour() }));
    expect(await Promise.all(looks.map((look) => recordStillWell(db, look)))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    const rows = await sql`select id from connections where last_health_check ->> 'at' = ${at}`;
    expect(rows.map(({ id }) => id as string)).toEqual([well]);
    expect(await events()).toEqual([]);
  });
});
