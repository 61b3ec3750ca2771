/** The lean package as n8n meets it: what is in the tarball, and what its files ask for when they are loaded. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import vm from 'node:vm';
import { analyzePackage } from '@n8n/scan-community-package/scanner/scanner.mjs';
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

it('holds each credential type and node with its icons, the licence and the README, and nothing of the hub', () => {
  const named = (folder: string) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|svg|json)$/.test(file))
      .map((file) => `package/dist/${folder}/${file.replace(/\.ts$/, '.js')}`);
  expect(files).toEqual(
    [
      ...named('credentials'),
      ...named('nodes'),
      'package/LICENSE',
      'package/README.md',
      'package/package.json',
    ].sort(),
  );
});

it('lists in package.json what is there', () => {
  const { n8n } = packageJson();
  const isListed = (file: string) => /\.(credentials|node)\.js$/.test(file);
  expect([...n8n.credentials, ...n8n.nodes].map((file) => `package/${file}`).sort()).toEqual(
    files.filter(isListed),
  );
});

it('asks for nothing at run time', () => {
  const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(
    readFileSync(path.join(folder, 'package/package.json'), 'utf8'),
  ) as Record<string, unknown>;
  // n8n's installer strips peer dependencies; its lint wants this one.
  expect([dependencies, peerDependencies, optionalDependencies]).toEqual([
    undefined,
    { 'n8n-workflow': '*' },
    undefined,
  ]);
});

it('is loaded by a require that knows only n8n-workflow and the package’s own files', () => {
  const { n8n } = packageJson();
  for (const file of [...n8n.credentials, ...n8n.nodes]) {
    const stem = path.basename(file).split('.')[0] ?? '';
    const Loaded = load(path.join(folder, 'package', file))[stem];
    expect(Loaded, `${file} exports ${stem}`).toBeTypeOf('function');
    const made = new (Loaded as new () => { name?: string; description?: { name: string } })();
    const name = made.name ?? made.description?.name ?? '';
    expect(name).toBe(stem.charAt(0).toLowerCase() + stem.slice(1));
  }
});

it('passes the scan by which n8n judges community packages', async () => {
  expect(await analyzePackage(path.join(folder, 'package'))).toEqual({ passed: true });
});

const packageJson = () =>
  JSON.parse(readFileSync(path.join(folder, 'package/package.json'), 'utf8')) as {
    n8n: { credentials: string[]; nodes: string[] };
  };

/** As n8n's isolated loader does: no package but n8n-workflow can be reached. */
function load(file: string, loaded = new Map<string, Record<string, unknown>>()): Record<string, unknown> {
  const known = loaded.get(file);
  if (known) return known;
  const module = { exports: {} as Record<string, unknown> };
  loaded.set(file, module.exports);
  const only = (name: string): unknown => {
    // The one builtin that n8n's own rules let a community node use here.
    if (name === 'n8n-workflow' || name === 'crypto') return createRequire(import.meta.url)(name);
    if (!name.startsWith('.')) throw new Error(`${file} asks for ${name}`);
    const there = path.resolve(path.dirname(file), name);
    return load(existsSync(`${there}.js`) ? `${there}.js` : path.join(there, 'index.js'), loaded);
  };
  const code = readFileSync(file, 'utf8');
  vm.runInThisContext(`(function (exports, require, module) {${code}\n})`)(module.exports, only, module);
  return module.exports;
}
