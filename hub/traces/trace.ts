/**
 * One request to a provider, as whoever debugs a connection sees it. What is kept is made without its secrets
 * before it leaves this process's memory, and sealed all the same: what is in it may be private.
 */
import { decoded } from '../proxy/judge.ts';
import type { Phases } from '../egress/stopwatch.ts';
import type { Redactor } from './redaction.ts';

/** Characters shown of a body; and bytes gathered of it, so that a secret at the end is known for one. */
export const MOST_SHOWN = 64 * 1024;
export const MOST_GATHERED = 128 * 1024;

/** What passed of a body. `start`: its beginning, up to MOST_GATHERED. */
export type Passed = { start: Buffer; bytes: number };

/** @param all of the body; null: there is none */
export const passedOf = (all: Buffer | null): Passed => ({
  start: (all ?? Buffer.alloc(0)).subarray(0, MOST_GATHERED),
  bytes: all?.length ?? 0,
});

type Headers = Record<string, string | string[] | undefined>;
export type Header = { name: string; value: string };

export type TraceBody = {
  bytes: number;
  /** Null: there was none, or it is not shown. */
  text: string | null;
  truncated: boolean;
  /** Why it is not shown. */
  omitted: 'binary' | 'secret' | 'unreadable' | 'forbidden' | null;
};

export type TraceKind = 'call' | 'probe' | 'token';

export type Trace = {
  /** `token`: a request to the token endpoint. */
  kind: TraceKind;
  /** 2: the same call again, with a renewed token. */
  attempt: number;
  method: string;
  url: string;
  request: { headers: Header[]; body: TraceBody };
  response: { status: number; headers: Header[]; body: TraceBody } | null;
  /** Why there was no answer, or no whole one. */
  error: string | null;
  /** What the answer meant: `ok`, `rateLimited`, `credential_expired`, … */
  outcome: string;
  durationMs: number;
  phases: Phases;
};

export type Exchange = {
  kind: TraceKind;
  attempt: number;
  request: { method: string; url: string; headers: Headers; body: Passed };
  response: { status: number; headers: Headers; body: Passed } | null;
  error: string | null;
  outcome: string;
  durationMs: number;
  phases: Phases;
};

export function traceOf(exchange: Exchange, redactor: Redactor): Trace {
  const { request, response, kind } = exchange;
  const body = (headers: Headers, passed: Passed) =>
    // A token endpoint's bodies are secrets with names around them.
    kind === 'token' && passed.bytes > 0 ? omittedBody(passed, 'secret') : bodyOf(headers, passed, redactor);
  const headersOf = (headers: Headers): Header[] =>
    Object.entries(headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((one) => ({ name: redactor.text(name), value: redactor.header(name, one) })),
    );
  return {
    kind,
    attempt: exchange.attempt,
    method: request.method,
    url: redactor.text(request.url),
    request: { headers: headersOf(request.headers), body: body(request.headers, request.body) },
    response: response && {
      status: response.status,
      headers: headersOf(response.headers),
      body: body(response.headers, response.body),
    },
    error: exchange.error,
    outcome: exchange.outcome,
    durationMs: Math.round(exchange.durationMs),
    phases: exchange.phases,
  };
}

const omittedBody = ({ bytes }: Passed, omitted: TraceBody['omitted']): TraceBody => ({
  bytes,
  text: null,
  truncated: false,
  omitted,
});

const TEXT =
  /^(?:text\/|multipart\/|message\/|application\/(?:[\w.+-]*(?:json|xml|javascript|graphql|yaml|urlencoded)))/i;

function bodyOf(headers: Headers, passed: Passed, redactor: Redactor): TraceBody {
  const { start, bytes } = passed;
  if (bytes === 0) return omittedBody(passed, null);
  const type = String(headers['content-type'] ?? 'text/plain');
  const encoding = headers['content-encoding'];
  const isWhole = start.length === bytes;
  if (!TEXT.test(type)) return omittedBody(passed, 'binary');
  const isPacked = encoding !== undefined && !/^identity$/i.test(String(encoding));
  const text = isPacked ? (isWhole ? decoded(start, String(encoding)) : '') : start.toString('utf8');
  if (text === '') return omittedBody(passed, 'unreadable');
  // Bytes of another character set could hide anything. A character may be cut in two at the end.
  if (/[\0\uFFFD]/.test(text.slice(0, -1))) return omittedBody(passed, 'binary');
  const length = isWhole || isPacked ? text.length : Math.max(0, text.length - redactor.longest);
  const shown = Math.min(MOST_SHOWN, length);
  return {
    bytes,
    text: redactor.text(text, shown),
    truncated: shown < text.length || !isWhole,
    omitted: null,
  };
}
