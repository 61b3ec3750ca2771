/**
 * better-auth's routes, those that are named here and no others: signing in and out, the session, a new password,
 * single sign-on. Making a user takes an invitation (`routes/users.ts`).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { PASSWORD } from '../../accounts/accounts.ts';
import * as shapes from '../account-schemas.ts';
import { beginEntry, concerns, NOBODY, userActor } from '../audit.ts';
import type { Routes } from '../context.ts';
import { page, show } from '../pages.ts';
import { assertOwnPage, keepCookies } from '../session.ts';
import { signInRecorded } from '../signing-in.ts';

// Of one address of the network; tries with one e-mail address are counted beside it (`accounts.ts`).
export const SIGN_INS = { rateLimit: { max: 120, timeWindow: '1 minute' } };
const CHANGES = { rateLimit: { max: 30, timeWindow: '1 minute' } };
const READS = { rateLimit: { max: 1_200, timeWindow: '1 minute' } };

const SignIn = Type.Object(
  { email: Type.String({ maxLength: 320 }), password: Type.String({ maxLength: PASSWORD.most }) },
  // What better-auth's client sends beside them.
  { additionalProperties: true },
);
const Password = Type.Object(
  {
    currentPassword: Type.String({ maxLength: PASSWORD.most }),
    newPassword: Type.String({ minLength: PASSWORD.least, maxLength: PASSWORD.most }),
    revokeOtherSessions: Type.Boolean({
      default: true,
      description: 'Signs out every other browser: whoever knows the old password is shut out',
    }),
  },
  { additionalProperties: false },
);
const Social = Type.Object(
  { provider: Type.Literal('oidc'), callbackURL: Type.String({ maxLength: 2000 }) },
  { additionalProperties: true },
);
const Callback = Type.Record(Type.String(), Type.String());

export const addAuthRoutes: Routes = (app, context) => {
  const { accounts, config } = context;
  const tags = ['sign-in'];
  /** One of better-auth's own, after the hub's own look at where the request comes from. */
  const pass = async (request: FastifyRequest, reply: FastifyReply, path: string, json?: unknown) => {
    const { cookie, 'user-agent': userAgent } = request.headers;
    if (request.method === 'POST') {
      assertOwnPage(request, config.publicUrl);
      const id = (await accounts.identify(cookie))?.user.id;
      if (id !== undefined) await beginEntry(request, userActor(id), { subjectId: id, userId: id });
    }
    // HEAD is a GET whose answer is not sent; better-auth has no route for it.
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const answer = await accounts.handle({ method, path, cookie, userAgent, json });
    return answerWith(request, reply, answer);
  };

  app.post(
    '/api/auth/sign-in/email',
    {
      config: { ...SIGN_INS, audit: { action: 'user.sign_in' } },
      schema: { tags, security: [], body: SignIn, response: { 200: shapes.SignedIn } },
    },
    async (request, reply) => {
      assertOwnPage(request, config.publicUrl);
      const { email, password } = request.body;
      const { user, setCookies } = await signInRecorded(context, request, { email, password });
      keepCookies(reply, setCookies);
      return reply.header('cache-control', 'no-store').send({ redirect: false, user });
    },
  );

  app.post(
    '/api/auth/sign-out',
    {
      config: { ...CHANGES, audit: { action: 'user.sign_out' } },
      schema: { tags, security: [], response: { 200: shapes.SignedOut } },
    },
    (request, reply) => pass(request, reply, '/sign-out'),
  );

  app.get(
    '/api/auth/get-session',
    { config: READS, schema: { tags, security: [], response: { 200: shapes.Session } } },
    (request, reply) => pass(request, reply, '/get-session'),
  );

  app.post(
    '/api/auth/change-password',
    {
      config: { ...CHANGES, audit: { action: 'user.change_password' } },
      schema: { tags, security: [], body: Password, response: { 200: shapes.Session } },
    },
    (request, reply) => pass(request, reply, '/change-password', request.body),
  );

  app.post(
    '/api/auth/sign-in/social',
    {
      config: { ...SIGN_INS, audit: { because: 'it only begins; the callback is recorded' } },
      schema: { tags, security: [], body: Social, response: { 200: shapes.SignOn } },
    },
    (request, reply) => pass(request, reply, '/sign-in/social', request.body),
  );

  // What comes in its address is a code and a state: it is logged nowhere.
  app.get(
    '/api/auth/callback/oidc',
    {
      config: { ...SIGN_INS, audit: { action: 'user.sign_in' } },
      schema: { hide: true, querystring: Callback },
    },
    async (request, reply) => {
      const query = new URLSearchParams(request.query).toString();
      const { cookie, 'user-agent': userAgent } = request.headers;
      const path = `/callback/oidc?${query}`;
      await beginEntry(request, NOBODY);
      const answer = await accounts.handle({ method: 'GET', path, cookie, userAgent });
      const setCookies = answer.headers.getSetCookie();
      keepCookies(reply, setCookies);
      const came = await accounts.identify(setCookies.map((one) => one.split(';', 1)[0]).join('; '));
      if (came) await accounts.end(cookie);
      if (came) request.actor = userActor(came.user.id);
      if (came) concerns(request, { subjectId: came.user.id, userId: came.user.id });
      else if (request.entry) request.entry.outcome = 'refused';
      const location = answer.headers.get('location');
      if (location === null)
        return show(reply, page({ title: 'This did not work', text: 'Sign in again.' }), 400);
      return reply
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer')
        .redirect(location, 302);
    },
  );
};

/** better-auth's answer; a refusal as the problem document that every other refusal is, and no session's token. */
async function answerWith(request: FastifyRequest, reply: FastifyReply, answer: Response) {
  keepCookies(reply, answer.headers.getSetCookie());
  const body: unknown = await answer.json().catch(() => null);
  void reply.status(answer.status).header('cache-control', 'no-store');
  if (answer.ok) return reply.type('application/json').send(JSON.stringify(withoutTokens(body)));
  const { code = 'INTERNAL', message = 'The hub failed; its log says why' } = (body ?? {}) as {
    code?: string;
    message?: string;
  };
  return reply.type('application/problem+json').send({
    type: `urn:integration-hub:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: message,
    status: answer.status,
    detail: message,
    code,
    instance: `urn:uuid:${request.id}`,
    message,
  });
}

/** The cookie is for the browser, not for its scripts. */
function withoutTokens(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { token: _token, ...rest } = body as { token?: string; session?: object };
  if (!rest.session) return rest;
  const { token: _session, ...session } = rest.session as { token?: string };
  return { ...rest, session };
}
