import {
  classifyByStatus,
  classifyTokenAnswerByRfc6749,
  safeCode,
  textField,
  waitOf,
} from './definition/answers.ts';
import type { Account, Answer, Connected, Integration, Setup, Verdict } from './definition/integration.ts';
import { drawLogo } from './definition/logo.ts';
import { rfc7009 } from './definition/revocation.ts';
import { optionalSettings, textIn } from './definition/schemas.ts';

const DEFAULT_DOMAIN = 'login.salesforce.com';
const DEFAULT_SESSION_MINUTES = 120;

export const integration = {
  id: 'salesforce',
  name: 'Salesforce',
  description:
    'Creates, updates, finds and queries accounts, contacts, leads, opportunities, cases and any other object of a Salesforce org, production or sandbox.',
  category: 'CRM',
  logo: drawLogo(
    'Salesforce',
    '#0b76c5',
    `<rect x="12" y="16" width="40" height="32" rx="5"/>
     <circle cx="24" cy="28" r="4.500"/>
     <path d="M17 41c1-5 4-7 7-7s6 2 7 7M38 26h8M38 32h8M38 38h5"/>`,
  ),
  status: 'active',
  docsUrl: 'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/',
  consoleUrl: 'https://login.salesforce.com/lightning/setup/ConnectedApplication/home',
  capabilities: [
    'create records',
    'upsert records',
    'update records',
    'delete records',
    'query with SOQL',
    'manage leads',
    'manage opportunities',
    'manage cases',
  ],
  examples: [
    { id: 'me', title: 'Who am I', method: 'GET', path: '/services/oauth2/userinfo' },
    {
      id: 'contacts',
      title: 'The five newest contacts',
      method: 'GET',
      path: '/services/data/v66.0/query',
      query: { q: 'SELECT Id, Name, Email FROM Contact ORDER BY CreatedDate DESC LIMIT 5' },
    },
    { id: 'versions', title: 'List the API versions', method: 'GET', path: '/services/data/' },
  ],
  configSchema: optionalSettings({
    domain: {
      type: 'string',
      title: 'Login domain',
      description:
        'login.salesforce.com, test.salesforce.com for sandboxes, or your My Domain such as acme.my.salesforce.com.',
      maxLength: 200,
      // The app's client secret goes there: Salesforce's own hosts, written in lower case, and nothing else.
      pattern: '^(?:login|test|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,2}my)\\.salesforce\\.com$',
      examples: ['acme.my.salesforce.com', 'acme--dev.sandbox.my.salesforce.com'],
      default: DEFAULT_DOMAIN,
    },
    apiVersion: {
      type: 'string',
      title: 'API version',
      description: 'The REST API version that nodes put into their paths.',
      pattern: '^v\\d{2,3}\\.0$',
      examples: ['v66.0'],
      default: 'v66.0',
    },
    sessionMinutes: {
      type: 'integer',
      title: 'Session lifetime (minutes)',
      description:
        "The org's session timeout (Setup, Session Settings): Salesforce tells no token lifetime, so tokens are renewed by this.",
      minimum: 15,
      maximum: 1440,
      // Salesforce's own default is two hours.
      default: DEFAULT_SESSION_MINUTES,
    },
  }),
  authTypes: ['oauth2'],
  credentialSchemas: {},
  oauth: {
    authorizeUrl: (setup) => `${oauthBase(setup)}/authorize`,
    tokenUrl: (setup) => `${oauthBase(setup)}/token`,
    // `openid` lets the probe read who is connected.
    scopes: ['api', 'refresh_token', 'openid'],
    scopeMeanings: {
      api: 'Read and change records, as your user may',
      refresh_token: 'Stay connected while nobody is at the screen',
      openid: 'See who you are',
    },
    scopeSeparator: ' ',
    unechoedScopes: ['refresh_token', 'offline_access'],
    pkce: true,
    clientAuthentication: 'client_secret_post',
    // Reusable until an app with rotation has shown itself by answering another one.
    refresh: { by: 'refresh_token', reusable: true },
    assumedLifetime: ({ config }) => {
      const minutes = config['sessionMinutes'];
      return 60 * (typeof minutes === 'number' ? minutes : DEFAULT_SESSION_MINUTES);
    },
    classifyTokenAnswer,
  },
  hosts: ['*.salesforce.com'],
  // Whatever host the answer names, the hub's egress lets credentials go to `hosts` only.
  apiBaseUrl: (connected) => {
    const { credentials } = connected;
    const instance = credentials.type === 'oauth2' ? textIn(credentials.answer, 'instance_url') : undefined;
    return (instance ?? `https://${domainOf(connected)}`).replace(/(?<!\/)\/+$/, '');
  },
  probe: () => ({ method: 'GET', url: '/services/oauth2/userinfo' }),
  account: accountIn,
  classify,
  revoke: (connected) =>
    rfc7009(connected, connected.endpoints.revokeUrl ?? `${oauthBase(connected)}/revoke`),
} satisfies Integration;

