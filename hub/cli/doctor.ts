/** Checks an installation, one line a finding; each finding that is wrong says what to do. */
import { listSandboxFlags } from '../database/apps.ts';
import { sampleSealed } from '../database/sealed.ts';
import { openDatabase, type Database } from '../database/database.ts';
import { pendingMigrations } from '../database/migrate.ts';
import { ConfigError, readConfig, type Config } from '../config.ts';
import { HubError } from '../errors.ts';
import { openHub } from '../hub.ts';
import { createLogger } from '../log.ts';
import { testIntegration } from '../oauth/integration-test.ts';
import { countKeys, missingKeys } from '../rotation/census.ts';
import { openGateway } from '../temporal/gateway.ts';
import { missingSearchAttributes } from '../temporal/search-attributes.ts';
import { openVault } from '../vault/open-keyring.ts';
import type { Vault } from '../vault/vault.ts';
import { explain } from './process.ts';

type Finding = { name: string; problem: string | null };
type Note = { note: string };
type Found = string | Note | null;
type Check = (name: string, work: () => Promise<Found> | Found) => Promise<void>;

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
  /** A `note` is told beside what is right. */
  const check: Check = async (name, work) => {
    const found = await Promise.resolve().then(work).catch(explain);
    const problem = typeof found === 'string' ? found : null;
    const note = typeof found === 'object' && found !== null ? `: ${found.note}` : '';
    say(problem === null ? `✓ ${name}${note}` : `✗ ${name}: ${problem}`);
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
    withDatabase(config, async (db) => lookAtKeys(db, await openVault(config, db))),
  );
  await check('Temporal', () =>
    withDatabase(config, async (db) => {
      const gateway = openGateway(config, db, await openVault(config, db));
      return gateway
        .ping()
        .then(() => null)
        .finally(() => gateway.close());
    }),
  );
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
async function checkIntegrations(config: Config, check: Check): Promise<void> {
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

// A wrong key of the right id opens nothing, so a few of each column tell.
const SAMPLES = 1000;

/** A missing key is named, and so is a wrong one; what waits for a rotation is told. */
async function lookAtKeys(db: Database, vault: Vault): Promise<Found> {
  const keys = await countKeys(db, vault);
  const problems = new Set<string>();
  const missing = missingKeys(keys);
  if (missing !== null) problems.add(missing);
  for (const { place, envelope } of await sampleSealed(db, SAMPLES)) {
    try {
      vault.open(place, envelope);
    } catch (error) {
      if (!(error instanceof HubError && error.code === 'ENCRYPTION_KEY_MISSING'))
        problems.add(explain(error));
    }
  }
  if (problems.size > 0) return [...problems].join('; ');
  const old = keys.filter(({ state, values }) => state === 'old' && values > 0);
  return old.length === 0
    ? null
    : {
        note: `${old.map(({ id, values }) => `${values} sealed ${values === 1 ? 'value is' : 'values are'} still under "${id}"`).join(', ')}; hub encryption rotate brings them under the first key`,
      };
}
