/** Pieces of JSON Schema (draft-07) that several integrations share. */
import type { JsonSchema } from './integration.ts';

/** Printable ASCII without spaces: a pasted line break would otherwise end up in a header. */
export const SECRET_PATTERN = '^[\\x21-\\x7e]+$';

export function apiKeySchema(
  title: string,
  description: string,
  more: Record<string, JsonSchema> = {},
): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['apiKey'],
    properties: {
      apiKey: {
        type: 'string',
        title,
        description,
        minLength: 1,
        maxLength: 4096,
        pattern: SECRET_PATTERN,
        writeOnly: true,
      },
      ...more,
    },
  };
}

/** All properties are optional: every integration works with an empty configuration. */
export function optionalSettings(properties: Record<string, JsonSchema>): JsonSchema {
  return { type: 'object', additionalProperties: false, properties };
}

/** A text of the configuration, or undefined where it is missing or empty. */
export function textIn(values: Record<string, unknown>, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
