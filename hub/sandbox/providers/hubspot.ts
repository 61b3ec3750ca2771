/** https://developers.hubspot.com/docs/api-reference */
import { get, limitIn, ok, page, perAccount, post, remove, reply } from '../calls.ts';
import type { ApiFault, Call, Issue, Reply, StandIn, TokenFault } from '../stand-in.ts';

export const standIn = {
  id: 'hubspot',
  name: 'HubSpot',
  accounts: [
    {
      id: '145000001',
      name: 'Sandbox One',
      email: 'one@hubspot.sandbox.example',
      domain: 'one-145000001.com',
      userId: '77000001',
    },
    {
      id: '145000002',
      name: 'Sandbox Two',
      email: 'two@hubspot.sandbox.example',
      domain: 'two-145000002.com',
      userId: '77000002',
    },
  ],
  authorize: {
    path: '/oauth/authorize',
    separator: ' ',
    scopes: [
      'oauth',
      'tickets',
      'e-commerce',
      'content',
      'forms',
      'files',
      'automation',
      'timeline',
      'business-intelligence',
      'sales-email-read',
      'communication_preferences.read',
      'conversations.read',
      'conversations.write',
      /^crm\.(objects|schemas|lists|export|import|pipelines)(\.[a-z_]+)*(\.(read|write))?$/,
      /^settings\.[a-z.]+\.(read|write)$/,
    ],
    optionalScopeParam: 'optional_scope',
    narrowable: false,
    pkce: false,
    scopeFaultStaysHere: true,
  },
  token: {
    path: '/oauth/2026-03/token',
    aliases: ['/oauth/v1/token', '/oauth/v3/token'],
    clientAuthentication: ['post'],
    lifetime: 1800,
    rotation: 'stays',
    echoesRefreshToken: true,
    forms: {
      access: (random) => `CL${random}`,
      refresh: (random) => `na1-${random.slice(0, 4)}-${random.slice(4, 36)}`,
      code: (random) => `na1-${random}`,
    },
    answer,
    refuse: refuseToken,
  },
  api: {
    refuse,
    limits: (used) => ({
      'x-hubspot-ratelimit-max': '110',
      'x-hubspot-ratelimit-remaining': String(Math.max(0, 110 - used)),
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
    }),
  },
  staticKey: (random) => `pat-sandbox-${random.slice(0, 32)}`,
  endpoints: { revoke: '/oauth/2026-03/token/revoke', apiBase: '' },
  calls,
} satisfies StandIn;

function answer({ account, parts: [part] }: Issue) {
  return {
    token_type: 'bearer',
    access_token: part.accessToken,
    ...(part.refreshToken !== null && { refresh_token: part.refreshToken }),
    expires_in: part.expiresIn,
    hub_id: Number(account.id),
    user_id: Number(account['userId']),
    // A list, and under a name of its own.
    scopes: part.scopes,
  };
}

const CONTACTS = ['crm.objects.contacts.read', 'crm.objects.contacts.write'];

function calls(): Call[] {
  const contactsOf = perAccount(() => [1, 2, 3].map((n) => contactOf(n, {})));
  return [
    remove(
      '/oauth/v1/refresh-tokens/:token',
      { auth: 'none', revokes: true },
      ({ params, tokens, refuse: say }) =>
        tokens.endGrantOf(params['token'] ?? '')
          ? reply(204, null)
          : say({ kind: 'not_found', what: 'Refresh token' }),
    ),
    ...['2026-03', 'v3'].map((version) =>
      post(
        `/oauth/${version}/token/revoke`,
        { auth: 'client', revokes: true },
        ({ form, tokens, refuse: say }) =>
          tokens.endGrantOf(form['token'] ?? '')
            ? ok({})
            : say({ kind: 'bad_request', code: 'VALIDATION_ERROR', message: 'missing or invalid token' }),
      ),
    ),
    get('/oauth/v1/access-tokens/:token', { auth: 'none' }, ({ params, tokens, refuse: say }) => {
      const token = params['token'] ?? '';
      const found = tokens.lookUp(token);
      if (found?.kind !== 'access' || !found.active) return say({ kind: 'not_found', what: 'Access token' });
      const { account, scopes, expiresAt } = found;
      return ok({
        token,
        user: account.email,
        hub_domain: account['domain'],
        hub_id: Number(account.id),
        user_id: Number(account['userId']),
        app_id: 1000001,
        scopes,
        expires_in: expiresAt === null ? null : Math.round((expiresAt - Date.now()) / 1000),
        token_type: 'access',
      });
    }),
    get('/account-info/v3/details', {}, ({ account }) =>
      ok({
        portalId: Number(account.id),
        accountType: 'STANDARD',
        timeZone: 'UTC',
        companyCurrency: 'USD',
        uiDomain: 'app.hubspot.com',
        dataHostingLocation: 'na1',
      }),
    ),
    get('/crm/v3/objects/contacts', { scopes: CONTACTS }, ({ account, query }) => {
      const { items, next } = page(contactsOf(account), limitIn(query['limit'], 10, 100), query['after']);
      return ok({ results: items, ...(next && { paging: { next: { after: next } } }) });
    }),
    get('/crm/v3/objects/contacts/:id', { scopes: CONTACTS }, ({ account, params, refuse: say }) => {
      const contact = contactsOf(account).find(({ id }) => id === params['id']);
      return contact ? ok(contact) : say({ kind: 'not_found', what: 'resource' });
    }),
    post(
      '/crm/v3/objects/contacts',
      { scopes: ['crm.objects.contacts.write'] },
      ({ account, json, refuse: say }) => {
        const { properties } = json;
        if (typeof properties !== 'object' || properties === null)
          return say({ kind: 'bad_request', code: 'VALIDATION_ERROR', message: 'Invalid input JSON' });
        const contact = contactOf(contactsOf(account).length + 1, properties);
        contactsOf(account).push(contact);
        return reply(201, contact);
      },
    ),
  ];
}

