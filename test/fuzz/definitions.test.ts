/** Definitions of integrations that anybody could have written: refused with a place, or harmless. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../hub/catalogue.ts';
import { compileDefinition } from '../../hub/definitions/compile.ts';
import { textAt } from '../../hub/definitions/classification.ts';
import { compileTemplate, TemplateError } from '../../hub/definitions/template.ts';
import { HubError } from '../../hub/errors.ts';
import type { Connected, Integration } from '../../integrations/definition/integration.ts';
import './seed.ts';

const EXAMPLES = path.join(import.meta.dirname, '../../examples/integrations');
const examples = readdirSync(EXAMPLES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(path.join(EXAMPLES, file), 'utf8')) as unknown);

const NASTY = [
  ...['{{', '{{ x', '{{ config.region }}', '{{ config.__proto__ }}', '{% raw %}', '{{ "a" | hex | hex }}'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '/__proto__/x',
    '/constructor/name',
    '~',
    '/~2',
    '(',
    '(a+)+$',
    '(?=x)',
  ],
  ...['https://127.0.0.1', 'file:///etc/passwd', 'https://u:p@h', '', '\0', '\ud800', 'x'.repeat(5_000)],
];
const nasty = fc.oneof(
  { arbitrary: fc.constantFrom<unknown>(...NASTY), weight: 3 },
  fc.constantFrom<unknown>(
    null,
    -1,
    0,
    1e308,
    true,
    [],
    {},
    [[]],
    { $ref: '#' },
    { $ref: 'https://e.example/s' },
  ),
  fc.constantFrom<unknown>(
    { $id: 'x', type: 'string' },
    { type: 'string', pattern: '(a|a)*$' },
    { $async: true },
  ),
  fc.constantFrom<unknown>(
    { type: 'string', default: 5 },
    { allOf: [{ $ref: '#/properties/x' }] },
    { type: 'nope' },
  ),
  fc.jsonValue(),
);

/** Every place of a JSON value. */
function placesIn(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, one]) => placesIn(one, [...at, name]))];
}

function changed(
  value: unknown,
  at: readonly (string | number)[],
  to: unknown,
  name: string | null,
): unknown {
  const copy = structuredClone(value);
  let inner = copy as Record<string | number, unknown>;
  for (const step of at.slice(0, -1)) inner = inner[step] as Record<string | number, unknown>;
  const last = at.at(-1);
  if (last === undefined) return to;
  if (name === null) inner[last] = to;
  else
    Object.defineProperty(inner, name, { value: to, enumerable: true, configurable: true, writable: true });
  return copy;
}

const mutated = fc.constantFrom(...examples).chain((example) =>
  fc
    .array(
      fc.tuple(
        fc.constantFrom(...placesIn(example)),
        nasty,
        fc.option(fc.constantFrom('__proto__', 'x', 'constructor'), { freq: 4 }),
      ),
      {
        minLength: 1,
        maxLength: 2,
      },
    )
    .map((changes) =>
      changes.reduce((value: unknown, [at, to, name]) => {
        try {
          return JSON.parse(JSON.stringify(changed(value, at, to, name) ?? null)) as unknown;
        } catch {
          return value;
        }
      }, example),
    ),
);

const withText = (text: string): Connected => ({
  config: Object.fromEntries(['region', 'x'].map((name) => [name, text])),
  settings: {},
  endpoints: {},
  app: { clientId: 'c', clientSecret: 's' },
  credentials: { type: 'custom', fields: { key: text, secret: text } },
});

/** Only refusals, whatever it is asked. */
function work(integration: Integration, connected: Connected): void {
  const call = {
    method: 'GET',
    host: 'h',
    target: '/x?y',
    body: Buffer.alloc(10),
    at: new Date(0),
    nonce: 'n',
  };
  for (const ask of [
    () => integration.apiBaseUrl(connected),
    () => integration.oauth?.authorizeUrl(connected),
    () => integration.oauth?.tokenUrl(connected),
    () => integration.oauth?.authorizeParams?.(connected),
    () => integration.authenticate?.(connected),
    () => integration.headers?.(connected),
    () => integration.sign?.(connected, call),
    () => integration.probe(connected),
    () => integration.account({ id: 1, name: { __proto__: null } }, connected),
    () => integration.classify?.({ status: 503, headers: {}, body: { error: 'x' } }),
  ])
    try {
      ask();
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
    }
}

