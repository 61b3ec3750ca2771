/** What others' code comes into the hub, on which terms, and what it may do while it is installed. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import satisfies from 'spdx-satisfies';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

type Manifest = {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  allowScripts?: Record<string, boolean>;
};
type Locked = {
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  link?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  hasInstallScript?: boolean;
};
type Lock = { packages: Record<string, Locked> };

const read = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));

const ALLOWED = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
];

/** Allowed for what they are used for; a look at them again whenever their version changes is cheap. */
const EXCEPTIONS: { [name: string]: string } = {
  // Data of which browser knows what: it is read while the page is built, and no part of it.
  'caniuse-lite': 'CC-BY-4.0',
  // Minifies the page's styles while it is built; nothing of its own files is changed or passed on.
  lightningcss: 'MPL-2.0',
};
// Its package.json says so; the lock file does not have the field.
const UNTOLD: { [name: string]: string } = { unionfs: 'Unlicense' };

const nameOf = (place: string) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

const installed = ({ packages }: Lock) =>
  Object.entries(packages).flatMap(([place, one]) =>
    place.includes('node_modules/') && !one.link ? [{ name: nameOf(place), ...one }] : [],
  );

/** Of what runs in production or is built into the page: everything that is not for development alone. */
function foreignLicences(lock: Lock): string[] {
  return installed(lock)
    .filter(({ dev, devOptional }) => !dev && !devOptional)
    .filter(({ name, license = UNTOLD[name] }) => {
      const exception = Object.keys(EXCEPTIONS).find(
        (known) => name === known || name.startsWith(`${known}-`),
      );
      return license === undefined || !isAllowed(license, exception ? [EXCEPTIONS[exception] ?? ''] : []);
    })
    .map(({ name, version, license }) => `${name} ${version}: ${license ?? 'no licence'}`);
}

function isAllowed(license: string, more: string[]): boolean {
  try {
    return satisfies(license, [...ALLOWED, ...more]);
  } catch {
    return false; // "SEE LICENSE IN …", "Commercial"
  }
}

const unnamedScripts = (lock: Lock, { allowScripts = {} }: Manifest) => [
  ...new Set(
    installed(lock)
      .filter(({ hasInstallScript, name }) => hasInstallScript && !(name in allowScripts))
      .map(({ name }) => name),
  ),
];

const loosePins = ({ dependencies, devDependencies, optionalDependencies }: Manifest) =>
  Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}`);

const lock = read('package-lock.json') as Lock;
const root = read('package.json') as Manifest;

it('every dependency of the hub and the page has a licence of the list', () => {
  expect(installed(lock).filter(({ dev }) => !dev).length).toBeGreaterThan(200);
  expect(foreignLicences(lock)).toEqual([]);
  const packages = {
    'node_modules/a': { version: '1.0.0', license: 'GPL-3.0-only' },
    'node_modules/b': { version: '1.0.0', license: 'SEE LICENSE IN LICENSE.md' },
    'node_modules/c': { version: '1.0.0' },
    'node_modules/d/node_modules/e': { version: '1.0.0', license: 'MIT AND AGPL-3.0-only' },
    'node_modules/f': { version: '1.0.0', license: '(MIT OR GPL-3.0-only)' },
    'node_modules/g': { version: '1.0.0', license: 'GPL-3.0-only', dev: true },
  };
  expect(foreignLicences({ packages }).map((line) => line[0])).toEqual(['a', 'b', 'c', 'e']);
});

it('the n8n package brings nobody else’s code', () => {
  expect(root.dependencies).toBeUndefined();
});

it('whatever runs a script when it is installed is named in allowScripts', () => {
  expect(unnamedScripts(lock, root)).toEqual([]);
  expect(unnamedScripts({ packages: { 'node_modules/new': { hasInstallScript: true } } }, root)).toEqual([
    'new',
  ]);
});

it('versions are exact, and the lock file pins every package by its content', () => {
  for (const file of ['package.json', 'hub/package.json', 'web/package.json'])
    expect(loosePins(read(file) as Manifest), file).toEqual([]);
  expect(loosePins({ dependencies: { a: '^1.0.0', b: 'latest', c: '1.0.0-beta.1' } })).toEqual([
    'a ^1.0.0',
    'b latest',
  ]);
  const without = installed(lock).filter(({ integrity }) => integrity === undefined);
  expect(without.map(({ name }) => name)).toEqual([]);
});
