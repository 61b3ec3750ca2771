/**
 * Sparing the provider. A wait that it asked for holds at every process until it is over; a declared limit is kept
 * by leases of a few calls each, so that not every call is a write.
 */
import { hash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Integration, Verdict } from '../../integrations/definition/integration.ts';
import type { Database } from '../database/database.ts';
import { blockCalls, leaseCalls, type RateLimit } from '../database/rate-limits.ts';
import { HubError } from '../errors.ts';

// A provider's estimate may be wrong by hours; one call an hour to find out hammers nobody.
const LONGEST_WAIT_MS = 3_600_000;

/** What a wait may hold for. Hashed: a path may have something private in it. */
export const callScope = (method: string, path: string): string =>
  hash('sha256', `${method} ${path.split('?', 1)[0] ?? ''}`, 'hex');

export async function noteWait(
  db: Database,
  integration: Integration,
  connectionId: string,
  { method, path }: { method: string; path: string },
  verdict: Verdict,
): Promise<void> {
  if (verdict.kind !== 'rate_limited' || !verdict.retryAfterMs) return;
  const waitMs = Math.min(verdict.retryAfterMs, LONGEST_WAIT_MS);
  // A database that does not answer now is no reason to keep the provider's answer back.
  await blockCalls(db, connectionId, integration.waitsPerPath ? callScope(method, path) : '', waitMs).catch(
    () => {},
  );
}

// Retry-After is told in whole seconds: whoever waited as told and is early by less than this would wait another.
const WAITED_HERE_MS = 250;

/** @throws HubError CONNECTION_RATE_LIMITED */
export async function assertNoWait(waitMs: number): Promise<void> {
  if (waitMs > WAITED_HERE_MS)
    throw new HubError('CONNECTION_RATE_LIMITED', {
      detail: 'the provider asked to wait; the hub keeps to that for every caller of this connection',
      retryAfterMs: waitMs,
    });
  if (waitMs > 0) await setTimeout(waitMs);
}

type Held = { left: number; endsAt: number; size: number } | { left: 0; endsAt: number; size: 0 };
const held = new Map<string, Held>();
const asking = new Map<string, Promise<void>>();

/** Takes one call of the connection's budget. @throws HubError CONNECTION_RATE_LIMITED where it is used up */
export async function takeCall(
  db: Database,
  { rateLimit }: Integration,
  connectionId: string,
): Promise<void> {
  if (!rateLimit) return;
  for (;;) {
    const mine = held.get(connectionId);
    if (mine && mine.endsAt > performance.now()) {
      if (mine.left > 0) return void mine.left--;
      if (mine.size === 0) throw usedUp(rateLimit, mine.endsAt - performance.now());
    }
    // Whoever comes while a lease is asked for waits for it: a burst is one lease at a time.
    const asked = asking.get(connectionId) ?? ask(db, connectionId, rateLimit, mine);
    await asked;
  }
}

const SERVED_MS = 10;

function ask(db: Database, connectionId: string, limit: RateLimit, last: Held | undefined): Promise<void> {
  // 1, 2, 4, … while leases are used to their end, up to a tenth of the limit; one that ran out unused begins anew.
  const usedToItsEnd = last !== undefined && last.left === 0 && last.endsAt > performance.now();
  const wanted = usedToItsEnd ? Math.min(last.size * 2 || 1, Math.ceil(limit.calls / 10)) : 1;
  const began = performance.now();
  const asked = leaseCalls(db, connectionId, limit, wanted)
    .then((lease) => {
      const now = performance.now();
      // Counted from the question, as the database's slot does not wait for the answer; but whoever has waited for
      // a slow one is served all the same.
      const until = (ms: number) => Math.max(began + ms, now + SERVED_MS);
      if ('waitMs' in lease) held.set(connectionId, { left: 0, endsAt: until(lease.waitMs), size: 0 });
      else held.set(connectionId, { left: lease.calls, endsAt: until(lease.forMs), size: wanted });
      const { endsAt } = held.get(connectionId) ?? { endsAt: now };
      void setTimeout(limit.perMs, undefined, { ref: false }).then(() => forget(connectionId, endsAt));
    })
    .finally(() => asking.delete(connectionId));
  asking.set(connectionId, asked);
  return asked;
}

function forget(connectionId: string, endsAt: number): void {
  if (held.get(connectionId)?.endsAt === endsAt) held.delete(connectionId);
}

const usedUp = ({ calls, perMs }: RateLimit, waitMs: number) =>
  new HubError('CONNECTION_RATE_LIMITED', {
    detail: `the provider allows ${calls} calls in ${perMs / 1000} s, and they are used`,
    retryAfterMs: waitMs,
  });
