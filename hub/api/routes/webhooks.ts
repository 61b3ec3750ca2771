/** Webhooks: who is told of events over HTTP, and what became of each delivery. */
import { Type } from 'typebox';
import { uuidv7 } from 'uuidv7';
import { listDeliveries, replayDelivery, type DeliveryRow } from '../../database/deliveries.ts';
import {
  deleteWebhook,
  disableWebhook,
  enableWebhook,
  existingConnections,
  findWebhook,
  insertWebhook,
  listWebhooks,
  replaceSecrets,
  updateWebhook,
  type WebhookRow,
} from '../../database/webhooks.ts';
import { AddressRefused } from '../../egress/address.ts';
import { HubError, type FieldError } from '../../errors.ts';
import { newSecret, openSecrets, rotated, sealSecrets } from '../../notifications/signing.ts';
import { requires, seesEverything, type Caller } from '../auth.ts';
import type { ApiContext, Routes } from '../context.ts';
import { fromCursor, pageOf, sequenceOf } from '../presentation.ts';
import {
  CreatedWebhook,
  Delivery,
  DeliveryIds,
  Id,
  ListOf,
  NewWebhook,
  Page,
  RotatedSecret,
  Webhook,
  WebhookChange,
} from '../schemas.ts';

const COSTS = { rateLimit: { max: 600, timeWindow: '1 minute' } };

