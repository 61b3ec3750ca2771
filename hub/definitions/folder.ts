/** Definitions that an operator keeps as files: every `*.json` of HUB_INTEGRATIONS_DIR, read once at the start. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { compileDefinition } from './compile.ts';
import type { Definition } from './schema.ts';

/**
 * @param taken ids that come with the hub
 * @throws Error with one line per problem, each naming the file and the place in it
 */
export async function readDefinitions(
  folder: string | null,
  taken: (id: string) => boolean,
): Promise<Definition[]> {
  if (folder === null) return [];
  const files = await readdir(folder).catch((error: unknown) => {
    throw new Error(`HUB_INTEGRATIONS_DIR: ${folder} cannot be read (${codeOf(error)})`);
  });
  const problems: string[] = [];
  const definitions: Definition[] = [];
  for (const file of files.filter((name) => name.endsWith('.json')).sort()) {
    const told = (problem: string) => problems.push(`${path.join(folder, file)}: ${problem}`);
    const value = parse(await readFile(path.join(folder, file), 'utf8'));
    if (value === undefined) {
      told('is not JSON');
      continue;
    }
    const compiled = compileDefinition(value, null);
    if (!compiled.ok)
      for (const { path: place, message } of compiled.errors) told(`${place || '/'} ${message}`);
    else if (taken(compiled.definition.id)) told('/id is that of an integration that comes with the hub');
    else if (definitions.some(({ id }) => id === compiled.definition.id)) told('/id is that of another file');
    else definitions.push(compiled.definition);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return definitions;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
