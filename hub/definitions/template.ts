/**
 * Texts with values in them, as definitions write them: Liquid without its tags, so that nothing loops, branches
 * or loads, and with a handful of filters.
 *
 *   https://{{ config.region }}.api.example.com       {{ request.body | sha256 | base64 }}
 *
 * Everything is rendered as bytes, so that a body or a digest that is no text goes through unharmed.
 */
import { createHash } from 'node:crypto';
import { Liquid } from 'liquidjs';
import { HubError } from '../errors.ts';

export type Values = { [name: string]: string | number | boolean | Buffer | null | undefined | Values };
export type Template = {
  /** Names that it reads, as `config.region`. */
  names: string[];
  render: (values: Values) => Buffer;
};

export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

// Inside the engine each character stands for one byte.
const bytesOf = (text: unknown) => Buffer.from(String(text), 'latin1');
const toBytes = (text: string | Buffer) => Buffer.from(text).toString('latin1');

const digest = (algorithm: string) => (value: unknown) =>
  toBytes(createHash(algorithm).update(bytesOf(value)).digest());

const FILTERS: Record<string, (value: unknown, ...more: unknown[]) => unknown> = {
  base64: (value) => bytesOf(value).toString('base64'),
  base64url: (value) => bytesOf(value).toString('base64url'),
  hex: (value) => bytesOf(value).toString('hex'),
  md5: digest('md5'),
  sha1: digest('sha1'),
  sha256: digest('sha256'),
  sha512: digest('sha512'),
  upcase: (value) => String(value).replace(/[a-z]/g, (letter) => letter.toUpperCase()),
  downcase: (value) => String(value).replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  url_encode: (value) => encodeURIComponent(bytesOf(value).toString()),
  default: (value, instead): unknown =>
    value === undefined || value === null || value === '' ? instead : value,
};

// A body that is signed has 1 MiB at most, and as hex twice that. Without a limit a line of `| hex | hex | hex …`,
// each of which doubles what it is given, would take all the memory there is.
const MOST_WRITTEN = 8 * 1024 * 1024;
type Counting = { context: { memoryLimit: { use: (count: number) => void } } };

// Filters give text, numbers and booleans; what is an object in JSON is no value of a template.
const textOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

const text = engineWith((value) => textOf(value));
// A value in an address is one piece of it, and cannot add a path, a port or a user name.
const address = engineWith((value) => encodeURIComponent(bytesOf(value ?? '').toString()));

/**
 * @param known names that may be read; what has no value then is written as nothing
 * @throws TemplateError that says what is wrong with it
 */
export function compileTemplate(
  source: string,
  known: readonly string[],
  kind: 'text' | 'address' = 'text',
): Template {
  const engine = kind === 'address' ? address : text;
  const parsed = parse(engine, toBytes(source));
  const names = engine.globalFullVariablesSync(parsed);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new TemplateError(
      `reads ${unknown.join(', ')}, which is not there; there are: ${known.join(', ') || 'none'}`,
    );
  return {
    names,
    render: (values) => render(engine, parsed, values),
  };
}

/** @throws HubError CONFIG_INVALID where there is no end to it */
function render(engine: Liquid, parsed: ReturnType<typeof parse>, values: Values): Buffer {
  try {
    return Buffer.from(String(engine.renderSync(parsed, inBytes(values))), 'latin1');
  } catch (error) {
    // Everything else that could go wrong was found when it was made; the cause would quote the values.
    if (!/alloc limit exceeded/.test(String(error)))
      throw new HubError('INTERNAL', { detail: 'a template could not be rendered' });
    throw new HubError('CONFIG_INVALID', {
      detail: `a template of the definition writes what is longer than ${MOST_WRITTEN} bytes`,
    });
  }
}

function engineWith(escape: (value: unknown) => string): Liquid {
  const engine = new Liquid({
    memoryLimit: MOST_WRITTEN,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: counted(escape),
  });
  for (const name of Object.keys(engine.tags)) Reflect.deleteProperty(engine.tags, name);
  for (const name of Object.keys(engine.filters)) Reflect.deleteProperty(engine.filters, name);
  for (const [name, filter] of Object.entries(FILTERS)) engine.registerFilter(name, counted(filter));
  return engine;
}

/** What it writes is taken off what may be written. */
function counted<T>(filter: (value: unknown, ...more: unknown[]) => T) {
  return function (this: unknown, value: unknown, ...more: unknown[]): T {
    const made = filter(value, ...more);
    (this as Counting).context.memoryLimit.use(String(made ?? '').length);
    return made;
  };
}

function parse(engine: Liquid, source: string) {
  try {
    return engine.parse(source);
  } catch (error) {
    // Its first line says what is wrong; the rest draws the place.
    const [why = 'cannot be read'] = error instanceof Error ? error.message.split('\n') : [];
    throw new TemplateError(why);
  }
}

function inBytes(values: Values): Values {
  const entries = Object.entries(values).map(([name, value]): [string, Values[string]] => {
    if (typeof value === 'string' || Buffer.isBuffer(value)) return [name, toBytes(value)];
    if (typeof value === 'object' && value !== null) return [name, inBytes(value)];
    return [name, value];
  });
  return Object.fromEntries(entries);
}
