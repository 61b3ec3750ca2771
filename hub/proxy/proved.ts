/** Connections whose provider has just answered a real call well: gathered, and spared the next look. */
import { putOffProved } from '../database/due.ts';
import type { ConnectionRow } from '../database/connections.ts';
import type { Hub } from '../hub.ts';

const proved = new Map<string, { version: number; at: number }>();

export const noteProved = ({ id, version }: Pick<ConnectionRow, 'id' | 'version'>): void =>
  void proved.set(id, { version, at: Date.now() });

/** Writes every few seconds, off the calls' path. @returns the last writing */
export function recordProved(hub: Pick<Hub, 'db' | 'durations'>, everyMs: number): () => Promise<void> {
  const { healthInterval } = hub.durations;
  const write = async () => {
    const batch = [...proved].map(([id, { version, at }]) => ({
      id,
      version,
      until: new Date(at + healthInterval * (0.9 + Math.random() / 5)),
    }));
    proved.clear();
    // What is not written costs a probe.
    if (batch.length > 0) await putOffProved(hub.db, batch).catch(() => {});
  };
  const timer = setInterval(() => void write(), everyMs).unref();
  return async () => {
    clearInterval(timer);
    await write();
  };
}
