/**
 * What the sweeps and the reconnection do with one connection without anybody asking: ask whether its provider
 * may be called, then refresh or try it, and say in one word what came of it.
 */
import type { ConnectionRow, ConnectionWithApp } from '../database/connections.ts';
import { recordHealthCheck } from '../database/connections.ts';
import type { Origin } from '../database/events.ts';
import type { Admission } from '../circuits.ts';
import type { Hub } from '../hub.ts';
import { isRefreshable } from './credentials.ts';
import { nextHealthAt } from './health-due.ts';
import { probeHostOf } from './probe.ts';
import { refreshCredentials } from './refresh.ts';
import type { RefreshResult } from './refresh-result.ts';
import { openRow, requireOAuth, tokenUrlOf } from './setup.ts';
import { probeConnection, probeOpened, recordFacts, type TestFacts } from './test.ts';

export type Blocked = { outcome: 'blocked' } & Extract<Admission, { may: false }>;

/** One refresh, if the token endpoint's circuit allows it. @throws as `refreshCredentials` does */
export async function refreshIfAdmitted(
  hub: Hub,
  row: ConnectionWithApp,
  force: boolean,
  origin: Origin,
): Promise<RefreshResult | Blocked> {
  if (row.sealedCredentials === null) return { outcome: 'disconnected', version: row.version };
  const opened = openRow(hub, row);
  const { host } = new URL(tokenUrlOf(requireOAuth(opened.integration), opened.connected));
  const admission = await hub.circuits.admit({ integrationId: row.integrationId, host });
  if (!admission.may) return { outcome: 'blocked', ...admission };
  const wish = { connectionId: row.id, seenVersion: row.version, force, minTtlMs: 0 };
  return refreshCredentials(hub, wish, origin, opened);
}

/**
 * - `tried`: the facts are recorded
 * - `refresh`: the token had expired, and this came of its refresh
 */
export type Trial =
  | Blocked
  | { outcome: 'tried'; facts: TestFacts }
  | { outcome: 'refresh'; facts: TestFacts; result: RefreshResult | Blocked };

/** One probe, if its host's circuit allows it; an expired token is refreshed and tried again. */
export async function tryConnection(hub: Hub, row: ConnectionWithApp, origin: Origin): Promise<Trial> {
  const opened = openRow(hub, row);
  const { integration, connected } = opened;
  const host = probeHostOf(integration, connected);
  const admission = await hub.circuits.admit({ integrationId: integration.id, host });
  if (!admission.may) return { outcome: 'blocked', ...admission };
  const facts = await probeOpened(hub, opened);
  if (facts.outcome !== 'credential_expired' || !isRefreshable(integration, connected.credentials))
    return record(hub, row, facts, origin);
  const result = await refreshIfAdmitted(hub, row, true, origin);
  if (result.outcome === 'refreshed' || result.outcome === 'current')
    return record(hub, row, await probeConnection(hub, row.id), origin);
  await recordFailedRefresh(hub, row, facts, result, origin);
  return { outcome: 'refresh', facts, result };
}

async function record(hub: Hub, row: ConnectionRow, facts: TestFacts, origin: Origin): Promise<Trial> {
  await recordFacts(hub, row, facts, origin);
  return { outcome: 'tried', facts };
}

/** The status, where a refresh changes it, was written by the refresh; this is the result of the look. */
async function recordFailedRefresh(
  hub: Hub,
  row: ConnectionRow,
  facts: TestFacts,
  result: RefreshResult | Blocked,
  origin: Origin,
): Promise<void> {
  const outcome = healthOf(result);
  if (outcome === null) return;
  const wait = 'retryAfterMs' in result ? { retryAfterMs: result.retryAfterMs } : {};
  const check = { ...facts.check, ok: false, outcome };
  const due = nextHealthAt(hub.durations, { outcome, ...wait }, row.lastHealthCheck);
  await recordHealthCheck(hub.db, row.id, facts.version, check, due, origin);
}

function healthOf(result: RefreshResult | Blocked): TestFacts['outcome'] | null {
  switch (result.outcome) {
    case 'failed':
      return result.verdict;
    case 'blocked':
      return result.why === 'paused' ? 'rate_limited' : 'provider_unavailable';
    case 'rejected':
      return 'credential_revoked';
    default:
      return null;
  }
}
