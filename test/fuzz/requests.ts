/** Requests of an operation as its OpenAPI description has them: as it wants them, almost so, and not at all. */
import fc from 'fast-check';
import type { Json } from '../setup/client.ts';

export type Operation = { method: string; path: string; description: Json };
export type FuzzedRequest = {
  method: string;
  /** With its query, percent-encoded. */
  target: string;
  headers: Record<string, string>;
  body: Buffer | null;
};

/** Ids by the name of their parameter or field, so that a request meets something. */
export type Known = Readonly<Record<string, readonly string[]>>;

const ODD_TEXTS = [
  ...[
    '',
    ' ',
    '\0',
    '\ud800',
    '\uffff',
    'a\nb',
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    '%00',
  ],
  ...[
    "'; drop table connections; --",
    '${7*7}',
    '{{7*7}}',
    '<script>alert(1)</script>',
    '😀',
    'NaN',
    '-1',
    '1e999',
  ],
  ...[
    'x'.repeat(10_000),
    'A'.repeat(201),
    '2026-13-45T99:99:99Z',
    'null',
    'undefined',
    '[object Object]',
    '٣',
  ],
];
// Loopback or none: nothing outside of this machine is ever asked.
const ODD_URLS = [
  ...[
    'http://127.0.0.1:9/x',
    'http://localhost:9',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '//127.0.0.1',
    'http://',
  ],
  ...[
    'http://u:p@127.0.0.1:9/',
    'http://127.0.0.1:99999/',
    'http://[::1',
    'data:text/html,x',
    'http:\\\\127.0.0.1',
    ' ',
  ],
];
const oddText = fc.constantFrom(...ODD_TEXTS);
const odd: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.constantFrom<unknown>(null, true, -1, 1.5, 1e308, 2 ** 53, [], {}, [[[]]], [null]),
  fc.constantFrom<unknown>(...ODD_URLS),
  fc.jsonValue({ maxDepth: 2 }),
  fc.constant(Array.from({ length: 3_000 }, (_, i) => i)),
  fc.constant(
    JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown,
  ),
);

/** What fits a schema, as far as this project's schemas go. */
export function fitting(schema: Json, root: Json, known: Known, name = ''): fc.Arbitrary<unknown> {
  if (schema === true || schema === undefined || Object.keys(schema).length === 0)
    return fc.jsonValue({ maxDepth: 2 });
  const inner = (one: Json, of = name) => fitting(one, root, known, of);
  if (schema.$ref) return inner(at(root, schema.$ref));
  if (schema.const !== undefined) return fc.constant(schema.const as unknown);
  if (schema.enum) return fc.constantFrom(...(schema.enum as unknown[]));
  const choices = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (choices) return fc.oneof(...choices.map((one) => inner(one)));
  switch (schema.type) {
    case 'object': {
      const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>);
      const requiredKeys = (schema.required ?? []) as string[];
      const named = fc.record(Object.fromEntries(properties.map(([key, one]) => [key, inner(one, key)])), {
        requiredKeys,
        noNullPrototype: true,
      });
      const others =
        Object.values((schema.patternProperties ?? {}) as Record<string, Json>)[0] ??
        schema.additionalProperties;
      if (others === false || properties.length > 0) return named;
      return fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,8}$/), inner(others), {
        maxKeys: 4,
        noNullPrototype: true,
      });
    }
    case 'array':
      return fc.array(inner(schema.items), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, 3),
      });
    case 'integer':
      return fc.integer({
        min: schema.minimum ?? -1000,
        max: Math.max(schema.maximum ?? 1000, schema.minimum ?? 0),
      });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1000, max: schema.maximum ?? 100_000, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return text(schema, known[name] ?? []);
  }
}

function text(schema: Json, known: readonly string[]): fc.Arbitrary<string> {
  if (known.length > 0) return fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 4 }, oddText);
  if (schema.format === 'date-time')
    return fc
      .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (schema.format === 'uri') return fc.constantFrom('http://127.0.0.1:9/hook', 'http://localhost:9/a?b=c');
  if (schema.format === 'email') return fc.constantFrom('ada@example.com', 'grace@example.com');
  if (schema.pattern)
    return fc.oneof(
      { arbitrary: fc.stringMatching(new RegExp(schema.pattern as string)), weight: 3 },
      oddText,
    );
  const [minLength, maxLength] = [schema.minLength ?? 0, Math.min(schema.maxLength ?? 40, 300)];
  return fc.string({ unit: 'binary', minLength, maxLength: Math.max(minLength, maxLength) });
}

const at = (root: Json, ref: string): Json =>
  ref
    .split('/')
    .slice(1)
    .reduce((value: Json, step) => value?.[step], root);

/** The same with something odd in one of its places. */
const damaged = (given: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(given, odd, fc.nat(), fc.constantFrom('put', 'add', 'drop')).map(([value, oddity, index, how]) => {
    const copy = structuredClone(value);
    const holders = holdersIn(copy);
    const holder = holders[index % Math.max(1, holders.length)];
    if (holder === undefined) return oddity;
    const names = Object.keys(holder);
    const name = how === 'add' || names.length === 0 ? 'unheardOf' : (names[index % names.length] ?? '');
    if (how === 'drop') Reflect.deleteProperty(holder, name);
    else (holder as Record<string, unknown>)[name] = oddity;
    return copy;
  });

function holdersIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(holdersIn)];
}

