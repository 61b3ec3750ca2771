/** The memory of everything that one process has started, by part of the hub. */
import { readdirSync, readFileSync } from 'node:fs';
import { commandLineOf } from '../hub/embedded/leftover.ts';

const PARTS: [part: string, mark: RegExp][] = [
  ['api', /hub\.ts api/],
  ['worker', /hub\.ts worker/],
  ['postgres', /postgres/],
  ['temporal', /temporal/],
  ['start', /cli\/start\.ts/],
];

/** @returns bytes; empty where there is no /proc */
export function memoryByPart(root: number): Map<string, number> {
  const memory = new Map<string, number>();
  for (const pid of treeOf(root)) {
    const line = commandLineOf(pid);
    const [part] = PARTS.find(([, mark]) => mark.test(line)) ?? [];
    if (part !== undefined) memory.set(part, (memory.get(part) ?? 0) + shareOf(pid));
  }
  return memory;
}

function treeOf(root: number): number[] {
  const parents = new Map(processes().map((pid) => [pid, parentOf(pid)]));
  const isUnder = (pid: number): boolean => pid === root || (pid > 1 && isUnder(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(isUnder);
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** 0 where it has ended. */
const parentOf = (pid: number): number => numberIn(`/proc/${pid}/status`, /^PPid:\s+(\d+)/m);

/** Its proportional share (PSS): a page that n processes map counts for a nth in each. */
const shareOf = (pid: number): number => numberIn(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+)/m) * 1024;

function numberIn(file: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
