/**
 * The one function by which a connection's credentials are refreshed, whoever asks.
 *
 *   claim the lease ─▶ newer version? ─▶ answer that, ask nobody
 *         │
 *         ▼
 *   an earlier request unaccounted for? ─▶ wait for it, or say that its outcome is unknown
 *         │
 *         ▼
 *   record the intent ─▶ ask the provider ─▶ seal ─▶ store by compare-and-set, releasing the lease
 *
 * No database connection is held while the provider is asked. If the store fails after the provider
 * answered, the sealed answer is returned for `storeRefreshed`, which is repeated until it is stored.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import type { Connected, OAuth2Credentials, Verdict } from '../../integrations/definition/integration.ts';
import {
  credentialsPlace,
  storeRefreshed,
  type SealedCredentials,
} from '../database/connection-credentials.ts';
import { changeStatus, findConnection, reasonNow, type ConnectionRow } from '../database/connections.ts';
import { claimLease, recordIntent, releaseLease } from '../database/lease.ts';
import { isDatabaseFailure } from '../database/database.ts';
import type { Origin } from '../database/events.ts';
import type { ReasonCode } from '../database/schema.ts';
import type { Hub } from '../hub.ts';
import { isRefreshable, sealCredentials } from './credentials.ts';
import { messageOf, outcomeUnknown } from './messages.ts';
import { portable, type FailureKind, type RefreshResult, type RefreshWish } from './refresh-result.ts';
import { orphanCredentials } from './revocation.ts';
import { findIntegration, openConnected, requireOAuth, type OAuthIntegration } from './setup.ts';
import { refreshRequest, requestTokens, type TokenOutcome } from './token-endpoint.ts';

// 25, 50, 100, 200, 200, … ms: a refresh under way takes about as long as one answer of the provider.
const LEASE_POLL_MS = [25, 50, 100, 200];

/** @throws what keeps the database from answering; then nothing was sent, and asking again is safe */
export async function refreshCredentials(
  hub: Hub,
  wish: RefreshWish,
  origin: Origin,
): Promise<RefreshResult> {
  const row = await claim(hub, wish);
  if ('outcome' in row) return row;
  let settled = row.intentVersion === null;
  try {
    const early = await withoutAsking(hub, wish, row, origin);
    if (early) return early;
    const integration = requireOAuth(findIntegration(hub, row.integrationId));
    const connected = (await openConnected(hub, integration, row)) as Connected<OAuth2Credentials>;
    const request = refreshRequest(integration, connected);
    // From here on the outcome is unknown until it is known. The claim must outlast the request.
    if (!(await recordIntent(hub.db, row, hub.durations.providerTimeout)))
      return failed(integration, row, { kind: 'provider_unavailable', code: 'LEASE_LOST' });
    settled = false;
    const { credentials } = connected;
    const watch = hub.traces.watch(row, integration, connected);
    const answer = await requestTokens(hub.egress, integration, connected, request, credentials, watch);
    const noted = noteAnswer(hub, integration, row, request.url, answer);
    // An answered token is stored first; a failure is known to the others before they ask.
    if (answer.kind !== 'tokens') await noted;
    switch (answer.kind) {
      case 'tokens':
        return await keep(hub, integration, row, connected, answer.credentials, origin);
      case 'unsent':
      case 'timed_out':
        // A provider that hangs has a bad hour: that must not end a connection (invariant 3).
        settled = true;
        return failed(integration, row, { kind: 'provider_unavailable', code: answer.why });
      case 'lost':
        settled = mayAskAgain(integration, connected);
        if (!settled) return await unknownOutcome(hub, integration, row, origin);
        return failed(integration, row, { kind: 'provider_unavailable', code: answer.why });
      case 'refused':
        settled = true;
        return await refused(hub, integration, row, answer.verdict, origin);
    }
  } finally {
    // A database that does not answer now is no reason to fail: the lease runs out by itself.
    await releaseLease(hub.db, row, settled).catch(() => {});
  }
}

/** For the circuit and the metrics. */
function noteAnswer(
  hub: Hub,
  { id }: OAuthIntegration,
  row: ConnectionRow,
  url: string,
  answer: TokenOutcome,
): Promise<void> {
  const verdict: Verdict =
    answer.kind === 'tokens'
      ? { kind: 'ok' }
      : answer.kind === 'refused'
        ? answer.verdict
        : { kind: 'provider_unavailable' };
  hub.tallies.count('refresh', id, verdict.kind === 'ok' ? 'refreshed' : verdict.kind);
  return hub.circuits.report({ integrationId: id, host: new URL(url).host }, row.id, verdict);
}

/** Waits for the lease, or for the result of whoever holds it. */
async function claim(hub: Hub, wish: RefreshWish): Promise<ConnectionRow | RefreshResult> {
  const leaseId = uuidv7();
  const giveUp = Date.now() + hub.durations.refreshLease * 2;
  for (let attempt = 0; Date.now() < giveUp; attempt++) {
    const row = await claimLease(hub.db, wish.connectionId, leaseId, hub.durations.refreshLease);
    if (row) return row;
    const held = await findConnection(hub.db, wish.connectionId);
    if (!held || held.sealedCredentials === null)
      return { outcome: 'disconnected', version: held?.version ?? 0 };
    if (held.version > wish.seenVersion) return { outcome: 'current', version: held.version };
    await sleep(LEASE_POLL_MS[attempt] ?? 200);
  }
  return {
    outcome: 'failed',
    version: wish.seenVersion,
    verdict: 'provider_unavailable',
    message: 'A refresh that somebody else began is still under way. Try again shortly.',
  };
}

