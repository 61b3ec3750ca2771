/** A full n8n: installed once into an ignored folder, started with a database of its own, driven over its REST API. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../hub/embedded/ports.ts';
import type { Json } from '../setup/client.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** Its lock file, because n8n's ranges reach packages that are published one by one: between two of them, nothing resolves. */
const LOCKED = path.join(import.meta.dirname, 'n8n');
const VERSION: string = JSON.parse(readFileSync(path.join(LOCKED, 'package.json'), 'utf8')).dependencies.n8n;
const FOLDER = path.join(ROOT, '.n8n-test', `n8n-${VERSION}`);
const PROGRAM = path.join(FOLDER, 'node_modules/n8n/bin/n8n');
const OWNER = {
  email: 'owner@n8n.example.com',
  password: 'Owner-of-n8n-1',
  firstName: 'Olga',
  lastName: 'Owner',
};

/** About five minutes and 2.8 GB the first time. Scripts are left out: with PostgreSQL nothing needs building. */
export function installN8n(): void {
  const done = path.join(FOLDER, '.installed');
  const lock = readFileSync(path.join(LOCKED, 'package-lock.json'), 'utf8');
  if (existsSync(done) && readFileSync(done, 'utf8') === lock) return;
  process.stdout.write(`Installing n8n ${VERSION} (about five minutes, only the first time) …\n`);
  cpSync(LOCKED, FOLDER, { recursive: true });
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: FOLDER, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error('n8n could not be installed; npm’s own words are above');
  writeFileSync(done, lock);
}

/** The tarball as `npm run pack:n8n` makes it. */
export function packPackage(): { name: string; version: string; tarball: string } {
  execFileSync(process.execPath, ['scripts/build-n8n.mjs', '--pack'], { cwd: ROOT, stdio: 'ignore' });
  const { name, version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  return { name, version, tarball: path.join(ROOT, 'dist', `${name}-${version}.tgz`) };
}

export type N8n = {
  url: string;
  owner: typeof OWNER;
  /** With the owner's session. @throws Error with n8n's words */
  rest: (method: string, path: string, body?: unknown) => Promise<Json>;
  restart: () => Promise<void>;
  stop: () => Promise<void>;
  output: () => string;
};

/** @param env beside n8n's own: CREDENTIALS_OVERWRITE_DATA … */
export async function startN8n(wanted: {
  port: number;
  /** Of an empty database. */
  databaseUrl: string;
  /** What n8n's installer finds under the package's name. */
  tarball: string;
  env?: Record<string, string>;
}): Promise<N8n> {
  const { port, databaseUrl, tarball, env = {} } = wanted;
  const folder = mkdtempSync(path.join(tmpdir(), 'integration-hub-n8n-'));
  const url = `http://localhost:${port}`;
  const db = new URL(databaseUrl);
  const bin = registryIn(folder, tarball);
  const brokerPort = String(await freePort());
  const lines: string[] = [];
  let child: ChildProcess | null = null;
  let cookie = '';

  const rest = async (method: string, to: string, body?: unknown): Promise<Json> => {
    const response = await fetch(`${url}/rest${to}`, {
      method,
      headers: {
        cookie,
        'browser-id': 'test',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`n8n ${method} ${to}: ${response.status} ${text.slice(0, 500)}`);
    const [set] = response.headers.getSetCookie().filter((one) => one.startsWith('n8n-auth='));
    if (set) cookie = set.split(';')[0] ?? '';
    return text === '' ? null : (JSON.parse(text).data ?? JSON.parse(text));
  };

  const start = async () => {
    child = spawn(process.execPath, [PROGRAM, 'start'], {
      env: {
        PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
        HOME: folder,
        N8N_USER_FOLDER: folder,
        N8N_PORT: String(port),
        N8N_LISTEN_ADDRESS: '127.0.0.1',
        N8N_EDITOR_BASE_URL: url,
        WEBHOOK_URL: url,
        DB_TYPE: 'postgresdb',
        DB_POSTGRESDB_HOST: db.hostname,
        DB_POSTGRESDB_PORT: db.port,
        DB_POSTGRESDB_DATABASE: db.pathname.slice(1),
        DB_POSTGRESDB_USER: decodeURIComponent(db.username),
        DB_POSTGRESDB_PASSWORD: decodeURIComponent(db.password),
        N8N_DIAGNOSTICS_ENABLED: 'false',
        N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
        N8N_TEMPLATES_ENABLED: 'false',
        N8N_PERSONALIZATION_ENABLED: 'false',
        N8N_HIRING_BANNER_ENABLED: 'false',
        // One n8n per machine unless its broker has a port of its own.
        N8N_RUNNERS_BROKER_PORT: brokerPort,
        N8N_SECURE_COOKIE: 'false',
        EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
        N8N_LOG_LEVEL: 'info',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
    await answering(url, child, lines);
  };
  const stop = async () => {
    const running = child;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGTERM');
    await Promise.race([ended, sleep(20_000).then(() => running.kill('SIGKILL'))]);
    await ended;
  };

  await start();
  await rest('POST', '/owner/setup', OWNER);
  const login = () => rest('POST', '/login', { emailOrLdapLoginId: OWNER.email, password: OWNER.password });
  await login();
  return {
    url,
    owner: OWNER,
    rest,
    output: () => lines.join(''),
    async restart() {
      await stop();
      await start();
      await login();
    },
    async stop() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(url: string, child: ChildProcess, lines: string[]): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null)
      throw new Error(`n8n ended with ${child.exitCode}: ${lines.join('').slice(-3000)}`);
    const ready = await fetch(`${url}/healthz/readiness`).catch(() => null);
    // The REST API follows its health page by a moment.
    if (ready?.ok && (await fetch(`${url}/rest/settings`).catch(() => null))?.ok) return;
    await sleep(200);
  }
  throw new Error(`n8n did not start: ${lines.join('').slice(-3000)}`);
}

/**
 * n8n's installer takes packages from the public registry by npm. This `npm`, first on its PATH, is that registry for
 * one package, from the tarball; everything else is npm's own.
 */
function registryIn(folder: string, tarball: string): string {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = path.join(bin, 'npm');
  const npm = execFileSync('which', ['npm'], { encoding: 'utf8' }).trim();
  writeFileSync(
    script,
    `#!/bin/sh
case "$1" in
  view) echo '"${/-(\d[^/]*)\.tgz$/.exec(tarball)?.[1] ?? ''}"' ;;
  pack) cp '${tarball}' . && basename '${tarball}' ;;
  *) exec '${npm}' "$@" ;;
esac
`,
  );
  chmodSync(script, 0o755);
  return bin;
}
