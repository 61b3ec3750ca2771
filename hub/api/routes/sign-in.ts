/** The sign-in page and its forms. */
import formbody from '@fastify/formbody';
import type { FastifyReply } from 'fastify';
import { PROVIDER } from '../../accounts/oidc.ts';
import { leadPage } from '../../broker/pages.ts';
import { HubError } from '../../errors.ts';
import type { Routes } from '../context.ts';
import { show, textParams, usePageErrors } from '../pages.ts';
import { assertOwnPage, keepCookies, ownPath } from '../session.ts';
import { signInPage, signOnProblem } from '../sign-in-page.ts';
import { signInRecorded } from '../signing-in.ts';
import { SIGN_INS } from './auth.ts';

const PAGES = { rateLimit: { max: 300, timeWindow: '1 minute' } };
const hide = { schema: { hide: true } };

export const addSignInRoutes: Routes = (app, context) => {
  const { accounts, config } = context;
  const { publicUrl } = config;
  const { singleSignOn } = accounts;
  void app.register(formbody);
  usePageErrors(app);

  app.get('/sign-in', { ...hide, config: PAGES }, (request, reply) => {
    const { next, error } = textParams(request.query);
    const problem = error === undefined ? null : signOnProblem(error);
    return show(reply, signInPage({ next: ownPath(next), problem, singleSignOn }), 200);
  });

  app.post(
    '/sign-in',
    { ...hide, config: { ...SIGN_INS, audit: { action: 'user.sign_in' } } },
    async (request, reply) => {
      assertOwnPage(request, publicUrl);
      const { email = '', password = '', next } = textParams(request.body);
      const path = ownPath(next);
      try {
        const { setCookies } = await signInRecorded(context, request, { email, password });
        return await goOn(reply, setCookies).redirect(path, 303);
      } catch (error) {
        if (!(error instanceof HubError) || error.status >= 500) throw error;
        return show(
          reply,
          signInPage({ next: path, problem: wordsOf(error), singleSignOn, email }),
          error.status,
        );
      }
    },
  );

  app.post(
    '/sign-in/oidc',
    { ...hide, config: { ...SIGN_INS, audit: { because: 'it only begins; the callback is recorded' } } },
    async (request, reply) => {
      assertOwnPage(request, publicUrl);
      const callbackURL = publicUrl + ownPath(textParams(request.body)['next']);
      const answer = await accounts.handle({
        method: 'POST',
        path: '/sign-in/social',
        cookie: request.headers.cookie,
        json: { provider: PROVIDER, callbackURL, disableRedirect: true },
      });
      const { url } = (await answer.json()) as { url?: string };
      if (!answer.ok || url === undefined) throw new HubError('SIGN_ON_UNAVAILABLE');
      return show(goOn(reply, answer.headers.getSetCookie()), leadPage(url), 200);
    },
  );
};

function goOn(reply: FastifyReply, setCookies: readonly string[]): FastifyReply {
  keepCookies(reply, setCookies);
  return reply.header('cache-control', 'no-store');
}

const wordsOf = (error: HubError) =>
  error.code === 'RATE_LIMITED'
    ? 'Too many tries. Wait ten minutes, then try again.'
    : 'E-mail address or password is wrong.';
