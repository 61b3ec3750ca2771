/**
 * Whether a provider's host may be asked by work that nobody waits for: the sweeps and the reconnections.
 * A user's own request always goes out; its answer counts here like any other.
 *
 *   closed ──OPEN_AFTER different connections in a row without an answer──▶ open
 *   open   ──a good answer, to the one probe that asks at a time──────────▶ closed
 *   paused: the provider asked to wait, until then
 *
 * The state is in the database, so all processes share it; it is read at most every `SEEN_MS`.
 */
import type { Verdict } from '../integrations/definition/integration.ts';
import {
  claimProbe,
  closeCircuit,
  listCircuits,
  pauseCircuit,
  recordUnanswered,
  type CircuitKey,
  type CircuitRow,
} from './database/circuits.ts';
import type { Database } from './database/database.ts';
import type { Config } from './config.ts';
import type { Logger } from './log.ts';

// Fewer are somebody's bad luck; a provider that is down is noticed by the third call.
const OPEN_AFTER = 3;
const SEEN_MS = 250;
// What providers name is believed up to here: a slip of the pen must not stop an integration for a week.
const LONGEST_PAUSE_MS = 24 * 60 * 60_000;

export type Admission =
  /** `probe`: this call asks for all that wait. */
  { may: true; probe: boolean } | { may: false; why: 'open' | 'paused'; until: Date };

export type Circuits = {
  /** @throws what keeps the database from answering */
  admit: (key: CircuitKey) => Promise<Admission>;
  /** What a call was answered with. Never throws: the call itself is what counts. */
  report: (
    key: CircuitKey,
    connectionId: string,
    answer: { kind: Verdict['kind']; retryAfterMs?: number | undefined },
  ) => Promise<void>;
};

type Wanted = {
  db: Database;
  log: Logger;
  durations: Pick<Config['durations'], 'providerTimeout' | 'sweepInterval'>;
};

export function createCircuits({ db, log, durations }: Wanted): Circuits {
  // 20 s doubling to four sweeps: 20, 40, 80, 160, 240, 240 … s. Longer than one answer may take, so one probe is out at a time.
  const firstWaitMs = durations.providerTimeout;
  const mostWaitMs = Math.max(durations.sweepInterval * 4, firstWaitMs);
  let seen: { at: number; rows: Promise<Map<string, CircuitRow>> } | null = null;

  async function look(key: CircuitKey): Promise<CircuitRow | undefined> {
    if (seen === null || Date.now() - seen.at > SEEN_MS) {
      const rows = listCircuits(db).then((all) => new Map(all.map((row) => [nameOf(row), row])));
      rows.catch(() => (seen = null));
      seen = { at: Date.now(), rows };
    }
    return (await seen.rows).get(nameOf(key));
  }

  async function count(
    key: CircuitKey,
    connectionId: string,
    { kind, retryAfterMs }: Parameters<Circuits['report']>[2],
  ): Promise<void> {
    if (kind === 'provider_unavailable') {
      const opened = await recordUnanswered(db, key, connectionId, OPEN_AFTER, firstWaitMs);
      seen = null;
      if (opened) log.warn(key, 'this provider does not answer: its connections wait, one probe asks');
      return;
    }
    const row = await look(key);
    // Healthy until now, as nearly always: nothing is written.
    if (row && (row.openedAt !== null || row.failedConnections.length > 0)) {
      const closed = await closeCircuit(db, key);
      seen = null;
      if (closed) log.warn(key, 'this provider answers again');
    }
    if (kind === 'rate_limited') {
      const wait = Math.min(retryAfterMs ?? durations.sweepInterval, LONGEST_PAUSE_MS);
      await pauseCircuit(db, key, new Date(Date.now() + wait));
      seen = null;
    }
  }

  return {
    async admit(key) {
      const row = await look(key);
      if (row?.pausedUntil && row.pausedUntil.getTime() > Date.now())
        return { may: false, why: 'paused', until: row.pausedUntil };
      if (!row?.openedAt) return { may: true, probe: false };
      const until = row.nextAttemptAt ?? row.openedAt;
      if (until.getTime() > Date.now()) return { may: false, why: 'open', until };
      if (await claimProbe(db, key, firstWaitMs, mostWaitMs)) return { may: true, probe: true };
      seen = null;
      return { may: false, why: 'open', until: new Date(Date.now() + firstWaitMs) };
    },
    report: (key, connectionId, answer) =>
      count(key, connectionId, answer).catch((error: unknown) =>
        log.warn({ ...key, err: error }, 'a circuit could not be written'),
      ),
  };
}

const nameOf = ({ integrationId, host }: CircuitKey) => `${integrationId} ${host}`;
