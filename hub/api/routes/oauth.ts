/** The browser's way through consent. Nothing that arrives in these addresses is logged. */
import { randomBytes } from 'node:crypto';
import { Type } from 'typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findConnection } from '../../database/connections.ts';
import { openAuthorization, receiveCallback, type Stop } from '../../oauth/authorization.ts';
import { findIntegration } from '../../oauth/setup.ts';
import { beginEntry } from '../audit.ts';
import { page, PAGE_STYLE, STOP_PAGES, textParams, type PageContent } from '../pages.ts';
import type { ApiContext, Routes } from '../context.ts';

const COOKIE = 'hub_browser';
const BROWSER = { rateLimit: { max: 300, timeWindow: '1 minute' } };
// The exchange and a probe: two answers of the provider. Afterwards the page says that it goes on.
const PATIENCE_MS = 45_000;

export const addOAuthRoutes: Routes = (app, context) => {
  const { hub } = context;
  const hidden = { schema: { hide: true }, config: BROWSER };

  app.get('/oauth/style.css', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/css').header('cache-control', 'public, max-age=3600').send(PAGE_STYLE),
  );

  app.get(
    '/oauth/authorize/:ticket',
    { ...hidden, schema: { hide: true, params: Type.Object({ ticket: Type.String({ maxLength: 200 }) }) } },
    async (request, reply) => {
      const browser = cookieOf(request) ?? randomBytes(32).toString('base64url');
      const opened = await openAuthorization(hub, request.params.ticket, browser);
      if ('stop' in opened) return stop(reply, opened.stop);
      const secure = context.config.publicUrl.startsWith('https:');
      return reply
        .setCookie(COOKIE, browser, { path: '/oauth', httpOnly: true, sameSite: 'lax', secure, maxAge: 3600 })
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer')
        .redirect(opened.location, 302);
    },
  );

  const callback = { ...hidden, config: { ...BROWSER, audit: { action: 'connection.consent' as const } } };
  app.get('/oauth/callback', callback, async (request, reply) => {
    const { lifecycle } = context;
    const received = await receiveCallback(
      hub,
      textParams(request.query),
      cookieOf(request),
      async ({ connectionId, id }) => {
        const browser = { kind: 'browser', id: null, userId: null } as const;
        await beginEntry(request, browser, { subjectId: connectionId, connectionId });
        await lifecycle.announceCallback(connectionId, id);
      },
    );
    if (request.entry && 'outcome' in received && received.outcome !== 'code') {
      request.entry.outcome = 'refused';
      request.entry.code = received.outcome;
    }
    if ('stop' in received && received.row === null) return stop(reply, received.stop);
    const { row } = received;
    if (row === null) return stop(reply, 'unknown_state');
    const connection = await findConnection(hub.db, row.connectionId);
    if (!connection) return stop(reply, 'unknown_link');
    if (!('stop' in received)) {
      // What came is in the database: if this fails or takes long, the workflow finds it by itself.
      await lifecycle
        .completeAuthorization(connection, row.id, PATIENCE_MS)
        .catch((error: unknown) =>
          request.log.warn(
            { reqId: request.id, err: error, connectionId: connection.id },
            'the callback is kept, the workflow could not be told',
          ),
        );
    }
    return end(context, reply, row.connectionId, row.returnUrl, 'stop' in received ? received.stop : null);
  });
};

/** Where it all ends: the returnUrl, or a page that says what happened. */
async function end(
  { hub }: ApiContext,
  reply: FastifyReply,
  connectionId: string,
  returnUrl: string | null,
  stopped: Stop | null,
) {
  const connection = await findConnection(hub.db, connectionId);
  if (!connection) return stop(reply, 'unknown_link');
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
  if (returnUrl !== null) {
    const url = new URL(returnUrl);
    url.searchParams.set('connectionId', connection.id);
    url.searchParams.set('status', connection.status);
    const reason = connection.statusReason?.code;
    if (reason) url.searchParams.set('reason', reason);
    return reply.redirect(url.href, 302);
  }
  if (stopped !== null) return stop(reply, stopped);
  const { name } = findIntegration(hub, connection.integrationId);
  const content: PageContent =
    connection.status === 'connected'
      ? {
          title: `${name} is connected`,
          text: connection.account
            ? `Connected as ${connection.account.name}. You can close this window.`
            : 'You can close this window.',
        }
      : { title: `${name} is not connected`, text: connection.statusReason?.message ?? 'Try again.' };
  return reply
    .status(connection.status === 'connected' ? 200 : 400)
    .type('text/html; charset=utf-8')
    .send(page(content));
}

function stop(reply: FastifyReply, why: Stop) {
  const { status, ...content } = STOP_PAGES[why];
  return reply
    .status(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(page(content));
}

const cookieOf = (request: FastifyRequest) => request.cookies[COOKIE] ?? null;
