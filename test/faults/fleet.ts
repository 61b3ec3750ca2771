/** The hub's processes, each started again when it ends, as an operator's supervisor does. */
import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { TestEnv } from '../setup/hub.ts';

export type Member = {
  name: string;
  /** Of the process that runs now; null: there is none. */
  pid: () => number | null;
  /** Says that it is ready. */
  ready: () => Promise<void>;
  /** It is started again. `extra` is the environment of that next process alone. */
  end: (signal: 'SIGKILL' | 'SIGTERM', extra?: TestEnv) => Promise<void>;
  freeze: () => void;
  thaw: () => void;
  /** How often it ended although nobody ended it. */
  fallen: () => number;
  logFile: string;
  close: () => Promise<void>;
};

const PROGRAM = path.join(import.meta.dirname, '../../hub/cli/hub.ts');
const CLOCK = pathToFileURL(path.join(import.meta.dirname, 'shifted-clock.mjs')).href;
// As under npm start: processes are started so often here that it is a good part of a run.
const COMPILED = path.join(import.meta.dirname, '../../node_modules/.cache/compile');
// A server that is away refuses at once: not so often that starting takes all the time there is.
const AGAIN_MS = 500;

/** @param command `worker`, `api`, `sandbox` of the `hub` command */
export function startMember(name: string, command: string, env: TestEnv, folder: string): Member {
  const logFile = path.join(folder, `${name}.log`);
  const log = createWriteStream(logFile);
  let child: ChildProcess | null = null;
  let meant = false;
  let closing = false;
  let fallen = 0;
  let extra: TestEnv = {};
  // Of the process that is there or comes next: whoever waits is not forgotten with one that ends before it is ready.
  let readiness = Promise.withResolvers<void>();
  let isReady = false;

  const running = (async () => {
    while (!closing) {
      const process = launch(command, { ...env, ...extra });
      extra = {};
      child = process;
      meant = false;
      for (const stream of [process.stdout, process.stderr]) stream?.pipe(log, { end: false });
      const ended = new Promise<void>((resolve) => process.once('exit', () => resolve()));
      process.once('message', () => {
        isReady = true;
        readiness.resolve();
      });
      await ended;
      child = null;
      if (isReady) readiness = Promise.withResolvers<void>();
      isReady = false;
      if (!meant) {
        fallen++;
        await sleep(AGAIN_MS);
      }
    }
  })();

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    if (ending === null) return;
    meant = true;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await ended;
  }

  return {
    name,
    logFile,
    pid: () => child?.pid ?? null,
    ready: () => readiness.promise,
    async end(signal, next = {}) {
      extra = next;
      await end(signal);
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    fallen: () => fallen,
    async close() {
      closing = true;
      child?.kill('SIGCONT');
      await end('SIGTERM');
      await running;
    },
  };
}

/** With a clock that is wrong: for `end`. */
export const wrongClock = (ms: number): TestEnv => ({
  NODE_OPTIONS: `--import ${CLOCK}`,
  FAULTS_CLOCK_MS: String(ms),
});

function launch(command: string, env: TestEnv): ChildProcess {
  const child = fork(PROGRAM, [command], {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  child.once('exit', () => process.off('exit', orphaned));
  return child;
}
