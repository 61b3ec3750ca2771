/**
 * Brings everything that is sealed under the key that seals now, then opens it all and counts. It ends with a word
 * on whether the other keys may be removed.
 *
 *   every process seals with the key? ──▶ rewrap, column by column ──▶ verify, column by column ──▶ old histories?
 *                                          ▲                               │ some are still under another key
 *                                          └───────────────────────────────┘ (somebody wrote them meanwhile)
 */
import { continueAsNew, defineQuery, setCurrentDetails, setHandler, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { onStretch, untilDone } from './activity-policies.ts';
import { setOutcome } from './outcome.ts';

type Holder = Awaited<ReturnType<Activities['prepareRotation']>>['unready'][number];
type Unopened = Awaited<ReturnType<Activities['verifyStretch']>>['unopened'];
type OldHistories = Awaited<ReturnType<Activities['findOldHistories']>>;
type Stretch = Parameters<Activities['verifyStretch']>[0];

/** Plain data: `soFar` comes with continue-as-new. */
export type RotateEncryptionKeyInput = {
  /** The id of the key to bring everything under: the first one of every process. */
  keyId: string;
  /** Rows that one activity works on, and how many of them are read at a time. */
  rowsPerStretch: number;
  pageSize: number;
  /** After so many activities the history is long enough. */
  stretchesPerHistory: number;
  /** How often it looks for processes that do not seal with the key before it is refused, and how long it waits between. */
  patience: { looks: number; everyMs: number };
  soFar?: RotationProgress;
};

export type RotationProgress = {
  keyId: string;
  /** `waiting`: a process does not seal with the key yet. */
  phase: 'waiting' | 'rewrapping' | 'verifying' | 'ended';
  round: number;
  columns: string[];
  /** Where it is: the index of a column, and the id of a row of it. */
  at: { column: number; after: string | null };
  /** Per column, of all rounds. At least: what a worker did in the two seconds before it was killed is not counted. */
  rewrapped: Record<string, number>;
  /** Per column and key id, those that open, of the last round: the truth. */
  values: Record<string, Record<string, number>>;
  unopened: Unopened;
  /** Processes that seal with another key. */
  unready: Holder[];
  /** Since when nobody sealed with another key, as it was when the verification began. */
  since: string;
};

export type RotationResult = Omit<RotationProgress, 'phase' | 'at' | 'columns' | 'since'> & {
  /**
   * - `verified`: everything is under the key and opens
   * - `not_verified`: something does not open, or is written under another key again and again
   * - `refused`: a process does not seal with the key, so it could not begin, or go on
   */
  outcome: 'verified' | 'not_verified' | 'refused';
  /** Null where it was not asked: the outcome says no already. */
  oldHistories: OldHistories | null;
  /** Every other key may be taken out of HUB_ENCRYPTION_KEYS now. */
  othersMayGo: boolean;
};

export const rotationProgress = defineQuery<RotationProgress>('rotationProgress');

// A second round finds what was written by a process on its way out.
const ROUNDS = 3;
const PLACES_TOLD = 100;

export async function rotateEncryptionKey(input: RotateEncryptionKeyInput): Promise<RotationResult> {
  const state = input.soFar ?? beginning(input.keyId);
  let stretches = 0;
  setHandler(rotationProgress, () => state);

  for (let ended = false; !ended;) {
    setCurrentDetails(describe(state));
    const column = state.columns[state.at.column];
    if (state.phase === 'waiting') {
      if (!(await untilReady(state, input.patience))) return end(state, 'refused', null);
    } else if (column === undefined) {
      ended = !(await nextPhase(state));
    } else {
      if (stretches++ >= input.stretchesPerHistory)
        await continueAsNew<typeof rotateEncryptionKey>({ ...input, soFar: state });
      const { rowsPerStretch: most, pageSize } = input;
      await workOn(state, { column, after: state.at.after, most, pageSize });
      // Somebody restarted a worker with other keys meanwhile.
      if (isWaiting(state)) await sleep(input.patience.everyMs);
    }
  }
  if (state.unopened.count > 0 || !isSettled(state)) return end(state, 'not_verified', null);
  return end(state, 'verified', await untilDone.findOldHistories(state.keyId));
}

const beginning = (keyId: string): RotationProgress => ({
  keyId,
  phase: 'waiting',
  round: 1,
  columns: [],
  at: { column: 0, after: null },
  rewrapped: {},
  values: {},
  unopened: { count: 0, places: [] },
  unready: [],
  since: '',
});

async function untilReady(
  state: RotationProgress,
  { looks, everyMs }: RotateEncryptionKeyInput['patience'],
): Promise<boolean> {
  for (let look = 1; ; look++) {
    const { columns, unready } = await untilDone.prepareRotation(state.keyId);
    Object.assign(state, { columns, unready });
    setCurrentDetails(describe(state));
    if (unready.length === 0) {
      state.phase = 'rewrapping';
      return true;
    }
    if (look >= looks) return false;
    await sleep(everyMs);
  }
}

async function workOn(state: RotationProgress, stretch: Stretch): Promise<void> {
  const { column } = stretch;
  if (state.phase === 'rewrapping') {
    const { after, rewrapped, notFirst, done } = await onStretch.rewrapStretch(state.keyId, stretch);
    if (notFirst) {
      state.phase = 'waiting';
      return;
    }
    state.rewrapped[column] = (state.rewrapped[column] ?? 0) + rewrapped;
    moveOn(state, after, done);
  } else {
    const { after, counts, unopened, done } = await onStretch.verifyStretch(stretch);
    const values = (state.values[column] ??= {});
    for (const [keyId, count] of Object.entries(counts)) values[keyId] = (values[keyId] ?? 0) + count;
    state.unopened.count += unopened.count;
    state.unopened.places.push(...unopened.places.slice(0, PLACES_TOLD - state.unopened.places.length));
    moveOn(state, after, done);
  }
}

// The compiler does not see that the work changes it.
const isWaiting = ({ phase }: RotationProgress) => phase === 'waiting';

function moveOn(state: RotationProgress, after: string | null, done: boolean): void {
  state.at = done ? { column: state.at.column + 1, after: null } : { ...state.at, after };
}

/** @returns false: that was the last one */
async function nextPhase(state: RotationProgress): Promise<boolean> {
  const { unready, since } = await untilDone.prepareRotation(state.keyId);
  state.unready = unready;
  const isCounted = state.phase === 'verifying';
  // Whoever sealed with another key while it was counted may have written where it had been counted already.
  if (isCounted && since !== state.since) state.since = '';
  if (isCounted && (isSettled(state) || state.round >= ROUNDS)) return false;
  state.at = { column: 0, after: null };
  if (isCounted) Object.assign(state, { phase: 'rewrapping', round: state.round + 1 });
  else Object.assign(state, { phase: 'verifying', since, values: {}, unopened: { count: 0, places: [] } });
  return true;
}

/** Nothing that opens is under another key, and nobody seals with one, or did since that was counted. */
function isSettled({ values, keyId, unready, since }: RotationProgress): boolean {
  const others = Object.values(values).some((counts) => Object.keys(counts).some((id) => id !== keyId));
  return !others && unready.length === 0 && since !== '';
}

function end(
  state: RotationProgress,
  outcome: RotationResult['outcome'],
  oldHistories: OldHistories | null,
): RotationResult {
  state.phase = 'ended';
  setCurrentDetails(describe(state));
  setOutcome(outcome);
  const { keyId, round, rewrapped, values, unopened, unready } = state;
  const othersMayGo = outcome === 'verified' && oldHistories?.open === 0;
  return { outcome, keyId, round, rewrapped, values, unopened, unready, oldHistories, othersMayGo };
}

const describe = ({ keyId, phase, round, rewrapped, values, unopened, unready }: RotationProgress): string =>
  [
    `To ${keyId}: ${phase}, round ${round}.`,
    ...unready.map(({ name, sealsWith }) => `- ${name} seals with ${sealsWith}`),
    ...Object.entries(rewrapped).map(([column, count]) => `- ${column}: ${count} rewrapped`),
    ...Object.entries(values).map(
      ([column, counts]) =>
        `- ${column}: ${Object.entries(counts)
          .map(([id, count]) => `${count} under ${id}`)
          .join(', ')}`,
    ),
    ...(unopened.count > 0 ? [`- ${unopened.count} do not open`] : []),
  ].join('\n');
