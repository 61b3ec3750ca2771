/** Whether the audit log is what was written: the database's, and archives of what was pruned from it. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ChainedRow } from '../database/audit.ts';
import { countWaiting, listCheckpoints, missingAuditTriggers, type Link } from '../database/audit-chain.ts';
import { listAuditEntries } from '../database/audit-list.ts';
import type { Database } from '../database/database.ts';
import { sameHash } from '../same-hash.ts';
import { entryOf } from './entry.ts';
import { faultOf, forgedCheckpoint, GENESIS, type Chain } from './chain.ts';

const PAGE = 1_000;

export type Verified = {
  /** The first thing that is wrong; null: nothing. */
  problem: string | null;
  /** How far it was sound. */
  head: Link;
  checked: number;
  /** Of entries that are not chained yet, of which nothing is said; null: an archive has none. */
  unchained: { waiting: number; underWay: number } | null;
};

/** @param kept a head that was noted earlier, elsewhere: everything up to it has to be there still */
export async function verifyAudit(db: Database, chain: Chain, kept: Link | null): Promise<Verified> {
  const checkpoints = await listCheckpoints(db);
  const begin = checkpoints.at(-1) ?? GENESIS;
  const forged = forgedCheckpoint(chain, checkpoints);
  const walked = forged
    ? {
        problem: `the checkpoint at entry ${forged.sequence} is not the hub's`,
        head: GENESIS,
        checked: 0,
        seen: null,
      }
    : await walk(chain, begin, pages(db), kept);
  const off = walked.problem === null ? await missingAuditTriggers(db) : [];
  const problem =
    walked.problem ??
    (kept && missingHead(kept, [...checkpoints, walked.seen, walked.head])) ??
    (off.length > 0
      ? `the database no longer refuses changes: ${off.join(', ')} missing or switched off`
      : null);
  return { problem, head: walked.head, checked: walked.checked, unchained: await countWaiting(db) };
}

/** Lines as `GET /api/audit/export` and `hub audit prune` write them, of a whole stretch of the chain. */
export async function verifyArchive(db: Database, chain: Chain, file: string): Promise<Verified> {
  const checkpoints = await listCheckpoints(db);
  const forged = forgedCheckpoint(chain, checkpoints);
  if (forged)
    return {
      problem: `the checkpoint at entry ${forged.sequence} is not the hub's`,
      ...NOTHING_CHECKED,
    };
  const entries = lines(file);
  const first = await entries.next();
  if (first.done) return { problem: 'the file holds no entry', ...NOTHING_CHECKED };
  const begin = [GENESIS, ...checkpoints].find(({ sequence }) => sequence === first.value.sequence - 1);
  if (!begin)
    return {
      problem: `entry ${first.value.sequence} follows no checkpoint: what is before it is missing`,
      ...NOTHING_CHECKED,
    };
  const rest = (async function* () {
    yield first.value;
    yield* entries;
  })();
  const { problem, head, checked } = await walk(chain, begin, rest, null);
  const ends = checkpoints.find(({ sequence }) => sequence > begin.sequence);
  const short = ends && head.sequence < ends.sequence ? `entry ${head.sequence + 1} is missing` : null;
  return { problem: problem ?? short, head, checked, unchained: null };
}

const NOTHING_CHECKED = { head: GENESIS, checked: 0, unchained: null };

/** @returns where it stopped, and what it found in the place of the head that was kept */
async function walk(
  chain: Chain,
  begin: Link,
  entries: AsyncIterable<ChainedRow>,
  kept: Link | null,
): Promise<{ problem: string | null; head: Link; checked: number; seen: Link | null }> {
  let head: Link = { sequence: begin.sequence, hash: begin.hash };
  let seen: Link | null = null;
  let checked = 0;
  for await (const entry of entries) {
    const problem = faultOf(chain, head, entry);
    if (problem !== null) return { problem, head, checked, seen };
    head = { sequence: entry.sequence, hash: entry.hash };
    if (head.sequence === kept?.sequence) seen = head;
    checked++;
  }
  return { problem: null, head, checked, seen };
}

function missingHead(kept: Link, links: (Link | null)[]): string | null {
  const there = links.filter((link) => link !== null);
  const same = there.find(({ sequence }) => sequence === kept.sequence);
  if (same)
    return sameHash(same.hash, kept.hash) ? null : `entry ${kept.sequence} is another one than was noted`;
  const last = Math.max(0, ...there.map(({ sequence }) => sequence));
  return last < kept.sequence
    ? `entry ${last + 1} is missing: the log ends at ${last}, and ${kept.sequence} was noted as there`
    : `entry ${kept.sequence} was archived: verify its archive, with --archive`;
}

async function* pages(db: Database): AsyncGenerator<ChainedRow> {
  let after: number | null = null;
  for (;;) {
    const rows: ChainedRow[] = await listAuditEntries(db, {}, { after, order: 'asc' }, PAGE);
    yield* rows;
    after = rows.at(-1)?.sequence ?? null;
    if (rows.length < PAGE) return;
  }
}

async function* lines(file: string): AsyncGenerator<ChainedRow> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number++;
    if (line.trim() === '') continue;
    const entry = entryOf(line);
    if (!entry) throw new Error(`${file}, line ${number}: not an entry of an audit log`);
    yield entry;
  }
}
