/** One PostgreSQL and one Temporal for the whole run; every test file has databases and task queues of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { migrateDatabase } from '../../hub/database/migrate.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { startPostgres } from '../../hub/embedded/postgres.ts';
import { findTemporalCli } from '../../hub/embedded/temporal-cli.ts';
import { startTemporal } from '../../hub/embedded/temporal-server.ts';
import { createLogger } from '../../hub/log.ts';
import { SEARCH_ATTRIBUTES } from '../../hub/temporal/search-attributes.ts';
import { workflowBundle } from '../../hub/temporal/bundle.ts';
import { compileN8nPackage } from './n8n-package.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
    templateDatabase: string;
    temporalAddress: string;
    n8nPackage: string;
  }
}

const TEMPLATE = 'hub_template';
const say = (line: string) => process.stdout.write(`${line}\n`);

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  say('Starting PostgreSQL and Temporal for the tests …');
  const folder = mkdtempSync(path.join(tmpdir(), 'integration-hub-test-'));
  const database = await startPostgres(path.join(folder, 'postgres'), say, [
    'fsync=off',
    'max_connections=300',
  ]);
  const temporal = await startTemporal({
    cli: await findTemporalCli({
      cliPath: process.env['TEMPORAL_CLI_PATH'] ?? null,
      searchPath: process.env['PATH'] ?? '',
      say,
    }),
    folder,
    historyFile: null,
    port: freePort,
    uiPort: null,
    searchAttributes: SEARCH_ATTRIBUTES,
    // Otherwise a timer of 10 ms fires after a second.
    dynamicConfig: ['history.timerProcessorMaxTimeShift="10ms"'],
  });
  await makeTemplate(database.url);
  // Before many test files would make it at once.
  await workflowBundle(createLogger('silent'));
  const n8nPackage = compileN8nPackage();

  project.provide('postgresUrl', database.url);
  project.provide('templateDatabase', TEMPLATE);
  project.provide('temporalAddress', temporal.address);
  project.provide('n8nPackage', n8nPackage);
  return async () => {
    await temporal.stop();
    await database.stop();
    for (const made of [folder, n8nPackage]) rmSync(made, { recursive: true, force: true });
  };
}

/** Migrated once; each test file's database is a copy of it. */
async function makeTemplate(url: string): Promise<void> {
  const admin = postgres(url, { max: 1 });
  await admin.unsafe(`create database ${TEMPLATE}`);
  await admin.end();
  await migrateDatabase({ databaseUrl: url.replace(/\/[^/]*$/, `/${TEMPLATE}`) });
}
