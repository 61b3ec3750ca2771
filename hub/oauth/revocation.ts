/** Ends credentials at the provider (RFC 7009, or the provider's own way), after they are unusable here. */
import { classifyByStatus, textField } from '../../integrations/definition/answers.ts';
import type {
  Connected,
  Credentials,
  Integration,
  OAuth2Credentials,
  OutgoingRequest,
  Verdict,
} from '../../integrations/definition/integration.ts';
import { rfc7009 } from '../../integrations/definition/revocation.ts';
import {
  addOrphanRevocation,
  credentialsPlace,
  dropCredentials,
  revocationPlace,
} from '../database/connection-credentials.ts';
import { type ConnectionRow } from '../database/connections.ts';
import type { Origin } from '../database/events.ts';
import { findWantedRevocation, forgetRevocation, keepRenewed } from '../database/revocations.ts';
import { assertNever } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { isRefreshable, reseal } from './credentials.ts';
import { callCredentials } from './probe.ts';
import { apiBaseUrlOf, findIntegration, hostsOf, openSetup, requireOAuth } from './setup.ts';
import { refreshRequest, requestTokens } from './token-endpoint.ts';

/** Unusable here at once. @returns the revocation to carry out, or null where there is nothing to revoke */
export async function disconnect(hub: Hub, connectionId: string, origin: Origin): Promise<string | null> {
  const giveUpAt = new Date(Date.now() + hub.durations.revocationGiveUp);
  return dropCredentials(
    hub.db,
    connectionId,
    (envelope, revocationId) =>
      reseal(hub.vault, credentialsPlace(connectionId), revocationPlace(revocationId), envelope),
    giveUpAt,
    origin,
  );
}

/** Credentials that were answered for a connection that no longer wants any. @returns the revocation to carry out */
export async function orphanCredentials(
  hub: Hub,
  row: Pick<ConnectionRow, 'id' | 'integrationId' | 'config'>,
  place: string,
  envelope: string,
): Promise<string> {
  const move = (sealed: string, id: string) => reseal(hub.vault, place, revocationPlace(id), sealed);
  const giveUpAt = new Date(Date.now() + hub.durations.revocationGiveUp);
  return addOrphanRevocation(hub.db, row, envelope, move, giveUpAt);
}

export type RevocationResult =
  | {
      outcome: 'revoked' | 'already_gone' | 'unsupported' | 'not_wanted' | 'gave_up' | 'refused';
      code?: string;
    }
  | { outcome: 'try_again'; code: string; retryAfterMs?: number };

/** One attempt. Every outcome but `try_again` ends it, and the sealed credentials are forgotten. */
export async function revokeAtProvider(hub: Hub, revocationId: string): Promise<RevocationResult> {
  const row = await findWantedRevocation(hub.db, revocationId);
  const result: RevocationResult = row === null ? { outcome: 'not_wanted' } : await attempt(hub, row);
  const late = row !== null && row.giveUpAt.getTime() <= Date.now();
  if (result.outcome === 'try_again' && !late) return result;
  await forgetRevocation(hub.db, revocationId);
  return result.outcome === 'try_again' ? { outcome: 'gave_up', code: result.code } : result;
}

type Wanted = NonNullable<Awaited<ReturnType<typeof findWantedRevocation>>>;

async function attempt(hub: Hub, row: Wanted): Promise<RevocationResult> {
  const integration = findIntegration(hub, row.integrationId);
  const credentials = hub.vault.open<Credentials>(revocationPlace(row.id), row.sealedCredentials);
  // A key the user made at the provider is the user's: it may serve elsewhere, and only they end it there.
  if (credentials.type !== 'oauth2') return { outcome: 'unsupported' };
  const connected = { ...(await openSetup(hub, integration, row.config)), credentials };
  const result = await askToRevoke(hub, integration, connected);
  return result === 'expired' ? renewAndRevoke(hub, row, integration, connected) : result;
}

/**
 * Where the access token itself asks for the revocation and has run out, its refresh token is still alive:
 * it is renewed once more, to be ended.
 */
async function renewAndRevoke(
  hub: Hub,
  row: Wanted,
  integration: Integration,
  connected: Connected<OAuth2Credentials>,
): Promise<RevocationResult> {
  if (!isRefreshable(integration, connected.credentials) || integration.oauth?.refresh.by !== 'refresh_token')
    return { outcome: 'already_gone' };
  const withOAuth = requireOAuth(integration);
  const request = refreshRequest(withOAuth, connected);
  const renewed = await requestTokens(hub.egress, withOAuth, connected, request, connected.credentials);
  if (renewed.kind === 'refused') return resultOf(renewed.verdict);
  if (renewed.kind !== 'tokens') return { outcome: 'try_again', code: renewed.why };
  const envelope = hub.vault.seal(revocationPlace(row.id), renewed.credentials);
  await keepRenewed(hub.db, row.id, envelope);
  const result = await askToRevoke(hub, integration, { ...connected, credentials: renewed.credentials });
  return result === 'expired' ? { outcome: 'already_gone' } : result;
}

async function askToRevoke(
  hub: Hub,
  integration: Integration,
  connected: Connected<OAuth2Credentials>,
): Promise<RevocationResult | 'expired'> {
  const request = revocationRequest(integration, connected);
  if (!request) return { outcome: 'unsupported' };
  const outcome = await hub.egress.send(request, {
    hosts: hostsOf(integration, connected),
    about: { kind: 'revocation', integrationId: integration.id },
  });
  if (outcome.kind === 'refused') return { outcome: 'refused', code: 'ADDRESS_REFUSED' };
  if (outcome.kind !== 'answered') return { outcome: 'try_again', code: outcome.why };
  const verdict = (integration.classify ?? classifyByStatus)(outcome.answer);
  if (verdict.kind === 'ok') return { outcome: 'revoked' };
  // A 401 that is about our app and not about the token leaves the token alive: that is to be seen.
  if (/client/.test(textField(outcome.answer.body, 'error') ?? '')) return refusal(verdict);
  if (verdict.kind === 'credential_expired') return 'expired';
  return outcome.answer.status === 404 ? { outcome: 'already_gone' } : resultOf(verdict);
}

function resultOf(verdict: Exclude<Verdict, { kind: 'ok' }>): RevocationResult {
  switch (verdict.kind) {
    case 'rate_limited':
    case 'provider_unavailable': {
      const wait = verdict.retryAfterMs === undefined ? {} : { retryAfterMs: verdict.retryAfterMs };
      return { outcome: 'try_again', code: verdict.code ?? verdict.kind, ...wait };
    }
    case 'credential_expired':
    case 'credential_revoked':
      return { outcome: 'already_gone' };
    case 'permission_missing':
    case 'request_at_fault':
      return refusal(verdict);
    default:
      return assertNever(verdict);
  }
}

const refusal = ({ code }: { code?: string }): RevocationResult => ({
  outcome: 'refused',
  ...(code === undefined ? {} : { code }),
});

function revocationRequest(integration: Integration, connected: Connected): OutgoingRequest | null {
  const own = integration.revoke?.(connected);
  if (!own)
    return connected.endpoints.revokeUrl === undefined
      ? null
      : rfc7009(connected, connected.endpoints.revokeUrl);
  if (!own.url.startsWith('/')) return own;
  // A path is a call of the API like any other, so it carries the connection's credentials.
  const { headers, query } = callCredentials(integration, connected);
  return {
    ...own,
    url: apiBaseUrlOf(integration, connected) + own.url,
    headers: { ...own.headers, ...headers },
    query: { ...own.query, ...query },
  };
}
