/** An OTLP receiver: what it is sent, to the letter, and as spans where it is JSON. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export type Span = {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  kind: 'internal' | 'server' | 'client';
  failed: boolean;
  attributes: Record<string, string | number | boolean>;
  service: string;
  resource: Record<string, string | number | boolean>;
  scope: string;
};

export type Export = { path: string; headers: Record<string, string | string[] | undefined>; text: string };

export type Collector = {
  url: string;
  exports: Export[];
  spans: () => Span[];
  /** From now on. */
  answer: (status: number) => void;
  /** From now on nothing is answered. */
  hang: () => void;
  close: () => void;
};

export async function startCollector(): Promise<Collector> {
  const exports: Export[] = [];
  let status: number | null = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      const all = Buffer.concat(chunks);
      const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(all) : all;
      exports.push({ path, headers: { ...headers }, text: bytes.toString('utf8') });
      if (status !== null)
        response.writeHead(status, { 'content-type': String(headers['content-type']) }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    exports,
    spans: () => exports.flatMap(({ text }) => (text.startsWith('{') ? spansIn(text) : [])),
    answer: (next) => void (status = next),
    hang: () => void (status = null),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

type Value = { stringValue?: string; intValue?: number | string; doubleValue?: number; boolValue?: boolean };
type Attributes = { key: string; value: Value }[];
type Body = {
  resourceSpans: {
    resource: { attributes: Attributes };
    scopeSpans: { scope: { name: string }; spans: SentSpan[] }[];
  }[];
};
type SentSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status?: { code?: number };
  attributes?: Attributes;
};

const KINDS: Record<number, Span['kind']> = { 1: 'internal', 2: 'server', 3: 'client' };

function spansIn(text: string): Span[] {
  return (JSON.parse(text) as Body).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, kind, status, attributes = [] }) => ({
        traceId,
        spanId,
        parentSpanId: parentSpanId || null,
        name,
        kind: KINDS[kind] ?? 'internal',
        failed: status?.code === 2,
        attributes: recordOf(attributes),
        service: String(recordOf(resource.attributes)['service.name']),
        resource: recordOf(resource.attributes),
        scope: scope.name,
      })),
    ),
  );
}

const recordOf = (attributes: Attributes) =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.boolValue ?? Number(value.intValue ?? value.doubleValue),
    ]),
  );

/** A trace as a tree: one line per span, indented below its parent. Those whose parent is elsewhere come first. */
export function treeOf(spans: Span[]): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = (parent: Span | null, depth: number): string[] =>
    spans
      .filter(({ parentSpanId }) =>
        parent === null ? parentSpanId === null || !ids.has(parentSpanId) : parentSpanId === parent.spanId,
      )
      .flatMap((span) => [`${'  '.repeat(depth)}${span.name}`, ...below(span, depth + 1)]);
  return below(null, 0);
}
