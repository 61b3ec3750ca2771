import { field, safeCode, textField, waitOf } from './definition/answers.ts';
import { classifyGoogle, detailsOf, durationMs, googleOAuth, revokeAtGoogle } from './definition/google.ts';
import type { Account, Answer, Connected, Integration, Setup, Verdict } from './definition/integration.ts';
import { drawLogo } from './definition/logo.ts';
import { optionalSettings, SECRET_PATTERN, textIn } from './definition/schemas.ts';

// v22 ended on 7 October 2026; https://developers.google.com/google-ads/api/docs/sunset-dates
const DEFAULT_VERSION = 'v24';
const CUSTOMER_ID = '^(?:\\d{10}|\\d{3}-\\d{3}-\\d{4})$';

export const integration = {
  id: 'google-ads',
  name: 'Google Ads',
  description:
    'Reports on Google Ads with GAQL, switches and budgets campaigns, ad groups, ads and keywords, and uploads offline conversions and customer lists.',
  category: 'Marketing',
  logo: drawLogo(
    'Google Ads',
    '#b06d00',
    `<path d="M14 48h36"/>
     <path d="M19 48V37M29 48V29M39 48V33" stroke-width="6" stroke-linecap="butt"/>
     <path d="M17 26l11-9 10 6 11-10M42 13h7v7"/>`,
  ),
  status: 'active',
  docsUrl: 'https://developers.google.com/google-ads/api/rest/overview',
  consoleUrl: 'https://console.cloud.google.com/apis/credentials',
  capabilities: [
    'query with GAQL',
    'list campaigns',
    'pause and enable campaigns',
    'change budgets',
    'manage ad groups',
    'manage ads and keywords',
    'upload offline conversions',
    'manage customer lists',
  ],
  examples: [
    {
      id: 'customers',
      title: 'List the accounts within reach',
      method: 'GET',
      path: `/${DEFAULT_VERSION}/customers:listAccessibleCustomers`,
    },
    {
      id: 'campaigns',
      title: 'List five campaigns',
      method: 'POST',
      path: `/${DEFAULT_VERSION}/customers/{account.id}/googleAds:search`,
      body: { query: 'SELECT campaign.id, campaign.name, campaign.status FROM campaign LIMIT 5' },
    },
  ],
  configSchema: optionalSettings({
    apiVersion: {
      type: 'string',
      title: 'API version',
      description: 'Google retires a version about a year after its release.',
      pattern: '^v\\d{2,3}$',
      examples: ['v24'],
      default: DEFAULT_VERSION,
    },
    customerId: {
      type: 'string',
      title: 'Customer ID',
      description: 'The advertising account that nodes work on unless they name another.',
      pattern: CUSTOMER_ID,
      examples: ['123-456-7890'],
    },
    loginCustomerId: {
      type: 'string',
      title: 'Manager customer ID',
      description: 'The manager account through which the user has access; leave it out for direct access.',
      pattern: CUSTOMER_ID,
      examples: ['123-456-7890'],
    },
  }),
  appSettingsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      developerToken: {
        type: 'string',
        title: 'Developer token',
        description:
          "Only where it is still wanted: since September 2026 access belongs to the app's Google Cloud project.",
        minLength: 1,
        maxLength: 200,
        pattern: SECRET_PATTERN,
        writeOnly: true,
      },
    },
  },
  authTypes: ['oauth2'],
  credentialSchemas: {},
  oauth: googleOAuth(['https://www.googleapis.com/auth/adwords']),
  hosts: ['googleads.googleapis.com', 'oauth2.googleapis.com'],
  apiBaseUrl: () => 'https://googleads.googleapis.com',
  // Google takes no notice of developer tokens since 9 September 2026, and still takes calls that carry one:
  // https://developers.google.com/google-ads/api/docs/api-policy/developer-token
  headers: ({ config, settings }) => {
    const developerToken = textIn(settings, 'developerToken');
    const loginCustomerId = textIn(config, 'loginCustomerId');
    return {
      ...(developerToken && { 'developer-token': developerToken }),
      ...(loginCustomerId && { 'login-customer-id': digitsOf(loginCustomerId) }),
    };
  },
  probe: (connected) => ({
    method: 'GET',
    url: `/${versionOf(connected)}/customers:listAccessibleCustomers`,
  }),
  account: firstCustomer,
  classify: classifyGoogleAds,
  revoke: revokeAtGoogle,
} satisfies Integration;

