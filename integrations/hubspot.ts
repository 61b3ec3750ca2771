import {
  classifyByStatus,
  classifyTokenAnswerByRfc6749,
  field,
  readTokenAnswerByRfc6749,
  safeCode,
  textField,
} from './definition/answers.ts';
import type {
  Account,
  Answer,
  Connected,
  Integration,
  TokenAnswer,
  Verdict,
} from './definition/integration.ts';
import { drawLogo } from './definition/logo.ts';
import { rfc7009 } from './definition/revocation.ts';
import { apiKeySchema, optionalSettings, textIn } from './definition/schemas.ts';
import { safeScopes, scopeList, scopesIn } from './definition/scopes.ts';

const API = 'https://api.hubapi.com';
// The v1 endpoints, with tokens in their paths, end on 16 February 2027
// (https://developers.hubspot.com/docs/api-reference/legacy/authentication/oauth-tokens/v1/migration-guide).
const TOKENS = `${API}/oauth/2026-03/token`;

export const integration = {
  id: 'hubspot',
  name: 'HubSpot',
  description:
    'Creates, searches, updates and associates contacts, companies, deals, tickets and custom objects of a HubSpot account.',
  category: 'CRM',
  logo: drawLogo(
    'HubSpot',
    '#d9532c',
    `<path d="M12 17h40L37 34v12l-10 5V34z"/>
     <path d="M20 25h24"/>`,
  ),
  status: 'active',
  docsUrl: 'https://developers.hubspot.com/docs/api-reference/overview',
  consoleUrl: 'https://app.hubspot.com/developer',
  keyUrl: 'https://app.hubspot.com/l/private-apps',
  capabilities: [
    'create contacts',
    'search contacts',
    'manage companies',
    'manage deals',
    'manage tickets',
    'manage custom objects',
    'associate records',
  ],
  examples: [
    { id: 'account', title: 'Show the account', method: 'GET', path: '/account-info/v3/details' },
    {
      id: 'contacts',
      title: 'List five contacts',
      method: 'GET',
      path: '/crm/v3/objects/contacts',
      query: { limit: '5', properties: 'email,firstname,lastname' },
    },
  ],
  configSchema: optionalSettings({
    optionalScopes: scopeList(
      'Optional scopes',
      'Asked for as well and left out silently where the account lacks them, such as crm.objects.custom.read.',
    ),
  }),
  authTypes: ['oauth2', 'api_key'],
  credentialSchemas: {
    api_key: apiKeySchema('Access token', 'Of a private app: Settings, Integrations, Private Apps.'),
  },
  oauth: {
    authorizeUrl: () => 'https://app.hubspot.com/oauth/authorize',
    tokenUrl: () => TOKENS,
    scopes: [
      'oauth',
      'crm.objects.contacts.read',
      'crm.objects.contacts.write',
      'crm.objects.companies.read',
      'crm.objects.companies.write',
      'crm.objects.deals.read',
      'crm.objects.deals.write',
      'crm.objects.owners.read',
      'tickets',
    ],
    scopeMeanings: {
      oauth: 'Connect at all',
      'crm.objects.contacts.read': 'Read contacts',
      'crm.objects.contacts.write': 'Make and change contacts',
      'crm.objects.companies.read': 'Read companies',
      'crm.objects.companies.write': 'Make and change companies',
      'crm.objects.deals.read': 'Read deals',
      'crm.objects.deals.write': 'Make and change deals',
      'crm.objects.owners.read': 'See who owns what',
      tickets: 'Read and change tickets',
    },
    scopeSeparator: ' ',
    pkce: false,
    authorizeParams: ({ config }): Record<string, string> => {
      const optional = scopesIn(config['optionalScopes']);
      return optional.length === 0 ? {} : { optional_scope: optional.join(' ') };
    },
    clientAuthentication: 'client_secret_post',
    refresh: { by: 'refresh_token', reusable: true },
    classifyTokenAnswer,
    readTokenAnswer,
  },
  hosts: ['api.hubapi.com'],
  apiBaseUrl: () => API,
  probe: () => ({ method: 'GET', url: '/account-info/v3/details' }),
  account: accountIn,
  classify,
  // Of an account, for an app that was installed by OAuth (https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines).
  rateLimit: { calls: 110, perMs: 10_000 },
  revoke: (connected) => rfc7009(connected, connected.endpoints.revokeUrl ?? `${TOKENS}/revoke`),
} satisfies Integration;

