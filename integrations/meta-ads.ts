import { createHmac } from 'node:crypto';
import {
  classifyByStatus,
  classifyTokenAnswerByRfc6749,
  field,
  textField,
  waitOf,
} from './definition/answers.ts';
import type {
  Answer,
  Connected,
  Integration,
  OAuth2Credentials,
  OutgoingRequest,
  Setup,
  Verdict,
} from './definition/integration.ts';
import { drawLogo } from './definition/logo.ts';
import { ownRevocation, tokenOf } from './definition/revocation.ts';
import { apiKeySchema, optionalSettings, SECRET_PATTERN, textIn } from './definition/schemas.ts';

// Released on 29 July 2026 (https://developers.facebook.com/docs/graph-api/changelog/versions/).
const DEFAULT_VERSION = 'v26.0';

export const integration = {
  id: 'meta-ads',
  name: 'Meta Ads',
  description:
    'Manages campaigns, ad sets, ads, creatives and custom audiences of Meta ad accounts, and reads insights with breakdowns or as asynchronous reports.',
  category: 'Marketing',
  logo: drawLogo(
    'Meta Ads',
    '#5a3fd6',
    `<path d="M14 27v10a3 3 0 0 0 3 3h7l18 10V14L24 24h-7a3 3 0 0 0-3 3z"/>
     <path d="M24 24v16M20 41l3 10h6l-2-9M48 27c2 3 2 7 0 10"/>`,
  ),
  status: 'active',
  docsUrl: 'https://developers.facebook.com/docs/marketing-apis',
  consoleUrl: 'https://developers.facebook.com/apps',
  keyUrl: 'https://business.facebook.com/settings/system-users',
  capabilities: [
    'read insights',
    'run insight reports',
    'manage campaigns',
    'manage ad sets',
    'manage ads',
    'manage creatives',
    'build custom audiences',
    'list ad accounts',
  ],
  examples: [
    { id: 'me', title: 'Who am I', method: 'GET', path: '/me', query: { fields: 'id,name' } },
    {
      id: 'ad-accounts',
      title: 'List the ad accounts',
      method: 'GET',
      path: '/me/adaccounts',
      query: { fields: 'name,account_status,currency', limit: '5' },
    },
  ],
  configSchema: optionalSettings({
    adAccountId: {
      type: 'string',
      title: 'Ad account ID',
      description: 'The ad account that nodes work on unless they name another.',
      pattern: '^(?:act_)?\\d{1,30}$',
      examples: ['act_1234567890'],
    },
    apiVersion: {
      type: 'string',
      title: 'Graph API version',
      description: 'Meta retires a version of the Marketing API about a year after its release.',
      pattern: '^v\\d{1,3}\\.0$',
      examples: ['v26.0'],
      default: DEFAULT_VERSION,
    },
  }),
  authTypes: ['oauth2', 'api_key'],
  credentialSchemas: {
    api_key: apiKeySchema(
      'System user token',
      'From Business settings, System users: it does not expire unless it was made to.',
      {
        appSecret: {
          type: 'string',
          title: 'App secret',
          description: 'Of the app the token was made for; needed where that app demands appsecret_proof.',
          maxLength: 200,
          pattern: SECRET_PATTERN,
          writeOnly: true,
        },
      },
    ),
  },
  oauth: {
    authorizeUrl: (setup) => `https://www.facebook.com/${versionOf(setup)}/dialog/oauth`,
    tokenUrl: (setup) => `${graph(setup)}/oauth/access_token`,
    issuers: ['https://www.facebook.com', 'https://facebook.com'],
    scopes: ['ads_read', 'ads_management', 'business_management'],
    scopeMeanings: {
      ads_read: 'Read campaigns and their figures',
      ads_management: 'Make and change campaigns',
      business_management: 'Read and change the business behind them',
    },
    scopeSeparator: ',',
    pkce: false,
    clientAuthentication: 'client_secret_post',
    exchangeMethod: 'GET',
    // The first token lasts an hour, the one it is exchanged for about sixty days.
    upgrade: exchangeForNewer,
    refresh: { by: 'access_token', request: exchangeForNewer },
    // Fifty days, not sixty: one that has expired cannot be exchanged any more.
    assumedLifetime: () => 50 * 86_400,
    classifyTokenAnswer,
  },
  hosts: ['graph.facebook.com', 'graph-video.facebook.com'],
  apiBaseUrl: graph,
  authenticate,
  probe: () => ({ method: 'GET', url: '/me', query: { fields: 'id,name' } }),
  account: (body) => {
    const id = textField(body, 'id');
    const name = textField(body, 'name');
    return id && name ? { id, name } : null;
  },
  classify,
  // `paging.next` holds access_token and appsecret_proof.
  echoesCredentials: true,
  // Limits are mostly those of one ad account, of which a connection may have many.
  waitsPerPath: true,
  /** Takes the app's permissions from the user's account, every token of theirs with it. */
  revoke: (connected) =>
    ownRevocation(connected, { method: 'DELETE', url: '/me/permissions' }, authenticate(connected)),
} satisfies Integration;

