/** Connections: made, listed, looked at, changed. */
import { Type } from 'typebox';
import { uuidv7 } from 'uuidv7';
import type {
  AuthType,
  Integration,
  StaticCredentials,
} from '../../../integrations/definition/integration.ts';
import { findConnection, listConnections, updateDetails } from '../../database/connections.ts';
import type { ConnectionDraft } from '../../database/schema.ts';
import { HubError, type FieldError } from '../../errors.ts';
import { findIntegration } from '../../oauth/setup.ts';
import { requires, seesEverything, visible, type Caller } from '../auth.ts';
import { fromCursor, pageOf, showConnection } from '../presentation.ts';
import {
  Connection,
  ConnectionChange,
  ConnectionWithAuthorization,
  Id,
  ListOf,
  NewConnection,
  Page,
  Status,
} from '../schemas.ts';
import type { ApiContext, Routes } from '../context.ts';
import { checkReturnUrl, connectByConsent, verifyTyped } from '../starting.ts';

const Filter = Type.Object({
  integrationId: Type.Optional(Type.String({ maxLength: 64 })),
  status: Type.Optional(Status),
  userId: Type.Optional(Type.String({ maxLength: 200 })),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name or of the account’s name' })),
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
      config: CREATIONS,
      schema: { tags, body: NewConnection, response: { 201: ConnectionWithAuthorization } },
    },
    async ({ body, caller }, reply) => {
      const integration = findIntegration(hub, body.integrationId);
      const authType = chooseAuthType(integration, body.authType, body.credentials !== undefined);
      const draft: ConnectionDraft = {
        userId: ownerOf(caller, body.userId),
        integrationId: integration.id,
        authType,
        name: body.name ?? integration.name,
        config: checkConfig(context, integration, body.config ?? {}),
      };
      const answer =
        authType === 'oauth2'
          ? await createByConsent(context, integration, draft, body.returnUrl)
          : await createTyped(context, integration, draft, authType, body.credentials);
      return reply.status(201).send(answer);
    },
  );

  app.get(
    '/api/connections',
    { preHandler: reading, schema: { tags, querystring: Filter, response: { 200: ListOf(Connection) } } },
    async ({ query, caller }) => {
      const { limit, cursor, ...filter } = query;
      if (!seesEverything(caller) && filter.userId !== undefined && filter.userId !== caller.userId)
        return { data: [], nextCursor: null };
      const userId = seesEverything(caller) ? filter.userId : caller.userId;
      const rows = await listConnections(
        hub.db,
        { ...filter, ...(userId === undefined ? {} : { userId }) },
        fromCursor(cursor),
        limit + 1,
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

function chooseAuthType(
  integration: Integration,
  asked: AuthType | undefined,
  withCredentials: boolean,
): AuthType {
  const authType =
    asked ??
    (withCredentials ? integration.authTypes.find((type) => type !== 'oauth2') : integration.authTypes[0]);
  if (authType === undefined || !integration.authTypes.includes(authType))
    throw new HubError('AUTH_TYPE_NOT_SUPPORTED', {
      detail: `${integration.id} takes ${integration.authTypes.join(', ')}`,
    });
  if (authType === 'oauth2' && withCredentials)
    throw new HubError('CREDENTIALS_INVALID', {
      detail: 'oauth2 connections are made by consent: leave credentials out and open authorization.url',
    });
  return authType;
}

function ownerOf(caller: Caller, asked: string | undefined): string {
  if (asked === undefined || asked === caller.userId) return caller.userId;
  if (caller.role !== 'admin')
    throw new HubError('FORBIDDEN', { detail: 'only an admin makes connections for somebody else' });
  return asked;
}

function checkConfig({ hub }: ApiContext, integration: Integration, config: Record<string, unknown>) {
  const checked = hub.catalogue.validateConfig(integration, config);
  if (!checked.ok) throw new HubError('CONFIG_INVALID', { errors: under('/config', checked.errors) });
  return checked.config;
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

async function createTyped(
  context: ApiContext,
  integration: Integration,
  draft: ConnectionDraft,
  type: StaticCredentials['type'],
  credentials: Record<string, unknown> | undefined,
) {
  const id = uuidv7();
  await verifyTyped(context, integration, { ...draft, authType: type }, id, credentials);
  const row = await findConnection(context.hub.db, id);
  if (!row) throw new HubError('CONFLICT');
  return { connection: showConnection(row), authorization: null };
}

const under = (path: string, errors: FieldError[]) =>
  errors.map((error) => ({ ...error, path: path + error.path }));
