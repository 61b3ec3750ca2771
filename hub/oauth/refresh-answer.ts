/** What an answer to a refresh means for its connection: stored, passing, or the end of its credentials. */
import type { Connected, OAuth2Credentials, Verdict } from '../../integrations/definition/integration.ts';
import { credentialsPlace, type SealedCredentials } from '../database/connection-credentials.ts';
import { changeStatus, findConnection, reasonNow, type ConnectionRow } from '../database/connections.ts';
import { isDatabaseFailure } from '../database/database.ts';
import type { Origin } from '../database/events.ts';
import { storeRefreshed } from '../database/refreshed.ts';
import type { ReasonCode } from '../database/schema.ts';
import { assertNever } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { sealCredentials } from './credentials.ts';
import { messageOf, outcomeUnknown } from './messages.ts';
import { portable, type FailureKind, type RefreshResult } from './refresh-result.ts';
import { orphanCredentials } from './revocation.ts';
import type { OAuthIntegration, Opened } from './setup.ts';
import type { TokenOutcome } from './token-endpoint.ts';

/** Has something to refresh with. */
export type Refreshable = {
  row: ConnectionRow;
  integration: OAuthIntegration;
  connected: Opened['connected'] & Connected<OAuth2Credentials>;
};

/**
 * Is the refresh token accounted for: not sent, or answered? `by_store`: storing the answer ends the claim as well,
 * and an answer that cannot be stored now keeps it, so that nobody asks while it is on its way. `later`: its answer
 * is still waited for.
 */
export type Settled = boolean | 'by_store' | 'later';

export function isSettledBy({ kind }: TokenOutcome, mayRepeat: boolean): Settled {
  if (kind === 'tokens') return 'by_store';
  return kind === 'lost' ? mayRepeat : true;
}

export async function conclude(
  hub: Hub,
  { row, integration, connected }: Refreshable,
  answer: TokenOutcome,
  origin: Origin,
): Promise<RefreshResult> {
  switch (answer.kind) {
    case 'tokens':
      return keep(hub, integration, row, connected, answer.credentials, origin);
    case 'unsent':
    case 'timed_out':
      // A provider that hangs has a bad hour: that must not end a connection (invariant 3).
      return failed(integration, row, { kind: 'provider_unavailable', code: answer.why });
    case 'lost':
      if (!mayAskAgain(integration, connected)) return unknownOutcome(hub, integration, row, origin);
      return failed(integration, row, { kind: 'provider_unavailable', code: answer.why });
    case 'refused':
      return refused(hub, integration, row, answer.verdict, origin);
    default:
      return assertNever(answer);
  }
}

/**
 * After an unknown outcome: may the same refresh token be sent again? The integration says so of its own
 * provider; of a server that was put in its place only what it was seen to do is known.
 */
export function mayAskAgain(
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
  // Keys may have been changed while it was on its way.
  const envelope = hub.vault.rewrap(credentialsPlace(connectionId), credentials.envelope);
  const kept = { ...credentials, envelope };
  if (await storeRefreshed(hub.db, { id: connectionId, seenVersion, credentials: kept, origin }))
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

export function failed(
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

export const unknownOutcome = (hub: Hub, integration: OAuthIntegration, row: ConnectionRow, origin: Origin) =>
  reject(hub, row, 'REFRESH_OUTCOME_UNKNOWN', outcomeUnknown(integration), origin);

export async function reject(
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
