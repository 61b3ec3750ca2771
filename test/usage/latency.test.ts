/** Percentiles from added-up buckets, beside those of the values themselves. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bucketOf, percentile } from '../../hub/usage/latency.ts';

const OFF = 0.073;

it('is at most 7.3 % off, whatever was measured', () => {
  const values = fc.array(fc.double({ min: 1, max: 600_000, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(values, fc.constantFrom(0.5, 0.95, 0.99), (given, share) => {
      const counts: number[] = [];
      for (const value of given) counts[bucketOf(value)] = (counts[bucketOf(value)] ?? 0) + 1;
      const sorted = given.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1] ?? 0;
      const told =
        percentile(
          Array.from(counts, (count) => count ?? 0),
          share,
        ) ?? 0;
      expect(Math.abs(told - exact) / exact).toBeLessThanOrEqual(OFF);
    }),
  );
});

it('of nothing there is none; below a millisecond is one; no wait is too long to be counted', () => {
  expect(percentile([], 0.5)).toBeNull();
  expect(percentile([0, 0], 0.99)).toBeNull();
  expect(percentile([3], 0.99)).toBe(1);
  expect([bucketOf(0), bucketOf(1), bucketOf(Number.MAX_VALUE)]).toEqual([0, 0, 100]);
});
