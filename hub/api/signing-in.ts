/** Signing in with a password, as the page, its form and programs do: recorded whether it succeeds or not. */
import type { FastifyRequest } from 'fastify';
import { findUserByEmail } from '../database/users.ts';
import { beginEntry, NOBODY, userActor } from './audit.ts';
import type { ApiContext } from './context.ts';

/** What was typed is not kept where nobody has that address: it may be a password. @throws HubError as `accounts.signIn` */
export async function signInRecorded(
  { accounts, hub }: Pick<ApiContext, 'accounts' | 'hub'>,
  request: FastifyRequest,
  given: { email: string; password: string },
) {
  const id = (await findUserByEmail(hub.db, given.email))?.id ?? null;
  await beginEntry(request, NOBODY, { subjectId: id, userId: id });
  const { cookie, 'user-agent': userAgent } = request.headers;
  const signedIn = await accounts.signIn({ ...given, userAgent });
  await accounts.end(cookie);
  request.actor = userActor(signedIn.user.id);
  return signedIn;
}
