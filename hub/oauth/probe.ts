/** The cheapest call that proves credentials, what its answer means, and who is connected. */
import { classifyByStatus } from '../../integrations/definition/answers.ts';
import type {
  Account,
  Connected,
  Integration,
  OutgoingRequest,
  Verdict,
} from '../../integrations/definition/integration.ts';
import type { HealthCheck } from '../database/schema.ts';
import type { Hub } from '../hub.ts';
import { wholeExchange, type Watch } from '../traces/recorder.ts';
import { contentOf, withQuery } from '../egress/egress.ts';
import { isRefreshable } from './credentials.ts';
import { messageOf } from './messages.ts';
import { apiBaseUrlOf, hostsOf } from './setup.ts';
import { signatureOf } from './signing.ts';

/** Nothing secret. */
export type ProbeFacts = {
  outcome: Verdict['kind'];
  message: string;
  account: Account | null;
  check: HealthCheck;
  retryAfterMs?: number;
};

// RFC 9110 §5.5. A pasted line break is the usual one; the HTTP client throws on it as if the provider were away.
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** @param watch of whoever debugs the connection */
export async function probe(
  hub: Pick<Hub, 'egress'>,
  integration: Integration,
  connected: Connected,
  watch: Watch | null = null,
): Promise<ProbeFacts> {
  const request = withCredentials(integration, connected, probeRequest(integration, connected));
  if (!Object.values(request.headers ?? {}).every((value) => HEADER_VALUE.test(value)))
    return {
      ...factsOf(
        integration,
        { kind: 'request_at_fault', code: 'HEADER_INVALID' },
        null,
        new Date().toISOString(),
        0,
      ),
      message: `These credentials have a character in them that cannot be sent to ${integration.name}. Copy them again, without line breaks.`,
    };
  const trace = wholeExchange(watch, 'probe');
  const outcome = await hub.egress.send(request, {
    hosts: hostsOf(integration, connected),
    watched: trace?.watched,
    about: { kind: 'probe', integrationId: integration.id },
  });
  const at = new Date().toISOString();
  if (outcome.kind !== 'answered') trace?.end(outcome.kind, outcome.why);
  if (outcome.kind === 'refused')
    return factsOf(integration, { kind: 'request_at_fault', code: 'ADDRESS_REFUSED' }, null, at, 0);
  if (outcome.kind !== 'answered')
    return factsOf(integration, { kind: 'provider_unavailable', code: outcome.why }, null, at, 0);
  const verdict = trueVerdict(
    integration,
    connected,
    (integration.classify ?? classifyByStatus)(outcome.answer),
  );
  trace?.end(verdict.kind, null);
  // A login page with status 200 proves nothing: a probe's answer is JSON.
  if (
    verdict.kind === 'ok' &&
    typeof outcome.answer.body === 'string' &&
    outcome.answer.body.trimStart().startsWith('<')
  )
    return factsOf(integration, { kind: 'provider_unavailable', code: 'NOT_JSON' }, null, at, outcome.ms);
  const account = verdict.kind === 'ok' ? accountOf(integration, outcome.answer.body, connected) : null;
  return factsOf(integration, verdict, account, at, outcome.ms);
}

/** The host that is asked, as a circuit names it. */
export const probeHostOf = (integration: Integration, connected: Connected): string =>
  new URL(probeRequest(integration, connected).url).host;

function probeRequest(integration: Integration, connected: Connected): OutgoingRequest {
  const request = integration.probe(connected);
  if (connected.endpoints.probeUrl !== undefined) {
    const { query: _query, ...rest } = request;
    return { ...rest, url: connected.endpoints.probeUrl };
  }
  return request.url.startsWith('/')
    ? { ...request, url: apiBaseUrlOf(integration, connected) + request.url }
    : request;
}

/** What makes a call the connection's: its credentials and the headers the integration wants on every call. */
export function callCredentials(
  integration: Integration,
  connected: Connected,
): { headers: Record<string, string>; query: Record<string, string> } {
  const own = integration.authenticate?.(connected) ?? bearer(connected);
  return { headers: { ...integration.headers?.(connected), ...own.headers }, query: { ...own.query } };
}

function bearer({ credentials }: Connected): {
  headers?: Record<string, string>;
  query?: Record<string, string>;
} {
  const token = credentials.type === 'oauth2' ? credentials.accessToken : credentials.fields['apiKey'];
  return token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
}

function withCredentials(
  integration: Integration,
  connected: Connected,
  request: OutgoingRequest,
): OutgoingRequest {
  const { headers, query } = callCredentials(integration, connected);
  const whole = {
    ...request,
    headers: { ...request.headers, ...headers },
    query: { ...request.query, ...query },
  };
  const { origin, pathname, search } = withQuery(whole);
  const { body } = contentOf(whole);
  const signature = signatureOf(integration, connected, {
    method: request.method,
    origin,
    target: pathname + search,
    body: body === undefined ? null : Buffer.from(body),
  });
  return {
    ...whole,
    headers: { ...whole.headers, ...signature.headers },
    query: { ...whole.query, ...signature.query },
  };
}

/** What cannot be refreshed has not expired: it is refused. */
function trueVerdict(integration: Integration, connected: Connected, verdict: Verdict): Verdict {
  if (verdict.kind !== 'credential_expired' || isRefreshable(integration, connected.credentials))
    return verdict;
  return { ...verdict, kind: 'credential_revoked' };
}

/** A name comes from the provider: kept short, and as text. */
function accountOf(integration: Integration, body: unknown, connected: Connected): Account | null {
  const account = integration.account(body, connected);
  return account && { id: account.id.slice(0, 200), name: account.name.slice(0, 200) };
}

function factsOf(
  integration: Integration,
  verdict: Verdict,
  account: Account | null,
  at: string,
  latencyMs: number,
): ProbeFacts {
  const wait =
    'retryAfterMs' in verdict && verdict.retryAfterMs !== undefined
      ? { retryAfterMs: verdict.retryAfterMs }
      : {};
  return {
    outcome: verdict.kind,
    message: messageOf(integration, verdict),
    account,
    check: { at, ok: verdict.kind === 'ok', outcome: verdict.kind, latencyMs },
    ...wait,
  };
}
