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
  /** Whether everything that is chained was looked at; if not, it goes on after `head`. */
  complete: boolean;
  /** Of entries that are not chained yet, of which nothing is said; null: an archive has none. */
  unchained: { waiting: number; underWay: number } | null;
};

/** @param after where an earlier look ended @param most how many entries are looked at */
type Part = { after?: Link | null; most?: number };

/** @param kept a head that was noted earlier, elsewhere: everything up to it has to be there still */
export async function verifyAudit(
  db: Database,
  chain: Chain,
  kept: Link | null,
  { after = null, most = Infinity }: Part = {},
): Promise<Verified> {
  let begin = after;
  let checked = 0;
  for (;;) {
    const page = await verifyPage(db, chain, kept, begin, Math.min(PAGE, most - checked));
    const { problem, head, complete } = page;
    checked += page.checked;
    if (problem !== null || complete || checked >= most)
      return { problem, head, checked, complete, unchained: await countWaiting(db) };
    begin = head;
  }
}

async function verifyPage(db: Database, chain: Chain, kept: Link | null, after: Link | null, limit: number) {
  const checkpoints = await listCheckpoints(db);
  const forged = forgedCheckpoint(chain, checkpoints);
  if (forged) return { problem: notTheHubs(forged), head: GENESIS, checked: 0, complete: false };
  // What was archived in the meantime was verified on its way.
  const archived = checkpoints.at(-1) ?? GENESIS;
  const begin = after && after.sequence >= archived.sequence ? after : archived;
  const rows = await listAuditEntries(db, {}, { after: after && begin.sequence, order: 'asc' }, limit);
  // Entries are archived at this moment: what is gone is behind the newer checkpoint.
  if ((await listCheckpoints(db)).length > checkpoints.length)
    return verifyPage(db, chain, kept, after, limit);
  const { problem, head, checked } = await walk(chain, begin, rows);
  const complete = problem === null && rows.length < limit;
  // Judged once: where its place has been passed, or there is no more to come.
  const isDue =
    kept && kept.sequence > (after?.sequence ?? -1) && (complete || kept.sequence <= head.sequence);
  const cutOff = isDue ? missingHead(kept, [...checkpoints, ...rows, head]) : null;
  const off = complete ? await missingAuditTriggers(db) : [];
  const unguarded =
    off.length > 0
      ? `the database no longer refuses changes: ${off.join(', ')} missing or switched off`
      : null;
  return { problem: problem ?? cutOff ?? unguarded, head, checked, complete };
}

const notTheHubs = ({ sequence }: Link) => `the checkpoint at entry ${sequence} is not the hub's`;

/** Lines as `GET /api/audit/export` and `hub audit prune` write them, of a whole stretch of the chain. */
export async function verifyArchive(db: Database, chain: Chain, file: string): Promise<Verified> {
  const checkpoints = await listCheckpoints(db);
  const forged = forgedCheckpoint(chain, checkpoints);
  if (forged) return { problem: notTheHubs(forged), ...NOTHING_CHECKED };
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
  const { problem, head, checked } = await walk(chain, begin, rest);
  const ends = checkpoints.find(({ sequence }) => sequence > begin.sequence);
  const short = ends && head.sequence < ends.sequence ? `entry ${head.sequence + 1} is missing` : null;
  return { problem: problem ?? short, head, checked, complete: true, unchained: null };
}

const NOTHING_CHECKED = { head: GENESIS, checked: 0, complete: false, unchained: null };

/** @returns where it stopped */
async function walk(
  chain: Chain,
  begin: Link,
  entries: Iterable<ChainedRow> | AsyncIterable<ChainedRow>,
): Promise<{ problem: string | null; head: Link; checked: number }> {
  let head: Link = { sequence: begin.sequence, hash: begin.hash };
  let checked = 0;
  for await (const entry of entries) {
    const problem = faultOf(chain, head, entry);
    if (problem !== null) return { problem, head, checked };
    head = { sequence: entry.sequence, hash: entry.hash };
    checked++;
  }
  return { problem: null, head, checked };
}

function missingHead(kept: Link, there: Link[]): string | null {
  const same = there.find(({ sequence }) => sequence === kept.sequence);
  if (same)
    return sameHash(same.hash, kept.hash) ? null : `entry ${kept.sequence} is another one than was noted`;
  const last = Math.max(0, ...there.map(({ sequence }) => sequence));
  return last < kept.sequence
    ? `entry ${last + 1} is missing: the log ends at ${last}, and ${kept.sequence} was noted as there`
    : `entry ${kept.sequence} was archived: verify its archive, with --archive`;
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
