/** A reader of server-sent events, as WHATWG HTML §9.2 has it; it may stop reading, and it tells when the stream ended. */
import type { Json } from '../setup/client.ts';

export type Told = { id: string; event: string; data: Json };
export type SseClient = {
  status: number;
  headers: Headers;
  /** Where the next connection resumes. */
  lastEventId: () => string | undefined;
  told: Told[];
  ended: Promise<void>;
  close: () => void;
};

/** @returns once the stream has begun and said where, or was refused */
export async function openStream(
  hubUrl: string,
  key: string,
  options: { query?: string; lastEventId?: string | undefined } = {},
): Promise<SseClient> {
  const life = new AbortController();
  const { query = '', lastEventId } = options;
  const response = await fetch(`${hubUrl}/api/events${query}`, {
    signal: life.signal,
    headers: {
      authorization: `Bearer ${key}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  });
  const told: Told[] = [];
  let last = lastEventId;
  const begun = Promise.withResolvers<void>();
  const ended = read(response, (fields) => {
    last = fields.get('id') ?? last;
    const data = fields.get('data');
    if (data !== undefined)
      told.push({ id: last ?? '', event: fields.get('event') ?? 'message', data: JSON.parse(data) });
    begun.resolve();
  })
    .catch(() => {})
    .finally(() => begun.resolve());
  await begun.promise;
  return {
    status: response.status,
    headers: response.headers,
    lastEventId: () => last,
    told,
    ended,
    close: () => life.abort(),
  };
}

async function read(response: Response, take: (fields: Map<string, string>) => void): Promise<void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n').filter((line) => line !== '' && !line.startsWith(':'));
      if (lines.length > 0) take(new Map(lines.map((line) => fieldOf(line))));
    }
  }
}

function fieldOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}
