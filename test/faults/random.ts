/** Chance that a seed repeats. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export type Random = {
  /** From `least` to `most`, both included. */
  whole: (least: number, most: number) => number;
  oneOf: <T>(from: readonly T[]) => T;
  /** More often the heavier ones. */
  weighted: <T extends { weight: number }>(from: readonly T[]) => T;
};

export function randomOf(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const whole = (least: number, most: number) => uniformInt(generator, least, most);
  const oneOf = <T>(from: readonly T[]): T => {
    const one = from[whole(0, from.length - 1)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  };
  return {
    whole,
    oneOf,
    weighted: (from) => oneOf(from.flatMap((one) => Array.from({ length: one.weight }, () => one))),
  };
}
