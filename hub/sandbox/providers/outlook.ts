/** https://learn.microsoft.com/entra/identity-platform and https://learn.microsoft.com/graph */
import { get, limitIn, ok, page, perAccount, post, reply } from '../calls.ts';
import type { Account, ApiFault, Call, Issue, Reply, StandIn, TokenFault } from '../stand-in.ts';

export const standIn = {
  id: 'outlook',
  name: 'Microsoft Outlook',
  accounts: [
    { id: '00000000-0000-4000-8000-000000000001', name: 'Sandbox One', email: 'one@outlook.sandbox.example' },
    { id: '00000000-0000-4000-8000-000000000002', name: 'Sandbox Two', email: 'two@outlook.sandbox.example' },
  ],
  authorize: {
    path: '/common/oauth2/v2.0/authorize',
    separator: ' ',
    scopes: [
      'openid',
      'profile',
      'email',
      'offline_access',
      /^(https:\/\/graph\.microsoft\.com\/)?(User|Mail|MailboxSettings|Calendars|Contacts|People|Files|Tasks)\.(Read|ReadBasic|ReadWrite|Send)(\.All|\.Shared)?$/,
    ],
    narrowable: false,
    pkce: true,
    refreshable: ({ scopes }) => scopes.includes('offline_access'),
    denial: {
      error_subcode: 'cancel',
      error_description: 'AADSTS65004: User declined to consent to access the app.',
    },
  },
  token: {
    path: '/common/oauth2/v2.0/token',
    clientAuthentication: ['post', 'basic'],
    // Microsoft picks a random lifetime of 60 to 90 minutes.
    lifetime: 4499,
    refreshLifetime: 7_776_000,
    // A new one each time, and the old one is not revoked: "they're to be securely deleted by the client"
    // (https://learn.microsoft.com/entra/identity-platform/refresh-tokens).
    rotation: 'tolerant',
    forms: {
      access: (random) => `eyJ0eXAiOiJKV1QifQ.${random}.sandbox`,
      refresh: (random) => `1.AXoA${random}`,
      code: (random) => `1.AXoA.${random}`,
    },
    // A refresh names the scopes again.
    check: (params) =>
      params['grant_type'] === 'refresh_token' && !params['scope']
        ? { kind: 'parameter_missing', parameter: 'scope' }
        : null,
    answer,
    refuse: refuseToken,
  },
  api: { refuse },
  // Nothing ends one refresh token.
  endpoints: { apiBase: '/v1.0' },
  calls,
} satisfies StandIn;

function answer({ parts: [part] }: Issue) {
  return {
    token_type: 'Bearer',
    // Granted, and never named.
    scope: part.scopes.filter((scope) => scope !== 'offline_access').join(' '),
    expires_in: part.expiresIn,
    ext_expires_in: part.expiresIn,
    access_token: part.accessToken,
    ...(part.refreshToken !== null && { refresh_token: part.refreshToken }),
  };
}

const graph = (...names: string[]) => names.flatMap((name) => [name, `https://graph.microsoft.com/${name}`]);
const READ_MAIL = graph('Mail.Read', 'Mail.ReadBasic', 'Mail.ReadWrite');

function calls(): Call[] {
  const messagesOf = perAccount((account) => [1, 2, 3].map((n) => messageOf(account, n)));
  return [
    get('/v1.0/me', { scopes: graph('User.Read', 'User.ReadWrite') }, ({ account }) =>
      ok({
        '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users/$entity',
        id: account.id,
        displayName: account.name,
        mail: account.email,
        userPrincipalName: account.email,
        businessPhones: [],
        preferredLanguage: null,
      }),
    ),
    get('/v1.0/me/messages', { scopes: READ_MAIL }, ({ account, query, base }) => {
      const limit = limitIn(query['$top'], 10, 1000);
      const { items, next } = page(messagesOf(account), limit, query['$skip']);
      return ok({
        value: items,
        ...(next && { '@odata.nextLink': `${base}/v1.0/me/messages?$top=${limit}&$skip=${next}` }),
      });
    }),
    get('/v1.0/me/messages/:id', { scopes: READ_MAIL }, ({ account, params, refuse: say }) => {
      const message = messagesOf(account).find(({ id }) => id === params['id']);
      return message ? ok(message) : say({ kind: 'not_found' });
    }),
    post('/v1.0/me/sendMail', { scopes: graph('Mail.Send') }, ({ json, refuse: say }) => {
      const message = json['message'];
      if (typeof message !== 'object' || message === null || !('toRecipients' in message))
        return say({
          kind: 'bad_request',
          code: 'ErrorInvalidRecipients',
          message: 'At least one recipient is not valid.',
        });
      return reply(202, null);
    }),
  ];
}

