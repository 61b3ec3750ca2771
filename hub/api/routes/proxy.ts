/** Calls of a provider through a connection: the caller never holds its token. */
import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { findForToken } from '../../database/api-keys.ts';
import { HubError } from '../../errors.ts';
import { proxyCall } from '../../proxy/call.ts';
import { admit, bearerOf, visible } from '../auth.ts';
import type { Routes } from '../context.ts';
import { markUsed } from './token.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
// Larger bodies are streamed, and not sent a second time.
const REPEATABLE_BYTES = 1024 * 1024;

export const addProxyRoute: Routes = (app, context) => {
  const { hub, lifecycle } = context;
  // Bodies pass as they come.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.route<{ Params: { id: string; '*': string } }>({
    method: METHODS,
    url: '/api/connections/:id/proxy/*',
    exposeHeadRoute: false,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    schema: { hide: true },
    handler: async (request, reply) => {
      const found = await findForToken(hub.db, bearerOf(request), request.params.id);
      const caller = admit(found?.key ?? null, 'tokens:read');
      const row = visible(caller, found?.connection ?? null);
      const wanted = headerOf(request, 'hub-integration');
      if (wanted !== null && wanted !== row.integrationId)
        throw new HubError('CONNECTION_OF_ANOTHER_INTEGRATION', {
          detail: `it is of ${row.integrationId}, not of ${wanted}`,
        });
      markUsed(row.id);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const { method, headers } = request;
      const {
        status,
        headers: answered,
        body,
      } = await proxyCall({ hub, lifecycle }, row, {
        method,
        ...addressOf(request),
        baseName: headerOf(request, 'hub-api-base'),
        headers,
        body: await bodyOf(request),
        signal: gone.signal,
      });
      return reply.status(status).headers(answered).send(body);
    },
  });
};

const headerOf = ({ headers }: FastifyRequest, name: string): string | null => {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** As it came over the wire: what a provider reads from an address is not ours to spell anew. */
function addressOf({ raw }: FastifyRequest): { path: string; query: string } {
  const [, path = '', query = ''] =
    /^\/api\/connections\/[^/?]+\/proxy(\/[^?]*)(?:\?(.*))?$/s.exec(raw.url ?? '') ?? [];
  return { path, query };
}

async function bodyOf({ headers, body }: FastifyRequest): Promise<Readable | Buffer | null> {
  const stream = body as Readable | undefined | null;
  if (!stream) return null;
  const length = Number(headers['content-length'] ?? NaN);
  if (!(length <= REPEATABLE_BYTES)) return stream;
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
