/**
 * Who does what, recorded in one place. A route that changes something says with `config.audit` what it does; whoever
 * finds out who is asking (`auth.ts`, mostly) begins the entry, before anything is done; what the answer says ends it.
 * An entry that was begun and not ended, because the process died, stays and says so.
 *
 * Refusals of what is not recorded when it succeeds (reading, handing out a token) are recorded too.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Action } from '../audit/actions.ts';
import { subjectOf } from '../audit/actions.ts';
import { finishAuditEntry, insertAuditEntry, type About, type Actor } from '../database/audit.ts';
import { withoutStatement, type Database } from '../database/database.ts';
import type { AuditDetails, AuditOutcome } from '../database/schema.ts';
import { HubError } from '../errors.ts';

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
  interface FastifyInstance {
    auditDb: Database;
  }
  interface FastifyRequest {
    /** Who asks, as soon as it is known, whether they may or not. */
    actor: Actor | null;
    /** The entry that was begun, and what is known by now of what it is about. */
    entry: { id: string; about: About; outcome?: AuditOutcome; code?: string } | null;
    /** The code of a refusal that is worth recording. */
    refusal: string | null;
  }
}

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/** After the rate limits and before the routes. @throws Error at the start where a route does not say what it does */
export function useAudit(app: FastifyInstance, db: Database): void {
  app.decorate('auditDb', db);
  app.decorateRequest('actor', null);
  app.decorateRequest('entry', null);
  app.decorateRequest('refusal', null);

  app.addHook('onRoute', ({ method, url, config }) => {
    const changes = [method].flat().some((one) => !SAFE.includes(one));
    if (changes && config?.audit === undefined)
      throw new Error(
        `${String(method)} ${url}: config.audit must say what it does, or why it is not recorded`,
      );
  });
  app.addHook('onError', (request, _reply, error, done) => {
    if (request.actor && isRefusal(error)) request.refusal = (error as Partial<HubError>).code ?? null;
    done();
  });
  app.addHook('preSerialization', (request, _reply, payload, done) => {
    if (request.entry) learn(request.entry.about, payload);
    done(null, payload);
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const ending = request.entry ? finish(request, reply) : request.refusal ? refuse(request) : null;
    if (ending === null) return done(null, payload);
    // The answer says what happened, recorded or not: an entry that could not be ended is found as `unknown`.
    void ending
      .catch((error: unknown) =>
        request.log.error({ err: withoutStatement(error) }, 'an entry of the audit log could not be ended'),
      )
      .then(() => done(null, payload));
  });
}

/**
 * Notes who asks, and begins the entry of a route that is recorded.
 * @throws whatever keeps the entry from being written: then nothing is done
 */
export async function beginEntry(request: FastifyRequest, actor: Actor, about: About = {}): Promise<void> {
  request.actor = actor;
  const audited = auditedOf(request);
  if (audited === null || request.entry !== null) return;
  const { action } = audited;
  const known = { ...fromAddress(request, action), ...about };
  const entry = { actor, action, subjectType: subjectOf(action), details: detailsOf(request, audited) };
  const id = await insertAuditEntry(request.server.auditDb, { ...entry, ...known, ...sourceOf(request) });
  request.entry = { id, about: known };
}

/** What the handler finds out of it. */
export function concerns({ entry }: FastifyRequest, about: About): void {
  if (entry) Object.assign(entry.about, about);
}

/** Nobody has proved who they are; a try is recorded all the same. */
export const NOBODY: Actor = { kind: 'nobody', id: null, userId: null };
export const userActor = (id: string): Actor => ({ kind: 'user', id, userId: id });

function auditedOf({ routeOptions }: FastifyRequest): Audited | null {
  const audit = routeOptions.config.audit;
  return audit === undefined || 'because' in audit ? null : audit;
}

function finish(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { entry, actor } = request;
  const audited = auditedOf(request);
  if (!entry || !audited) return Promise.resolve();
  const { statusCode } = reply;
  const outcome = entry.outcome ?? outcomeOf(statusCode);
  return finishAuditEntry(request.server.auditDb, entry.id, {
    ...entry.about,
    actor: actor ?? NOBODY,
    outcome,
    code: entry.code ?? (outcome === 'done' ? null : codeOf(reply)),
    details: detailsOf(request, audited),
  });
}

const outcomeOf = (status: number): AuditOutcome =>
  status < 400 ? 'done' : status < 500 ? 'refused' : 'failed';
const codeOf = (reply: FastifyReply) => reply.getHeader('hub-problem')?.toString() ?? null;

/** What is somebody else's is not there, says the answer; the audit log knows better. */
const isRefusal = (error: unknown) =>
  error instanceof HubError &&
  (error.foreign || ['FORBIDDEN', 'FOREIGN_ORIGIN', 'UNAUTHENTICATED'].includes(error.code));

// The same refusal again within this time is counted and not written: a client in a loop must not fill the log.
const SAME_REFUSAL_MS = 60_000;
const MOST_REFUSALS = 10_000;
const refusals = new Map<string, { until: number; leftOut: number }>();

async function refuse(request: FastifyRequest): Promise<void> {
  const { actor, refusal, method, routeOptions, server } = request;
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
  const entry = { actor: actor ?? NOBODY, action, subjectType: subjectOf(action), details };
  await insertAuditEntry(
    server.auditDb,
    { ...entry, ...about, ...sourceOf(request) },
    { outcome: 'refused', code: refusal },
  );
}

const sourceOf = ({ ip, id }: FastifyRequest) => ({ address: ip, requestId: id });

/** What the address names: `/api/<things>/:id…`. */
function fromAddress({ params, routeOptions }: FastifyRequest, action: Action): About {
  const { id } = (params ?? {}) as { id?: string };
  if (id === undefined) return {};
  if (routeOptions.url?.includes('/connections/:id'))
    return { connectionId: id, ...(subjectOf(action) === 'connection' ? { subjectId: id } : {}) };
  if (routeOptions.url?.startsWith('/api/integrations/:id')) return { subjectId: id, integrationId: id };
  if (subjectOf(action) === 'user') return { subjectId: id, userId: id };
  return { subjectId: id };
}

/** What was made has its id in the answer, and says whose it is. */
function learn(about: About, payload: unknown): void {
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

function detailsOf({ body, routeOptions }: FastifyRequest, { keep = [], more }: Audited): AuditDetails {
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
