import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyByStatus, classifyTokenAnswerByRfc6749 } from '../../integrations/definition/answers.ts';
import type { Answer, Verdict } from '../../integrations/definition/integration.ts';
import { answer, catalogue, integrationOf, KINDS, oauthOf } from './connected.ts';

type Row = [what: string, answer: Answer, verdict: Verdict];

const wait = (seconds: number) => ({ 'retry-after': `${seconds}` });
const google = (code: number, status: string, reason?: string, more: object = {}) => ({
  error: {
    code,
    status,
    message: 'text',
    ...(reason && { errors: [{ domain: 'global', reason }] }),
    ...more,
  },
});
const adsFailure = (errorCode: object, more: object = {}) => ({
  error: {
    code: 400,
    status: 'INVALID_ARGUMENT',
    details: [
      {
        '@type': 'type.googleapis.com/google.ads.googleads.v24.errors.GoogleAdsFailure',
        errors: [{ errorCode, message: 'text', ...more }],
      },
    ],
  },
});
const meta = (code: number, error_subcode?: number, more: object = {}) => ({
  error: { message: 'text', type: 'OAuthException', code, ...(error_subcode && { error_subcode }), ...more },
});
const hubspot = (category: string, more: object = {}) => ({
  status: 'error',
  message: 'text',
  correlationId: 'aeb5f871-7f07-4993-9211-075dc63e7cbf',
  category,
  ...more,
});
const dropbox = (tag: string, more: object = {}) => ({
  error_summary: `${tag}/..`,
  error: { '.tag': tag, ...more },
});
const salesforce = (errorCode: string) => [{ errorCode, message: 'text' }];
const slack = (error: string, more: object = {}) => ({ ok: false, error, ...more });

