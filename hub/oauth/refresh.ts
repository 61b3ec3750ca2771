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
 *     │
 *     └▶ no answer in time? ─▶ say so; where the token is spent once, listen on and do the rest when it comes
 *
 * The claim is the last thing before the request goes out, and names the version that was looked at: between the look
 * and the claim nothing can change unseen. No database connection is held while the provider is asked. What many ask
 * of the database at the same moment, it is asked in one statement. If the store fails after the provider answered,
 * the sealed answer is returned for `storeRefreshed`, which is repeated until it is stored.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingRequest, Verdict } from '../../integrations/definition/integration.ts';
import { findConnectionWithApp, type ConnectionRow } from '../database/connections.ts';
import { claimToSend, releaseLease, type Claim } from '../database/lease.ts';
import type { Origin } from '../database/events.ts';
import type { Hub } from '../hub.ts';
import { atMost, pause } from '../patience.ts';
import { isRefreshable } from './credentials.ts';
import {
  conclude,
  failed,
  isSettledBy,
  mayAskAgain,
  reject,
  storeAnswered,
  unknownOutcome,
  type Refreshable,
  type Settled,
} from './refresh-answer.ts';
import { unportable, type RefreshResult, type RefreshWish } from './refresh-result.ts';
import { revokeAtProvider } from './revocation.ts';
import { openRow, requireOAuth, type Opened } from './setup.ts';
import { refreshRequest, requestTokens, type TokenOutcome } from './token-endpoint.ts';

// 25, 50, 100, 200, 200, … ms: a refresh under way takes about as long as one answer of the provider.
const LEASE_POLL_MS = [25, 50, 100, 200];

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
  let before: ConnectionRow | null = null;
  for (let attempt = 0; Date.now() < giveUp; attempt++) {
    const look = await lookAt(hub, wish, attempt === 0 ? read : null, origin);
    if ('outcome' in look) return look;
    if (isRenewed(before, look.row)) return underWay(wish);
    before = look.row;
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
  return underWay(wish);
}

/** Its owner has waited for an answer longer than a caller does, and goes on. */
const isRenewed = (before: ConnectionRow | null, now: ConnectionRow) =>
  before !== null &&
  before.leaseId !== null &&
  before.leaseId === now.leaseId &&
  (before.leaseExpiresAt?.getTime() ?? 0) < (now.leaseExpiresAt?.getTime() ?? 0);

const underWay = ({ seenVersion }: RefreshWish): RefreshResult => ({
  outcome: 'failed',
  version: seenVersion,
  verdict: 'provider_unavailable',
  message: 'A refresh that somebody else began is still under way. Try again shortly.',
});

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
  found: Refreshable,
  claim: Claim,
  request: OutgoingRequest | null,
  origin: Origin,
): Promise<RefreshResult> {
  const { row, integration, connected } = found;
  const mayRepeat = mayAskAgain(integration, connected);
  let settled: Settled = !claim.unaccounted;
  try {
    // The claim is ours and yet a request is unaccounted for: its owner died, or lost the answer.
    if (claim.unaccounted && !mayRepeat) return await unknownOutcome(hub, integration, row, origin);
    if (request === null)
      return failed(integration, row, { kind: 'provider_unavailable', code: 'LEASE_LOST' });
    // From here on the outcome is unknown until it is known.
    settled = false;
    const { providerTimeout, refreshPatience } = hub.durations;
    const patienceMs = mayRepeat ? providerTimeout : Math.max(providerTimeout, refreshPatience);
    const asked = ask(hub, found, request, patienceMs);
    const inTime = patienceMs > providerTimeout ? await atMost(providerTimeout, asked) : await asked;
    if (inTime === undefined) {
      settled = 'later';
      hub.lateAnswers.listen(claim, hearLate(hub, found, request, claim, asked, origin));
    } else settled = isSettledBy(inTime, mayRepeat);
    const answer: TokenOutcome = inTime ?? { kind: 'timed_out', why: 'TIMEOUT' };
    const noted = noteAnswer(hub, found, request, answer);
    // A failure is known to the others before they ask.
    if (answer.kind !== 'tokens') await noted;
    return await conclude(hub, found, answer, origin);
  } finally {
    await letGo(hub, claim, settled);
  }
}

function ask(
  hub: Hub,
  { row, integration, connected }: Refreshable,
  request: OutgoingRequest,
  timeoutMs: number,
): Promise<TokenOutcome> {
  const { credentials } = connected;
  const patience = { timeoutMs, sendWithinMs: hub.durations.providerTimeout };
  const watch = hub.traces.watch(row, integration, connected);
  return requestTokens(hub.egress, integration, connected, request, credentials, watch, patience);
}

// A database that is away, or a provider that does not revoke, is asked again that often.
const AGAIN_MS = 1_000;

/** The rest of a refresh that nobody waits for any more: what a workflow does for one that is answered in time. */
async function hearLate(
  hub: Hub,
  found: Refreshable,
  request: OutgoingRequest,
  claim: Claim,
  asked: Promise<TokenOutcome>,
  origin: Origin,
): Promise<void> {
  const { row, integration, connected } = found;
  let settled: Settled = false;
  try {
    const answer = await asked;
    settled = isSettledBy(answer, mayAskAgain(integration, connected));
    // That none came in time is known already, and may long be over.
    if (answer.kind === 'tokens' || answer.kind === 'refused') void noteAnswer(hub, found, request, answer);
    let result = await conclude(hub, found, answer, origin);
    hub.log.info({ connectionId: row.id, outcome: result.outcome }, 'a refresh was answered late');
    while (result.outcome === 'unstored' && !hub.lateAnswers.stopped.aborted) {
      await pause(AGAIN_MS, hub.lateAnswers.stopped);
      const { version, credentials } = result;
      result = await storeAnswered(hub, row.id, version, unportable(credentials), origin).catch(() => result);
    }
    while (result.outcome === 'disconnected' && result.orphan !== undefined) {
      const { outcome } = await revokeAtProvider(hub, result.orphan);
      if (outcome !== 'try_again' || hub.lateAnswers.stopped.aborted) return;
      await pause(AGAIN_MS, hub.lateAnswers.stopped);
    }
  } finally {
    await letGo(hub, claim, settled);
  }
}

async function letGo(hub: Hub, claim: Claim, settled: Settled): Promise<void> {
  if (settled === 'by_store' || settled === 'later') return;
  // A database that does not answer now is no reason to fail: the lease runs out by itself.
  await releaseLease(hub.db, claim, settled).catch(() => {});
}

/** For the circuit and the metrics. */
function noteAnswer(
  hub: Hub,
  { row, integration }: Refreshable,
  request: OutgoingRequest,
  answer: TokenOutcome,
): Promise<void> {
  const verdict: Verdict =
    answer.kind === 'tokens'
      ? { kind: 'ok' }
      : answer.kind === 'refused'
        ? answer.verdict
        : { kind: 'provider_unavailable' };
  hub.tallies.count('refresh', integration.id, verdict.kind === 'ok' ? 'refreshed' : verdict.kind);
  const { host } = new URL(request.url);
  return hub.circuits.report({ integrationId: integration.id, host }, row.id, verdict);
}
