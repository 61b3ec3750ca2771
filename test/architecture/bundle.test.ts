/** What is bundled is replayed: the workflows' bundle holds the workflows and the SDK, and nothing that does something. */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../hub/log.ts';
import { workflowBundle } from '../../hub/temporal/bundle.ts';

it("the workflows' bundle holds no module of the hub, the integrations or their packages", async () => {
  const { code } = await workflowBundle(createLogger('silent'));
  const modules = [...code.matchAll(/^\s*\/\*\*\*\/ ["'](\.[^"']+)["']/gm)].map(([, name]) => name ?? '');
  const own = modules.filter((name) => !name.includes('node_modules'));
  expect(own.filter((name) => name.startsWith('./workflows/')).length).toBeGreaterThan(5);
  expect(own.filter((name) => !/^\.\/workflows\/|failure-converter|^\.\/node_modules/.test(name))).toEqual(
    [],
  );
  const packages = modules.flatMap((name) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? []);
  expect(
    [...new Set(packages)].filter((name) => /drizzle|postgres|undici|fastify|grant|pino/.test(name)),
  ).toEqual([]);
});

it('is made once, and anew where a workflow has changed', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'bundle-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const project = path.join(import.meta.dirname, '../..');
  for (const part of ['workflows', 'hub/temporal/failure-converter.ts', 'package-lock.json'])
    cpSync(path.join(project, part), path.join(root, part), { recursive: true });
  const keptIn = path.join(root, 'node_modules/.cache/workflows');
  mkdirSync(keptIn, { recursive: true });
  symlinkSync(path.join(project, 'node_modules/@temporalio'), path.join(root, 'node_modules/@temporalio'));
  const log = createLogger('silent');

  const { code } = await workflowBundle(log, undefined, root);
  const [first = ''] = readdirSync(keptIn);
  // Whoever makes it again would not find this in it.
  appendFileSync(path.join(keptIn, first), '// kept');
  expect(await workflowBundle(log, undefined, root)).toEqual({ code: `${code}// kept` });

  appendFileSync(path.join(root, 'workflows/outcome.ts'), '\nexport const CHANGED = true;\n');
  expect((await workflowBundle(log, undefined, root)).code).toContain('CHANGED');
  expect(readdirSync(keptIn)).toHaveLength(2);
});
