/** A hub of the test's own: a fresh database, a fresh task queue, a key, API and worker as a test wants them. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import type { Integration } from '../../integrations/definition/integration.ts';
import { readConfig, type Config } from '../../hub/config.ts';
import { startApi } from '../../hub/api/start-api.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createLogger } from '../../hub/log.ts';
import { openTelemetry } from '../../hub/telemetry/telemetry.ts';
import { startWorker } from '../../hub/temporal/start-worker.ts';
import { generateEncryptionKeys } from '../../hub/vault/keyring.ts';
import { createClient, type Client } from './client.ts';

export async function freshDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const postgresUrl = inject('postgresUrl');
  const run = async (statement: string) => {
    const admin = postgres(postgresUrl, { max: 1, onnotice: () => {} });
    await admin.unsafe(statement).finally(() => admin.end());
  };
  await run(`create database ${name} template ${inject('templateDatabase')}`);
  return {
    url: postgresUrl.replace(/\/[^/]*$/, `/${name}`),
    drop: () => run(`drop database if exists ${name} with (force)`),
  };
}

export type TestEnv = Record<string, string>;

/** The environment of one hub; several processes given the same one are one hub. A database that is named is kept. */
export async function testEnv(overrides: TestEnv = {}): Promise<{ env: TestEnv; drop: () => Promise<void> }> {
  const named = overrides['DATABASE_URL'];
  const database = named === undefined ? await freshDatabase() : { url: named, drop: async () => {} };
  const port = await freePort();
  const env = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_TASK_QUEUE: `test-${randomUUID()}`,
    HUB_PORT: String(port),
    HUB_ENCRYPTION_KEYS: generateEncryptionKeys(),
    HUB_ADMIN_KEY: `admin-${randomUUID()}-${randomUUID()}`,
    HUB_ALLOW_PRIVATE_NETWORK: 'on',
    HUB_PROVIDER_TIMEOUT: '2s',
    HUB_REFRESH_LEASE: '5s',
    // No longer than for anything else: what never answers is asked again at once.
    HUB_REFRESH_PATIENCE: '1ms',
    // The schedules are Temporal's: one of each name in a namespace, which the hubs of the tests share.
    HUB_SWEEPS: 'off',
    HUB_LOG_LEVEL: 'silent',
    ...overrides,
  };
  return { env, drop: database.drop };
}

export const configOf = (env: TestEnv): Config => readConfig(env, 'process');

export type TestHub = {
  env: TestEnv;
  config: Config;
  url: string;
  admin: Client;
  close: () => Promise<void>;
};

/** API and worker in this process. One per test file: a process holds one worker of a task queue. */
export async function startHub(
  overrides: TestEnv = {},
  integrations: readonly Integration[] = [],
): Promise<TestHub> {
  const { env, drop } = await testEnv(overrides);
  const config = configOf(env);
  await ensureAdminKey(config, env['HUB_ADMIN_KEY'] ?? '');
  const log = createLogger(config.logLevel);
  const telemetry = await openTelemetry(config.telemetry, 'test', log);
  const worker = await startWorker(config, log, { integrations, telemetry });
  const api = await startApi(config, log, integrations, telemetry);
  return {
    env,
    config,
    url: config.publicUrl,
    admin: createClient(config.publicUrl, env['HUB_ADMIN_KEY'] ?? ''),
    async close() {
      await api.close();
      await worker.close();
      await telemetry.close();
      await drop();
    },
  };
}
