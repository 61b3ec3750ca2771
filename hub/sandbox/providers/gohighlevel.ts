/** https://marketplace.gohighlevel.com/docs */
import { get, limitIn, ok, page, perAccount, post, reply, textOf } from '../calls.ts';
import { rfc6749 } from '../rfc6749.ts';
import type { Account, ApiFault, Call, Issue, Params, Reply, StandIn, TokenFault } from '../stand-in.ts';

const COMPANY = 'SandboxCompany000001';
const RESOURCES = [
  'associations',
  'businesses',
  'calendars',
  'calendars/events',
  'calendars/groups',
  'calendars/resources',
  'campaigns',
  'companies',
  'contacts',
  'conversations',
  'conversations/message',
  'conversations/reports',
  'forms',
  'invoices',
  'links',
  'locations',
  'locations/customFields',
  'locations/customValues',
  'locations/tags',
  'locations/tasks',
  'locations/templates',
  'medias',
  'oauth',
  'objects/record',
  'objects/schema',
  'opportunities',
  'payments/orders',
  'payments/transactions',
  'products',
  'surveys',
  'users',
  'workflows',
];

export const standIn = {
  id: 'gohighlevel',
  name: 'HighLevel',
  accounts: [
    {
      id: 'SandboxLocation00001',
      name: 'Sandbox One',
      email: 'one@highlevel.sandbox.example',
      userId: 'SandboxUser000000001',
    },
    {
      id: 'SandboxLocation00002',
      name: 'Sandbox Two',
      email: 'two@highlevel.sandbox.example',
      userId: 'SandboxUser000000002',
    },
  ],
  authorize: {
    path: '/oauth/chooselocation',
    separator: ' ',
    scopes: RESOURCES.flatMap((name) => [`${name}.readonly`, `${name}.write`]),
    narrowable: false,
    pkce: false,
  },
  token: {
    path: '/oauth/token',
    clientAuthentication: ['post'],
    lifetime: 86_399,
    refreshLifetime: 31_536_000,
    rotation: 'single_use',
    forms: {
      access: (random) => `eyJhbGciOiJSUzI1NiJ9.${random}.sandbox`,
      refresh: (random) => `eyJhbGciOiJSUzI1NiJ9.${random}.sandbox-refresh`,
      code: (random) => random,
    },
    check: userTypeMissing,
    answer,
    refuse: (fault) => rfc6749(fault),
  },
  api: {
    precheck: ({ headers }) =>
      /^\d{4}-\d{2}-\d{2}$/.test(String(headers['version'] ?? ''))
        ? null
        : { kind: 'bad_request', status: 401, code: 'version', message: 'version header was not found.' },
    refuse,
    limits: (used) => ({
      'x-ratelimit-limit-daily': '200000',
      'x-ratelimit-daily-remaining': String(Math.max(0, 200_000 - used)),
      'x-ratelimit-interval-milliseconds': '10000',
      'x-ratelimit-max': '100',
      'x-ratelimit-remaining': String(Math.max(0, 100 - used)),
    }),
  },
  staticKey: (random) => `pit-sandbox-${random.slice(0, 32)}`,
  // There is no revocation endpoint.
  endpoints: { apiBase: '' },
  calls,
} satisfies StandIn;

function userTypeMissing(params: Params): TokenFault | null {
  const userType = params['user_type'];
  if (userType === undefined) return { kind: 'parameter_missing', parameter: 'user_type' };
  return userType === 'Company' || userType === 'Location'
    ? null
    : { kind: 'malformed', detail: 'user_type must be Company or Location' };
}

function answer({ account, params, parts: [part] }: Issue) {
  const userType = params['user_type'];
  return {
    access_token: part.accessToken,
    token_type: 'Bearer',
    expires_in: part.expiresIn,
    ...(part.refreshToken !== null && { refresh_token: part.refreshToken }),
    scope: part.scopes.join(' '),
    userType,
    companyId: COMPANY,
    ...(userType === 'Location' && { locationId: account.id }),
    userId: account['userId'],
    isBulkInstallation: false,
  };
}

