/**
 * Grants redeemed: codes once, refresh tokens rotated as the provider rotates them, reuse answered by
 * ending the family, access tokens exchanged where that is how they are renewed.
 */
import { createHash } from 'node:crypto';
import type { Grant } from './grants.ts';
import { randomText, type Running } from './running.ts';
import type { Issue, IssuedPart, Params, Rotation, TokenFault } from './stand-in.ts';

export class TokenRefused extends Error {
  readonly fault: TokenFault;
  constructor(fault: TokenFault) {
    super(fault.kind);
    this.fault = fault;
  }
}

/** What a request with valid client authentication gets, or `TokenRefused`. */
export function redeem(running: Running, params: Params) {
  const { exchange, grantTypeOptional } = running.standIn.token;
  const grantType = params['grant_type'] ?? (grantTypeOptional ? 'authorization_code' : undefined);
  switch (grantType) {
    case undefined:
      throw new TokenRefused({ kind: 'parameter_missing', parameter: 'grant_type' });
    case 'authorization_code':
      return redeemCode(running, params);
    case 'refresh_token':
      // Where a token is renewed by exchange there are no refresh tokens.
      if (exchange) break;
      return refresh(running, params);
    default:
      break;
  }
  if (exchange?.grantType === grantType) return exchangeToken(running, params, exchange);
  throw new TokenRefused({ kind: 'grant_type_unsupported' });
}

// --- Code (RFC 6749 §4.1.3, RFC 7636 §4.6) ----------------------------------------------------

function redeemCode(running: Running, params: Params) {
  const { grants, standIn } = running;
  const code = needed(params, 'code');
  const redirectUri = needed(params, 'redirect_uri');
  const found = grants.findCode(code);
  if (!found) throw new TokenRefused({ kind: 'code_unknown' });
  if (found.used) {
    running.revokeGrants(() => grants.revokeOfCode(code));
    throw new TokenRefused({ kind: 'code_used' });
  }
  if (found.expired) throw new TokenRefused({ kind: 'code_expired' });
  const { data } = found;
  if (data.redirectUri !== redirectUri) throw new TokenRefused({ kind: 'redirect_uri_mismatch' });
  if (standIn.authorize.pkce) checkVerifier(data.codeChallenge, params['code_verifier']);
  grants.useCode(code);

  const wanted = [
    { kind: 'main', scopes: data.scopes },
    { kind: 'user', scopes: data.userScopes },
  ].filter(({ kind, scopes }) => scopes.length > 0 || (kind === 'main' && data.userScopes.length === 0));
  const { account, extras, refreshable } = data;
  const made = wanted.map(({ kind, scopes }) => {
    const grant = grants.create({ account, kind, scopes, extras, refreshable }, code);
    return { grant, part: issuePart(running, grant, scopes, standIn.token.lifetime, refreshable) };
  });
  return issued(running, params, 'authorization_code', made);
}

/** A consent that nobody walked through: what its code would have been answered with. */
export function mint(running: Running) {
  const { grants, standIn } = running;
  const [account] = standIn.accounts;
  const scopes = standIn.authorize.scopes.filter((scope) => typeof scope === 'string');
  const extras = standIn.authorize.extras?.({ scopes, account, query: {} }) ?? {};
  const consent = { account: account.id, kind: 'main', scopes, extras, refreshable: true };
  const grant = grants.create(consent, randomText(32));
  const part = issuePart(running, grant, scopes, standIn.token.lifetime, true);
  const { issue } = issued(running, {}, 'authorization_code', [{ grant, part }]);
  return { family: grant.id, answer: standIn.token.answer(issue) };
}

function checkVerifier(challenge: string | null, verifier: string | undefined): void {
  const fits =
    challenge === null
      ? verifier === undefined
      : verifier !== undefined && createHash('sha256').update(verifier).digest('base64url') === challenge;
  if (!fits) throw new TokenRefused({ kind: 'pkce_failed' });
}

// --- Refresh (RFC 6749 §6, RFC 9700 §4.14) ----------------------------------------------------