const CALLS: { [id: string]: Row[] } = {
  gohighlevel: [
    ['a location', answer(200, { location: { id: 'l', name: 'n' } }), { kind: 'ok' }],
    ['a bad token', answer(401, { statusCode: 401, message: 'Invalid JWT' }), { kind: 'credential_expired' }],
    [
      'a missing scope, as 401',
      answer(401, { statusCode: 401, message: 'The token is not authorized for this scope.' }),
      { kind: 'permission_missing', code: 'scope_not_authorized' },
    ],
    [
      'a foreign location',
      answer(403, { message: 'The token does not have access to this location.' }),
      { kind: 'permission_missing' },
    ],
    [
      'a full burst',
      answer(429, {}, { 'x-ratelimit-interval-milliseconds': '10000', 'x-ratelimit-daily-remaining': '7' }),
      { kind: 'rate_limited', retryAfterMs: 10_000 },
    ],
    [
      'a full day, whose end nobody tells',
      answer(429, {}, { 'x-ratelimit-interval-milliseconds': '10000', 'x-ratelimit-daily-remaining': '0' }),
      { kind: 'rate_limited' },
    ],
    ['an outage', answer(503), { kind: 'provider_unavailable' }],
    ['a wrong body', answer(422, { message: ['email must be an email'] }), { kind: 'request_at_fault' }],
  ],
  salesforce: [
    ['a user', answer(200, { user_id: 'u' }), { kind: 'ok' }],
    [
      'an expired session',
      answer(401, salesforce('INVALID_SESSION_ID')),
      { kind: 'credential_expired', code: 'INVALID_SESSION_ID' },
    ],
    [
      "the identity service's 403 to a bad token",
      answer(403, 'Bad_OAuth_Token'),
      { kind: 'credential_expired', code: 'Bad_OAuth_Token' },
    ],
    [
      'a used-up day, as 403',
      answer(403, salesforce('REQUEST_LIMIT_EXCEEDED')),
      { kind: 'rate_limited', code: 'REQUEST_LIMIT_EXCEEDED' },
    ],
    [
      'an org without API access',
      answer(403, salesforce('API_DISABLED_FOR_ORG')),
      { kind: 'permission_missing', code: 'API_DISABLED_FOR_ORG' },
    ],
    [
      'maintenance',
      answer(503, salesforce('SERVER_UNAVAILABLE'), wait(30)),
      { kind: 'provider_unavailable', code: 'SERVER_UNAVAILABLE', retryAfterMs: 30_000 },
    ],
    [
      'malformed SOQL',
      answer(400, salesforce('MALFORMED_QUERY')),
      { kind: 'request_at_fault', code: 'MALFORMED_QUERY' },
    ],
  ],
  hubspot: [
    ['account details', answer(200, { portalId: 1 }), { kind: 'ok' }],
    [
      'an expired token',
      answer(401, hubspot('EXPIRED_AUTHENTICATION')),
      { kind: 'credential_expired', code: 'EXPIRED_AUTHENTICATION' },
    ],
    [
      'missing scopes, by name',
      answer(
        403,
        hubspot('MISSING_SCOPES', {
          errors: [{ context: { requiredGranularScopes: ['crm.objects.deals.read'] } }],
        }),
      ),
      { kind: 'permission_missing', code: 'MISSING_SCOPES', missing: ['crm.objects.deals.read'] },
    ],
    [
      'missing scopes, in the older shape',
      answer(403, hubspot('MISSING_SCOPES', { context: { missingScopes: ['[tickets, oauth]'] } })),
      { kind: 'permission_missing', code: 'MISSING_SCOPES', missing: ['tickets', 'oauth'] },
    ],
    [
      'ten full seconds',
      answer(429, hubspot('RATE_LIMITS', { policyName: 'TEN_SECONDLY_ROLLING' })),
      { kind: 'rate_limited', code: 'TEN_SECONDLY_ROLLING', retryAfterMs: 10_000 },
    ],
    [
      'a full day',
      answer(429, hubspot('RATE_LIMITS', { policyName: 'DAILY' })),
      { kind: 'rate_limited', code: 'DAILY' },
    ],
    ['an outage', answer(502, 'Bad Gateway'), { kind: 'provider_unavailable' }],
    [
      'a wrong property',
      answer(400, hubspot('VALIDATION_ERROR')),
      { kind: 'request_at_fault', code: 'VALIDATION_ERROR' },
    ],
  ],
  gmail: [
    ['a profile', answer(200, { emailAddress: 'a@example.com' }), { kind: 'ok' }],
    [
      'a bad token',
      answer(401, google(401, 'UNAUTHENTICATED', 'authError')),
      { kind: 'credential_expired', code: 'authError' },
    ],
    [
      'a missing scope',
      answer(403, google(403, 'PERMISSION_DENIED', 'insufficientPermissions')),
      { kind: 'permission_missing', code: 'insufficientPermissions' },
    ],
    [
      'a missing scope, in the newer shape',
      answer(
        403,
        google(403, 'PERMISSION_DENIED', undefined, {
          details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
        }),
      ),
      { kind: 'permission_missing', code: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' },
    ],
    [
      'a rate limit, as 403',
      answer(403, google(403, 'PERMISSION_DENIED', 'userRateLimitExceeded'), wait(7)),
      { kind: 'rate_limited', code: 'userRateLimitExceeded', retryAfterMs: 7000 },
    ],
    [
      'a rate limit with RetryInfo',
      answer(429, google(429, 'RESOURCE_EXHAUSTED', undefined, { details: [{ retryDelay: '1.5s' }] })),
      { kind: 'rate_limited', code: 'RESOURCE_EXHAUSTED', retryAfterMs: 1500 },
    ],
    [
      'the API switched off in the app',
      answer(403, google(403, 'PERMISSION_DENIED', 'accessNotConfigured')),
      { kind: 'request_at_fault', code: 'accessNotConfigured' },
    ],
    [
      'trouble at Google',
      answer(500, google(500, 'INTERNAL', 'backendError')),
      { kind: 'provider_unavailable', code: 'backendError' },
    ],
    [
      'a wrong argument',
      answer(400, google(400, 'INVALID_ARGUMENT', 'invalidArgument')),
      { kind: 'request_at_fault', code: 'invalidArgument' },
    ],
  ],
  'google-drive': [
    ['about', answer(200, { user: {} }), { kind: 'ok' }],
    [
      'a bad token',
      answer(401, google(401, 'UNAUTHENTICATED', 'authError')),
      { kind: 'credential_expired', code: 'authError' },
    ],
    [
      'a rate limit, as 403',
      answer(403, google(403, 'PERMISSION_DENIED', 'rateLimitExceeded')),
      { kind: 'rate_limited', code: 'rateLimitExceeded' },
    ],
    [
      "somebody else's file",
      answer(403, google(403, 'PERMISSION_DENIED', 'insufficientFilePermissions')),
      { kind: 'request_at_fault', code: 'insufficientFilePermissions' },
    ],
    [
      'a missing scope',
      answer(403, google(403, 'PERMISSION_DENIED', 'insufficientPermissions')),
      { kind: 'permission_missing', code: 'insufficientPermissions' },
    ],
    ['an outage', answer(503), { kind: 'provider_unavailable' }],
  ],
  'google-ads': [
    ['customers', answer(200, { resourceNames: [] }), { kind: 'ok' }],
    [
      'a bad token',
      answer(401, google(401, 'UNAUTHENTICATED')),
      { kind: 'credential_expired', code: 'UNAUTHENTICATED' },
    ],
    [
      'an expired token, in its own word',
      answer(401, adsFailure({ authenticationError: 'OAUTH_TOKEN_EXPIRED' })),
      { kind: 'credential_expired', code: 'OAUTH_TOKEN_EXPIRED' },
    ],
    [
      'a revoked token',
      answer(401, adsFailure({ authenticationError: 'OAUTH_TOKEN_REVOKED' })),
      { kind: 'credential_revoked', code: 'OAUTH_TOKEN_REVOKED' },
    ],
    [
      'a user without Ads, as 401',
      answer(401, adsFailure({ authenticationError: 'NOT_ADS_USER' })),
      { kind: 'permission_missing', code: 'NOT_ADS_USER' },
    ],
    [
      'a foreign customer',
      answer(403, adsFailure({ authorizationError: 'USER_PERMISSION_DENIED' })),
      { kind: 'permission_missing', code: 'USER_PERMISSION_DENIED' },
    ],
    [
      "the app's developer token not approved",
      answer(403, adsFailure({ authorizationError: 'DEVELOPER_TOKEN_NOT_APPROVED' })),
      { kind: 'request_at_fault', code: 'DEVELOPER_TOKEN_NOT_APPROVED' },
    ],
    [
      'a used-up quota with its wait',
      answer(
        429,
        adsFailure(
          { quotaError: 'RESOURCE_EXHAUSTED' },
          { details: { quotaErrorDetails: { retryDelay: '30s' } } },
        ),
      ),
      { kind: 'rate_limited', code: 'RESOURCE_EXHAUSTED', retryAfterMs: 30_000 },
    ],
    ['an outage', answer(503), { kind: 'provider_unavailable' }],
    [
      'wrong GAQL',
      answer(400, adsFailure({ queryError: 'UNRECOGNIZED_FIELD' })),
      { kind: 'request_at_fault', code: 'UNRECOGNIZED_FIELD' },
    ],
  ],
  outlook: [
    ['me', answer(200, { id: '1' }), { kind: 'ok' }],
    [
      'a bad token',
      answer(401, { error: { code: 'InvalidAuthenticationToken', message: 'text' } }),
      { kind: 'credential_expired', code: 'InvalidAuthenticationToken' },
    ],
    [
      'a missing permission',
      answer(403, { error: { code: 'ErrorAccessDenied', message: 'text' } }),
      { kind: 'permission_missing', code: 'ErrorAccessDenied' },
    ],
    [
      'throttling',
      answer(429, { error: { code: 'ApplicationThrottled' } }, wait(12)),
      { kind: 'rate_limited', code: 'ApplicationThrottled', retryAfterMs: 12_000 },
    ],
    [
      'an outage with its wait',
      answer(503, { error: { code: 'serviceNotAvailable' } }, wait(5)),
      { kind: 'provider_unavailable', code: 'serviceNotAvailable', retryAfterMs: 5000 },
    ],
    [
      'a wrong id',
      answer(404, { error: { code: 'ErrorItemNotFound' } }),
      { kind: 'request_at_fault', code: 'ErrorItemNotFound' },
    ],
  ],
  'meta-ads': [
    ['me', answer(200, { id: '1', name: 'n' }), { kind: 'ok' }],
    ['a changed password', answer(400, meta(190, 460)), { kind: 'credential_revoked', code: '190/460' }],
    [
      'an expired token, which cannot be exchanged any more',
      answer(400, meta(190, 463)),
      { kind: 'credential_revoked', code: '190/463' },
    ],
    ['an invalid token', answer(401, meta(190)), { kind: 'credential_revoked', code: '190' }],
    ['no permission', answer(403, meta(10)), { kind: 'permission_missing', code: '10' }],
    ['no permission for ads', answer(400, meta(294)), { kind: 'permission_missing', code: '294' }],
    ['too many calls of the app', answer(400, meta(4)), { kind: 'rate_limited', code: '4' }],
    [
      'a business limit with its wait in minutes',
      answer(400, meta(80004, 2446079), {
        'x-business-use-case-usage': JSON.stringify({
          '123': [
            { type: 'ads_insights', estimated_time_to_regain_access: 3 },
            { type: 'ads_management', estimated_time_to_regain_access: 5 },
          ],
        }),
      }),
      { kind: 'rate_limited', code: '80004/2446079', retryAfterMs: 300_000 },
    ],
    ['transient trouble', answer(400, meta(2)), { kind: 'provider_unavailable', code: '2' }],
    [
      'trouble that says it is transient',
      answer(400, meta(9000, undefined, { is_transient: true })),
      { kind: 'provider_unavailable', code: '9000' },
    ],
    ['an outage without a body', answer(503, ''), { kind: 'provider_unavailable' }],
    ['a wrong parameter', answer(400, meta(100, 33)), { kind: 'request_at_fault', code: '100/33' }],
  ],
  dropbox: [
    ['an account', answer(200, { account_id: 'dbid:1' }), { kind: 'ok' }],
    [
      'an expired token',
      answer(401, dropbox('expired_access_token')),
      { kind: 'credential_expired', code: 'expired_access_token' },
    ],
    [
      'an invalid token, which a refresh may mend',
      answer(401, dropbox('invalid_access_token')),
      { kind: 'credential_expired', code: 'invalid_access_token' },
    ],
    [
      'a missing scope, as 401',
      answer(401, dropbox('missing_scope', { required_scope: 'sharing.write' })),
      { kind: 'permission_missing', code: 'missing_scope', missing: ['sharing.write'] },
    ],
    [
      'a suspended member, as 401',
      answer(401, dropbox('user_suspended')),
      { kind: 'permission_missing', code: 'user_suspended' },
    ],
    [
      "an endpoint's own error",
      answer(409, dropbox('path', { path: { '.tag': 'not_found' } })),
      { kind: 'request_at_fault', code: 'path' },
    ],
    [
      'too many requests',
      answer(
        429,
        { error_summary: 'too_many_requests/..', error: { reason: { '.tag': 'too_many_requests' } } },
        wait(15),
      ),
      { kind: 'rate_limited', code: 'too_many_requests', retryAfterMs: 15_000 },
    ],
    ['an outage', answer(500, 'Internal error'), { kind: 'provider_unavailable' }],
    ['a malformed call, as text', answer(400, 'Error in call to API function'), { kind: 'request_at_fault' }],
  ],
  slack: [
    ['auth.test', answer(200, { ok: true, team_id: 'T1' }), { kind: 'ok' }],
    [
      'an expired token, as 200',
      answer(200, slack('token_expired')),
      { kind: 'credential_expired', code: 'token_expired' },
    ],
    [
      'an invalid token, as 200',
      answer(200, slack('invalid_auth')),
      { kind: 'credential_expired', code: 'invalid_auth' },
    ],
    [
      'a removed app, as 200',
      answer(200, slack('token_revoked')),
      { kind: 'credential_revoked', code: 'token_revoked' },
    ],
    [
      'a deleted user, as 200',
      answer(200, slack('account_inactive')),
      { kind: 'credential_revoked', code: 'account_inactive' },
    ],
    [
      'a missing scope, by name',
      answer(200, slack('missing_scope', { needed: 'files:write,files:read', provided: 'chat:write' })),
      { kind: 'permission_missing', code: 'missing_scope', missing: ['files:write', 'files:read'] },
    ],
    [
      'a rate limit',
      answer(429, slack('ratelimited'), wait(30)),
      { kind: 'rate_limited', code: 'ratelimited', retryAfterMs: 30_000 },
    ],
    [
      'trouble at Slack, as 200',
      answer(200, slack('internal_error')),
      { kind: 'provider_unavailable', code: 'internal_error' },
    ],
    ['an outage', answer(503, 'upstream'), { kind: 'provider_unavailable' }],
    [
      'an unknown channel, as 200',
      answer(200, slack('channel_not_found')),
      { kind: 'request_at_fault', code: 'channel_not_found' },
    ],
  ],
  discord: [
    ['me', answer(200, { id: '1' }), { kind: 'ok' }],
    ['a bad token', answer(401, { message: '401: Unauthorized', code: 0 }), { kind: 'credential_expired' }],
    [
      'a missing permission',
      answer(403, { message: 'Missing Permissions', code: 50013 }),
      { kind: 'permission_missing', code: '50013' },
    ],
    [
      'a rate limit with its wait as a float',
      answer(429, { message: 'text', retry_after: 0.6431, global: false }, wait(1)),
      { kind: 'rate_limited', retryAfterMs: 644 },
    ],
    [
      "the edge's rate limit without JSON",
      answer(429, 'error code: 1015', wait(60)),
      { kind: 'rate_limited', retryAfterMs: 60_000 },
    ],
    ['an outage', answer(502, ''), { kind: 'provider_unavailable' }],
    [
      'an empty message',
      answer(400, { message: 'text', code: 50006 }),
      { kind: 'request_at_fault', code: '50006' },
    ],
  ],
};

const entra = (error: string, ...error_codes: number[]) => ({
  error,
  error_description: `AADSTS${error_codes[0]}: text. Trace ID: 0`,
  error_codes,
});
const grant = (error: string) => ({ error, error_description: 'text' });
const REVOKED: Row = [
  'a dead grant',
  answer(400, grant('invalid_grant')),
  { kind: 'credential_revoked', code: 'invalid_grant' },
];
const WRONG_SECRET: Row = [
  'a wrong client secret',
  answer(401, grant('invalid_client')),
  { kind: 'request_at_fault', code: 'invalid_client' },
];
const OUTAGE: Row = ['an outage', answer(503, 'maintenance'), { kind: 'provider_unavailable' }];
const GATEWAY: Row = ["a gateway's bare 401", answer(401, ''), { kind: 'request_at_fault' }];
const TOO_MANY: Row = [
  'too many requests',
  answer(429, '', wait(9)),
  { kind: 'rate_limited', retryAfterMs: 9000 },
];
const STANDARD = [REVOKED, WRONG_SECRET, OUTAGE, GATEWAY, TOO_MANY];

const TOKEN_ANSWERS: { [id: string]: Row[] } = {
  gohighlevel: STANDARD,
  salesforce: [
    ...STANDARD,
    [
      'a deactivated user',
      answer(400, grant('inactive_user')),
      { kind: 'credential_revoked', code: 'inactive_user' },
    ],
    [
      'two refreshes that met',
      answer(400, { error: 'unknown_error', error_description: 'retry your request' }),
      { kind: 'provider_unavailable', code: 'unknown_error' },
    ],
    [
      'too many logins',
      answer(400, grant('rate_limit_exceeded')),
      { kind: 'rate_limited', code: 'rate_limit_exceeded' },
    ],
  ],
  hubspot: [
    ...STANDARD,
    [
      'a dead grant in its own shape',
      answer(400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' }),
      { kind: 'credential_revoked', code: 'BAD_REFRESH_TOKEN' },
    ],
    [
      'a dead grant in both shapes',
      answer(400, { status: 'BAD_REFRESH_TOKEN', message: 'text', ...grant('invalid_grant') }),
      { kind: 'credential_revoked', code: 'BAD_REFRESH_TOKEN' },
    ],
    [
      'a wrong client secret in its own shape',
      answer(400, { status: 'BAD_CLIENT_SECRET', message: 'text' }),
      { kind: 'request_at_fault', code: 'BAD_CLIENT_SECRET' },
    ],
  ],
  gmail: [
    ...STANDARD,
    [
      "an administrator's policy",
      answer(400, grant('admin_policy_enforced')),
      { kind: 'permission_missing', code: 'admin_policy_enforced' },
    ],
  ],
  'google-drive': STANDARD,
  'google-ads': STANDARD,
  outlook: [
    OUTAGE,
    TOO_MANY,
    GATEWAY,
    [
      '90 idle days',
      answer(400, entra('invalid_grant', 700082)),
      { kind: 'credential_revoked', code: 'AADSTS700082' },
    ],
    [
      'a changed password',
      answer(400, entra('invalid_grant', 50173)),
      { kind: 'credential_revoked', code: 'AADSTS50173' },
    ],
    [
      'consent missing',
      answer(400, entra('invalid_grant', 65001)),
      { kind: 'credential_revoked', code: 'AADSTS65001' },
    ],
    [
      'MFA needed',
      answer(400, entra('interaction_required', 50076)),
      { kind: 'credential_revoked', code: 'AADSTS50076' },
    ],
    [
      'MFA not enrolled',
      answer(400, entra('interaction_required', 50079)),
      { kind: 'credential_revoked', code: 'AADSTS50079' },
    ],
    [
      'interaction for a reason not listed',
      answer(400, entra('interaction_required', 530035)),
      { kind: 'credential_revoked', code: 'AADSTS530035' },
    ],
    [
      'transient trouble that calls itself invalid_grant',
      answer(400, entra('invalid_grant', 90033)),
      { kind: 'provider_unavailable', code: 'AADSTS90033' },
    ],
    [
      'a request loop',
      answer(400, entra('invalid_grant', 50196)),
      { kind: 'provider_unavailable', code: 'AADSTS50196' },
    ],
    [
      'a number in the description only',
      answer(400, { error: 'invalid_grant', error_description: 'AADSTS90033: text' }),
      { kind: 'provider_unavailable', code: 'AADSTS90033' },
    ],
    [
      'an expired client secret',
      answer(401, entra('invalid_client', 7000222)),
      { kind: 'request_at_fault', code: 'AADSTS7000222' },
    ],
    [
      'a dead grant during an outage, which is not believed',
      answer(500, entra('invalid_grant', 700082)),
      { kind: 'provider_unavailable', code: 'AADSTS700082' },
    ],
  ],
  'meta-ads': [
    OUTAGE,
    GATEWAY,
    TOO_MANY,
    ['an expired token', answer(400, meta(190, 463)), { kind: 'credential_revoked', code: '190/463' }],
    ['transient trouble', answer(400, meta(2)), { kind: 'provider_unavailable', code: '2' }],
    [
      'a wrong app secret, which comes with the code of the unknown',
      answer(400, { error: { message: 'Error validating client secret.', type: 'OAuthException', code: 1 } }),
      { kind: 'request_at_fault', code: 'invalid_client' },
    ],
    ['a used code', answer(400, meta(100, 36009)), { kind: 'request_at_fault', code: '100/36009' }],
  ],
  dropbox: STANDARD,
  slack: [
    ...STANDARD,
    [
      'a spent refresh token, as 200',
      answer(200, slack('invalid_refresh_token')),
      { kind: 'credential_revoked', code: 'invalid_refresh_token' },
    ],
    [
      'a wrong code, as 200',
      answer(200, slack('invalid_code')),
      { kind: 'credential_revoked', code: 'invalid_code' },
    ],
    [
      'a wrong client secret, as 200',
      answer(200, slack('bad_client_secret')),
      { kind: 'request_at_fault', code: 'bad_client_secret' },
    ],
    [
      "the client's own invalid_auth, which is not the user's",
      answer(200, slack('invalid_auth')),
      { kind: 'request_at_fault', code: 'invalid_auth' },
    ],
    [
      'trouble at Slack, as 200',
      answer(200, slack('fatal_error')),
      { kind: 'provider_unavailable', code: 'fatal_error' },
    ],
    [
      'a rate limit',
      answer(429, slack('ratelimited'), wait(3)),
      { kind: 'rate_limited', code: 'ratelimited', retryAfterMs: 3000 },
    ],
    ['tokens', answer(200, { ok: true, access_token: 'xoxb-1' }), { kind: 'ok' }],
  ],
  discord: STANDARD,
};

const apiClassifier = (id: string) => integrationOf(id).classify ?? classifyByStatus;
const tokenClassifier = (id: string) => oauthOf(id).classifyTokenAnswer ?? classifyTokenAnswerByRfc6749;

test('the tables speak of every integration', () => {
  const ids = catalogue.list().map(({ id }) => id);
  expect(Object.keys(CALLS).sort()).toEqual(ids);
  expect(Object.keys(TOKEN_ANSWERS).sort()).toEqual(ids);
});

describe.each(Object.entries(CALLS))('a call of %s that meets', (id, rows) => {
  test.each(rows)('%s', (_what, given, verdict) => {
    expect(apiClassifier(id)(given)).toEqual(verdict);
  });
});

describe.each(Object.entries(TOKEN_ANSWERS))('the token endpoint of %s that answers', (id, rows) => {
  test.each(rows)('%s', (_what, given, verdict) => {
    expect(tokenClassifier(id)(given)).toEqual(verdict);
  });
});

describe('whatever a provider answers', () => {
  // Field names the classifiers look at, so that arbitrary values reach their branches.
  const names = fc.constantFrom(
    ...['error', 'errors', 'error_codes', 'error_description', 'error_summary', 'error_subcode', 'code'],
    ...['status', 'category', 'ok', 'needed', 'message', 'details', 'reason', 'errorCode', '.tag', 'context'],
    ...[
      'retry_after',
      'retryDelay',
      'policyName',
      'required_scope',
      'missingScopes',
      '__proto__',
      'is_transient',
    ],
  );
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'invalid_grant',
      'missing_scope',
      'RATE_LIMITS',
      'MISSING_SCOPES',
      'ratelimited',
      'toString',
    ),
  );
  const leaf = fc.oneof(words, fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
  const { body } = fc.letrec((tie) => ({
    body: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('body'), { maxLength: 3 }),
      fc.dictionary(names, tie('body'), { maxKeys: 5 }),
    ),
  }));
  const headers = fc.dictionary(
    fc.constantFrom(
      ...['retry-after', 'x-business-use-case-usage', 'x-ratelimit-interval-milliseconds', 'x-other'],
    ),
    fc.oneof(fc.string(), fc.integer().map(String), fc.json()),
  );
  const answers = fc.record({ status: fc.integer({ min: 100, max: 599 }), headers, body });

  test.each(catalogue.list().map(({ id }) => id))(
    '%s gives one of seven verdicts without free text',
    (id) => {
      fc.assert(
        fc.property(answers, (given) => {
          for (const verdict of [apiClassifier(id)(given), tokenClassifier(id)(given)]) {
            expect(KINDS).toContain(verdict.kind);
            const { code, missing, retryAfterMs } = verdict as Partial<
              Record<'code', string> & Record<'missing', string[]> & Record<'retryAfterMs', number>
            >;
            if (code !== undefined) expect(code).toMatch(/^[A-Za-z0-9][A-Za-z0-9_./-]{0,63}$/);
            for (const scope of missing ?? []) expect(scope).toMatch(/^[A-Za-z0-9_.:/-]+$/);
            if (retryAfterMs !== undefined) {
              expect(retryAfterMs).toBeGreaterThanOrEqual(0);
              expect(retryAfterMs).toBeLessThanOrEqual(86_400_000);
            }
          }
        }),
        { numRuns: 300 },
      );
    },
  );

  // What says that a grant is dead, in every provider's shape, told with a status that passes by itself.
  const dead = fc.constantFrom<unknown>(
    grant('invalid_grant'),
    grant('inactive_user'),
    { status: 'BAD_REFRESH_TOKEN' },
    entra('invalid_grant', 700082),
    meta(190, 460),
    slack('invalid_refresh_token'),
    slack('token_revoked'),
    adsFailure({ authenticationError: 'OAUTH_TOKEN_REVOKED' }),
    'maintenance',
  );

  test.each(catalogue.list().map(({ id }) => id))('%s never ends a connection by a 5xx or 429', (id) => {
    fc.assert(
      fc.property(
        fc.oneof(dead, body),
        headers,
        fc.constantFrom(429, 500, 502, 503, 504, 599),
        (said, sent, status) => {
          const given = { status, headers: sent, body: said };
          expect(tokenClassifier(id)(given).kind).not.toBe('credential_revoked');
          expect(apiClassifier(id)(given).kind).not.toBe('credential_revoked');
        },
      ),
      { numRuns: 300 },
    );
  });
});
