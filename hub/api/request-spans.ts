/** One span per request, by the pattern of its route: no address, query, header or body is in it. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RequestSpan, Telemetry } from '../telemetry/telemetry.ts';
import { connectionIdOf } from './request-facts.ts';

export function useRequestSpans(app: FastifyInstance, begin: NonNullable<Telemetry['begin']>): void {
  const spans = new WeakMap<FastifyRequest, RequestSpan>();
  app.addHook('onRequest', (request, reply, done) => {
    // Routes that are asked all day by machines say so.
    if (request.routeOptions.logLevel) return done();
    const { method, headers, routeOptions } = request;
    const span = begin({
      method,
      headers,
      route: routeOptions.url ?? null,
      connectionId: connectionIdOf(request),
    });
    spans.set(request, span);
    // Fastify's own hook is not told of a caller who left.
    reply.raw.once('close', () => span.end(reply.raw.writableFinished ? reply.raw.statusCode : null));
    span.within(done);
  });
  // Whatever reads a body goes on in the socket's context, which is nobody's.
  app.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span) span.within(done);
    else done();
  });
}