function domainOf({ config }: Setup): string {
  return textIn(config, 'domain') ?? DEFAULT_DOMAIN;
}

function oauthBase(setup: Setup): string {
  return `https://${domainOf(setup)}/services/oauth2`;
}

/** The user within the org: one person may be in many orgs, one org has many users. */
function accountIn(body: unknown, { credentials }: Connected): Account | null {
  // The token answer's `id` reads https://login.salesforce.com/id/<organization>/<user>.
  const identity = credentials.type === 'oauth2' ? textIn(credentials.answer, 'id') : undefined;
  const [organization, user] = /\/id\/(\w{15,18})\/(\w{15,18})$/.exec(identity ?? '')?.slice(1) ?? [];
  const userId = textField(body, 'user_id') ?? user;
  const organizationId = textField(body, 'organization_id') ?? organization;
  const name = textField(body, 'preferred_username') ?? textField(body, 'email') ?? textField(body, 'name');
  if (!userId || !name) return null;
  return { id: organizationId ? `${organizationId}/${userId}` : userId, name };
}

// Salesforce's words beside RFC 6749's (https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm).
function classifyTokenAnswer(answer: Answer): Verdict {
  const verdict = classifyTokenAnswerByRfc6749(answer);
  if (verdict.kind !== 'request_at_fault') return verdict;
  switch (textField(answer.body, 'error')) {
    case 'inactive_user':
    case 'inactive_org':
      return { ...verdict, kind: 'credential_revoked' };
    case 'rate_limit_exceeded':
      return { ...verdict, kind: 'rate_limited', ...waitOf(answer) };
    // With the description "retry your request": two refreshes met.
    case 'unknown_error':
      return { ...verdict, kind: 'provider_unavailable' };
    default:
      return verdict;
  }
}

/** Errors come as a list, `[{"errorCode": "INVALID_SESSION_ID", …}]`; those of the identity service as plain text. */
function classify(answer: Answer): Verdict {
  const verdict = classifyByStatus(answer);
  if (verdict.kind === 'ok') return verdict;
  const { body } = answer;
  const word = textField(Array.isArray(body) ? body[0] : body, 'errorCode');
  // Whatever the word: a server that is down says nothing of anybody's session.
  if (answer.status >= 500) return word === undefined ? verdict : { ...verdict, code: safeCode(word) };
  switch (word ?? (typeof body === 'string' ? body.trim() : undefined)) {
    case undefined:
      return verdict;
    // The last two are the identity service's, which answers 403 to a bad token.
    case 'INVALID_SESSION_ID':
    case 'INVALID_AUTH_HEADER':
    case 'Bad_OAuth_Token':
    case 'Missing_OAuth_Token':
      return { kind: 'credential_expired', code: word ?? 'Bad_OAuth_Token' };
    // 403, and a limit all the same: calls of 24 hours, or too many long ones at once.
    case 'REQUEST_LIMIT_EXCEEDED':
      return { kind: 'rate_limited', code: 'REQUEST_LIMIT_EXCEEDED', ...waitOf(answer) };
    case 'SERVER_UNAVAILABLE':
      return { kind: 'provider_unavailable', code: 'SERVER_UNAVAILABLE', ...waitOf(answer) };
    default:
      return word === undefined ? verdict : { ...verdict, code: safeCode(word) };
  }
}
