#!/usr/bin/env node
// The bin, for whatever Node finds it first: the program itself runs on the project's own Node 24.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const own = path.join(here, '../../node_modules/.bin/node');

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import('./hub.ts');
} else if (existsSync(own)) {
  const child = spawn(own, [path.join(here, 'hub.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
} else {
  process.stderr.write('hub runs on Node 24: run npm install in the project first.\n');
  process.exit(1);
}
