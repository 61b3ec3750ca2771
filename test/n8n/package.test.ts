/** The lean package as n8n meets it: what is in the tarball, and what its files ask for when they are loaded. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import vm from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
let folder: string;
let files: string[];

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build-n8n.mjs', '--pack'], { cwd: ROOT });
  folder = mkdtempSync(path.join(tmpdir(), 'integration-hub-package-'));
  const { name, version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  execFileSync('tar', ['xzf', path.join(ROOT, 'dist', `${name}-${version}.tgz`), '-C', folder]);
  files = execFileSync('tar', ['tzf', path.join(ROOT, 'dist', `${name}-${version}.tgz`)], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .sort();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('holds the credentials, their icons, the licence and the README, and nothing of the hub', () => {
  expect(files).toEqual([
    'package/LICENSE',
    'package/README.md',
    'package/dist/credentials/IntegrationHubApi.credentials.js',
    'package/dist/credentials/icons/integration-hub.dark.svg',
    'package/dist/credentials/icons/integration-hub.svg',
    'package/package.json',
  ]);
});

it('asks for nothing at run time', () => {
  const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(
    readFileSync(path.join(folder, 'package/package.json'), 'utf8'),
  ) as Record<string, unknown>;
  expect([dependencies, peerDependencies, optionalDependencies]).toEqual([undefined, undefined, undefined]);
});

it('is loaded by a require that knows only n8n-workflow', () => {
  const { n8n } = JSON.parse(readFileSync(path.join(folder, 'package/package.json'), 'utf8')) as {
    n8n: { credentials: string[]; nodes: string[] };
  };
  const known = createRequire(import.meta.url);
  for (const file of [...n8n.credentials, ...n8n.nodes]) {
    const code = readFileSync(path.join(folder, 'package', file), 'utf8');
    const module = { exports: {} as Record<string, new () => { name: string; test?: unknown }> };
    const only = (name: string): unknown => {
      if (name !== 'n8n-workflow') throw new Error(`${file} asks for ${name}`);
      return known(name);
    };
    vm.runInThisContext(`(function (exports, require, module) {${code}\n})`)(module.exports, only, module);
    const stem = path.basename(file).split('.')[0] ?? '';
    const Loaded = module.exports[stem];
    expect(Loaded, `${file} exports ${stem}`).toBeTypeOf('function');
    if (Loaded) expect(new Loaded().name).toBe('integrationHubApi');
  }
});
