/** PostgreSQL and Temporal of the run's own, kept on a small disk of their own where one may be mounted. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client as PgClient } from 'pg';
import { freePort } from '../../hub/embedded/ports.ts';
import { startPostgres, type EmbeddedDatabase } from '../../hub/embedded/postgres.ts';
import { findTemporalCli } from '../../hub/embedded/temporal-cli.ts';
import { startTemporal, type EmbeddedTemporal } from '../../hub/embedded/temporal-server.ts';
import { SEARCH_ATTRIBUTES } from '../../hub/temporal/search-attributes.ts';

export type Server = {
  name: 'postgres' | 'temporal';
  port: number;
  /** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one. */
  end: (signal: 'SIGKILL' | 'SIGINT' | 'SIGQUIT') => Promise<void>;
  /** Also where it has ended by itself; keeps trying. */
  revive: () => Promise<void>;
  freeze: () => void;
  thaw: () => void;
  stop: () => Promise<void>;
};

export type Disk = { fill: () => void; free: () => void };
export type Postgres = Server & { url: string; disk: Disk | null };

const MAX_CONNECTIONS = 80;
const DISK_BYTES = 1_500_000_000;
const BALLAST_BYTES = 65_536;
const REVIVE_MS = 60_000;

export async function startDatabase(folder: string, say: (line: string) => void): Promise<Postgres> {
  const place = path.join(folder, 'postgres');
  const mounted = mountDisk(place, say);
  const open = () =>
    startPostgres(place, () => {}, [
      `max_connections=${MAX_CONNECTIONS}`,
      'max_wal_size=256MB',
      'restart_after_crash=off',
    ]);
  let running: EmbeddedDatabase = await open();
  // Whatever ends the run: nothing of it is left.
  process.once('exit', () => {
    signalTo(familyOf(running.pid), 'SIGKILL');
    if (mounted) unmount(place);
  });
  return {
    ...revivable(
      'postgres',
      running.port,
      () => running,
      async () => (running = await open()),
    ),
    url: running.url,
    disk: mounted ? diskOf(place) : null,
    stop: () => running.stop(),
  };
}

export async function startHistory(folder: string): Promise<Server> {
  const cli = await findTemporalCli({
    cliPath: process.env['TEMPORAL_CLI_PATH'] ?? null,
    searchPath: process.env['PATH'] ?? '',
    say: () => {},
  });
  const port = await freePort();
  const open = () =>
    startTemporal({
      cli,
      folder,
      historyFile: path.join(folder, 'temporal.db'),
      port,
      uiPort: null,
      searchAttributes: SEARCH_ATTRIBUTES,
    });
  let running: EmbeddedTemporal = await open();
  process.once('exit', () => signalTo([running.pid], 'SIGKILL'));
  return {
    ...revivable(
      'temporal',
      port,
      () => running,
      async () => (running = await open()),
    ),
    stop: () => running.stop(),
  };
}

type Running = { pid: number; stopped: Promise<void> };

function revivable<N extends Server['name']>(
  name: N,
  port: number,
  running: () => Running,
  open: () => Promise<unknown>,
): Omit<Server, 'stop'> {
  const hasEnded = (one: Running) => Promise.race([one.stopped.then(() => true), sleep(0, false)]);
  return {
    name,
    port,
    async end(signal) {
      const one = running();
      if (await hasEnded(one)) return;
      signalTo([one.pid], signal);
      await one.stopped;
    },
    async revive() {
      const giveUpAt = Date.now() + REVIVE_MS;
      while (await hasEnded(running()))
        await open().catch(async (error: unknown) => {
          if (Date.now() > giveUpAt) throw error;
          await sleep(500);
        });
    },
    freeze: () => signalTo(familyOf(running().pid), 'SIGSTOP'),
    thaw: () => signalTo(familyOf(running().pid), 'SIGCONT'),
  };
}

function signalTo(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, signal);
    } catch {
      // Ended meanwhile.
    }
}

/** PostgreSQL has a process for each of its clients. */
function familyOf(pid: number): number[] {
  const parentOf = (one: string) => {
    try {
      return Number(readFileSync(`/proc/${one}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
    } catch {
      return 0;
    }
  };
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return [pid, ...all.filter((one) => parentOf(one) === pid).map(Number)];
}

/** @returns whether it is a disk of its own, which may be filled */
function mountDisk(place: string, say: (line: string) => void): boolean {
  mkdirSync(place, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', place], { stdio: 'ignore' });
    return true;
  } catch {
    say('No disk may be mounted here: the fault "disk full" is left out.');
    return false;
  }
}

// Lazy: a process that is just ending may still have files open there.
const unmount = (place: string) => execFileSync('umount', ['--lazy', place], { stdio: 'ignore' });

function diskOf(place: string): Disk {
  const ballast = path.join(place, 'ballast');
  const room = () => {
    const { bavail, bsize } = statfsSync(place);
    return bavail * bsize;
  };
  return {
    fill() {
      const file = openSync(ballast, 'w');
      try {
        // Not to the last byte: what is there already stays writable, what grows does not.
        while (room() > 2 * BALLAST_BYTES) writeSync(file, Buffer.alloc(BALLAST_BYTES));
      } catch (error) {
        // PostgreSQL took the rest meanwhile.
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
  };
}

/** Takes every connection there is, and those of the hub first. @returns gives them back */
export async function takeAllConnections(url: string): Promise<() => Promise<void>> {
  const taken: PgClient[] = [];
  for (let refused = false; !refused && taken.length < MAX_CONNECTIONS;) {
    const client = new PgClient({ connectionString: url, application_name: 'faults' });
    client.on('error', () => {});
    refused = await client.connect().then(
      () => false,
      () => true,
    );
    if (!refused) taken.push(client);
    if (taken.length === 1)
      await client
        .query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'integration-hub'`,
        )
        .catch(() => {});
  }
  return async () => void (await Promise.all(taken.map((client) => client.end().catch(() => {}))));
}
