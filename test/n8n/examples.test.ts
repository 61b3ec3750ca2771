/** The workflows to import name nodes and operations that there are. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Json } from '../setup/client.ts';
import { operationsOf } from '../nodes/operations-of.ts';
import { nodeNames } from '../setup/n8n.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../examples/n8n');
const PACKAGE = 'n8n-nodes-integration-hub.';

it.each(readdirSync(FOLDER))('%s', async (file) => {
  const { name, nodes, connections } = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'));
  expect(name).toEqual(expect.any(String));
  const names = nodes.map((node: Json) => node.name as string);
  const ends = Object.values<Json>(connections).flatMap((outputs) => Object.values<Json>(outputs).flat(2));
  for (const end of [...Object.keys(connections as object), ...ends.map(({ node }) => node as string)])
    expect(names).toContain(end);

  const ours = nodes.filter(({ type }: Json) => type.startsWith(PACKAGE));
  expect(ours.length).toBeGreaterThan(0);
  for (const { type, parameters, credentials } of ours) {
    // n8n makes a tool of each node that may be one, under this name.
    const node = type.slice(PACKAGE.length).replace(/Tool$/, '') as string;
    expect(await nodeNames()).toContain(node);
    expect(credentials).toBeUndefined();
    if (parameters.resource)
      expect(await operationsOf(node)).toContain(`${parameters.resource}/${parameters.operation}`);
  }
});
