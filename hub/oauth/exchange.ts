/** The code becomes credentials, once, and they prove themselves before they are the connection's. */
import type { Connected, OAuth2Credentials } from '../../integrations/definition/integration.ts';
import {
  answerPlace,
  authorizedPlace,
  failAuthorization,
  findAuthorization,
  startExchange,
  storeExchanged,
  undoExchange,
  type AuthorizationRow,
} from '../database/authorizations.ts';
import { storeAuthorized } from '../database/connection-credentials.ts';
import { findConnection, reasonNow, type ConnectionRow } from '../database/connections.ts';
import { isDatabaseFailure } from '../database/database.ts';
import type { Origin } from '../database/events.ts';
import type { ReasonCode } from '../database/schema.ts';
import { HubError } from '../errors.ts';
import { redirectUri, type Hub } from '../hub.ts';
import type { Envelope } from '../vault/vault.ts';
import type { CallbackAnswer } from './authorization.ts';
import { sealCredentials } from './credentials.ts';
import { nextHealthAt } from './health-due.ts';
import { messageOf } from './messages.ts';
import { probe, type ProbeFacts } from './probe.ts';
import { orphanCredentials } from './revocation.ts';
import { findIntegration, openSetup, requireOAuth, type OAuthIntegration } from './setup.ts';
import { codeRequest, requestTokens } from './token-endpoint.ts';

export type ExchangeResult =
  | { outcome: 'exchanged' }
  /** The provider answered and the database did not: the sealed answer is to be stored by `storeExchangedAnswer`. */
  | { outcome: 'unstored'; envelope: Envelope }
  /** Nothing was spent: it may be tried again. */
  | { outcome: 'try_again'; message: string; retryAfterMs?: number }
  | { outcome: 'failed'; failure: string; reason: ReasonCode; message: string }
  /** Ended meanwhile, by a newer walk or a disconnect. `orphan`: the revocation of what was answered all the same. */
  | { outcome: 'ended'; orphan?: string };

/** @throws what keeps the database from answering before anything was sent */
export async function exchangeCode(hub: Hub, authorizationId: string): Promise<ExchangeResult> {
  const row = await findAuthorization(hub.db, authorizationId);
  if (!row || row.status !== 'answered') return { outcome: 'ended' };
  if (row.sealedCredentials !== null) return { outcome: 'exchanged' };
  if (row.sealedAnswer === null) return { outcome: 'ended' };
  const answer = hub.vault.open<CallbackAnswer>(answerPlace(row.id), row.sealedAnswer);
  const { connection, integration } = await subject(hub, row);
  if (answer.kind === 'denied')
    return failed(
      'denied',
      'AUTHORIZATION_DENIED',
      `Access was not allowed at ${integration.name} (${answer.error}). Try again and press Allow.`,
    );
  if (answer.kind === 'failed')
    return failed(answer.error, 'AUTHORIZATION_FAILED', failureText(integration, answer.error));
  if (!(await startExchange(hub.db, row.id)))
    return failed(
      'exchange_unknown',
      'AUTHORIZATION_FAILED',
      `The code from ${integration.name} was sent once and its answer never arrived. Try again.`,
    );
  return redeem(hub, row, connection, integration, answer);
}

async function redeem(
  hub: Hub,
  row: AuthorizationRow,
  connection: ConnectionRow,
  integration: OAuthIntegration,
  { code, codeVerifier }: Extract<CallbackAnswer, { kind: 'code' }>,
): Promise<ExchangeResult> {
  const setup = await openSetup(hub, integration, connection.config);
  const request = codeRequest(integration, setup, { code, codeVerifier, redirectUri: redirectUri(hub) });
  const outcome = await requestTokens(hub.egress, integration, setup, request, null);
  switch (outcome.kind) {
    case 'tokens': {
      const credentials = await upgraded(hub, integration, { ...setup, credentials: outcome.credentials });
      // RFC 6749 §5.1: a provider that says no scope gave what was asked for, here less than the app's.
      const scopes = credentials.scopes ?? row.scopes;
      return keep(hub, row, hub.vault.seal(authorizedPlace(row.id), { ...credentials, scopes }));
    }
    case 'unsent':
      await undoExchange(hub.db, row.id);
      return {
        outcome: 'try_again',
        message: messageOf(integration, { kind: 'provider_unavailable', code: outcome.why }),
      };
    case 'timed_out':
    case 'lost':
      return failed(
        'exchange_unknown',
        'AUTHORIZATION_FAILED',
        `${integration.name} did not answer the exchange of the code. Try again.`,
      );
    case 'refused': {
      const { verdict } = outcome;
      const message = messageOf(integration, verdict);
      if (verdict.kind === 'provider_unavailable' || verdict.kind === 'rate_limited') {
        await undoExchange(hub.db, row.id);
        const wait = verdict.retryAfterMs === undefined ? {} : { retryAfterMs: verdict.retryAfterMs };
        return { outcome: 'try_again', message, ...wait };
      }
      return failed(
        verdict.code ?? verdict.kind,
        'AUTHORIZATION_FAILED',
        `${integration.name} did not take the code. ${message}`,
      );
    }
  }
}

