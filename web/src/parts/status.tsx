/** A connection's state in words. */
import type { Connection } from '../api/types.ts';
import { t } from '../texts.ts';
import { Badge, type Tone } from './basics.tsx';
import { stateOf, type State } from './state.ts';

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
