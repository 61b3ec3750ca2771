/** `hub <command>`: one process of the hub, or one piece of an operator's work. */
import { mkdirSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readConfig, type Config } from '../config.ts';
import { createInvitation, createKey } from '../first-run.ts';
import { createLogger, type Logger } from '../log.ts';
import { openTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { auditCommand } from './audit.ts';
import { environmentBeside } from './data-dir.ts';
import { doctor } from './doctor.ts';
import { printedOverwrites } from './n8n-overwrites.ts';
import { complain, untilStopped } from './process.ts';

const program = new Command('hub').description(
  'The Integration Hub. Settings come from the environment; docs/operations.md lists them.',
);

program
  .command('api')
  .description('serve the HTTP API')
  .action(() =>
    traced('api', async (config, log, telemetry) => {
      const { startApi } = await import('../api/start-api.ts');
      return startApi(config, log, [], telemetry);
    }),
  );

program
  .command('worker')
  .description('carry out workflows and activities')
  .action(() =>
    traced('worker', async (config, log, telemetry) => {
      const { startWorker } = await import('../temporal/start-worker.ts');
      return startWorker(config, log, { telemetry });
    }),
  );

program
  .command('sandbox')
  .description('serve the stand-in providers (never in production)')
  .action(() =>
    service(async (config) => {
      if (config.production)
        throw new Error('NODE_ENV: the sandbox accepts anybody, so it does not run in production');
      const { startSandbox } = await import('../sandbox/sandbox.ts');
      const { port, consent } = config.sandbox;
      mkdirSync(config.dataDir, { recursive: true });
      return startSandbox({ port, consent, stateFile: `${config.dataDir}/sandbox.db` });
    }),
  );

program
  .command('migrate')
  .description("bring the database to this version's schema")
  .action(() =>
    work(async (config) => {
      const { migrateDatabase } = await import('../database/migrate.ts');
      const { applied } = await migrateDatabase(config);
      process.stdout.write(
        applied === 0 ? 'The database is up to date.\n' : `Applied ${applied} migration(s).\n`,
      );
    }),
  );

const keys = program.command('keys').description('API keys');
keys
  .command('create')
  .description('make an API key and print it, the only time it is seen')
  .requiredOption('--name <name>', 'what it is for', nameOf)
  .addOption(
    new Option('--role <role>', 'what it may do')
      .choices(['admin', 'operator', 'builder'])
      .makeOptionMandatory(),
  )
  .option('--user <user>', 'whose connections it works with (builders need one)')
  .action((wanted: { name: string; role: 'admin' | 'operator' | 'builder'; user?: string }) =>
    work(async (config) => {
      if (wanted.role === 'builder' && !wanted.user)
        throw new Error('--user: a builder key works with one user: name them with --user ID');
      const key = await createKey(config, {
        name: wanted.name,
        role: wanted.role,
        userId: wanted.user ?? 'admin',
      });
      process.stdout.write(`${key}\n`);
    }),
  );

program
  .command('users')
  .description('people who sign in')
  .command('invite')
  .description('make a link by which somebody becomes a user, and print it, the only time it is seen')
  .addOption(
    new Option('--role <role>', 'what they may do')
      .choices(['admin', 'operator', 'builder'])
      .makeOptionMandatory(),
  )
  .option('--email <address>', 'the only address that may use it')
  .option('--user <user>', 'the id they will have, where API keys or connections of theirs are there already')
  .action((wanted: { role: 'admin' | 'operator' | 'builder'; email?: string; user?: string }) =>
    work(async (config) => {
      const email = wanted.email?.toLowerCase() ?? null;
      const link = await createInvitation(config, { role: wanted.role, email, userId: wanted.user ?? null });
      process.stdout.write(`${link}\n`);
    }),
  );

program
  .command('n8n')
  .description('n8n')
  .command('overwrites')
  .description(
    "make a client, and print the setting that points n8n's own Slack, Gmail, HubSpot … credentials at this hub",
  )
  .option('--url <url>', "the hub's address as n8n reaches it; HUB_PUBLIC_URL unless given")
  .action(({ url }: { url?: string }) =>
    work(async (config) => {
      process.stdout.write(`${await printedOverwrites(config, url)}\n`);
    }),
  );

const encryption = program.command('encryption').description('encryption keys');
encryption
  .command('rotate')
  .description('bring everything that is sealed under the first key of HUB_ENCRYPTION_KEYS, while all runs')
  .addHelpText(
    'after',
    `
Every hub api and hub worker must have that key first: docs/operations.md tells the steps.
A rotation under way is joined. Ends with 0 once everything is under that key and opens, with 1 where not.`,
  )
  .action(() => exiting(async (config, say) => (await import('./encryption.ts')).rotateKeys(config, say)));
encryption
  .command('status')
  .description('show how much is sealed under which key, and whether old keys may go')
  .option('--json', 'as JSON')
  .addHelpText('after', '\nEnds with 0 where all keys but the first may be removed, with 1 where not.')
  .action(({ json }: { json?: boolean }) =>
    exiting(async (config, say) => (await import('./encryption.ts')).showKeys(config, json === true, say)),
  );

program.addCommand(auditCommand(work));

program
  .command('doctor')
  .description('check this installation and say what to do where something is wrong')
  .action(async () => {
    process.exitCode = await doctor(environmentBeside(process.env), (line) =>
      process.stdout.write(`${line}\n`),
    );
  });

await program.parseAsync().catch(complain);

async function work(task: (config: Config) => Promise<void>): Promise<void> {
  await task(readConfig(environmentBeside(process.env), 'process')).catch(complain);
}

/** Work whose end is told by its exit code. */
async function exiting(
  task: (config: Config, say: (line: string) => void) => Promise<number>,
): Promise<void> {
  await work(async (config) => {
    process.exitCode = await task(config, (line) => process.stdout.write(`${line}\n`));
  });
}

type Running = { close: () => Promise<void>; stopped?: Promise<void> };

/** A service with a log, and traces where somebody wants them; the last of them are sent at its end. */
async function traced(
  name: string,
  start: (config: Config, log: Logger, telemetry: Telemetry) => Promise<Running>,
): Promise<void> {
  await service(async (config) => {
    const log = createLogger(config.logLevel, { process: name });
    const telemetry = await openTelemetry(config.telemetry, name, log);
    const running = await start(config, log, telemetry);
    return { ...running, close: () => running.close().finally(telemetry.close) };
  });
}

/** Runs until a signal, or until whoever started it is gone. */
async function service(start: (config: Config) => Promise<Running>): Promise<void> {
  try {
    const running = await start(readConfig(process.env, 'process'));
    process.send?.('ready');
    const failure = running.stopped?.then(() => {
      throw new Error('The worker ended by itself.');
    });
    await Promise.race([untilStopped(), ...(failure ? [failure] : [])]);
    failure?.catch(() => {});
    await running.close();
    process.exit(0);
  } catch (error) {
    complain(error);
  }
}

function nameOf(value: string): string {
  if (value.trim() === '' || value.length > 200)
    throw new InvalidArgumentError('give it a name of 1 to 200 characters');
  return value;
}
