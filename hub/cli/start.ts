/**
 * `npm start`: the whole hub on one machine. Starts what is not named elsewhere (PostgreSQL, Temporal), then
 * the sandbox, a worker and the API, and says when all of it answers.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig, type Config } from '../config.ts';
import { migrateDatabase } from '../database/migrate.ts';
import { startPostgres } from '../embedded/postgres.ts';
import { assertFree } from '../embedded/ports.ts';
import { findTemporalCli } from '../embedded/temporal-cli.ts';
import { endTemporalLeftover, startTemporal } from '../embedded/temporal-server.ts';
import { configureSandboxApps, ensureAdminKey, inviteFirstAdmin } from '../first-run.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { registerSearchAttributes, SEARCH_ATTRIBUTES } from '../temporal/search-attributes.ts';
import { generateEncryptionKeys } from '../vault/keyring.ts';
import { keepChild } from './children.ts';
import { keepEncryptionKeys, keepEnvironment, keepSecret, takeDataDir } from './data-dir.ts';
import { explain } from './process.ts';

type Ending = () => Promise<void>;

const started = Date.now();
const say = (line: string) => void process.stdout.write(`${line}\n`);
const progress = (line: string) =>
  say(`[${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s] ${line}`);

/** Ended in the opposite order. */
const endings: Ending[] = [];
let stopping: Promise<void> | undefined;

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('SIGHUP', () => void stop(0));
stopWithNpm(process.env);

let starting = Promise.resolve();
try {
  starting = start(readConfig(process.env, 'start'), process.env);
  await starting;
} catch (error) {
  if (stopping === undefined) {
    process.stderr.write(`${explain(error)}\n`);
    await stop(1);
  }
}

async function start(config: Config, env: NodeJS.ProcessEnv): Promise<void> {
  openDataDir(config);
  await assertFree(config.host, config.port, 'HUB_PORT');
  if (config.sandbox.on) await assertFree('127.0.0.1', config.sandbox.port, 'HUB_SANDBOX_PORT');

  const encryptionKeys = config.encryptionKeys ?? keepEncryptionKeys(config.dataDir, generateEncryptionKeys);
  const [databaseUrl, temporal] = await both(database(config), temporalServer(config, env));
  const running: Config = {
    ...config,
    databaseUrl,
    encryptionKeys,
    temporal: { ...config.temporal, address: temporal.address, uiUrl: temporal.uiUrl },
  };

  const release = keepEnvironment(config.dataDir, madeHere(running, config));
  endings.push(() => Promise.resolve(release()));

  progress('Preparing the database …');
  await migrateDatabase(running);
  if (config.temporal.address !== null) await registerSearchAttributes(running);
  const admin =
    config.adminKey === null
      ? keepSecret(config.dataDir, 'admin-key', newAdminKey)
      : { value: config.adminKey, made: false };
  await ensureAdminKey(running, admin.value);
  const firstInvitation = await inviteFirstAdmin(running);
  if (config.sandbox.on) await sandbox(running);
  goOn();

  progress('Starting the worker and the API …');
  const childEnv = environmentFor(running, env);
  const children = ['worker', 'api'].map((command) =>
    keepChild({
      command,
      env: childEnv,
      logFolder: path.join(config.dataDir, 'logs'),
      say,
      giveUp: () => void stop(1),
    }),
  );
  endings.push(async () => void (await Promise.all(children.map(({ close }) => close()))));
  await Promise.race([Promise.all(children.map(({ ready }) => ready)), untilStopping()]);
  goOn();
  await untilReady(config);

  say(`Integration Hub ready at ${config.publicUrl}`);
  if (temporal.uiUrl !== null) say(`Temporal UI at ${temporal.uiUrl}`);
  if (config.sandbox.on)
    say(
      `The sandbox is on: every integration is connected to a stand-in at http://localhost:${config.sandbox.port}, not to the real provider`,
    );
  if (firstInvitation !== null) say(`Sign in for the first time at ${firstInvitation}`);
  if (admin.made)
    say(
      `Programs use the admin API key ${admin.value} (shown only now; kept in ${path.join(config.dataDir, 'admin-key')})`,
    );
}

/** One failing does not leave the other half started: it is waited for, so that it can be ended. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  goOn();
  return [await one, await other];
}

async function untilStopping(): Promise<void> {
  while (stopping === undefined) await sleep(100);
}

/** Between two steps: somebody may have pressed Ctrl-C. */
function goOn(): void {
  if (stopping !== undefined) throw new Error('stopped while starting');
}

