/** Where keys stand: what is under which, who has which, and whether all but the first may go. */
import { listKeyHolders, type KeyHolder } from '../database/key-holders.ts';
import type { Hub } from '../hub.ts';
import type { Lifecycle } from '../api/lifecycle.ts';
import { countKeys, type KeyUse } from './census.ts';
import type { OldHistories, Rotation } from './rotation.ts';

export type KeyStanding = {
  /** The key that seals here. */
  keyId: string;
  keys: KeyUse[];
  processes: KeyHolder[];
  oldHistories: OldHistories;
  /** The last one; null: there was none that the workflow service still knows of. */
  rotation: Rotation | null;
  /**
   * Nothing is under another key, no process seals with one, and no open workflow needs one. By counting alone:
   * that everything opens is what a rotation proves.
   */
  othersMayGo: boolean;
};

export async function readKeyStanding(
  { db, vault }: Pick<Hub, 'db' | 'vault'>,
  { findRotation, findOldHistories }: Pick<Lifecycle, 'findRotation' | 'findOldHistories'>,
): Promise<KeyStanding> {
  const [keyId = ''] = vault.keyIds();
  const [keys, processes, oldHistories, rotation] = await Promise.all([
    countKeys(db, vault),
    listKeyHolders(db),
    findOldHistories(),
    findRotation(),
  ]);
  const othersMayGo =
    keys.every(({ state, values }) => state === 'first' || values === 0) &&
    processes.every(({ sealsWith }) => sealsWith === keyId) &&
    oldHistories.open === 0;
  return { keyId, keys, processes, oldHistories, rotation, othersMayGo };
}
