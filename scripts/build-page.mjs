/**
 * Builds the page (`web/`) into `web/dist`, where its sources or its dependencies are other than those it was built
 * from. Called by setup.mjs, so plain JavaScript for any Node from 18 on; vite itself runs on the project's Node 24.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const web = path.join(root, 'web');
// The page shows them to whoever writes one of their own.
const examples = path.join(root, 'examples', 'integrations');
const stamp = path.join(web, 'dist', '.made-from');
const NOT_SOURCES = ['dist', 'node_modules'];

export const pageIsBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === sources();

/**
 * @param node the project's own
 * @returns null, or what went wrong
 */
export function buildPage(node) {
  const vite = path.join(
    path.dirname(createRequire(path.join(web, 'package.json')).resolve('vite/package.json')),
    'bin/vite.js',
  );
  const made = sources();
  const result = spawnSync(node, [vite, 'build', '--logLevel', 'warn'], {
    cwd: web,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (result.status !== 0)
    return `The page could not be built:\n${result.stderr || result.stdout || result.error}`;
  // Written last: a build that was cut off has none and is done again.
  writeFileSync(stamp, made);
  return null;
}

/** One hash of all that it is made from. */
function sources() {
  const hash = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json')));
  for (const file of [...filesIn(web), ...filesIn(examples)])
    hash.update(`${path.relative(web, file)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function filesIn(folder) {
  return readdirSync(folder)
    .filter((name) => !NOT_SOURCES.includes(name))
    .sort()
    .map((name) => path.join(folder, name))
    .flatMap((file) => (statSync(file).isDirectory() ? filesIn(file) : [file]));
}
