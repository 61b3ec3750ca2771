/** A connection's state in words. */
import type { Connection } from '../api/types.ts';
import { t } from '../texts.ts';
import { Badge, type Tone } from './basics.tsx';

const MENDS_ITSELF = ['PROVIDER_UNAVAILABLE', 'RATE_LIMITED', 'RECONNECTING'];

export type State = keyof typeof t.status;

export function stateOf({ status, statusReason }: Pick<Connection, 'status' | 'statusReason'>): State {
  const code = statusReason?.code ?? '';
  if (status === 'disconnected' && code === 'AWAITING_AUTHORIZATION') return 'pending';
  if (status === 'error' && MENDS_ITSELF.includes(code)) return 'recovering';
  return status;
}

const TONE: Record<State, Tone> = {
  connected: 'ok',
  disconnected: 'plain',
  error: 'bad',
  pending: 'accent',
  recovering: 'warn',
};
export const toneOf = (state: State): Tone => TONE[state];

export function StatusBadge({ connection }: { connection: Pick<Connection, 'status' | 'statusReason'> }) {
  const state = stateOf(connection);
  return (
    <Badge tone={TONE[state]} dot>
      {t.status[state]}
    </Badge>
  );
}