describe('a definition', () => {
  it('with anything in any place is refused with the place, or is an integration that works and harms nobody', () => {
    let taken = 0;
    fc.assert(
      fc.property(
        fc.oneof({ arbitrary: mutated, weight: 9 }, fc.jsonValue(), fc.anything()),
        fc.string({ unit: 'binary' }),
        (value, text) => {
          const compiled = compileDefinition(value, null);
          if (!compiled.ok) {
            expect(compiled.errors.length).toBeGreaterThan(0);
            for (const { path: at, message } of compiled.errors) {
              expect(at === '' || at.startsWith('/')).toBe(true);
              expect(message).toMatch(/\S/);
            }
            return;
          }
          taken++;
          work(compiled.integration, withText(text));
          const down = compiled.integration.classify?.({
            status: 500,
            headers: {},
            body: { error: 'invalid_grant' },
          });
          expect(down?.kind).not.toBe('credential_revoked');
          const catalogue = createCatalogue([compiled.integration]);
          catalogue.validateConfig(compiled.integration, { region: text, x: {} });
          for (const type of compiled.integration.authTypes.filter((one) => one !== 'oauth2'))
            catalogue.validateCredentials(compiled.integration, type, { apiKey: text, username: text });
        },
      ),
      { numRuns: 600 },
    );
    expect(taken).toBeGreaterThan(50);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('a pattern of a definition', () => {
  const withPattern = (pattern: string) => ({
    ...(examples[0] as object),
    auth: { api_key: { pattern } },
    config: { region: { type: 'string', pattern } },
    account: undefined,
    appSettings: undefined,
  });
  const compile = (pattern: string) =>
    compileDefinition(JSON.parse(JSON.stringify(withPattern(pattern))) as unknown, null);

  it.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '^(.*)*x$', '^([a-z]+)+\\d$', '(x+x+)+y', '^(\\w+\\s?)*$'])(
    'is matched in time that grows with the text and not with its powers: %s',
    (pattern) => {
      const compiled = compile(pattern);
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
      const { integration } = compiled;
      // In an engine that backtracks, the thirtieth letter takes a minute and the fortieth a day.
      const evil = `${'a'.repeat(4_000)}!`;
      const checked = createCatalogue([integration]).validateConfig(integration, { region: evil });
      expect(checked.ok).toBe(false);
    },
  );

  it.each(['(?=a)b', '(?<!a)b', '(a)\\1', 'a{1,5000}'])(
    'that no engine without backtracking can match is refused where it is, and why: %s',
    (pattern) => {
      const compiled = compile(pattern);
      expect(compiled).toMatchObject({ ok: false });
      const errors = compiled.ok ? [] : compiled.errors;
      expect(errors.map(({ path: at }) => at).sort()).toEqual([
        '/auth/api_key/pattern',
        '/config/region/pattern',
      ]);
      for (const { message } of errors) expect(message).toMatch(/^cannot be used as a pattern: /);
    },
  );

  it('of JavaScript’s own writing is understood', () => {
    for (const pattern of [
      '^[\\u0041-\\u005a]+$',
      '^\\/v\\d+$',
      '^[\\w-]{1,64}$',
      '^\\cI?x$',
      '^(?<year>\\d{4})$',
    ])
      expect(compile(pattern), pattern).toMatchObject({ ok: true });
  });
});

describe('a template', () => {
  const piece = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{%',
      '%}',
      ' config.region ',
      'config',
      '.',
      '[0]',
      '["__proto__"]',
      '|',
      ' hex',
      ' base64',
      ' sha256',
    ],
    ...[
      ' default: "x"',
      ' include "/etc/passwd"',
      ' constructor',
      '__proto__',
      ' "text" ',
      "'",
      '-',
      '\n',
      ' size',
      '1..9',
    ],
    ...[
      '{% for i in (1..999999999) %}x{% endfor %}',
      '{{ config.region | append: "x" }}',
      '{% render "a" %}',
      'é',
      '\0',
    ],
  );
  const source = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

  it('reads what it may and nothing else, loads nothing, and is refused as a template or rendered', () => {
    const values = { config: { region: 'eu' } };
    fc.assert(
      fc.property(source, (text) => {
        let template;
        try {
          template = compileTemplate(text, ['config.region']);
        } catch (error) {
          if (error instanceof TemplateError) return;
          throw error;
        }
        expect(template.names.every((name) => name === 'config.region')).toBe(true);
        const made = template.render(values).toString();
        expect(made).not.toMatch(/root:|native code|\[object/);
        expect(made.length).toBeLessThan(1_000);
      }),
      { numRuns: 3_000 },
    );
  });

  it('that doubles what it writes over and over is stopped, and says what it is', () => {
    const doubled = `{{ config.region${' | hex'.repeat(600)} }}`;
    const many = '{{ config.region | hex | hex | hex | hex }}'.repeat(80);
    for (const [text, region] of [
      [doubled, 'x'],
      [many, 'x'.repeat(4_000)],
    ] as const)
      try {
        const { render } = compileTemplate(text, ['config.region']);
        expect(() => render({ config: { region } })).toThrow(/longer than/);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        expect(error.message).toMatch(/filters/);
      }
  });

  it('signs a body as long as any that is signed', () => {
    const { render } = compileTemplate('{{ request.body | sha256 | hex }}{{ request.body | base64 }}', [
      'request.body',
    ]);
    expect(render({ request: { body: Buffer.alloc(1024 * 1024) } }).length).toBeGreaterThan(1024 * 1024);
  });
});

describe('a JSON Pointer', () => {
  it('finds a body’s own values and nothing of what all objects have', () => {
    const step = fc.constantFrom(
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'name',
      'length',
      '0',
      'a',
      '~0',
      '~1',
      '',
    );
    fc.assert(
      fc.property(
        fc.array(step),
        fc.oneof(fc.jsonValue(), fc.constant({ a: { name: 1 } })),
        (steps, body) => {
          const found = textAt(body, steps.map((one) => `/${one}`).join(''));
          if (found === undefined) return;
          let model = body as unknown;
          for (const one of steps) {
            const name = one.replace('~1', '/').replace('~0', '~');
            expect(Object.hasOwn(model as object, name), `${name} of ${JSON.stringify(model)}`).toBe(true);
            model = (model as Record<string, unknown>)[name];
          }
          expect(found).toBe(String(model));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('is the same for a definition’s account: /constructor/name names nobody', () => {
    expect(textAt({ a: 1 }, '/constructor/name')).toBeUndefined();
    expect(textAt([1, 2], '/length')).toBeUndefined();
  });
});
