/**
 * Servers of an earlier run that was killed. They are known by a file with their pid and are ended only when
 * the process of that pid still is what we started: its command line names our own data.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export const rememberPid = (file: string, pid: number) => writeFileSync(file, String(pid), { mode: 0o600 });

/** @param mark what the process's command line must hold. @returns whether one was ended */
export async function endLeftover(file: string, mark: string): Promise<boolean> {
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : NaN;
  rmSync(file, { force: true });
  if (!Number.isInteger(pid) || pid <= 1 || !commandLineOf(pid).includes(mark)) return false;
  // SIGINT: a fast, clean shutdown for PostgreSQL, and a normal one for Temporal.
  process.kill(pid, 'SIGINT');
  for (let waited = 0; waited < 10_000 && isAlive(pid); waited += 100) await sleep(100);
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  return true;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return commandLineOf(pid) !== '';
  } catch {
    return false;
  }
}

/** Empty for a zombie, for nobody, and where it cannot be told. */
export function commandLineOf(pid: number): string {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
