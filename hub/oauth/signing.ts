/** Calls that carry a signature over themselves. */
import { randomUUID } from 'node:crypto';
import type { Connected, Integration } from '../../integrations/definition/integration.ts';

export type Signature = { headers: Record<string, string>; query: Record<string, string> };

/** @returns nothing where the integration signs no calls, or these credentials sign none */
export function signatureOf(
  integration: Integration,
  connected: Connected,
  call: { method: string; origin: string; target: string; body: Buffer | null },
): Signature {
  if (!signs(integration, connected)) return { headers: {}, query: {} };
  const { method, origin, target, body } = call;
  const signed = integration.sign?.(connected, {
    method,
    host: new URL(origin).host,
    target,
    body: body ?? Buffer.alloc(0),
    at: new Date(),
    nonce: randomUUID(),
  });
  const headers = Object.entries(signed?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return { headers: Object.fromEntries(headers) as Record<string, string>, query: signed?.query ?? {} };
}

export const signs = (integration: Integration, { credentials }: Connected): boolean =>
  integration.sign !== undefined && credentials.type === 'custom';

/** Parameters put behind what is there, to the letter. */
export function withParameters(target: string, query: Record<string, string>): string {
  const added = new URLSearchParams(query).toString();
  return added === '' ? target : `${target}${target.includes('?') ? '&' : '?'}${added}`;
}