export const addWebhookRoutes: Routes = (app, { hub }) => {
  const reading = requires(hub.db, 'webhooks:read');
  const writing = requires(hub.db, 'webhooks:write');
  const tags = ['webhooks'];
  const seen = async (caller: Caller, id: string) => visibleWebhook(caller, await findWebhook(hub.db, id));
  const own = async (caller: Caller, id: string) => ownWebhook(caller, await findWebhook(hub.db, id));

  app.post(
    '/api/webhooks',
    {
      preHandler: writing,
      config: {
        ...COSTS,
        audit: { action: 'webhook.create', keep: ['events', 'integrationIds', 'connectionIds', 'userId'] },
      },
      schema: { tags, body: NewWebhook, response: { 201: CreatedWebhook } },
    },
    async ({ body, caller }, reply) => {
      const { url, events, name = null, integrationIds = null, connectionIds = null } = body;
      const userId = whoseEvents(caller, body.userId);
      checkUrl(hub, url);
      await checkFilters(hub, { integrationIds, connectionIds }, userId);
      const id = uuidv7();
      const secret = newSecret();
      const row = await insertWebhook(hub.db, {
        id,
        ownerId: caller.userId,
        userId,
        name,
        url,
        events,
        integrationIds,
        connectionIds,
        sealedSecrets: sealSecrets(hub.vault, id, [secret]),
      });
      return reply
        .status(201)
        .header('cache-control', 'no-store')
        .send({ ...showWebhook(row), secret: secret.secret });
    },
  );

  app.get(
    '/api/webhooks',
    { preHandler: reading, schema: { tags, querystring: Page, response: { 200: ListOf(Webhook) } } },
    async ({ query, caller }) => {
      const ownerId = seesEverything(caller) ? undefined : caller.userId;
      const rows = await listWebhooks(hub.db, ownerId, fromCursor(query.cursor), query.limit + 1);
      return pageOf(rows, query.limit, ({ id }) => id, showWebhook);
    },
  );

  app.get(
    '/api/webhooks/:id',
    { preHandler: reading, schema: { tags, params: Id, response: { 200: Webhook } } },
    async ({ params, caller }) => showWebhook(await seen(caller, params.id)),
  );

  app.patch(
    '/api/webhooks/:id',
    {
      config: {
        audit: { action: 'webhook.change', keep: ['events', 'integrationIds', 'connectionIds', 'enabled'] },
      },
      preHandler: writing,
      schema: { tags, params: Id, body: WebhookChange, response: { 200: Webhook } },
    },
    async ({ params, body, caller }) => {
      const { enabled, ...change } = body;
      const row = await own(caller, params.id);
      if (change.url !== undefined) checkUrl(hub, change.url);
      await checkFilters(hub, change, row.userId);
      if (Object.keys(change).length > 0) await updateWebhook(hub.db, row.id, change);
      if (enabled === true && !row.enabled) await enableWebhook(hub.db, row.id);
      if (enabled === false) await disableWebhook(hub.db.tables, row.id, disabledByUser());
      return showWebhook(await own(caller, row.id));
    },
  );

  app.delete(
    '/api/webhooks/:id',
    {
      config: { audit: { action: 'webhook.remove' } },
      preHandler: writing,
      schema: { tags, params: Id, response: { 204: Type.Null() } },
    },
    async ({ params, caller }, reply) => {
      const row = await own(caller, params.id);
      await deleteWebhook(hub.db, row.id);
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/api/webhooks/:id/rotate-secret',
    {
      preHandler: writing,
      config: { ...COSTS, audit: { action: 'webhook.rotate_secret' } },
      schema: { tags, params: Id, response: { 200: RotatedSecret } },
    },
    async ({ params, caller }, reply) => {
      const row = await own(caller, params.id);
      const now = new Date();
      const overlapMs = hub.durations.webhookSecretOverlap;
      const [secret = newSecret(), ...before] = rotated(openSecrets(hub.vault, row), now, overlapMs);
      const sealed = sealSecrets(hub.vault, row.id, [secret, ...before]);
      if (!(await replaceSecrets(hub.db, row, sealed))) throw new HubError('CONFLICT');
      const previousValidUntil = new Date(now.getTime() + overlapMs).toISOString();
      return reply.header('cache-control', 'no-store').send({ secret: secret.secret, previousValidUntil });
    },
  );

  app.get(
    '/api/webhooks/:id/deliveries',
    {
      preHandler: reading,
      schema: { tags, params: Id, querystring: Page, response: { 200: ListOf(Delivery) } },
    },
    async ({ params, query, caller }) => {
      const row = await seen(caller, params.id);
      const rows = await listDeliveries(hub.db, row.id, sequenceOf(query.cursor), query.limit + 1);
      return pageOf(rows, query.limit, ({ sequence }) => String(sequence), showDelivery);
    },
  );

  app.post(
    '/api/webhooks/:id/deliveries/:deliveryId/replay',
    {
      preHandler: writing,
      config: { ...COSTS, audit: { action: 'webhook.replay' } },
      schema: { tags, params: DeliveryIds, response: { 202: Delivery } },
    },
    async ({ params, caller }, reply) => {
      const row = await own(caller, params.id);
      if (!row.enabled) throw new HubError('WEBHOOK_DISABLED');
      const delivery = await replayDelivery(hub.db, row.id, params.deliveryId);
      if (!delivery) throw new HubError('DELIVERY_NOT_FOUND');
      return reply.status(202).send(showDelivery(delivery));
    },
  );
};

/** Null: everybody's. */
function whoseEvents(caller: Caller, asked: string | undefined): string | null {
  if (asked !== undefined && asked !== caller.userId && caller.role !== 'admin')
    throw new HubError('FORBIDDEN', { detail: 'only an admin names somebody else’s events' });
  return asked ?? (seesEverything(caller) ? null : caller.userId);
}

function visibleWebhook(caller: Caller, row: WebhookRow | null): WebhookRow {
  if (!row || (!seesEverything(caller) && row.ownerId !== caller.userId))
    throw new HubError('WEBHOOK_NOT_FOUND', { foreign: row !== null });
  return row;
}

/** Operators see everybody's and change their own. */
function ownWebhook(caller: Caller, found: WebhookRow | null): WebhookRow {
  const row = visibleWebhook(caller, found);
  if (caller.role !== 'admin' && row.ownerId !== caller.userId)
    throw new HubError('FORBIDDEN', { detail: 'only its owner or an admin changes a webhook' });
  return row;
}

/** @throws HubError ENDPOINT_NOT_ALLOWED; the address is not repeated: parts of it may be secret */
function checkUrl({ egress }: ApiContext['hub'], url: string): void {
  try {
    egress.assertAllowed(url);
  } catch (error) {
    const message = error instanceof AddressRefused ? error.message : 'is not a URL';
    throw new HubError('ENDPOINT_NOT_ALLOWED', { errors: [{ path: '/url', message }] });
  }
}

/** A filter that can never match is a mistake. */
async function checkFilters(
  { db, catalogue }: ApiContext['hub'],
  { integrationIds, connectionIds }: { integrationIds?: string[] | null; connectionIds?: string[] | null },
  userId: string | null,
): Promise<void> {
  const known = connectionIds
    ? await existingConnections(db, connectionIds, userId ?? undefined)
    : new Set<string>();
  const integrations = new Set(catalogue.list().map(({ id }) => id));
  const unknown = (field: string, ids: string[] | null | undefined, there: Set<string>): FieldError[] =>
    (ids ?? []).flatMap((id, i) =>
      there.has(id) ? [] : [{ path: `/${field}/${i}`, message: 'is not known here' }],
    );
  const errors = [
    ...unknown('integrationIds', integrationIds, integrations),
    ...unknown('connectionIds', connectionIds, known),
  ];
  if (errors.length > 0) throw new HubError('VALIDATION_FAILED', { errors, detail: 'see errors' });
}

const disabledByUser = () => ({
  code: 'DISABLED_BY_USER' as const,
  message: 'Switched off by its owner or an admin.',
  since: new Date().toISOString(),
});

const showWebhook = (row: WebhookRow) => ({
  id: row.id,
  name: row.name,
  url: row.url,
  events: row.events,
  integrationIds: row.integrationIds,
  connectionIds: row.connectionIds,
  userId: row.userId,
  ownerId: row.ownerId,
  enabled: row.enabled,
  disabledReason: row.disabledReason,
  failingSince: row.failingSince?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

const showDelivery = (row: DeliveryRow) => ({
  id: row.id,
  eventId: row.eventId,
  type: row.eventType,
  connectionId: row.connectionId,
  status: row.outcome ?? ('pending' as const),
  attempts: row.attempts,
  lastAttempt: row.lastAttempt,
  nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
});
