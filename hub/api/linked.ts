/** What whoever holds a connect link sees and does. Nobody here is signed in: the link is all they have. */
import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { findApp } from '../database/apps.ts';
import { hashToken } from '../database/auth-adapter.ts';
import {
  findConnectLink,
  releaseConnectLink,
  setLinkedConnection,
  takeConnectLink,
  type ConnectLinkRow,
} from '../database/connect-links.ts';
import { findConnection, updateDetails, type ConnectionRow } from '../database/connections.ts';
import type { ConnectionDraft } from '../database/schema.ts';
import { HubError } from '../errors.ts';
import { findIntegration } from '../oauth/setup.ts';
import { sameHash } from '../same-hash.ts';
import type { LinkedConnection } from './account-schemas.ts';
import { beginEntry, concerns } from './audit.ts';
import type { ApiContext } from './context.ts';
import { showIntegration } from './presentation.ts';
import {
  checkConfig,
  checkReturnUrl,
  chooseAuthType,
  connectByConsent,
  createTyped,
  reconnectByConsent,
  type Begun,
} from './starting.ts';

type Wish = Static<typeof LinkedConnection>;

// As long as a link may be good: whoever was denied comes back to it.
const COOKIE_LASTS_S = 90 * 24 * 60 * 60;
const cookieName = (publicUrl: string) => (publicUrl.startsWith('https:') ? '__Host-hub_link' : 'hub_link');

export const browserOf = ({ cookies }: FastifyRequest, publicUrl: string): string | null =>
  cookies[cookieName(publicUrl)] ?? null;

/** @throws HubError LINK_NOT_FOUND */
export async function openLink(context: ApiContext, token: string, browser: string | null) {
  const { hub } = context;
  const link = await findConnectLink(hub.db, token);
  if (!link) throw new HubError('LINK_NOT_FOUND');
  const definition = findIntegration(hub, link.integrationId);
  const app = await findApp(hub.db, definition.id);
  const shown = showIntegration(hub, definition, app);
  const connection = isItsBrowser(link, browser) ? await connectionOf(context, link) : null;
  return {
    status: seenBy(link, browser, connection),
    expiresAt: link.expiresAt.toISOString(),
    name: link.name,
    integration: {
      ...shown,
      // Where whoever made the link chose the configuration, it is nobody else's to see or to set.
      configSchema: link.config === null ? shown.configSchema : null,
    },
    scopes: link.scopes ?? app?.scopes ?? shown.scopes,
    connection: connection && {
      status: connection.status,
      reason: connection.statusReason?.code ?? null,
      message: connection.statusReason?.message ?? null,
      account: connection.account?.name ?? null,
    },
  };
}

/**
 * Takes the link and begins; where nothing can begin, the link is open again.
 * @throws HubError LINK_NOT_FOUND | LINK_GONE, and as POST /api/connections
 */
export async function startFromLink(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  wish: Wish,
) {
  const { hub, config } = context;
  const link = await findConnectLink(hub.db, token);
  if (!link) throw new HubError('LINK_NOT_FOUND');
  const holder = { kind: 'connect_link', id: link.id, userId: null } as const;
  const { integrationId, userId, connectionId } = link;
  await beginEntry(request, holder, { subjectId: link.id, integrationId, userId, connectionId });
  const known = browserOf(request, config.publicUrl);
  const begun = isItsBrowser(link, known) ? await connectionOf(context, link) : null;
  if (begun !== null) {
    if (seenBy(link, known, begun) !== 'open') throw gone(link);
    return tryAgain(context, link, begun, wish);
  }
  const browser = known ?? randomBytes(32).toString('base64url');
  if (!(await takeConnectLink(hub.db, link.id, browser))) throw gone(link);
  const { row, authorization } = await begin(context, link, wish).catch(async (error: unknown) => {
    await releaseConnectLink(hub.db, link.id);
    throw error;
  });
  await setLinkedConnection(hub.db, link.id, row.id);
  concerns(request, { connectionId: row.id });
  keepBrowser(reply, config.publicUrl, browser);
  return answer(row, authorization);
}

