/**
 * The chain: each entry's hash covers the entry and the hash before it, so whoever changes, removes, inserts or moves
 * one has to make anew every hash after it, and for that needs the key. The key is sealed in the database: whoever can
 * write the database and nothing else cannot forge an entry that is chained. Whoever has the hub's encryption keys too
 * could make the whole chain anew, which a head kept elsewhere shows (`hub audit head`).
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { AuditRow, ChainedRow } from '../database/audit.ts';
import {
  AUDIT_KEY_PLACE,
  findAuditKey,
  insertAuditKey,
  lastLink,
  type Checkpoint,
  type Link,
} from '../database/audit-chain.ts';
import type { Database } from '../database/database.ts';
import { HubError } from '../errors.ts';
import { sameHash } from '../same-hash.ts';
import type { Vault } from '../vault/vault.ts';

export const GENESIS: Link = { sequence: 0, hash: '' };

/** A place in the chain as it is noted: `42:5e7a…`. @returns null: it is none */
export function linkOf(noted: string): Link | null {
  const [, sequence, hash] = LINK.exec(noted.trim()) ?? [];
  return sequence === undefined || hash === undefined ? null : { sequence: Number(sequence), hash };
}
export const LINK = /^(\d{1,15}):([0-9a-f]{64})$/;

/** What is hashed of an entry: all that it says. */
export type Told = Omit<AuditRow, 'sequence' | 'hash'>;

export type Chain = {
  /** 64 hex digits. */
  hashOf: (entry: Told, sequence: number, previous: string) => string;
  sealOf: (checkpoint: Link) => string;
};

/**
 * @param make whether to make the key where there is none yet: only whoever chains does
 * @throws HubError AUDIT_KEY_LOST where entries were chained with a key that is gone
 */
export async function openChain(db: Database, vault: Vault, make: boolean): Promise<Chain> {
  const there = await findAuditKey(db);
  if (there !== null) return chainWith(Buffer.from(vault.open<string>(AUDIT_KEY_PLACE, there), 'base64url'));
  if (await lastLink(db.tables)) throw new HubError('AUDIT_KEY_LOST');
  if (!make) return chainWith(randomBytes(32));
  await insertAuditKey(db, vault.seal(AUDIT_KEY_PLACE, randomBytes(32).toString('base64url')));
  return openChain(db, vault, false);
}

export function chainWith(key: Buffer): Chain {
  const mac = (values: unknown[]) => createHmac('sha256', key).update(JSON.stringify(values)).digest('hex');
  return {
    hashOf: (entry, sequence, previous) => mac(['entry/1', previous, sequence, ...toldBy(entry)]),
    sealOf: ({ sequence, hash }) => mac(['checkpoint/1', sequence, hash]),
  };
}

/** In one order for ever: a hash that was made once must come out again. */
const toldBy = (entry: Told): unknown[] => [
  entry.id,
  entry.at.toISOString(),
  entry.actorKind,
  entry.actorId,
  entry.actorUserId,
  entry.action,
  entry.subjectType,
  entry.subjectId,
  entry.connectionId,
  entry.integrationId,
  entry.userId,
  entry.outcome,
  entry.code,
  entry.address,
  entry.requestId,
  entry.details,
];

/** @returns what is wrong with the entry that should follow; null: nothing */
export function faultOf(chain: Chain, before: Link, entry: ChainedRow): string | null {
  const expected = before.sequence + 1;
  if (entry.sequence !== expected)
    return entry.sequence < expected
      ? `entry ${entry.sequence} is there although everything up to ${before.sequence} is archived`
      : `entry ${expected} is missing`;
  if (!sameHash(chain.hashOf(entry, entry.sequence, before.hash), entry.hash))
    return `entry ${entry.sequence} is not what was written: it was changed, moved or put in`;
  return null;
}

/** @returns the first checkpoint that nobody with the key made; null: all are genuine */
export const forgedCheckpoint = (chain: Chain, checkpoints: Checkpoint[]): Checkpoint | null =>
  checkpoints.find((checkpoint) => chain.sealOf(checkpoint) !== checkpoint.seal) ?? null;
