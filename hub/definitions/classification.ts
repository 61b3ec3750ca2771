/** What answers mean by the rules of a definition; what no rule fits goes by the standard. */
import { safeCode, waitOf } from '../../integrations/definition/answers.ts';
import type { Answer, Verdict } from '../../integrations/definition/integration.ts';
import type { Rule } from './schema.ts';

export function classifyByRules(
  rules: readonly Rule[],
  otherwise: (answer: Answer) => Verdict,
): (answer: Answer) => Verdict {
  return (answer) => {
    const rule = rules.find((one) => fits(one, answer));
    return rule ? verdictOf(rule, answer) : otherwise(answer);
  };
}

/**
 * A scalar of a parsed body, as text; undefined: there is none. The packages for JSON Pointers (RFC 6901) follow
 * `/constructor/name` into what every object has; here a body's own values are all there is.
 */
export function textAt(body: unknown, pointer: string): string | undefined {
  const found = pointer.split('/').slice(1).map(unescaped).reduce(ownValue, body);
  return typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean'
    ? String(found)
    : undefined;
}

// RFC 6901 §4: ~1 before ~0, so that ~01 is ~1.
const unescaped = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');

function ownValue(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  if (Array.isArray(value) && !/^\d+$/.test(name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function fits({ when, means }: Rule, { status, headers, body }: Answer): boolean {
  // A provider that is down says nothing of anybody's consent, whatever a rule says.
  if (means === 'credential_revoked' && status >= 500) return false;
  return (
    (when.status?.includes(status) ?? true) &&
    Object.entries(when.headers ?? {}).every(([name, part]) => headers[name.toLowerCase()]?.includes(part)) &&
    Object.entries(when.body ?? {}).every(([pointer, value]) => textAt(body, pointer) === value)
  );
}

function verdictOf({ means, code }: Rule, answer: Answer): Verdict {
  if (means === 'ok') return { kind: 'ok' };
  const word = code === undefined ? undefined : textAt(answer.body, code);
  const said = word === undefined ? {} : { code: safeCode(word) };
  if (means === 'rate_limited' || means === 'provider_unavailable')
    return { kind: means, ...said, ...waitOf(answer) };
  return { kind: means, ...said };
}
