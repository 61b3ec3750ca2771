/**
 * Requests to token endpoints, for code and refresh alike: built from the integration's data, sent through
 * the egress door, their answers classified and read into credentials.
 *
 * (grant builds the authorize URL and keeps the session, but is not asked to redeem the code: its exchange
 * knows neither GoHighLevel's `user_type` nor a GET, drops the status, and has no timeout, size cap or
 * address check.)
 */
import {
  classifyTokenAnswerByRfc6749,
  readTokenAnswerByRfc6749,
} from '../../integrations/definition/answers.ts';
import type {
  Connected,
  OAuth2Credentials,
  OutgoingRequest,
  Setup,
  Verdict,
} from '../../integrations/definition/integration.ts';
import type { Egress } from '../egress/egress.ts';
import type { Outcome } from '../egress/outcome.ts';
import { HubError } from '../errors.ts';
import { wholeExchange, type Watch } from '../traces/recorder.ts';
import { hostsOf, tokenUrlOf, type OAuthIntegration } from './setup.ts';
import { storable } from './storable.ts';

/**
 * - `tokens`: new credentials
 * - `refused`: a whole answer without tokens; the verdict says what it means
 * - `unsent`: nothing reached the provider
 * - `timed_out`: sent, and not a whole answer in time, or more of it than any token answer has
 * - `lost`: sent, and the connection broke before a whole answer was here
 */
export type TokenOutcome =
  | { kind: 'tokens'; credentials: OAuth2Credentials }
  | { kind: 'refused'; verdict: Exclude<Verdict, { kind: 'ok' }> }
  | { kind: 'unsent' | 'timed_out' | 'lost'; why: string };

/** RFC 6749 §4.1.3 with RFC 7636 §4.5. */
export function codeRequest(
  integration: OAuthIntegration,
  setup: Setup,
  grant: { code: string; redirectUri: string; codeVerifier: string | null },
): OutgoingRequest {
  const form = {
    grant_type: 'authorization_code',
    code: grant.code,
    redirect_uri: grant.redirectUri,
    ...(grant.codeVerifier === null ? {} : { code_verifier: grant.codeVerifier }),
    ...integration.oauth.exchangeParams?.(setup),
  };
  return tokenRequest(integration, setup, form, integration.oauth.exchangeMethod ?? 'POST');
}

/** RFC 6749 §6, or the integration's own exchange of a token that is still valid. */
export function refreshRequest(
  integration: OAuthIntegration,
  connected: Connected<OAuth2Credentials>,
): OutgoingRequest {
  const { refresh } = integration.oauth;
  if (refresh.by === 'access_token') return refresh.request(connected);
  const form = {
    grant_type: 'refresh_token',
    refresh_token: connected.credentials.refreshToken ?? '',
    ...refresh.params?.(connected),
  };
  return tokenRequest(integration, connected, form, 'POST');
}

function tokenRequest(
  integration: OAuthIntegration,
  setup: Setup,
  form: Record<string, string>,
  method: 'GET' | 'POST',
): OutgoingRequest {
  if (!setup.app) throw new HubError('APP_NOT_CONFIGURED', { detail: integration.id });
  const { clientId, clientSecret } = setup.app;
  const url = tokenUrlOf(integration, setup);
  if (integration.oauth.clientAuthentication === 'client_secret_basic') {
    // RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
    const pair = [clientId, clientSecret]
      .map((part) => new URLSearchParams({ part }).toString().slice('part='.length))
      .join(':');
    return { method, url, form, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
  }
  const all = { ...form, client_id: clientId, client_secret: clientSecret };
  return method === 'GET' ? { method, url, query: all } : { method, url, form: all };
}

/** `timeoutMs` of the whole exchange, `sendWithinMs` until it goes out. */
export type Patience = { timeoutMs: number; sendWithinMs: number };

/**
 * @param previous what the answer is merged into: a refresh answer repeats only what changed
 * @param watch of whoever debugs the connection
 */
export async function requestTokens(
  egress: Egress,
  integration: OAuthIntegration,
  setup: Setup,
  request: OutgoingRequest,
  previous: OAuth2Credentials | null,
  watch: Watch | null = null,
  patience: Patience | null = null,
): Promise<TokenOutcome> {
  const trace = wholeExchange(watch, 'token');
  const outcome = await egress.send(request, {
    hosts: hostsOf(integration, setup),
    ...patience,
    watched: trace?.watched,
    about: { kind: 'token', integrationId: integration.id },
  });
  const read = readOutcome(integration, setup, outcome, previous);
  const meaning = read.kind === 'refused' ? (read.verdict.code ?? read.verdict.kind) : read.kind;
  trace?.end(meaning, 'why' in read ? read.why : null);
  return read;
}

function readOutcome(
  integration: OAuthIntegration,
  setup: Setup,
  outcome: Outcome,
  previous: OAuth2Credentials | null,
): TokenOutcome {
  if (outcome.kind === 'refused' || outcome.kind === 'unsent') return { kind: 'unsent', why: outcome.why };
  if (outcome.kind === 'unknown') {
    const overdone = outcome.why === 'TIMEOUT' || outcome.why === 'ANSWER_TOO_LONG';
    return { kind: overdone ? 'timed_out' : 'lost', why: outcome.why };
  }
  const classify = integration.oauth.classifyTokenAnswer ?? classifyTokenAnswerByRfc6749;
  const verdict = classify(outcome.answer);
  if (verdict.kind !== 'ok') return { kind: 'refused', verdict };
  const { body } = outcome.answer;
  const tokens = (integration.oauth.readTokenAnswer ?? readTokenAnswerByRfc6749)(body);
  // A 200 without a token (a maintenance page, a proxy's greeting) says nothing of the grant.
  if (!tokens)
    return { kind: 'refused', verdict: { kind: 'provider_unavailable', code: 'NO_TOKEN_IN_ANSWER' } };
  const lifetime = tokens.expiresIn ?? integration.oauth.assumedLifetime?.(setup) ?? null;
  const refreshToken = tokens.refreshToken ?? previous?.refreshToken ?? null;
  return {
    kind: 'tokens',
    credentials: {
      type: 'oauth2',
      accessToken: tokens.accessToken,
      tokenType: tokens.tokenType,
      refreshToken,
      expiresAt: lifetime === null ? null : expiryIn(lifetime),
      scopes: tokens.scope === null ? (previous?.scopes ?? null) : splitScopes(tokens.scope),
      rotated: previous === null ? null : refreshToken !== previous.refreshToken,
      answer: merged(previous?.answer ?? {}, body),
    },
  };
}

// A century. A token that is to last for longer is not lost because no date says so.
const LONGEST_S = 100 * 365 * 86_400;
const expiryIn = (seconds: number) =>
  new Date(Date.now() + Math.min(seconds, LONGEST_S) * 1000).toISOString();

/** Providers answer scopes by space or by comma, whatever they were asked with. */
const splitScopes = (scope: string) => [
  ...new Set(
    storable(scope)
      .split(/[\s,]+/)
      .filter(Boolean),
  ),
];

/** New fields win; an object among them (Slack's `authed_user`) keeps what the new answer leaves out. */
function merged(before: Record<string, unknown>, after: unknown): Record<string, unknown> {
  const result = { ...before };
  for (const [name, value] of Object.entries(isRecord(after) ? after : {})) {
    const old = result[name];
    result[name] = isRecord(old) && isRecord(value) ? { ...old, ...value } : value;
  }
  return result;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
