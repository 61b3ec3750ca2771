/** API keys. A key is shown once. */
import { Type } from 'typebox';
import { uuidv7 } from 'uuidv7';
import { createApiKey, listApiKeys, revokeApiKey } from '../../database/api-keys.ts';
import { HubError } from '../../errors.ts';
import { requires } from '../auth.ts';
import { fromCursor, pageOf } from '../presentation.ts';
import { CreatedKey, Id, Key, ListOf, NewKey, Page } from '../schemas.ts';
import type { Routes } from '../context.ts';

export const addKeyRoutes: Routes = (app, { hub }) => {
  const preHandler = requires(hub.db, 'keys:write');
  const tags = ['API keys'];

  app.post(
    '/api/keys',
    {
      config: { audit: { action: 'key.create', keep: ['role', 'userId'] } },
      preHandler,
      schema: { tags, body: NewKey, response: { 201: CreatedKey } },
    },
    async ({ body, caller }, reply) => {
      // A builder without a user named is a user of their own: two such keys must not see each other's connections.
      const userId = body.userId ?? (body.role === 'builder' ? uuidv7() : caller.userId);
      const { createdAt: _, ...created } = await createApiKey(hub.db, {
        name: body.name,
        role: body.role,
        userId,
      });
      return reply.status(201).header('cache-control', 'no-store').send(created);
    },
  );

  app.get(
    '/api/keys',
    { preHandler, schema: { tags, querystring: Page, response: { 200: ListOf(Key) } } },
    async ({ query }) => {
      const rows = await listApiKeys(hub.db, fromCursor(query.cursor), query.limit + 1);
      return pageOf(
        rows,
        query.limit,
        ({ id }) => id,
        ({ id, name, role, userId, createdAt, lastUsed }) => ({
          id,
          name,
          role,
          userId,
          createdAt: createdAt.toISOString(),
          lastUsed: lastUsed?.toISOString() ?? null,
        }),
      );
    },
  );

  app.delete(
    '/api/keys/:id',
    {
      config: { audit: { action: 'key.revoke' } },
      preHandler,
      schema: { tags, params: Id, response: { 204: Type.Null() } },
    },
    async ({ params }, reply) => {
      const outcome = await revokeApiKey(hub.db, params.id);
      if (outcome === 'unknown') throw new HubError('KEY_NOT_FOUND');
      if (outcome === 'last_admin') throw new HubError('LAST_ADMIN_KEY');
      return reply.status(204).send(null);
    },
  );
};
