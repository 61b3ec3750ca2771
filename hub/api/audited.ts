/** What is told of a request that is recorded: what it does, what its address, body and answer say of it. */
import type { FastifyRequest } from 'fastify';
import { subjectOf, type Action } from '../audit/actions.ts';
import type { About } from '../database/audit.ts';
import type { AuditDetails } from '../database/schema.ts';

/**
 * `keep`: fields of the body whose values are told; of the others only the names are. Nothing that a secret could be
 * typed into is kept.
 */
export type Audited = {
  action: Action;
  keep?: readonly string[];
  more?: (body: { [field: string]: unknown }) => AuditDetails;
};
/** Changes something and is not recorded, because … */
type NotAudited = { because: string };

declare module 'fastify' {
  interface FastifyContextConfig {
    audit?: Audited | NotAudited;
  }
}

export function auditedOf({ routeOptions }: FastifyRequest): Audited | null {
  const audit = routeOptions.config.audit;
  return audit === undefined || 'because' in audit ? null : audit;
}

export const sourceOf = ({ ip, id }: FastifyRequest) => ({ address: ip, requestId: id });

/** What the address names: `/api/<things>/:id…`. */
export function fromAddress({ params, routeOptions }: FastifyRequest, action: Action): About {
  const { id } = (params ?? {}) as { id?: string };
  if (id === undefined) return {};
  if (routeOptions.url?.includes('/connections/:id'))
    return { connectionId: id, ...(subjectOf(action) === 'connection' ? { subjectId: id } : {}) };
  if (routeOptions.url?.startsWith('/api/integrations/:id')) return { subjectId: id, integrationId: id };
  if (subjectOf(action) === 'user') return { subjectId: id, userId: id };
  return { subjectId: id };
}

/** What was made has its id in the answer, and says whose it is. */
export function learn(about: About, payload: unknown): void {
  if (typeof payload !== 'object' || payload === null) return;
  const answer = payload as { [field: string]: unknown };
  const told = (isObject(answer['connection']) ?? isObject(answer['user']) ?? answer) as {
    [field: string]: unknown;
  };
  const text = (name: string) => (typeof told[name] === 'string' ? told[name] : null);
  about.subjectId ??= text('id');
  about.userId ??= answer['user'] === told ? text('id') : text('userId');
  about.integrationId ??= text('integrationId');
  about.connectionId ??= answer['connection'] === told ? text('id') : text('connectionId');
}

const isObject = (value: unknown): object | null => (typeof value === 'object' ? value : null);

const MOST_TEXT = 200;

export function detailsOf(
  { body, routeOptions }: FastifyRequest,
  { keep = [], more }: Audited,
): AuditDetails {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  const given = body as { [field: string]: unknown };
  const kept = Object.entries(given).filter(([name, value]) => keep.includes(name) && isPlain(value));
  // Names of the schema's own, not whatever somebody wrote before a colon.
  const { properties = {} } = (routeOptions.schema?.body ?? {}) as { properties?: object };
  const others = Object.keys(given).filter((name) => !keep.includes(name) && name in properties);
  return {
    ...(Object.fromEntries(kept) as AuditDetails),
    ...more?.(given),
    ...(others.length > 0 ? { fields: others } : {}),
  };
}

const isPlain = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length <= 50 && value.every((one) => typeof one === 'string' && one.length <= MOST_TEXT)
    : value === null || typeof value === 'boolean' || typeof value === 'number' || isShort(value);
const isShort = (value: unknown) => typeof value === 'string' && value.length <= MOST_TEXT;
