/** What can be done with a connection: test, refresh, reconnect, disconnect; and what happened to it. */
import { Type } from 'typebox';
import { findConnection } from '../../database/connections.ts';
import { listConnectionEvents } from '../../database/events.ts';
import { HubError } from '../../errors.ts';
import { lifecycleEvent } from '../../notifications/lifecycle-event.ts';
import { assertRefreshed } from '../../oauth/refresh-result.ts';
import { findIntegration } from '../../oauth/setup.ts';
import { findForToken } from '../../database/api-keys.ts';
import { admitted, requires, visible } from '../auth.ts';
import { createRefreshBursts } from '../refresh-bursts.ts';
import { pageOf, sequenceOf, showConnection } from '../presentation.ts';
import {
  ConnectionWithAuthorization,
  Event,
  EventFilter,
  Id,
  ListOf,
  Reconnect,
  RefreshAnswer,
  RefreshWish,
  TestResult,
} from '../schemas.ts';
import type { Routes } from '../context.ts';
import { wantedTypes } from './events.ts';
import { checkReturnUrl, reconnectByConsent, verifyTyped } from '../starting.ts';

const PROBES = { rateLimit: { max: 600, timeWindow: '1 minute' } };
// Callers for one connection share one token request, so many requests are not many refreshes.
const REFRESHES = { rateLimit: { max: 20_000, timeWindow: '1 minute' } };

export const addLifecycleRoutes: Routes = (app, context) => {
  const { hub, lifecycle } = context;
  const tags = ['connections'];
  const joinBurst = createRefreshBursts();
  const repairing = requires(hub.db, 'connections:repair');
  const writing = requires(hub.db, 'connections:write');

  app.post(
    '/api/connections/:id/test',
    {
      preHandler: repairing,
      config: { ...PROBES, audit: { action: 'connection.test' } },
      schema: { tags, params: Id, response: { 200: TestResult } },
    },
    async ({ params, caller }) => {
      const row = visible(caller, await findConnection(hub.db, params.id));
      if (row.sealedCredentials !== null) return lifecycle.test(row);
      const message = row.statusReason?.message ?? 'This connection has no credentials. Reconnect it.';
      return {
        ok: false,
        outcome: 'disconnected',
        message,
        latencyMs: 0,
        checkedAt: new Date().toISOString(),
        account: row.account,
      };
    },
  );

  app.post(
    '/api/connections/:id/refresh',
    {
      config: { ...REFRESHES, audit: { action: 'connection.refresh' } },
      schema: { tags, params: Id, body: RefreshWish, response: { 200: RefreshAnswer } },
    },
    async (request, reply) => {
      const { params, body, arrivedAt } = request;
      const burst = joinBurst(params.id);
      reply.raw.once('close', burst.leave);
      const { caller, found } = await admitted(request, reply, 'connections:repair', (key) =>
        findForToken(hub.db, key, params.id),
      );
      const row = visible(caller, found?.connection ?? null);
      // A refresh that ended after this request came in is as new as the caller can want.
      const alreadyNew = row.credentialsUpdatedAt !== null && row.credentialsUpdatedAt.getTime() >= arrivedAt;
      const seenVersion = body.version ?? burst.seenVersion(alreadyNew ? row.version - 1 : row.version);
      const result = await lifecycle.refresh(row, { seenVersion, force: true, minTtlMs: 0 });
      if (result.outcome !== 'not_refreshable') assertRefreshed(result);
      const after = visible(caller, await findConnection(hub.db, params.id));
      return { connection: showConnection(after), refreshed: after.version > seenVersion };
    },
  );

  app.post(
    '/api/connections/:id/reconnect',
    {
      preHandler: repairing,
      config: { ...PROBES, audit: { action: 'connection.reconnect' } },
      schema: {
        tags,
        params: Id,
        body: Reconnect,
        response: { 200: ConnectionWithAuthorization },
      },
    },
    async ({ params, body, caller }) => {
      const row = visible(caller, await findConnection(hub.db, params.id));
      const integration = findIntegration(hub, row.integrationId);
      if (row.authType === 'oauth2') {
        if (body.credentials !== undefined)
          throw new HubError('CREDENTIALS_INVALID', {
            detail: 'this connection is made by consent: leave credentials out and open authorization.url',
          });
        const returnUrl = checkReturnUrl(context.config, body.returnUrl);
        const begun = await reconnectByConsent(context, integration, row, returnUrl);
        return { connection: showConnection(begun.row), authorization: begun.authorization };
      }
      const { userId, integrationId, authType, name, config } = row;
      await verifyTyped(
        context,
        integration,
        { userId, integrationId, authType, name, config },
        row.id,
        body.credentials,
      );
      const after = visible(caller, await findConnection(hub.db, row.id));
      // Disconnected while they were tried: then they were not kept.
      if (after.sealedCredentials === null)
        throw new HubError('CONFLICT', after.statusReason ? { detail: after.statusReason.message } : {});
      return { connection: showConnection(after), authorization: null };
    },
  );

  app.delete(
    '/api/connections/:id',
    {
      config: { audit: { action: 'connection.disconnect' } },
      preHandler: writing,
      schema: { tags, params: Id, response: { 204: Type.Null() } },
    },
    async ({ params, caller }, reply) => {
      const row = visible(caller, await findConnection(hub.db, params.id));
      await lifecycle.disconnect(row);
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/api/connections/:id/events',
    {
      preHandler: requires(hub.db, 'connections:read'),
      schema: { tags, params: Id, querystring: EventFilter, response: { 200: ListOf(Event) } },
    },
    async ({ params, query, caller }) => {
      const row = visible(caller, await findConnection(hub.db, params.id));
      const rows = await listConnectionEvents(
        hub.db,
        row.id,
        { after: sequenceOf(query.cursor), order: query.order, types: wantedTypes(query.types) },
        query.limit + 1,
      );
      return pageOf(rows, query.limit, ({ sequence }) => String(sequence), lifecycleEvent);
    },
  );
};
