/**
 * Makes sure that the dependencies are installed and current, and the page is built; run before every npm script. Plain JavaScript
 * for any Node from 18 on, because it is what brings the project's own Node 24.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage, pageIsBuilt } from './build-page.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.integration-hub-setup');
const lock = path.join(root, '.setup-lock');

const wanted = hashOf(['package-lock.json']);
if (current() !== wanted || !pageIsBuilt()) {
  await takeLock();
  try {
    if (current() !== wanted) install();
    if (!pageIsBuilt()) makePage();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** The stamp is written last, so an install that was cut off has none and is done again. */
function current() {
  return existsSync(stamp) && existsSync(nodeBinary()) ? readFileSync(stamp, 'utf8') : null;
}

function install() {
  const first = !existsSync(modules);
  say(first ? 'Installing dependencies (about a minute, only the first time) …' : 'Updating dependencies …');
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, npm_config_progress: 'true' },
  });
  if (result.status !== 0) fail(explain(result.stderr ?? '', result.error));
  if (!existsSync(nodeBinary()))
    fail(
      'Node 24 was not installed: allow install scripts (npm config set ignore-scripts false) and run the command again.',
    );
  const version = spawnSync(nodeBinary(), ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';
  if (!version.startsWith('v24.'))
    fail(
      `The project runs on Node 24, but its own dependency gives "${version}": delete node_modules and run the command again.`,
    );
  writeFileSync(stamp, wanted);
  say(`Dependencies are ready (Node ${version.slice(1)}).`);
}

function makePage() {
  say('Building the page …');
  const problem = buildPage(nodeBinary());
  if (problem !== null) fail(problem);
}

function explain(stderr, error) {
  if (error?.code === 'ENOENT') return 'npm was not found: install Node.js 18 or newer with npm.';
  if (/ENOSPC/.test(stderr))
    return 'The disk is full: the dependencies need about 1 GB. Free some space and run the command again.';
  if (/EACCES|EPERM|EROFS/.test(stderr))
    return `No permission to write to ${modules}: make it yours and run the command again.`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET/.test(stderr))
    return 'The npm registry cannot be reached: check the network or the proxy settings of npm and run the command again.';
  process.stderr.write(stderr);
  return 'npm could not install the dependencies; its own words are above.';
}

/** Two commands at once: the second waits. A lock whose owner is gone is nobody's. */
async function takeLock() {
  for (let waited = false; ; waited = true) {
    try {
      mkdirSync(lock);
      writeFileSync(path.join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(explain(String(error.code), error));
    }
    if (!lockAlive()) rmSync(lock, { recursive: true, force: true });
    else if (!waited) say('Another command is preparing the project; waiting for it …');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function lockAlive() {
  try {
    process.kill(Number(readFileSync(path.join(lock, 'pid'), 'utf8')), 0);
    return true;
  } catch (error) {
    if (error.code === 'EPERM') return true;
    // Made this moment, its pid not written yet.
    return error.code === 'ENOENT' && existsSync(lock) && Date.now() - statSync(lock).mtimeMs < 5_000;
  }
}

function nodeBinary() {
  return path.join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  rmSync(lock, { recursive: true, force: true });
  process.exit(1);
}
