/** Checks an installation, one line a finding; each finding that is wrong says what to do. */
import { listSandboxFlags } from '../database/apps.ts';
import { listSealed } from '../database/sealed.ts';
import { openDatabase } from '../database/database.ts';
import { pendingMigrations } from '../database/migrate.ts';
import { ConfigError, readConfig, type Config } from '../config.ts';
import { openHub } from '../hub.ts';
import { createLogger } from '../log.ts';
import { testIntegration } from '../oauth/integration-test.ts';
import { openGateway } from '../temporal/gateway.ts';
import { missingSearchAttributes } from '../temporal/search-attributes.ts';
import { parseKeyring } from '../vault/keyring.ts';
import { createVault } from '../vault/vault.ts';
import { explain } from './process.ts';

type Finding = { name: string; problem: string | null };

/** @returns the exit code: 0 only where nothing is wrong */
export async function doctor(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<number> {
  let config: Config;
  try {
    config = readConfig(env, 'process');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) say(`✗ configuration: ${problem}`);
    return 1;
  }
  const findings: Finding[] = [];
  const check = async (name: string, work: () => Promise<string | null> | string | null) => {
    const problem = await Promise.resolve().then(work).catch(explain);
    say(problem === null ? `✓ ${name}` : `✗ ${name}: ${problem}`);
    findings.push({ name, problem });
  };
  await check('Node', () =>
    Number(process.versions.node.split('.')[0]) >= 24
      ? null
      : `runs on ${process.versions.node}; it needs 24`,
  );
  await check('database', () => withDatabase(config, (db) => db.ping().then(() => null)));
  await check('migrations', async () => {
    const pending = await pendingMigrations(config);
    return pending === 0 ? null : `${pending} to apply: run hub migrate`;
  });
  await check('encryption keys', () =>
    withDatabase(config, async (db) => keyProblem(config, await listSealed(db))),
  );
  await check('Temporal', async () => {
    const gateway = openGateway(config, createVault(parseKeyring(config.encryptionKeys ?? '')));
    return gateway
      .ping()
      .then(() => null)
      .finally(() => gateway.close());
  });
  await check('search attributes', async () => {
    const missing = await missingSearchAttributes(config);
    return missing.length === 0
      ? null
      : `${missing.join(', ')} are not registered: npm start does it, or temporal operator search-attribute create`;
  });
  await check('public address', () =>
    config.production && !config.publicUrl.startsWith('https:')
      ? 'HUB_PUBLIC_URL: use https in production, or cookies and codes travel in the clear'
      : null,
  );
  // What is wrong above would be told again for each of them.
  if (findings.every(({ problem }) => problem === null)) await checkIntegrations(config, check);
  return findings.every(({ problem }) => problem === null) ? 0 : 1;
}

/** Each that has an OAuth app, and each of the operator's own. */
async function checkIntegrations(
  config: Config,
  check: (name: string, work: () => Promise<string | null>) => Promise<void>,
): Promise<void> {
  const hub = await openHub(config, createLogger('silent'));
  try {
    const configured = await listSandboxFlags(hub.db);
    const looked = hub.catalogue
      .list()
      .filter(({ id }) => configured.has(id) || hub.catalogue.sourceOf(id) !== 'built_in');
    for (const integration of looked)
      await check(`integration ${integration.id}`, async () => {
        const { checks } = await testIntegration(hub, integration);
        const wrong = checks.filter(({ ok }) => ok === false);
        return wrong.length === 0 ? null : wrong.map(({ name, message }) => `${name}: ${message}`).join(' ');
      });
  } finally {
    await hub.close();
  }
}

async function withDatabase<T>(
  config: Config,
  work: (db: ReturnType<typeof openDatabase>) => Promise<T>,
): Promise<T> {
  const db = openDatabase(config);
  return work(db).finally(() => db.close());
}

/** One sealed value per key id is opened: a missing key is named, and so is a wrong one. */
function keyProblem(config: Config, sealed: { place: string; envelope: string }[]): string | null {
  const vault = createVault(parseKeyring(config.encryptionKeys ?? ''));
  const problems = new Set<string>();
  for (const { place, envelope } of sealed) {
    try {
      vault.open(place, envelope);
    } catch (error) {
      problems.add(explain(error));
    }
  }
  return problems.size === 0 ? null : [...problems].join('; ');
}
