/** The data folder: used by one `npm start` at a time, and the keeper of what was generated. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dataDirOf } from '../config.ts';
import { commandLineOf } from '../embedded/leftover.ts';

const PID = 'start.pid';
const ENVIRONMENT = 'environment.json';
const ENCRYPTION_KEYS = 'encryption-keys';

/** @returns what gives it back. @throws Error of one line where another start has it */
export function takeDataDir(folder: string): () => void {
  const file = path.join(folder, PID);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
        throw new Error(`HUB_DATA_DIR: ${folder} cannot be written to; make it yours or name another place`, {
          cause: error,
        });
      if (code !== 'EEXIST') throw error;
    }
    const pid = startIn(folder);
    if (pid !== null)
      throw new Error(
        `HUB_DATA_DIR: ${folder} is in use by another npm start (process ${pid}); stop it first, or name another place`,
      );
    rmSync(file, { force: true });
  }
  throw new Error(`HUB_DATA_DIR: another npm start is taking ${folder} at this moment`);
}

/** @returns the process of the `npm start` that uses the folder; null: none does */
function startIn(folder: string): number | null {
  const pid = Number(readKept(folder, PID) ?? NaN);
  // A pid is used again some day; another program of that number is not us.
  const isOurs = Number.isInteger(pid) && pid !== process.pid && commandLineOf(pid).includes('start.ts');
  return isOurs ? pid : null;
}

/** For `environmentBeside`, while this start runs. @returns removes it */
export function keepEnvironment(folder: string, made: Record<string, string>): () => void {
  const file = path.join(folder, ENVIRONMENT);
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/**
 * The environment of a command that is run beside `npm start`: what that one brought by itself (database, Temporal,
 * keys) is the command's too, where nothing else is set. In production everything is set.
 */
export function environmentBeside(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const folder = dataDirOf(env);
  if (env['NODE_ENV'] === 'production' || startIn(folder) === null) return env;
  const made = JSON.parse(readKept(folder, ENVIRONMENT) ?? '{}') as Record<string, string>;
  const keys = readKept(folder, ENCRYPTION_KEYS);
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  return { ...made, ...(keys === null ? {} : { HUB_ENCRYPTION_KEYS: keys }), ...set };
}

export const keepEncryptionKeys = (folder: string, make: () => string): string =>
  keepSecret(folder, ENCRYPTION_KEYS, make).value;

/** A secret made once and kept in a file that only its owner reads. */
export function keepSecret(
  folder: string,
  name: string,
  make: () => string,
): { value: string; made: boolean } {
  const kept = readKept(folder, name);
  if (kept !== null) return { value: kept, made: false };
  const value = make();
  writeFileSync(path.join(folder, name), `${value}\n`, { mode: 0o600 });
  return { value, made: true };
}

/** @returns null: there is no such file, or nothing in it */
function readKept(folder: string, name: string): string | null {
  const file = path.join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() || null : null;
}