/** A second request, where the integration wants one. It failing loses nothing: the first answer is good for a while. */
async function upgraded(
  hub: Hub,
  integration: OAuthIntegration,
  connected: Connected<OAuth2Credentials>,
): Promise<OAuth2Credentials> {
  const request = integration.oauth.upgrade?.(connected);
  if (!request) return connected.credentials;
  const outcome = await requestTokens(hub.egress, integration, connected, request, connected.credentials);
  return outcome.kind === 'tokens' ? outcome.credentials : connected.credentials;
}

async function keep(hub: Hub, row: AuthorizationRow, envelope: Envelope): Promise<ExchangeResult> {
  try {
    return await storeExchangedAnswer(hub, row.id, envelope);
  } catch (error) {
    if (!isDatabaseFailure(error)) throw error;
    return { outcome: 'unstored', envelope };
  }
}

/** The second half of an `unstored` exchange. */
export async function storeExchangedAnswer(
  hub: Hub,
  authorizationId: string,
  answered: Envelope,
): Promise<ExchangeResult> {
  // Keys may have been changed while it was on its way.
  const envelope = hub.vault.rewrap(authorizedPlace(authorizationId), answered);
  if (await storeExchanged(hub.db, authorizationId, envelope)) return { outcome: 'exchanged' };
  const row = await findAuthorization(hub.db, authorizationId);
  const connection = row && (await findConnection(hub.db, row.connectionId));
  if (connection?.statusReason?.code !== 'DISCONNECTED_BY_USER') return { outcome: 'ended' };
  return {
    outcome: 'ended',
    orphan: await orphanCredentials(hub, connection, authorizedPlace(authorizationId), envelope),
  };
}

/** Reads who is connected and proves the new credentials; facts only. */
export async function probeAuthorized(hub: Hub, authorizationId: string): Promise<ProbeFacts | null> {
  const row = await findAuthorization(hub.db, authorizationId);
  if (!row || row.status !== 'answered' || row.sealedCredentials === null) return null;
  const { connection, integration } = await subject(hub, row);
  const setup = await openSetup(hub, integration, connection.config);
  const credentials = hub.vault.open<OAuth2Credentials>(authorizedPlace(row.id), row.sealedCredentials);
  return probe(hub, integration, { ...setup, credentials });
}

/** The credentials become the connection's. */
export async function completeAuthorization(
  hub: Hub,
  authorizationId: string,
  facts: ProbeFacts,
  origin: Origin,
): Promise<void> {
  const row = await findAuthorization(hub.db, authorizationId);
  if (!row || row.status !== 'answered' || row.sealedCredentials === null) return;
  const { connection, integration } = await subject(hub, row);
  const setup = await openSetup(hub, integration, connection.config);
  const credentials = hub.vault.open<OAuth2Credentials>(authorizedPlace(row.id), row.sealedCredentials);
  const sealed = sealCredentials(hub, integration, connection.id, credentials, setup.row);
  // What could not be proved now is looked at again soon.
  if (facts.outcome !== 'ok') sealed.healthDueAt = nextHealthAt(hub.durations, facts, null);
  await storeAuthorized(hub.db, connection.id, sealed, standing(facts), row.id, origin);
}

/** Only a probe's clear no is an error; a provider that cannot say now is asked again later. */
function standing(facts: ProbeFacts) {
  const { check, account } = facts;
  const reason: Partial<Record<string, ReasonCode>> = {
    permission_missing: 'PERMISSION_MISSING',
    provider_unavailable: 'PROVIDER_UNAVAILABLE',
    rate_limited: 'RATE_LIMITED',
    request_at_fault: 'AUTHORIZATION_FAILED',
  };
  const code = reason[facts.outcome];
  return code === undefined
    ? { status: 'connected' as const, reason: null, account, check }
    : { status: 'error' as const, reason: reasonNow(code, facts.message), account, check };
}

export async function endAuthorization(
  hub: Hub,
  authorizationId: string,
  failure: string,
  reason: { code: ReasonCode; message: string } | null,
  origin: Origin,
): Promise<void> {
  await failAuthorization(
    hub.db,
    authorizationId,
    failure,
    reason && reasonNow(reason.code, reason.message),
    origin,
  );
}

async function subject(
  hub: Hub,
  row: AuthorizationRow,
): Promise<{ connection: ConnectionRow; integration: OAuthIntegration }> {
  const connection = await findConnection(hub.db, row.connectionId);
  if (!connection) throw new HubError('CONNECTION_NOT_FOUND');
  return { connection, integration: requireOAuth(findIntegration(hub, connection.integrationId)) };
}

const failed = (failure: string, reason: ReasonCode, message: string): ExchangeResult => ({
  outcome: 'failed',
  failure,
  reason,
  message,
});

function failureText(integration: OAuthIntegration, error: string): string {
  if (error === 'issuer_mismatch')
    return `The answer came from another authorization server than ${integration.name}'s, so it was not used. Try again.`;
  if (error === 'no_code') return `${integration.name} sent the browser back without a code. Try again.`;
  return `${integration.name} ended the authorization (${error}). Check the OAuth app's scopes and redirect URI.`;
}
