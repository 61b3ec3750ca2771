/**
 * The one function by which a connection's credentials are refreshed, whoever asks.
 *
 *   look ─▶ newer version, lasts, rejected, nothing to refresh with? ─▶ answer that, ask nobody
 *     │
 *     ▼
 *   claim this version and record the intent ─▶ held, or changed meanwhile? ─▶ wait a little and look again
 *     │
 *     ▼
 *   an earlier request unaccounted for? ─▶ send again where that is safe, or say that its outcome is unknown
 *     │
 *     ▼
 *   ask the provider ─▶ seal ─▶ store by compare-and-set, releasing the claim
 *
 * The claim is the last thing before the request goes out, and names the version that was looked at: between the look
 * and the claim nothing can change unseen. No database connection is held while the provider is asked. What many ask
 * of the database at the same moment, it is asked in one statement. If the store fails after the provider answered,
 * the sealed answer is returned for `storeRefreshed`, which is repeated until it is stored.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connected, OAuth2Credentials, Verdict } from '../../integrations/definition/integration.ts';
import { credentialsPlace, type SealedCredentials } from '../database/connection-credentials.ts';
import {
  changeStatus,
  findConnection,
  findConnectionWithApp,
  reasonNow,
  type ConnectionRow,
} from '../database/connections.ts';
import { claimToSend, releaseLease, type Claim } from '../database/lease.ts';
import { isDatabaseFailure } from '../database/database.ts';
import type { Origin } from '../database/events.ts';
import { storeRefreshed } from '../database/refreshed.ts';
import type { ReasonCode } from '../database/schema.ts';
import type { Hub } from '../hub.ts';
import { isRefreshable, sealCredentials } from './credentials.ts';
import { messageOf, outcomeUnknown } from './messages.ts';
import { portable, type FailureKind, type RefreshResult, type RefreshWish } from './refresh-result.ts';
import { orphanCredentials } from './revocation.ts';
import { openRow, requireOAuth, type OAuthIntegration, type Opened } from './setup.ts';
import { refreshRequest, requestTokens, type TokenOutcome } from './token-endpoint.ts';

// 25, 50, 100, 200, 200, … ms: a refresh under way takes about as long as one answer of the provider.
const LEASE_POLL_MS = [25, 50, 100, 200];

/** Has something to refresh with. */
type Refreshable = {
  row: ConnectionRow;
  integration: OAuthIntegration;
  connected: Opened['connected'] & Connected<OAuth2Credentials>;
};

/**
 * @param read the row as it was read just now, opened
 * @throws what keeps the database from answering; then nothing was sent, and asking again is safe
 */
export async function refreshCredentials(
  hub: Hub,
  wish: RefreshWish,
  origin: Origin,
  read: Opened | null = null,
): Promise<RefreshResult> {
  const { refreshLease: leaseMs, providerTimeout } = hub.durations;
  const giveUp = Date.now() + leaseMs * 2;
  for (let attempt = 0; Date.now() < giveUp; attempt++) {
    const look = await lookAt(hub, wish, attempt === 0 ? read : null, origin);
    if ('outcome' in look) return look;
    const request = refreshRequest(look.integration, look.connected);
    const asked = performance.now();
    const claim = await claimToSend(hub.db, { id: look.row.id, version: look.row.version, leaseMs });
    if (claim) {
      // The claim must outlast the request: a process that stood still meanwhile may no longer be the only owner.
      const outlasts = performance.now() - asked < leaseMs - providerTimeout;
      return await spend(hub, look, claim, outlasts ? request : null, origin);
    }
    await sleep(LEASE_POLL_MS[attempt] ?? 200);
  }
  return {
    outcome: 'failed',
    version: wish.seenVersion,
    verdict: 'provider_unavailable',
    message: 'A refresh that somebody else began is still under way. Try again shortly.',
  };
}

/** Everything that can be answered from the row alone; else what is needed to ask. */
async function lookAt(
  hub: Hub,
  wish: RefreshWish,
  read: Opened | null,
  origin: Origin,
): Promise<RefreshResult | Refreshable> {
  const row = read?.row ?? (await findConnectionWithApp(hub.db, wish.connectionId));
  const version = row?.version ?? 0;
  if (!row || row.sealedCredentials === null) return { outcome: 'disconnected', version };
  if (version > wish.seenVersion) return { outcome: 'current', version };
  const left = row.expiresAt === null ? Infinity : row.expiresAt.getTime() - Date.now();
  if (!wish.force && left > wish.minTtlMs) return { outcome: 'current', version };
  const reason = row.statusReason;
  if (
    row.status === 'error' &&
    (reason?.code === 'CREDENTIAL_REVOKED' || reason?.code === 'REFRESH_OUTCOME_UNKNOWN')
  )
    return { outcome: 'rejected', version, reason: reason.code, message: reason.message };
  const { integration, connected } = read ?? openRow(hub, row);
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
  return { row, integration: requireOAuth(integration), connected: connected as Refreshable['connected'] };
}

/** @param request null: the claim came too late to send anything under it */
async function spend(
  hub: Hub,
  { row, integration, connected }: Refreshable,
  claim: Claim,
  request: ReturnType<typeof refreshRequest> | null,
  origin: Origin,
): Promise<RefreshResult> {
  let settled: Settled = !claim.unaccounted;
  try {
    // The claim is ours and yet a request is unaccounted for: its owner died, or lost the answer.
    if (claim.unaccounted && !mayAskAgain(integration, connected))
      return await unknownOutcome(hub, integration, row, origin);
    if (request === null)
      return failed(integration, row, { kind: 'provider_unavailable', code: 'LEASE_LOST' });
    // From here on the outcome is unknown until it is known.
    settled = false;
    const watch = hub.traces.watch(row, integration, connected);
    const answer = await requestTokens(
      hub.egress,
      integration,
      connected,
      request,
      connected.credentials,
      watch,
    );
    const noted = noteAnswer(hub, integration, row, request.url, answer);
    if (answer.kind === 'tokens') {
      settled = 'by_store';
      return await keep(hub, integration, row, connected, answer.credentials, origin);
    }
    // A failure is known to the others before they ask.
    await noted;
    switch (answer.kind) {
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
    await letGo(hub, claim, settled);
  }
}

/**
 * Is the refresh token accounted for: not sent, or answered? `by_store`: storing the answer ends the claim as well,
 * and an answer that cannot be stored now keeps it, so that nobody asks while it is on its way.
 */
type Settled = boolean | 'by_store';

async function letGo(hub: Hub, claim: Claim, settled: Settled): Promise<void> {
  if (settled === 'by_store') return;
  // A database that does not answer now is no reason to fail: the lease runs out by itself.
  await releaseLease(hub.db, claim, settled).catch(() => {});
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
  connected: Refreshable['connected'],
  credentials: OAuth2Credentials,
  origin: Origin,
): Promise<RefreshResult> {
  const sealed = sealCredentials(hub, integration, row.id, credentials, connected.row);
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
  if (await storeRefreshed(hub.db, { id: connectionId, seenVersion, credentials, origin }))
    return { outcome: 'refreshed', version: seenVersion + 1 };
  const row = await findConnection(hub.db, connectionId);
  if (!row || row.sealedCredentials !== null) return { outcome: 'current', version: row?.version ?? 0 };
  // Disconnected while the provider was answering: nobody will use these tokens, so they are to be ended there.
  const orphan = await orphanCredentials(hub, row, credentialsPlace(row.id), credentials.envelope);
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
