/**
 * JSON Schema read for a form: what is asked, and what is surely wrong with an answer. The hub judges in the end; a
 * validator that compiles schemas to code has no place under a policy without `unsafe-eval`.
 */
import { t } from '../texts.ts';

export type Property = {
  name: string;
  title: string;
  description: string | undefined;
  kind: 'text' | 'secret' | 'choice' | 'integer' | 'number' | 'boolean' | 'lines' | 'json';
  required: boolean;
  choices: string[];
  fallback: unknown;
  example: string | undefined;
  pattern: RegExp | null;
  least: number | undefined;
  most: number | undefined;
  shortest: number | undefined;
};

type Schema = Record<string, unknown>;
const record = (value: unknown): Schema =>
  typeof value === 'object' && value !== null ? (value as Schema) : {};
const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const numeric = (value: unknown) => (typeof value === 'number' ? value : undefined);

export function propertiesOf(schema: unknown): Property[] {
  const { properties, required } = record(schema);
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(record(properties)).map(([name, given]) => {
    const one = record(given);
    const items = record(one['items']);
    return {
      name,
      title: text(one['title']) ?? name,
      description: text(one['description']),
      kind: kindOf(one, items),
      required: needed.includes(name),
      choices: Array.isArray(one['enum']) ? one['enum'].filter((choice) => typeof choice === 'string') : [],
      fallback: one['default'],
      example: Array.isArray(one['examples']) ? text(one['examples'][0]) : undefined,
      pattern: patternOf(text(one['pattern']) ?? text(items['pattern'])),
      least: numeric(one['minimum']),
      most: numeric(one['maximum']),
      shortest: numeric(one['minLength']),
    };
  });
}

function kindOf(one: Schema, items: Schema): Property['kind'] {
  if (one['writeOnly'] === true) return 'secret';
  if (Array.isArray(one['enum']) && one['enum'].every((choice) => typeof choice === 'string'))
    return 'choice';
  if (one['type'] === 'string') return 'text';
  if (one['type'] === 'integer' || one['type'] === 'number' || one['type'] === 'boolean') return one['type'];
  if (one['type'] === 'array' && items['type'] === 'string') return 'lines';
  return 'json';
}

/** A pattern that this browser does not understand is the hub's to judge. */
function patternOf(source: string | undefined): RegExp | null {
  try {
    return source === undefined ? null : new RegExp(source, 'u');
  } catch {
    return null;
  }
}

/** Every field as it is typed; booleans as 'true' and 'false'. */
export type Typed = Record<string, string>;

export function typedFrom(properties: readonly Property[], values: Record<string, unknown>): Typed {
  return Object.fromEntries(
    properties.map(({ name, kind, fallback }) => {
      const value = values[name] ?? fallback;
      if (value === undefined || kind === 'secret') return [name, ''];
      if (typeof value === 'string') return [name, value];
      if (kind === 'lines' && Array.isArray(value)) return [name, value.join('\n')];
      return [name, JSON.stringify(value, null, 2)];
    }),
  );
}

export type Read = { values: Record<string, unknown>; faults: Record<string, string> };

/** What is empty is left out: the hub then takes what is usual. */
export function read(properties: readonly Property[], typed: Typed): Read {
  const values: Record<string, unknown> = {};
  const faults: Record<string, string> = {};
  for (const property of properties) {
    const { name, kind } = property;
    const value = kind === 'secret' || kind === 'text' ? (typed[name] ?? '').trim() : (typed[name] ?? '');
    if (value.trim() === '') {
      if (property.required) faults[name] = t.form.required;
      continue;
    }
    const [made, fault] = readOne(property, value);
    if (fault !== undefined) faults[name] = fault;
    else values[name] = made;
  }
  return { values, faults };
}

function readOne(property: Property, value: string): [made: unknown, fault?: string] {
  const { kind, pattern, least = -Infinity, most = Infinity, shortest = 0 } = property;
  switch (kind) {
    case 'boolean':
      return [value === 'true'];
    case 'integer':
    case 'number': {
      const number = Number(value);
      if (!Number.isFinite(number) || (kind === 'integer' && !Number.isInteger(number)))
        return [null, t.form.number];
      return number < least || number > most ? [null, t.form.between(String(least), String(most))] : [number];
    }
    case 'lines': {
      const lines = [...new Set(value.split(/\s+/).filter(Boolean))];
      return lines.every((line) => pattern?.test(line) ?? true) ? [lines] : [null, t.form.pattern];
    }
    case 'json':
      try {
        return [JSON.parse(value) as unknown];
      } catch {
        return [null, t.form.json];
      }
    default:
      if (value.length < shortest) return [null, t.form.tooShort(shortest)];
      return (pattern?.test(value) ?? true) ? [value] : [null, t.form.pattern];
  }
}

/** The API's errors of one part of a body, by field: `/config/domain` is `domain`'s. */
export function faultsUnder(
  part: string,
  errors: readonly { path: string; message: string }[],
): Record<string, string> {
  return Object.fromEntries<string>(
    errors
      .filter(({ path }) => path.startsWith(`${part}/`))
      .map(({ path, message }) => [path.slice(part.length + 1).split('/')[0] ?? '', message] as const)
      .reverse(),
  );
}
