/**
 * How long calls took, in numbers that can be added up: each bucket's bound is 1.15 times the one before, so a
 * percentile read from them is at most 7.3 % off (√1.15), whichever hours, connections and processes were added.
 * A call of 200 ms needs 38 small numbers.
 */
const FACTOR = 1.15;
// 1 ms · 1.15^100 is 20 minutes; what takes longer counts as that.
const LAST = 100;

/** @param ms of one call, any number from 0 */
export const bucketOf = (ms: number): number =>
  ms <= 1 ? 0 : Math.min(LAST, Math.ceil(Math.log(ms) / Math.log(FACTOR)));

/** Bounds of a bucket in milliseconds: above the first, up to the second. */
const boundsOf = (bucket: number): [number, number] => [
  bucket === 0 ? 0 : FACTOR ** (bucket - 1),
  FACTOR ** bucket,
];

/**
 * @param counts calls by bucket
 * @param share 0.5 for the median, 0.95, 0.99
 * @returns milliseconds; null: there were no calls
 */
export function percentile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(total * share));
  let seen = 0;
  const bucket = counts.findIndex((count) => (seen += count) >= rank);
  if (bucket === 0) return 1;
  const [above, upTo] = boundsOf(bucket);
  return Math.sqrt(above * upTo);
}
