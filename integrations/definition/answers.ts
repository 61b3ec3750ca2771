/**
 * What a provider's answer means where the provider keeps to the standards; an integration's own
 * `classify` looks at its quirks first and ends here.
 */
import type { Answer, TokenAnswer, Verdict } from './integration.ts';

/** By status alone. 401 is `credential_expired`: a refresh is tried before anybody is bothered. */
export function classifyByStatus(answer: Answer): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'ok' };
  if (status === 401) return { kind: 'credential_expired' };
  if (status === 403) return { kind: 'permission_missing' };
  if (status === 429) return { kind: 'rate_limited', ...waitOf(answer) };
  // 3xx: the egress door follows none with credentials, so a redirect here is a provider astray.
  if (status >= 500 || status === 408 || status === 425 || (status >= 300 && status < 400))
    return { kind: 'provider_unavailable', ...waitOf(answer) };
  return { kind: 'request_at_fault' };
}

/** RFC 6749 §5.2. `invalid_grant` is the one word that ends a connection. */
export function classifyTokenAnswerByRfc6749(answer: Answer): Verdict {
  if (answer.status >= 500 || answer.status === 429) return classifyByStatus(answer);
  const error = textField(answer.body, 'error');
  switch (error) {
    case undefined:
      break;
    case 'invalid_grant':
      return { kind: 'credential_revoked', code: error };
    case 'temporarily_unavailable':
    case 'server_error':
      return { kind: 'provider_unavailable', code: error };
    case 'slow_down':
      return { kind: 'rate_limited', code: error };
    case 'invalid_scope':
    case 'access_denied':
      return { kind: 'permission_missing', code: error };
    default:
      // invalid_client, unauthorized_client, invalid_request, …: our app is at fault, not the user's consent.
      return { kind: 'request_at_fault', code: safeCode(error) };
  }
  const verdict = classifyByStatus(answer);
  // A bare 401/403 of a token endpoint (a gateway, a login page) says nothing of the refresh token.
  if (verdict.kind === 'credential_expired' || verdict.kind === 'permission_missing')
    return { kind: 'request_at_fault' };
  return verdict;
}

/** RFC 6749 §5.1; a lifetime that comes as a string of digits is read too. */
export function readTokenAnswerByRfc6749(body: unknown): TokenAnswer | null {
  const accessToken = textField(body, 'access_token');
  if (!accessToken) return null;
  const expiresIn = Number(field(body, 'expires_in') ?? NaN);
  return {
    accessToken,
    tokenType: textField(body, 'token_type') ?? 'Bearer',
    refreshToken: textField(body, 'refresh_token') || null,
    expiresIn: Number.isFinite(expiresIn) && expiresIn > 0 ? expiresIn : null,
    scope: textField(body, 'scope') ?? null,
  };
}

/** `Retry-After` (RFC 9110 §10.2.3), in seconds or as a date; nothing where it is missing or absurd (over a day). */
export function waitOf(answer: Answer): { retryAfterMs?: number } {
  const value = answer.headers['retry-after'];
  if (value === undefined) return {};
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return ms >= 0 && ms <= 86_400_000 ? { retryAfterMs: Math.ceil(ms) } : {};
}

/** One field of a parsed JSON object, whatever it turns out to be. */
export function field(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name)
    ? (body as Record<string, unknown>)[name]
    : undefined;
}

export function textField(body: unknown, name: string): string | undefined {
  const value = field(body, name);
  return typeof value === 'string' ? value : undefined;
}

/** A provider's word, cut down to what an error code can be, so that no free text or token is passed on. */
export function safeCode(word: string): string {
  return /^[A-Za-z][A-Za-z0-9_./-]{0,63}$/.test(word) ? word : 'unrecognised';
}
