/** `npm start` with a data folder and ports of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { commandLineOf } from '../../hub/embedded/leftover.ts';
import { freePort } from '../../hub/embedded/ports.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

export type Started = { child: ChildProcess; output: () => string; ended: Promise<number | null> };
export type NpmStart = Awaited<ReturnType<typeof prepareStart>>;

export async function prepareStart() {
  const folder = mkdtempSync(path.join(tmpdir(), 'integration-hub-start-'));
  const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const env: Record<string, string> = {
    HUB_DATA_DIR: folder,
    HUB_PORT: String(ports[0]),
    HUB_TEMPORAL_PORT: String(ports[1]),
    HUB_TEMPORAL_UI_PORT: String(ports[2]),
    HUB_SANDBOX_PORT: String(ports[3]),
    HUB_SANDBOX_CONSENT: 'allow',
  };
  const started: Started[] = [];
  return {
    folder,
    env,
    url: `http://localhost:${env['HUB_PORT']}`,
    sandboxUrl: `http://localhost:${env['HUB_SANDBOX_PORT']}`,

    start(
      command: string[] = [process.execPath, 'hub/cli/start.ts'],
      extra: Record<string, string> = {},
    ): Started {
      const [program = '', ...args] = command;
      const clean = Object.fromEntries(
        Object.entries(process.env).filter(
          ([name]) => !/^(HUB_|TEMPORAL_|DATABASE_URL|npm_|NODE_ENV|VITEST)/.test(name),
        ),
      );
      const child = spawn(program, args, {
        cwd: ROOT,
        env: { ...clean, ...env, ...extra },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const chunks: string[] = [];
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      const one = { child, output: () => chunks.join(''), ended };
      started.push(one);
      return one;
    },

    async ready(one: Started): Promise<void> {
      const line = `Integration Hub ready at http://localhost:${env['HUB_PORT']}`;
      await Promise.race([
        vi.waitUntil(() => one.output().includes(line), { timeout: 90_000 }),
        one.ended.then((code) => Promise.reject(new Error(`ended with ${code}: ${one.output()}`))),
      ]);
    },

    /** Everything that runs on this data folder: servers and processes of the hub. */
    processes: (): string[] =>
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
        .map((name) => commandLineOf(Number(name)))
        .filter((line) => line.includes(folder)),

    async end(): Promise<void> {
      for (const { child, ended } of started.splice(0)) {
        child.kill('SIGTERM');
        await ended;
      }
    },

    forget: () => rmSync(folder, { recursive: true, force: true }),
  };
}
