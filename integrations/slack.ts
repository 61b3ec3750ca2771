import {
  classifyByStatus,
  classifyTokenAnswerByRfc6749,
  field,
  readTokenAnswerByRfc6749,
  safeCode,
  textField,
  waitOf,
} from './definition/answers.ts';
import type { Answer, Integration, Setup, TokenAnswer, Verdict } from './definition/integration.ts';
import { drawLogo } from './definition/logo.ts';
import { bearer, ownRevocation } from './definition/revocation.ts';
import { apiKeySchema, optionalSettings, textIn } from './definition/schemas.ts';
import { safeScopes, scopeList, scopesIn } from './definition/scopes.ts';

const API = 'https://slack.com/api';

export const integration = {
  id: 'slack',
  name: 'Slack',
  description:
    'Posts, schedules and updates messages, and works with channels, files, reactions and users of a Slack workspace, as a bot.',
  category: 'Communication',
  logo: drawLogo(
    'Slack',
    '#54215b',
    `<path d="M12 18a4 4 0 0 1 4-4h20a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H24l-7 6v-6h-1a4 4 0 0 1-4-4z"/>
     <path d="M46 24h2a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4h-1v6l-7-6h-8a4 4 0 0 1-4-4"/>
     <g stroke="none"><circle cx="20" cy="24" r="2.600" fill="#f2c14e"/><circle cx="26" cy="24" r="2.600" fill="#5fd1a5"/><circle cx="32" cy="24" r="2.600" fill="#6cc4ee"/></g>`,
  ),
  status: 'active',
  docsUrl: 'https://docs.slack.dev/reference/methods',
  consoleUrl: 'https://api.slack.com/apps',
  keyUrl: 'https://api.slack.com/apps',
  capabilities: [
    'send messages',
    'update messages',
    'schedule messages',
    'manage channels',
    'upload files',
    'add reactions',
    'look up users',
  ],
  examples: [
    { id: 'me', title: 'Which workspace is this', method: 'POST', path: '/auth.test' },
    {
      id: 'channels',
      title: 'List five channels',
      method: 'GET',
      path: '/conversations.list',
      query: { limit: '5', exclude_archived: 'true' },
    },
  ],
  configSchema: optionalSettings({
    team: {
      type: 'string',
      title: 'Workspace ID',
      description: 'Preselects the workspace on the page where access is allowed.',
      pattern: '^[TE][A-Z0-9]{2,20}$',
      examples: ['T012AB3C4'],
    },
    userScopes: scopeList(
      'User scopes',
      "Asked for beside the bot's, to act as the person who connects; in place of the app's own list.",
    ),
  }),
  appSettingsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      userScopes: scopeList('User scopes', "Asked for beside the bot's scopes, to act as the person."),
    },
  },
  authTypes: ['oauth2', 'api_key'],
  credentialSchemas: {
    api_key: apiKeySchema('Bot token', 'From the Slack app, OAuth & Permissions: it begins with xoxb-.'),
  },
  oauth: {
    authorizeUrl: () => 'https://slack.com/oauth/v2/authorize',
    tokenUrl: () => `${API}/oauth.v2.access`,
    scopes: [
      'channels:history',
      'channels:join',
      'channels:manage',
      'channels:read',
      'chat:write',
      'chat:write.public',
      'files:read',
      'files:write',
      'groups:history',
      'groups:read',
      'groups:write',
      'im:history',
      'im:read',
      'im:write',
      'mpim:read',
      'reactions:read',
      'reactions:write',
      'team:read',
      'users:read',
      'users:read.email',
    ],
    scopeMeanings: {
      'channels:history': 'Read messages of public channels it is in',
      'channels:join': 'Join public channels',
      'channels:manage': 'Make and change public channels',
      'channels:read': 'See public channels',
      'chat:write': 'Send messages where it is a member',
      'chat:write.public': 'Send messages to any public channel',
      'files:read': 'Read files',
      'files:write': 'Upload and change files',
      'groups:history': 'Read messages of private channels it is in',
      'groups:read': 'See private channels it is in',
      'groups:write': 'Make and change private channels',
      'im:history': 'Read its direct messages',
      'im:read': 'See its direct messages',
      'im:write': 'Begin direct messages',
      'mpim:read': 'See its group messages',
      'reactions:read': 'See reactions',
      'reactions:write': 'Add and remove reactions',
      'team:read': 'See the workspace’s name',
      'users:read': 'See who is in the workspace',
      'users:read.email': 'See people’s e-mail addresses',
    },
    scopeSeparator: ',',
    // Slack knows PKCE only of apps declared public clients, which then may not install a bot everywhere
    // (https://docs.slack.dev/authentication/using-pkce).
    pkce: false,
    authorizeParams: ownParams,
    clientAuthentication: 'client_secret_post',
    refresh: { by: 'refresh_token', reusable: false },
    classifyTokenAnswer,
    readTokenAnswer,
  },
  hosts: ['slack.com', 'files.slack.com'],
  apiBaseUrl: () => API,
  // Where files are downloaded from, with the same token.
  otherApiBaseUrls: { files: () => 'https://files.slack.com' },
  probe: () => ({ method: 'POST', url: '/auth.test' }),
  account: (body) => {
    const id = textField(body, 'team_id');
    const name = textField(body, 'team');
    return id && name ? { id, name } : null;
  },
  classify,
  refusesWithin200: true,
  // Limits are those of one method in one workspace.
  waitsPerPath: true,
  revoke: (connected) => ownRevocation(connected, { method: 'POST', url: '/auth.revoke' }, bearer(connected)),
} satisfies Integration;

