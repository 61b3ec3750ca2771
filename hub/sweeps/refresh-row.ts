/** One connection whose token comes to its end. */
import type { ConnectionRow, ConnectionWithApp } from '../database/connections.ts';
import { putOff } from '../database/due.ts';
import type { Origin } from '../database/events.ts';
import { assertNever } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { spread } from '../oauth/health-due.ts';
import { refreshIfAdmitted, type Blocked } from '../oauth/repair.ts';
import type { RefreshResult } from '../oauth/refresh-result.ts';
import type { Attention, Done } from './page.ts';

export async function refreshRow(hub: Hub, row: ConnectionWithApp, origin: Origin): Promise<Done> {
  // Its own workflow looks after it, unless that was lost: then it is begun again.
  if (row.statusReason?.code === 'RECONNECTING')
    return handOver(hub, row, 'reconnecting', row.statusReason.message);
  const result = await refreshIfAdmitted(hub, row, true, origin);
  switch (result.outcome) {
    case 'blocked':
      return blocked(hub, row, result);
    case 'failed':
      return failed(hub, row, result);
    default:
      return (await settled(hub, row, result)) ?? { outcome: result.outcome };
  }
}

/** What is dealt with, whichever sweep refreshed. @returns null: nothing more is to be done than to count it */
export async function settled(
  hub: Hub,
  row: ConnectionRow,
  result: Exclude<RefreshResult, { outcome: 'failed' }>,
): Promise<Done | null> {
  const { outcome } = result;
  switch (outcome) {
    case 'refreshed':
    case 'current':
    case 'rejected':
      return null;
    case 'not_refreshable':
      await putOff(hub.db, 'refresh', row, null);
      return null;
    case 'unstored':
      return {
        outcome,
        unstored: { connectionId: row.id, version: result.version, credentials: result.credentials },
      };
    case 'disconnected':
      return result.orphan === undefined
        ? { outcome }
        : { outcome, orphan: { ...subjectOf(row), revocationId: result.orphan } };
    default:
      return assertNever(outcome);
  }
}

/** An open circuit leaves the due time as it is: once it closes, the next sweep takes all that waited. */
export async function blocked(hub: Hub, row: ConnectionRow, { why, until }: Blocked): Promise<Done> {
  if (why === 'open') return { outcome: 'waiting' };
  await putOff(hub.db, 'refresh', row, spread(until.getTime() - Date.now()));
  return { outcome: 'deferred' };
}

/** Passing, or our own fault: tried again while the token lasts, ever sooner the nearer its end. */
async function failed(
  hub: Hub,
  row: ConnectionRow,
  { verdict, message, retryAfterMs }: Extract<RefreshResult, { outcome: 'failed' }>,
): Promise<Done> {
  const { sweepInterval, healthInterval } = hub.durations;
  if (verdict === 'provider_unavailable') {
    const leftMs = (row.expiresAt?.getTime() ?? 0) - Date.now();
    if (leftMs <= sweepInterval) return handOver(hub, row, verdict, message);
    await putOff(hub.db, 'refresh', row, spread(Math.max(leftMs / 4, sweepInterval, retryAfterMs ?? 0)));
  } else {
    // A wrong client secret is mended by an admin: it concerns all connections of the app, and no one in particular.
    const wait = verdict === 'rate_limited' ? (retryAfterMs ?? sweepInterval) : healthInterval;
    await putOff(hub.db, 'refresh', row, spread(wait));
  }
  return { outcome: verdict };
}

/** To a workflow of its own. Put off for as long as that needs to begin, so that one that never began is missed. */
export async function handOver(
  hub: Hub,
  row: ConnectionRow,
  verdict: string,
  message: string,
): Promise<Done> {
  const until = new Date(Date.now() + hub.durations.sweepInterval * 2);
  await putOff(hub.db, 'refresh', row, until);
  const attention: Attention = { ...subjectOf(row), version: row.version, verdict, message };
  return { outcome: verdict, attention };
}

const subjectOf = ({ id, integrationId, userId }: ConnectionRow) => ({
  connectionId: id,
  integrationId,
  userId,
});
