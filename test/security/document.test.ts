/**
 * docs/security.md names tests that are there and run, by words of their own where a file has many, gives a reason
 * where it names none, and has each requirement of the ASVS once. Whether a test proves its row, somebody has to read.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const TESTS = path.join(import.meta.dirname, '..');
const text = readFileSync(path.join(TESTS, '../docs/security.md'), 'utf8');
/** The cells of tables of which the last column says what proves the row. */
const rows = text
  .split(/\n(?!\|)/)
  .map((table) => table.split('\n').filter((line) => line.startsWith('|')))
  .filter(([head = '']) => /\| proved by +\|$/.test(head))
  .flatMap(([, , ...lines]) => lines)
  .map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  )
  // Chapters of the ASVS.
  .filter((cells) => cells.slice(1).some((cell) => cell !== ''));

/** A file, and words of the test that is meant; none: the whole of it. */
const named = [...text.matchAll(/`(?:test\/)?([\w*./-]+\.test\.ts)`(?: \(([^()]+)\))?/g)].map(
  ([, file = '', words = null]) => ({ file, words }),
);

const pathsOf = (file: string) => globSync(path.join(TESTS, file));

/** Titles and tables' rows; nothing of what is said in comments. */
function textsIn(file: string): string[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return texts;
}

describe('every test that proves a defence', () => {
  it('is there, and is run', () => {
    expect(named.length).toBeGreaterThan(150);
    const missing = named.filter(({ file }) => pathsOf(file).length === 0);
    expect(missing).toEqual([]);
    const files = [...new Set(named.flatMap(({ file }) => pathsOf(file)))];
    const idle = files.filter((file) => {
      const source = readFileSync(file, 'utf8');
      return /\.(?:skip|todo|only|fails)\b\(?/.test(source) || !/\b(?:it|test)(?:\.each)?[.(]/.test(source);
    });
    expect(idle).toEqual([]);
  });

  it('has the words that it is named by', () => {
    const strange = named.filter(
      ({ file, words }) =>
        words !== null && !pathsOf(file).some((one) => textsIn(one).some((title) => title.includes(words))),
    );
    expect(named.filter(({ words }) => words !== null).length).toBeGreaterThan(40);
    expect(strange).toEqual([]);
  });
});

it('every row names a test, says by what construction it holds, or is left and says so', () => {
  expect(rows.length).toBeGreaterThan(100);
  const bare = rows.filter((cells) => {
    const [what = '', proof = ''] = cells.slice(-2);
    if (proof.startsWith('by construction')) return false;
    return proof === '–' ? !what.includes('_Left_') : !/`[\w*./-]+\.test\.ts`/.test(proof);
  });
  expect(bare).toEqual([]);
});

it('every row of the ASVS is of a chapter that is there, and no requirement comes twice', () => {
  const ids = [...text.matchAll(/^\| (\d+(?:\.\d+){2}(?:, \d+(?:\.\d+){2})*) +\|/gm)].flatMap(
    ([, all = '']) => all.split(', '),
  );
  expect(ids.length).toBeGreaterThan(100);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});
