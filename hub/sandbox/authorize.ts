/**
 * The authorization endpoint of every stand-in (RFC 6749 §4.1.1, RFC 7636 §4.3). Who asks and where to is
 * checked first, and until both are known good nobody is redirected anywhere. The consent page posts to the
 * same address, so nothing is remembered in between.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyOf, queryOf, repeated } from './asked.ts';
import { consentPage, refusalPage } from './consent-page.ts';
import { misbehave, send } from './misbehave.ts';
import { randomText, type Running } from './running.ts';
import type { Params, Reply } from './stand-in.ts';

export type ConsentMode = 'ask' | 'allow';
type Settings = { consent: ConsentMode; redirectUris: readonly string[]; elsewhere: string };

type Asking = {
  query: Params;
  redirectUri: string;
  scopes: string[];
  optionalScopes: string[];
  userScopes: string[];
};
type Decision = { allowed: boolean; accountId: string | null; scopes: string[]; userScopes: string[] };

// RFC 6749 §4.1.2 recommends ten minutes at most.
const CODE_LIFETIME_MS = 600_000;

export async function answerAuthorize(
  running: Running,
  request: FastifyRequest,
  reply: FastifyReply,
  settings: Settings,
): Promise<void> {
  const page = (status: number, title: string) =>
    refusalPage(running.standIn.name, status, title, 'Try again later.');
  const words = {
    rateLimited: () => page(429, 'Too many requests'),
    unavailable: () => page(503, 'Unavailable'),
  };
  const turn = running.behaviour.take('authorize');
  if (await misbehave(turn, request, reply, words, settings.elsewhere)) return;
  send(reply, answer(running, request, settings));
}

function answer(running: Running, request: FastifyRequest, settings: Settings): Reply {
  const { standIn, clientId } = running;
  const query = queryOf(request);
  const refuse = (why: string) => refusalPage(standIn.name, 400, 'This request cannot be answered', why);
  const untrusted = distrust(running, request, query, settings.redirectUris);
  if (untrusted !== null) return refuse(untrusted);
  const asking = askingOf(running, query);
  const fault = faultOf(running, asking);
  if (fault?.stays) return refuse(fault.description);
  if (fault)
    return backToClient(running, asking, { error: fault.error, error_description: fault.description });

  if (request.method === 'POST') {
    const posted = postedDecision(running, request, asking);
    return posted ? decided(running, asking, posted) : refuse('decision must be allow or deny.');
  }
  const mode = running.behaviour.get().consent ?? settings.consent;
  if (mode === 'ask') return consentPage(standIn, { ...asking, clientId });
  return decided(running, asking, {
    allowed: mode === 'allow',
    accountId: running.behaviour.get().account ?? null,
    scopes: [...asking.scopes, ...asking.optionalScopes],
    userScopes: asking.userScopes,
  });
}

/** Why this request may not be answered with a redirect, or null. */
function distrust(
  { clientId }: Running,
  request: FastifyRequest,
  query: Params,
  registered: readonly string[],
): string | null {
  const twice = repeated(new URLSearchParams(request.url.split('?').slice(1).join('?')));
  if (twice !== null) return `${twice} is there twice.`;
  if (query['client_id'] !== clientId)
    return `The client "${query['client_id'] ?? ''}" is not registered here.`;
  const uri = query['redirect_uri'] ?? '';
  if (registered.includes(uri)) return null;
  if (!URL.canParse(uri)) return 'redirect_uri is missing or is not an address.';
  const { protocol, hostname, hash, username, password } = new URL(uri);
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  const web = protocol === 'http:' || protocol === 'https:';
  if (loopback && web && !hash && !username && !password) return null;
  return 'redirect_uri is not registered: the sandbox knows addresses of this machine and those it was given.';
}

function askingOf({ standIn }: Running, query: Params): Asking {
  const { separator, userScopeParam, optionalScopeParam } = standIn.authorize;
  const list = (name: string | undefined) => [
    ...new Set((name === undefined ? '' : (query[name] ?? '')).split(separator).filter(Boolean)),
  ];
  return {
    query,
    redirectUri: query['redirect_uri'] ?? '',
    scopes: list('scope'),
    optionalScopes: list(optionalScopeParam),
    userScopes: list(userScopeParam),
  };
}

