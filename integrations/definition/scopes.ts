/** Scopes that a user or an operator asks for, and scopes that a provider says are missing. */
import type { JsonSchema } from './integration.ts';

const SCOPE = /^[A-Za-z0-9_.:/-]{1,200}$/;

export function scopeList(title: string, description: string): JsonSchema {
  return {
    type: 'array',
    title,
    description,
    maxItems: 100,
    uniqueItems: true,
    items: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[A-Za-z0-9_.:/-]+$' },
  };
}

export function scopesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((scope) => typeof scope === 'string') : [];
}

/** Only what has a scope's form: a provider's free text is not passed on. */
export function safeScopes(words: readonly unknown[]): { missing?: string[] } {
  const missing = scopesIn(words).filter((word) => SCOPE.test(word));
  return missing.length === 0 ? {} : { missing: [...new Set(missing)].slice(0, 50) };
}