const RAW_BODIES = [
  ...[
    '',
    '{',
    '[]',
    'null',
    '"text"',
    '5',
    '{"a":1,"a":2}',
    '\ufeff{}',
    '{"a":\u0000}',
    '{"__proto__":{"x":1}}',
  ],
  ...[
    '{"name":"\\ud800"}',
    '{"name":"\\u0000"}',
    '{"a":1e999}',
    `{"a":${'9'.repeat(5_000)}}`,
    'a=b&c=d',
    '<xml/>',
  ],
  ...[
    '['.repeat(60_000),
    `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
    `{${'"k":1,'.repeat(20_000)}"k":1}`,
  ],
  ...[`{"a":"${'x'.repeat(300_000)}"}`, `[${'1,'.repeat(100_000)}1]`],
].map((body) => Buffer.from(body));
const CONTENT_TYPES = [
  ...[
    'application/json',
    'application/json; charset=utf-16',
    'text/plain',
    'application/xml',
    'multipart/form-data',
  ],
  ...[
    'application/x-www-form-urlencoded',
    '',
    'application/json;;;',
    'APPLICATION/JSON',
    'application/problem+json',
  ],
];

/** @param known ids that are there */
export function requestsOf(
  { method, path, description }: Operation,
  root: Json,
  known: Known,
): fc.Arbitrary<FuzzedRequest> {
  const parameters = (description.parameters ?? []) as Json[];
  const inPath = parameters.filter((one) => one.in === 'path');
  const inQuery = parameters.filter((one) => one.in === 'query');
  const inHeaders = parameters.filter((one) => one.in === 'header');
  const group = /^\/api\/([a-z-]+)/.exec(path)?.[1] ?? '';
  const ids = { ...known, id: known[group] ?? [] };
  const oneOf = (list: Json[], of: Known) =>
    fc.record(
      Object.fromEntries(
        list.map(({ name, schema }) => [name as string, fitting(schema, root, of, name as string)]),
      ),
      {
        noNullPrototype: true,
        requiredKeys: list.filter(({ required }) => required === true).map(({ name }) => name as string),
      },
    );
  const jsonSchema = description.requestBody?.content?.['application/json']?.schema;
  const fit = jsonSchema === undefined ? null : fitting(jsonSchema, root, known);
  const json = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '');
  const body: fc.Arbitrary<Buffer | null> =
    fit === null
      ? fc.oneof({ arbitrary: fc.constant(null), weight: 6 }, fc.constantFrom(...RAW_BODIES))
      : fc.oneof(
          { arbitrary: fit.map(json), weight: 4 },
          { arbitrary: damaged(fit).map(json), weight: 6 },
          fc.constantFrom(...RAW_BODIES),
          fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
        );
  return fc
    .record({
      path: fc.oneof(
        { arbitrary: oneOf(inPath, ids), weight: 4 },
        oneOf(inPath, {}),
        fc.dictionary(fc.constantFrom('id', ...inPath.map(({ name }) => name as string)), oddText),
      ),
      query: oneOf(inQuery, known),
      oddQuery: fc.option(
        fc.constantFrom(
          'limit=1&limit=2',
          '__proto__=x',
          'a[b]=c',
          '%',
          'limit=%ff',
          'cursor=%00',
          'cursor=AA',
          'limit=1e9',
          '&&&=',
          `q=${'x'.repeat(7_000)}`,
        ),
        { freq: 4 },
      ),
      headers: oneOf(inHeaders, known),
      body,
      type: fc.oneof(
        { arbitrary: fc.constant('application/json'), weight: 8 },
        fc.constantFrom(...CONTENT_TYPES),
      ),
      method: fc.oneof(
        { arbitrary: fc.constant(method), weight: 30 },
        fc.constantFrom('PUT', 'PATCH', 'OPTIONS', 'HEAD'),
      ),
    })
    .map((parts) => {
      const values = parts.path as Record<string, unknown>;
      const address = path.replace(/{(\w+)}/g, (_all, name: string) => encoded(values[name] ?? 'none'));
      const query = Object.entries(parts.query as Record<string, unknown>).flatMap(([name, value]) =>
        [value].flat().map((one) => `${name}=${encoded(one)}`),
      );
      const search = [...query, ...(parts.oddQuery === null ? [] : [parts.oddQuery])].join('&');
      const sent = ['GET', 'HEAD'].includes(parts.method) ? null : parts.body;
      return {
        method: parts.method,
        target: search === '' ? address : `${address}?${search}`,
        headers: {
          ...Object.fromEntries(
            Object.entries(parts.headers as object).map(([name, value]) => [name, headerText(value)]),
          ),
          ...(sent === null || parts.type === '' ? {} : { 'content-type': parts.type }),
        },
        body: sent,
      };
    });
}

const encoded = (value: unknown) => encodeURIComponent(String(value).toWellFormed());
const headerText = (value: unknown) =>
  String(value)
    .replace(/[^\x21-\x7e]/g, '')
    .slice(0, 2_000);
