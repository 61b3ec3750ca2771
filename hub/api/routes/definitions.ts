/** Integrations of somebody's own, and the test of any integration. */
import { Type } from 'typebox';
import { findApp } from '../../database/apps.ts';
import {
  deleteDefinition,
  findDefinition,
  insertDefinition,
  replaceDefinition,
} from '../../database/definitions.ts';
import { findConnection } from '../../database/connections.ts';
import { compileDefinition } from '../../definitions/compile.ts';
import { definitionSchema, type Definition } from '../../definitions/schema.ts';
import { HubError } from '../../errors.ts';
import type { Integration as Compiled } from '../../../integrations/definition/integration.ts';
import type { Hub } from '../../hub.ts';
import { testIntegration } from '../../oauth/integration-test.ts';
import { offeredIntegration } from '../../oauth/setup.ts';
import { requires } from '../auth.ts';
import { showIntegration } from '../presentation.ts';
import { AnyObject, Id, Integration, IntegrationTest } from '../schemas.ts';
import type { Routes } from '../context.ts';

// Its own check names every field at fault, which a schema at the door would do less well.
const Body = Type.Record(Type.String(), Type.Unknown(), { description: 'As /schemas/integration.json says' });

export const addDefinitionRoutes: Routes = (app, { hub, config }) => {
  const preHandler = requires(hub.db, 'apps:write');
  const tags = ['integrations'];
  const show = async (integration: Compiled) =>
    showIntegration(hub, integration, await findApp(hub.db, integration.id));

  app.get(
    '/schemas/integration.json',
    {
      schema: {
        tags,
        security: [],
        summary: 'How a definition of an integration is written, as a JSON Schema',
        response: { 200: AnyObject },
      },
    },
    async (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=3600')
        .send({ ...definitionSchema, $id: `${config.publicUrl}/schemas/integration.json` }),
  );

  app.post(
    '/api/integrations',
    {
      preHandler,
      schema: {
        tags,
        summary: 'Makes an integration of your own',
        body: Body,
        response: { 201: Integration },
      },
    },
    async ({ body }, reply) => {
      const { definition, integration } = await checked(hub, body);
      if (hub.catalogue.sourceOf(definition.id))
        throw new HubError('INTEGRATION_EXISTS', { detail: definition.id });
      if (!(await insertDefinition(hub.db, definition.id, body)))
        throw new HubError('INTEGRATION_EXISTS', { detail: definition.id });
      await hub.ownIntegrations.settle();
      return reply.status(201).send(await show(integration));
    },
  );

  app.get(
    '/api/integrations/:id/definition',
    { preHandler, schema: { tags, params: Id, response: { 200: AnyObject } } },
    async ({ params }) => {
      offeredIntegration(hub, params.id);
      const definition = hub.ownIntegrations.definitionOf(params.id);
      if (!definition)
        throw new HubError('INTEGRATION_FIXED', { detail: `${params.id} has no definition in JSON` });
      if (hub.catalogue.sourceOf(params.id) === 'file') return definition;
      // As it was written, without what is filled in.
      return (await findDefinition(hub.db, params.id))?.definition ?? definition;
    },
  );

  app.put(
    '/api/integrations/:id',
    {
      preHandler,
      schema: {
        tags,
        summary: 'Replaces its definition',
        params: Id,
        body: Body,
        response: { 200: Integration },
      },
    },
    async ({ params: { id }, body }) => {
      assertOwn(hub, id);
      const { definition, integration } = await checked(hub, body);
      if (definition.id !== id)
        throw new HubError('DEFINITION_INVALID', {
          errors: [{ path: '/id', message: `must be ${id}; another id is another integration` }],
        });
      const row = await replaceDefinition(hub.db, id, body, integration.authTypes);
      if (row === null) throw new HubError('INTEGRATION_NOT_FOUND', { detail: id });
      if (row === 'in_use')
        throw new HubError('INTEGRATION_IN_USE', {
          detail: 'a connection has credentials of a type that auth no longer names',
        });
      await hub.ownIntegrations.settle();
      return show(integration);
    },
  );

  app.delete(
    '/api/integrations/:id',
    { preHandler, schema: { tags, params: Id, response: { 204: Type.Null() } } },
    async ({ params: { id } }, reply) => {
      assertOwn(hub, id);
      const deleted = await deleteDefinition(hub.db, id);
      if (deleted === 'in_use') throw new HubError('INTEGRATION_IN_USE', { detail: id });
      if (!deleted) throw new HubError('INTEGRATION_NOT_FOUND', { detail: id });
      await hub.ownIntegrations.settle();
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/api/integrations/:id/test',
    {
      preHandler,
      config: { rateLimit: { max: 60, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'Tests app, endpoints, redirect URI, scopes and probe, and says what to fix',
        params: Id,
        body: Type.Union([
          Type.Null(),
          Type.Object(
            { connectionId: Type.Optional(Type.String({ description: 'To probe with; any unless given' })) },
            { additionalProperties: false },
          ),
        ]),
        response: { 200: IntegrationTest },
      },
    },
    async ({ params, body }) => {
      const integration = offeredIntegration(hub, params.id);
      const id = body?.connectionId;
      const connection = id === undefined ? null : await findConnection(hub.db, id);
      if (id !== undefined && connection?.integrationId !== integration.id)
        throw new HubError('CONNECTION_NOT_FOUND');
      return testIntegration(hub, integration, connection);
    },
  );
};

/** @throws HubError INTEGRATION_FIXED | INTEGRATION_NOT_FOUND */
function assertOwn(hub: Hub, id: string): void {
  offeredIntegration(hub, id);
  if (hub.catalogue.sourceOf(id) !== 'api') throw new HubError('INTEGRATION_FIXED', { detail: id });
}

/** @throws HubError DEFINITION_INVALID | DISCOVERY_FAILED */
async function checked(hub: Hub, body: unknown): Promise<{ definition: Definition; integration: Compiled }> {
  const compiled = compileDefinition(body, null);
  if (!compiled.ok) throw new HubError('DEFINITION_INVALID', { errors: compiled.errors });
  const { auth } = compiled.definition;
  const wanted = auth.oauth2?.discovery && !(auth.oauth2.authorizeUrl && auth.oauth2.tokenUrl);
  const problem = wanted ? await hub.ownIntegrations.rediscover(compiled.definition) : null;
  if (problem !== null)
    throw new HubError('DISCOVERY_FAILED', {
      errors: [{ path: '/auth/oauth2/discovery', message: problem }],
    });
  return compiled;
}
