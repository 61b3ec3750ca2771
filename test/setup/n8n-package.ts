/** The n8n package compiled as n8n takes it, CommonJS, into a folder from which n8n-workflow is found. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** @returns the folder; types are checked elsewhere, so this takes a second */
export function compileN8nPackage(): string {
  const out = path.join(ROOT, 'node_modules/.cache', `n8n-package-${process.pid}`);
  rmSync(out, { recursive: true, force: true });
  const files = ['credentials', 'nodes'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      path.join(folder, file),
    ),
  );
  for (const file of files.filter((name) => path.extname(name) !== '')) {
    const target = path.join(out, file.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(target), { recursive: true });
    if (file.endsWith('.ts')) writeFileSync(target, transpiled(file));
    else cpSync(path.join(ROOT, file), target);
  }
  const named = (ending: string) =>
    files.filter((file) => file.endsWith(ending)).map((file) => file.replace(/\.ts$/, '.js'));
  writeFileSync(
    path.join(out, 'package.json'),
    JSON.stringify({
      name: 'n8n-nodes-integration-hub',
      version: '0.0.0',
      n8n: { credentials: named('.credentials.ts'), nodes: named('.node.ts') },
    }),
  );
  return out;
}

const transpiled = (file: string) =>
  ts.transpileModule(readFileSync(path.join(ROOT, file), 'utf8'), {
    fileName: file,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  }).outputText;
