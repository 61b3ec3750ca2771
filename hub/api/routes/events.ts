/**
 * Events as they happen: server-sent events (WHATWG HTML §9.2).
 *
 * Sent as a stream through Fastify, which takes from it only what the client takes. @fastify/sse was tried and
 * left: it waits for a client to take more without noticing that it went away, writes its heartbeats past that
 * wait, and its refusals are no problem documents.
 */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { findApiKeyById } from '../../database/api-keys.ts';
import { findSessionUser } from '../../database/users.ts';
import { findConnection } from '../../database/connections.ts';
import { lastEventSequence, type EventFilter, type EventRow } from '../../database/events.ts';
import type { EventType } from '../../database/schema.ts';
import { HubError } from '../../errors.ts';
import { createFeed, type Feed } from '../../notifications/feed.ts';
import { EVENT_PATTERNS, lifecycleEvent, typesOf } from '../../notifications/lifecycle-event.ts';
import { pause } from '../../patience.ts';
import { admit, allowed, requires, seesEverything, visible, type Caller } from '../auth.ts';
import type { ApiContext, Routes } from '../context.ts';
import { EventStream, EventStreamFilter } from '../schemas.ts';

// A comment this often, so that nobody on the way takes a quiet stream for a dead one.
const BEAT_MS = 15_000;
// The streams of a revoked key, or of an ended session, end after this at the latest.
const CHECK_MS = 5_000;
// A client that does not take the end of its stream is cut off.
const FAREWELL_MS = 1_000;
const MOST_PER_KEY = 100;

export const addEventRoutes: Routes = (app, { hub, config }) => {
  const feed = createFeed(hub);
  const open = new Map<string, Set<() => void>>();
  app.addHook('preClose', (done) => {
    for (const streams of open.values()) for (const stop of streams) stop();
    done();
  });

  app.get(
    '/api/events',
    {
      preHandler: requires(hub.db, 'events:read'),
      // Its HEAD would be a stream that nobody reads.
      exposeHeadRoute: false,
      schema: { tags: ['events'], querystring: EventStreamFilter, response: { 200: EventStream } },
    },
    async (request, reply) => {
      const { query, caller } = request;
      const filter = await filterOf(hub, caller, query);
      const streams = open.get(`${caller.via}:${caller.id}`) ?? new Set();
      if (streams.size >= MOST_PER_KEY)
        throw new HubError('RATE_LIMITED', { detail: `${MOST_PER_KEY} streams are open already` });
      // Each is a socket and a question to the database every few seconds, and somebody may make any number of keys.
      if ([...open.values()].reduce((sum, { size }) => sum + size, 0) >= config.mostStreams)
        throw new HubError('RATE_LIMITED', {
          detail: `this process has all the streams open that HUB_MOST_STREAMS allows: ${config.mostStreams}`,
        });
      const { signal, stop } = lifeOf(hub, caller, reply, (ended) => {
        streams.delete(ended);
        if (streams.size === 0) open.delete(`${caller.via}:${caller.id}`);
      });
      open.set(`${caller.via}:${caller.id}`, streams.add(stop));
      const lastEventId = request.headers['last-event-id']?.toString() ?? query.lastEventId;
      const position =
        lastEventId === undefined ? await feed.now(signal) : await positionOf(hub, lastEventId);
      return (
        reply
          .type('text/event-stream; charset=utf-8')
          .header('cache-control', 'no-store')
          .header('x-accel-buffering', 'no')
          // Its socket ends with it: kept for another request, it would hold up the server's closing.
          .header('connection', 'close')
          .send(Readable.from(messages(hub, feed, filter, position, signal)))
      );
    },
  );
};

type Query = { types?: string; integrationId?: string; connectionId?: string };

async function filterOf({ db }: ApiContext['hub'], caller: Caller, query: Query): Promise<EventFilter> {
  const { integrationId, connectionId } = query;
  if (connectionId !== undefined) visible(caller, await findConnection(db, connectionId));
  return {
    types: wantedTypes(query.types),
    integrationId,
    connectionId,
    userId: seesEverything(caller) ? undefined : caller.userId,
  };
}

/** @throws HubError VALIDATION_FAILED */
export function wantedTypes(list: string | undefined): EventType[] | undefined {
  const types = list === undefined ? undefined : typesOf(list.split(','));
  if (types !== null) return types;
  throw new HubError('VALIDATION_FAILED', {
    errors: [
      {
        path: '/querystring/types',
        message: `must be some of ${EVENT_PATTERNS.join(', ')}, separated by commas`,
      },
    ],
    detail: 'see errors',
  });
}

/** What no stream of this hub has sent is refused: from such a position events would be missed in silence. */
async function positionOf({ db }: ApiContext['hub'], lastEventId: string): Promise<number> {
  const position = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Infinity;
  if (position <= (await lastEventSequence(db))) return position;
  throw new HubError('VALIDATION_FAILED', {
    errors: [{ path: '/headers/last-event-id', message: 'is not an id of this stream; begin without one' }],
    detail: 'see errors',
  });
}

/** A stream lives until its client goes, its key is revoked or its session ended, or the server closes. */
function lifeOf(
  { db, log }: ApiContext['hub'],
  caller: Caller,
  reply: FastifyReply,
  ended: (stop: () => void) => void,
): { signal: AbortSignal; stop: () => void } {
  const life = new AbortController();
  const stop = () => {
    life.abort();
    setTimeout(() => reply.raw.destroy(), FAREWELL_MS).unref();
  };
  const checking = setInterval(() => {
    stillAdmitted(db, caller).catch((error: unknown) => {
      // A database that is away proves nothing of the key, and has no events to tell either.
      if (error instanceof HubError) stop();
      else log.warn({ err: error }, 'a stream’s key could not be checked');
    });
  }, CHECK_MS);
  reply.raw.once('close', () => {
    clearInterval(checking);
    life.abort();
    ended(stop);
  });
  return { signal: life.signal, stop };
}

/** @throws HubError where the key or the session is no longer good, or not for what was being seen */
async function stillAdmitted(db: ApiContext['hub']['db'], { via, id, role }: Caller): Promise<void> {
  const now =
    via === 'api_key'
      ? admit(await findApiKeyById(db, id), 'events:read')
      : allowed(await findSessionUser(db, id), 'events:read');
  // Somebody's role was changed: what they may see is decided when a stream begins.
  if (now.role !== role) throw new HubError('FORBIDDEN');
}

/** The text of the stream, as far as it is taken. */
async function* messages(
  { log }: ApiContext['hub'],
  feed: Feed,
  filter: EventFilter,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let position = from;
  let beatAt = Date.now() + BEAT_MS;
  // An id without data is remembered too (§9.2.6): whoever is cut off before the first event resumes here.
  yield `retry: 3000\nid: ${position}\n\n`;
  while (!signal.aborted) {
    try {
      const { events, position: next } = await feed.read(filter, position, beatAt - Date.now(), signal);
      position = next;
      if (events.length === 0 && Date.now() < beatAt) continue;
      yield events.length > 0 ? events.map(message).join('') : ': \n\n';
      beatAt = Date.now() + BEAT_MS;
    } catch (error) {
      log.warn({ err: error }, 'a stream could not read on');
      await pause(1_000, signal);
    }
  }
}

const message = (row: EventRow) =>
  `id: ${row.sequence}\nevent: ${row.type}\ndata: ${JSON.stringify(lifecycleEvent(row))}\n\n`;
