/**
 * No regular expression of the project takes longer than the text is long, squared: every one in a source that runs
 * where somebody else's text comes in is looked for by its syntax and judged by recheck. Those of definitions, which
 * other people write, are matched by an engine that cannot backtrack (`hub/patterns.ts`, `test/fuzz/definitions.test.ts`).
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { check } from 'recheck';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const PROJECT = path.join(import.meta.dirname, '../..');
const FOLDERS = ['hub', 'integrations', 'nodes', 'credentials', 'activities', 'workflows', 'web/src'];

type Found = { where: string; source: string; flags: string };

function expressionsIn(file: string): Found[] {
  const text = readFileSync(path.join(PROJECT, file), 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    const where = `${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ where, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
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

const files = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules') && !file.endsWith('.d.ts'))
    .map((file) => path.join(folder, file)),
);
const all = files.flatMap(expressionsIn);
const formats = Object.entries(fullFormats).flatMap(([name, format]): Found[] =>
  format instanceof RegExp
    ? [{ where: `ajv-formats ${name}`, source: format.source, flags: format.flags }]
    : [],
);

/** Squared, and harmless, because what they look at is short. */
const SHORT_TEXTS = new Map([
  ['hub/embedded/postgres.ts', 'what a program of the hub’s own writes when it cannot start'],
  [
    'hub/traces/redaction.ts',
    'names of headers, of 16 KiB at most with all of them; and the base64 of a secret',
  ],
  ['hub/sandbox/providers/gmail.ts', 'the sandbox, which is never there in production'],
  ['nodes/transport/way.ts', 'the address of a hub, which a user types'],
  ['nodes/HubDropbox/service.ts', 'a path of a file, which a user types'],
  ['nodes/HubGmail/headers.ts', 'a header that a user writes: 998 characters a line'],
  ['nodes/HubGmail/plain-text.ts', 'counted out: 2,000 characters from each place at most'],
  ['nodes/HubGmail/incoming.ts', 'one header of a mail, which Gmail cuts'],
  ['nodes/HubOutlook/recipients.ts', 'recipients, which a user types'],
  ['nodes/HubGoogleAds/gaql.ts', 'a query, which a user writes'],
  ['ajv-formats', 'only formats that a definition names, on fields of 256 KiB at most with all of a body'],
]);

/** @returns why it could take long; null: it cannot */
async function slowness({ source, flags }: Found): Promise<string | null> {
  // Sets of `v` and indices of `d` change nothing of the time, and recheck knows neither.
  const found = await check(source, flags.replace(/[dv]/g, ''), { timeout: 10_000 });
  if (found.status === 'safe') return null;
  return found.status === 'vulnerable' ? found.complexity.summary : 'it could not be judged';
}

describe('regular expressions', () => {
  it('are found where they are', () => {
    expect(all.length).toBeGreaterThan(200);
    expect(formats.length).toBeGreaterThan(5);
  });

  it('take no longer than their text is long, but where texts are short', async () => {
    const distinct = [
      ...new Map([...all, ...formats].map((one) => [`/${one.source}/${one.flags}`, one])).values(),
    ];
    const slow: string[] = [];
    for (const one of distinct) {
      const why = await slowness(one);
      const known = [...SHORT_TEXTS.keys()].some((place) => one.where.startsWith(place));
      if (why !== null && !(known && /2nd degree|4th degree polynomial \(fuzz\)/.test(why)))
        slow.push(`${one.where} /${one.source.slice(0, 120)}/ ${why}`);
    }
    expect(slow).toEqual([]);
  }, 300_000);

  it('that would take days are known for it', async () => {
    expect(await slowness({ where: 'here', source: '^(a+)+$', flags: '' })).toMatch(/exponential/);
  });
});
