/** A test call: the proxy for people and pages. One request as JSON, its whole answer as JSON, within bounds. */
import type { Static } from 'typebox';
import { HubError } from '../../errors.ts';
import { counted, peek } from '../../proxy/body.ts';
import { callProvider, type Call } from '../../proxy/call.ts';
import { flattened, type SentHeaders } from '../../proxy/headers.ts';
import { decoded, isJson, parsed } from '../../proxy/judge.ts';
import { callScope } from '../../proxy/rate-limits.ts';
import { bearerOf, hasBearer } from '../auth.ts';
import type { Routes } from '../context.ts';
import { CallAnswer, Id, NewCall } from '../schemas.ts';
import { subjectOf } from './proxy.ts';

const MOST_ANSWERED_BYTES = 1024 * 1024;
// Nobody tries a call for longer; the proxy is for that.
const LONGEST_PER_TIMEOUT = 3;

export const addRequestRoute: Routes = (app, context) => {
  app.post(
    '/api/connections/:id/request',
    {
      config: { audit: { because: 'calls of the provider are counted by usage, and debug mode shows them' } },
      schema: {
        tags: ['connections'],
        summary: 'A test call of the provider',
        params: Id,
        body: NewCall,
        response: { 200: CallAnswer },
      },
    },
    async (request, reply) => {
      const { body: wish } = request;
      const path = addressIn(wish);
      const subject = await subjectOf(
        context,
        request,
        reply,
        request.params.id,
        callScope(wish.method, path),
      );
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const longest = context.config.durations.providerTimeout * LONGEST_PER_TIMEOUT;
      const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(longest)]);
      const began = performance.now();
      const answered = await callProvider(context, subject, {
        ...callIn(wish, path, signal),
        callerKey: hasBearer(request) ? bearerOf(request) : null,
      });
      const body = counted(answered.passing);
      const { bytes, ended } = await peek(body, MOST_ANSWERED_BYTES).catch((error: unknown) => {
        throw new HubError('PROVIDER_ANSWER_LOST', { detail: 'its answer broke off', cause: error });
      });
      body.destroy();
      return reply.header('cache-control', 'no-store').send({
        status: answered.status,
        headers: flattened(answered.headers),
        ...shown(bytes.subarray(0, MOST_ANSWERED_BYTES), ended, answered.headers),
        durationMs: Math.round(performance.now() - began),
        attempts: answered.attempts,
      });
    },
  );
};

type Wish = Static<typeof NewCall>;

/** What has no place in an address is encoded; what is encoded stays as it is. */
function addressIn({ path, query = {} }: Wish): string {
  const written = path.replace(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character));
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
  );
  if (pairs.length === 0) return written;
  return `${written}${written.includes('?') ? '&' : '?'}${new URLSearchParams(pairs).toString()}`;
}

function callIn(wish: Wish, path: string, signal: AbortSignal): Omit<Call, 'callerKey'> {
  const named = Object.fromEntries(
    Object.entries(wish.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { type, bytes } = contentOf(wish.body, named['content-type']);
  return {
    method: wish.method,
    path,
    apiBase: wish.apiBase ?? null,
    // Unpacked it is read here; a provider that packs it all the same is unpacked too.
    headers: { accept: 'application/json', 'accept-encoding': 'identity', ...type, ...named },
    body: { whole: true, bytes },
    signal,
  };
}

/** A text goes as it is; anything else as JSON, or as a form where the headers say so. */
function contentOf(
  body: unknown,
  given: string | undefined,
): { type: Record<string, string>; bytes: Buffer | null } {
  if (body === undefined || body === null) return { type: {}, bytes: null };
  if (typeof body === 'string')
    return { type: { 'content-type': 'text/plain; charset=utf-8' }, bytes: Buffer.from(body) };
  if (/^application\/x-www-form-urlencoded\b/i.test(given ?? '')) {
    const pairs = Object.entries(body).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    return { type: {}, bytes: Buffer.from(new URLSearchParams(pairs).toString()) };
  }
  return { type: { 'content-type': 'application/json' }, bytes: Buffer.from(JSON.stringify(body)) };
}

/** What there is of the answer: parsed where it is JSON and whole, as text where it is text, else in base64. */
function shown(bytes: Buffer, ended: boolean, headers: SentHeaders) {
  const { 'content-type': type, 'content-encoding': encoding } = flattened(headers);
  const text = encoding === undefined ? bytes.toString('utf8') : decoded(bytes, encoding);
  const truncated = !ended;
  if (ended && isJson(type) && text !== '') {
    const body = parsed(text);
    if (body !== text) return { body, bodyEncoding: 'json' as const, truncated };
  }
  // A character that was cut in two at the end is no sign of bytes.
  const isText = encoding === undefined ? !text.slice(0, -1).includes('\uFFFD') : text !== '';
  return isText
    ? { body: text, bodyEncoding: 'text' as const, truncated }
    : { body: bytes.toString('base64'), bodyEncoding: 'base64' as const, truncated };
}
