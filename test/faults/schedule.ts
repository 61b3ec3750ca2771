/** Which faults, how long, in which order: all of it from the seed. */
import { FAULTS, type Fault } from './faults.ts';
import type { Random } from './random.ts';

export type Planned = {
  fault: Fault;
  /** Which of those that it can happen to. */
  victim: number;
  holdMs: number;
};
/** Faults that are there at the same time; they are mended together. */
export type Round = { faults: Planned[]; callsBefore: number };

/** @param form how many, how long each may last, how many come at a time */
export function plan(
  random: Random,
  { faults: count, holdsMs, together: sizes }: { faults: number; holdsMs: number[]; together: number[] },
): Round[] {
  const rounds: Round[] = [];
  for (let planned = 0; planned < count;) {
    const faults: Planned[] = [];
    const together = Math.min(random.oneOf(sizes), count - planned);
    while (faults.length < together) {
      const fault = random.weighted(FAULTS);
      const victim = random.whole(0, 99);
      const holdMs = random.oneOf(holdsMs);
      if (!faults.some((other) => other.fault.part === fault.part)) faults.push({ fault, victim, holdMs });
    }
    rounds.push({ faults, callsBefore: random.whole(5, 30) });
    planned += faults.length;
  }
  return rounds;
}
