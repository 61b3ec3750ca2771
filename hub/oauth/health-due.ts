/** When a connection is tried next, by what the last try said. */
import type { HealthCheck } from '../database/schema.ts';
import type { Hub } from '../hub.ts';
import type { ProbeFacts } from './probe.ts';

type Durations = Pick<Hub['durations'], 'healthInterval' | 'sweepInterval'>;

/**
 * - well, or in need of somebody: after the interval, give or take a tenth
 * - asked to wait: after as long as it was told
 * - no answer: with the next sweep, then after twice as long each time, up to the interval:
 *   1, 2, 4, 8, 15, 15 … min
 */
export function nextHealthAt(
  { healthInterval, sweepInterval }: Durations,
  { outcome, retryAfterMs }: Pick<ProbeFacts, 'outcome' | 'retryAfterMs'>,
  previous: HealthCheck | null,
): Date {
  switch (outcome) {
    case 'rate_limited':
      return spread(retryAfterMs ?? sweepInterval);
    case 'provider_unavailable': {
      const waited = previous?.outcome === outcome ? Date.now() - Date.parse(previous.at) : 0;
      const pause = Math.min(Math.max(waited * 2, sweepInterval), healthInterval);
      return spread(Math.max(pause, retryAfterMs ?? 0));
    }
    default:
      return new Date(Date.now() + healthInterval * (0.9 + Math.random() / 5));
  }
}

/** Up to a tenth later, so that those who were put off together do not come back together. Never sooner. */
export const spread = (ms: number) => new Date(Date.now() + ms * (1 + Math.random() / 10));
