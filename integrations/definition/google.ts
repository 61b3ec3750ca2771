/** What Gmail, Drive and Ads share: Google's OAuth 2.0 and the shape of its API errors. */
import {
  classifyByStatus,
  classifyTokenAnswerByRfc6749,
  field,
  safeCode,
  textField,
  waitOf,
} from './answers.ts';
import type { Answer, Connected, OAuth, OutgoingRequest, Verdict } from './integration.ts';
import { rfc7009 } from './revocation.ts';

// An operator may ask for the short form; the answer always names the long one.
const LONG_FORM: { readonly [scope: string]: string } = {
  email: 'https://www.googleapis.com/auth/userinfo.email',
  profile: 'https://www.googleapis.com/auth/userinfo.profile',
};

const SCOPE_MEANINGS: { readonly [scope: string]: string } = {
  'https://www.googleapis.com/auth/gmail.modify': 'Read, write and send mail, and move it to the bin',
  'https://mail.google.com/': 'All of the mailbox, deleting for good included',
  'https://www.googleapis.com/auth/adwords': 'Read and change Google Ads accounts',
  'https://www.googleapis.com/auth/drive': 'Read, write and delete all files in Drive',
};

export function googleOAuth(scopes: readonly string[]): OAuth {
  return {
    authorizeUrl: () => 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: () => 'https://oauth2.googleapis.com/token',
    issuers: ['https://accounts.google.com'],
    scopes,
    scopeMeanings: Object.fromEntries(scopes.map((scope) => [scope, SCOPE_MEANINGS[scope] ?? scope])),
    scopeSeparator: ' ',
    comparableScope: (scope) => LONG_FORM[scope] ?? scope,
    pkce: true,
    // Without `prompt=consent` only the very first consent answers a refresh token.
    authorizeParams: () => ({ access_type: 'offline', prompt: 'consent' }),
    clientAuthentication: 'client_secret_post',
    refresh: { by: 'refresh_token', reusable: true },
    classifyTokenAnswer: classifyGoogleTokenAnswer,
  };
}

/** `admin_policy_enforced`: a Workspace administrator forbids these scopes; consenting again would not help. */
export function classifyGoogleTokenAnswer(answer: Answer): Verdict {
  if (answer.status < 500 && textField(answer.body, 'error') === 'admin_policy_enforced')
    return { kind: 'permission_missing', code: 'admin_policy_enforced' };
  return classifyTokenAnswerByRfc6749(answer);
}

export function revokeAtGoogle(connected: Connected): OutgoingRequest {
  return rfc7009(connected, connected.endpoints.revokeUrl ?? 'https://oauth2.googleapis.com/revoke');
}

// Reasons of a 403 (https://developers.google.com/workspace/drive/api/guides/handle-errors, likewise Gmail).
const RATE_LIMITS = [
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'sharingRateLimitExceeded',
  'dailyLimitExceeded',
  'quotaExceeded',
  'RATE_LIMIT_EXCEEDED',
];
// The API is not switched on in the app's project, or one file is not the user's: no consent mends that.
const FAULTS_OF_THE_REQUEST = [
  'accessNotConfigured',
  'SERVICE_DISABLED',
  'storageQuotaExceeded',
  'insufficientFilePermissions',
  'appNotAuthorizedToFile',
];

/** Google answers 403 to both "too fast" and "not allowed": only the reason tells. */
export function classifyGoogle(answer: Answer): Verdict {
  const verdict = classifyByStatus(answer);
  if (verdict.kind === 'ok') return verdict;
  const reason = reasonOf(answer.body);
  const code = reason === undefined ? {} : { code: safeCode(reason) };
  if (answer.status === 429 || (answer.status === 403 && reason && RATE_LIMITS.includes(reason)))
    return { kind: 'rate_limited', ...code, ...waitOf(answer), ...retryInfo(answer.body) };
  if (answer.status === 403 && reason && FAULTS_OF_THE_REQUEST.includes(reason))
    return { kind: 'request_at_fault', ...code };
  return { ...verdict, ...code };
}

/** The old list (`errors[0].reason`) says most, then `google.rpc.ErrorInfo`, then the status word. */
function reasonOf(body: unknown): string | undefined {
  const error = field(body, 'error');
  const listed = field(error, 'errors');
  const first = Array.isArray(listed) ? textField(listed[0], 'reason') : undefined;
  const detailed = detailsOf(body)
    .map((detail) => textField(detail, 'reason'))
    .find((reason) => reason !== undefined);
  return first ?? detailed ?? textField(error, 'status');
}

export function detailsOf(body: unknown): unknown[] {
  const details = field(field(body, 'error'), 'details');
  return Array.isArray(details) ? details : [];
}

/** `google.rpc.RetryInfo`: `{"retryDelay": "5s"}`. */
function retryInfo(body: unknown): { retryAfterMs?: number } {
  const delay = detailsOf(body)
    .map((detail) => textField(detail, 'retryDelay'))
    .find((text) => text !== undefined);
  return durationMs(delay);
}

/** A protobuf duration, `30s` or `1.5s`; nothing where it is none or absurd (over a day). */
export function durationMs(text: string | undefined): { retryAfterMs?: number } {
  const seconds = Number(/^(\d+(?:\.\d+)?)s$/.exec(text ?? '')?.[1] ?? NaN);
  return seconds <= 86_400 ? { retryAfterMs: Math.ceil(seconds * 1000) } : {};
}
