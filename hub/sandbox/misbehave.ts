/** Carries out the switches that answer in a stand-in's place. */
import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Turn } from './behaviour.ts';
import { assertNever } from './rfc6749.ts';
import type { Reply } from './stand-in.ts';

/** The provider's own words for what it can say of itself. */
export type OwnWords = { rateLimited: (retryAfter: number) => Reply; unavailable: () => Reply };

const GARBAGE =
  '<!doctype html><html lang="en"><title>We will be right back</title><h1>Down for maintenance</h1></html>';

/** @returns whether the request is dealt with; false: it is to be processed as usual */
export async function misbehave(
  turn: Turn,
  request: FastifyRequest,
  reply: FastifyReply,
  words: OwnWords,
  elsewhere: string,
): Promise<boolean> {
  switch (turn.mode) {
    case 'normal':
      return false;
    case 'slow':
      await pause(turn.delayMs ?? 1000, request);
      return request.raw.socket.destroyed;
    case 'down':
      send(reply, words.unavailable());
      return true;
    case 'rate_limited':
      send(reply, words.rateLimited(turn.retryAfter ?? 30));
      return true;
    case 'garbage':
      send(reply, { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: GARBAGE });
      return true;
    case 'redirect':
      send(reply, { status: 302, headers: { location: elsewhere }, body: null });
      return true;
    case 'answer':
      send(reply, {
        status: turn.answer?.status ?? 200,
        body: turn.answer?.body ?? null,
        ...(turn.answer?.headers && { headers: turn.answer.headers }),
      });
      return true;
    case 'refuse':
      cut(request, reply);
      return true;
    case 'hang':
      // The server's close ends it.
      reply.hijack();
      return true;
    case 'huge':
      reply.hijack();
      await pour(reply, turn.megabytes ?? 64);
      return true;
    default:
      return assertNever(turn.mode);
  }
}

export function send(reply: FastifyReply, { status, headers, body }: Reply): void {
  void reply.code(status);
  if (headers) void reply.headers(headers);
  if (body === null) return void reply.send();
  if (typeof body === 'string') {
    if (!reply.hasHeader('content-type')) void reply.type('text/plain; charset=utf-8');
    return void reply.send(body);
  }
  // Stringified here: a name for the type keeps Fastify from adding one of its own (Graph names a parameter).
  if (!reply.hasHeader('content-type')) void reply.type('application/json; charset=utf-8');
  void reply.send(JSON.stringify(body));
}

export function cut(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.destroy();
}

async function pause(ms: number, request: FastifyRequest): Promise<void> {
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), ms);
  const ended = () => gone.abort();
  request.raw.socket.once('close', ended);
  await once(gone.signal, 'abort');
  request.raw.socket.off('close', ended);
  clearTimeout(timer);
}

async function pour({ raw }: FastifyReply, megabytes: number): Promise<void> {
  raw.writeHead(200, { 'content-type': 'application/json' });
  const megabyte = Buffer.alloc(1_048_576, 'x');
  raw.write('{"access_token":"');
  for (let i = 0; i < megabytes && !raw.destroyed; i++)
    if (!raw.write(megabyte)) await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
  raw.end('"}');
}
