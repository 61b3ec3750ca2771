/**
 * `npm start` from its beginning to the ready line: the very first one, and later ones, which find everything in
 * place. And what each process holds in memory, at rest and while tokens are asked for. Its anchor is PostgreSQL and
 * Temporal alone, started beside one another in the same run: the hub cannot be ready before they are.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../hub/embedded/ports.ts';
import { load } from './load.ts';
import type { Benchmark } from './main.ts';
import { memoryByPart } from './process-tree.ts';
import { openStage } from './stage.ts';
import { median, type Table } from './table.ts';

const ROUNDS = 5;
const REST_MS = 5_000;
const CLIENTS = 10;
const SECONDS = 5;
const MB = 1024 * 1024;

type Started = { child: ChildProcess; seconds: number; stop: () => Promise<void> };
type Memory = Map<string, number>;

export const start: Benchmark = {
  name: 'start',
  about: 'npm start to its ready line, and the memory of each process',
  async run(_stage, { rounds }, say) {
    const folder = mkdtempSync(path.join(tmpdir(), 'integration-hub-bench-start-'));
    const env = { HUB_DATA_DIR: folder, HUB_SANDBOX_CONSENT: 'allow', ...(await ports()) };
    try {
      const first = await npmStart(env);
      await first.stop();
      say(`the first start: ${first.seconds.toFixed(1)} s`);
      const later: number[] = [];
      const servers: number[] = [];
      let memory: [rest: Memory, busy: Memory] = [new Map(), new Map()];
      for (let round = 1; round <= (rounds ?? ROUNDS); round++) {
        servers.push(await serversAlone());
        const started = await npmStart(env);
        later.push(started.seconds);
        if (round === 1) memory = await memoryOf(started, `http://localhost:${env.HUB_PORT}`, folder);
        await started.stop();
        say(
          `start ${round}: ${started.seconds.toFixed(1)} s, the servers alone ${servers.at(-1)?.toFixed(1)} s`,
        );
      }
      return [timesOf(first.seconds, later, servers), memoryTable(...memory)];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function ports() {
  const [hub, temporal, ui, sandbox] = [freePort(), freePort(), freePort(), freePort()];
  return {
    HUB_PORT: String(await hub),
    HUB_TEMPORAL_PORT: String(await temporal),
    HUB_TEMPORAL_UI_PORT: String(await ui),
    HUB_SANDBOX_PORT: String(await sandbox),
  };
}

/** @throws Error with what it said, where it ends before it is ready */
async function npmStart(env: Record<string, string>): Promise<Started> {
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(HUB_|TEMPORAL_(?!CLI_PATH)|DATABASE_URL|npm_|NODE_ENV)/.test(name),
  );
  const began = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: path.resolve(import.meta.dirname, '..'),
    env: { ...Object.fromEntries(clean), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => child.kill('SIGTERM'));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  const ready = new Promise<number>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Integration Hub ready at')) resolve((performance.now() - began) / 1000);
      });
  });
  const seconds = await Promise.race([
    ready,
    ended.then(() => Promise.reject(new Error(`npm start ended by itself: ${said}`))),
  ]);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { child, seconds, stop };
}

/** @returns seconds */
async function serversAlone(): Promise<number> {
  const began = performance.now();
  const stage = await openStage(() => undefined);
  const seconds = (performance.now() - began) / 1000;
  await stage.close();
  return seconds;
}

async function memoryOf({ child }: Started, hub: string, folder: string): Promise<[Memory, Memory]> {
  const key = readFileSync(path.join(folder, 'admin-key'), 'utf8').trim();
  const headers = { authorization: `Bearer ${key}` };
  await sleep(REST_MS);
  const rest = memoryByPart(child.pid ?? 0);
  const id = await connectSlack(hub, headers);
  const busy: Memory = new Map();
  const watching = setInterval(() => {
    for (const [part, bytes] of memoryByPart(child.pid ?? 0))
      busy.set(part, Math.max(busy.get(part) ?? 0, bytes));
  }, 500);
  const ask = () => ({ path: `/api/connections/${id}/token`, headers });
  await load(hub, CLIENTS, SECONDS, ask).finally(() => clearInterval(watching));
  return [rest, busy];
}

async function connectSlack(hub: string, headers: Record<string, string>): Promise<string> {
  const made = await fetch(`${hub}/api/connections`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ integrationId: 'slack' }),
  });
  const { connection, authorization } = (await made.json()) as {
    connection: { id: string };
    authorization: { url: string };
  };
  const opened = await fetch(authorization.url, { redirect: 'manual' });
  const cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const consented = await fetch(opened.headers.get('location') ?? '', { redirect: 'manual' });
  await fetch(consented.headers.get('location') ?? '', { headers: { cookie } });
  return connection.id;
}

function timesOf(first: number, later: number[], servers: number[]): Table {
  const ratio = median(later.map((seconds, round) => seconds / (servers[round] ?? NaN)));
  return {
    title: `npm start to its ready line, ${later.length} later starts`,
    columns: ['', 'seconds', 'per start'],
    rows: [
      ['the very first start', first, ''],
      ['later starts', median(later), later.map((seconds) => seconds.toFixed(1)).join(' ')],
      ['PostgreSQL and Temporal alone, new', median(servers), ''],
    ],
    notes: [],
    figures: { firstSeconds: first, laterSeconds: median(later), timeRatioToServersAlone: ratio },
  };
}

function memoryTable(rest: Memory, busy: Memory): Table {
  const parts = [...rest.keys()];
  const sum = (memory: Memory) => [...memory.values()].reduce((total, bytes) => total + bytes, 0);
  const named = (part: string, when: string) => `${part}Mb${when}`;
  return {
    title: `Memory, MB: ${REST_MS / 1000} s after the ready line, and at most while ${CLIENTS} clients ask for tokens`,
    columns: ['', 'at rest', 'busy'],
    rows: [
      ...parts.map((part) => [part, (rest.get(part) ?? 0) / MB, (busy.get(part) ?? 0) / MB]),
      ['together', sum(rest) / MB, sum(busy) / MB],
    ],
    notes: [
      'Memory that processes share (the Node binary, PostgreSQL’s buffers) is shared out among them; the sandbox lives in the process of npm start.',
    ],
    figures: Object.fromEntries(
      parts.flatMap((part) => [
        [named(part, 'AtRest'), (rest.get(part) ?? 0) / MB],
        [named(part, 'Busy'), (busy.get(part) ?? 0) / MB],
      ]),
    ),
  };
}