function ownParams({ config, settings }: Setup): Record<string, string> {
  const userScopes = scopesIn(config['userScopes'] ?? settings['userScopes']);
  const team = textIn(config, 'team');
  return {
    ...(userScopes.length > 0 && { user_scope: userScopes.join(',') }),
    ...(team && { team }),
  };
}

/**
 * The bot's token; where only user scopes were asked, there is but the one in `authed_user`. `token_type`
 * is `bot` or `user`, which names whose it is: calls carry it as a Bearer token.
 */
function readTokenAnswer(body: unknown): TokenAnswer | null {
  const answer = readTokenAnswerByRfc6749(body) ?? readTokenAnswerByRfc6749(field(body, 'authed_user'));
  return answer && { ...answer, tokenType: 'Bearer' };
}

// https://docs.slack.dev/reference/methods/auth.test#errors and those common to all methods
const KIND_OF_WORD: { readonly [word: string]: Exclude<Verdict['kind'], 'ok'> } = {
  token_expired: 'credential_expired',
  invalid_auth: 'credential_expired',
  not_authed: 'credential_expired',
  token_revoked: 'credential_revoked',
  account_inactive: 'credential_revoked',
  missing_scope: 'permission_missing',
  no_permission: 'permission_missing',
  not_allowed_token_type: 'permission_missing',
  team_access_not_granted: 'permission_missing',
  ekm_access_denied: 'permission_missing',
  access_denied: 'permission_missing',
  accesslimited: 'permission_missing',
  ratelimited: 'rate_limited',
  rate_limited: 'rate_limited',
  internal_error: 'provider_unavailable',
  fatal_error: 'provider_unavailable',
  service_unavailable: 'provider_unavailable',
  request_timeout: 'provider_unavailable',
  // The workspace is moving into an Enterprise organisation.
  org_login_required: 'provider_unavailable',
  team_added_to_org: 'provider_unavailable',
};

/** Slack answers 200 with {"ok":false}: the status alone proves nothing. */
function classify(answer: Answer): Verdict {
  const word = refusalIn(answer);
  if (word === undefined) return classifyByStatus(answer);
  const code = safeCode(word);
  const passing = passingIn(answer);
  if (passing) return { kind: passing, code, ...waitOf(answer) };
  const kind = Object.hasOwn(KIND_OF_WORD, word) ? KIND_OF_WORD[word] : 'request_at_fault';
  switch (kind) {
    case undefined:
      return { kind: 'request_at_fault', code };
    case 'permission_missing':
      return { kind, code, ...safeScopes((textField(answer.body, 'needed') ?? '').split(',')) };
    case 'rate_limited':
    case 'provider_unavailable':
      return { kind, code, ...waitOf(answer) };
    default:
      return { kind, code };
  }
}

const GRANT_IS_BAD = [
  'invalid_refresh_token',
  'token_revoked',
  'account_inactive',
  'authorization_not_found',
];
const CODE_IS_BAD = ['invalid_code', 'code_already_used'];

function classifyTokenAnswer(answer: Answer): Verdict {
  const word = refusalIn(answer);
  if (word === undefined || word === 'invalid_grant') return classifyTokenAnswerByRfc6749(answer);
  const code = safeCode(word);
  if (!passingIn(answer) && (GRANT_IS_BAD.includes(word) || CODE_IS_BAD.includes(word)))
    return { kind: 'credential_revoked', code };
  const verdict = classify(answer);
  // bad_client_secret, invalid_client_id, invalid_auth of the client, …: our app, not the user's consent.
  return verdict.kind === 'rate_limited' || verdict.kind === 'provider_unavailable'
    ? verdict
    : { kind: 'request_at_fault', code };
}

/** The error's word where this is Slack's refusal; undefined where only the status speaks. */
function refusalIn({ body }: Answer): string | undefined {
  return field(body, 'ok') === false ? (textField(body, 'error') ?? 'unknown_error') : undefined;
}

/** A 5xx or 429 passes, whatever its body says. */
function passingIn(answer: Answer): 'rate_limited' | 'provider_unavailable' | undefined {
  const { kind } = classifyByStatus(answer);
  return kind === 'rate_limited' || kind === 'provider_unavailable' ? kind : undefined;
}
