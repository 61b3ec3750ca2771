import type { FastifyRequest } from 'fastify';

/** Of the connection that a route is about, as log lines and spans tell it. */
export const connectionIdOf = (request: FastifyRequest): string | undefined =>
  request.routeOptions?.url?.startsWith('/api/connections/:id')
    ? (request.params as { id?: string } | undefined)?.id
    : undefined;
