/**
 * Events as they happen. A browser has six connections to a host, so of all its tabs one listens and tells the
 * others: whoever holds the lock. When that tab is closed the lock is another's.
 */
import type { HubEvent } from './types.ts';

// Not `refreshed`: of many connections it comes all the time, and changes nothing that is shown in a list.
const TYPES = [
  'created',
  'connected',
  'health_changed',
  'error',
  'reconnecting',
  'recovered',
  'reauthorization_required',
  'disconnected',
  'config_changed',
].map((type) => `connection.${type}`);
const AGAIN_MS = 5_000;

export type Live = { event: HubEvent; position: string };

/** @param since where an earlier visit ended; null: from now on. @returns how to stop */
export function listen(userId: string, since: string | null, onEvent: (live: Live) => void): () => void {
  const channel = new BroadcastChannel(`hub-events-${userId}`);
  const stopping = new AbortController();
  channel.onmessage = ({ data }) => onEvent(data as Live);
  const tellAll = (live: Live) => {
    channel.postMessage(live);
    onEvent(live);
  };
  // Without a secure context there are no locks: then every tab listens for itself.
  const locks = (navigator as { locks?: LockManager }).locks;
  if (locks)
    void locks
      .request(`hub-events-${userId}`, { signal: stopping.signal }, () =>
        read(since, tellAll, stopping.signal),
      )
      .catch(() => {});
  else void read(since, onEvent, stopping.signal);
  return () => {
    stopping.abort();
    channel.close();
  };
}

/** Ends when it is stopped. The browser resumes by itself; where it gives up (signed out, restarting) we begin anew. */
function read(since: string | null, onEvent: (live: Live) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let position = since;
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      const query = new URLSearchParams({ types: TYPES.join(',') });
      if (position !== null) query.set('lastEventId', position);
      source = new EventSource(`/api/events?${query.toString()}`);
      for (const type of TYPES)
        source.addEventListener(type, ({ data, lastEventId }: MessageEvent<string>) => {
          position = lastEventId;
          onEvent({ event: JSON.parse(data) as HubEvent, position });
        });
      source.onerror = () => {
        if (source?.readyState !== EventSource.CLOSED) return;
        // A position that the hub does not know (another database) is given up.
        position = null;
        timer = setTimeout(open, AGAIN_MS);
      };
    };
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      source?.close();
      resolve();
    });
    if (!signal.aborted) open();
  });
}
