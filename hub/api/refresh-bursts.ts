/**
 * "Concurrent calls share one token request": calls that overlap are one burst and want one new token.
 *
 * A process under load reads the last of 200 simultaneous requests when the first of them is already
 * answered; by the database alone that one would look like a new wish. So a burst stays open while any of
 * its requests is unanswered, and whoever comes in meanwhile wants what the first of them wanted.
 */

type Burst = { seenVersion: number | null; unanswered: number; startedAt: number };

export type BurstMember = {
  /** @param version of the credentials as this request reads them @returns the version that the burst wants to leave behind */
  seenVersion: (version: number) => number;
  /** The answer is on its way. */
  leave: () => void;
};

// Callers that overlap without end must not keep each other from ever getting a new token.
const LONGEST_BURST_MS = 5_000;

export function createRefreshBursts(now: () => number = Date.now): (connectionId: string) => BurstMember {
  const bursts = new Map<string, Burst>();
  return (connectionId) => {
    const open = bursts.get(connectionId);
    const burst =
      open && now() - open.startedAt < LONGEST_BURST_MS
        ? open
        : { seenVersion: null, unanswered: 0, startedAt: now() };
    bursts.set(connectionId, burst);
    burst.unanswered++;
    return {
      seenVersion(version) {
        burst.seenVersion = Math.min(burst.seenVersion ?? version, version);
        return burst.seenVersion;
      },
      leave() {
        burst.unanswered--;
        if (burst.unanswered === 0 && bursts.get(connectionId) === burst) bursts.delete(connectionId);
      },
    };
  };
}
