/**
 * The browser's way through consent: a link that is opened once, a redirect, a callback that is taken once.
 *
 * `state` is random, kept as a hash, and good only in the browser that opened the link (its cookie is kept
 * as a hash too); PKCE S256 wherever the provider can; `iss` is checked where it is sent (RFC 9207). The
 * code is sealed into its row before anybody is told of it, so Temporal only hears that it is there.
 */
import { createHash, randomBytes } from 'node:crypto';
import grant from 'grant/lib/grant.js';
import { uuidv7 } from 'uuidv7';
import { safeCode } from '../../integrations/definition/answers.ts';
import type { Setup } from '../../integrations/definition/integration.ts';
import {
  answerPlace,
  bindBrowser,
  findAuthorizationByState,
  findAuthorizationByTicket,
  insertAuthorization,
  recordRedirect,
  sessionPlace,
  takeCallback,
  type AuthorizationRow,
} from '../database/authorizations.ts';
import { findConnection, type ConnectionRow } from '../database/connections.ts';
import { HubError } from '../errors.ts';
import { redirectUri, type Hub } from '../hub.ts';
import { sameHash } from '../same-hash.ts';
import { authorizeUrlOf, findIntegration, openSetup, requireOAuth, type OAuthIntegration } from './setup.ts';

/** What the callback brought, sealed at `authorizations/<id>/answer`. */
export type CallbackAnswer =
  | { kind: 'code'; code: string; codeVerifier: string | null }
  | { kind: 'denied'; error: string }
  | { kind: 'failed'; error: string };

/** Why a browser is sent no further; each has its words on the page. */
export type Stop =
  | 'unknown_link'
  | 'link_used'
  | 'expired'
  | 'foreign_browser'
  | 'not_configured'
  | 'no_state'
  | 'unknown_state'
  | 'already_answered';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * Ready to be kept: the row and the link that only the caller sees.
 * @param scopes what is asked for; null: what the integration's app asks for
 */
export async function beginAuthorization(
  hub: Hub,
  connection: Pick<ConnectionRow, 'id'>,
  returnUrl: string | null,
  scopes: string[] | null = null,
): Promise<{ id: string; url: string; expiresAt: Date; superseded: string[] }> {
  const id = uuidv7();
  const ticket = randomBytes(32).toString('base64url');
  const expiresAt = new Date(Date.now() + hub.durations.authorizationTtl);
  const row = { id, connectionId: connection.id, ticketHash: hash(ticket), returnUrl, scopes, expiresAt };
  const superseded = await insertAuthorization(hub.db, row);
  return { id, url: `${hub.publicUrl}/oauth/authorize/${ticket}`, expiresAt, superseded };
}

/**
 * @param browser the value of this browser's cookie, made by the caller where it had none
 * @returns where to send the browser
 */
export async function openAuthorization(
  hub: Hub,
  ticket: string,
  browser: string,
): Promise<{ location: string } | { stop: Stop }> {
  const row = await findAuthorizationByTicket(hub.db, hash(ticket));
  if (!row) return { stop: 'unknown_link' };
  if (row.status !== 'pending' && row.status !== 'redirected')
    return { stop: row.failure === 'expired' ? 'expired' : 'link_used' };
  if (row.expiresAt.getTime() <= Date.now()) return { stop: 'expired' };
  if (!(await isItsBrowser(hub, row, browser))) return { stop: 'foreign_browser' };
  const connection = await findConnection(hub.db, row.connectionId);
  if (!connection) return { stop: 'unknown_link' };
  const integration = requireOAuth(findIntegration(hub, connection.integrationId));
  const setup = await openSetup(hub, integration, connection.config);
  if (!setup.app) return { stop: 'not_configured' };
  // Opened again by the same browser (the back button): a new state, the earlier one is worth nothing any more.
  const { location, session } = await authorizeRequest(
    hub,
    integration,
    setup,
    row.scopes ?? setup.row?.scopes ?? null,
  );
  const written = await recordRedirect(
    hub.db,
    row.id,
    hash(session.state),
    hub.vault.seal(sessionPlace(row.id), session),
  );
  return written ? { location } : { stop: 'link_used' };
}

async function isItsBrowser(hub: Hub, row: AuthorizationRow, browser: string): Promise<boolean> {
  if (row.browserHash !== null) return sameHash(row.browserHash, hash(browser));
  return bindBrowser(hub.db, row.id, hash(browser));
}

type GrantSession = { state: string; codeVerifier: string | null };

