/** `hub audit …`: where the chain ends, whether it is whole, and old entries taken out of the database. */
import { Command, InvalidArgumentError } from 'commander';
import { openChain, linkOf, GENESIS, type Chain } from '../audit/chain.ts';
import { pruneAudit } from '../audit/prune.ts';
import { recorded } from '../audit/recorded.ts';
import { verifyArchive, verifyAudit } from '../audit/verify.ts';
import type { Config } from '../config.ts';
import { lastLink, type Link } from '../database/audit-chain.ts';
import { openDatabase, type Database } from '../database/database.ts';
import { parseKeyring } from '../vault/keyring.ts';
import { createVault } from '../vault/vault.ts';

type Work = (task: (config: Config) => Promise<void>) => Promise<void>;

/** @param work reads the configuration, and complains of what is thrown */
export function auditCommand(work: Work): Command {
  const audit = new Command('audit').description('the audit log: who did what');

  audit
    .command('head')
    .description('print the latest SEQUENCE:HASH; kept elsewhere, it shows later whether the log was cut off')
    .action(() =>
      work((config) =>
        withDatabase(config, async (db) => {
          const { sequence, hash } = (await lastLink(db.tables)) ?? GENESIS;
          print(`${sequence}:${hash}`);
        }),
      ),
    );

  audit
    .command('verify')
    .description('check every entry and every hash; names the first that is wrong, and ends with 1')
    .option('--head <sequence:hash>', 'a head that was kept: everything up to it must be there', headOf)
    .option('--archive <file>', 'check a file of `hub audit prune` instead, or a whole export as NDJSON')
    .action(({ head = null, archive }: { head?: Link | null; archive?: string }) =>
      work((config) =>
        withChain(config, async (db, chain) => {
          const found =
            archive === undefined
              ? await verifyAudit(db, chain, head)
              : await verifyArchive(db, chain, archive);
          if (found.problem !== null) throw new Error(found.problem);
          print(
            `${found.checked} entries are as they were written, up to ${found.head.sequence}:${found.head.hash}`,
          );
          const { waiting, underWay } = found.unchained ?? { waiting: 0, underWay: 0 };
          if (waiting + underWay > 0)
            print(`${waiting} wait to be chained, ${underWay} are under way: nothing is said of them`);
        }),
      ),
    );

  audit
    .command('prune')
    .description('write the oldest entries to a file and remove them; the chain stays verifiable')
    .requiredOption('--until <sequence>', 'the last entry that goes', sequenceOf)
    .requiredOption('--archive <file>', 'where they are written; must not exist')
    .action(({ until, archive }: { until: number; archive: string }) =>
      work((config) =>
        withChain(config, async (db, chain) => {
          const gone = await recorded(db, 'audit.prune', { until }, () =>
            pruneAudit(db, chain, until, archive),
          );
          print(`${gone} entries are in ${archive} and no longer in the database.`);
        }),
      ),
    );
  return audit;
}

const withChain = (config: Config, task: (db: Database, chain: Chain) => Promise<void>) =>
  withDatabase(config, async (db) => {
    if (config.encryptionKeys === null)
      throw new Error('HUB_ENCRYPTION_KEYS: needed; the key of the audit log is sealed with it');
    const vault = createVault(parseKeyring(config.encryptionKeys));
    await task(db, await openChain(db, vault, false));
  });

async function withDatabase(config: Config, task: (db: Database) => Promise<void>): Promise<void> {
  const db = openDatabase(config);
  try {
    await task(db);
  } finally {
    await db.close();
  }
}

const print = (line: string) => process.stdout.write(`${line}\n`);

function headOf(value: string): Link {
  const link = linkOf(value);
  if (!link) throw new InvalidArgumentError('expected what hub audit head printed, such as 42:9f86d0…');
  return link;
}

function sequenceOf(value: string): number {
  if (!/^[1-9]\d{0,14}$/.test(value)) throw new InvalidArgumentError('expected the sequence of an entry');
  return Number(value);
}
