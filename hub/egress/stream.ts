/**
 * Requests and answers of any length, passed on as they come. The same door as `send`, with connections of its
 * own: a long download never keeps a token request waiting.
 */
import type { Readable } from 'node:stream';
import { createAgent } from './agent.ts';
import { describe, whyRefused, type Unanswered } from './outcome.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { ProviderRequest } from '../telemetry/telemetry.ts';

export type StreamRequest = {
  method: string;
  /** Scheme, host and port. */
  origin: string;
  /** Path and query, sent to the letter. */
  target: string;
  headers: Record<string, string | string[]>;
  body: Readable | Buffer | null;
};

export type StreamOptions = {
  /** As for `send`. */
  hosts: readonly string[];
  /** How long the provider may take to begin its answer, counted from the last byte of the request. */
  headersTimeoutMs: number;
  /** How long it may fall silent within its answer. */
  idleTimeoutMs: number;
  /** The asker is gone. */
  signal: AbortSignal;
  stopwatch?: Stopwatch | undefined;
  about?: ProviderRequest;
};

export type StreamAnswer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Destroyed by whoever does not read it to its end. */
  body: Readable;
};

/** `answered`: its beginning is here. The rest as for `send`. */
export type StreamOutcome = { kind: 'answered'; answer: StreamAnswer } | Unanswered;

export function createStreams(allowPrivateNetwork: boolean) {
  const agent = createAgent(allowPrivateNetwork, 256);
  return {
    async stream(request: StreamRequest, options: StreamOptions): Promise<StreamOutcome> {
      const refusal = whyRefused(new URL(request.origin), options.hosts, allowPrivateNetwork);
      if (refusal) return { kind: 'refused', why: refusal };
      const ask = () =>
        agent.request({
          origin: request.origin,
          path: request.target,
          method: request.method,
          headers: request.headers,
          body: request.body,
          signal: options.signal,
          headersTimeout: options.headersTimeoutMs,
          bodyTimeout: options.idleTimeoutMs,
        });
      try {
        const { statusCode, headers, body } = await (options.stopwatch?.around(ask) ?? ask());
        // Whoever reads it is told of its failure by reading; one that is let go fails unheard.
        body.on('error', () => {});
        return { kind: 'answered', answer: { status: statusCode, headers, body } };
      } catch (error) {
        return describe(error, false);
      }
    },
    close: () => agent.close(),
  };
}
