/** Real processes of a hub, to be killed. */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { freePort } from '../../hub/embedded/ports.ts';
import type { TestEnv } from './hub.ts';

export type HubProcess = {
  pid: number;
  /** Everything it wrote. */
  output: () => string;
  /** @returns its exit code; null: it did not end by itself, or had ended before */
  kill: (signal: NodeJS.Signals) => Promise<number | null>;
};

const PROGRAM = path.join(import.meta.dirname, '../../hub/cli/hub.ts');

/** @returns once it says that it is ready */
export async function spawnHub(command: 'api' | 'worker', env: TestEnv): Promise<HubProcess> {
  const child = fork(PROGRAM, [command], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`hub ${command} ended with ${code}: ${lines.join('')}`)));
  });
  return { pid: child.pid ?? 0, output: () => lines.join(''), kill: (signal) => kill(child, signal) };
}

export type OtherApi = HubProcess & { url: string };

/** Another API process of the same hub, at a port of its own. @returns it, and where it answers */
export async function spawnOtherApi(env: TestEnv): Promise<OtherApi> {
  const port = String(await freePort());
  return { ...(await spawnHub('api', { ...env, HUB_PORT: port })), url: `http://localhost:${port}` };
}

/** `hub …` to its end. @param heard of what it writes, as it does. @returns its exit code and all it wrote */
export async function runHub(
  args: string[],
  env: TestEnv,
  heard: (text: string) => void = () => {},
): Promise<{ code: number | null; output: string }> {
  const child = fork(PROGRAM, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      chunks.push(chunk.toString());
      heard(chunk.toString());
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output: chunks.join('') };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return null;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return signal === 'SIGSTOP' ? null : ended;
}
