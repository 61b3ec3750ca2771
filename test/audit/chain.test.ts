/** The chain: whatever is done to the audit log behind the hub's back is found, and named. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openChain, type Chain } from '../../hub/audit/chain.ts';
import { pruneAudit } from '../../hub/audit/prune.ts';
import { verifyArchive, verifyAudit } from '../../hub/audit/verify.ts';
import { finishAuditEntry, insertAuditEntry, type Actor } from '../../hub/database/audit.ts';
import type { Link } from '../../hub/database/audit-chain.ts';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault, type Vault } from '../../hub/vault/vault.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { chainAll, command, openSql, unguarded, type Sql } from './log.ts';
import '../fuzz/seed.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let db: Database;
let vault: Vault;
let chain: Chain;
let sql: Sql;
let folder: string;

const ENTRIES = 12;
const admin: Actor = { kind: 'api_key', id: 'key-1', userId: 'admin' };

/** A hub's log of a dozen entries, each with something in every column. */
async function write(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const id = await insertAuditEntry(db, {
      actor: admin,
      action: 'connection.change',
      subjectType: 'connection',
      subjectId: `c-${i}`,
      connectionId: `c-${i}`,
      integrationId: 'slack',
      userId: 'ada',
      address: '192.0.2.7',
      requestId: `r-${i}`,
    });
    const details = { fields: ['name', 'config'], until: null, days: i };
    await finishAuditEntry(db, id, { actor: admin, outcome: 'failed', code: 'CONFLICT', details });
  }
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'audit-'));
});
beforeEach(async () => {
  ({ env, drop } = await testEnv());
  const config = configOf(env);
  db = openDatabase(config);
  vault = createVault(parseKeyring(config.encryptionKeys ?? ''));
  sql = openSql(env);
  await write(ENTRIES);
  await chainAll(env, sql);
  chain = await openChain(db, vault, false);
  return async () => {
    await sql.end();
    await db.close();
    await drop();
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is wrong, said alike whether it is looked for at once or a part at a time. */
async function problem(kept: Link | null = null): Promise<string | null> {
  const whole = await verifyAudit(db, chain, kept);
  let part = await verifyAudit(db, chain, kept, { most: 1 });
  while (part.problem === null && !part.complete)
    part = await verifyAudit(db, chain, kept, { after: part.head, most: 1 });
  expect(part.problem).toBe(whole.problem);
  if (whole.problem === null) expect(part.head).toEqual(whole.head);
  return whole.problem;
}
const text = fc.string({ unit: 'grapheme-ascii' });
const sequences = fc.integer({ min: 1, max: ENTRIES });

// Each column, and something else than what is written there; `sequence` and `hash` are the chain's own.
const CHANGES: { [column: string]: fc.Arbitrary<string> } = {
  id: fc.uuid(),
  at: fc
    .date({ min: new Date('2000-01-01'), max: new Date('2020-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  actor_kind: fc.constantFrom('user', 'nobody', 'workflow'),
  actor_id: text,
  actor_user_id: text,
  action: fc.constantFrom('connection.test', 'key.create'),
  subject_type: fc.constantFrom('key', 'user'),
  subject_id: text,
  connection_id: text,
  integration_id: fc.constantFrom('gmail', 'hubspot'),
  user_id: text,
  outcome: fc.constantFrom('done', 'refused', 'unknown'),
  code: fc.constantFrom('FORBIDDEN', ''),
  address: fc.ipV4(),
  request_id: fc.uuid(),
  details: fc.dictionary(text, fc.oneof(fc.integer(), text)).map((details) => JSON.stringify(details)),
  hash: fc.stringMatching(/^[0-9a-f]{64}$/),
};

describe('verify', () => {
  it('knows every column there is', async () => {
    const columns =
      await sql`select column_name from information_schema.columns where table_name = 'audit_entries'`;
    expect(Object.keys(CHANGES).concat('sequence').sort()).toEqual(
      columns.map((row) => row['column_name'] as string).sort(),
    );
  });

  it('finds any column of any entry changed, even to nothing, and names the entry', async () => {
    const change = fc
      .constantFrom(...Object.keys(CHANGES))
      .chain((column) =>
        fc.record({ column: fc.constant(column), value: fc.option(CHANGES[column] ?? fc.string()) }),
      );
    await fc.assert(
      fc.asyncProperty(sequences, change, async (sequence, { column, value }) => {
        const [before] = await sql`select * from audit_entries where sequence = ${sequence}`;
        const wanted = sql.unsafe<{ changed: boolean }[]>(
          `select ${column}::text is distinct from $1 as changed from audit_entries where sequence = $2`,
          [value, sequence],
        );
        const cannotBeNull = ['id', 'at', 'actor_kind', 'action', 'subject_type', 'details'].includes(column);
        fc.pre((value !== null || !cannotBeNull) && (await wanted)[0]?.changed === true);
        const type = column === 'at' ? 'timestamptz' : column === 'details' ? 'json' : 'text';
        await unguarded(sql, (tx) =>
          tx.unsafe(`update audit_entries set ${column} = $1::text::${type} where sequence = $2`, [
            value,
            sequence,
          ]),
        );
        // A hash that is gone, or another, is noticed at its own entry.
        expect(await problem()).toMatch(new RegExp(`^entry ${sequence} `));
        await unguarded(sql, async (tx) => {
          await tx`delete from audit_entries where id = ${column === 'id' ? value : (before?.['id'] as string)}`;
          await tx`insert into audit_entries ${tx(before ?? {})}`;
        });
        expect(await problem()).toBeNull();
      }),
      { numRuns: 80 },
    );
  });

  it('finds any entry removed, moved, doubled or put in', async () => {
    const harm = fc.constantFrom('remove', 'swap', 'double', 'forge');
    await fc.assert(
      fc.asyncProperty(sequences, sequences, harm, async (one, other, kind) => {
        // The last one removed is a shorter log and nothing else: that takes a head that was kept.
        fc.pre(kind !== 'swap' || one !== other);
        fc.pre(kind !== 'remove' || one !== ENTRIES);
        const kept = await sql`select * from audit_entries`;
        await unguarded(sql, async (tx) => {
          if (kind === 'remove') await tx`delete from audit_entries where sequence = ${one}`;
          if (kind === 'swap') {
            await tx`update audit_entries set sequence = -1 where sequence = ${one}`;
            await tx`update audit_entries set sequence = ${one} where sequence = ${other}`;
            await tx`update audit_entries set sequence = ${other} where sequence = -1`;
          }
          if (kind === 'double' || kind === 'forge') {
            await tx`update audit_entries set sequence = sequence + 1000 where sequence > ${one}`;
            await tx`update audit_entries set sequence = sequence - 999 where sequence > 1000`;
            const [row = {}] = await tx`select * from audit_entries where sequence = ${one}`;
            const change = kind === 'forge' ? { action: 'key.create' } : {};
            await tx`insert into audit_entries ${tx({ ...row, ...change, id: 'new', sequence: one + 1 })}`;
          }
        });
        const first = { remove: one, swap: Math.min(one, other), double: one + 1, forge: one + 1 }[kind];
        expect(await problem()).toMatch(new RegExp(`^entry ${first} `));
        await unguarded(sql, async (tx) => {
          await tx`delete from audit_entries`;
          await tx`insert into audit_entries ${tx(kept)}`;
        });
      }),
      { numRuns: 60 },
    );
  });

  it('finds a log that was cut off, or begun anew, by a head that was kept', async () => {
    const { head } = await verifyAudit(db, chain, null);
    await unguarded(sql, (tx) => tx`delete from audit_entries where sequence > 9`);
    expect(await problem()).toBeNull();
    expect(await problem(head)).toMatch(/^entry 10 is missing/);
    // Written on as if nothing were gone.
    await write(5);
    await chainAll(env, sql);
    expect(await problem()).toBeNull();
    expect(await problem(head)).toMatch(/^entry 12 is another one/);
  });

  it('needs the key that was there: the database alone makes no new chain', async () => {
    await sql`delete from audit_keys`;
    await expect(openChain(db, vault, true)).rejects.toThrow(/has lost its key/);
    const other = createVault(
      parseKeyring(
        configOf((await testEnv({ DATABASE_URL: env['DATABASE_URL'] ?? '' })).env).encryptionKeys ?? '',
      ),
    );
    await expect(openChain(db, other, true)).rejects.toThrow(/has lost its key/);
  });
});

describe('the database', () => {
  it('refuses to change, remove or truncate entries and checkpoints, and to put in chained ones', async () => {
    const [row = {}] = await sql`select * from audit_entries where sequence = 3`;
    await insertAuditEntry(db, { actor: admin, action: 'key.create', subjectType: 'key' });
    const finished = await insertAuditEntry(
      db,
      { actor: admin, action: 'key.create', subjectType: 'key' },
      { outcome: 'done', code: null },
    );
    await sql`insert into audit_checkpoints (sequence, hash, seal) values (0, '', '')`;
    for (const harm of [
      () => sql`update audit_entries set action = 'x' where sequence = 3`,
      () => sql`update audit_entries set sequence = null, hash = null where sequence = 3`,
      () => sql`update audit_entries set outcome = 'refused' where id = ${finished}`,
      () => sql`update audit_entries set action = 'x' where sequence is null`,
      () =>
        sql`update audit_entries set sequence = 99, hash = 'x' where sequence is null and outcome is null`,
      () => sql`delete from audit_entries where sequence = 3`,
      () => sql`delete from audit_entries where id = ${finished}`,
      () => sql`truncate audit_entries`,
      () => sql`insert into audit_entries ${sql({ ...row, id: 'new', sequence: 99 })}`,
      () => sql`update audit_checkpoints set sequence = 5`,
      () => sql`delete from audit_checkpoints`,
      () => sql`truncate audit_checkpoints`,
    ])
      await expect(harm()).rejects.toThrow(/^audit log: /);
  });

  it('is found out where its triggers are switched off', async () => {
    await sql`alter table audit_entries disable trigger audit_entries_append_only`;
    expect(await problem()).toMatch(/no longer refuses changes: audit_entries_append_only/);
  });
});

describe('verify, while entries are archived', () => {
  it('takes nothing that went meanwhile for missing', async () => {
    const { head } = await verifyAudit(db, chain, null, { most: 5 });
    const { head: after } = await verifyAudit(db, chain, null, { most: 3 });
    const pruning = openSql(env);
    const waiting = () =>
      sql`select from pg_stat_activity where datname = current_database() and wait_event = 'relation'`;
    const verifying = await pruning.begin(async (tx) => {
      await tx`lock audit_entries in access exclusive mode`;
      // Which checkpoints there are it has read by now.
      const looks = Promise.all([verifyAudit(db, chain, null), verifyAudit(db, chain, null, { after })]);
      await expect.poll(async () => (await waiting()).length).toBe(2);
      const checkpoint = { ...head, seal: chain.sealOf(head) };
      await tx`insert into audit_checkpoints ${tx(checkpoint)}`;
      await tx`delete from audit_entries where sequence <= ${head.sequence}`;
      return { looks };
    });
    for (const { problem: found, complete } of await verifying.looks)
      expect([found, complete]).toEqual([null, true]);
    await pruning.end();
  });
});

describe('hub audit', () => {
  it('prints a head, verifies up to it, and ends with 1 naming the first entry that is wrong', async () => {
    const head = (await command(env, 'audit', 'head')).out.trim();
    expect(head).toMatch(/^12:[0-9a-f]{64}$/);
    expect(await command(env, 'audit', 'verify', '--head', head)).toMatchObject({
      code: 0,
      out: expect.stringContaining(head) as string,
    });
    await insertAuditEntry(db, { actor: admin, action: 'key.create', subjectType: 'key' });
    expect((await command(env, 'audit', 'verify')).out).toMatch(/0 wait to be chained, 1 are under way/);
    await unguarded(sql, (tx) => tx`update audit_entries set user_id = 'eve' where sequence = 7`);
    const broken = await command(env, 'audit', 'verify');
    expect(broken).toMatchObject({ code: 1, out: '' });
    expect(broken.err).toMatch(/^entry 7 is not what was written/);
    await unguarded(sql, (tx) => tx`delete from audit_entries where sequence > 5`);
    expect((await command(env, 'audit', 'verify', '--head', head)).err).toMatch(/^entry 6 is missing/);
    expect(await command(env, 'audit', 'verify', '--head', 'nonsense')).toMatchObject({ code: 1 });
  });

  it('archives and removes old entries; archive and rest are verified one from the other', async () => {
    const file = path.join(folder, 'audit.ndjson');
    const second = path.join(folder, 'second.ndjson');
    const { head } = await verifyAudit(db, chain, null);
    const prune = (...words: string[]) => command(env, 'audit', 'prune', '--until', ...words);
    expect(await prune('5', '--archive', file)).toMatchObject({ code: 0 });
    expect(await prune('9', '--archive', file), 'no file is overwritten').toMatchObject({ code: 1 });
    await expect(pruneAudit(db, chain, 4, second)).rejects.toThrow(/archived already/);
    await expect(pruneAudit(db, chain, 99, second)).rejects.toThrow(/ends at 12: nothing was removed/);
    expect(existsSync(second)).toBe(false);
    expect(await pruneAudit(db, chain, 9, second)).toBe(4);
    expect((await sql`select from audit_entries where sequence <= 9`).length).toBe(0);
    await write(1);
    await chainAll(env, sql);
    expect(await command(env, 'audit', 'verify', '--archive', file)).toMatchObject({ code: 0 });
    expect((await verifyArchive(db, chain, second)).problem).toBeNull();
    expect(await problem(head)).toBeNull();
    const pruned =
      await sql`select details, outcome from audit_entries where action = 'audit.prune' order by at`;
    expect(pruned).toMatchObject([
      { details: { until: 5 }, outcome: 'done' },
      { details: { until: 9 }, outcome: 'failed' },
    ]);

    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const harmed = async (left: string[]) => {
      writeFileSync(file, left.join('\n'));
      return (await verifyArchive(db, chain, file)).problem;
    };
    const changed = lines.with(2, (lines[2] ?? '').replace('slack', 'gmail'));
    expect(await harmed(changed)).toMatch(/^entry 3 is not/);
    expect(await harmed(lines.slice(0, 3))).toMatch(/^entry 4 is missing/);
    expect(await harmed(lines.slice(2))).toMatch(/^entry 3 follows no checkpoint/);
    await expect(harmed([...lines, 'nonsense'])).rejects.toThrow(/line 6: not an entry/);

    // A checkpoint that somebody put in to remove more.
    const [entry] = await sql`select hash from audit_entries where sequence = 11`;
    await sql`insert into audit_checkpoints (sequence, hash, seal) values (11, ${entry?.['hash'] as string}, 'x')`;
    await sql`delete from audit_entries where sequence <= 11`;
    expect(await problem()).toMatch(/^the checkpoint at entry 11 is not the hub's/);
  });

  it('says in one line what is missing', async () => {
    const { HUB_ENCRYPTION_KEYS: _, ...without } = env;
    const { code, err } = await command(without, 'audit', 'verify');
    expect(code).toBe(1);
    expect(err).toMatch(/^HUB_ENCRYPTION_KEYS: needed[^\n]*\n$/);
  });
});