/** Everything that can be answered from the row alone. */
async function withoutAsking(
  hub: Hub,
  wish: RefreshWish,
  row: ConnectionRow,
  origin: Origin,
): Promise<RefreshResult | null> {
  const { version } = row;
  if (row.sealedCredentials === null) return { outcome: 'disconnected', version };
  if (version > wish.seenVersion) return { outcome: 'current', version };
  const left = row.expiresAt === null ? Infinity : row.expiresAt.getTime() - Date.now();
  if (!wish.force && left > wish.minTtlMs) return { outcome: 'current', version };
  const reason = row.statusReason;
  if (
    row.status === 'error' &&
    (reason?.code === 'CREDENTIAL_REVOKED' || reason?.code === 'REFRESH_OUTCOME_UNKNOWN')
  )
    return { outcome: 'rejected', version, reason: reason.code, message: reason.message };
  const integration = findIntegration(hub, row.integrationId);
  const connected = await openConnected(hub, integration, row);
  if (!isRefreshable(integration, connected.credentials)) {
    if (left <= 0)
      await reject(
        hub,
        row,
        'CREDENTIAL_EXPIRED',
        `The credentials for ${integration.name} have run out. Reconnect the account.`,
        origin,
      );
    return { outcome: 'not_refreshable', version };
  }
  // The lease is ours and yet a request is unaccounted for: its owner died, or lost the answer.
  const unaccounted = row.intentVersion === version;
  if (unaccounted && !mayAskAgain(requireOAuth(integration), connected as Connected<OAuth2Credentials>))
    return unknownOutcome(hub, requireOAuth(integration), row, origin);
  return null;
}

/**
 * After an unknown outcome: may the same refresh token be sent again? The integration says so of its own
 * provider; of a server that was put in its place only what it was seen to do is known.
 */
function mayAskAgain(
  integration: OAuthIntegration,
  { credentials, endpoints }: Connected<OAuth2Credentials>,
): boolean {
  const { refresh } = integration.oauth;
  if (refresh.by === 'access_token') return true;
  return refresh.reusable && (endpoints.tokenUrl === undefined || credentials.rotated === false);
}

async function keep(
  hub: Hub,
  integration: OAuthIntegration,
  row: ConnectionRow,
  connected: Connected<OAuth2Credentials> & { row?: Parameters<typeof sealCredentials>[4] },
  credentials: OAuth2Credentials,
  origin: Origin,
): Promise<RefreshResult> {
  const sealed = sealCredentials(hub, integration, row.id, credentials, connected.row ?? null);
  try {
    return await storeAnswered(hub, row.id, row.version, sealed, origin);
  } catch (error) {
    if (!isDatabaseFailure(error)) throw error;
    hub.log.warn(
      { connectionId: row.id, err: error },
      'a refresh was answered and could not be stored; it goes on as a sealed envelope',
    );
    return { outcome: 'unstored', version: row.version, credentials: portable(sealed) };
  }
}

/** Stores an answered refresh; also the second half of an `unstored` one. */
export async function storeAnswered(
  hub: Hub,
  connectionId: string,
  seenVersion: number,
  credentials: SealedCredentials,
  origin: Origin,
): Promise<RefreshResult> {
  // Keys may have been changed while it was on its way.
  const envelope = hub.vault.rewrap(credentialsPlace(connectionId), credentials.envelope);
  if (await storeRefreshed(hub.db, connectionId, seenVersion, { ...credentials, envelope }, origin))
    return { outcome: 'refreshed', version: seenVersion + 1 };
  const row = await findConnection(hub.db, connectionId);
  if (!row || row.sealedCredentials !== null) return { outcome: 'current', version: row?.version ?? 0 };
  // Disconnected while the provider was answering: nobody will use these tokens, so they are to be ended there.
  const orphan = await orphanCredentials(hub, row, credentialsPlace(row.id), envelope);
  return { outcome: 'disconnected', version: row.version, orphan };
}

async function refused(
  hub: Hub,
  integration: OAuthIntegration,
  row: ConnectionRow,
  verdict: Exclude<Verdict, { kind: 'ok' }>,
  origin: Origin,
): Promise<RefreshResult> {
  if (verdict.kind === 'credential_revoked' || verdict.kind === 'credential_expired')
    return reject(
      hub,
      row,
      'CREDENTIAL_REVOKED',
      messageOf(integration, { ...verdict, kind: 'credential_revoked' }),
      origin,
    );
  return failed(integration, row, verdict);
}

function failed(
  integration: OAuthIntegration,
  row: ConnectionRow,
  verdict: Extract<Verdict, { kind: FailureKind }>,
): RefreshResult {
  return {
    outcome: 'failed',
    version: row.version,
    verdict: verdict.kind,
    message: messageOf(integration, verdict),
    ...('retryAfterMs' in verdict && verdict.retryAfterMs !== undefined
      ? { retryAfterMs: verdict.retryAfterMs }
      : {}),
  };
}

const unknownOutcome = (hub: Hub, integration: OAuthIntegration, row: ConnectionRow, origin: Origin) =>
  reject(hub, row, 'REFRESH_OUTCOME_UNKNOWN', outcomeUnknown(integration), origin);

async function reject(
  hub: Hub,
  row: ConnectionRow,
  code: ReasonCode,
  message: string,
  origin: Origin,
): Promise<RefreshResult> {
  await changeStatus(
    hub.db,
    row.id,
    row.version,
    { status: 'error', reason: reasonNow(code, message) },
    origin,
  );
  return { outcome: 'rejected', version: row.version, reason: code, message };
}