function openDataDir(config: Config): void {
  mkdirSync(config.dataDir, { recursive: true });
  // Others may pass through, not look: the database's user is another one where the hub runs as root.
  chmodSync(config.dataDir, 0o711);
  const release = takeDataDir(config.dataDir);
  endings.push(() => Promise.resolve(release()));
  mkdirSync(path.join(config.dataDir, 'logs'), { recursive: true, mode: 0o700 });
}

async function database(config: Config): Promise<string> {
  if (config.databaseUrl !== null) return config.databaseUrl;
  progress('Starting PostgreSQL …');
  const embedded = await startPostgres(path.join(config.dataDir, 'postgres'), progress);
  endings.push(() => embedded.stop());
  void embedded.stopped.then(() => unexpectedEnd('PostgreSQL'));
  return embedded.url;
}

async function temporalServer(
  config: Config,
  env: NodeJS.ProcessEnv,
): Promise<{ address: string; uiUrl: string | null }> {
  const { address, port, uiPort, uiUrl, cliPath } = config.temporal;
  if (address !== null) return { address, uiUrl };
  await endTemporalLeftover(config.dataDir, progress);
  await assertFree('127.0.0.1', port, 'HUB_TEMPORAL_PORT');
  await assertFree('127.0.0.1', uiPort, 'HUB_TEMPORAL_UI_PORT');
  const cli = await findTemporalCli({ cliPath, searchPath: env['PATH'] ?? '', say: progress });
  progress('Starting Temporal …');
  const embedded = await startTemporal({
    cli,
    folder: config.dataDir,
    historyFile: path.join(config.dataDir, 'temporal.db'),
    port,
    uiPort,
    searchAttributes: SEARCH_ATTRIBUTES,
    codecEndpoint: `${config.publicUrl}/temporal/codec`,
  });
  endings.push(() => embedded.stop());
  void embedded.stopped.then(() => unexpectedEnd('Temporal'));
  return { address: embedded.address, uiUrl: uiUrl ?? `http://localhost:${uiPort}` };
}

async function sandbox(config: Config): Promise<void> {
  progress('Starting the sandbox of stand-in providers …');
  const { port, consent } = config.sandbox;
  const running = await startSandbox({ port, consent, stateFile: path.join(config.dataDir, 'sandbox.db') });
  endings.push(() => running.close());
  await configureSandboxApps(config, running.apps());
}

/** What was started here is named to the children as if somebody had named it. */
function environmentFor(config: Config, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    DATABASE_URL: config.databaseUrl ?? '',
    TEMPORAL_ADDRESS: config.temporal.address ?? '',
    HUB_TEMPORAL_UI_URL: config.temporal.uiUrl ?? '',
    HUB_ENCRYPTION_KEYS: config.encryptionKeys ?? '',
    HUB_ALLOW_PRIVATE_NETWORK: config.allowPrivateNetwork ? 'on' : 'off',
    HUB_SANDBOX: 'off',
  };
}

/** For commands beside it. What somebody named may be a secret that is to be in no file. */
function madeHere(running: Config, named: Config): Record<string, string> {
  return {
    ...(named.databaseUrl === null ? { DATABASE_URL: running.databaseUrl ?? '' } : {}),
    ...(named.temporal.address === null ? { TEMPORAL_ADDRESS: running.temporal.address ?? '' } : {}),
    HUB_TEMPORAL_UI_URL: running.temporal.uiUrl ?? '',
    HUB_PUBLIC_URL: running.publicUrl,
    HUB_ALLOW_PRIVATE_NETWORK: running.allowPrivateNetwork ? 'on' : 'off',
  };
}

async function untilReady(config: Config): Promise<void> {
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${config.port}/health/ready`;
  for (let waited = 0; waited < 60_000; waited += 100) {
    goOn();
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`The hub does not become ready; its logs are in ${path.join(config.dataDir, 'logs')}.`);
}

/** Where npm was killed, nobody is left who could stop the hub, or see it. */
function stopWithNpm(env: NodeJS.ProcessEnv): void {
  if (env['npm_lifecycle_event'] !== 'start') return;
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm) void stop(0);
  }, 500).unref();
}

function newAdminKey(): string {
  return `ihk_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')}`;
}

function unexpectedEnd(name: string): void {
  if (stopping !== undefined) return;
  process.stderr.write(`${name} ended by itself; the hub stops. Start it again; nothing is lost.\n`);
  void stop(1);
}

/** Once; a second Ctrl-C waits for the same end. */
function stop(code: number): Promise<void> {
  stopping ??= (async () => {
    if (endings.length > 0) progress('Stopping …');
    await Promise.race([starting.catch(() => {}), sleep(10_000)]);
    for (const end of endings.reverse())
      await end().catch((error: unknown) => process.stderr.write(`${explain(error)}\n`));
    process.exit(code);
  })();
  return stopping;
}
