/** Usage grows old: hours are moved into days, days are dropped in the end. A little at a time, beside everything else. */
import { continueAsNew, setCurrentDetails, sleep } from '@temporalio/workflow';
import { untilDone } from './activity-policies.ts';
import { setOutcome } from './outcome.ts';

/** Plain data: it comes with the schedule, and `soFar` with continue-as-new. */
export type RollUpInput = {
  keepHoursMs: number;
  keepDaysMs: number;
  /** Rows at a time. */
  most: number;
  /** After so many rounds the history is long enough. */
  roundsPerHistory: number;
  soFar?: number;
};

const BREATH_MS = 50;

/** @returns how many rows were moved or dropped */
export async function rollUpUsage(input: RollUpInput): Promise<{ rows: number }> {
  const { keepHoursMs, keepDaysMs, most, roundsPerHistory, soFar = 0 } = input;
  let rows = soFar;
  for (let round = 0; round < roundsPerHistory; round++) {
    const done = await untilDone.rollUpUsage(keepHoursMs, keepDaysMs, most);
    rows += done;
    setCurrentDetails(`${rows} rows moved or dropped`);
    if (done === 0) {
      setOutcome(rows === 0 ? 'nothing_due' : 'done');
      return { rows };
    }
    await sleep(BREATH_MS);
  }
  return continueAsNew<typeof rollUpUsage>({ ...input, soFar: rows });
}
