/** The catalogue. */
import { Type } from 'typebox';
import { findApp, listSandboxFlags } from '../../database/apps.ts';
import { findIntegration, offeredIntegration } from '../../oauth/setup.ts';
import { requires } from '../auth.ts';
import { fromCursor, pageOf, showIntegration } from '../presentation.ts';
import { Id, Integration, IntegrationStatus, ListOf, Page } from '../schemas.ts';
import type { Routes } from '../context.ts';

const Filter = Type.Object({
  category: Type.Optional(Type.String({ maxLength: 64 })),
  status: Type.Optional(IntegrationStatus),
  q: Type.Optional(
    Type.String({ maxLength: 200, description: 'Looked for in names, descriptions and capabilities' }),
  ),
  ...Page.properties,
});

const Logo = {
  description: 'An SVG',
  content: { 'image/svg+xml': { schema: Type.String() } },
};

export const addIntegrationRoutes: Routes = (app, { hub }) => {
  const preHandler = requires(hub.db, 'integrations:read');
  const tags = ['integrations'];

  app.get(
    '/api/integrations',
    { preHandler, schema: { tags, querystring: Filter, response: { 200: ListOf(Integration) } } },
    async ({ query }) => {
      const apps = await listSandboxFlags(hub.db);
      const after = fromCursor(query.cursor);
      const wanted = query.q?.toLowerCase();
      const found = hub.catalogue
        .list()
        .filter(
          (one) =>
            query.category === undefined || one.category.toLowerCase() === query.category.toLowerCase(),
        )
        .filter((one) => query.status === undefined || one.status === query.status)
        .filter(
          (one) =>
            wanted === undefined ||
            [one.id, one.name, one.description, one.category, ...one.capabilities].some((text) =>
              text.toLowerCase().includes(wanted),
            ),
        )
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .filter((one) => after === null || one.id > after);
      const show = (one: (typeof found)[number]) => showIntegration(hub, one, apps.get(one.id) ?? null);
      return pageOf(found, query.limit, (one) => one.id, show);
    },
  );

  app.get(
    '/api/integrations/:id',
    { preHandler, schema: { tags, params: Id, response: { 200: Integration } } },
    async ({ params }) => {
      const definition = offeredIntegration(hub, params.id);
      return showIntegration(hub, definition, await findApp(hub.db, definition.id));
    },
  );

  app.get(
    '/api/integrations/:id/logo.svg',
    { schema: { tags, security: [], params: Id, response: { 200: Logo } } },
    async ({ params }, reply) => {
      const { logo } = findIntegration(hub, params.id);
      return reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(logo);
    },
  );
};
