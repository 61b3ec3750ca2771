/** The embedded Temporal: the CLI's development server with its history in a file, and its UI. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endLeftover, isAlive, rememberPid } from './leftover.ts';
import { answers, taken } from './ports.ts';
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
  /** One that somebody fixed; or who chooses one, asked again where it was taken in the meantime. */
  port: number | (() => Promise<number>);
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
const TRIES = 5;

type OnPort = TemporalOptions & { port: number };
/** It ended because of a port that nobody fixed: the next one may be free. */
class Outrun extends Error {}

const pidFileIn = (folder: string) => path.join(folder, 'temporal.pid');

/** Before its ports are looked at: a server of a killed run still has them. */
export async function endTemporalLeftover(folder: string, say: Say): Promise<void> {
  if (await endLeftover(pidFileIn(folder), 'server start-dev'))
    say('Ended the Temporal server of an earlier run that was killed.');
}

/** @throws Error of one line */
export async function startTemporal(options: TemporalOptions): Promise<EmbeddedTemporal> {
  for (let tries = 1; ; tries++) {
    const port = typeof options.port === 'number' ? options.port : await options.port();
    try {
      return await start({ ...options, port }, typeof options.port === 'number');
    } catch (error) {
      if (!(error instanceof Outrun) || tries === TRIES) throw error;
    }
  }
}

async function start(options: OnPort, fixed: boolean): Promise<EmbeddedTemporal> {
  const { folder, port } = options;
  const pidFile = pidFileIn(folder);
  const lines: string[] = [];
  // A group of its own: Ctrl-C reaches the hub, and the hub ends its servers in order.
  const child = spawn(options.cli, argumentsOf(options), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let listens = false;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      lines.push(chunk.toString());
      if (lines.length > 50) lines.shift();
      listens ||= /Server:\s/.test(lines.join(''));
    });
  const stopped = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let ended = false;
  child.once('close', () => (ended = true));
  child.once('error', () => (ended = true));
  if (child.pid !== undefined) rememberPid(pidFile, child.pid);

  // It says itself that it listens: what answers at the port may be somebody who was quicker.
  for (let waited = 0; !listens || !(await answers('127.0.0.1', port)); waited += 50) {
    if (ended || waited > START_MS) {
      child.kill('SIGKILL');
      throw failure(options, fixed, lines, ended);
    }
    await sleep(50);
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

function failure({ port, uiPort }: OnPort, fixed: boolean, lines: string[], ended: boolean): Error {
  const text = lines.join('');
  if (/no space left|disk is full/i.test(text))
    return new Error("The disk is full: Temporal's history cannot be kept; free some space and start again.");
  const [, wanted] =
    /:(\d+): bind: (?:address already in use|Only one usage of each socket address)/.exec(text) ?? [];
  if (wanted === String(port) && fixed) return taken(port, 'HUB_TEMPORAL_PORT');
  if (wanted === String(uiPort)) return taken(Number(wanted), 'HUB_TEMPORAL_UI_PORT');
  const last = text.trim().split('\n').at(-1)?.slice(0, 300);
  if (!ended)
    return new Error(
      'Temporal did not answer within a minute; start again, or name another server in TEMPORAL_ADDRESS.',
    );
  const message = `Temporal did not start${last ? ` (${last})` : ''}.`;
  // The inner ones among them, which it chooses itself.
  return wanted === undefined ? new Error(message) : new Outrun(message);
}