/** RFC 6749 §4.1.1 and RFC 7636 §4.3, by grant's pipeline with the session as a value. */
export async function authorizeRequest(
  hub: Hub,
  integration: OAuthIntegration,
  setup: Setup,
  appScopes: string[] | null,
): Promise<{ location: string; session: GrantSession }> {
  const { oauth } = integration;
  const url = new URL(authorizeUrlOf(integration, setup));
  const ownParams = Object.fromEntries(url.searchParams);
  url.search = '';
  const pipeline = grant({ config: { hub: {} } });
  const { location, session } = await pipeline({
    method: 'GET',
    params: { provider: 'hub' },
    state: {
      dynamic: {
        oauth: 2,
        authorize_url: url.href,
        access_url: 'unused:',
        client_id: setup.app?.clientId,
        redirect_uri: redirectUri(hub),
        scope: appScopes ?? [...oauth.scopes],
        scope_delimiter: oauth.scopeSeparator,
        state: true,
        // Whoever was put in the provider's place may require it; RFC 6749 §3.1 makes it harmless where not known.
        pkce: oauth.pkce || setup.endpoints.authorizeUrl !== undefined,
        custom_params: { ...ownParams, ...oauth.authorizeParams?.(setup) },
      },
    },
  });
  if (!location || !session.state)
    throw new HubError('INTERNAL', { detail: `no authorize URL for ${integration.id}` });
  return { location, session: { state: session.state, codeVerifier: session.code_verifier ?? null } };
}

/**
 * Takes the callback. What it brought is in the database before this returns.
 * @param announce is done before anything is written, so that it is found whatever happens afterwards
 * @returns the authorization to go on with, and what the browser is to be told meanwhile
 */
export async function receiveCallback(
  hub: Hub,
  query: Record<string, string>,
  browser: string | null,
  announce: (row: AuthorizationRow) => Promise<void>,
): Promise<
  { row: AuthorizationRow; outcome: CallbackAnswer['kind'] } | { stop: Stop; row: AuthorizationRow | null }
> {
  if (!query['state']) return { stop: 'no_state', row: null };
  const row = await findAuthorizationByState(hub.db, hash(query['state']));
  if (!row) return { stop: 'unknown_state', row: null };
  // Checked before anything is taken: a foreign browser must not be able to use up somebody's callback.
  if (browser === null || row.browserHash === null || !sameHash(row.browserHash, hash(browser)))
    return { stop: 'foreign_browser', row: null };
  if (row.status !== 'redirected')
    return { stop: row.failure === 'expired' ? 'expired' : 'already_answered', row };
  if (row.sealedSession === null) return { stop: 'already_answered', row };
  const session = hub.vault.open<GrantSession>(sessionPlace(row.id), row.sealedSession);
  const answer = await readCallback(hub, row, session, query);
  await announce(row);
  const taken = await takeCallback(hub.db, row.id, hub.vault.seal(answerPlace(row.id), answer));
  if (!taken) return { stop: row.expiresAt.getTime() <= Date.now() ? 'expired' : 'already_answered', row };
  return { row, outcome: answer.kind };
}

async function readCallback(
  hub: Hub,
  row: AuthorizationRow,
  session: GrantSession,
  query: Record<string, string>,
): Promise<CallbackAnswer> {
  if (query['iss'] !== undefined && !(await isItsIssuer(hub, row, query['iss'])))
    return { kind: 'failed', error: 'issuer_mismatch' };
  const error = query['error'];
  if (error !== undefined) {
    const denied = error === 'access_denied' || error === 'user_denied' || error === 'consent_required';
    return { kind: denied ? 'denied' : 'failed', error: safeCode(error) };
  }
  if (!query['code']) return { kind: 'failed', error: 'no_code' };
  return { kind: 'code', code: query['code'], codeVerifier: session.codeVerifier };
}

/** RFC 9207 §2.4, against the issuers the integration names, or the origins of the endpoints in use. */
async function isItsIssuer(hub: Hub, row: AuthorizationRow, issuer: string): Promise<boolean> {
  const connection = await findConnection(hub.db, row.connectionId);
  if (!connection) return false;
  const integration = requireOAuth(findIntegration(hub, connection.integrationId));
  const setup = await openSetup(hub, integration, connection.config);
  if (setup.endpoints.authorizeUrl === undefined && integration.oauth.issuers?.includes(issuer)) return true;
  return (
    URL.canParse(issuer) && new URL(issuer).origin === new URL(authorizeUrlOf(integration, setup)).origin
  );
}
