/** A browser's session: who signed in, by a cookie that only this hub reads. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import { HubError } from '../errors.ts';
import { userActor } from './audit.ts';
import type { Caller } from './auth.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** How browsers are known: `buildServer` says. */
    browsers: { accounts: Accounts; publicUrl: string };
  }
}

/**
 * @returns null: nobody is signed in
 * @throws HubError FOREIGN_ORIGIN where another site's page asks for a change in the user's name
 */
export async function sessionOf(request: FastifyRequest, reply: FastifyReply): Promise<Caller | null> {
  const { accounts, publicUrl } = request.server.browsers;
  const found = await accounts.identify(request.headers.cookie);
  if (!found) return null;
  request.actor = userActor(found.user.id);
  if (!SAFE.has(request.method)) assertOwnPage(request, publicUrl);
  keepCookies(reply, found.setCookies);
  return { via: 'session', id: found.sessionId, role: found.user.role, userId: found.user.id };
}

// RFC 9110 §9.2.1: they change nothing, and other sites cannot read the answers.
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * What a page of another site sends is not the user's will. Browsers say where a request comes from; `Sec-Fetch-Site`
 * goes before `Origin`, which is `null` where the page wants no referrer. Whoever says neither is no browser of the
 * last years, and `SameSite=Lax` keeps the cookie from it.
 */
export function assertOwnPage({ headers }: FastifyRequest, publicUrl: string): void {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const isOwn =
    site === undefined
      ? origin === undefined || origin === new URL(publicUrl).origin
      : site === 'same-origin';
  if (!isOwn) throw new HubError('FOREIGN_ORIGIN');
}

/**
 * For reading that may change something elsewhere (a provider's GET): the browser must say that the hub's own page
 * asks. A link of another site, followed by somebody who is signed in, carries their cookie.
 */
export function assertSurelyOwnPage({ headers }: FastifyRequest): void {
  if (headers['sec-fetch-site'] !== 'same-origin')
    throw new HubError('FOREIGN_ORIGIN', {
      detail: 'with a session this address answers only the hub’s own pages; use an API key elsewhere',
    });
}

export function keepCookies(reply: FastifyReply, setCookies: readonly string[]): void {
  for (const cookie of setCookies) void reply.header('set-cookie', cookie);
}

/** Where to go on after signing in: a path of this hub, nothing that a browser could read as another host. */
export const ownPath = (path: unknown): string =>
  typeof path === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes('\\') ? path : '/';