function contactOf(n: number, properties: object) {
  const at = new Date().toISOString();
  const email = `contact${n}@sandbox.example`;
  return {
    id: `${500 + n}`,
    properties: { firstname: 'Contact', lastname: `${n}`, email, hs_object_id: `${500 + n}`, ...properties },
    createdAt: at,
    updatedAt: at,
    archived: false,
  };
}

const CORRELATION = '00000000-0000-4000-8000-000000000000';

/** HubSpot's own words, in `status`. */
function refuseToken(fault: TokenFault): Reply {
  const say = (status: string, message: string, code = 400) =>
    reply(code, { status, message, correlationId: CORRELATION });
  switch (fault.kind) {
    case 'refresh_token_unknown':
    case 'refresh_token_revoked':
    case 'refresh_token_spent':
    case 'refresh_token_expired':
      return say('BAD_REFRESH_TOKEN', 'missing or invalid refresh token');
    case 'code_unknown':
    case 'code_expired':
    case 'code_used':
      return say('BAD_AUTH_CODE', 'missing or unknown auth code');
    case 'redirect_uri_mismatch':
      return say('BAD_REDIRECT_URI', 'missing or invalid redirect uri');
    case 'client_unknown':
      return say('BAD_CLIENT_ID', 'missing or unknown client id');
    case 'client_secret_wrong':
      return say('BAD_CLIENT_SECRET', 'missing or invalid client secret');
    case 'grant_type_unsupported':
      return say('BAD_GRANT_TYPE', 'missing or unknown grant type');
    case 'parameter_missing':
      return say('BAD_REQUEST', `missing or invalid ${fault.parameter}`);
    case 'rate_limited':
      return rateLimited(fault.retryAfter);
    case 'unavailable':
      return say('error', 'Service temporarily unavailable', 503);
    default:
      return say('BAD_REQUEST', 'invalid request');
  }
}

function refuse(fault: ApiFault): Reply {
  const say = (status: number, category: string, message: string, more: object = {}) =>
    reply(status, { status: 'error', message, correlationId: CORRELATION, ...more, category });
  switch (fault.kind) {
    case 'no_token':
    case 'token_unknown':
    case 'token_revoked':
      return say(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found or not valid.');
    case 'token_expired':
      return say(401, 'EXPIRED_AUTHENTICATION', 'The OAuth token used to make this call expired.');
    case 'scope_missing':
      return say(
        403,
        'MISSING_SCOPES',
        "This app hasn't been granted all required scopes to make this call.",
        {
          errors: [
            {
              message: 'One or more of the following scopes are required.',
              context: { requiredGranularScopes: fault.needed },
            },
          ],
        },
      );
    case 'bad_request':
      return say(fault.status ?? 400, fault.code, fault.message);
    case 'not_found':
      return say(404, 'OBJECT_NOT_FOUND', `${fault.what ?? 'resource'} not found`);
    case 'rate_limited':
      return rateLimited(fault.retryAfter);
    case 'unavailable':
      return say(503, 'SERVICE_UNAVAILABLE', 'Service temporarily unavailable');
  }
}

function rateLimited(retryAfter: number): Reply {
  return reply(
    429,
    {
      status: 'error',
      message: 'You have reached your ten_secondly_rolling limit.',
      errorType: 'RATE_LIMIT',
      correlationId: CORRELATION,
      policyName: 'TEN_SECONDLY_ROLLING',
      category: 'RATE_LIMITS',
    },
    { 'retry-after': String(Math.ceil(retryAfter)), 'x-hubspot-ratelimit-remaining': '0' },
  );
}
