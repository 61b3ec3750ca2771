/** What is bundled is replayed: the workflows' bundle holds the workflows and the SDK, and nothing that does something. */
import { readFileSync } from 'node:fs';
import { expect, inject, it } from 'vitest';

it("the workflows' bundle holds no module of the hub, the integrations or their packages", () => {
  const code = readFileSync(inject('workflowBundle'), 'utf8');
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
