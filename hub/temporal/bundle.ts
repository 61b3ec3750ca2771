/**
 * The code that runs in workflows, as one file. Making it takes a worker more than a second of processor time and 80 MB
 * that it keeps, so it is kept beside the dependencies for as long as what it is made of stays the same.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Logger } from '../log.ts';
import type { TemporalTracing } from './interceptors.ts';
import { sdkLogger } from './sdk-logger.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const WORKFLOWS = 'workflows';
const FAILURE_CONVERTER = 'hub/temporal/failure-converter.ts';
const KEPT_IN = 'node_modules/.cache/workflows';
// Traced and not, of this version and of the one before.
const MOST_KEPT = 4;

const UNTRACED: Pick<TemporalTracing, 'bundle' | 'globals'> = { bundle: {}, globals: {} };

/**
 * @param root of the project
 * @returns for `Worker.create` and for replays
 */
export async function workflowBundle(
  log: Logger,
  { bundle, globals } = UNTRACED,
  root = ROOT,
): Promise<{ code: string }> {
  const file = path.join(root, KEPT_IN, `${await hashOf(bundle, root)}.js`);
  const code = await readFile(file, 'utf8').catch(() => make(bundle, file, root, log));
  // On the same line, for the source map's sake.
  return { code: `Object.assign(globalThis, ${JSON.stringify(globals)});${code}` };
}

/** Of all that goes into it: its own modules, and by the lock file the packages. */
async function hashOf(bundle: TemporalTracing['bundle'], root: string): Promise<string> {
  const workflows = (await readdir(path.join(root, WORKFLOWS))).filter((name) => name.endsWith('.ts'));
  const modules = [...workflows.toSorted().map((name) => path.join(WORKFLOWS, name)), FAILURE_CONVERTER];
  const hash = createHash('sha256').update(JSON.stringify(bundle));
  for (const file of ['package-lock.json', ...modules])
    hash.update(`\0${file}\0`).update(await readFile(path.join(root, file)));
  return hash.digest('hex');
}

async function make(bundle: TemporalTracing['bundle'], file: string, root: string, log: Logger) {
  const { code } = await bundleWorkflowCode({
    ...bundle,
    workflowsPath: path.join(root, WORKFLOWS, 'index.ts'),
    failureConverterPath: path.join(root, FAILURE_CONVERTER),
    logger: sdkLogger(log),
  });
  // Where nothing may be written beside the dependencies, each worker makes its own.
  await keep(file, code).catch((error: unknown) => log.debug({ err: error }, 'the bundle is not kept'));
  return code;
}

/** In one step: another worker reads all of it or nothing. */
async function keep(file: string, code: string): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, code);
  await rename(unfinished, file);
  const there = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const one = path.join(folder, name);
      return { one, at: (await stat(one)).mtimeMs };
    }),
  );
  for (const { one } of there.toSorted((a, b) => b.at - a.at).slice(MOST_KEPT))
    await rm(one, { force: true });
}
