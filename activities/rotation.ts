/** What the rotation of keys does in the database and asks of Temporal. */
import { activityInfo, getClient } from '@temporalio/activity';
import { findSealingSince, listKeyHolders, type KeyHolder } from '../hub/database/key-holders.ts';
import { SEALED_COLUMNS } from '../hub/database/sealed.ts';
import type { Hub } from '../hub/hub.ts';
import {
  rewrapStretch,
  verifyStretch,
  type Rewrapped,
  type Stretch,
  type Verified,
  type Work,
} from '../hub/rotation/pages.ts';
import type { OldHistories } from '../hub/rotation/rotation.ts';
import { findOldHistories } from '../hub/temporal/old-histories.ts';
import { beating } from './beating.ts';

/** What there is to be rewrapped, who does not seal with the key, and since when nobody did so with another one. */
export type Preparation = { columns: string[]; unready: KeyHolder[]; since: string };

export function rotationActivities(hub: Hub, stopping: AbortSignal) {
  const pages = <T extends object>(work: (given: Work<T>) => Promise<T>): Promise<T> => {
    const resumed = (activityInfo().heartbeatDetails as T | undefined) ?? null;
    let soFar: T | null = resumed;
    const progress = (result: T) => {
      soFar = result;
    };
    return beating(
      () => work({ resumed, progress, stopping }),
      () => soFar,
    );
  };

  return {
    async prepareRotation(keyId: string): Promise<Preparation> {
      const holders = await listKeyHolders(hub.db);
      return {
        columns: SEALED_COLUMNS.map(({ name }) => name),
        unready: holders.filter(({ sealsWith }) => sealsWith !== keyId),
        since: (await findSealingSince(hub.db, keyId)).toISOString(),
      };
    },
    rewrapStretch: (keyId: string, stretch: Stretch): Promise<Rewrapped> =>
      pages((given) => rewrapStretch(hub, keyId, stretch, given)),
    verifyStretch: (stretch: Stretch): Promise<Verified> =>
      pages((given) => verifyStretch(hub, stretch, given)),

    findOldHistories: (keyId: string): Promise<OldHistories> =>
      findOldHistories(getClient(), hub.db, activityInfo().taskQueue, keyId),
  };
}
