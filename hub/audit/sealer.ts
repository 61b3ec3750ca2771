/**
 * Chains what is waiting, in every worker; the chain's lock lets one at a time. Nothing waits for it: an entry is
 * safe once it is written, and in the chain about a second later.
 */
import { chainWaiting, type Link } from '../database/audit-chain.ts';
import { withoutStatement } from '../database/database.ts';
import type { Hub } from '../hub.ts';
import { pause } from '../patience.ts';
import { GENESIS, openChain, type Chain } from './chain.ts';

/** Milliseconds. */
export type SealSettings = {
  idleMs: number;
  limit: number;
  /** Nobody finishes an entry after this long any more: the longest request waits for a few answers of a provider. */
  givenUpAfterMs: number;
  /** The log names the chain's head so often, where it has moved: a log that is kept elsewhere keeps heads. */
  headEveryMs: number;
};

export const SEALING: SealSettings = {
  idleMs: 1_000,
  limit: 500,
  givenUpAfterMs: 15 * 60_000,
  headEveryMs: 60 * 60_000,
};

export function startSealer(
  hub: Pick<Hub, 'db' | 'vault' | 'log'>,
  settings: SealSettings = SEALING,
): { close: () => Promise<void> } {
  const closing = new AbortController();
  let told: { at: number; sequence: number } = { at: 0, sequence: 0 };
  let away = false;
  const running = run();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };

  async function run(): Promise<void> {
    let chain: Chain | null = null;
    while (!closing.signal.aborted) {
      try {
        chain ??= await openChain(hub.db, hub.vault, true);
        const done = await chainWaiting(hub.db, GENESIS, chain.hashOf, settings);
        away = false;
        if (done) tell(done.head);
        if (done && done.chained === settings.limit) continue;
      } catch (error) {
        if (!away)
          hub.log.warn({ err: withoutStatement(error) }, 'the audit log could not be chained; it waits');
        away = true;
      }
      await pause(settings.idleMs, closing.signal);
    }
  }

  function tell({ sequence, hash }: Link): void {
    if (sequence === told.sequence || Date.now() - told.at < settings.headEveryMs) return;
    told = { at: Date.now(), sequence };
    hub.log.info({ sequence, hash }, 'head of the audit log');
  }
}
