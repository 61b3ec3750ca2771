/** JSON Schema (draft-07) applied to what users type: a copy with defaults, or the fields at fault. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { JsonSchema } from '../integrations/definition/integration.ts';
import { SECRET_PATTERN } from '../integrations/definition/schemas.ts';
import { compilePattern } from './patterns.ts';

/** `path` is a JSON pointer within the value that was checked. */
export type FieldProblem = { path: string; message: string };
export type Checked = { ok: true; value: Record<string, unknown> } | { ok: false; errors: FieldProblem[] };
/** `secret`: no word of the value, not even the name of an unknown field, gets into an error. */
export type Validator = (schema: JsonSchema, value: unknown, options: { secret: boolean }) => Checked;

export function createValidator(): Validator {
  const ajv = createAjv();
  return (schema, value, { secret }) => {
    // Ajv keeps what it compiled by the schema object itself.
    const validate: ValidateFunction = ajv.compile(schema);
    const copy: unknown = structuredClone(value === undefined ? {} : value);
    if (validate(copy) && isRecord(copy)) return { ok: true, value: copy };
    const errors = (validate.errors ?? []).map((error) => problemOf(error, schema, secret));
    return { ok: false, errors: errors.length > 0 ? errors : [{ path: '', message: 'must be an object' }] };
  };
}

export function createAjv({ useDefaults } = { useDefaults: true }): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    useDefaults,
    strict: true,
    verbose: true,
    code: { regExp: linear },
  });
  ajvFormats.default(ajv);
  return ajv;
}

/** `code` is for validators that are written to files, which these are not. */
const linear = Object.assign((pattern: string) => compilePattern(pattern), { code: 'compilePattern' });

/** Ajv's own messages speak of the schema only; those that need the value's words are put otherwise. */
function problemOf(error: ErrorObject, schema: JsonSchema, secret: boolean): FieldProblem {
  const path = error.instancePath;
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'required':
      return { path: `${path}/${pointer(params['missingProperty'])}`, message: 'is required' };
    case 'additionalProperties':
      return secret
        ? { path, message: `has an unknown field; known are: ${knownNames(schema)}` }
        : { path: `${path}/${pointer(params['additionalProperty'])}`, message: 'is not known here' };
    case 'enum':
      return { path, message: `must be one of: ${(params['allowedValues'] as unknown[]).join(', ')}` };
    case 'pattern':
      return { path, message: formOf(error) };
    default:
      return { path, message: error.message ?? 'is not valid' };
  }
}

/** An example says more than a pattern. */
function formOf({ parentSchema, message }: ErrorObject): string {
  if (parentSchema?.['pattern'] === SECRET_PATTERN) return 'must hold no spaces or line breaks';
  const examples: unknown = parentSchema?.['examples'];
  if (Array.isArray(examples) && examples.length > 0) return `must look like ${examples.join(' or ')}`;
  return message ?? 'does not have the expected form';
}

function knownNames(schema: JsonSchema): string {
  return Object.keys(schema['properties'] ?? {}).join(', ') || 'none';
}

// RFC 6901 §3
function pointer(name: unknown): string {
  return String(name).replaceAll('~', '~0').replaceAll('/', '~1');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
