/** docs/security.md names tests that are there, and requirements of the ASVS each once. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const PROJECT = path.join(import.meta.dirname, '../..');
const text = readFileSync(path.join(PROJECT, 'docs/security.md'), 'utf8');

it('every test that proves a defence is there', () => {
  const named = [...text.matchAll(/`(?:test\/)?([\w*./-]+\.test\.ts)`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(50);
  const missing = [...new Set(named)].filter((file) =>
    file.includes('*')
      ? globSync(path.join(PROJECT, 'test', file)).length === 0
      : !existsSync(path.join(PROJECT, 'test', file)),
  );
  expect(missing).toEqual([]);
});

it('every row of the ASVS is of a chapter that is there, and no requirement comes twice', () => {
  const rows = [...text.matchAll(/^\| (\d+(?:\.\d+){2}(?:, \d+(?:\.\d+){2})*) +\|/gm)].flatMap(
    ([, ids = '']) => ids.split(', '),
  );
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.filter((id, index) => rows.indexOf(id) !== index)).toEqual([]);
});
