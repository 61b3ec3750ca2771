/** What `npm run bench` is asked for: names of benchmarks, and how much of each. */
import path from 'node:path';
import { parseArgs } from 'node:util';

export type Options = {
  /** Repetitions of each side, alternating; the median counts. Null: as many as the benchmark finds enough. */
  rounds: number | null;
  /** Connections; null: few enough for some minutes. */
  sizes: number[] | null;
  /** How long the stand-in provider takes for an answer. */
  answerMs: number;
};

export const USAGE =
  'npm run bench [-- <name>… --rounds 3 --sizes 10000,100000 (connections) --answer-ms 0 (of the stand-in provider) --out bench/results.json]';

/**
 * @param known names of benchmarks
 * @returns `wanted`: names, in the order of `known`; all where none is named
 * @throws Error of one line
 */
export function readArguments(
  args: string[],
  known: readonly string[],
): { wanted: string[]; options: Options; out: string } {
  const { values, positionals } = parsed(args);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no benchmark ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  return {
    out: path.resolve(values.out ?? path.join(import.meta.dirname, 'results.json')),
    wanted: known.filter((name) => positionals.length === 0 || positionals.includes(name)),
    options: {
      rounds: values.rounds === undefined ? null : whole('--rounds', values.rounds, 1),
      sizes: values.sizes?.split(',').map((size) => whole('--sizes', size, 1)) ?? null,
      answerMs: whole('--answer-ms', values['answer-ms'] ?? '0', 0),
    },
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        sizes: { type: 'string' },
        'answer-ms': { type: 'string' },
        out: { type: 'string' },
      },
    });
  } catch (error) {
    const [problem] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new Error(`${problem} ${USAGE}`, { cause: error });
  }
}

function whole(option: string, text: string, least: number): number {
  if (!/^\d{1,8}$/.test(text) || Number(text) < least)
    throw new Error(`${option}: expected a whole number from ${least}, got "${text}".`);
  return Number(text);
}
