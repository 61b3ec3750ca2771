/**
 * Signing in, by better-auth: e-mail and password, and single sign-on where it is configured.
 *
 * What of better-auth is not taken: its sign-up (an invitation is spent in the same transaction that makes the user,
 * `database/users.ts`), its rate limits (kept per process and by headers anybody can write), its tokens in plain
 * (`database/auth-adapter.ts`), and every route that is not named in `api/routes/auth.ts`.
 */
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { hashPassword } from 'better-auth/crypto';
import type { Config, OidcConfig } from '../config.ts';
import { authAdapter } from '../database/auth-adapter.ts';
import { takeInvitationOf } from '../database/invitations.ts';
import { countSignInTry, forgetSignInTries, removeExpiredSessions, type UserRow } from '../database/users.ts';
import { HubError } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { discover, singleSignOn } from './oidc.ts';

export type SignedIn = {
  sessionId: string;
  user: Pick<UserRow, 'id' | 'name' | 'email' | 'role'>;
  /** What the browser is to keep: a session that is used lives on. */
  setCookies: string[];
};

export type Accounts = {
  /** @returns null: nobody, or a session that ended */
  identify: (cookie: string | undefined) => Promise<SignedIn | null>;
  /**
   * @returns cookies of a new session, whatever session there was before
   * @throws HubError SIGN_IN_REFUSED | RATE_LIMITED
   */
  signIn: (given: PasswordSignIn) => Promise<{ user: SignedIn['user']; setCookies: string[] }>;
  /**
   * The session that a browser had before somebody signed in with it: nobody goes on with it (ASVS 7.2.4). One that
   * is not there, or not the hub's, has ended already.
   */
  end: (cookie: string | undefined) => Promise<void>;
  /** One of better-auth's own routes. @throws HubError SIGN_ON_UNAVAILABLE | NOT_FOUND */
  handle: (asked: Asked) => Promise<Response>;
  hashPassword: (password: string) => Promise<string>;
  singleSignOn: { name: string } | null;
};

export type PasswordSignIn = { email: string; password: string; userAgent?: string | undefined };
/** @param path under `/api/auth`, with its query */
export type Asked = {
  method: string;
  path: string;
  cookie?: string | undefined;
  userAgent?: string | undefined;
  json?: unknown;
};

// Ten guesses of a password in ten minutes, from wherever they come: 1,440 a day.
const TRIES = 10;
const TRIES_WINDOW_MS = 10 * 60_000;
export const PASSWORD = { least: 10, most: 128 };

type Parts = Pick<Hub, 'db' | 'vault' | 'egress' | 'log' | 'publicUrl'> & {
  oidc: OidcConfig | null;
  sessionMs: number;
};

export function createAccounts(hub: Hub, config: Pick<Config, 'oidc' | 'durations'>): Accounts {
  const parts: Parts = { ...hub, oidc: config.oidc, sessionMs: config.durations.session };
  const auth = betterAuth(optionsOf(parts));
  const withSingleSignOn = once(async () => {
    if (parts.oidc === null) throw new HubError('NOT_FOUND', { detail: 'single sign-on is not set up' });
    const endpoints = await discover(parts.egress, parts.oidc);
    const options = optionsOf(parts);
    return betterAuth({ ...options, plugins: [singleSignOn(parts.egress, parts.oidc, endpoints)] });
  });
  const sessionCookie = cookieNames(parts.publicUrl).session;

  const handle = async (asked: Asked) => {
    const isOidc = /^\/(sign-in\/social|callback\/)/.test(asked.path);
    return (isOidc ? await withSingleSignOn() : auth).handler(requestOf(parts.publicUrl, asked));
  };

  return {
    handle,
    hashPassword,
    async end(cookie) {
      if (cookie?.includes(`${sessionCookie}=`)) await handle({ method: 'POST', path: '/sign-out', cookie });
    },
    singleSignOn: parts.oidc && { name: parts.oidc.name },

    async identify(cookie) {
      if (!cookie?.includes(`${sessionCookie}=`)) return null;
      const { response, headers } = await auth.api.getSession({
        headers: new Headers({ cookie }),
        returnHeaders: true,
      });
      if (!response) return null;
      const { id, name, email, role } = response.user;
      return {
        sessionId: response.session.id,
        user: { id, name, email, role: role as UserRow['role'] },
        setCookies: headers.getSetCookie(),
      };
    },

    async signIn({ email: given, password, userAgent }) {
      const email = given.trim().toLowerCase();
      const { count, waitMs } = await countSignInTry(parts.db, email, TRIES_WINDOW_MS);
      if (count > TRIES)
        throw new HubError('RATE_LIMITED', {
          detail: 'too many tries with this e-mail address; wait, then try again',
          retryAfterMs: waitMs,
        });
      const json = { email, password };
      const response = await handle({ method: 'POST', path: '/sign-in/email', userAgent, json });
      if (response.status >= 500) throw new HubError('DATABASE_UNAVAILABLE');
      if (!response.ok) throw new HubError('SIGN_IN_REFUSED');
      await forgetSignInTries(parts.db, email);
      await removeExpiredSessions(parts.db);
      const { user } = (await response.json()) as { user: SignedIn['user'] };
      const { id, name, role } = user;
      return { user: { id, name, email, role }, setCookies: response.headers.getSetCookie() };
    },
  };
}

