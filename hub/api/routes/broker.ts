/** The hub as authorization server: its endpoints, and the pages between a request and its answer. */
import formbody from '@fastify/formbody';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { allow, deny, keepRequest, openRequest, type OpenRequest } from '../../broker/authorize.ts';
import { clientOf } from '../../broker/client.ts';
import { comesTwice, repeatedIn } from '../../broker/parameters.ts';
import { brokerStops, choicePage, isUsable, leadPage, reconnectPage } from '../../broker/pages.ts';
import { isSafeWith, tokenFields } from '../../broker/token-answer.ts';
import { answerTokenRequest } from '../../broker/token-endpoint.ts';
import { isItsSecret } from '../../database/clients.ts';
import { findConnection, listConnections } from '../../database/connections.ts';
import { revokeByHandle } from '../../database/grants.ts';
import { HubError } from '../../errors.ts';
import { findIntegration } from '../../oauth/setup.ts';
import { beginEntry, concerns } from '../audit.ts';
import { enter, type Caller, type Right } from '../auth.ts';
import type { ApiContext, Routes } from '../context.ts';
import { page, show, textParams, usePageErrors } from '../pages.ts';
import { assertOwnPage, sessionOf } from '../session.ts';
import { signInPage } from '../sign-in-page.ts';
import { connectByConsent, reconnectByConsent } from '../starting.ts';

const BROWSER = { rateLimit: { max: 300, timeWindow: '1 minute' } };
const TOKENS = { rateLimit: { max: 20_000, timeWindow: '1 minute' } };
const hide = { schema: { hide: true } };

