/**
 * The one way out. Every request of the hub to somebody else goes through here: addresses checked,
 * credentials only to hosts that were named for them, no redirects, a timeout over the whole exchange,
 * a cap on the answer.
 */
import type { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import type { Answer, OutgoingRequest } from '../../integrations/definition/integration.ts';
import { AddressRefused, assertUrlAllowed, hostMatches, publicLookup } from './address.ts';

/**
 * What became of a request.
 * - `answered`: the whole answer is here
 * - `refused`: nothing was sent, the address is not allowed
 * - `unsent`: nothing reached the provider (no address, no connection)
 * - `unknown`: it was sent, or may have been, and no whole answer came
 */
export type Outcome =
  | { kind: 'answered'; answer: Answer; ms: number }
  | { kind: 'refused'; why: string }
  | { kind: 'unsent'; why: string }
  | { kind: 'unknown'; why: string };

export type Egress = {
  /**
   * @param hosts where this request's credentials may go: host patterns, or origins (`http://localhost:3001`)
   * @param timeoutMs over everything: connecting, sending, the last byte of the answer
   */
  send: (
    outgoing: OutgoingRequest,
    options: { hosts: readonly string[]; timeoutMs?: number },
  ) => Promise<Outcome>;
  /** The same door for calls that are passed through: neither body is kept, read or parsed. */
  stream: (
    outgoing: StreamedRequest,
    options: { hosts: readonly string[]; signal: AbortSignal },
  ) => Promise<StreamedOutcome>;
  assertAllowed: (url: string) => void;
  close: () => Promise<void>;
};

export type StreamedRequest = {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: Readable | Buffer | null;
};
/** `body` must be read to its end or destroyed. */
export type StreamedAnswer = {
  kind: 'answered';
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Readable;
};
export type StreamedOutcome = StreamedAnswer | Exclude<Outcome, { kind: 'answered' }>;

type Settings = { allowPrivateNetwork: boolean; timeoutMs: number; maxAnswerBytes?: number };

// A report may take minutes to begin and an upload hours to end; a silence this long is neither.
const STREAM_SILENCE_MS = 5 * 60_000;

// No token answer or probe is anywhere near it; what is longer is not what was asked for.
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;

/** Errors that come before a byte of the request went out. */
const BEFORE_SENDING = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export function createEgress(settings: Settings): Egress {
  const { allowPrivateNetwork, maxAnswerBytes = MAX_ANSWER_BYTES } = settings;
  const agent = new Agent({
    connections: 64,
    // A kept connection that the provider closed just now would make a sent request's outcome unknown.
    keepAliveTimeout: 2_000,
    keepAliveMaxTimeout: 10_000,
    connect: { timeout: 10_000, ...(allowPrivateNetwork ? {} : { lookup: publicLookup }) },
  });

  return {
    async send(outgoing, { hosts, timeoutMs = settings.timeoutMs }) {
      const url = withQuery(outgoing);
      const refusal = whyRefused(url, hosts, allowPrivateNetwork);
      if (refusal) return { kind: 'refused', why: refusal };
      const started = performance.now();
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const response = await request(url, {
          dispatcher: agent,
          method: outgoing.method,
          signal,
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
          ...contentOf(outgoing),
        });
        const text = await readCapped(response.body, maxAnswerBytes);
        const headers = flatten(response.headers);
        const answer = { status: response.statusCode, headers, body: parse(text) };
        return { kind: 'answered', answer, ms: Math.round(performance.now() - started) };
      } catch (error) {
        return describe(error, signal.aborted);
      }
    },
    async stream({ method, url, headers, body }, { hosts, signal }) {
      const refusal = whyRefused(url, hosts, allowPrivateNetwork);
      if (refusal) return { kind: 'refused', why: refusal };
      try {
        const response = await request(url, {
          dispatcher: agent,
          method: method,
          headers,
          body,
          signal,
          headersTimeout: STREAM_SILENCE_MS,
          bodyTimeout: STREAM_SILENCE_MS,
        });
        const { statusCode: status, headers: answered } = response;
        return { kind: 'answered', status, headers: answered, body: response.body };
      } catch (error) {
        return describe(error, signal.aborted) as StreamedOutcome;
      }
    },
    assertAllowed: (url) => assertUrlAllowed(new URL(url), allowPrivateNetwork),
    close: () => agent.close(),
  };
}

function whyRefused(url: URL, hosts: readonly string[], allowPrivateNetwork: boolean): string | null {
  const named = hosts.includes(url.origin);
  // `host` has a port where it is not the scheme's own: a pattern without one means that.
  const matched = hostMatches(url.host, hosts);
  if (!named && !matched) return `${url.host} is not a host of this integration`;
  try {
    assertUrlAllowed(url, allowPrivateNetwork);
    return null;
  } catch (error) {
    if (error instanceof AddressRefused) return error.message;
    throw error;
  }
}

function withQuery(outgoing: OutgoingRequest): URL {
  const url = new URL(outgoing.url);
  for (const [name, value] of Object.entries(outgoing.query ?? {})) url.searchParams.set(name, value);
  return url;
}

function contentOf(outgoing: OutgoingRequest): { headers: Record<string, string>; body?: string } {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'user-agent': 'IntegrationHub/1',
    ...lowerCased(outgoing.headers ?? {}),
  };
  if (outgoing.form) {
    const body = new URLSearchParams(outgoing.form).toString();
    return { headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body };
  }
  if (outgoing.json !== undefined)
    return {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(outgoing.json),
    };
  return { headers };
}

async function readCapped(
  body: AsyncIterable<Buffer> & { destroy: () => unknown },
  most: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > most) {
      body.destroy();
      throw Object.assign(new Error(`the answer is longer than ${most} bytes`), { code: 'ANSWER_TOO_LONG' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function describe(error: unknown, timedOut: boolean): Outcome {
  const codes = causes(error).map((cause) => ('code' in cause ? String(cause.code) : cause.name));
  if (causes(error).some((cause) => cause instanceof AddressRefused))
    return { kind: 'refused', why: 'the address is not a public one' };
  const code = codes.find(
    (found) => BEFORE_SENDING.has(found) || /^(ERR_TLS|CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)_/.test(found),
  );
  if (code) return { kind: 'unsent', why: code };
  return { kind: 'unknown', why: timedOut ? 'TIMEOUT' : (codes[0] ?? 'UNKNOWN') };
}

function causes(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return [error, ...inner.flatMap(causes), ...causes(error.cause)];
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

const lowerCased = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
