/**
 * Debug mode: what goes out for a connection, kept until somebody has looked. Written a moment later and beside
 * everything else: no call waits for it or fails with it.
 */
import { uuidv7 } from 'uuidv7';
import type { Connected, Integration } from '../../integrations/definition/integration.ts';
import type { ConnectionRow } from '../database/connections.ts';
import { withoutStatement, type Database } from '../database/database.ts';
import { addTraces, tracePlace, type NewTrace } from '../database/traces.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Watched } from '../egress/egress.ts';
import { createStopwatch, type Stopwatch } from '../egress/stopwatch.ts';
import type { Logger } from '../log.ts';
import type { Vault } from '../vault/vault.ts';
import { createRedactor, secretsOf } from './redaction.ts';
import { passedOf, traceOf, type Exchange, type TraceKind } from './trace.ts';

/** One request that somebody wants to see. */
export type Watch = {
  stopwatch: Stopwatch;
  /** Told once, when it is over. */
  end: (exchange: Omit<Exchange, 'durationMs' | 'phases'>) => void;
};

export type Traces = {
  /** @param alsoSecret beside the connection's own. @returns null: debug mode is off */
  watch: (
    row: Pick<ConnectionRow, 'id' | 'debugUntil'>,
    integration: Integration,
    connected: Connected,
    alsoSecret?: readonly string[],
  ) => Watch | null;
  close: () => Promise<void>;
};

/** For an exchange that the egress door reads whole. @returns what it is told, and what is told at its end */
export function wholeExchange(watch: Watch | null, kind: TraceKind) {
  if (!watch) return null;
  const request = { method: '', url: '', headers: {}, body: passedOf(null) };
  let response: Exchange['response'] = null;
  const bodyOf = (text: string) => passedOf(Buffer.from(text));
  const watched: Watched = {
    stopwatch: watch.stopwatch,
    sent: ({ body, ...sent }) => void Object.assign(request, sent, { body: bodyOf(body) }),
    answered: ({ body, ...answered }) => void (response = { ...answered, body: bodyOf(body) }),
  };
  const end = (outcome: string, error: string | null) =>
    watch.end({ kind, attempt: 1, request, response, error, outcome });
  return { watched, end };
}

const WRITTEN_EVERY_MS = 500;
// About 150 kB each at most; what comes faster than it is written is not kept.
const MOST_WAITING = 200;

/** @param keepMs how long a trace may be looked at */
export function createTraces(
  { db, vault, catalogue, log }: { db: Database; vault: Vault; catalogue: Catalogue; log: Logger },
  keepMs: number,
): Traces {
  let waiting: NewTrace[] = [];
  let timer: NodeJS.Timeout | null = null;

  const write = async () => {
    timer = null;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    await addTraces(db, batch).catch((error: unknown) => {
      log.warn(
        { err: withoutStatement(error), traces: batch.length },
        'debug traces could not be written; they are lost',
      );
    });
  };

  return {
    watch(row, integration, connected, alsoSecret = []) {
      const began = Date.now();
      if (row.debugUntil === null || row.debugUntil.getTime() <= began) return null;
      const stopwatch = createStopwatch();
      const started = performance.now();
      return {
        stopwatch,
        end(exchange) {
          if (waiting.length >= MOST_WAITING) return;
          const redactor = createRedactor([
            ...secretsOf(integration, connected, catalogue.secretSettings(integration)),
            ...alsoSecret,
          ]);
          const durationMs = performance.now() - started;
          const trace = traceOf({ ...exchange, durationMs, phases: stopwatch.phases() }, redactor);
          const id = uuidv7();
          waiting.push({
            id,
            connectionId: row.id,
            at: new Date(began),
            expiresAt: new Date(began + keepMs),
            sealedTrace: vault.seal(tracePlace(id), trace),
          });
          timer ??= setTimeout(() => void write(), WRITTEN_EVERY_MS).unref();
        },
      };
    },
    async close() {
      if (timer) clearTimeout(timer);
      await write();
    },
  };
}
