/** The import rules of docs/architecture.md, held by reading every import. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FOLDERS = ['hub', 'workflows', 'activities', 'integrations', 'nodes', 'credentials'];

type Import = { file: string; to: string; typeOnly: boolean };
type Rule = { promise: string; broken: (one: Import) => boolean };

const within =
  (...places: string[]) =>
  (file: string) =>
    places.some((place) => file === place || file.startsWith(`${place}/`));
const isPackage = (name: string) => (to: string) => to === name || to.startsWith(`${name}/`);
const isLocal = (to: string) =>
  !to.startsWith('node:') && /^(hub|workflows|activities|integrations|nodes|credentials|test)\//.test(to);

const only = (name: string, ...places: string[]): Rule => ({
  promise: `${name} is imported only in ${places.join(', ')}`,
  broken: ({ file, to }) => isPackage(name)(to) && !within(...places)(file),
});

const RULES: Rule[] = [
  only('drizzle-orm', 'hub/database'),
  only('postgres', 'hub/database'),
  only('better-auth', 'hub/accounts', 'hub/database/auth-adapter.ts'),
  only('grant', 'hub/oauth'),
  only('@node-oauth/oauth2-server', 'hub/broker'),
  only('standardwebhooks', 'hub/notifications'),
  only('undici', 'hub/egress'),
  only('@temporalio/client', 'hub/temporal'),
  only('@temporalio/worker', 'hub/temporal'),
  only('@temporalio/activity', 'activities'),
  only('@temporalio/workflow', 'workflows'),
  only('@temporalio/testing', 'hub/embedded'),
  only('@temporalio/interceptors-opentelemetry', 'hub/temporal', 'workflows/traced.ts'),
  ...['api', 'core', 'context-async-hooks', 'resources', 'sdk-trace'].map((name) =>
    only(`@opentelemetry/${name}`, 'hub/telemetry', 'hub/temporal/tracing.ts'),
  ),
  only('fastify', 'hub/api', 'hub/sandbox'),
  only('node:http', 'hub/egress', 'hub/sandbox'),
  only('node:https', 'hub/egress'),
  {
    promise: 'workflows import types, each other and @temporalio/workflow',
    broken: ({ file, to, typeOnly }) =>
      within('workflows')(file) &&
      !typeOnly &&
      to !== '@temporalio/workflow' &&
      !(
        file === 'workflows/traced.ts' && to.startsWith('@temporalio/interceptors-opentelemetry/lib/workflow')
      ) &&
      !within('workflows')(to),
  },
  {
    promise: 'nodes and credentials import n8n-workflow, each other, and the one builtin n8n lets them use',
    broken: ({ file, to }) =>
      within('nodes', 'credentials')(file) && !/^(n8n-workflow|crypto)$|^(nodes|credentials)\//.test(to),
  },
  {
    promise: 'integrations import their own folder and node:crypto',
    broken: ({ file, to }) =>
      within('integrations')(file) && !within('integrations')(to) && to !== 'node:crypto',
  },
  {
    promise: 'the API sees a gateway, not Temporal: only its start composes the two',
    broken: ({ file, to }) =>
      within('hub/api')(file) &&
      file !== 'hub/api/start-api.ts' &&
      (within('hub/temporal')(to) || to.startsWith('@temporalio/')),
  },
  {
    promise: 'oauth, notifications, vault, database and egress know neither the API nor Temporal',
    broken: ({ file, to }) =>
      within('hub/oauth', 'hub/notifications', 'hub/vault', 'hub/database', 'hub/egress')(file) &&
      (within('hub/api', 'hub/temporal')(to) || to.startsWith('@temporalio/')),
  },
  {
    promise: 'the sandbox judges the hub, so it shares no code with it',
    broken: ({ file, to }) => within('hub/sandbox')(file) && isLocal(to) && !within('hub/sandbox')(to),
  },
];

// The environment as a value is handed to `readConfig` by the entries; nobody else looks at it.
const READS_ENV = within('hub/cli/hub.ts', 'hub/cli/start.ts');
// `npm start` asks its own API whether it is ready.
const CALLS_FETCH = within('hub/egress', 'hub/cli/start.ts');

type Source = { file: string; text: string };

function violations(sources: Source[]): string[] {
  return sources.flatMap(({ file, text }) => {
    const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const imports = importsOf(file, tree);
    const broken = imports.flatMap((one) =>
      RULES.filter((rule) => rule.broken(one)).map((rule) => `${file} → ${one.to}: ${rule.promise}`),
    );
    const env =
      !READS_ENV(file) &&
      mentions(tree, (node) => node.getText(tree) === 'process.env' && ts.isPropertyAccessExpression(node));
    const fetches =
      !CALLS_FETCH(file) &&
      mentions(tree, (node) => ts.isCallExpression(node) && node.expression.getText(tree) === 'fetch');
    return [
      ...broken,
      ...(env ? [`${file}: process.env is read only in hub/config.ts`] : []),
      ...(fetches ? [`${file}: requests go out only through hub/egress`] : []),
    ];
  });
}

function importsOf(file: string, tree: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (specifier && ts.isStringLiteral(specifier))
      found.push({ file, to: resolve(file, specifier.text), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function mentions(tree: ts.SourceFile, wanted: (node: ts.Node) => boolean): boolean {
  const visit = (node: ts.Node): boolean =>
    wanted(node) || (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  return visit(tree);
}

const resolve = (file: string, specifier: string) =>
  specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier;

function allSources(): Source[] {
  return FOLDERS.filter((folder) => existsSync(path.join(ROOT, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.includes('node_modules'))
    .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') }));
}

it('every import keeps to the rules', () => {
  const sources = allSources();
  expect(sources.length).toBeGreaterThan(80);
  expect(violations(sources)).toEqual([]);
});

it('a broken rule is seen', () => {
  const planted: Source[] = [
    { file: 'workflows/bad.ts', text: `import { readFileSync } from 'node:fs';` },
    { file: 'hub/oauth/bad.ts', text: `import { Client } from '@temporalio/client';` },
    { file: 'hub/api/bad.ts', text: `export { openGateway } from '../temporal/gateway.ts';` },
    { file: 'hub/vault/bad.ts', text: `const key = process.env['KEY'];` },
    { file: 'hub/database/bad.ts', text: `const answer = await fetch('https://example.com');` },
    { file: 'integrations/bad.ts', text: `const undici = await import('undici');` },
  ];
  const seen = violations(planted);
  for (const { file } of planted)
    expect(
      seen.some((line) => line.startsWith(file)),
      file,
    ).toBe(true);
  expect(
    violations([
      { file: 'workflows/good.ts', text: `import type { Activities } from '../activities/index.ts';` },
    ]),
  ).toEqual([]);
});