/** `__Host-`: no other host, and nobody on the way, can plant one (RFC 6265bis §4.1.3.2). It needs https. */
function cookieNames(publicUrl: string): { prefix: string; session: string; secure: boolean } {
  const secure = publicUrl.startsWith('https:');
  const prefix = secure ? '__Host-hub' : 'hub';
  return { prefix, session: `${prefix}_session`, secure };
}

function optionsOf(parts: Parts) {
  const { db, vault, log, publicUrl } = parts;
  const cookies = cookieNames(publicUrl);
  return {
    appName: 'Integration Hub',
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret: vault.secretFor('hub/sessions'),
    trustedOrigins: [new URL(publicUrl).origin],
    database: authAdapter(db),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD.least,
      maxPasswordLength: PASSWORD.most,
    },
    user: { additionalFields: { role: { type: 'string', required: false, input: false } } },
    session: { expiresIn: Math.ceil(parts.sessionMs / 1000), updateAge: Math.ceil(parts.sessionMs / 7000) },
    account: {
      // The state of a single sign-on goes sealed into a cookie of the browser that begins it.
      storeStateStrategy: 'cookie',
      accountLinking: { enabled: true, trustedProviders: [] },
      updateAccountOnSignIn: false,
    },
    databaseHooks: {
      user: { create: { before: (user) => admitted(parts, user) } },
      account: { create: { before: (account) => Promise.resolve({ data: { ...account, ...NO_TOKENS } }) } },
    },
    advanced: {
      cookiePrefix: cookies.prefix,
      cookies: { session_token: { name: cookies.session } },
      useSecureCookies: false,
      defaultCookieAttributes: { secure: cookies.secure, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { disableIpTracking: true },
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    // What is no refusal is thrown to the hub, whose log leaves a failed statement's values out: left to itself, the
    // router writes the whole error to stderr, hashes and all.
    onAPIError: { errorURL: `${publicUrl}/sign-in`, throw: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      // Its words only, and no statement's values after them: what comes along may be anything.
      log: (_level, message) =>
        log.warn({ part: 'sign-in' }, (message.split('\nparams:')[0] ?? '').slice(0, 200)),
    },
  } satisfies BetterAuthOptions;
}

/** The hub asks a single sign-on provider once who somebody is, and never again. */
const NO_TOKENS = { accessToken: null, refreshToken: null, idToken: null };

/** Whoever comes by single sign-on and has no account: an invitation of their address lets them in, or the setting. */
async function admitted({ db, oidc }: Parts, user: { id?: string; email: string; emailVerified: boolean }) {
  const id = crypto.randomUUID();
  const invitation = user.emailVerified ? await takeInvitationOf(db, user.email, id) : null;
  const role = invitation?.role ?? oidc?.newUsers ?? null;
  // better-auth ends the sign-in with an error of its own.
  if (role === null) return false;
  return { data: { ...user, id: invitation?.userId ?? id, role } };
}

/**
 * Where a request comes from was judged before (`api/session.ts`), by more than better-auth looks at: a page opened as
 * 127.0.0.1 in place of localhost is the hub's own too. So it hears the hub's own origin.
 */
function requestOf(publicUrl: string, { method, path, cookie, userAgent, json }: Asked): Request {
  const headers = new Headers({ origin: new URL(publicUrl).origin, accept: 'application/json' });
  if (cookie !== undefined) headers.set('cookie', cookie);
  if (userAgent !== undefined) headers.set('user-agent', userAgent.slice(0, 300));
  if (method === 'GET') return new Request(`${publicUrl}/api/auth${path}`, { headers });
  headers.set('content-type', 'application/json');
  return new Request(`${publicUrl}/api/auth${path}`, { method, headers, body: JSON.stringify(json ?? {}) });
}

/** Made when it is first needed, and again where that failed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}
