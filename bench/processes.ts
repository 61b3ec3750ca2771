/** The programs that are measured, each in a process of its own, and what they hold in memory. */
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Env } from './stage.ts';

export type Running = {
  pid: number;
  /** What it said when it was ready. */
  said: unknown;
  /** One message to it, one answer. */
  ask: (message: string) => Promise<unknown>;
  close: () => Promise<void>;
};

const ROOT = path.resolve(import.meta.dirname, '..');

export const startWorkerProcess = (env: Env): Promise<Running> => start('hub/cli/hub.ts', ['worker'], env);
export const startApiProcess = (env: Env): Promise<Running> => start('hub/cli/hub.ts', ['api'], env);
/** @returns once it has said something; `said` is that */
export const startProgram = (file: string, args: string[], env: Env = {}): Promise<Running> =>
  start(`bench/${file}`, args, env);

async function start(file: string, args: string[], env: Env): Promise<Running> {
  const child = launch(file, args, env);
  const said = await firstWord(child, file);
  return {
    pid: child.pid ?? 0,
    said,
    ask(message) {
      const answer = firstWord(child, file);
      child.send(message);
      return answer;
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function launch(file: string, args: string[], env: Env): ChildProcess {
  const child = fork(path.join(ROOT, file), args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    // Logs are written, as they would be, and read by nobody.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

const firstWord = (child: ChildProcess, file: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });

/** Resident memory in bytes. */
function memoryOf(pid: number): number {
  try {
    const [, kB] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    if (kB !== undefined) return Number(kB) * 1024;
  } catch {
    // Not Linux.
  }
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
}

// USER_HZ, which is 100 on every Linux that Node runs on.
const TICK_MS = 10;

/** Milliseconds of processor time so far, of all its threads; NaN where there is no /proc. */
export function cpuOf(pid: number): number {
  try {
    // The name before it may have blanks in it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return NaN;
  }
}

const SAMPLED_EVERY_MS = 250;

/** @returns ends it; what was seen, in bytes */
export function watchMemory(pid: number): () => number[] {
  const samples: number[] = [memoryOf(pid)];
  const timer = setInterval(() => samples.push(memoryOf(pid)), SAMPLED_EVERY_MS);
  return () => {
    clearInterval(timer);
    return samples;
  };
}
