import type { Activities } from '../activities/index.ts';
import { atProvider, untilDone } from './activity-policies.ts';
import { endOrphan } from './disconnect-connection.ts';
import { setOutcome } from './outcome.ts';

export type RefreshCredentialsInput = Parameters<Activities['refreshCredentials']>[0];
export type RefreshOutcome = Awaited<ReturnType<Activities['refreshCredentials']>>;

/** One refresh on demand. An answer that could not be stored travels on, sealed, until it is. */
export async function refreshCredentials(wish: RefreshCredentialsInput): Promise<RefreshOutcome> {
  const answered = await atProvider.refreshCredentials(wish);
  const result =
    answered.outcome === 'unstored'
      ? await untilDone.storeRefreshed(wish.connectionId, answered.version, answered.credentials)
      : answered;
  if (result.outcome === 'disconnected') await endOrphan(wish.connectionId, result.orphan);
  setOutcome(result.outcome);
  return result;
}
