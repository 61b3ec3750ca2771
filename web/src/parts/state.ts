/** A connection's state, in fewer words than its status and reason together. */
import type { Connection } from '../api/types.ts';
import type { t } from '../texts.ts';

const MENDS_ITSELF = ['PROVIDER_UNAVAILABLE', 'RATE_LIMITED', 'RECONNECTING'];
export const mendsItself = (reason: string) => MENDS_ITSELF.includes(reason);

export type State = keyof typeof t.status;

export function stateOf({ status, statusReason }: Pick<Connection, 'status' | 'statusReason'>): State {
  const code = statusReason?.code ?? '';
  if (status === 'disconnected' && code === 'AWAITING_AUTHORIZATION') return 'pending';
  if (status === 'error' && mendsItself(code)) return 'recovering';
  return status;
}
