/** Rotations and where keys stand, in words for a terminal. */
import ms from 'ms';
import type { KeyHolder } from '../database/key-holders.ts';
import type { RotationProgress, RotationResult } from '../../workflows/rotate-encryption-key.ts';
import type { KeyStanding } from './standing.ts';
import type { OldHistories } from './rotation.ts';

/** One line, which changes as it goes on. */
export function progressLine({
  phase,
  round,
  columns,
  at,
  rewrapped,
  values,
  unready,
}: RotationProgress): string {
  if (phase === 'waiting')
    return `Waiting: ${unready.length === 0 ? 'looking who runs' : holdersWithOther(unready)}`;
  const done = phase === 'rewrapping' ? sumOf(rewrapped) : sumOf(...Object.values(values));
  const again = round > 1 ? `, round ${round}` : '';
  return `${phase === 'rewrapping' ? 'Rewrapped' : 'Verified'} ${done} (${columns[at.column] ?? 'all'}${again})`;
}

/** What came of it; the last line says what to do next. */
export function resultLines(result: RotationResult): string[] {
  const { outcome, keyId, rewrapped, values, unopened, unready, oldHistories } = result;
  if (outcome === 'refused')
    return [
      ...unready.map(describeHolder),
      `Not rotated: every process must seal with "${keyId}" first. Put it first in HUB_ENCRYPTION_KEYS there, restart, and rotate again.`,
    ];
  const lines = [
    `Rewrapped ${sumOf(rewrapped)} values.`,
    ...Object.entries(values).flatMap(([column, counts]) =>
      Object.entries(counts).map(([id, count]) => `  ${column}: ${count} under "${id}"`),
    ),
  ];
  if (outcome === 'verified')
    return [...lines, `Verified: everything is under "${keyId}", and opens.`, ...historyLines(oldHistories)];
  return [
    ...lines,
    ...unopened.places.map(
      ({ column, id, keyId: under, why }) =>
        `  ${column} of ${id} does not open: ${why === 'damaged' ? 'it is damaged, or its key is another one of the same id' : `HUB_ENCRYPTION_KEYS lacks "${under ?? ''}"`}`,
    ),
    ...(unopened.count > unopened.places.length
      ? [`  and ${unopened.count - unopened.places.length} more do not open`]
      : []),
    ...unready.map(describeHolder),
    unopened.count + unready.length > 0
      ? 'Not verified: keep all keys. Mend what is named above, and rotate again.'
      : 'Not verified: keep all keys. A process sealed with another key while it was counted; rotate again.',
  ];
}

export function standingLines(standing: KeyStanding): string[] {
  const { keyId, keys, processes, oldHistories, rotation, othersMayGo } = standing;
  const last =
    rotation === null
      ? 'No rotation is known.'
      : rotation.status === 'running'
        ? `A rotation is under way since ${rotation.startedAt.toISOString()}.${rotation.progress ? ` ${progressLine(rotation.progress)}` : ' No worker answers.'}`
        : `The last rotation, to "${rotation.result?.keyId ?? '?'}", ended ${rotation.endedAt?.toISOString() ?? ''}: ${rotation.result?.outcome ?? 'it failed as a workflow; rotate again'}.`;
  return [
    ...keys.flatMap(({ id, state, values, columns }) => [
      `Key "${id}" (${STATES[state]}): ${values} ${values === 1 ? 'value' : 'values'}`,
      ...Object.entries(columns).map(([column, count]) => `  ${column}: ${count}`),
    ]),
    ...processes.filter(({ sealsWith }) => sealsWith !== keyId).map(describeHolder),
    last,
    ...(othersMayGo || oldHistories.open > 0 ? historyLines(oldHistories) : []),
    ...(othersMayGo || oldHistories.open > 0 ? [] : ['Keep all keys.']),
  ];
}

const STATES = {
  first: 'the first: it seals',
  old: 'opens',
  missing: 'MISSING: what is under it does not open',
};

/** May the other keys go? */
function historyLines(histories: OldHistories | null): string[] {
  if (histories === null) return [];
  const { open, since, keptMs } = histories;
  if (open > 0)
    return [
      `Keep the other keys: ${open} workflow(s) that began before ${since} are still open and need them. hub encryption status tells when they have ended.`,
    ];
  const kept = keptMs === null ? '' : ` (the server keeps them for ${ms(keptMs, { long: true })})`;
  return [
    'The other keys may be removed from HUB_ENCRYPTION_KEYS now.',
    `With them, the Temporal UI loses the payloads of workflows that ended before ${since}${kept}, and back-ups from before need them still.`,
  ];
}

const describeHolder = ({ name, sealsWith, opens }: KeyHolder) =>
  `  ${name} seals with "${sealsWith}" (it has ${opens.map((id) => `"${id}"`).join(', ')})`;
const holdersWithOther = (holders: KeyHolder[]) =>
  holders.map(({ name, sealsWith }) => `${name} seals with "${sealsWith}"`).join('; ');
const sumOf = (...counts: Record<string, number>[]) =>
  counts.flatMap((one) => Object.values(one)).reduce((sum, count) => sum + count, 0);
