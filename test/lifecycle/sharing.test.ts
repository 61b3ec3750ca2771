/** Who shares whose refresh: inside a process, before any workflow is begun. */
import { describe, expect, it } from 'vitest';
import { createRefreshBursts } from '../../hub/api/refresh-bursts.ts';
import type { RefreshResult } from '../../hub/oauth/refresh-result.ts';
import { shareRefreshes } from '../../hub/temporal/gateway.ts';

const subject = { id: 'c', integrationId: 'slack', userId: 'u' };
const forced = (seenVersion: number) => ({ seenVersion, force: true, minTtlMs: 0 });
const unforced = (seenVersion: number) => ({ seenVersion, force: false, minTtlMs: 60_000 });

/** A refresh whose answers the test gives. */
function scripted() {
  const begun: { force: boolean; answer: (result: RefreshResult) => void; fail: (error: Error) => void }[] =
    [];
  const refresh = shareRefreshes((_subject, wish) => {
    const { promise, resolve, reject } = Promise.withResolvers<RefreshResult>();
    begun.push({ force: wish.force, answer: resolve, fail: reject });
    return promise;
  });
  return { begun, refresh };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('askers in one process', () => {
  it('share one refresh', async () => {
    const { begun, refresh } = scripted();
    const all = Promise.all(Array.from({ length: 200 }, () => refresh(subject, forced(1))));
    expect(begun).toHaveLength(1);
    begun[0]?.answer({ outcome: 'refreshed', version: 2 });
    expect(new Set((await all).map(({ version }) => version))).toEqual(new Set([2]));
  });

  it('who insist on a new token do not settle for an unforced look that was under way', async () => {
    const { begun, refresh } = scripted();
    const looking = refresh(subject, unforced(1));
    const insisting = refresh(subject, forced(1));
    begun[0]?.answer({ outcome: 'current', version: 1 });
    expect(await looking).toEqual({ outcome: 'current', version: 1 });
    await settled();
    expect(begun.map(({ force }) => force)).toEqual([false, true]);
    begun[1]?.answer({ outcome: 'refreshed', version: 2 });
    expect(await insisting).toEqual({ outcome: 'refreshed', version: 2 });
  });

  it('who insist do not settle for the failure of an unforced one either', async () => {
    const { begun, refresh } = scripted();
    const looking = refresh(subject, unforced(1));
    const insisting = refresh(subject, forced(1));
    const failure = { outcome: 'failed', version: 1, verdict: 'provider_unavailable', message: '' } as const;
    begun[0]?.answer(failure);
    expect(await looking).toEqual(failure);
    await settled();
    begun[1]?.answer({ outcome: 'refreshed', version: 2 });
    expect((await insisting).outcome).toBe('refreshed');
  });

  it('who insist are content with an unforced one that brought a newer token than they saw', async () => {
    const { begun, refresh } = scripted();
    const both = Promise.all([refresh(subject, unforced(1)), refresh(subject, forced(1))]);
    begun[0]?.answer({ outcome: 'refreshed', version: 2 });
    expect((await both).map(({ version }) => version)).toEqual([2, 2]);
    expect(begun).toHaveLength(1);
  });

  it('try for themselves where the one they joined broke', async () => {
    const { begun, refresh } = scripted();
    const first = refresh(subject, forced(1));
    const second = refresh(subject, forced(1));
    begun[0]?.fail(new Error('no workflow service'));
    await expect(first).rejects.toThrow('no workflow service');
    await settled();
    begun[1]?.answer({ outcome: 'refreshed', version: 2 });
    expect((await second).version).toBe(2);
  });

  it('of other connections are not waited for', () => {
    const { begun, refresh } = scripted();
    void refresh(subject, forced(1));
    void refresh({ ...subject, id: 'd' }, forced(1));
    expect(begun).toHaveLength(2);
  });
});

describe('a burst of requests', () => {
  it('wants what its first request wanted, for as long as one of them is unanswered', () => {
    const join = createRefreshBursts(() => 0);
    const [first, second] = [join('c'), join('c')];
    expect(first.seenVersion(1)).toBe(1);
    first.leave();
    // Read when the refresh was already stored.
    expect(second.seenVersion(2)).toBe(1);
    const third = join('c');
    second.leave();
    expect(third.seenVersion(2)).toBe(1);
    third.leave();
    expect(join('c').seenVersion(2)).toBe(2);
  });

  it('ends after five seconds even if requests never stop overlapping', () => {
    let now = 0;
    const join = createRefreshBursts(() => now);
    expect(join('c').seenVersion(1)).toBe(1);
    now = 4_999;
    expect(join('c').seenVersion(2)).toBe(1);
    now = 5_000;
    expect(join('c').seenVersion(2)).toBe(2);
  });

  it('is of one connection', () => {
    const join = createRefreshBursts(() => 0);
    expect(join('c').seenVersion(1)).toBe(1);
    expect(join('d').seenVersion(7)).toBe(7);
  });
});