function refresh(running: Running, params: Params) {
  const { grants, standIn, ledger } = running;
  const presented = needed(params, 'refresh_token');
  const token = grants.find(presented);
  if (token?.type !== 'refresh') throw new TokenRefused({ kind: 'refresh_token_unknown' });
  const rotation = rotationOf(running);
  if (token.spent) {
    const familyRevoked = rotation === 'single_use' && !token.grant.revoked;
    if (familyRevoked) running.revokeGrants(() => grants.revoke(token.grant.id));
    ledger.reuse({ token: token.hash, family: token.grant.id, familyRevoked });
    if (rotation !== 'tolerant') throw new TokenRefused({ kind: 'refresh_token_spent' });
  }
  if (token.grant.revoked) throw new TokenRefused({ kind: 'refresh_token_revoked' });
  if (token.expiresAt !== null && token.expiresAt <= Date.now())
    throw new TokenRefused({ kind: 'refresh_token_expired' });

  const asked = params['scope']?.split(/[\s,]+/).filter(Boolean);
  if (asked?.some((scope) => !token.grant.scopes.includes(scope)))
    throw new TokenRefused({ kind: 'scope_not_granted' });
  const rotates = rotation === 'single_use' || rotation === 'tolerant';
  const renewed = rotates && !running.behaviour.get().omitRefreshToken;
  if (renewed) grants.spend(token);
  const part = issuePart(running, token.grant, asked ?? token.scopes, standIn.token.lifetime, renewed);
  const echoed = !rotates && standIn.token.echoesRefreshToken ? presented : null;
  return issued(running, params, 'refresh_token', [
    { grant: token.grant, part: { ...part, refreshToken: part.refreshToken ?? echoed } },
  ]);
}

function exchangeToken(
  running: Running,
  params: Params,
  { parameter, lifetime }: { parameter: string; lifetime: number },
) {
  const token = running.grants.find(needed(params, parameter));
  const bad = (why: 'unknown' | 'revoked' | 'expired') =>
    new TokenRefused({ kind: 'exchanged_token_bad', why });
  if (token?.type !== 'access') throw bad('unknown');
  if (token.grant.revoked) throw bad('revoked');
  if (token.expiresAt !== null && token.expiresAt <= Date.now()) throw bad('expired');
  const part = issuePart(running, token.grant, token.scopes, lifetime, false);
  return issued(running, params, 'exchange', [{ grant: token.grant, part }]);
}

// --- Parts ------------------------------------------------------------------------------------

function issuePart(
  running: Running,
  grant: Grant,
  scopes: readonly string[],
  lifetime: number | null,
  withRefreshToken: boolean,
): IssuedPart {
  const { grants, standIn, behaviour } = running;
  const { accessTokenLifetime, refreshTokenLifetime, omitRefreshToken } = behaviour.get();
  const rotation = rotationOf(running);
  const { forms } = standIn.token;
  const now = Date.now();
  const seconds = rotation === 'off' ? null : (accessTokenLifetime ?? lifetime);
  const accessToken = forms.access(randomText(48), grant.kind, rotation !== 'off');
  grants.putToken(accessToken, {
    type: 'access',
    grant,
    scopes: [...scopes],
    expiresAt: seconds === null ? null : now + seconds * 1000,
  });
  const refreshes = withRefreshToken && !omitRefreshToken && rotation !== 'off' && !standIn.token.exchange;
  const refreshToken = refreshes ? forms.refresh(randomText(64), grant.kind) : null;
  const refreshSeconds = refreshTokenLifetime ?? standIn.token.refreshLifetime ?? null;
  if (refreshToken !== null)
    grants.putToken(refreshToken, {
      type: 'refresh',
      grant,
      scopes: [...grant.scopes],
      expiresAt: refreshSeconds === null ? null : now + refreshSeconds * 1000,
    });
  // Salesforce's tokens end as well, but nobody says when.
  const expiresIn = standIn.token.lifetime === null ? null : seconds;
  const refreshExpiresIn = refreshToken === null ? null : refreshSeconds;
  return { kind: grant.kind, scopes, accessToken, refreshToken, expiresIn, refreshExpiresIn };
}

function issued(
  running: Running,
  params: Params,
  grantType: Issue['grantType'],
  made: { grant: Grant; part: IssuedPart }[],
) {
  const [first, ...others] = made;
  if (!first) throw new TokenRefused({ kind: 'scope_not_granted' });
  const parts: Issue['parts'] = [first.part, ...others.map(({ part }) => part)];
  const issue: Issue = {
    grantType,
    account: running.accountOf(first.grant.account),
    parts,
    extras: first.grant.extras,
    params,
    clientId: running.clientId,
    clientSecret: running.clientSecret,
    base: running.base(),
    now: Date.now(),
  };
  return { issue, parts, grant: first.grant };
}

function rotationOf({ behaviour, standIn }: Running): Rotation {
  const { rotation } = behaviour.get();
  if (rotation === 'on') return 'single_use';
  // Where tokens do not rotate anyway, `off` is what they do already.
  if (rotation === 'off' && standIn.token.rotation === 'stays') return 'stays';
  return rotation ?? standIn.token.rotation;
}

function needed(params: Params, name: string): string {
  const value = params[name];
  if (!value) throw new TokenRefused({ kind: 'parameter_missing', parameter: name });
  return value;
}
