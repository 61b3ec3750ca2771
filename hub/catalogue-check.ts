/** Whether a definition keeps to what the hub relies on; told as `field: problem`. */
import type { Example, Integration, JsonSchema } from '../integrations/definition/integration.ts';
import { createAjv, createValidator } from './catalogue-validator.ts';
import { pathProblem } from './proxy/target.ts';

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
// One label alone is a name of a private network, and `*.` stands in front of two or more.
const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const HOST = new RegExp(`^(?:\\*\\.${LABEL}(?:\\.${LABEL})+|${LABEL}(?:\\.${LABEL})*)(?::\\d{2,5})?$`);

export function definitionProblems(integration: Integration): string[] {
  const { id, authTypes, credentialSchemas, hosts, logo, oauth } = integration;
  const staticTypes = authTypes.filter((type) => type !== 'oauth2');
  return [
    ...unless(ID.test(id), `id: must be words of small letters and digits joined by -`),
    ...(['name', 'description', 'docsUrl'] as const).flatMap((name) =>
      unless(integration[name].trim() !== '', `${name}: must not be empty`),
    ),
    ...unless(integration.capabilities.length > 0, 'capabilities: must name at least one'),
    ...unless(authTypes.length > 0, 'authTypes: must name at least one'),
    ...unless(
      (oauth !== undefined) === authTypes.includes('oauth2'),
      'oauth: must be there when authTypes names oauth2, and only then',
    ),
    ...staticTypes.flatMap((type) =>
      unless(credentialSchemas[type] !== undefined, `credentialSchemas.${type}: is missing`),
    ),
    ...unless(hosts.length > 0, 'hosts: must name at least one'),
    ...hosts.flatMap((host) => unless(HOST.test(host), `hosts: "${host}" is no host name`)),
    ...unless(isPlainSvg(logo), 'logo: must be an SVG document without scripts and outside references'),
    ...exampleProblems(integration.examples ?? []),
    ...schemaProblems('configSchema', integration.configSchema),
    ...(integration.appSettingsSchema
      ? schemaProblems('appSettingsSchema', integration.appSettingsSchema)
      : []),
    ...Object.entries(credentialSchemas).flatMap(([type, schema]) =>
      credentialProblems(`credentialSchemas.${type}`, schema),
    ),
    ...emptyConfigProblems(integration.configSchema),
  ];
}

function unless(condition: boolean, problem: string): string[] {
  return condition ? [] : [problem];
}

function exampleProblems(examples: readonly Example[]): string[] {
  const ids = examples.map(({ id }) => id);
  return examples.flatMap(({ id, title, path }, index) => [
    ...unless(ID.test(id) && ids.indexOf(id) === index, `examples: "${id}": must be an id of its own`),
    ...unless(title.trim() !== '', `examples: ${id}: title: must not be empty`),
    ...unless(
      path !== '' && pathProblem(path) === null,
      `examples: ${id}: path: must stay under the API's base`,
    ),
  ]);
}

/** The page shows logos: one that could run or load something is refused. */
function isPlainSvg(logo: string): boolean {
  return (
    /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/.test(logo) &&
    logo.endsWith('</svg>') &&
    !/<script|<foreignObject|<!|<\?|\son\w+\s*=|href|url\s*\(|javascript:/i.test(logo)
  );
}

function schemaProblems(field: string, schema: JsonSchema): string[] {
  if (schema['type'] !== 'object') return [`${field}: type: must be object`];
  if (schema['additionalProperties'] !== false)
    return [`${field}: additionalProperties: must be false, so that a mistyped name is noticed`];
  try {
    createAjv().compile(schema);
    return defaultProblems(field, schema);
  } catch (error) {
    return [`${field}: ${error instanceof Error ? error.message : 'does not compile'}`];
  }
}

/** Each default against its own property: Ajv fills them in without looking. */
function defaultProblems(field: string, schema: JsonSchema): string[] {
  const ajv = createAjv({ useDefaults: false });
  return Object.entries(propertiesOf(schema)).flatMap(([name, property]) => {
    if (!Object.hasOwn(property, 'default')) return [];
    return unless(ajv.compile(property)(property['default']), `${field}: ${name}: its default is not valid`);
  });
}

function credentialProblems(field: string, schema: JsonSchema): string[] {
  const problems = schemaProblems(field, schema);
  const texts = Object.entries(propertiesOf(schema)).flatMap(([name, property]) =>
    unless(property['type'] === 'string', `${field}: ${name}: must be of the type string`),
  );
  return [...problems, ...texts];
}

function emptyConfigProblems(schema: JsonSchema): string[] {
  try {
    return unless(
      createValidator()(schema, {}, { secret: false }).ok,
      'configSchema: must accept an empty configuration',
    );
  } catch {
    return []; // told by schemaProblems
  }
}

function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}
