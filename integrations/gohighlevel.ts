import { classifyByStatus, field, textField } from './definition/answers.ts';
import type { Account, Answer, Connected, Integration, Verdict } from './definition/integration.ts';
import { drawLogo } from './definition/logo.ts';
import { apiKeySchema, optionalSettings, textIn } from './definition/schemas.ts';

const API = 'https://services.leadconnectorhq.com';
const ID = '^[A-Za-z0-9_-]{1,64}$';
const DEFAULT_VERSION = '2021-07-28';

export const integration = {
  id: 'gohighlevel',
  name: 'GoHighLevel',
  description:
    'Keeps contacts, opportunities, tasks, calendars and conversations of a HighLevel sub-account or agency in step with your workflows.',
  category: 'CRM',
  logo: drawLogo(
    'GoHighLevel',
    '#1b7f6b',
    `<path d="M13 49h9V38h10V27h10V16h9"/>
     <path d="M44 10l7 6-7 6"/>
     <circle cx="20" cy="20" r="5"/>`,
  ),
  status: 'active',
  docsUrl: 'https://marketplace.gohighlevel.com/docs/',
  consoleUrl: 'https://marketplace.gohighlevel.com/apps',
  keyUrl: 'https://app.gohighlevel.com/settings/private-integrations',
  capabilities: [
    'create contacts',
    'upsert contacts',
    'search contacts',
    'manage opportunities',
    'manage tasks',
    'book appointments',
    'find free slots',
    'send conversation messages',
  ],
  examples: [
    { id: 'location', title: 'Show the sub-account', method: 'GET', path: '/locations/{account.id}' },
    {
      id: 'contacts',
      title: 'List five contacts',
      method: 'GET',
      path: '/contacts/',
      query: { locationId: '{account.id}', limit: '5' },
    },
  ],
  configSchema: optionalSettings({
    userType: {
      type: 'string',
      title: 'Account type',
      description: 'Location connects one sub-account, Company the agency.',
      enum: ['Location', 'Company'],
      default: 'Location',
    },
    locationId: {
      type: 'string',
      title: 'Location ID',
      description: 'The sub-account of a private integration token; OAuth tells it by itself.',
      pattern: ID,
    },
    companyId: {
      type: 'string',
      title: 'Company ID',
      description: 'The agency of a private integration token; OAuth tells it by itself.',
      pattern: ID,
    },
    apiVersion: {
      type: 'string',
      title: 'API version',
      description: 'Sent as the Version header with every call.',
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      default: DEFAULT_VERSION,
    },
  }),
  authTypes: ['oauth2', 'api_key'],
  credentialSchemas: {
    api_key: apiKeySchema(
      'Private integration token',
      'From Settings, Private Integrations, of the sub-account or agency; set its id in the configuration.',
    ),
  },
  oauth: {
    authorizeUrl: () => 'https://marketplace.gohighlevel.com/oauth/chooselocation',
    tokenUrl: () => `${API}/oauth/token`,
    scopes: [
      'contacts.readonly',
      'contacts.write',
      'opportunities.readonly',
      'opportunities.write',
      'calendars.readonly',
      'calendars.write',
      'calendars/events.readonly',
      'calendars/events.write',
      'conversations.readonly',
      'conversations.write',
      'conversations/message.readonly',
      'conversations/message.write',
      'locations.readonly',
      'locations/tasks.readonly',
      'locations/tags.readonly',
      'locations/customFields.readonly',
      'users.readonly',
    ],
    scopeMeanings: {
      'contacts.readonly': 'Read contacts',
      'contacts.write': 'Make and change contacts',
      'opportunities.readonly': 'Read opportunities',
      'opportunities.write': 'Make and change opportunities',
      'calendars.readonly': 'Read calendars',
      'calendars.write': 'Make and change calendars',
      'calendars/events.readonly': 'Read appointments',
      'calendars/events.write': 'Book and change appointments',
      'conversations.readonly': 'Read conversations',
      'conversations.write': 'Begin and change conversations',
      'conversations/message.readonly': 'Read messages',
      'conversations/message.write': 'Send messages',
      'locations.readonly': 'Read the sub-account',
      'locations/tasks.readonly': 'Read tasks',
      'locations/tags.readonly': 'Read tags',
      'locations/customFields.readonly': 'Read custom fields',
      'users.readonly': 'Read users',
    },
    scopeSeparator: ' ',
    pkce: false,
    clientAuthentication: 'client_secret_post',
    exchangeParams: ({ config }) => ({ user_type: textIn(config, 'userType') ?? 'Location' }),
    refresh: {
      by: 'refresh_token',
      reusable: false,
      params: (connected) => ({ user_type: placeOf(connected).userType }),
    },
  },
  hosts: ['services.leadconnectorhq.com'],
  apiBaseUrl: () => API,
  headers: ({ config }) => ({ version: textIn(config, 'apiVersion') ?? DEFAULT_VERSION }),
  probe: (connected) => {
    const { userType, locationId, companyId } = placeOf(connected);
    const company = companyId && {
      method: 'GET' as const,
      url: `/companies/${encodeURIComponent(companyId.toWellFormed())}`,
    };
    if (userType === 'Company' && company) return company;
    if (locationId)
      return { method: 'GET', url: `/locations/${encodeURIComponent(locationId.toWellFormed())}` };
    // A private token without an id in the configuration: the one call that lists what it can see.
    return company || { method: 'GET', url: '/locations/search', query: { limit: '1' } };
  },
  account: accountIn,
  classify,
  // Of a sub-account (https://marketplace.gohighlevel.com/docs/oauth/Faqs).
  rateLimit: { calls: 100, perMs: 10_000 },
  // No `revoke`: HighLevel has no such endpoint.
} satisfies Integration;

