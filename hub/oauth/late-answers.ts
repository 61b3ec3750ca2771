/**
 * Answers that come after their askers were told that there is none. Where a refresh token is spent once, its request
 * may have spent it, and only the answer holds the next one: it is listened to, and the claim is renewed, so that
 * nobody sends the same token meanwhile.
 */
import type { Claim } from '../database/lease.ts';
import { renewLease } from '../database/lease.ts';
import type { Database } from '../database/database.ts';
import type { Config } from '../config.ts';
import type { Egress } from '../egress/egress.ts';
import type { Logger } from '../log.ts';
import { atMost } from '../patience.ts';

export type LateAnswers = {
  /** @param work until the answer is here and dealt with, or will not come. What it throws is logged */
  listen: (claim: Claim, work: Promise<void>) => void;
  /** Aborted when the process is to end: nothing is tried again. */
  stopped: AbortSignal;
  /** Gives what is on its way a last moment; what was not answered by then is unknown. */
  close: () => Promise<void>;
};

type Wanted = {
  db: Database;
  egress: Pick<Egress, 'giveUp'>;
  log: Logger;
  durations: Pick<Config['durations'], 'providerTimeout' | 'refreshLease'>;
};

const LAST_MOMENT_MS = 5_000;

export function createLateAnswers({ db, egress, log, durations }: Wanted): LateAnswers {
  const { providerTimeout, refreshLease } = durations;
  // Often enough that a lease outlives some renewals that the database did not take, and that whoever waits for it
  // sees soon that it is renewed (4 a timeout: 5 s).
  const everyMs = providerTimeout / 4;
  const under = new Set<Promise<void>>();
  const stop = new AbortController();

  async function keepClaimed(claim: Claim, work: Promise<void>): Promise<void> {
    const renew = () => void renewLease(db, claim, refreshLease).catch(() => {});
    renew();
    const timer = setInterval(renew, everyMs);
    try {
      await work;
    } catch (error) {
      log.warn({ connectionId: claim.id, err: error }, 'what came late of a refresh could not be dealt with');
    } finally {
      clearInterval(timer);
    }
  }

  return {
    listen(claim, work) {
      const one = keepClaimed(claim, work).finally(() => under.delete(one));
      under.add(one);
    },
    stopped: stop.signal,
    async close() {
      await atMost(LAST_MOMENT_MS, Promise.all(under));
      stop.abort();
      if (under.size > 0) egress.giveUp();
      await Promise.all(under);
    },
  };
}