function versionOf({ config }: Setup): string {
  return textIn(config, 'apiVersion') ?? DEFAULT_VERSION;
}

function digitsOf(customerId: string): string {
  return customerId.replaceAll('-', '');
}

/** The configured account where the user can reach it, else the first one; `{"resourceNames": ["customers/…"]}`. */
function firstCustomer(body: unknown, { config }: Connected): Account | null {
  const names = field(body, 'resourceNames');
  const ids = (Array.isArray(names) ? names : [])
    .map((name) => /^customers\/(\d{10})$/.exec(String(name))?.[1])
    .filter((id) => id !== undefined);
  const wanted = digitsOf(textIn(config, 'customerId') ?? '');
  const id = ids.find((candidate) => candidate === wanted) ?? ids[0];
  return id ? { id, name: id.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3') } : null;
}

// https://developers.google.com/google-ads/api/reference/rpc/latest/AuthenticationErrorEnum.AuthenticationError
const KIND_OF_WORD: { readonly [word: string]: Exclude<Verdict['kind'], 'ok'> } = {
  OAUTH_TOKEN_REVOKED: 'credential_revoked',
  GOOGLE_ACCOUNT_DELETED: 'credential_revoked',
  NOT_ADS_USER: 'permission_missing',
  TWO_STEP_VERIFICATION_NOT_ENROLLED: 'permission_missing',
  // The app's developer token or project, or the configured customer ids, never the consent.
  DEVELOPER_TOKEN_INVALID: 'request_at_fault',
  DEVELOPER_TOKEN_NOT_APPROVED: 'request_at_fault',
  DEVELOPER_TOKEN_PROHIBITED: 'request_at_fault',
  DEVELOPER_TOKEN_NOT_ON_ALLOWLIST: 'request_at_fault',
  DEVELOPER_TOKEN_PARAMETER_MISSING: 'request_at_fault',
  PROJECT_DISABLED: 'request_at_fault',
  CLOUD_PROJECT_NOT_APPROVED_FOR_PRODUCTION: 'request_at_fault',
  CUSTOMER_NOT_FOUND: 'request_at_fault',
  CUSTOMER_NOT_ENABLED: 'request_at_fault',
  INVALID_LOGIN_CUSTOMER_ID_SERVING_CUSTOMER_ID_COMBINATION: 'request_at_fault',
  RESOURCE_EXHAUSTED: 'rate_limited',
  RESOURCE_TEMPORARILY_EXHAUSTED: 'rate_limited',
};

/** Ads puts its own word, `{"errorCode": {"authenticationError": "…"}}`, into `details` of Google's error. */
function classifyGoogleAds(answer: Answer): Verdict {
  const verdict = classifyGoogle(answer);
  if (verdict.kind === 'ok' || answer.status >= 500) return verdict;
  const failures = detailsOf(answer.body).map((detail) => field(detail, 'errors'));
  const failure = failures.flatMap((errors): unknown[] => (Array.isArray(errors) ? errors : []))[0];
  const word = firstText(field(failure, 'errorCode'));
  if (word === undefined) return verdict;
  const code = safeCode(word);
  const kind = Object.hasOwn(KIND_OF_WORD, word) ? KIND_OF_WORD[word] : undefined;
  if (kind === undefined || (answer.status === 429 && kind !== 'rate_limited')) return { ...verdict, code };
  if (kind !== 'rate_limited') return { kind, code };
  const delay = textField(field(field(failure, 'details'), 'quotaErrorDetails'), 'retryDelay');
  return { kind, code, ...waitOf(answer), ...durationMs(delay) };
}

function firstText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.values(value).find((text) => typeof text === 'string');
}