/** What the token answer says of itself goes before what was configured. */
function placeOf({ config, credentials }: Connected) {
  const answer = credentials.type === 'oauth2' ? credentials.answer : {};
  return {
    userType: textIn(answer, 'userType') ?? textIn(config, 'userType') ?? 'Location',
    locationId: textIn(answer, 'locationId') ?? textIn(config, 'locationId'),
    companyId: textIn(answer, 'companyId') ?? textIn(config, 'companyId'),
  };
}

/** `{"location": {…}}`, `{"company": {…}}`, or the first of `{"locations": […]}`. */
function accountIn(body: unknown): Account | null {
  const list = field(body, 'locations');
  const found =
    field(body, 'location') ??
    field(body, 'company') ??
    (Array.isArray(list) ? (list[0] as unknown) : undefined);
  const id = textField(found, 'id') ?? textField(found, '_id');
  const name = textField(found, 'name');
  return id && name ? { id, name } : null;
}

function classify(answer: Answer): Verdict {
  const verdict = classifyByStatus(answer);
  // A missing scope comes as 401 too, told apart by nothing but its sentence.
  if (verdict.kind === 'credential_expired' && /not authorized for this scope/i.test(messageIn(answer)))
    return { kind: 'permission_missing', code: 'scope_not_authorized' };
  if (verdict.kind === 'rate_limited' && verdict.retryAfterMs === undefined)
    return { ...verdict, ...burstWait(answer) };
  return verdict;
}

function messageIn({ body }: Answer): string {
  return textField(body, 'message') ?? '';
}

/** A full burst passes within its interval (100 calls in 10 s); nobody says when the day's limit does. */
function burstWait({ headers }: Answer): { retryAfterMs?: number } {
  const interval = Number(headers['x-ratelimit-interval-milliseconds'] ?? NaN);
  if (headers['x-ratelimit-daily-remaining'] === '0' || !(interval > 0 && interval <= 86_400_000)) return {};
  return { retryAfterMs: Math.ceil(interval) };
}
