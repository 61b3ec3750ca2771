/** The data folder: used by one `npm start` at a time, and the keeper of what was generated. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { commandLineOf } from '../embedded/leftover.ts';

/** @returns what gives it back. @throws Error of one line where another start has it */
export function takeDataDir(folder: string): () => void {
  const file = path.join(folder, 'start.pid');
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
    const pid = Number(readFileSync(file, 'utf8'));
    // A pid is used again some day; another program of that number is not us.
    if (Number.isInteger(pid) && pid !== process.pid && commandLineOf(pid).includes('start.ts'))
      throw new Error(
        `HUB_DATA_DIR: ${folder} is in use by another npm start (process ${pid}); stop it first, or name another place`,
      );
    rmSync(file, { force: true });
  }
  throw new Error(`HUB_DATA_DIR: another npm start is taking ${folder} at this moment`);
}

/** A secret made once and kept in a file that only its owner reads. */
export function keepSecret(
  folder: string,
  name: string,
  make: () => string,
): { value: string; made: boolean } {
  const file = path.join(folder, name);
  if (existsSync(file)) {
    const value = readFileSync(file, 'utf8').trim();
    if (value !== '') return { value, made: false };
  }
  const value = make();
  writeFileSync(file, `${value}\n`, { mode: 0o600 });
  return { value, made: true };
}
