/** https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_authenticate_overview.htm */
import { createHmac } from 'node:crypto';
import { get, ok, perAccount, post, reply } from '../calls.ts';
import { rfc6749 } from '../rfc6749.ts';
import type { ApiFault, Asked, Call, CallContext, Issue, Reply, StandIn, TokenFault } from '../stand-in.ts';

const ORGANIZATION = '00D000000000001AAA';

export const standIn = {
  id: 'salesforce',
  name: 'Salesforce',
  accounts: [
    { id: '005000000000001AAA', name: 'Sandbox One', email: 'one@salesforce.sandbox.example' },
    { id: '005000000000002AAA', name: 'Sandbox Two', email: 'two@salesforce.sandbox.example' },
  ],
  authorize: {
    path: '/services/oauth2/authorize',
    separator: ' ',
    scopes: [
      'api',
      'refresh_token',
      'offline_access',
      'full',
      'id',
      'openid',
      'profile',
      'email',
      'address',
      'phone',
      'web',
      'chatter_api',
      'custom_permissions',
    ],
    narrowable: false,
    pkce: true,
    refreshable: ({ scopes }) => scopes.includes('refresh_token') || scopes.includes('offline_access'),
    denial: { error_description: 'end-user denied authorization' },
  },
  token: {
    path: '/services/oauth2/token',
    clientAuthentication: ['post', 'basic'],
    // The session policy of the org decides, and the answer says nothing of it.
    lifetime: null,
    rotation: 'stays',
    forms: {
      access: (random) => `00D000000000001!AQ${random}`,
      refresh: (random) => `5Aep861${random}`,
      // Ends as base64 does: it must be escaped on its way.
      code: (random) => `aPrx${random}==`,
    },
    answer,
    refuse: refuseToken,
  },
  api: {
    refuse,
    limits: (used) => ({ 'sforce-limit-info': `api-usage=${used}/15000` }),
  },
  // No base of its own: calls go to the `instance_url` of the token answer.
  endpoints: { revoke: '/services/oauth2/revoke' },
  calls,
} satisfies StandIn;

function answer({ account, base, clientSecret, now, parts: [part] }: Issue) {
  const id = `${base}/id/${ORGANIZATION}/${account.id}`;
  const issuedAt = String(now);
  return {
    access_token: part.accessToken,
    ...(part.refreshToken !== null && { refresh_token: part.refreshToken }),
    signature: createHmac('sha256', clientSecret)
      .update(id + issuedAt)
      .digest('base64'),
    scope: part.scopes.join(' '),
    instance_url: base,
    id,
    token_type: 'Bearer',
    issued_at: issuedAt,
  };
}

type Contact = { Id: string; Name: string; Email: string };

function calls(): Call[] {
  const contactsOf = perAccount((): Contact[] => [1, 2, 3].map((n) => contactOf(n)));
  const api = { scopes: ['api', 'full'] };
  return [
    get('/services/oauth2/userinfo', { scopes: ['openid', 'id', 'profile', 'api', 'full'] }, userInfo),
    post('/services/oauth2/userinfo', { scopes: ['openid', 'id', 'profile', 'api', 'full'] }, userInfo),
    post('/services/oauth2/revoke', { auth: 'none', revokes: true }, revoke),
    post('/services/oauth2/introspect', { auth: 'client' }, ({ form, clientId, tokens }) => {
      const found = tokens.lookUp(form['token'] ?? '');
      return ok(
        found?.active
          ? {
              active: true,
              scope: found.scopes.join(' '),
              client_id: clientId,
              username: found.account.email,
            }
          : { active: false },
      );
    }),
    get('/services/data/', { auth: 'none' }, () =>
      ok([{ label: "Spring '26", url: '/services/data/v66.0', version: '66.0' }]),
    ),
    get('/services/data/:version/query', api, ({ account, query, refuse: say }) => {
      const [, object] = /^\s*SELECT\s.+\sFROM\s+(\w+)/is.exec(query['q'] ?? '') ?? [];
      if (object === undefined)
        return say({ kind: 'bad_request', code: 'MALFORMED_QUERY', message: 'unexpected token' });
      if (object !== 'Contact')
        return say({
          kind: 'bad_request',
          code: 'INVALID_TYPE',
          message: `sObject type '${object}' is not supported.`,
        });
      const records = contactsOf(account);
      return ok({ totalSize: records.length, done: true, records });
    }),
    post('/services/data/:version/sobjects/Contact', api, ({ account, json, refuse: say }) => {
      if (typeof json['LastName'] !== 'string')
        return say({
          kind: 'bad_request',
          code: 'REQUIRED_FIELD_MISSING',
          message: 'Required fields are missing: [LastName]',
        });
      const contact = { ...contactOf(contactsOf(account).length + 1), Name: json['LastName'] };
      contactsOf(account).push(contact);
      return reply(201, { id: contact.Id, success: true, errors: [] });
    }),
  ];
}

