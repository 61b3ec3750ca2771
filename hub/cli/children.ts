/** Keeps a `hub <command>` process running under `npm start`: logs to a file, warnings to the terminal, restarts. */
import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

type Options = {
  command: string;
  env: NodeJS.ProcessEnv;
  logFolder: string;
  say: (line: string) => void;
  /** It keeps dying: whoever started it should stop. */
  giveUp: () => void;
};

export type Child = { ready: Promise<void>; close: () => Promise<void> };

const PROGRAM = path.join(import.meta.dirname, 'hub.ts');
// A crash is an accident, five within a minute are a fault that restarting does not mend.
const ACCIDENTS = { most: 5, withinMs: 60_000 };
const STOP_MS = 12_000;

export function keepChild({ command, env, logFolder, say, giveUp }: Options): Child {
  const log = createWriteStream(path.join(logFolder, `${command}.log`), { flags: 'a', mode: 0o600 });
  const { promise: ready, resolve: isReady, reject: neverReady } = Promise.withResolvers<void>();
  const deaths: number[] = [];
  let closing = false;
  let child = launch();

  function launch(): ChildProcess {
    // A group of its own: Ctrl-C is for `npm start`, which then ends its children in order.
    const launched = fork(PROGRAM, [command], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [launched.stdout, launched.stderr])
      if (stream)
        createInterface({ input: stream }).on('line', (line) => {
          log.write(`${line}\n`);
          const shown = worthShowing(line);
          if (shown !== null && !closing) say(`${command}: ${shown}`);
        });
    launched.once('message', () => isReady());
    launched.once('exit', (code, signal) => {
      if (!closing) died(signal ?? `exit code ${code}`);
    });
    return launched;
  }

  function died(how: string): void {
    const now = Date.now();
    deaths.push(now);
    const recent = deaths.filter((at) => now - at < ACCIDENTS.withinMs).length;
    if (recent >= ACCIDENTS.most) {
      neverReady(
        new Error(
          `The ${command} keeps ending (${how}); ${path.join(logFolder, `${command}.log`)} says why.`,
        ),
      );
      return giveUp();
    }
    say(`${command}: ended (${how}); starting it again`);
    // 0.5 s doubling: 0.5, 1, 2, 4 s.
    setTimeout(
      () => {
        if (!closing) child = launch();
      },
      250 * 2 ** recent,
    );
  }

  ready.catch(() => {});
  return {
    ready,
    async close() {
      closing = true;
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
        await ended;
        clearTimeout(timer);
      }
      await new Promise((resolve) => log.end(resolve));
    },
  };
}

/** Warnings and worse, in words; and whatever is not a log line, for that was not foreseen. */
function worthShowing(line: string): string | null {
  if (!line.startsWith('{'))
    return line.trim() === '' || /^(\(Use `node|ExperimentalWarning)/.test(line) ? null : line;
  try {
    const { level, msg } = JSON.parse(line) as { level?: number; msg?: string };
    return (level ?? 0) >= 40 ? (msg ?? 'something went wrong') : null;
  } catch {
    return line;
  }
}
