/**
 * What connections are used for, counted in this process and written every few seconds: no call waits for it or
 * fails with it. A crash loses at most what has come since the last writing.
 */
import { uuidv7 } from 'uuidv7';
import { touchConnections, type ConnectionRow } from '../database/connections.ts';
import { withoutStatement } from '../database/database.ts';
import { addUsage, NO_USE, type Use, type UseRow } from '../database/usage.ts';
import type { Hub } from '../hub.ts';
import { atMost } from '../patience.ts';
import { bucketOf } from './latency.ts';

/**
 * How a call ended that was sent, or tried, once. `repeated`: its token had expired, and it was sent again.
 * `abandoned`: its caller did not wait for the answer, which is nobody's error.
 */
export type CallOutcome = 'ok' | 'abandoned' | CallError;
type CallError =
  'repeated' | 'rateLimited' | 'credentialsRefused' | 'clientErrors' | 'serverErrors' | 'unanswered';

type CallFacts = {
  outcome: CallOutcome;
  /** Until the answer began, or was given up. */
  ms: number;
  /** Bytes of the bodies. */
  bytesSent: number;
  bytesReceived: number;
};

type Subject = Pick<ConnectionRow, 'id' | 'userId' | 'integrationId'>;

export type UsageRecorder = {
  noteCall: (subject: Subject, facts: CallFacts) => void;
  noteToken: (subject: Subject) => void;
  /** The last writing, or the end of patience: what a database that does not answer did not take is lost. */
  close: () => Promise<void>;
};

/** Prometheus' view of the same. */
export type UsageObserver = {
  call: (integrationId: string, facts: CallFacts) => void;
  token: (integrationId: string) => void;
  /** A use that is written nowhere: the database has been away for too long. */
  dropped: () => void;
};

/** A crash loses at most this much of `lastUsed` and of usage. Milliseconds. */
export const USE_WRITTEN_EVERY_MS = 5_000;

const HOUR_MS = 3_600_000;
// A process that is told to end has 12 s for all of it under `npm start`.
const LAST_WRITING_MS = 3_000;
// About 300 bytes each: while the database is away no more is kept.
const MOST_ROWS = 20_000;

/**
 * @param everyMs how often it is written
 * @param mostRows that wait to be written, those included that were not taken
 */
export function createUsageRecorder(
  { db, log }: Pick<Hub, 'db' | 'log'>,
  everyMs: number,
  observer: UsageObserver,
  mostRows = MOST_ROWS,
): UsageRecorder {
  let uses = new Map<string, UseRow>();
  let touched = new Map<string, Date>();
  /** Written, perhaps: until the database says so it is written again, under the same id. */
  let batch: { id: string; rows: UseRow[] } | null = null;

  const useOf = ({ id, userId, integrationId }: Subject): Use | null => {
    const now = Date.now();
    touched.set(id, new Date(now));
    const start = new Date(now - (now % HOUR_MS)).toISOString();
    const key = `${id} ${start}`;
    const there = uses.get(key);
    if (there) return there;
    if (uses.size + (batch?.rows.length ?? 0) >= mostRows) {
      observer.dropped();
      return null;
    }
    const made = { connectionId: id, userId, integrationId, start, ...NO_USE, latency: [] };
    uses.set(key, made);
    return made;
  };

  const write = async () => {
    const seen = touched;
    touched = new Map();
    if (seen.size > 0)
      await touchConnections(db, seen).catch(() => {
        // Once more next time, with what is newer since.
        touched = new Map([...seen, ...touched]);
      });
    if (batch === null && uses.size > 0) {
      batch = { id: uuidv7(), rows: [...uses.values()] };
      uses = new Map();
    }
    if (batch === null) return;
    const { id, rows } = batch;
    try {
      await addUsage(db, id, rows);
      batch = null;
    } catch (error) {
      log.warn({ err: withoutStatement(error), rows: rows.length }, 'usage could not be written; it is kept');
    }
  };
  let writing = Promise.resolve();
  const writeNext = () => (writing = writing.then(write));
  const timer = setInterval(() => void writeNext(), everyMs).unref();

  return {
    noteCall(subject, facts) {
      observer.call(subject.integrationId, facts);
      const use = useOf(subject);
      if (!use) return;
      use.calls++;
      const { outcome } = facts;
      if (outcome !== 'ok' && outcome !== 'abandoned') use[outcome]++;
      use.bytesSent += facts.bytesSent;
      use.bytesReceived += facts.bytesReceived;
      const bucket = bucketOf(facts.ms);
      while (use.latency.length <= bucket) use.latency.push(0);
      use.latency[bucket] = (use.latency[bucket] ?? 0) + 1;
    },
    noteToken(subject) {
      observer.token(subject.integrationId);
      const use = useOf(subject);
      if (use) use.tokens++;
    },
    async close() {
      clearInterval(timer);
      // Twice: some came while an earlier batch was being written.
      const written = writeNext()
        .then(writeNext)
        .then(() => true);
      if (await atMost(LAST_WRITING_MS, written)) return;
      const rows = uses.size + (batch?.rows.length ?? 0);
      log.warn({ rows }, 'usage could not be written before the end; it is lost');
    },
  };
}