async function begin(
  context: ApiContext,
  link: ConnectLinkRow,
  wish: Wish,
): Promise<{ row: ConnectionRow; authorization: Begun['authorization'] | null }> {
  const { hub, config } = context;
  const integration = findIntegration(hub, link.integrationId);
  const authType = chooseAuthType(integration, wish.authType, wish.credentials !== undefined);
  const draft: ConnectionDraft = {
    userId: link.userId,
    integrationId: integration.id,
    authType,
    name: link.name ?? integration.name,
    config: configOf(context, link, wish),
  };
  if (authType !== 'oauth2') {
    const row = await createTyped(context, integration, draft, authType, wish.credentials);
    return { row, authorization: null };
  }
  const returnUrl = checkReturnUrl(config, wish.returnUrl);
  return connectByConsent(context, integration, draft, returnUrl, link.scopes);
}

/** The first consent came to nothing: the same connection, by the same link, in the same browser. */
async function tryAgain(context: ApiContext, link: ConnectLinkRow, row: ConnectionRow, wish: Wish) {
  const { hub, config } = context;
  const integration = findIntegration(hub, link.integrationId);
  const authType = chooseAuthType(integration, wish.authType, wish.credentials !== undefined);
  if (authType !== row.authType)
    throw new HubError('AUTH_TYPE_NOT_SUPPORTED', { detail: `this link was begun with ${row.authType}` });
  if (wish.config !== undefined)
    await updateDetails(hub.db, row.id, { config: configOf(context, link, wish) });
  const returnUrl = checkReturnUrl(config, wish.returnUrl);
  const begun = await reconnectByConsent(context, integration, row, returnUrl, link.scopes);
  return answer(begun.row, begun.authorization);
}

function configOf(context: ApiContext, link: ConnectLinkRow, wish: Wish): Record<string, unknown> {
  if (link.config !== null && wish.config !== undefined)
    throw new HubError('VALIDATION_FAILED', {
      errors: [{ path: '/config', message: 'was chosen by whoever made the link; leave it out' }],
      detail: 'see errors',
    });
  return checkConfig(
    context,
    findIntegration(context.hub, link.integrationId),
    link.config ?? wish.config ?? {},
  );
}

const answer = (row: ConnectionRow, authorization: { url: string; expiresAt: string } | null) => ({
  connection: { status: row.status, account: row.account?.name ?? null },
  authorization,
});

const isItsBrowser = ({ browserHash }: ConnectLinkRow, browser: string | null) =>
  browser !== null && browserHash !== null && sameHash(browserHash, hashToken(browser));

const connectionOf = async ({ hub }: ApiContext, { connectionId }: ConnectLinkRow) =>
  connectionId === null ? null : findConnection(hub.db, connectionId);

/** Open: this browser may begin, or begin again. */
function seenBy(
  link: ConnectLinkRow,
  browser: string | null,
  connection: ConnectionRow | null,
): 'open' | 'used' | 'expired' | 'revoked' {
  if (link.revokedAt !== null) return 'revoked';
  // A connection that ever had credentials is what the link was for, whatever became of it since.
  if (link.takenAt !== null && !(isItsBrowser(link, browser) && connection?.version === 0)) return 'used';
  return link.expiresAt.getTime() <= Date.now() ? 'expired' : 'open';
}

function gone(link: ConnectLinkRow): HubError {
  const state = seenBy(link, null, null);
  return new HubError('LINK_GONE', {
    detail: state === 'open' ? 'it is being used right now' : `it is ${state}`,
  });
}

function keepBrowser(reply: FastifyReply, publicUrl: string, browser: string): void {
  void reply.setCookie(cookieName(publicUrl), browser, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.startsWith('https:'),
    maxAge: COOKIE_LASTS_S,
  });
}
