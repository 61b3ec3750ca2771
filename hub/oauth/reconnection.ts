/** The steps of a reconnection: one attempt, what the connection says meanwhile, and giving up. */
import { changeStatus, findConnection, findConnectionWithApp, reasonNow } from '../database/connections.ts';
import type { Origin } from '../database/events.ts';
import { recordReconnecting, standingOf, type Standing } from '../database/reconnecting.ts';
import type { Hub } from '../hub.ts';
import type { PortableCredentials } from './refresh-result.ts';
import { refreshIfAdmitted, tryConnection, type Blocked } from './repair.ts';
import { findIntegration } from './setup.ts';

export type ReconnectSubject = { connectionId: string; version: number };
/** When it is tried next and what the last try said. Times are milliseconds since 1970. */
export type ReconnectPlan = ReconnectSubject & {
  first: boolean;
  verdict: string;
  message: string;
  since: number;
  nextAttemptAt: number;
};

export type ReconnectResult =
  | { outcome: Standing }
  | { outcome: 'failed'; verdict: string; message: string; retryAfterMs?: number }
  | { outcome: 'unstored'; version: number; credentials: PortableCredentials }
  /** `orphan`: tokens were answered all the same; the revocation that is to end them. */
  | { outcome: 'disconnected'; orphan: string };

/** @returns `reconnecting`: it is still to be tried then */
export async function planReconnect(hub: Hub, plan: ReconnectPlan, origin: Origin): Promise<Standing> {
  const { connectionId, version, first, since, nextAttemptAt } = plan;
  const reason = {
    code: 'RECONNECTING' as const,
    message: plan.message,
    since: new Date(since).toISOString(),
    nextAttemptAt: new Date(nextAttemptAt).toISOString(),
  };
  // Late enough for the attempt itself; a workflow that was lost is missed then.
  const watchAt = new Date(nextAttemptAt + hub.durations.refreshLease * 3 + hub.durations.sweepInterval);
  const wish = { version, first, reason, why: plan.verdict.toUpperCase(), watchAt };
  return recordReconnecting(hub.db, connectionId, wish, origin);
}

/** Where does it stand, after somebody did something with it? */
export async function lookAtReconnect(
  hub: Hub,
  { connectionId, version }: ReconnectSubject,
): Promise<Standing> {
  return standingOf(await findConnection(hub.db, connectionId), version, false);
}

/** Refreshes, then tries. What ends it is in the database when this returns. */
export async function attemptReconnect(
  hub: Hub,
  { connectionId, version }: ReconnectSubject,
  origin: Origin,
): Promise<ReconnectResult> {
  const row = await findConnectionWithApp(hub.db, connectionId);
  const standing = standingOf(row, version, false);
  if (!row || standing !== 'reconnecting') return { outcome: standing };
  const integration = findIntegration(hub, row.integrationId);
  if (row.refreshable && integration.oauth) {
    const result = await refreshIfAdmitted(hub, row, true, origin);
    switch (result.outcome) {
      case 'blocked':
        return waiting(integration.name, result);
      case 'failed': {
        const { verdict, message, retryAfterMs } = result;
        return {
          outcome: 'failed',
          verdict,
          message,
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        };
      }
      case 'unstored':
        return { outcome: 'unstored', version: result.version, credentials: result.credentials };
      case 'disconnected':
        return result.orphan === undefined
          ? { outcome: 'disconnected' }
          : { outcome: 'disconnected', orphan: result.orphan };
      case 'rejected':
        return { outcome: 'needs_user' };
      case 'refreshed':
      case 'current':
      case 'not_refreshable':
        break;
    }
  }
  const fresh = await findConnectionWithApp(hub.db, connectionId);
  if (!fresh || fresh.sealedCredentials === null) return { outcome: 'disconnected' };
  const trial = await tryConnection(hub, fresh, origin);
  const after = standingOf(await findConnection(hub.db, connectionId), version, false);
  if (after !== 'reconnecting') return { outcome: after };
  if (trial.outcome === 'blocked') return waiting(integration.name, trial);
  const { outcome: verdict, message } = trial.facts;
  return { outcome: 'failed', verdict, message };
}

function waiting(name: string, { why, until }: Blocked): ReconnectResult {
  const verdict = why === 'open' ? 'provider_unavailable' : 'rate_limited';
  const message =
    why === 'open'
      ? `${name} does not answer at the moment; one connection asks for all.`
      : `${name} asked to wait. Nothing is wrong with the connection.`;
  return { outcome: 'failed', verdict, message, retryAfterMs: Math.max(until.getTime() - Date.now(), 0) };
}

/** The one end that no provider spoke: the token has run out long ago and nobody could renew it. */
export async function giveUpReconnect(
  hub: Hub,
  { connectionId, version }: ReconnectSubject,
  lastMessage: string,
  origin: Origin,
): Promise<void> {
  const message = `The credentials have run out and could not be renewed for too long. ${lastMessage} Reconnect the account.`;
  const reason = reasonNow('CREDENTIAL_EXPIRED', message);
  await changeStatus(
    hub.db,
    connectionId,
    version,
    { status: 'error', reason, onlyFrom: 'RECONNECTING' },
    origin,
  );
}
