/** Who calls, and what they may do. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findApiKey, touchApiKeys, type ApiKeyRow, type Role } from '../database/api-keys.ts';
import type { ConnectionRow } from '../database/connections.ts';
import type { Database } from '../database/database.ts';
import type { Actor } from '../database/audit.ts';
import { HubError } from '../errors.ts';
import { beginEntry, userActor } from './audit.ts';
import { sessionOf } from './session.ts';

/** @param id of the key, or of the session */
export type Caller = { via: 'api_key' | 'session'; id: string; role: Role; userId: string };

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
    /** When it came in, by this process's clock. */
    arrivedAt: number;
  }
}

/**
 * What each role may do.
 * - admin: all
 * - operator: sees all; tests, refreshes, reconnects; webhooks of their own; no tokens, no other changes
 * - builder: everything with their own user's connections
 */
const RIGHTS = {
  'connections:read': ['admin', 'operator', 'builder'],
  'connections:repair': ['admin', 'operator', 'builder'],
  'connections:write': ['admin', 'builder'],
  'tokens:read': ['admin', 'builder'],
  'integrations:read': ['admin', 'operator', 'builder'],
  'apps:write': ['admin'],
  'clients:write': ['admin', 'builder'],
  'events:read': ['admin', 'operator', 'builder'],
  'webhooks:read': ['admin', 'operator', 'builder'],
  'webhooks:write': ['admin', 'operator', 'builder'],
  'keys:write': ['admin'],
  'users:write': ['admin'],
  'links:write': ['admin', 'builder'],
  'workflows:read': ['admin', 'operator'],
  'encryption:write': ['admin'],
  'audit:read': ['admin'],
} as const satisfies Record<string, readonly Role[]>;
export type Right = keyof typeof RIGHTS;

/** A route's `preHandler`: a valid key, or a session of somebody, whose role has the right. */
export function requires(db: Database, right: Right) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const caller = hasBearer(request)
      ? callerOf(request, await findApiKey(db, bearerOf(request)))
      : await sessionOf(request, reply);
    request.caller = await enter(request, caller, right);
  };
}

/**
 * The same where a route reads more in the statement that reads the key.
 * @param find its `key` is null for the key null, a session's
 */
export async function admitted<F extends { key: ApiKeyRow | null }>(
  request: FastifyRequest,
  reply: FastifyReply,
  right: Right,
  find: (key: string | null) => Promise<F | null>,
): Promise<{ caller: Caller; found: F | null }> {
  if (!hasBearer(request)) {
    const caller = await enter(request, await sessionOf(request, reply), right);
    return { caller, found: await find(null) };
  }
  const found = await find(bearerOf(request));
  return { caller: await enter(request, callerOf(request, found?.key ?? null), right), found };
}

/** Known or refused, the audit log is told who it is. @throws HubError UNAUTHENTICATED | FORBIDDEN */
export async function enter(request: FastifyRequest, caller: Caller | null, right: Right): Promise<Caller> {
  if (caller) request.actor = actorOf(caller);
  const entered = allowed(caller, right);
  await beginEntry(request, actorOf(entered));
  return entered;
}

function callerOf(request: FastifyRequest, row: ApiKeyRow | null): Caller {
  if (row) request.actor = { kind: 'api_key', id: row.id, userId: row.userId };
  return identified(row);
}

const actorOf = ({ via, id, userId }: Caller): Actor =>
  via === 'api_key' ? { kind: via, id, userId } : userActor(userId);

/** @throws HubError UNAUTHENTICATED | FORBIDDEN */
export const admit = (row: ApiKeyRow | null, right: Right): Caller => allowed(identified(row), right);

function identified(row: ApiKeyRow | null): Caller {
  if (!row || row.revokedAt !== null) throw new HubError('UNAUTHENTICATED');
  used.add(row.id);
  return { via: 'api_key', id: row.id, role: row.role, userId: row.userId };
}

/** @throws HubError UNAUTHENTICATED where nobody is signed in | FORBIDDEN */
export function allowed<C extends Pick<Caller, 'role'>>(caller: C | null, right: Right): C {
  if (!caller) throw new HubError('UNAUTHENTICATED');
  const roles: readonly Role[] = RIGHTS[right];
  if (!roles.includes(caller.role))
    throw new HubError('FORBIDDEN', { detail: `the role ${caller.role} has no right ${right}` });
  return caller;
}

/** A proxy in front of the hub may want a password of its own, as Basic: that says nothing to the hub. */
export const hasBearer = ({ headers }: FastifyRequest) => /^Bearer /i.test(headers.authorization ?? '');

/** RFC 6750 §2.1. */
export function bearerOf(request: FastifyRequest): string {
  const [, key] = /^Bearer +([^\s]{1,512})$/i.exec(request.headers.authorization ?? '') ?? [];
  if (key === undefined) throw new HubError('UNAUTHENTICATED');
  return key;
}

export const seesEverything = ({ role }: Caller) => role === 'admin' || role === 'operator';

/** Somebody else's connection is not there. */
export function visible(caller: Caller, row: ConnectionRow | null): ConnectionRow {
  if (!row || (!seesEverything(caller) && row.userId !== caller.userId))
    throw new HubError('CONNECTION_NOT_FOUND', { foreign: row !== null });
  return row;
}

const used = new Set<string>();

/** Writes when keys were last used, every few seconds and off the requests' path. @returns the last writing */
export function recordKeyUse(db: Database, everyMs: number): () => Promise<void> {
  const write = async () => {
    const ids = [...used];
    used.clear();
    await touchApiKeys(db, ids).catch(() => {});
  };
  const timer = setInterval(() => void write(), everyMs).unref();
  return async () => {
    clearInterval(timer);
    await write();
  };
}