function userInfo({ account, base }: CallContext): Reply {
  return ok({
    sub: `${base}/id/${ORGANIZATION}/${account.id}`,
    user_id: account.id,
    organization_id: ORGANIZATION,
    preferred_username: account.email,
    name: account.name,
    email: account.email,
    email_verified: true,
    active: true,
  });
}

/** A refresh token takes its access tokens with it; an access token goes alone. */
function revoke({ form, query, tokens }: CallContext): Reply {
  const token = form['token'] ?? query['token'] ?? '';
  const kind = tokens.lookUp(token)?.kind;
  const ended = kind === 'refresh' ? tokens.endGrantOf(token) : kind === 'access' && tokens.endToken(token);
  return ended
    ? reply(200, null)
    : reply(400, { error: 'unsupported_token_type', error_description: 'this token is not supported' });
}

function contactOf(n: number): Contact {
  return {
    Id: `003${String(n).padStart(12, '0')}AAA`,
    Name: `Contact ${n}`,
    Email: `contact${n}@sandbox.example`,
  };
}

function refuseToken(fault: TokenFault): Reply {
  const say = (error: string, description: string, status = 400) =>
    reply(status, { error, error_description: description });
  switch (fault.kind) {
    case 'refresh_token_unknown':
    case 'refresh_token_revoked':
    case 'refresh_token_spent':
    case 'refresh_token_expired':
      return say('invalid_grant', 'expired access/refresh token');
    case 'code_unknown':
    case 'code_used':
      return say('invalid_grant', 'invalid authorization code');
    case 'code_expired':
      return say('invalid_grant', 'expired authorization code');
    case 'pkce_failed':
      return say('invalid_grant', 'invalid code verifier');
    case 'redirect_uri_mismatch':
      return say('redirect_uri_mismatch', 'redirect_uri must match configuration');
    case 'client_unknown':
      return say('invalid_client_id', 'client identifier invalid');
    case 'client_secret_wrong':
      return say('invalid_client', 'invalid client credentials');
    case 'grant_type_unsupported':
      return say('unsupported_grant_type', 'grant type not supported');
    default:
      return rfc6749(fault);
  }
}

/** A list, except at the identity service, which answers plain words, and 403 to a bad token. */
function refuse(fault: ApiFault, { path }: Asked): Reply {
  const isIdentity = path.endsWith('/services/oauth2/userinfo');
  const say = (status: number, errorCode: string, message: string, headers?: Record<string, string>) =>
    reply(status, [{ message, errorCode }], headers);
  switch (fault.kind) {
    case 'no_token':
      return isIdentity
        ? reply(403, 'Missing_OAuth_Token')
        : say(401, 'INVALID_AUTH_HEADER', 'INVALID_HEADER_TYPE');
    case 'token_unknown':
    case 'token_expired':
    case 'token_revoked':
      return isIdentity
        ? reply(403, 'Bad_OAuth_Token')
        : say(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    case 'scope_missing':
      return say(403, 'INSUFFICIENT_ACCESS', 'The token lacks a scope that this resource needs.');
    case 'bad_request':
      return say(fault.status ?? 400, fault.code, fault.message);
    case 'not_found':
      return say(404, 'NOT_FOUND', 'The requested resource does not exist');
    case 'rate_limited':
      // 403, and a limit all the same.
      return say(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', {
        'retry-after': String(Math.ceil(fault.retryAfter)),
      });
    case 'unavailable':
      return say(503, 'SERVER_UNAVAILABLE', 'Server unavailable.');
  }
}
