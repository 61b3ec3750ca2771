/**
 * Who does what, recorded in one place. A route that changes something says with `config.audit` what it does; whoever
 * finds out who is asking (`auth.ts`, mostly) begins the entry, before anything is done; what the answer says ends it.
 * An entry that was begun and not ended, because the process died, stays and says so.
 *
 * Refusals of what is not recorded when it succeeds (reading, handing out a token) are recorded too.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { subjectOf } from '../audit/actions.ts';
import { finishAuditEntry, insertAuditEntry, type About, type Actor } from '../database/audit.ts';
import { withoutStatement, type Database } from '../database/database.ts';
import type { AuditOutcome } from '../database/schema.ts';
import type { HubError } from '../errors.ts';
import { isRefusal, recordRefusal } from './audit-refusals.ts';
import { auditedOf, detailsOf, fromAddress, learn, sourceOf } from './audited.ts';

declare module 'fastify' {
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
    const { actor, entry, refusal } = request;
    const ending = entry ? finish(request, reply) : actor && refusal ? recordRefusal(request, actor) : null;
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
