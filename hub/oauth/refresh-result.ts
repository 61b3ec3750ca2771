/** What a refresh is asked for and what it answers: facts, as Temporal and the API carry them. */
import type { Verdict } from '../../integrations/definition/integration.ts';
import type { SealedCredentials } from '../database/connection-credentials.ts';
import type { ReasonCode } from '../database/schema.ts';
import { HubError } from '../errors.ts';

export type RefreshWish = {
  connectionId: string;
  /** The version the asker saw: any newer one is what they want. */
  seenVersion: number;
  /** Refresh although the stored token lasts. */
  force: boolean;
  /** Without force: how long the stored token must last to be good enough, in milliseconds. */
  minTtlMs: number;
};

/** Facts only; `unstored` holds ciphertext. */
export type RefreshResult =
  | { outcome: 'refreshed' | 'current'; version: number }
  | { outcome: 'unstored'; version: number; credentials: PortableCredentials }
  | { outcome: 'rejected'; version: number; reason: ReasonCode; message: string }
  | { outcome: 'failed'; version: number; verdict: FailureKind; message: string; retryAfterMs?: number }
  | { outcome: 'not_refreshable'; version: number }
  /** `orphan`: tokens were answered all the same; the revocation that is to end them. */
  | { outcome: 'disconnected'; version: number; orphan?: string };

export type FailureKind = Exclude<Verdict['kind'], 'ok' | 'credential_expired' | 'credential_revoked'>;
/** SealedCredentials as JSON carries them. */
export type PortableCredentials = Omit<SealedCredentials, 'expiresAt' | 'refreshDueAt' | 'healthDueAt'> & {
  expiresAt: string | null;
  refreshDueAt: string | null;
  /** Absent in what an earlier version sent on its way. */
  healthDueAt?: string;
};

export function portable(sealed: SealedCredentials): PortableCredentials {
  return {
    ...sealed,
    expiresAt: sealed.expiresAt?.toISOString() ?? null,
    refreshDueAt: sealed.refreshDueAt?.toISOString() ?? null,
    healthDueAt: sealed.healthDueAt.toISOString(),
  };
}

export function unportable(sealed: PortableCredentials): SealedCredentials {
  const date = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...sealed,
    expiresAt: date(sealed.expiresAt),
    refreshDueAt: date(sealed.refreshDueAt),
    healthDueAt: date(sealed.healthDueAt ?? null) ?? new Date(),
  };
}

/** What a caller who asked for a refresh is told. @throws HubError unless a token is there that they may have */
export function assertRefreshed(
  result: RefreshResult,
): asserts result is Extract<RefreshResult, { outcome: 'refreshed' | 'current' }> {
  switch (result.outcome) {
    case 'refreshed':
    case 'current':
      return;
    case 'disconnected':
      throw new HubError('CONNECTION_DISCONNECTED');
    case 'not_refreshable':
      throw new HubError('REAUTHORIZATION_REQUIRED', {
        detail: 'the provider gave nothing to refresh it with',
      });
    case 'unstored':
      throw new HubError('DATABASE_UNAVAILABLE', {
        detail: 'the refreshed credentials are safe and will be stored as soon as it answers',
      });
    case 'rejected':
      throw new HubError(
        result.reason === 'REFRESH_OUTCOME_UNKNOWN' ? 'REFRESH_OUTCOME_UNKNOWN' : 'REAUTHORIZATION_REQUIRED',
        { detail: result.message },
      );
    case 'failed': {
      const code = {
        provider_unavailable: 'PROVIDER_UNAVAILABLE',
        rate_limited: 'PROVIDER_RATE_LIMITED',
        permission_missing: 'PROVIDER_REFUSED_REQUEST',
        request_at_fault: 'PROVIDER_REFUSED_REQUEST',
      } as const;
      throw new HubError(code[result.verdict], {
        detail: result.message,
        ...(result.retryAfterMs === undefined ? {} : { retryAfterMs: result.retryAfterMs }),
      });
    }
  }
}
