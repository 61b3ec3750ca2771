/** The audit log's chain: who is chained next and by whom, the key it is made with, and up to where it was archived. */
import { and, asc, desc, eq, isNotNull, lt, lte, or, sql } from 'drizzle-orm';
import type { Envelope } from '../vault/vault.ts';
import type { AuditRow } from './audit.ts';
import type { Database, Tx } from './database.ts';
import { auditCheckpoints, auditEntries, auditKeys, type AuditOutcome } from './schema.ts';

export type Link = { sequence: number; hash: string };
export type Checkpoint = typeof auditCheckpoints.$inferSelect;
type HashOf = (row: AuditRow & { outcome: AuditOutcome }, sequence: number, previous: string) => string;

// Any number that nothing else uses.
const CHAIN_LOCK = 4_823_562;

/**
 * Chains what is finished, and what nobody can finish any more, in the order in which it began.
 * @param genesis what the first entry's hash is made of
 * @returns how many were chained, and where the chain ends; null: another process is at it
 */
export async function chainWaiting(
  { tables }: Database,
  genesis: Link,
  hashOf: HashOf,
  { limit, givenUpAfterMs }: { limit: number; givenUpAfterMs: number },
): Promise<{ chained: number; head: Link } | null> {
  return tables.transaction(async (tx) => {
    // Held by the transaction, so it works through a pooler too.
    const { rows } = await tx.execute(sql`select pg_try_advisory_xact_lock(${CHAIN_LOCK}) as mine`);
    if (rows[0]?.['mine'] !== true) return null;
    let head = (await lastLink(tx)) ?? genesis;
    const waiting = await tx
      .select()
      .from(auditEntries)
      .where(
        and(
          sql`${auditEntries.sequence} is null`,
          or(
            isNotNull(auditEntries.outcome),
            lt(auditEntries.at, sql`now() - make_interval(secs => ${givenUpAfterMs / 1000})`),
          ),
        ),
      )
      .orderBy(asc(auditEntries.at), asc(auditEntries.id))
      .limit(limit)
      // What is being finished at this moment comes with the next batch.
      .for('update', { skipLocked: true });
    if (waiting.length === 0) return { chained: 0, head };
    const links = waiting.map((row) => {
      const outcome = row.outcome ?? 'unknown';
      const sequence = head.sequence + 1;
      head = { sequence, hash: hashOf({ ...row, outcome }, sequence, head.hash) };
      return { id: row.id, outcome, ...head };
    });
    await tx.execute(sql`
      update audit_entries set sequence = link.sequence, hash = link.hash, outcome = link.outcome
      from jsonb_to_recordset(${JSON.stringify(links)}::text::jsonb)
        as link (id text, outcome text, sequence bigint, hash text)
      where audit_entries.id = link.id`);
    return { chained: links.length, head };
  });
}

/** Where the chain ends: its last entry, or the checkpoint up to which all were archived. */
export async function lastLink(tables: Pick<Tx, 'select'>): Promise<Link | null> {
  const [last] = await tables
    .select({ sequence: auditEntries.sequence, hash: auditEntries.hash })
    .from(auditEntries)
    .where(isNotNull(auditEntries.sequence))
    .orderBy(desc(auditEntries.sequence))
    .limit(1);
  if (last?.sequence != null && last.hash !== null) return { sequence: last.sequence, hash: last.hash };
  const [checkpoint] = await tables
    .select()
    .from(auditCheckpoints)
    .orderBy(desc(auditCheckpoints.sequence))
    .limit(1);
  return checkpoint ? { sequence: checkpoint.sequence, hash: checkpoint.hash } : null;
}

/** Of entries that are not chained yet: how many are finished, how many are under way. */
export async function countWaiting({ tables }: Database): Promise<{ waiting: number; underWay: number }> {
  const { rows } = await tables.execute(sql`
    select count(outcome)::int as waiting, (count(*) - count(outcome))::int as under_way
    from audit_entries where sequence is null`);
  return { waiting: Number(rows[0]?.['waiting']), underWay: Number(rows[0]?.['under_way']) };
}

// ── key, checkpoints, triggers ─────────────────────────────────────────────────────────────────────

const KEY_ID = 'chain';
export const auditKeyPlace = (id: string) => `audit_keys/${id}/key`;
export const AUDIT_KEY_PLACE = auditKeyPlace(KEY_ID);

export async function findAuditKey({ tables }: Database): Promise<string | null> {
  const [row] = await tables.select().from(auditKeys).where(eq(auditKeys.id, KEY_ID));
  return row?.sealedKey ?? null;
}

/** Of several processes that make one at once, one does. */
export async function insertAuditKey({ tables }: Database, sealedKey: Envelope): Promise<void> {
  await tables.insert(auditKeys).values({ id: KEY_ID, sealedKey }).onConflictDoNothing();
}

export async function listCheckpoints({ tables }: Database): Promise<Checkpoint[]> {
  return tables.select().from(auditCheckpoints).orderBy(asc(auditCheckpoints.sequence));
}

/** Removes what was archived: everything up to the checkpoint. @returns how many entries went */
export async function pruneTo({ tables }: Database, checkpoint: Omit<Checkpoint, 'at'>): Promise<number> {
  return tables.transaction(async (tx) => {
    await tx.insert(auditCheckpoints).values(checkpoint);
    const gone = await tx.delete(auditEntries).where(lte(auditEntries.sequence, checkpoint.sequence));
    return gone.rowCount ?? 0;
  });
}

/** Names of triggers that keep the tables append-only and are missing or switched off. */
export async function missingAuditTriggers({ tables }: Database): Promise<string[]> {
  const { rows } = await tables.execute(sql`
    select wanted.name from (values
      ('audit_entries', 'audit_entries_append_only'),
      ('audit_entries', 'audit_entries_no_truncate'),
      ('audit_checkpoints', 'audit_checkpoints_append_only')) as wanted (of, name)
    where not exists (
      select from pg_trigger where tgname = wanted.name and tgrelid = to_regclass(wanted.of) and tgenabled in ('O', 'A'))`);
  return rows.map(({ name }) => String(name));
}
