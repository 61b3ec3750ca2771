/** What every benchmark stands on: PostgreSQL and Temporal as `npm start` brings them, and nothing from outside. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { readConfig, type Config } from '../hub/config.ts';
import { migrateDatabase } from '../hub/database/migrate.ts';
import { freePort } from '../hub/embedded/ports.ts';
import { startPostgres } from '../hub/embedded/postgres.ts';
import { findTemporalCli } from '../hub/embedded/temporal-cli.ts';
import { startTemporal } from '../hub/embedded/temporal-server.ts';
import { SEARCH_ATTRIBUTES } from '../hub/temporal/search-attributes.ts';
import { generateEncryptionKeys } from '../hub/vault/keyring.ts';

export type Env = Record<string, string>;

export type Stage = {
  /** The environment of a hub with an empty database and a task queue of its own. */
  freshHub: (overrides?: Env) => Promise<{ env: Env; config: Config }>;
  close: () => Promise<void>;
};

export async function openStage(say: (line: string) => void): Promise<Stage> {
  say('Starting PostgreSQL and Temporal …');
  const folder = mkdtempSync(path.join(tmpdir(), 'integration-hub-bench-'));
  const database = await startPostgres(path.join(folder, 'postgres'), say);
  const temporal = await startTemporal({
    cli: await findTemporalCli({
      cliPath: process.env['TEMPORAL_CLI_PATH'] ?? null,
      searchPath: process.env['PATH'] ?? '',
      say,
    }),
    folder,
    historyFile: path.join(folder, 'temporal.db'),
    port: freePort,
    uiPort: null,
    searchAttributes: SEARCH_ATTRIBUTES,
  });
  const close = async () => {
    await temporal.stop();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  let closing: Promise<void> | null = null;
  return {
    async freshHub(overrides = {}) {
      const name = `bench_${randomUUID().replaceAll('-', '')}`;
      await withClient(database.url, (client) => client.query(`create database ${name}`));
      const databaseUrl = database.url.replace(/\/[^/]*$/, `/${name}`);
      await migrateDatabase({ databaseUrl });
      const env = {
        DATABASE_URL: databaseUrl,
        TEMPORAL_ADDRESS: temporal.address,
        TEMPORAL_TASK_QUEUE: name,
        HUB_PORT: String(await freePort()),
        HUB_ENCRYPTION_KEYS: generateEncryptionKeys(),
        HUB_ALLOW_PRIVATE_NETWORK: 'on',
        // Sweeps begin when a benchmark says so.
        HUB_SWEEPS: 'off',
        HUB_LOG_LEVEL: 'info',
        ...overrides,
      };
      return { env, config: readConfig(env, 'process') };
    },
    close: () => (closing ??= close()),
  };
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
