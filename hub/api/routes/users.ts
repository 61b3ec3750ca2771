/** Who is who: oneself, the first admin's way in, invitations, users. A link's token is shown once. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import ms from 'ms';
import { Type, type Static } from 'typebox';
import { PASSWORD } from '../../accounts/accounts.ts';
import { findApiKeyById } from '../../database/api-keys.ts';
import {
  findOpenInvitation,
  insertInvitation,
  listInvitations,
  removeInvitation,
  type InvitationRow,
} from '../../database/invitations.ts';
import { changeUser, enroll, findUser, listUsers, removeUser, type UserRow } from '../../database/users.ts';
import { HubError } from '../../errors.ts';
import * as shapes from '../account-schemas.ts';
import { beginEntry, NOBODY, userActor } from '../audit.ts';
import { requires, type Caller } from '../auth.ts';
import type { ApiContext, Routes } from '../context.ts';
import { invitationUrl } from '../../links.ts';
import { fromCursor, pageOf } from '../presentation.ts';
import { Id, ListOf, Page } from '../schemas.ts';
import { assertOwnPage, keepCookies } from '../session.ts';
import { SIGN_INS } from './auth.ts';

const LONGEST_INVITATION_MS = 90 * 24 * 60 * 60_000;

export const addUserRoutes: Routes = (app, context) => {
  const { hub, config } = context;
  const tags = ['users'];
  const writing = requires(hub.db, 'users:write');

  app.get(
    '/api/me',
    { preHandler: requires(hub.db, 'integrations:read'), schema: { tags, response: { 200: shapes.Me } } },
    async ({ caller }, reply) =>
      reply.header('cache-control', 'no-store').send({ user: await whoIs(context, caller), via: caller.via }),
  );

  app.get(
    '/api/auth/methods',
    { schema: { tags: ['sign-in'], security: [], response: { 200: shapes.SignInMethods } } },
    () => ({ password: true, oidc: context.accounts.singleSignOn }),
  );

  const enrolling = {
    config: { ...SIGN_INS, audit: { action: 'user.join' as const } },
    schema: { tags, security: [], body: shapes.Welcome, response: { 201: shapes.SignedUser } },
  };
  app.post('/api/welcome', enrolling, (request, reply) => welcome(context, request, reply, request.body));
  // The same by the name that better-auth's own client uses.
  app.post('/api/auth/sign-up/email', enrolling, (request, reply) =>
    welcome(context, request, reply, request.body),
  );

  app.post(
    '/api/welcome/invitation',
    {
      config: { ...SIGN_INS, audit: { because: 'it only looks at an invitation' } },
      schema: { tags, security: [], body: shapes.Token, response: { 200: shapes.OpenInvitation } },
    },
    async ({ body }, reply) => {
      const row = await findOpenInvitation(hub.db, body.token);
      if (!row) throw new HubError('INVITATION_NOT_FOUND');
      const { email, role, expiresAt } = row;
      return reply
        .header('cache-control', 'no-store')
        .send({ email, role, expiresAt: expiresAt.toISOString(), password: PASSWORD });
    },
  );

  app.post(
    '/api/invitations',
    {
      config: { audit: { action: 'invitation.create', keep: ['role', 'userId', 'expiresIn'] } },
      preHandler: writing,
      schema: { tags, body: shapes.NewInvitation, response: { 201: shapes.MadeInvitation } },
    },
    async ({ body, caller }, reply) => {
      const { row, token } = await insertInvitation(hub.db, {
        role: body.role,
        email: body.email?.toLowerCase() ?? null,
        userId: body.userId ?? null,
        createdBy: caller.userId,
        expiresAt: expiryOf(body.expiresIn, LONGEST_INVITATION_MS),
      });
      if (row.userId !== null && (await findUser(hub.db, row.userId))) {
        await removeInvitation(hub.db, row.id);
        throw new HubError('USER_EXISTS', { detail: 'there is a user of this userId already' });
      }
      return reply
        .status(201)
        .header('cache-control', 'no-store')
        .send({ ...showInvitation(row), url: invitationUrl(config.publicUrl, token) });
    },
  );

  app.get(
    '/api/invitations',
    {
      preHandler: writing,
      schema: { tags, querystring: Page, response: { 200: ListOf(shapes.Invitation) } },
    },
    async ({ query }) => {
      const rows = await listInvitations(hub.db, fromCursor(query.cursor), query.limit + 1);
      return pageOf(rows, query.limit, ({ id }) => id, showInvitation);
    },
  );

  app.delete(
    '/api/invitations/:id',
    {
      config: { audit: { action: 'invitation.remove' } },
      preHandler: writing,
      schema: { tags, params: Id, response: { 204: Type.Null() } },
    },
    async ({ params }, reply) => {
      if (!(await removeInvitation(hub.db, params.id))) throw new HubError('INVITATION_NOT_FOUND');
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/api/users',
    { preHandler: writing, schema: { tags, querystring: Page, response: { 200: ListOf(shapes.User) } } },
    async ({ query }) => {
      const position = fromCursor(query.cursor);
      const after = position === null ? null : Buffer.from(position, 'base64url').toString();
      const rows = await listUsers(hub.db, after, query.limit + 1);
      // An id may hold characters that no cursor has.
      return pageOf(rows, query.limit, ({ id }) => Buffer.from(id).toString('base64url'), showUser);
    },
  );

  app.patch(
    '/api/users/:id',
    {
      config: { audit: { action: 'user.change', keep: ['role'] } },
      preHandler: writing,
      schema: { tags, params: Id, body: shapes.UserChange, response: { 200: shapes.User } },
    },
    async ({ params, body }) => {
      const changed = await changeUser(hub.db, params.id, body);
      if (changed === 'unknown') throw new HubError('USER_NOT_FOUND');
      if (changed === 'last_admin') throw new HubError('LAST_ADMIN');
      return showUser(changed);
    },
  );

  app.delete(
    '/api/users/:id',
    {
      config: { audit: { action: 'user.remove' } },
      preHandler: writing,
      schema: {
        tags,
        summary: 'Signs the user out everywhere, for good',
        description: 'Their connections and API keys stay: they belong to the id.',
        params: Id,
        response: { 204: Type.Null() },
      },
    },
    async ({ params }, reply) => {
      const outcome = await removeUser(hub.db, params.id);
      if (outcome === 'unknown') throw new HubError('USER_NOT_FOUND');
      if (outcome === 'last_admin') throw new HubError('LAST_ADMIN');
      return reply.status(204).send(null);
    },
  );
};

/** Makes the user of an invitation, and signs them in. */
async function welcome(
  { hub, accounts, config }: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { token, name, email, password }: Static<typeof shapes.Welcome>,
) {
  assertOwnPage(request, config.publicUrl);
  // Looked at before the password is hashed, which costs: a guesser is not to cost much.
  if (!(await findOpenInvitation(hub.db, token))) throw new HubError('INVITATION_NOT_FOUND');
  await beginEntry(request, NOBODY);
  const passwordHash = await accounts.hashPassword(password);
  const { outcome, ...enrolled } = await enroll(hub.db, token, { name: name.trim(), email, passwordHash });
  if (outcome === 'unknown') throw new HubError('INVITATION_NOT_FOUND');
  if (outcome === 'email_taken') throw new HubError('USER_EXISTS');
  if (outcome === 'other_email' || !('user' in enrolled))
    throw new HubError('VALIDATION_FAILED', {
      errors: [{ path: '/email', message: 'must be the address that was invited' }],
      detail: 'see errors',
    });
  const userAgent = request.headers['user-agent'];
  const { user, setCookies } = await accounts.signIn({ email, password, userAgent });
  request.actor = userActor(user.id);
  keepCookies(reply, setCookies);
  return reply.status(201).header('cache-control', 'no-store').send({ user });
}

