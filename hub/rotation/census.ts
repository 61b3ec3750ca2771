/** How much is sealed under which key, for operators. */
import { hostname } from 'node:os';
import { holdKeys } from '../database/key-holders.ts';
import { countSealed } from '../database/sealed.ts';
import type { Database } from '../database/database.ts';
import type { Hub } from '../hub.ts';
import type { Vault } from '../vault/vault.ts';

export type KeyUse = {
  id: string;
  /** `first` seals; `old` opens what is still under it; of a `missing` one, what is under it does not open. */
  state: 'first' | 'old' | 'missing';
  values: number;
  /** By column, `connections.sealed_credentials`; those that have some. */
  columns: Record<string, number>;
};

/** Every key of this process, used or not, and every other one that something is sealed with. One pass through all rows. */
export async function countKeys(db: Database, vault: Pick<Vault, 'keyIds'>): Promise<KeyUse[]> {
  const known = vault.keyIds();
  const keys = new Map<string, KeyUse>();
  for (const [at, id] of known.entries())
    keys.set(id, { id, state: at === 0 ? 'first' : 'old', values: 0, columns: {} });
  for (const [column, counts] of Object.entries(await countSealed(db)))
    for (const [id, count] of Object.entries(counts)) {
      const key = keys.get(id) ?? { id, state: 'missing', values: 0, columns: {} };
      key.values += count;
      key.columns[column] = count;
      keys.set(id, key);
    }
  return [...keys.values()];
}

/** What to do about keys that are missing; null: none is. */
export function missingKeys(keys: readonly KeyUse[]): string | null {
  const missing = keys.filter(({ state }) => state === 'missing');
  if (missing.length === 0) return null;
  const told = missing.map(
    ({ id, values, columns }) =>
      `"${id}", under which ${values} ${values === 1 ? 'value is' : 'values are'} sealed (${Object.entries(
        columns,
      )
        .map(([column, count]) => `${column}: ${count}`)
        .join(', ')})`,
  );
  return `HUB_ENCRYPTION_KEYS lacks ${told.join(' and ')}: nothing of it opens. Put the key back behind the first one, restart, and run hub encryption rotate before it goes.`;
}

/** While a process of this kind runs: what keys it has is known to all, and a missing one is told at its start. */
export async function holdHubKeys(
  { db, vault, log }: Pick<Hub, 'db' | 'vault' | 'log'>,
  kind: 'api' | 'worker',
): Promise<{ close: () => Promise<void> }> {
  const opens = vault.keyIds();
  const name = `${kind} on ${hostname()}, process ${process.pid}`;
  const holding = await holdKeys(db, { name, sealsWith: opens[0] ?? '', opens });
  // Counting a million rows takes seconds, for which nobody should wait.
  void countKeys(db, vault).then(
    (keys) => {
      const problem = missingKeys(keys);
      if (problem !== null) log.error(problem);
    },
    () => {},
  );
  return holding;
}
