/**
 * How a connection was on each of the last days, from its events. Between two events it is as the earlier one left
 * it; a day is as bad as its worst moment.
 */
import type { Connection, HubEvent } from '../../api/types.ts';
import { mendsItself, stateOf } from '../../parts/state.ts';

export type DayState = 'none' | 'ok' | 'wait' | 'down';
export type Day = { start: Date; state: DayState };

/** Those that say how it is from then on. */
export const TELLING = [
  'connection.created',
  'connection.connected',
  'connection.error',
  'connection.reconnecting',
  'connection.recovered',
  'connection.reauthorization_required',
  'connection.disconnected',
];

const RANK: Record<DayState, number> = { none: 0, ok: 1, wait: 2, down: 3 };
const worse = (one: DayState, other: DayState) => (RANK[one] >= RANK[other] ? one : other);

function stateAfter({ type, reason = '' }: HubEvent): DayState {
  switch (type) {
    case 'connection.connected':
    case 'connection.recovered':
      return 'ok';
    case 'connection.reconnecting':
      return 'wait';
    case 'connection.error':
      return mendsItself(reason) ? 'wait' : 'down';
    case 'connection.reauthorization_required':
      return 'down';
    default:
      return 'none';
  }
}

const NOW: Record<ReturnType<typeof stateOf>, DayState> = {
  connected: 'ok',
  recovering: 'wait',
  error: 'down',
  disconnected: 'none',
  pending: 'none',
};

/** @param events newest first, of the telling kinds, down to before the first day or to the beginning */
export function daysOf(
  connection: Connection,
  events: readonly HubEvent[],
  count: number,
  now = new Date(),
): Day[] {
  const days: Day[] = [];
  let later = NOW[stateOf(connection)];
  let index = 0;
  for (let back = 0; back < count; back++) {
    const start = new Date(now.getFullYear(), now.getMonth(), now.getDate() - back);
    let state = later;
    for (
      let event = events[index];
      event && Date.parse(event.at) >= start.getTime();
      event = events[++index]
    ) {
      state = worse(state, stateAfter(event));
      const before = events[index + 1];
      later = before ? stateAfter(before) : 'none';
      state = worse(state, later);
    }
    days.unshift({ start, state });
  }
  return days;
}
