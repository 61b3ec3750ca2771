/**
 * Traces: from a request through its workflow to the call of a provider. This is what the rest of the hub sees of
 * them. Off, which is the default, it is a handful of functions that do nothing, and no OpenTelemetry is loaded.
 */
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { TelemetrySettings } from './settings.ts';
import type { Logger } from '../log.ts';

/** What may be told on a span: ids, words and numbers. Never a query, a header or a body. */
export type Facts = Record<string, string | number | boolean>;

/** What a request to a provider is about. */
export type ProviderRequest = {
  kind: 'call' | 'token' | 'probe' | 'revocation' | 'delivery' | 'discovery' | 'check';
  integrationId?: string;
  /** 1, 2, … */
  attempt?: number;
  /** What may be in the path, and in no span. Asked for only where there is one. */
  secrets?: () => readonly string[];
};

export type ProviderCall = {
  method: string;
  origin: string;
  target: string;
  about: ProviderRequest | undefined;
};

/** How it ended, as the egress door tells it. */
export type Ending =
  { kind: 'answered'; answer: { status: number } } | { kind: 'refused' | 'unsent' | 'unknown'; why: string };

export type RequestSpan = {
  /** What work begins, now or later, belongs to the request. */
  within: <T>(work: () => T) => T;
  /** @param status null: the caller left before there was one */
  end: (status: number | null) => void;
};

export type ApiRequest = {
  method: string;
  /** The pattern; null: there is no such route. */
  route: string | null;
  /** For `traceparent` alone. */
  headers: Record<string, string | string[] | undefined>;
  connectionId: string | undefined;
};

/** For Temporal's own interceptors, which make their spans by themselves. */
export type WorkflowSpans = {
  settings: TelemetrySettings;
  /** A span that ended in the workflows' sandbox. */
  take: (span: Omit<ReadableSpan, 'resource'>) => void;
  /** Spans that work begins are of this connection. */
  ofConnection: <T>(connectionId: string, work: () => T) => T;
};

export type Telemetry = {
  /** Null: off. */
  begin: ((request: ApiRequest) => RequestSpan) | null;
  workflows: WorkflowSpans | null;
  /** A client's span around one request to a provider. */
  providerCall: <T extends Ending>(call: ProviderCall, ask: () => Promise<T>) => Promise<T>;
  /** What work does gets no spans of its own; what it came to is told on the one around it. */
  summedUp: <T>(work: () => Promise<T>, facts: (result: T) => Facts) => Promise<T>;
  /** Sends what has ended. Never fails, and takes two seconds at most. */
  close: () => Promise<void>;
};

export const OFF: Telemetry = {
  begin: null,
  workflows: null,
  providerCall: (_call, ask) => ask(),
  summedUp: (work) => work(),
  close: () => Promise.resolve(),
};

/**
 * Once per process.
 *
 * @param process what this one does: `api`, `worker`
 * @throws Error naming the variable whose file cannot be read
 */
export async function openTelemetry(
  settings: TelemetrySettings | null,
  process: string,
  log: Logger,
): Promise<Telemetry> {
  if (settings === null) return OFF;
  const { openTracing } = await import('./tracing.ts');
  return openTracing(settings, process, log);
}