async function whoIs({ hub }: ApiContext, { via, id, role, userId }: Caller) {
  if (via === 'api_key') {
    const key = await findApiKeyById(hub.db, id);
    return { id: userId, name: key?.name ?? '', email: null, role };
  }
  const user = await findUser(hub.db, userId);
  if (!user) throw new HubError('UNAUTHENTICATED');
  return { id: user.id, name: user.name, email: user.email, role: user.role };
}

/** @throws HubError VALIDATION_FAILED */
export function expiryOf(expiresIn: string, longestMs: number): Date {
  const lasts = ms(expiresIn as ms.StringValue);
  if (lasts > 0 && lasts <= longestMs) return new Date(Date.now() + lasts);
  throw new HubError('VALIDATION_FAILED', {
    errors: [{ path: '/expiresIn', message: `must be more than nothing, and ${ms(longestMs)} at most` }],
    detail: 'see errors',
  });
}

const showUser = ({ id, name, email, role, createdAt }: UserRow) => ({
  id,
  name,
  email,
  role,
  createdAt: createdAt.toISOString(),
});

const showInvitation = ({ id, email, role, userId, expiresAt, createdAt }: InvitationRow) => ({
  id,
  email,
  role,
  userId,
  expiresAt: expiresAt.toISOString(),
  createdAt: createdAt.toISOString(),
});