export const addBrokerRoutes: Routes = (app, context) => {
  const { hub, config } = context;
  const { n8nUrls, publicUrl } = config;
  void app.register(formbody);
  usePageErrors(app);

  app.get('/.well-known/oauth-authorization-server', hide, () => metadata(publicUrl));

  app.get('/oauth2/authorize', { ...hide, config: BROWSER }, async (request, reply) => {
    const params = textParams(request.query);
    const judged = await keepRequest(hub, n8nUrls, params, repeatedIn(request.query));
    switch (judged.kind) {
      case 'stop':
        return show(reply, page(brokerStops[judged.why]), brokerStops[judged.why].status);
      case 'redirect':
        return reply.header('cache-control', 'no-store').redirect(judged.location, 302);
      case 'kept':
        return reply.header('cache-control', 'no-store').redirect(`/oauth2/authorize/${judged.id}`, 303);
    }
  });

  type RequestRoute = {
    Params: { request: string };
    Querystring: { connectionId?: string; reason?: string };
  };
  app.get<RequestRoute>(
    '/oauth2/authorize/:request',
    { ...hide, config: BROWSER },
    async (request, reply) => {
      const caller = await signedIn(request, reply, 'tokens:read');
      if (!caller) return askToSignIn(context, reply, `/oauth2/authorize/${request.params.request}`);
      const open = await openRequest(hub, n8nUrls, request.params.request);
      if (!open) return stop(reply, 'gone');
      return showChoice(context, reply, open, caller, request.query.connectionId ?? null, null);
    },
  );

  const NOT_SAFE =
    'n8n would write this connection’s token into addresses. In the node, choose the authentication “Hub API Key” and this connection.';
  type AnswerRoute = RequestRoute & { Body: { answer?: string; connection?: string } | undefined };
  app.post<AnswerRoute>(
    '/oauth2/authorize/:request',
    { ...hide, config: { ...BROWSER, audit: { action: 'client.answer', more: answerOf } } },
    async (request, reply) => {
      assertOwnPage(request, publicUrl);
      const caller = await signedIn(request, reply, 'tokens:read');
      if (!caller) return askToSignIn(context, reply, `/oauth2/authorize/${request.params.request}`);
      const open = await openRequest(hub, n8nUrls, request.params.request);
      if (!open) return stop(reply, 'gone');
      concerns(request, { subjectId: open.client.id, integrationId: open.row.integrationId });
      const { answer, connection: chosen = null } = textParams(request.body) as {
        answer?: string;
        connection?: string;
      };
      if (answer === 'connect') return connectNew(context, request, reply, open, caller);
      if (answer === 'deny') return lead(reply, await deny(hub, open));
      const connection = chosen === null ? null : await findConnection(hub.db, chosen);
      if (connection?.integrationId !== open.row.integrationId || connection.userId !== caller.userId)
        return showChoice(context, reply, open, caller, null, 'Choose one of your connections first.');
      concerns(request, { connectionId: connection.id });
      if (!isUsable(connection))
        return showChoice(context, reply, open, caller, null, 'This connection has to be reconnected first.');
      if (!isSafeWith(open.client, await tokenFields(hub, connection)))
        return showChoice(context, reply, open, caller, null, NOT_SAFE);
      return lead(reply, await allow(hub, open, connection));
    },
  );

  app.post<{ Body: unknown }>(
    '/oauth2/token',
    { ...hide, config: { ...TOKENS, audit: { because: 'tokens that are handed out are counted by usage' } } },
    async (request, reply) => {
      const repeated = repeatedIn(request.body);
      if (repeated !== null) return refuseTwice(reply, repeated);
      const { status, headers, body } = await answerTokenRequest(
        { hub, lifecycle: context.lifecycle, usage: context.usage, n8nUrls },
        {
          method: 'POST',
          headers: headersOf(request),
          body: textParams(request.body),
        },
      );
      return reply.status(status).headers(headers).send(body);
    },
  );

  app.post<{ Body: unknown }>(
    '/oauth2/revoke',
    { ...hide, config: { ...TOKENS, audit: { action: 'grant.revoke' } } },
    async (request, reply) => {
      const repeated = repeatedIn(request.body);
      if (repeated !== null) return refuseTwice(reply, repeated);
      const params = textParams(request.body);
      const [id, secret] = clientCredentials(request, params);
      const client = await clientOf(hub.db, n8nUrls, id);
      if (!client || !isItsSecret(client, secret))
        return reply
          .status(401)
          .send({ error: 'invalid_client', error_description: 'the client is not known' });
      const { token } = params;
      if (!token)
        return reply.status(400).send({ error: 'invalid_request', error_description: 'token is missing' });
      // RFC 7009 §2.2: a token nobody knows is as good as revoked.
      await beginEntry(request, { kind: 'client', id: client.id, userId: null });
      const revoked = await revokeByHandle(hub.db, token, client.id);
      if (revoked) concerns(request, { subjectId: revoked.id, connectionId: revoked.connectionId });
      return reply.status(200).send({});
    },
  );

  type ConnectionRoute = { Params: { id: string } };
  app.get<ConnectionRoute>(
    '/connections/:id/reconnect',
    { ...hide, config: BROWSER },
    async (request, reply) => {
      const found = await ownConnection(context, request, reply);
      return found && show(reply, reconnectPage(found, findIntegration(hub, found.integrationId)), 200);
    },
  );
  app.post<ConnectionRoute>(
    '/connections/:id/reconnect',
    { ...hide, config: { ...BROWSER, audit: { action: 'connection.reconnect' } } },
    async (request, reply) => {
      assertOwnPage(request, publicUrl);
      const row = await ownConnection(context, request, reply);
      if (!row) return reply;
      const integration = findIntegration(hub, row.integrationId);
      if (row.authType !== 'oauth2')
        return show(
          reply,
          page({
            title: `${integration.name} needs a new key`,
            text: 'This connection uses a key that was typed in. Give a new one with POST /api/connections/:id/reconnect.',
          }),
          409,
        );
      const { authorization } = await reconnectByConsent(context, integration, row, null);
      return show(reply, leadPage(authorization.url), 200);
    },
  );
};

/** @returns null: nobody. @throws HubError FORBIDDEN where it is somebody whose role has no such right */
async function signedIn(request: FastifyRequest, reply: FastifyReply, right: Right): Promise<Caller | null> {
  const caller = await sessionOf(request, reply);
  return caller && enter(request, caller, right);
}

