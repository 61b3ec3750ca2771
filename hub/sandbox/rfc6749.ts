/** A token endpoint's refusals as RFC 6749 §5.2 words them; a stand-in adds what its provider adds. */
import type { Reply, TokenFault } from './stand-in.ts';

export function rfc6749(fault: TokenFault, more: Record<string, unknown> = {}): Reply {
  const { status, error, description } = wordsFor(fault);
  return {
    status,
    headers: {
      'cache-control': 'no-store',
      ...(fault.kind === 'rate_limited' && { 'retry-after': String(fault.retryAfter) }),
    },
    body: { error, error_description: description, ...more },
  };
}

export function wordsFor(fault: TokenFault): { status: number; error: string; description: string } {
  const words = (status: number, error: string, description: string) => ({ status, error, description });
  switch (fault.kind) {
    case 'malformed':
      return words(400, 'invalid_request', fault.detail);
    case 'parameter_missing':
      return words(400, 'invalid_request', `${fault.parameter} is missing`);
    case 'grant_type_unsupported':
      return words(400, 'unsupported_grant_type', 'This grant type is not supported.');
    case 'client_unknown':
      return words(401, 'invalid_client', 'The client is not known.');
    case 'client_secret_wrong':
      return words(401, 'invalid_client', 'The client secret is wrong.');
    case 'code_unknown':
      return words(400, 'invalid_grant', 'The code is not known.');
    case 'code_expired':
      return words(400, 'invalid_grant', 'The code has expired.');
    case 'code_used':
      return words(400, 'invalid_grant', 'The code was redeemed before.');
    case 'redirect_uri_mismatch':
      return words(400, 'invalid_grant', 'redirect_uri is not the one the code was asked with.');
    case 'pkce_failed':
      return words(400, 'invalid_grant', 'The code verifier does not fit the code challenge.');
    case 'refresh_token_unknown':
      return words(400, 'invalid_grant', 'The refresh token is not known.');
    case 'refresh_token_revoked':
      return words(400, 'invalid_grant', 'The refresh token was revoked.');
    case 'refresh_token_spent':
      return words(400, 'invalid_grant', 'The refresh token was used before.');
    case 'refresh_token_expired':
      return words(400, 'invalid_grant', 'The refresh token has expired.');
    case 'exchanged_token_bad':
      return words(400, 'invalid_grant', `The token to exchange is ${fault.why}.`);
    case 'scope_not_granted':
      return words(400, 'invalid_scope', 'A scope was asked for that was not granted.');
    case 'rate_limited':
      return words(429, 'slow_down', 'Too many requests.');
    case 'unavailable':
      return words(503, 'temporarily_unavailable', 'The service is unavailable.');
    default:
      return assertNever(fault);
  }
}

/** A switch that forgot a case does not compile. */
export function assertNever(value: never): never {
  throw new Error(`not handled: ${JSON.stringify(value)}`);
}