function versionOf({ config }: Setup): string {
  return textIn(config, 'apiVersion') ?? DEFAULT_VERSION;
}

function graph(setup: Setup): string {
  return `https://graph.facebook.com/${versionOf(setup)}`;
}

function exchangeForNewer(connected: Connected<OAuth2Credentials>): OutgoingRequest {
  return {
    method: 'GET',
    url: connected.endpoints.tokenUrl ?? `${graph(connected)}/oauth/access_token`,
    query: {
      grant_type: 'fb_exchange_token',
      client_id: connected.app?.clientId ?? '',
      client_secret: connected.app?.clientSecret ?? '',
      fb_exchange_token: connected.credentials.accessToken,
    },
  };
}

/**
 * A proof by the wrong secret is refused, so a system user's token, which may be another app's, is proven
 * with the secret that came with it or not at all.
 */
function authenticate(connected: Connected) {
  const { app, credentials } = connected;
  const secret = credentials.type === 'oauth2' ? app?.clientSecret : textIn(credentials.fields, 'appSecret');
  const token = tokenOf(connected);
  return {
    headers: { authorization: `Bearer ${token}` },
    ...(secret && { query: { appsecret_proof: createHmac('sha256', secret).update(token).digest('hex') } }),
  };
}

// https://developers.facebook.com/docs/graph-api/guides/error-handling and …/overview/rate-limiting
const RATE_LIMITS = [4, 17, 32, 341, 613];
const TOKEN_IS_BAD = [102, 190];

/**
 * `{"error": {"code": 190, "error_subcode": 463, …}}`, mostly with status 400.
 *
 * Every 190 is final, "expired" (463) too: only a valid token can be exchanged, so nothing but a new
 * consent helps.
 */
function classify(answer: Answer): Verdict {
  const byStatus = classifyByStatus(answer);
  const error = field(answer.body, 'error');
  const number = field(error, 'code');
  if (byStatus.kind === 'ok' || !isNumber(number)) return byStatus;
  const subcode = field(error, 'error_subcode');
  const code = isNumber(subcode) ? `${number}/${subcode}` : `${number}`;
  const passing = byStatus.kind === 'provider_unavailable' || byStatus.kind === 'rate_limited';
  if (TOKEN_IS_BAD.includes(number) && !passing) return { kind: 'credential_revoked', code };
  if (RATE_LIMITS.includes(number) || (number >= 80_000 && number <= 80_014))
    return { kind: 'rate_limited', code, ...usageWait(answer), ...waitOf(answer) };
  if (number === 10 || (number >= 200 && number <= 299)) return { kind: 'permission_missing', code };
  if (number === 1 || number === 2 || field(error, 'is_transient') === true)
    return { kind: 'provider_unavailable', code };
  return passing ? { ...byStatus, code } : { kind: 'request_at_fault', code };
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

/** The token endpoint says code 1, "unknown", of a wrong client secret as well: that one is not to be waited out. */
function classifyTokenAnswer(answer: Answer): Verdict {
  // A server of another make in Meta's place.
  if (textField(answer.body, 'error') !== undefined) return classifyTokenAnswerByRfc6749(answer);
  const verdict = classify(answer);
  const message = textField(field(answer.body, 'error'), 'message') ?? '';
  if (verdict.kind === 'provider_unavailable' && /^Error validating client secret/i.test(message))
    return { kind: 'request_at_fault', code: 'invalid_client' };
  // A bare 401 or 403 says nothing of the token.
  return verdict.kind === 'credential_expired' ? { kind: 'request_at_fault' } : verdict;
}

/** `X-Business-Use-Case-Usage: {"<business>": [{"estimated_time_to_regain_access": <minutes>, …}]}`. */
function usageWait({ headers }: Answer): { retryAfterMs?: number } {
  const minutes = Object.values(parsed(headers['x-business-use-case-usage']))
    .flat()
    .map((usage) => field(usage, 'estimated_time_to_regain_access'))
    .filter((value) => typeof value === 'number');
  const longest = Math.max(0, ...minutes);
  return longest > 0 && longest <= 1440 ? { retryAfterMs: Math.ceil(longest * 60_000) } : {};
}

function parsed(header: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(header ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
