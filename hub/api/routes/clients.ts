/** Clients of the hub as authorization server, and what users have allowed them. */
import { Type } from 'typebox';
import {
  findClient,
  insertClient,
  listClients,
  removeClient,
  type ClientRow,
} from '../../database/clients.ts';
import { findConnection } from '../../database/connections.ts';
import { findGrant, listGrants, revokeGrant, type GrantRow } from '../../database/grants.ts';
import { HubError } from '../../errors.ts';
import { findIntegration } from '../../oauth/setup.ts';
import { requires, seesEverything, visible, type Caller } from '../auth.ts';
import type { Routes } from '../context.ts';
import { fromCursor, pageOf } from '../presentation.ts';
import { Client, CreatedClient, Grant, Id, ListOf, NewClient, Page } from '../schemas.ts';

export const addClientRoutes: Routes = (app, { hub }) => {
  const writing = requires(hub.db, 'clients:write');
  const tags = ['clients'];
  const ownerOnly = (caller: Caller) => (seesEverything(caller) ? null : caller.userId);

  app.post(
    '/api/clients',
    {
      config: {
        audit: { action: 'client.create', keep: ['redirectUris', 'integrationId', 'connectionId', 'type'] },
      },
      preHandler: writing,
      schema: { tags, body: NewClient, response: { 201: CreatedClient } },
    },
    async ({ body, caller }, reply) => {
      const {
        name,
        redirectUris = [],
        integrationId = null,
        connectionId = null,
        type = 'confidential',
      } = body;
      if (connectionId !== null) visible(caller, await findConnection(hub.db, connectionId));
      // A client that asks any user is the whole hub's affair; one for an own connection is not.
      else if (caller.role !== 'admin')
        throw new HubError('FORBIDDEN', {
          detail: 'name a connectionId of yours; other clients are an admin’s',
        });
      if (integrationId !== null) findIntegration(hub, integrationId);
      redirectUris.forEach(checkRedirectUri);
      if (redirectUris.length === 0 && (connectionId === null || type === 'public'))
        throw new HubError('VALIDATION_FAILED', {
          errors: [
            { path: '/redirectUris', message: 'is needed, but for a confidential client of one connection' },
          ],
          detail: 'see errors',
        });
      const { row, secret } = await insertClient(hub.db, {
        name,
        redirectUris,
        integrationId,
        connectionId,
        userId: caller.userId,
        isPublic: type === 'public',
      });
      return reply
        .status(201)
        .header('cache-control', 'no-store')
        .send({ ...showClient(row), clientSecret: secret });
    },
  );

  app.get(
    '/api/clients',
    { preHandler: writing, schema: { tags, querystring: Page, response: { 200: ListOf(Client) } } },
    async ({ query, caller }) => {
      const rows = await listClients(hub.db, ownerOnly(caller), fromCursor(query.cursor), query.limit + 1);
      return pageOf(rows, query.limit, ({ id }) => id, showClient);
    },
  );

  app.get(
    '/api/clients/:id',
    { preHandler: writing, schema: { tags, params: Id, response: { 200: Client } } },
    async ({ params, caller }) => showClient(ownClient(caller, await findClient(hub.db, params.id))),
  );

  app.delete(
    '/api/clients/:id',
    {
      config: { audit: { action: 'client.remove' } },
      preHandler: writing,
      schema: { tags, params: Id, response: { 204: Type.Null() } },
    },
    async ({ params, caller }, reply) => {
      const row = ownClient(caller, await findClient(hub.db, params.id));
      await removeClient(hub.db, row.id);
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/api/grants',
    {
      preHandler: requires(hub.db, 'connections:read'),
      schema: { tags, querystring: Page, response: { 200: ListOf(Grant) } },
    },
    async ({ query, caller }) => {
      const rows = await listGrants(hub.db, ownerOnly(caller), fromCursor(query.cursor), query.limit + 1);
      return pageOf(rows, query.limit, ({ id }) => id, showGrant);
    },
  );

  app.delete(
    '/api/grants/:id',
    {
      config: { audit: { action: 'grant.revoke' } },
      preHandler: requires(hub.db, 'connections:write'),
      schema: { tags, params: Id, response: { 204: Type.Null() } },
    },
    async ({ params, caller }, reply) => {
      const row = await findGrant(hub.db, params.id);
      if (!row || (!seesEverything(caller) && row.userId !== caller.userId))
        throw new HubError('GRANT_NOT_FOUND', { foreign: row !== null });
      await revokeGrant(hub.db, row.id, 'user');
      return reply.status(204).send(null);
    },
  );
};

function ownClient(caller: Caller, row: ClientRow | null): ClientRow {
  if (!row || (!seesEverything(caller) && row.userId !== caller.userId))
    throw new HubError('CLIENT_NOT_FOUND', { foreign: row !== null });
  return row;
}

/** RFC 9700 §2.1 and RFC 8252 §7.3: no fragment, and plain http on the client's own machine only. */
function checkRedirectUri(uri: string): void {
  const url = URL.canParse(uri) ? new URL(uri) : null;
  const isLoopback = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const isGood =
    url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)) &&
    !uri.includes('#') &&
    !url.username &&
    !url.password;
  if (!isGood) throw new HubError('REDIRECT_URI_NOT_ALLOWED', { detail: uri.slice(0, 200) });
}

const showClient = ({
  id,
  name,
  secretHash,
  redirectUris,
  integrationId,
  connectionId,
  createdAt,
}: ClientRow) => ({
  id,
  name,
  type: secretHash === null ? ('public' as const) : ('confidential' as const),
  redirectUris,
  integrationId,
  connectionId,
  createdAt: createdAt.toISOString(),
});

const showGrant = ({ id, clientId, clientName, userId, connectionId, createdAt, lastUsed }: GrantRow) => ({
  id,
  clientId,
  clientName,
  userId,
  connectionId,
  createdAt: createdAt.toISOString(),
  lastUsed: lastUsed?.toISOString() ?? null,
});
