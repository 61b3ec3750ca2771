/** What the three Google stand-ins share: accounts.google.com, oauth2.googleapis.com and the shape of API errors. */
import { ok, post, reply } from './calls.ts';
import { rfc6749, wordsFor } from './rfc6749.ts';
import type { Account, ApiFault, AuthorizeManner, Call, Reply, TokenFault, TokenManner } from './stand-in.ts';

export const GOOGLE_ACCOUNTS: readonly [Account, Account] = [
  { id: '100000000000000000001', name: 'Sandbox One', email: 'one@gmail.sandbox.example' },
  { id: '100000000000000000002', name: 'Sandbox Two', email: 'two@gmail.sandbox.example' },
];

const IDENTITY_SCOPES = [
  'openid',
  'email',
  'profile',
  'https://www.googleapis.com/auth/userinfo.email',
  'https://www.googleapis.com/auth/userinfo.profile',
];

// The short forms are answered in full.
const LONG_FORM: { readonly [scope: string]: string } = {
  email: 'https://www.googleapis.com/auth/userinfo.email',
  profile: 'https://www.googleapis.com/auth/userinfo.profile',
};

const spelledOut = (scopes: readonly string[]) => scopes.map((scope) => LONG_FORM[scope] ?? scope);

export function googleAuthorize(scopes: readonly string[]): AuthorizeManner {
  return {
    path: '/o/oauth2/v2/auth',
    separator: ' ',
    scopes: [...scopes, ...IDENTITY_SCOPES],
    narrowable: true,
    pkce: true,
    scopeFaultStaysHere: true,
    // With the first consent, or when the user is made to consent again; never without access_type=offline.
    refreshable: ({ query, first }) =>
      query['access_type'] === 'offline' && (first || (query['prompt'] ?? '').split(' ').includes('consent')),
    sendsIssuer: true,
    callback: ({ scopes: granted }) => ({
      scope: spelledOut(granted).join(' '),
      authuser: '0',
      prompt: 'consent',
    }),
  };
}

export const googleToken: TokenManner = {
  path: '/token',
  clientAuthentication: ['post', 'basic'],
  lifetime: 3599,
  rotation: 'stays',
  forms: {
    access: (random) => `ya29.a0${random}`,
    refresh: (random) => `1//0${random}`,
    code: (random) => `4/0A${random}`,
  },
  answer: ({ parts: [{ accessToken, expiresIn, refreshToken, refreshExpiresIn, scopes }] }) => ({
    access_token: accessToken,
    expires_in: expiresIn,
    ...(refreshToken !== null && { refresh_token: refreshToken }),
    ...(refreshExpiresIn !== null && { refresh_token_expires_in: refreshExpiresIn }),
    scope: spelledOut(scopes).join(' '),
    token_type: 'Bearer',
  }),
  refuse,
};

function refuse(fault: TokenFault): Reply {
  const { status, error } = wordsFor(fault);
  const say = (description: string, word = error) =>
    reply(status, { error: word, error_description: description });
  switch (fault.kind) {
    case 'refresh_token_revoked':
    case 'refresh_token_expired':
      return say('Token has been expired or revoked.');
    case 'refresh_token_unknown':
    case 'code_used':
    case 'code_expired':
      return say('Bad Request');
    case 'code_unknown':
      return say('Malformed auth code.');
    case 'redirect_uri_mismatch':
      return say('Bad Request', 'redirect_uri_mismatch');
    case 'pkce_failed':
      return say('Invalid code verifier.');
    case 'client_unknown':
      return say('The OAuth client was not found.');
    case 'client_secret_wrong':
      return say('Unauthorized');
    case 'rate_limited':
      return rfc6749(fault, { error: 'rate_limit_exceeded' });
    case 'unavailable':
      return reply(503, { error: 'internal_failure', error_description: 'Backend Error' });
    default:
      return rfc6749(fault);
  }
}

/** The token may be in the form or the query, and whose client asks is not looked at. */
export const googleRevocation: Call = post(
  '/revoke',
  { auth: 'none', revokes: true },
  ({ form, query, tokens }) => {
    const ended = tokens.endGrantOf(form['token'] ?? query['token'] ?? '');
    return ended
      ? ok({})
      : reply(400, { error: 'invalid_token', error_description: 'Token expired or revoked' });
  },
);

type ErrorWords = { code: number; status: string; reason: string; message: string; details?: unknown[] };

/** @param details of Google Ads, which puts its own word there */
export function googleError(fault: ApiFault, details?: (words: ErrorWords) => unknown[]): Reply {
  const words = errorWords(fault);
  const { code, status, reason, message } = words;
  const all = details?.(words) ?? words.details;
  const body = {
    error: {
      code,
      message,
      ...(!details && { errors: [{ message, domain: 'global', reason }] }),
      status,
      ...(all && { details: all }),
    },
  };
  return reply(
    code,
    body,
    fault.kind === 'rate_limited' ? { 'retry-after': String(Math.ceil(fault.retryAfter)) } : undefined,
  );
}

function errorWords(fault: ApiFault): ErrorWords {
  switch (fault.kind) {
    case 'no_token':
      return {
        code: 401,
        status: 'UNAUTHENTICATED',
        reason: 'required',
        message: 'Request is missing required authentication credential.',
      };
    case 'token_unknown':
    case 'token_expired':
    case 'token_revoked':
      return {
        code: 401,
        status: 'UNAUTHENTICATED',
        reason: 'authError',
        message: 'Request had invalid authentication credentials.',
      };
    case 'scope_missing':
      return {
        code: 403,
        status: 'PERMISSION_DENIED',
        reason: 'insufficientPermissions',
        message: 'Request had insufficient authentication scopes.',
        details: [errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT')],
      };
    case 'bad_request':
      return {
        code: fault.status ?? 400,
        status: fault.status === 403 ? 'PERMISSION_DENIED' : 'INVALID_ARGUMENT',
        reason: fault.code,
        message: fault.message,
      };
    case 'not_found':
      return {
        code: 404,
        status: 'NOT_FOUND',
        reason: 'notFound',
        message: `${fault.what ?? 'Requested entity'} was not found.`,
      };
    case 'rate_limited':
      return {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        reason: 'rateLimitExceeded',
        message: 'Quota exceeded for quota metric.',
        details: [
          errorInfo('RATE_LIMIT_EXCEEDED'),
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${fault.retryAfter}s` },
        ],
      };
    case 'unavailable':
      return {
        code: 503,
        status: 'UNAVAILABLE',
        reason: 'backendError',
        message: 'The service is currently unavailable.',
      };
  }
}

const errorInfo = (reason: string) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
});