type Contact = {
  id: string;
  locationId: string;
  firstName: string;
  lastName: string;
  email: string;
  tags: string[];
};

function calls(): Call[] {
  const contactsOf = perAccount((account) => [1, 2, 3].map((n) => contactOf(account, n)));
  const elsewhere: ApiFault = {
    kind: 'bad_request',
    status: 403,
    code: 'location',
    message: 'The token does not have access to this location.',
  };
  return [
    get('/locations/search', { scopes: ['locations.readonly'] }, ({ account }) =>
      ok({ locations: [locationOf(account)] }),
    ),
    get('/locations/:id', { scopes: ['locations.readonly'] }, ({ account, params, refuse }) =>
      params['id'] === account.id ? ok({ location: locationOf(account) }) : refuse(elsewhere),
    ),
    get('/companies/:id', { scopes: ['companies.readonly'] }, ({ params, refuse }) =>
      params['id'] === COMPANY
        ? ok({ company: { id: COMPANY, name: 'Sandbox Agency', email: 'agency@highlevel.sandbox.example' } })
        : refuse({ kind: 'not_found', what: 'Company' }),
    ),
    get('/contacts/', { scopes: ['contacts.readonly', 'contacts.write'] }, ({ account, query, refuse }) => {
      if (query['locationId'] !== account.id) return refuse(elsewhere);
      const contacts = contactsOf(account);
      const { items, next } = page(contacts, limitIn(query['limit'], 20, 100), query['startAfter']);
      return ok({ contacts: items, meta: { total: contacts.length, startAfter: next } });
    }),
    get(
      '/contacts/:id',
      { scopes: ['contacts.readonly', 'contacts.write'] },
      ({ account, params, refuse }) => {
        const contact = contactsOf(account).find(({ id }) => id === params['id']);
        return contact ? ok({ contact }) : refuse({ kind: 'not_found', what: 'Contact' });
      },
    ),
    post('/contacts/', { scopes: ['contacts.write'] }, ({ account, json, refuse }) => {
      if (json['locationId'] !== account.id) return refuse(elsewhere);
      const contacts = contactsOf(account);
      const { email, firstName, lastName } = contactOf(account, contacts.length + 1);
      const contact = {
        ...contactOf(account, contacts.length + 1),
        email: textOf(json, 'email') ?? email,
        firstName: textOf(json, 'firstName') ?? firstName,
        lastName: textOf(json, 'lastName') ?? lastName,
      };
      contacts.push(contact);
      return reply(201, { contact });
    }),
  ];
}

function locationOf({ id, name, email }: Account) {
  return { id, companyId: COMPANY, name, email, country: 'US', timezone: 'UTC' };
}

function contactOf({ id }: Account, n: number): Contact {
  return {
    id: `SandboxContact${String(n).padStart(6, '0')}`,
    locationId: id,
    firstName: 'Contact',
    lastName: `${n}`,
    email: `contact${n}@sandbox.example`,
    tags: [],
  };
}

function refuse(fault: ApiFault): Reply {
  const say = (statusCode: number, message: string, headers?: Record<string, string>) =>
    reply(statusCode, { statusCode, message }, headers);
  switch (fault.kind) {
    case 'no_token':
    case 'token_unknown':
    case 'token_revoked':
      return say(401, 'Invalid JWT');
    case 'token_expired':
      return say(401, 'The access token is expired');
    case 'scope_missing':
      // 401 as well: nothing but the sentence tells it from a bad token.
      return say(401, 'The token is not authorized for this scope.');
    case 'bad_request':
      return say(fault.status ?? 400, fault.message);
    case 'not_found':
      return say(404, `${fault.what ?? 'Path'} not found`);
    case 'rate_limited':
      return say(429, 'Too many requests', {
        'retry-after': String(Math.ceil(fault.retryAfter)),
        'x-ratelimit-remaining': '0',
      });
    case 'unavailable':
      return say(503, 'Service Unavailable');
  }
}
