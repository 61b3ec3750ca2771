/** A hub without a worker, its providers' stand-ins and an operator: for sweeps by workers that the test starts and ends. */
import postgres from 'postgres';
import { startApi } from '../../hub/api/start-api.ts';
import type { Config } from '../../hub/config.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createLogger } from '../../hub/log.ts';
import { createClient } from './client.ts';
import { configOf, testEnv, type TestEnv } from './hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from './sandbox.ts';
import { openOperator, type Operator } from './temporal.ts';

export type SweepStage = {
  env: TestEnv;
  config: Config;
  sandbox: TestSandbox;
  operator: Operator;
  sql: postgres.Sql;
  /** For the next test: stand-ins as they were, no connections. */
  clear: () => Promise<void>;
  close: () => Promise<void>;
};

export async function openSweepStage(): Promise<SweepStage> {
  const { env, drop } = await testEnv({ HUB_PROVIDER_TIMEOUT: '1500ms', HUB_REFRESH_LEASE: '3s' });
  const config = configOf(env);
  await ensureAdminKey(config, env['HUB_ADMIN_KEY'] ?? '');
  const api = await startApi(config, createLogger('silent'));
  const sandbox = await startTestSandbox();
  await setUpApps(createClient(config.publicUrl, env['HUB_ADMIN_KEY'] ?? ''), sandbox);
  const operator = await openOperator(config);
  const sql = postgres(env['DATABASE_URL'] ?? '', { max: 4, onnotice: () => {} });
  return {
    env,
    config,
    sandbox,
    operator,
    sql,
    async clear() {
      await sandbox.control('POST', '/reset');
      await sql`truncate connections, events, circuits`;
    },
    async close() {
      await api.close();
      await Promise.all([operator.close(), sql.end(), sandbox.close()]);
      await drop();
    },
  };
}
