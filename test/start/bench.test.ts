/** `npm run bench` as a script meets it: what it refuses, and the shape of what it writes. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readArguments } from '../../bench/arguments.ts';
import { AIMS, figuresOf, summaryOf } from '../../bench/figures.ts';
import { printTable, type Table } from '../../bench/table.ts';

const MAIN = path.resolve(import.meta.dirname, '../../bench/main.ts');

it.each([
  ['an unknown name', ['tokens'], /^There is no benchmark tokens; there are token, .*\.\n$/],
  ['an unknown option', ['--round', '3'], /^Unknown option '--round'.*npm run bench .*\n$/],
  ['a size that is no number', ['--sizes', '1k'], /^--sizes: expected a whole number from 1, got "1k"\.\n$/],
  ['no rounds', ['--rounds', '0'], /^--rounds: expected a whole number from 1, got "0"\.\n$/],
])('%s is refused in one line, with exit code 1, before anything is started', (_what, args, line) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(line);
});

it('all benchmarks are run where none is named, and those that are in the order they have', () => {
  const known = ['one', 'two', 'three'];
  expect(readArguments([], known).wanted).toEqual(known);
  expect(readArguments(['three', 'one'], known).wanted).toEqual(['one', 'three']);
  expect(
    readArguments(['two', '--sizes', '10,20', '--rounds', '3', '--answer-ms', '5'], known),
  ).toMatchObject({ wanted: ['two'], options: { sizes: [10, 20], rounds: 3, answerMs: 5 } });
});

const table = (figures?: Record<string, number>): Table => ({
  title: '',
  columns: [],
  rows: [],
  notes: [],
  ...(figures && { figures }),
});

it('a benchmark’s figures are those of its tables, by name, and each is a number', () => {
  expect(figuresOf('token', [table({ a: 1 }), table(), table({ b: 0.5 })])).toEqual({ a: 1, b: 0.5 });
  expect(() => figuresOf('token', [table({ a: NaN })])).toThrow('token.a came out as NaN');
});

it('the table at the end says of each figure whether its aim is met', () => {
  const printed = printTable(
    summaryOf({
      token: { ratioToBareRoute: 0.79 },
      n8n: { timeRatioToNativeCredential: 1.1 },
      connect: { addedMs: 230 },
    }),
  );
  expect(printed).toMatch(/^token\.ratioToBareRoute +0\.79 +at least 0\.8 +not met$/m);
  expect(printed).toMatch(/^n8n\.timeRatioToNativeCredential +1\.1 +at most 1\.1 +met$/m);
  expect(printed).toMatch(/^connect\.addedMs +230 *$/m);
});

it('the figures that scripts rely on have the names they rely on', () => {
  expect(Object.keys(AIMS).toSorted()).toEqual([
    'n8n.timeRatioToNativeCredential',
    'proxy.ratioToHttpProxy',
    'refresh.ratioToBareLoop',
    'sweep.memoryRatio100kTo10k',
    'sweep.timeRatio100kTo10k',
    'token.ratioToBareRoute',
  ]);
});
