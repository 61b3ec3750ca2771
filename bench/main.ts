/**
 * `npm run bench [-- <name>… <options>]`: each benchmark beside its anchor, the practical limit on this machine in
 * this very run. Figures of different runs say little of each other; the ratios within one do.
 */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openStage } from './stage.ts';
import { proxy } from './proxy.ts';
import { refresh } from './refresh.ts';
import { sweep } from './sweep.ts';
import { printTable, type Table } from './table.ts';
import { token } from './token.ts';
import type { Stage } from './stage.ts';

export type Options = {
  /** Repetitions of each side, alternating; the median counts. Null: as many as the benchmark finds enough. */
  rounds: number | null;
  /** Connections; null: few enough for some minutes. */
  sizes: number[] | null;
  /** How long the stand-in provider takes for an answer. */
  answerMs: number;
};

export type Benchmark = {
  name: string;
  about: string;
  run: (stage: Stage, options: Options, say: (line: string) => void) => Promise<Table[]>;
};

const BENCHMARKS: Benchmark[] = [token, proxy, refresh, sweep];
const say = (line: string) => void process.stdout.write(`${line}\n`);

const { wanted, options, out } = readArguments(process.argv.slice(2));
const stage = await openStage(say);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stage.close().finally(() => process.exit(130)));
try {
  const results: object[] = [];
  const figures: Record<string, Record<string, number>> = {};
  for (const { name, about, run } of wanted) {
    say(`\n${name}: ${about}`);
    const tables = await run(stage, options, say);
    for (const table of tables) say(`\n${printTable(table)}`);
    results.push({ name, about, tables });
    for (const table of tables) figures[name] = { ...figures[name], ...table.figures };
  }
  const [cpu] = os.cpus();
  const machine = { cpu: cpu?.model.trim(), cores: os.availableParallelism(), memory: os.totalmem() };
  const run = { at: new Date().toISOString(), node: process.version, machine, options, results };
  writeFileSync(out, `${JSON.stringify({ ...figures, run }, null, 2)}\n`);
  say(`\nAll figures: ${out}`);
} finally {
  await stage.close();
}

function readArguments(args: string[]): { wanted: Benchmark[]; options: Options; out: string } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        sizes: { type: 'string' },
        'answer-ms': { type: 'string' },
        out: { type: 'string' },
      },
    });
    const unknown = positionals.filter((name) => !BENCHMARKS.some((one) => one.name === name));
    if (unknown.length > 0) throw new Error(`there is no benchmark ${unknown.join(', ')}`);
    return {
      out: path.resolve(values.out ?? path.join(import.meta.dirname, 'results.json')),
      wanted: BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
      options: {
        rounds: values.rounds === undefined ? null : whole('--rounds', values.rounds, 1),
        sizes: values.sizes?.split(',').map((size) => whole('--sizes', size, 1)) ?? null,
        answerMs: whole('--answer-ms', values['answer-ms'] ?? '0', 0),
      },
    };
  } catch (error) {
    const names = BENCHMARKS.map(({ name }) => name).join(', ');
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\nBenchmarks: ${names}. Options: --rounds 3, --sizes 10000,100000 (connections), --answer-ms 0 (of the stand-in provider), --out bench/results.json.\n`,
    );
    return process.exit(1);
  }
}

function whole(option: string, text: string, least: number): number {
  if (!/^\d{1,8}$/.test(text) || Number(text) < least)
    throw new Error(`${option}: expected a whole number from ${least}, got "${text}"`);
  return Number(text);
}
