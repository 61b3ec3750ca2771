/**
 * `npm run bench [-- <name>… <options>]`: each benchmark beside its anchor, the practical limit on this machine in
 * this very run. Figures of different runs say little of each other; the ratios within one do.
 */
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readArguments, type Options } from './arguments.ts';
import { figuresOf, summaryOf, type Figures } from './figures.ts';
import { openStage, type Stage } from './stage.ts';
import { printTable, type Table } from './table.ts';

export type { Options } from './arguments.ts';

export type Benchmark = {
  name: string;
  about: string;
  run: (stage: Stage, options: Options, say: (line: string) => void) => Promise<Table[]>;
};

/** Loaded when they are run: n8n's engine alone takes seconds. */
const BENCHMARKS: Record<string, () => Promise<Benchmark>> = {
  token: async () => (await import('./token.ts')).token,
  proxy: async () => (await import('./proxy.ts')).proxy,
  connect: async () => (await import('./connect.ts')).connect,
  n8n: async () => (await import('./n8n.ts')).n8n,
  start: async () => (await import('./start.ts')).start,
  refresh: async () => (await import('./refresh.ts')).refresh,
  sweep: async () => (await import('./sweep.ts')).sweep,
};
const say = (line: string) => void process.stdout.write(`${line}\n`);

const { wanted, options, out } = asked();
const stage = await openStage(say);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stage.close().finally(() => process.exit(130)));
try {
  const figures: Figures = {};
  const results: object[] = [];
  for (const [name, load] of Object.entries(BENCHMARKS).filter(([name]) => wanted.includes(name))) {
    try {
      const { about, run } = await load();
      say(`\n${name}: ${about}`);
      const tables = await run(stage, options, say);
      for (const table of tables) say(`\n${printTable(table)}`);
      figures[name] = figuresOf(name, tables);
      results.push({ name, about, tables });
    } catch (error) {
      // What the others measure is not lost by it.
      process.exitCode = 1;
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  const [cpu] = os.cpus();
  const machine = { cpu: cpu?.model.trim(), cores: os.availableParallelism(), memory: os.totalmem() };
  const run = { at: new Date().toISOString(), node: process.version, machine, options, results };
  const details = path.join(path.dirname(out), `${path.parse(out).name}-tables.json`);
  writeFileSync(out, `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(details, `${JSON.stringify(run, null, 2)}\n`);
  say(`\n${printTable(summaryOf(figures))}\n\nThe same: ${out}; all tables: ${details}`);
} finally {
  await stage.close();
}
// What a benchmark leaves open, n8n's engine for one, does not keep it from ending.
process.exit();

function asked(): ReturnType<typeof readArguments> {
  try {
    return readArguments(process.argv.slice(2), Object.keys(BENCHMARKS));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return process.exit(1);
  }
}
