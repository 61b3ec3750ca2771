/** The embedded Temporal: the CLI's development server with its history in a file, and its UI. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endLeftover, isAlive, rememberPid } from './leftover.ts';
import { answers } from './ports.ts';
import type { Say } from './temporal-cli.ts';

export type EmbeddedTemporal = {
  address: string;
  pid: number;
  stopped: Promise<void>;
  stop: () => Promise<void>;
};

export type TemporalOptions = {
  cli: string;
  folder: string;
  /** Null: history in memory, for tests. */
  historyFile: string | null;
  port: number;
  /** Null: no UI. */
  uiPort: number | null;
  searchAttributes: readonly string[];
  /** Where the UI has payloads decoded. */
  codecEndpoint?: string;
  /** `history.timerProcessorMaxTimeShift="10ms"` and the like. */
  dynamicConfig?: readonly string[];
};

// A first start makes the history's tables.
const START_MS = 60_000;

const pidFileIn = (folder: string) => path.join(folder, 'temporal.pid');

/** Before its ports are looked at: a server of a killed run still has them. */
export async function endTemporalLeftover(folder: string, say: Say): Promise<void> {
  if (await endLeftover(pidFileIn(folder), 'server start-dev'))
    say('Ended the Temporal server of an earlier run that was killed.');
}

/** @throws Error of one line */
export async function startTemporal(options: TemporalOptions): Promise<EmbeddedTemporal> {
  const { folder, port } = options;
  const pidFile = path.join(folder, 'temporal.pid');
  const lines: string[] = [];
  // A group of its own: Ctrl-C reaches the hub, and the hub ends its servers in order.
  const child = spawn(options.cli, argumentsOf(options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      lines.push(chunk.toString());
      if (lines.length > 50) lines.shift();
    });
  const stopped = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let ended = false;
  void stopped.then(() => (ended = true));
  if (child.pid !== undefined) rememberPid(pidFile, child.pid);

  for (let waited = 0; !(await answers('127.0.0.1', port)); waited += 100) {
    if (ended || waited > START_MS) {
      child.kill('SIGKILL');
      throw new Error(explain(lines, ended));
    }
    await sleep(100);
  }
  const pid = child.pid ?? 0;
  return {
    address: `127.0.0.1:${port}`,
    pid,
    stopped,
    async stop() {
      if (isAlive(pid)) child.kill('SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), 8_000);
      await stopped;
      clearTimeout(timer);
      rmSync(pidFile, { force: true });
    },
  };
}

function argumentsOf({
  historyFile,
  port,
  uiPort,
  searchAttributes,
  codecEndpoint,
  dynamicConfig = [],
}: TemporalOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'],
    ...(historyFile === null ? [] : ['--db-filename', historyFile]),
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(codecEndpoint === undefined || uiPort === null ? [] : ['--ui-codec-endpoint', codecEndpoint]),
    ...searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ...dynamicConfig.flatMap((value) => ['--dynamic-config-value', value]),
  ];
}

function explain(lines: string[], ended: boolean): string {
  const text = lines.join('');
  if (/no space left|disk is full/i.test(text))
    return "The disk is full: Temporal's history cannot be kept; free some space and start again.";
  const last = text.trim().split('\n').at(-1)?.slice(0, 300);
  return ended
    ? `Temporal did not start${last ? ` (${last})` : ''}.`
    : 'Temporal did not answer within a minute; start again, or name another server in TEMPORAL_ADDRESS.';
}
