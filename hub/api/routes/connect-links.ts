/** Links to connect an account without having one here: made by those who may, used by whoever has the link, once. */
import { Type } from 'typebox';
import {
  insertConnectLink,
  listConnectLinks,
  revokeConnectLink,
  type ConnectLinkRow,
} from '../../database/connect-links.ts';
import { findApp } from '../../database/apps.ts';
import { findConnection } from '../../database/connections.ts';
import { HubError } from '../../errors.ts';
import type { Integration } from '../../../integrations/definition/integration.ts';
import { offeredIntegration } from '../../oauth/setup.ts';
import { connectUrl } from '../../links.ts';
import * as shapes from '../account-schemas.ts';
import { requires } from '../auth.ts';
import type { ApiContext, Routes } from '../context.ts';
import { browserOf, openLink, startFromLink } from '../linked.ts';
import { fromCursor, pageOf } from '../presentation.ts';
import { Id, ListOf, Page } from '../schemas.ts';
import { assertOwnPage } from '../session.ts';
import { checkConfig } from '../starting.ts';
import { ownerOf } from './connections.ts';
import { expiryOf } from './users.ts';

const LONGEST_MS = 90 * 24 * 60 * 60_000;
// Whoever has no link finds none by trying: tokens have 256 bits. This keeps a guesser from costing much.
const VISITS = { rateLimit: { max: 300, timeWindow: '1 minute' } };
const STARTS = { rateLimit: { max: 60, timeWindow: '1 minute' } };
const Token = Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) });

export const addConnectLinkRoutes: Routes = (app, context) => {
  const { hub, config } = context;
  const tags = ['connect links'];
  const writing = requires(hub.db, 'links:write');

  app.post(
    '/api/connect-links',
    {
      preHandler: writing,
      config: {
        audit: { action: 'link.create', keep: ['integrationId', 'userId', 'scopes', 'expiresIn'] },
        rateLimit: { max: 600, timeWindow: '1 minute' },
      },
      schema: { tags, body: shapes.NewConnectLink, response: { 201: shapes.MadeConnectLink } },
    },
    async ({ body, caller }, reply) => {
      const integration = offeredIntegration(hub, body.integrationId);
      const { row, token } = await insertConnectLink(hub.db, {
        integrationId: integration.id,
        userId: ownerOf(caller, body.userId),
        createdBy: caller.userId,
        name: body.name ?? null,
        config: body.config === undefined ? null : checkConfig(context, integration, body.config),
        scopes: await checkScopes(context, integration, body.scopes),
        expiresAt: expiryOf(body.expiresIn, LONGEST_MS),
      });
      return reply
        .status(201)
        .header('cache-control', 'no-store')
        .send({ ...showLink(row), url: connectUrl(config.publicUrl, token) });
    },
  );

  app.get(
    '/api/connect-links',
    {
      preHandler: writing,
      schema: { tags, querystring: Page, response: { 200: ListOf(shapes.ConnectLink) } },
    },
    async ({ query, caller }) => {
      const userId = caller.role === 'admin' ? null : caller.userId;
      const rows = await listConnectLinks(hub.db, userId, fromCursor(query.cursor), query.limit + 1);
      return pageOf(rows, query.limit, ({ id }) => id, showLink);
    },
  );

  app.delete(
    '/api/connect-links/:id',
    {
      config: { audit: { action: 'link.revoke' } },
      preHandler: writing,
      schema: {
        tags,
        summary: 'Takes the link back, and a consent that it began',
        description: 'What it has connected already stays connected.',
        params: Id,
        response: { 204: Type.Null() },
      },
    },
    async ({ params, caller }, reply) => {
      const row = await revokeConnectLink(hub.db, params.id, caller.role === 'admin' ? null : caller.userId);
      if (!row) throw new HubError('LINK_NOT_FOUND');
      const begun = row.connectionId === null ? null : await findConnection(hub.db, row.connectionId);
      if (begun?.version === 0) await context.lifecycle.disconnect(begun);
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/api/connect-links/:token',
    {
      config: VISITS,
      schema: {
        tags,
        security: [],
        summary: 'What the link is for: whoever has it may ask',
        params: Token,
        response: { 200: shapes.OpenConnectLink },
      },
    },
    async (request, reply) =>
      reply
        .header('cache-control', 'no-store')
        .send(await openLink(context, request.params.token, browserOf(request, config.publicUrl))),
  );

  app.post(
    '/api/connect-links/:token/connections',
    {
      config: { ...STARTS, audit: { action: 'link.use', keep: ['authType'] } },
      schema: {
        tags,
        security: [],
        summary: 'Connects by the link: once, in one browser',
        description:
          'The browser that took the link (by a cookie of this answer) may ask again while nothing is connected: after a denial, say.',
        params: Token,
        body: shapes.LinkedConnection,
        response: { 201: shapes.StartedConnection },
      },
    },
    async (request, reply) => {
      assertOwnPage(request, config.publicUrl);
      const started = await startFromLink(context, request, reply, request.params.token, request.body);
      return reply.status(201).header('cache-control', 'no-store').send(started);
    },
  );
};

/** @throws HubError VALIDATION_FAILED | AUTH_TYPE_NOT_SUPPORTED */
async function checkScopes({ hub }: ApiContext, integration: Integration, scopes: string[] | undefined) {
  if (scopes === undefined) return null;
  if (!integration.oauth)
    throw new HubError('AUTH_TYPE_NOT_SUPPORTED', { detail: `${integration.id} has no scopes` });
  const offered = (await findApp(hub.db, integration.id))?.scopes ?? integration.oauth.scopes;
  const errors = scopes.flatMap((scope, index) =>
    offered.includes(scope)
      ? []
      : [{ path: `/scopes/${index}`, message: 'is none that the integration’s app asks for' }],
  );
  if (errors.length > 0) throw new HubError('VALIDATION_FAILED', { errors, detail: 'see errors' });
  return scopes;
}

const showLink = (row: ConnectLinkRow) => ({
  id: row.id,
  integrationId: row.integrationId,
  userId: row.userId,
  name: row.name,
  config: row.config,
  scopes: row.scopes,
  status: statusOf(row),
  connectionId: row.connectionId,
  expiresAt: row.expiresAt.toISOString(),
  createdAt: row.createdAt.toISOString(),
});

function statusOf({ revokedAt, takenAt, expiresAt }: ConnectLinkRow) {
  if (revokedAt !== null) return 'revoked' as const;
  if (takenAt !== null) return 'used' as const;
  return expiresAt.getTime() <= Date.now() ? ('expired' as const) : ('open' as const);
}
