/**
 * What a client is given for a connection: the provider's access token and what the provider said beside it
 * (RFC 6749 §5.1), a handle in place of its refresh token, and under `hub` what a caller of its API must know.
 */
import type { Connected } from '../../integrations/definition/integration.ts';
import type { Lifecycle } from '../api/lifecycle.ts';
import { lasts } from '../api/usable.ts';
import { findConnection, type ConnectionRow } from '../database/connections.ts';
import { HubError } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { callCredentials } from '../oauth/probe.ts';
import { assertRefreshed } from '../oauth/refresh-result.ts';
import { apiBaseUrlOf, findIntegration, openConnected, otherApiBaseUrlsOf } from '../oauth/setup.ts';
import { isN8n, type KnownClient } from './client.ts';

export type TokenFields = { [name: string]: unknown } & { access_token: string };

/** Least time a token must last where nobody says that it is bad: long enough to be used once. */
const MIN_TTL_MS = 60_000;

/**
 * A token as new as this was not found bad by anybody: whoever asks lost a race to somebody who has just refreshed it.
 * (n8n reads its stored credential between a failed call and the refresh; of ten executions one may read the new token
 * there and have it refreshed again.)
 */
const BRAND_NEW_MS = 3_000;

export const reconnectUrl = ({ publicUrl }: Pick<Hub, 'publicUrl'>, connectionId: string) =>
  `${publicUrl}/connections/${connectionId}/reconnect`;

/**
 * The connection as it is to be handed out: the stored token where it is newer than the one the client had, else
 * after the one refresh that all who ask share.
 *
 * @param seenVersion of the credentials the client had and found bad; null: it had none
 * @throws HubError CONNECTION_NOT_FOUND | CONNECTION_DISCONNECTED | REAUTHORIZATION_REQUIRED |
 *   REFRESH_OUTCOME_UNKNOWN where only a person can help; others where it passes
 */
export async function connectionFor(
  hub: Hub,
  lifecycle: Lifecycle,
  connectionId: string,
  seenVersion: number | null,
): Promise<ConnectionRow> {
  const row = await findConnection(hub.db, connectionId);
  if (!row) throw new HubError('CONNECTION_NOT_FOUND');
  const age = Date.now() - (row.credentialsUpdatedAt?.getTime() ?? 0);
  const isNewer = seenVersion === null || row.version > seenVersion || age < BRAND_NEW_MS;
  if (isNewer && lasts(row, MIN_TTL_MS)) return row;
  const wish = isNewer
    ? { seenVersion: row.version, force: false, minTtlMs: MIN_TTL_MS }
    : { seenVersion, force: true, minTtlMs: 0 };
  try {
    if (lasts(row, 0) || row.refreshable) {
      const result = await lifecycle.refresh(row, wish);
      if (result.outcome !== 'not_refreshable' || !lasts(row, 0)) assertRefreshed(result);
    }
  } catch (error) {
    const final =
      error instanceof HubError &&
      ['REAUTHORIZATION_REQUIRED', 'CONNECTION_DISCONNECTED'].includes(error.code);
    // A provider's bad hour: the stored token is what there is, for as long as it lasts.
    if (final || !lasts(row, 0)) throw error;
  }
  const now = await findConnection(hub.db, connectionId);
  if (!now) throw new HubError('CONNECTION_NOT_FOUND');
  if (!lasts(now, 0)) throw new HubError('REAUTHORIZATION_REQUIRED', { detail: 'its token has expired' });
  return now;
}

export async function tokenFields(hub: Hub, row: ConnectionRow): Promise<TokenFields> {
  const integration = findIntegration(hub, row.integrationId);
  const connected: Connected = await openConnected(hub, integration, row);
  const { credentials } = connected;
  const { headers, query } = callCredentials(integration, connected);
  const signed = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  const [scheme, sent] = signed.split(' ');
  const isOAuth = credentials.type === 'oauth2';
  return {
    ...(isOAuth ? withoutRefreshTokens(credentials.answer) : {}),
    access_token: isOAuth ? credentials.accessToken : (credentials.fields['apiKey'] ?? sent ?? ''),
    token_type: scheme || 'Bearer',
    ...(row.expiresAt === null
      ? {}
      : { expires_in: Math.max(0, Math.floor((row.expiresAt.getTime() - Date.now()) / 1000)) }),
    ...(row.scopes.length > 0 ? { scope: row.scopes.join(' ') } : {}),
    hub: {
      connection_id: row.id,
      integration_id: row.integrationId,
      account_id: row.account?.id ?? null,
      api_base_url: apiBaseUrlOf(integration, connected),
      api_base_urls: otherApiBaseUrlsOf(integration, connected),
      headers: Object.fromEntries(
        Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'),
      ),
      query,
      reconnect_url: reconnectUrl(hub, row.id),
    },
  };
}

/**
 * n8n signs by header what is `Bearer`; a token of any other kind it writes into the address of the call, where logs
 * keep it.
 */
export const isSafeWith = (client: KnownClient, { token_type: kind }: TokenFields): boolean =>
  !isN8n(client) || String(kind).toLowerCase() === 'bearer';

// What renews tokens stays here; what says how long they last would contradict what is true now.
const KEPT_HERE = /refresh_token|^(access_token|token_type|expires_in|expires_at|ext_expires_in|ok)$/;

/** The provider's own fields, its second tokens (Slack's `authed_user`) included, their refresh tokens never. */
function withoutRefreshTokens(answer: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answer)
      .filter(([name]) => !KEPT_HERE.test(name))
      .map(([name, value]) => [name, nested(value)]),
  );
}

function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nested);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.includes('refresh_token'))
      .map(([name, inner]) => [name, nested(inner)]),
  );
}
