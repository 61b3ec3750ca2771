/** A provider's API through the hub: the caller's hub key in, the connection's credentials out. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { findForUse } from '../../database/for-use.ts';
import { HubError } from '../../errors.ts';
import { callBody, passOn, type CallBody } from '../../proxy/body.ts';
import { takeCallerKey } from '../../proxy/caller-key.ts';
import { callProvider, type Answered, type Call, type Subject } from '../../proxy/call.ts';
import { callScope } from '../../proxy/rate-limits.ts';
import { admitted, hasBearer, visible } from '../auth.ts';
import type { ApiContext, Routes } from '../context.ts';
import { Id } from '../schemas.ts';
import { assertSurelyOwnPage } from '../session.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const Choices = Type.Object({
  'hub-api-base': Type.Optional(
    Type.String({ description: "A name of the integration's further API bases (Dropbox: content)" }),
  ),
  'hub-integration': Type.Optional(
    Type.String({ description: 'Refuses a connection of another integration than this id' }),
  ),
});
const Path = Type.Object({
  ...Id.properties,
  '*': Type.String({ description: "Path and query under the API's base, passed on to the letter" }),
});

const ANYTHING = {
  description: "The provider's own answer, with its status and headers, whichever they are",
  content: { '*/*': { schema: {} } },
};

// A caller that neither sends nor reads for this long is given up; how long it all takes is nobody's business.
// Longer than the silence of two answers with a refresh between them: 1 + 1.5 + 1 times the provider's timeout.
const IDLE_PER_TIMEOUT = 6;

// Made once: an error of its own for each call would cost more than the call's authentication.
const GONE = new DOMException('the caller is gone', 'AbortError');

export const addProxyRoute: Routes = (app, context) => {
  // Bodies are passed on as they come: neither parsed nor limited in length.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.route({
    method: [...METHODS],
    url: '/api/connections/:id/proxy/*',
    exposeHeadRoute: false,
    config: {
      audit: { because: 'calls of the provider are counted by usage, and debug mode shows them' },
      passesBodies: true,
    },
    schema: {
      tags: ['connections'],
      summary: "The provider's API, called with the connection's credentials",
      description:
        'Bodies pass in both directions as they are, of any type and length. What the hub says itself carries the header Hub-Problem.',
      params: Path,
      headers: Choices,
      response: { 200: ANYTHING },
    },
    handler: async (request, reply) => {
      const gone = new AbortController();
      let isWhole = false;
      reply.raw.once('close', () => {
        // Nothing is under way any more after an answer in full to a request in full.
        if (!isWhole || !reply.raw.writableFinished) gone.abort(GONE);
      });
      // An answer that comes early leaves a request half read: the rest is read away, so that the caller hears it.
      // Whoever was reading it may have stopped, and would hold it up.
      reply.raw.once('finish', () => request.raw.unpipe().resume());
      const idleMs = context.config.durations.providerTimeout * IDLE_PER_TIMEOUT;
      request.raw.setTimeout(idleMs, () => request.raw.socket.destroy());
      try {
        const { method, params } = request;
        const { key, path } = takeCallerKey(request.headers, pathOf(request));
        if (key !== null) request.headers.authorization = `Bearer ${key}`;
        if (!hasBearer(request) && request.headers.cookie !== undefined) assertSurelyOwnPage(request);
        const subject = await subjectOf(context, request, reply, params.id, callScope(method, path));
        const body = await bodyOf(request, gone.signal);
        isWhole = body.whole;
        const { headers } = request;
        const apiBase = headers['hub-api-base'] ?? null;
        const call: Call = { method, path, apiBase, headers, body, callerKey: key, signal: gone.signal };
        pass(reply, await callProvider(context, subject, call));
      } catch (error) {
        if (!gone.signal.aborted) throw error;
        // Nobody is there to be told.
        reply.hijack();
        reply.raw.destroy();
      }
      return reply;
    },
  });
};

/** The connection, for a key or a session that may use it. @throws HubError */
export async function subjectOf(
  { hub }: Pick<ApiContext, 'hub'>,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  scope: string,
): Promise<Subject> {
  const { caller, found } = await admitted(request, reply, 'tokens:read', (key) =>
    findForUse(hub.db, key, id, scope),
  );
  const row = visible(caller, found?.connection ?? null);
  const wanted = request.headers['hub-integration'];
  if (wanted !== undefined && wanted !== row.integrationId)
    throw new HubError('INTEGRATION_MISMATCH', { detail: `it is of ${row.integrationId}` });
  return { row, app: found?.app ?? null, waitMs: found?.waitMs ?? 0 };
}

/** From the address as it came: a decoded one could no longer be passed on to the letter. */
function pathOf({ raw }: FastifyRequest): string {
  const [, path] = /^\/api\/connections\/[^/?]+\/proxy(\/.*)$/s.exec(raw.url ?? '') ?? [];
  if (path === undefined) throw new HubError('NOT_FOUND');
  return path;
}

/** RFC 9112 §6.3: without either header there is no body. */
function bodyOf({ raw, headers }: FastifyRequest, signal: AbortSignal): Promise<CallBody> {
  const isCounted = headers['transfer-encoding'] === undefined;
  return callBody(raw, isCounted ? Number(headers['content-length'] ?? 0) : null, signal);
}

function pass(reply: FastifyReply, { status, headers, passing, attempts, sendAgain }: Answered): void {
  const { raw } = reply;
  for (const own of [reply.getHeaders(), headers])
    for (const [name, value] of Object.entries(own))
      // The hub's own go before the provider's.
      if (value !== undefined && !raw.hasHeader(name)) raw.setHeader(name, value);
  reply.hijack();
  raw.writeHead(status, {
    // Whatever the provider serves is no page of the hub's.
    'content-security-policy': "default-src 'none'; sandbox",
    'hub-attempts': String(attempts),
    ...(sendAgain ? { 'hub-repeatable': 'no' } : {}),
  });
  passOn(passing, raw);
}
