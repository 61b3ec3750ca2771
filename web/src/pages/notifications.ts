/**
 * What one was told of, kept in this browser: the latest events that concern somebody, where the stream was, and
 * what has been looked at. The hub keeps all events; this is only what the bell shows.
 */
import { useSyncExternalStore } from 'react';
import type { HubEvent } from '../api/types.ts';

type Kept = { position: string | null; seen: string; events: HubEvent[] };

const KINDS = [
  'connection.connected',
  'connection.error',
  'connection.reauthorization_required',
  'connection.recovered',
  'connection.disconnected',
];
const MOST = 30;
const nameOf = (userId: string) => `hub-notifications-${userId}`;

const listeners = new Set<() => void>();
const cache = new Map<string, { text: string | null; kept: Kept }>();

function keptOf(userId: string): Kept {
  const text = localStorage.getItem(nameOf(userId));
  const known = cache.get(userId);
  if (known && known.text === text) return known.kept;
  const kept = parsed(text);
  cache.set(userId, { text, kept });
  return kept;
}

function parsed(text: string | null): Kept {
  try {
    return { position: null, seen: '', events: [], ...(JSON.parse(text ?? '{}') as Partial<Kept>) };
  } catch {
    return { position: null, seen: '', events: [] };
  }
}

function keep(userId: string, kept: Kept): void {
  localStorage.setItem(nameOf(userId), JSON.stringify(kept));
  for (const listener of listeners) listener();
}

export const positionSeen = (userId: string): string | null => keptOf(userId).position;

/** Every tab is told of every event; the first one keeps it. Ids are in the order of time. */
export function noteEvent(userId: string, event: HubEvent, position: string): void {
  const kept = keptOf(userId);
  const isNew = KINDS.includes(event.type) && !kept.events.some(({ id }) => id === event.id);
  const others = kept.events.filter((other) => !isTheSameTrouble(other, event));
  keep(userId, { ...kept, position, events: isNew ? [event, ...others].slice(0, MOST) : kept.events });
}

/** What only a person can mend comes as two events: that there is trouble, and that somebody is needed. */
const isTheSameTrouble = (one: HubEvent, other: HubEvent) =>
  one.type === 'connection.error' &&
  other.type === 'connection.reauthorization_required' &&
  one.connectionId === other.connectionId &&
  one.reason === other.reason;

export function markAllSeen(userId: string): void {
  const kept = keptOf(userId);
  keep(userId, { ...kept, seen: kept.events[0]?.id ?? kept.seen });
}

export function useNotifications(userId: string): { events: HubEvent[]; unread: number } {
  const { events, seen } = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      window.addEventListener('storage', listener);
      return () => {
        listeners.delete(listener);
        window.removeEventListener('storage', listener);
      };
    },
    () => keptOf(userId),
  );
  return { events, unread: events.filter(({ id }) => id > seen).length };
}
