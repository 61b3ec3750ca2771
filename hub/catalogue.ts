/**
 * The integrations there are: every file directly in `integrations/`, found by its being there and checked
 * as it is loaded, so that a mistake in a definition stops the start and names its file and field.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Integration, JsonSchema, StaticCredentials } from '../integrations/definition/integration.ts';
import { definitionProblems } from './catalogue-check.ts';
import { createValidator, type Checked, type FieldProblem } from './catalogue-validator.ts';

export type Refused = { ok: false; errors: FieldProblem[] };

/** `built_in`: comes with the hub; `file`: of HUB_INTEGRATIONS_DIR; `api`: made with POST /api/integrations. */
export type Source = 'built_in' | 'file' | 'api';

/** An integration of somebody's own. */
export type Own = { integration: Integration; source: Exclude<Source, 'built_in'>; deleted: boolean };

export type Catalogue = {
  list: () => Integration[];
  /** Also one that is deleted: connections may be left of it. */
  get: (id: string) => Integration | undefined;
  /** Of one that may be connected; undefined: there is none, or it is deleted. */
  sourceOf: (id: string) => Source | undefined;
  /** Those of somebody's own, in the place of all that were there. Ids of the others stay theirs. */
  replaceOwn: (own: readonly Own[]) => void;
  /** Whether they were read at all; until then nobody can say that there is no such integration. */
  ownAreRead: () => boolean;
  /** Defaults are filled into a copy; `value` stays as it is. */
  validateConfig: (
    integration: Integration,
    value: unknown,
  ) => { ok: true; config: Record<string, unknown> } | Refused;
  validateCredentials: (
    integration: Integration,
    type: StaticCredentials['type'],
    value: unknown,
  ) => { ok: true; fields: Record<string, string> } | Refused;
  validateAppSettings: (
    integration: Integration,
    value: unknown,
  ) => { ok: true; settings: Record<string, unknown> } | Refused;
  /** Names of the app settings that are sealed and never shown. */
  secretSettings: (integration: Integration) => string[];
};

const FOLDER = fileURLToPath(new URL('../integrations/', import.meta.url));
// `.ts` as it is written, `.js` once it is compiled.
const EXTENSION = path.extname(fileURLToPath(import.meta.url));
const NOTHING_ALLOWED: JsonSchema = { type: 'object', additionalProperties: false, properties: {} };

/** @throws Error with one line per problem, each naming the file and the field */
export async function loadCatalogue(folder: string = FOLDER): Promise<Catalogue> {
  const files = (await readdir(folder)).filter(isDefinition).sort();
  const problems: string[] = [];
  const integrations: Integration[] = [];
  for (const file of files) {
    const module: unknown = await import(pathToFileURL(path.join(folder, file)).href);
    const integration = exportedIntegration(module);
    if (integration === undefined) problems.push(`${file}: must export a const named integration`);
    else if (`${integration.id}${EXTENSION}` !== file)
      problems.push(`${file}: id: must be the file's name, not "${integration.id}"`);
    else integrations.push(integration);
  }
  problems.push(...problemsOf(integrations));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return catalogueOf(integrations);
}

/** For tests and for integrations that are not files. @throws Error with one line per problem */
export function createCatalogue(integrations: readonly Integration[]): Catalogue {
  const problems = problemsOf(integrations);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return catalogueOf(integrations);
}

function isDefinition(file: string): boolean {
  return path.extname(file) === EXTENSION && !file.endsWith('.d.ts') && !file.endsWith(`.test${EXTENSION}`);
}

function exportedIntegration(module: unknown): Integration | undefined {
  const found = (module as { integration?: Integration }).integration;
  return typeof found === 'object' && found !== null ? found : undefined;
}

function problemsOf(integrations: readonly Integration[]): string[] {
  const ids = integrations.map(({ id }) => id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [
    ...twice.map((id) => `${id}${EXTENSION}: id: is used twice`),
    ...integrations.flatMap((integration) =>
      definitionProblems(integration).map((problem) => `${integration.id}${EXTENSION}: ${problem}`),
    ),
  ];
}

function catalogueOf(integrations: readonly Integration[]): Catalogue {
  const builtIn = new Map(integrations.map((integration) => [integration.id, integration]));
  let own: ReadonlyMap<string, Own> | null = null;
  // It keeps what it has compiled, and what was replaced must not be kept.
  let validate = createValidator();
  return {
    list: () => [
      ...builtIn.values(),
      ...[...(own?.values() ?? [])].filter(({ deleted }) => !deleted).map(({ integration }) => integration),
    ],
    get: (id) => builtIn.get(id) ?? own?.get(id)?.integration,
    sourceOf: (id) => {
      if (builtIn.has(id)) return 'built_in';
      const found = own?.get(id);
      return found?.deleted ? undefined : found?.source;
    },
    replaceOwn(list) {
      own = new Map(
        list
          .filter(({ integration }) => !builtIn.has(integration.id))
          .map((one) => [one.integration.id, one]),
      );
      validate = createValidator();
    },
    ownAreRead: () => own !== null,
    validateConfig(integration, value) {
      const checked = validate(integration.configSchema, value, { secret: false });
      return checked.ok ? { ok: true, config: checked.value } : checked;
    },
    validateCredentials(integration, type, value) {
      const schema = integration.authTypes.includes(type) && integration.credentialSchemas[type];
      if (!schema)
        return {
          ok: false,
          errors: [{ path: '', message: `${integration.name} takes no credentials of the type ${type}` }],
        };
      return fieldsOf(validate(schema, value, { secret: true }));
    },
    validateAppSettings(integration, value) {
      const schema = integration.appSettingsSchema ?? NOTHING_ALLOWED;
      const checked = validate(schema, value, { secret: true });
      return checked.ok ? { ok: true, settings: checked.value } : checked;
    },
    secretSettings: ({ appSettingsSchema }) => writeOnlyNames(appSettingsSchema),
  };
}

/** The check at load has seen to it that credential fields are texts. */
function fieldsOf(checked: Checked): { ok: true; fields: Record<string, string> } | Refused {
  return checked.ok ? { ok: true, fields: checked.value as Record<string, string> } : checked;
}

function writeOnlyNames(schema: JsonSchema | undefined): string[] {
  const properties = (schema?.['properties'] ?? {}) as Record<string, JsonSchema>;
  return Object.keys(properties).filter((name) => properties[name]?.['writeOnly'] === true);
}
