/** Traces as HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), which browsers' tools and others open. */
import type { Phases } from '../egress/stopwatch.ts';
import type { Header, Trace, TraceBody } from './trace.ts';

export type Dated = { id: string; at: Date; trace: Trace };

const valueOf = (headers: Header[], wanted: string) =>
  headers.find(({ name }) => name === wanted)?.value ?? '';

export const harOf = (traces: readonly Dated[]) => ({
  log: {
    version: '1.2',
    creator: { name: 'Integration Hub', version: '1' },
    entries: traces.map(entryOf),
  },
});

function entryOf({ id, at, trace }: Dated) {
  const { request, response, phases } = trace;
  const answered = response?.headers ?? [];
  return {
    startedDateTime: at.toISOString(),
    time: trace.durationMs,
    request: {
      method: trace.method,
      url: trace.url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: request.headers,
      queryString: queryOf(trace.url),
      headersSize: -1,
      bodySize: request.body.bytes,
      ...(request.body.bytes > 0
        ? {
            postData: {
              mimeType: valueOf(request.headers, 'content-type'),
              text: request.body.text ?? '',
              comment: commentOf(request.body),
            },
          }
        : {}),
    },
    response: {
      status: response?.status ?? 0,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: answered,
      redirectURL: valueOf(answered, 'location'),
      headersSize: -1,
      bodySize: response?.body.bytes ?? -1,
      content: {
        size: response?.body.bytes ?? 0,
        mimeType: valueOf(answered, 'content-type'),
        ...(response?.body.text === null || response === null ? {} : { text: response.body.text }),
        comment: response ? commentOf(response.body) : '',
      },
      ...(trace.error === null ? {} : { _error: trace.error }),
    },
    cache: {},
    timings: timingsOf(phases),
    comment: `${trace.kind}, attempt ${trace.attempt}: ${trace.outcome}`,
    _id: id,
  };
}

function queryOf(url: string) {
  const at = url.indexOf('?');
  return at < 0 ? [] : [...new URLSearchParams(url.slice(at + 1))].map(([name, value]) => ({ name, value }));
}

function commentOf({ omitted, truncated }: TraceBody): string {
  if (omitted !== null) return `not kept: ${omitted}`;
  return truncated ? 'cut off' : '';
}

/** -1: does not apply. `connect` has `ssl` in it; `send`, `wait` and `receive` must be numbers. */
function timingsOf({ blocked, dns, connect, tls, send, wait, receive }: Phases) {
  return {
    blocked: blocked ?? -1,
    dns: dns ?? -1,
    connect: connect === null ? -1 : connect + (tls ?? 0),
    ssl: tls ?? -1,
    send: send ?? 0,
    wait: wait ?? 0,
    receive: receive ?? 0,
  };
}