/** The account's domain comes with some token answers only; its number always. */
function accountIn(body: unknown, { credentials }: Connected): Account | null {
  const portal = field(body, 'portalId');
  if (typeof portal !== 'number' && typeof portal !== 'string') return null;
  const answer = credentials.type === 'oauth2' ? credentials.answer : {};
  const domain = textField(body, 'hubDomain') ?? textIn(answer, 'hub_domain');
  return { id: `${portal}`, name: domain ? `${domain} (${portal})` : `HubSpot account ${portal}` };
}

/** Scopes come as a list, where they come. */
function readTokenAnswer(body: unknown): TokenAnswer | null {
  const answer = readTokenAnswerByRfc6749(body);
  const scopes = field(body, 'scopes');
  return answer && Array.isArray(scopes) ? { ...answer, scope: scopesIn(scopes).join(' ') } : answer;
}

/** `{"status": "BAD_REFRESH_TOKEN", …}`: HubSpot's own shape, nowadays with RFC 6749's words beside it. */
function classifyTokenAnswer(answer: Answer): Verdict {
  const verdict = classifyTokenAnswerByRfc6749(answer);
  if (verdict.kind === 'ok' || verdict.kind === 'provider_unavailable' || verdict.kind === 'rate_limited')
    return verdict;
  const status = textField(answer.body, 'status');
  if (status === undefined || status === 'error') return verdict;
  const code = safeCode(status);
  const isGrant = status === 'BAD_REFRESH_TOKEN' || status === 'BAD_AUTH_CODE';
  return isGrant ? { kind: 'credential_revoked', code } : { ...verdict, code };
}

function classify(answer: Answer): Verdict {
  const verdict = classifyByStatus(answer);
  if (verdict.kind === 'ok' || verdict.kind === 'provider_unavailable') return verdict;
  const category = textField(answer.body, 'category');
  const code = category === undefined ? {} : { code: safeCode(category) };
  switch (category) {
    case 'EXPIRED_AUTHENTICATION':
    case 'INVALID_AUTHENTICATION':
      return { kind: 'credential_expired', ...code };
    case 'MISSING_SCOPES':
      return { kind: 'permission_missing', ...code, ...missingScopes(answer.body) };
    case 'RATE_LIMITS':
      return { ...wait(answer, verdict), kind: 'rate_limited', ...policy(answer.body) };
    default:
      return { ...verdict, ...code };
  }
}

/** `{"errors": [{"context": {"requiredGranularScopes": […]}}]}`, or `{"context": {"missingScopes": ["[a, b]"]}}`. */
function missingScopes(body: unknown): { missing?: string[] } {
  const errors = field(body, 'errors');
  const contexts = [
    field(body, 'context'),
    ...(Array.isArray(errors) ? errors : []).map((error) => field(error, 'context')),
  ];
  const words = contexts.flatMap((context) => [
    ...scopesIn(field(context, 'requiredGranularScopes')),
    ...scopesIn(field(context, 'requiredScopes')),
    ...scopesIn(field(context, 'missingScopes')),
  ]);
  return safeScopes(words.flatMap((word) => word.split(/[\s,[\]]+/)));
}

function policy(body: unknown): { code: string } {
  return { code: safeCode(textField(body, 'policyName') ?? 'RATE_LIMITS') };
}

/** A rolling limit passes within its window; the day's ends at midnight of the account, which nobody tells. */
function wait(answer: Answer, verdict: Verdict): { retryAfterMs?: number } {
  if ('retryAfterMs' in verdict && verdict.retryAfterMs !== undefined)
    return { retryAfterMs: verdict.retryAfterMs };
  switch (textField(answer.body, 'policyName')) {
    case 'SECONDLY':
      return { retryAfterMs: 1000 };
    case 'TEN_SECONDLY_ROLLING':
      return { retryAfterMs: 10_000 };
    default:
      return {};
  }
}