const askToSignIn = ({ accounts }: ApiContext, reply: FastifyReply, next: string) =>
  show(reply, signInPage({ next, problem: null, singleSignOn: accounts.singleSignOn }), 401);

/** RFC 8414. */
const metadata = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth2/authorize`,
  token_endpoint: `${issuer}/oauth2/token`,
  revocation_endpoint: `${issuer}/oauth2/revoke`,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
  revocation_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
  authorization_response_iss_parameter_supported: true,
});

async function showChoice(
  { hub }: ApiContext,
  reply: FastifyReply,
  request: OpenRequest,
  caller: Caller,
  made: string | null,
  problem: string | null,
) {
  const { integrationId } = request.row;
  const rows = await listConnections(hub.db, { userId: caller.userId, integrationId }, null, 200);
  // One that never had credentials is a consent that was not given: there is nothing to choose.
  const connections = rows.filter(({ version }) => version > 0);
  const failed =
    made === null ? undefined : rows.find(({ id, status }) => id === made && status !== 'connected');
  const usable = connections.filter(isUsable);
  const chosen = made ?? (usable.length === 1 ? (usable[0]?.id ?? null) : null);
  const integration = findIntegration(hub, integrationId);
  return show(
    reply,
    choicePage({
      request,
      integration,
      connections,
      chosen,
      problem: problem ?? failed?.statusReason?.message ?? null,
    }),
    problem === null ? 200 : 422,
  );
}

/** In the same window: consent at the provider, then back to the choice with the new one chosen. */
async function connectNew(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  open: OpenRequest,
  caller: Caller,
) {
  const { hub, config } = context;
  const integration = findIntegration(hub, open.row.integrationId);
  const checked = hub.catalogue.validateConfig(integration, {});
  const draft = {
    userId: caller.userId,
    integrationId: integration.id,
    authType: 'oauth2' as const,
    name: integration.name,
    config: checked.ok ? checked.config : {},
  };
  const returnUrl = `${config.publicUrl}/oauth2/authorize/${open.row.id}`;
  try {
    if (!integration.oauth) throw new HubError('AUTH_TYPE_NOT_SUPPORTED');
    const { row, authorization } = await connectByConsent(context, integration, draft, returnUrl);
    concerns(request, { connectionId: row.id });
    return await show(reply, leadPage(authorization.url), 200);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return showChoice(context, reply, open, caller, null, error.message);
  }
}

/** @returns null: answered already, with a sign-in or a refusal */
async function ownConnection(
  context: ApiContext,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
) {
  const caller = await signedIn(request, reply, 'connections:repair');
  const { id } = request.params;
  if (!caller) {
    await askToSignIn(context, reply, `/connections/${encodeURIComponent(id)}/reconnect`);
    return null;
  }
  const row = await findConnection(context.hub.db, id);
  if (row && (row.userId === caller.userId || caller.role !== 'builder')) return row;
  await stop(reply, 'not_yours');
  return null;
}

const answerOf = ({ answer }: { [field: string]: unknown }) => ({
  answer: answer === 'deny' || answer === 'connect' ? answer : 'allow',
});

const stop = (reply: FastifyReply, why: keyof typeof brokerStops) =>
  show(reply, page(brokerStops[why]), brokerStops[why].status);

const refuseTwice = (reply: FastifyReply, name: string) =>
  reply
    .status(400)
    .header('cache-control', 'no-store')
    .send({ error: 'invalid_request', error_description: comesTwice(name) });

const lead = (reply: FastifyReply, location: string | null) =>
  location === null ? stop(reply, 'gone') : show(reply, leadPage(location), 200);

/** RFC 6749 §2.3.1: in the header, or in the form. */
function clientCredentials(
  { headers }: FastifyRequest,
  params: Record<string, string>,
): [id: string, secret: string | null] {
  const [, basic] = /^Basic +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (basic === undefined) return [params['client_id'] ?? '', params['client_secret'] || null];
  const [id = '', ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return [id, secret.join(':') || null];
}

/** As the wire had it: the library measures the body by its own headers. */
const headersOf = ({ headers }: FastifyRequest): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
