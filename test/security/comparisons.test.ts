/** No secret, and no digest of one, is compared in a way whose time says how much of it was right. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const PROJECT = path.join(import.meta.dirname, '../..');
// The sandbox's secrets are in its own page.
const files = readdirSync(path.join(PROJECT, 'hub'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.startsWith('sandbox/') && !file.includes('node_modules'),
);

const SECRET = /(?:hash|secret|signature|password|verifier|digest|accessToken|apiKey|ticket|handle)\)?$/i;
const HARMLESS = /^(?:null|undefined|true|false|'.*'|\d+)$/;

function comparisonsIn(file: string): string[] {
  const text = readFileSync(path.join(PROJECT, 'hub', file), 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && /^[!=]==?$/.test(node.operatorToken.getText())) {
      const sides = [node.left.getText(), node.right.getText()];
      const secret = sides.some((side) => SECRET.test(side) || /\bhash\w*\(/i.test(side));
      if (secret && !sides.some((side) => HARMLESS.test(side))) found.push(`${file}: ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

it('secrets are looked up by their SHA-256, or compared by timingSafeEqual', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap(comparisonsIn)).toEqual([]);
});