function messageOf({ email }: Account, n: number) {
  return {
    id: `AAMkSandbox${String(n).padStart(8, '0')}`,
    receivedDateTime: `2026-01-0${n}T09:00:00Z`,
    subject: `Message ${n}`,
    bodyPreview: `Hello, number ${n}.`,
    isRead: false,
    from: { emailAddress: { name: 'Sender', address: 'sender@sandbox.example' } },
    toRecipients: [{ emailAddress: { name: email, address: email } }],
  };
}

const REQUEST_ID = '00000000-0000-4000-8000-00000000abcd';

function refuseToken(fault: TokenFault): Reply {
  const say = (
    status: number,
    error: string,
    number: number,
    message: string,
    headers?: Record<string, string>,
  ) =>
    reply(
      status,
      {
        error,
        error_description: `AADSTS${number}: ${message}`,
        error_codes: [number],
        timestamp: new Date().toISOString(),
        trace_id: REQUEST_ID,
        correlation_id: REQUEST_ID,
        error_uri: `https://login.microsoftonline.com/error?code=${number}`,
      },
      headers,
    );
  switch (fault.kind) {
    case 'malformed':
      return say(400, 'invalid_request', 900144, fault.detail);
    case 'parameter_missing':
      return say(400, 'invalid_request', 900144, `The request body must contain: '${fault.parameter}'.`);
    case 'grant_type_unsupported':
      return say(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
    case 'client_unknown':
      return say(400, 'unauthorized_client', 700016, 'Application was not found in the directory.');
    case 'client_secret_wrong':
      return say(401, 'invalid_client', 7000215, 'Invalid client secret provided.');
    case 'code_unknown':
      return say(400, 'invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.');
    case 'code_expired':
      return say(400, 'invalid_grant', 70008, 'The provided authorization code has expired.');
    case 'code_used':
      return say(400, 'invalid_grant', 54005, 'OAuth2 Authorization code was already redeemed.');
    case 'redirect_uri_mismatch':
      return say(400, 'invalid_client', 500112, 'The reply address does not match the one of the request.');
    case 'pkce_failed':
      return say(400, 'invalid_grant', 501481, 'The Code_Verifier does not match the code_challenge.');
    case 'refresh_token_unknown':
      return say(400, 'invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.');
    case 'refresh_token_revoked':
    case 'refresh_token_spent':
      return say(400, 'invalid_grant', 50173, 'The provided grant has expired due to it being revoked.');
    case 'refresh_token_expired':
    case 'exchanged_token_bad':
      return say(400, 'invalid_grant', 700082, 'The refresh token has expired due to inactivity.');
    case 'scope_not_granted':
      return say(400, 'invalid_grant', 65001, 'The user has not consented to use the application.');
    case 'rate_limited':
      return say(429, 'temporarily_unavailable', 90033, 'Too many requests.', {
        'retry-after': String(Math.ceil(fault.retryAfter)),
      });
    case 'unavailable':
      return say(503, 'temporarily_unavailable', 90033, 'A transient error has occurred. Please try again.');
  }
}

function refuse(fault: ApiFault): Reply {
  const say = (status: number, code: string, message: string, headers?: Record<string, string>) =>
    reply(
      status,
      {
        error: {
          code,
          message,
          innerError: {
            date: new Date().toISOString(),
            'request-id': REQUEST_ID,
            'client-request-id': REQUEST_ID,
          },
        },
      },
      headers,
    );
  switch (fault.kind) {
    case 'no_token':
      return say(401, 'InvalidAuthenticationToken', 'Access token is empty.');
    case 'token_unknown':
    case 'token_revoked':
      return say(401, 'InvalidAuthenticationToken', 'IDX14100: JWT is not well formed.');
    case 'token_expired':
      return say(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.');
    case 'scope_missing':
      return say(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
    case 'bad_request':
      return say(fault.status ?? 400, fault.code, fault.message);
    case 'not_found':
      return say(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
    case 'rate_limited':
      return say(429, 'TooManyRequests', 'Too many requests.', {
        'retry-after': String(Math.ceil(fault.retryAfter)),
      });
    case 'unavailable':
      return say(503, 'ServiceUnavailable', 'Service is temporarily unavailable.', { 'retry-after': '5' });
  }
}
