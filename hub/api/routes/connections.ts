/** Connections: made, listed, looked at, changed. */
import { Type } from 'typebox';
import type { Integration } from '../../../integrations/definition/integration.ts';
import { findConnection, listConnections, updateDetails } from '../../database/connections.ts';
import type { ConnectionDraft } from '../../database/schema.ts';
import { HubError } from '../../errors.ts';
import { findIntegration, offeredIntegration } from '../../oauth/setup.ts';
import { requires, seesEverything, visible, type Caller } from '../auth.ts';
import { fromCursor, pageOf, showConnection } from '../presentation.ts';
import {
  Connection,
  ConnectionChange,
  ConnectionWithAuthorization,
  Id,
  ListOf,
  NewConnection,
  Order,
  Page,
  Status,
} from '../schemas.ts';
import type { ApiContext, Routes } from '../context.ts';
import { checkConfig, checkReturnUrl, chooseAuthType, connectByConsent, createTyped } from '../starting.ts';

const Filter = Type.Object({
  integrationId: Type.Optional(Type.String({ maxLength: 64 })),
  status: Type.Optional(Status),
  userId: Type.Optional(Type.String({ maxLength: 200 })),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name or of the account’s name' })),
  order: Order,
  ...Page.properties,
});
// A connection costs rows, a workflow and calls to a provider.
const CREATIONS = { rateLimit: { max: 600, timeWindow: '1 minute' } };

export const addConnectionRoutes: Routes = (app, context) => {
  const { hub } = context;
  const tags = ['connections'];
  const reading = requires(hub.db, 'connections:read');
  const writing = requires(hub.db, 'connections:write');

  app.post(
    '/api/connections',
    {
      preHandler: writing,
      config: {
        ...CREATIONS,
        audit: { action: 'connection.create', keep: ['integrationId', 'authType', 'userId'] },
      },
      schema: { tags, body: NewConnection, response: { 201: ConnectionWithAuthorization } },
    },
    async ({ body, caller }, reply) => {
      const integration = offeredIntegration(hub, body.integrationId);
      const authType = chooseAuthType(integration, body.authType, body.credentials !== undefined);
      const draft: ConnectionDraft = {
        userId: ownerOf(caller, body.userId),
        integrationId: integration.id,
        authType,
        name: body.name ?? integration.name,
        config: checkConfig(context, integration, body.config ?? {}),
      };
      if (authType === 'oauth2')
        return reply.status(201).send(await createByConsent(context, integration, draft, body.returnUrl));
      const row = await createTyped(context, integration, draft, authType, body.credentials);
      return reply.status(201).send({ connection: showConnection(row), authorization: null });
    },
  );

  app.get(
    '/api/connections',
    { preHandler: reading, schema: { tags, querystring: Filter, response: { 200: ListOf(Connection) } } },
    async ({ query, caller }) => {
      const { limit, cursor, order, ...filter } = query;
      if (!seesEverything(caller) && filter.userId !== undefined && filter.userId !== caller.userId)
        return { data: [], nextCursor: null };
      const userId = seesEverything(caller) ? filter.userId : caller.userId;
      const rows = await listConnections(
        hub.db,
        { ...filter, ...(userId === undefined ? {} : { userId }) },
        fromCursor(cursor),
        limit + 1,
        order,
      );
      return pageOf(rows, limit, ({ id }) => id, showConnection);
    },
  );

  app.get(
    '/api/connections/:id',
    { preHandler: reading, schema: { tags, params: Id, response: { 200: Connection } } },
    async ({ params, caller }) => showConnection(visible(caller, await findConnection(hub.db, params.id))),
  );

  app.patch(
    '/api/connections/:id',
    {
      config: { audit: { action: 'connection.change' } },
      preHandler: writing,
      schema: { tags, params: Id, body: ConnectionChange, response: { 200: Connection } },
    },
    async ({ params, body, caller }) => {
      const row = visible(caller, await findConnection(hub.db, params.id));
      const integration = findIntegration(hub, row.integrationId);
      const changed = await updateDetails(hub.db, row.id, {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.config === undefined ? {} : { config: checkConfig(context, integration, body.config) }),
      });
      return showConnection(visible(caller, changed));
    },
  );
};

/** @throws HubError FORBIDDEN */
export function ownerOf(caller: Caller, asked: string | undefined): string {
  if (asked === undefined || asked === caller.userId) return caller.userId;
  if (caller.role !== 'admin')
    throw new HubError('FORBIDDEN', { detail: 'only an admin makes connections for somebody else' });
  return asked;
}

async function createByConsent(
  context: ApiContext,
  integration: Integration,
  draft: ConnectionDraft,
  returnUrl: string | undefined,
) {
  const checked = checkReturnUrl(context.config, returnUrl);
  const { row, authorization } = await connectByConsent(context, integration, draft, checked);
  return { connection: showConnection(row), authorization };
}
