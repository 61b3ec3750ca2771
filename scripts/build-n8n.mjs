/** Compiles the n8n package into dist/, and with --pack makes the tarball that n8n installs. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
run('tsc', ['-p', 'tsconfig.n8n.json']);
for (const folder of ['credentials', 'nodes'])
  if (existsSync(path.join(root, folder)))
    cpSync(path.join(root, folder), path.join(dist, folder), {
      recursive: true,
      filter: (file) => !file.endsWith('.ts') && path.basename(file) !== '.gitkeep',
    });
if (process.argv.includes('--pack')) {
  mkdirSync(dist, { recursive: true });
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', 'dist']);
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  process.stdout.write(`dist/${name}-${version}.tgz\n`);
}

function run(command, args) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(1);
}
