/** Takes old entries out of the database into a file, and keeps the chain verifiable: a checkpoint stays. */
import { open, rm } from 'node:fs/promises';
import { listCheckpoints, pruneTo, type Link } from '../database/audit-chain.ts';
import { listAuditEntries } from '../database/audit-list.ts';
import type { Database } from '../database/database.ts';
import { faultOf, forgedCheckpoint, GENESIS, type Chain } from './chain.ts';
import { showEntry } from './entry.ts';

const PAGE = 1_000;

/**
 * Writes the entries up to and with `until` to a new file, one JSON object a line, then removes them. What is removed
 * was verified on its way, and is on the disk.
 * @returns how many went
 * @throws Error where the file exists, the chain is broken, or there is no such entry: then nothing was removed
 */
export async function pruneAudit(db: Database, chain: Chain, until: number, file: string): Promise<number> {
  const checkpoints = await listCheckpoints(db);
  const forged = forgedCheckpoint(chain, checkpoints);
  if (forged)
    throw new Error(`the checkpoint at entry ${forged.sequence} is not the hub's: nothing was removed`);
  let head: Link = checkpoints.at(-1) ?? GENESIS;
  if (until <= head.sequence) throw new Error(`everything up to ${head.sequence} is archived already`);
  const archive = await open(file, 'wx', 0o600);
  try {
    while (head.sequence < until) {
      const limit = Math.min(PAGE, until - head.sequence);
      const rows = await listAuditEntries(db, {}, { after: head.sequence, order: 'asc' }, limit);
      if (rows.length === 0) throw new Error(`the log ends at ${head.sequence}: nothing was removed`);
      for (const row of rows) {
        const fault = faultOf(chain, head, row);
        if (fault !== null) throw new Error(`${fault}; nothing was removed`);
        head = { sequence: row.sequence, hash: row.hash };
      }
      await archive.appendFile(rows.map((row) => `${JSON.stringify(showEntry(row))}\n`).join(''));
    }
    await archive.sync();
  } catch (error) {
    await rm(file);
    throw error;
  } finally {
    await archive.close();
  }
  const { sequence, hash } = head;
  return pruneTo(db, { sequence, hash, seal: chain.sealOf(head) });
}
