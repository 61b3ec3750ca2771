/** Two keys, and moving everything that is sealed from one to the other, beside the hub. */
import { randomBytes } from 'node:crypto';
import type { Database } from '../../hub/database/database.ts';
import { readSealed, replaceSealed, SEALED_COLUMNS } from '../../hub/database/sealed.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault, type Vault } from '../../hub/vault/vault.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
export const K1 = key('k1');
export const K2 = key('k2');
export const vaultOf = (...keys: string[]): Vault => createVault(parseKeyring(keys.join(',')));

/** Everything that opens, under the vault's first key. @returns how many values that are */
export async function bringUnder(db: Database, vault: Vault): Promise<number> {
  let moved = 0;
  for (const column of SEALED_COLUMNS)
    for (const row of await readSealed(db, column, { after: null, limit: 100_000 })) {
      if (await replaceSealed(db, column, row, vault.rewrap(column.placeOf(row.id), row.envelope))) moved++;
    }
  return moved;
}

/** Opens everything. @returns by column and key; throws at the first that does not open */
export async function openAll(
  db: Database,
  vault: Vault,
): Promise<{ counts: Record<string, number>; values: Map<string, unknown> }> {
  const counts: Record<string, number> = {};
  const values = new Map<string, unknown>();
  for (const column of SEALED_COLUMNS)
    for (const { id, envelope } of await readSealed(db, column, { after: null, limit: 100_000 })) {
      const under = `${column.name} ${vault.keyIdOf(envelope)}`;
      counts[under] = (counts[under] ?? 0) + 1;
      values.set(column.placeOf(id), vault.open(column.placeOf(id), envelope));
    }
  return { counts, values };
}
