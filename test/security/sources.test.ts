/** What the project's own code does nowhere: found in its sources, so that it stays so. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const PROJECT = path.join(import.meta.dirname, '../..');
const RUN = ['hub', 'activities', 'workflows', 'integrations', 'nodes', 'credentials'];

type Source = { file: string; text: string; tree: ts.SourceFile };

const sourcesIn = (folders: readonly string[]): Source[] =>
  folders.flatMap((folder) =>
    readdirSync(path.join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
      .filter(
        (file) => /\.(?:tsx?|mjs)$/.test(file) && !file.includes('node_modules') && !file.endsWith('.d.ts'),
      )
      .map((name) => {
        const file = path.join(folder, name);
        const text = readFileSync(path.join(PROJECT, file), 'utf8');
        return { file, text, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
      }),
  );
const run = sourcesIn(RUN);
const page = sourcesIn(['web/src']);

/** @param what of a node, as a text; null: nothing of interest. @returns `file: what`, each once */
function found(sources: readonly Source[], what: (node: ts.Node) => string | null): string[] {
  const all = new Set<string>();
  for (const { file, tree } of sources) {
    const visit = (node: ts.Node): void => {
      const one = what(node);
      if (one !== null) all.add(`${file}: ${one}`);
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return [...all];
}

const called = (node: ts.Node) =>
  ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression.getText() : null;

describe('the code', () => {
  it('is all looked at', () => {
    expect([run.length > 300, page.length > 20]).toEqual([true, true]);
    expect(
      found(run, (node) => (called(node) === 'createHash' ? 'createHash' : null)).length,
    ).toBeGreaterThan(5);
  });

  it('makes no code of texts (ASVS 1.3.2)', () => {
    const make = (node: ts.Node) => {
      const name = called(node) ?? '';
      if (/^(?:eval|Function|globalThis\.eval)$/.test(name)) return name;
      if (
        /^set(?:Timeout|Interval)$/.test(name) &&
        ts.isStringLiteralLike((node as ts.CallExpression).arguments[0] ?? node)
      )
        return name;
      return ts.isImportDeclaration(node) && /^'(?:node:)?vm'$/.test(node.moduleSpecifier.getText())
        ? 'vm'
        : null;
    };
    expect(found([...run, ...page], make)).toEqual([]);
  });

  it('starts programs by lists of arguments, never through a shell (ASVS 1.2.5)', () => {
    const shell = (node: ts.Node) => {
      if (
        ts.isPropertyAssignment(node) &&
        node.name.getText() === 'shell' &&
        node.initializer.getText() !== 'false'
      )
        return node.getText();
      if (!ts.isImportSpecifier(node)) return null;
      const from = node.parent.parent.parent.moduleSpecifier.getText();
      const name = (node.propertyName ?? node.name).getText();
      return /child_process/.test(from) && /^exec(?:Sync)?$/.test(name) ? name : null;
    };
    const whole = (node: ts.Node) =>
      ts.isNamespaceImport(node) && /child_process/.test(node.parent.parent.getText())
        ? node.getText()
        : null;
    expect([...found(run, shell), ...found(run, whole)]).toEqual([]);
  });

  it('writes SQL by parameters; what is raw is its own constant (ASVS 1.2.4)', () => {
    const raw = (node: ts.Node) =>
      /(?:^sql\.raw|\.unsafe)$/.test(called(node) ?? '') ? node.getText().replace(/\s+/g, ' ') : null;
    expect(found(run, raw)).toEqual([
      "hub/database/schema.ts: sql.raw(`(${ROUTINE_EVENTS.map((type) => `'${type}'`).join(', ')})`)",
    ]);
  });

  it('believes no certificate that nobody vouches for (ASVS 12.3.2)', () => {
    const lax = (node: ts.Node) =>
      /^(?:rejectUnauthorized|checkServerIdentity|secureProtocol|minVersion)$/.test(node.getText())
        ? node.getText()
        : null;
    expect(found(run, lax)).toEqual([]);
    expect(
      run.filter(({ text }) => text.includes('NODE_TLS_REJECT_UNAUTHORIZED')).map(({ file }) => file),
    ).toEqual([]);
  });

  it('leaves to chance by Math.random only when something is done (ASVS 11.5.1)', () => {
    const files = found(run, (node) => (called(node) === 'Math.random' ? 'Math.random' : null)).map(
      (one) => one.split(':')[0],
    );
    expect(files).toEqual([
      ...['hub/oauth/credentials.ts', 'hub/oauth/health-due.ts', 'hub/proxy/proved.ts'],
      ...['workflows/deliver-webhook.ts', 'workflows/reconnect-connection.ts'],
      // Meta's session_id of an upload: a number that tells uploads apart.
      'nodes/HubMetaAds/audience-work.ts',
    ]);
  });

  it('hashes with SHA-256; MD5 and SHA-1 are there for definitions whose provider wants them (ASVS 11.4.1)', () => {
    const weak = (node: ts.Node) =>
      ts.isStringLiteralLike(node) && /^(?:md5|sha-?1)$/i.test(node.text) ? node.text : null;
    expect(found(run, weak).map((one) => one.split(':')[0])).toEqual([
      ...['hub/definitions/schema.ts', 'hub/definitions/template.ts', 'hub/definitions/template.ts'],
    ]);
    const ciphers = (node: ts.Node) =>
      /^create(?:Cipher|Decipher)iv$/.test(called(node) ?? '')
        ? ((node as ts.CallExpression).arguments[0]?.getText() ?? '')
        : null;
    expect(found(run, ciphers)).toEqual(["hub/vault/vault.ts: 'aes-256-gcm'"]);
  });
});

describe('the page', () => {
  it('has no HTML of texts (ASVS 1.2.1)', () => {
    const html = (node: ts.Node) =>
      /^(?:dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|srcdoc|srcDoc|document\.write)$/.test(
        node.getText(),
      )
        ? node.getText()
        : null;
    expect(found(page, html)).toEqual([]);
  });

  it('keeps in the browser what it looks like and what was seen; of secrets, the token of a link in its tab (ASVS 14.3.3)', () => {
    const kept = (node: ts.Node) =>
      /^(?:localStorage|sessionStorage)\.setItem$/.test(called(node) ?? '') ? node.getText() : null;
    expect(found(page, kept)).toEqual([
      ...["web/src/pages/account-menu.tsx: localStorage.setItem('hub-theme', value)"],
      'web/src/pages/notifications.ts: localStorage.setItem(nameOf(userId), JSON.stringify(kept))',
      'web/src/parts/token.ts: sessionStorage.setItem(kept, inAddress)',
    ]);
    const elsewhere = (node: ts.Node) =>
      /^(?:indexedDB|caches|document\.cookie)$/.test(node.getText()) ? node.getText() : null;
    expect(found(page, elsewhere)).toEqual([]);
  });
});
