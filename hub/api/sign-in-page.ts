/** Where a browser signs in that has no script: between a client of the broker and its answer, above all. */
import { escape, pageOf } from './pages.ts';

type SignIn = {
  /** Where to go on: a path of this hub. */
  next: string;
  problem: string | null;
  singleSignOn: { name: string } | null;
  email?: string;
};

export function signInPage({ next, problem, singleSignOn, email = '' }: SignIn): string {
  const hidden = `<input type="hidden" name="next" value="${escape(next)}" />`;
  return pageOf(
    'Sign in',
    `<form method="post" action="/sign-in">
      ${problem === null ? '' : `<p class="problem" role="alert">${escape(problem)}</p>`}
      ${hidden}
      <label for="email">E-mail address</label>
      <input id="email" name="email" type="email" autocomplete="username" value="${escape(email)}" required autofocus />
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required />
      <button class="primary">Sign in</button>
    </form>
    ${singleSignOn === null ? '' : `<form class="or" method="post" action="/sign-in/oidc">${hidden}<button>Sign in with ${escape(singleSignOn.name)}</button></form>`}
    <p class="or">No account yet? An admin of this hub sends you an invitation.</p>`,
  );
}

/** What better-auth says when single sign-on ends without a session. */
export function signOnProblem(error: string): string {
  switch (error) {
    case 'access_denied':
      return 'Single sign-on was not allowed.';
    case 'account_not_linked':
      return 'There is an account with this e-mail address that single sign-on may not join. Sign in with its password.';
    case 'unable_to_create_user':
      return 'Nobody invited this e-mail address. Ask an admin of this hub for an invitation.';
    default:
      return 'Single sign-on did not end with a sign-in. Try again.';
  }
}
