/**
 * Answers laid out beforehand, and what was asked: so that a test can say to the letter what a client must send
 * and see how it takes the answer. Kept in memory, and only while a script is on.
 */
import { Type, type Static } from 'typebox';

const closed = { additionalProperties: false };

export const ScriptBody = Type.Object(
  {
    /** Taken in their order, each once, by the first call of its method and path. */
    answers: Type.Array(
      Type.Object(
        {
          method: Type.String({ pattern: '^[A-Z]{3,7}$' }),
          /** Under `/<id>`, as sent: without the query, percent-encoding and all. */
          path: Type.String({ pattern: '^/' }),
          status: Type.Optional(Type.Integer({ minimum: 200, maximum: 599 })),
          headers: Type.Optional(Type.Record(Type.String(), Type.String())),
          /** A string is sent as it is, everything else as JSON; left out: an empty body. */
          body: Type.Optional(Type.Unknown()),
          /** In place of `body`: bytes. */
          base64: Type.Optional(Type.String()),
          /** For addresses that carry their own permission (upload sessions): no token is asked for. */
          withoutToken: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type ScriptedAnswer = Static<typeof ScriptBody>['answers'][number];

/** A body is JSON where it says so, a list of pairs where it is a form, else text or, not being UTF-8, base64. */
export type RecordedRequest = {
  method: string;
  path: string;
  query: [name: string, value: string][];
  /** Without those that carry credentials, and those that the transport adds. */
  headers: { [name: string]: string };
  body: RecordedBody;
};
export type RecordedBody =
  | null
  | { json: unknown }
  | { form: [name: string, value: string][] }
  | { text: string }
  | { base64: string };

export type Script = ReturnType<typeof createScript>;

export function createScript() {
  let answers: ScriptedAnswer[] | null = null;
  let requests: RecordedRequest[] = [];
  return {
    isOn: () => answers !== null,
    start(body: Static<typeof ScriptBody>): void {
      answers = [...body.answers];
      requests = [];
    },
    stop(): void {
      answers = null;
      requests = [];
    },
    /** @returns the answer laid out for it, if any */
    take(request: RecordedRequest): ScriptedAnswer | null {
      requests.push(request);
      const index = (answers ?? []).findIndex(
        ({ method, path }) => method === request.method && path === request.path,
      );
      return index < 0 ? null : (answers?.splice(index, 1)[0] ?? null);
    },
    show: () => ({ on: answers !== null, requests, unused: answers ?? [] }),
  };
}

const NOT_RECORDED =
  /^(authorization|cookie|x-api-key|developer-token|host|connection|content-length|transfer-encoding|keep-alive|date|accept-encoding)$/;

export function recorded(asked: {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}): RecordedRequest {
  const [path = '', ...query] = asked.url.split('?');
  return {
    method: asked.method,
    path,
    query: [...new URLSearchParams(query.join('?'))].map(([name, value]): [string, string] =>
      SECRET_PARAMETERS.has(name) ? [name, '…'] : [name, value],
    ),
    headers: Object.fromEntries(
      Object.entries(asked.headers)
        .filter(([name]) => !NOT_RECORDED.test(name))
        .map(([name, value]) => [name, String(value)]),
    ),
    body: bodyIn(asked.body, String(asked.headers['content-type'] ?? '')),
  };
}

const SECRET_PARAMETERS = new Set(['access_token', 'appsecret_proof', 'token']);

function bodyIn(body: Buffer, type: string): RecordedBody {
  if (body.length === 0) return null;
  const text = body.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(body)) return { base64: body.toString('base64') };
  if (/\bjson\b/i.test(type)) {
    try {
      return { json: JSON.parse(text) as unknown };
    } catch {
      return { text };
    }
  }
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return { form: [...new URLSearchParams(text)] };
  return { text };
}
