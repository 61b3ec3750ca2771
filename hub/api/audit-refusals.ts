/** Refusals, which are in the audit log also where what was refused is not recorded when it succeeds. */
import type { FastifyRequest } from 'fastify';
import { subjectOf } from '../audit/actions.ts';
import { insertAuditEntry, type Actor } from '../database/audit.ts';
import type { AuditDetails } from '../database/schema.ts';
import { HubError } from '../errors.ts';
import { auditedOf, fromAddress, sourceOf } from './audited.ts';

/** What is somebody else's is not there, says the answer; the audit log knows better. */
export const isRefusal = (error: unknown) =>
  error instanceof HubError &&
  (error.foreign || ['FORBIDDEN', 'FOREIGN_ORIGIN', 'UNAUTHENTICATED'].includes(error.code));

// The same refusal again within this time is counted and not written: a client in a loop must not fill the log.
const SAME_REFUSAL_MS = 60_000;
const MOST_REFUSALS = 10_000;
const refusals = new Map<string, { until: number; leftOut: number }>();

export async function recordRefusal(request: FastifyRequest, actor: Actor): Promise<void> {
  const { refusal, method, routeOptions, server } = request;
  const action = auditedOf(request)?.action ?? 'access.refused';
  const about = fromAddress(request, action);
  const key = JSON.stringify([actor, action, method, routeOptions.url, about, refusal]);
  const last = refusals.get(key);
  if (last && last.until > Date.now()) return void last.leftOut++;
  if (refusals.size >= MOST_REFUSALS) refusals.clear();
  refusals.set(key, { until: Date.now() + SAME_REFUSAL_MS, leftOut: 0 });
  const details: AuditDetails = {
    request: `${method} ${routeOptions.url ?? ''}`,
    ...(last?.leftOut ? { leftOutBefore: last.leftOut } : {}),
  };
  const entry = { actor, action, subjectType: subjectOf(action), details };
  await insertAuditEntry(
    server.auditDb,
    { ...entry, ...about, ...sourceOf(request) },
    { outcome: 'refused', code: refusal },
  );
}