/** `stays`: it is told here, not to the client. */
function faultOf({ standIn }: Running, { query, scopes, optionalScopes, userScopes }: Asking) {
  const { authorize } = standIn;
  const fault = (error: string, description: string, stays = false) => ({ error, description, stays });
  // Slack, HubSpot and Meta are asked without one.
  if ((query['response_type'] ?? 'code') !== 'code')
    return fault('unsupported_response_type', 'Only response_type=code is supported.');
  const challenge = authorize.pkce ? query['code_challenge'] : undefined;
  if (challenge !== undefined && query['code_challenge_method'] !== 'S256')
    return fault('invalid_request', 'code_challenge_method must be S256.');
  if (challenge !== undefined && !/^[A-Za-z0-9_-]{43}$/.test(challenge))
    return fault('invalid_request', 'code_challenge is not a SHA-256 in base64url.');
  const all = [...scopes, ...optionalScopes, ...userScopes];
  if (all.length === 0) return fault('invalid_scope', 'scope is missing.', authorize.scopeFaultStaysHere);
  const known = (scope: string) =>
    authorize.scopes.some((one) => (typeof one === 'string' ? one === scope : one.test(scope)));
  const unknown = all.find((scope) => !known(scope));
  return unknown === undefined
    ? null
    : fault('invalid_scope', `The scope "${unknown}" is not known.`, authorize.scopeFaultStaysHere);
}

/** What the form says; what a script leaves out is as the page shows it at first. Null: neither button. */
function postedDecision(
  { standIn, behaviour }: Running,
  request: FastifyRequest,
  { scopes, optionalScopes, userScopes }: Asking,
): Decision | null {
  const form = new URLSearchParams(bodyOf(request).toString('utf8'));
  const decision = form.get('decision');
  if (decision !== 'allow' && decision !== 'deny') return null;
  const { narrowable } = standIn.authorize;
  const ticked = (field: string, shown: string[], free: boolean) => {
    // A browser sends nothing of a list in which everything is unticked.
    const told = form.has('scopes_shown') || form.has(field);
    return free && told ? shown.filter((scope) => form.getAll(field).includes(scope)) : shown;
  };
  return {
    allowed: decision === 'allow',
    accountId: form.get('account') ?? behaviour.get().account ?? null,
    scopes: [...ticked('scope', scopes, narrowable), ...ticked('scope', optionalScopes, true)],
    userScopes: ticked('user_scope', userScopes, narrowable),
  };
}

function decided(running: Running, asking: Asking, decision: Decision): Reply {
  const { standIn, grants, behaviour, ledger } = running;
  const { authorize } = standIn;
  const { query, redirectUri } = asking;
  const { narrowScopes } = behaviour.get();
  const granted = (scopes: string[]) => scopes.filter((scope) => narrowScopes?.includes(scope) ?? true);
  const account = running.accountOf(decision.accountId ?? '');
  const scopes = granted(decision.scopes);
  const userScopes = granted(decision.userScopes);
  // Everything unticked is a refusal too.
  if (!decision.allowed || scopes.length + userScopes.length === 0) {
    ledger.consent({ outcome: 'denied', account: account.id });
    return backToClient(running, asking, { error: 'access_denied', ...authorize.denial });
  }
  const given = { scopes, account, query };
  const code = standIn.token.forms.code(randomText(40));
  const first = !grants.hasRefreshable(account.id);
  grants.putCode(
    code,
    {
      account: account.id,
      scopes,
      userScopes,
      redirectUri,
      codeChallenge: (authorize.pkce ? query['code_challenge'] : undefined) ?? null,
      refreshable: authorize.refreshable?.({ query, scopes, first }) ?? true,
      extras: authorize.extras?.(given) ?? {},
    },
    Date.now() + CODE_LIFETIME_MS,
  );
  ledger.consent({ outcome: 'allowed', account: account.id });
  return backToClient(running, asking, { code, ...authorize.callback?.(given) });
}

function backToClient(running: Running, { query, redirectUri }: Asking, params: Params): Reply {
  const target = new URL(redirectUri);
  const iss = issuerOf(running);
  const all: Params = {
    ...params,
    ...(query['state'] !== undefined && { state: query['state'] }),
    ...(iss !== null && { iss }),
  };
  for (const [name, value] of Object.entries(all)) target.searchParams.append(name, value);
  return { status: 302, headers: { location: target.href, 'cache-control': 'no-store' }, body: null };
}

/** The issuer identifier (RFC 9207 §2) is the sandbox's origin: a stand-in does not pass for the real one. */
function issuerOf({ standIn, behaviour, base }: Running): string | null {
  if (behaviour.get().wrongIssuer) return 'https://issuer.invalid';
  return standIn.authorize.sendsIssuer ? new URL(base()).origin : null;
}
