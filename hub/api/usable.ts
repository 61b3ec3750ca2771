/** Whether a connection's credentials can be used, and the refresh of those that do not last. */
import { findConnection, type ConnectionRow } from '../database/connections.ts';
import { HubError } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { assertRefreshed } from '../oauth/refresh-result.ts';
import type { Lifecycle } from './lifecycle.ts';

/**
 * The connection as it is, or after a refresh where its token does not last `minTtlMs`. A refresh that fails for
 * a passing reason leaves the stored token as it is: good for as long as it lasts.
 *
 * @throws HubError where there is no token, or none that the provider takes
 */
export async function usableCredentials(
  hub: Hub,
  lifecycle: Lifecycle,
  row: ConnectionRow,
  minTtlMs: number,
): Promise<ConnectionRow> {
  if (lasts(row, minTtlMs)) return row;
  try {
    const result = await lifecycle.refresh(row, { seenVersion: row.version, force: false, minTtlMs });
    if (result.outcome !== 'not_refreshable' || !lasts(row, 0)) assertRefreshed(result);
    return (await findConnection(hub.db, row.id)) ?? row;
  } catch (error) {
    const final = error instanceof HubError && error.code === 'REAUTHORIZATION_REQUIRED';
    if (final || !lasts(row, 0)) throw error;
    return row;
  }
}

/** @throws HubError where there is no token, or none that the provider takes */
export function lasts(row: ConnectionRow, minTtlMs: number): boolean {
  if (row.sealedCredentials === null)
    throw new HubError(
      'CONNECTION_DISCONNECTED',
      row.statusReason ? { detail: row.statusReason.message } : {},
    );
  if (row.statusReason?.code === 'CREDENTIAL_REVOKED')
    throw new HubError('REAUTHORIZATION_REQUIRED', { detail: row.statusReason.message });
  return row.expiresAt === null || row.expiresAt.getTime() - Date.now() >= minTtlMs;
}
