/**
 * No regular expression of the project takes longer than the text is long, squared: every one in a source that runs
 * where somebody else's text comes in is looked for by its syntax and judged by recheck. Those of definitions, which
 * other people write, are matched by an engine that cannot backtrack (`hub/patterns.ts`, `test/fuzz/definitions.test.ts`).
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { check } from 'recheck';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { PATTERNS } from '../../hub/traces/redaction.ts';
import { SEED } from '../fuzz/seed.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
const FOLDERS = ['hub', 'integrations', 'nodes', 'credentials', 'activities', 'workflows', 'web/src'];

/** `property`: whose value it is. */
type Found = { where: string; source: string; flags: string; property?: string };

function expressionsIn(file: string): Found[] {
  const text = readFileSync(path.join(PROJECT, file), 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    const where = `${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const property = ts.isPropertyAssignment(node.parent) ? { property: nameOf(node.parent) } : {};
      found.push({ where, source: node.text.slice(1, end), flags: node.text.slice(end + 1), ...property });
    }
    // `pattern: '…'` of a schema.
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === 'pattern' &&
      ts.isStringLiteral(node.initializer)
    )
      found.push({ where, source: node.initializer.text, flags: 'u' });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const nameOf = ({ name }: ts.PropertyAssignment) => name.getText().replace(/^['"]|['"]$/g, '');

const files = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules') && !file.endsWith('.d.ts'))
    .map((file) => path.join(folder, file)),
);
const all = files.flatMap(expressionsIn);
// Of the formats of JSON Schema, those that a schema names.
const FORMATS = 'node_modules/ajv-formats/dist/formats.js';
const namedFormats = new Set(
  files.flatMap((file) =>
    [...readFileSync(path.join(PROJECT, file), 'utf8').matchAll(/\bformat: '([a-z-]+)'/g)].map(
      ([, name = '']) => name,
    ),
  ),
);
const formats = expressionsIn(FORMATS).filter(
  ({ property }) => property === undefined || namedFormats.has(property),
);
// Put together when they are loaded, so there is no literal to be found.
const built = PATTERNS.map(({ source, flags }): Found => ({
  where: 'hub/traces/redaction.ts: PATTERNS',
  source,
  flags,
}));

/** Squared, and harmless here, because what they look at is short: the file, the expression, the longest it can get. */
const SHORT_TEXTS: readonly [file: string, source: RegExp, why: string][] = [
  [
    'hub/embedded/postgres.ts',
    /setpriv.*ENOENT/,
    'what PostgreSQL writes before it gives up: a screen or two',
  ],
  [
    'nodes/HubGmail/headers.ts',
    /(?:"(?:[^"\\]|\\.){0,1000}"|<[^>]{0,1000}>|[^,;])+/g,
    'counted out: 1,000 characters from each place at most',
  ],
  [
    'nodes/HubGmail/plain-text.ts',
    /<a\b[^<>]{0,2000}?\bhref ?= ?(?:"([^"<>]{0,4000})"|'([^'<>]{0,4000})')[^<>]{0,2000}>(.{0,2000}?)<\/a ?>/gi,
    'counted out: 2,000 characters from each place at most',
  ],
  [
    'nodes/HubGoogleAds/gaql.ts',
    /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g,
    'a query that a user types, into an n8n of their own',
  ],
  [
    'nodes/HubOutlook/recipients.ts',
    /(?:"(?:[^"\\]|\\.){0,1000}"|<[^>]{0,1000}>|[^,;])+/g,
    'counted out: 1,000 characters from each place at most',
  ],
];
// Counted out: 2,500 characters from each `name="…"` at most.
const MULTIPART = PATTERNS.find(({ source }) => source.startsWith('\\bname='))?.source;
const isExcused = ({ where, source }: Found) =>
  source === MULTIPART ||
  SHORT_TEXTS.some(([file, excused]) => where.startsWith(`${file}:`) && source === excused.source);

/** @returns why it could take long; null: it cannot */
async function slowness({ source, flags }: Found): Promise<string | null> {
  // Sets of `v` and indices of `d` change nothing of the time, and recheck knows neither.
  const found = await check(source, flags.replace(/[dv]/g, ''), { timeout: 10_000, randomSeed: SEED });
  if (found.status === 'safe') return null;
  return found.status === 'vulnerable' ? found.complexity.summary : 'it could not be judged';
}

describe('regular expressions', () => {
  it('are found where they are', () => {
    expect(all.length).toBeGreaterThan(200);
    expect(formats.length).toBeGreaterThan(5);
  });

  it('take no longer than their text is long, but where texts are short', async () => {
    const verdicts = new Map<string, Promise<string | null>>();
    const slow: string[] = [];
    for (const one of [...all, ...formats, ...built]) {
      const same = `/${one.source}/${one.flags}`;
      verdicts.set(same, verdicts.get(same) ?? slowness(one));
      const why = (await verdicts.get(same)) ?? null;
      const bounded = isExcused(one) && /polynomial/.test(why ?? '');
      if (why !== null && !bounded) slow.push(`${one.where} /${one.source.slice(0, 120)}/ ${why}`);
    }
    expect(slow).toEqual([]);
  }, 300_000);

  it('are excused only where they are', () => {
    const idle = SHORT_TEXTS.filter(
      ([file, { source }]) => !all.some((one) => one.where.startsWith(`${file}:`) && one.source === source),
    );
    expect(idle).toEqual([]);
  });

  it('that would take days are known for it', async () => {
    expect(await slowness({ where: 'here', source: '^(a+)+$', flags: '' })).toMatch(/exponential/);
  });
});
