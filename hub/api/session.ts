/** A browser's session: who signed in, by a cookie that only this hub reads. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findApiKey } from '../database/api-keys.ts';
import { findSessionKey, openSession } from '../database/sessions.ts';
import type { Database } from '../database/database.ts';
import { HubError } from '../errors.ts';
import { admit, type Caller, type Right } from './auth.ts';

const COOKIE = 'hub_session';
const LASTS_MS = 12 * 60 * 60_000;

/** @returns null: nobody, or somebody whose role has no such right any more */
export async function signedIn(db: Database, request: FastifyRequest, right: Right): Promise<Caller | null> {
  const cookie = request.cookies[COOKIE];
  const key = cookie === undefined ? null : await findSessionKey(db, cookie);
  return key === null ? null : admit(key, right);
}

/** @throws HubError UNAUTHENTICATED where there is no such key */
export async function signIn(
  db: Database,
  reply: FastifyReply,
  key: string,
  isSecure: boolean,
): Promise<void> {
  const row = await findApiKey(db, key.trim());
  if (!row || row.revokedAt !== null) throw new HubError('UNAUTHENTICATED');
  reply.setCookie(COOKIE, await openSession(db, row.id, LASTS_MS), {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    maxAge: LASTS_MS / 1000,
  });
}

/**
 * A form sent by a page of another site is not the user's will. Browsers say where a POST comes from; `Sec-Fetch-Site`
 * goes before `Origin`, which is `null` where the page wants no referrer.
 */
export function assertOwnForm({ headers }: FastifyRequest, publicUrl: string): void {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const isOwn =
    site === undefined
      ? origin === undefined || origin === new URL(publicUrl).origin
      : site === 'same-origin';
  if (!isOwn) throw new HubError('FORBIDDEN', { detail: 'this form came from another site' });
}

/** Where to go on after signing in: a path of this hub, nothing that a browser could read as another host. */
export const ownPath = (path: unknown): string =>
  typeof path === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes('\\') ? path : '/';
