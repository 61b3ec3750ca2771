/** Which headers pass, in either direction. Names are lower case, as Node and undici give them. */
import type { Connected, Integration } from '../../integrations/definition/integration.ts';
import { callCredentials } from '../oauth/probe.ts';

export type Headers = Record<string, string | string[] | undefined>;
export type SentHeaders = Record<string, string | string[]>;

// RFC 9110 §7.6.1, and what older ones used; `trailer` because no trailers are passed on.
const HOP_BY_HOP: readonly string[] = [
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/**
 * The caller's own: its permissions at the hub, its cookies, the way it came. Traces and baggage are that too: a
 * client puts them on for the server it speaks to, and baggage may say who somebody is.
 */
const CALLERS_OWN = new Set([
  ...HOP_BY_HOP,
  // Told by whoever sends the body.
  'content-length',
  'api-key',
  'authorization',
  'b3',
  'baggage',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'sentry-trace',
  'traceparent',
  'tracestate',
  'uber-trace-id',
  'via',
  'x-amzn-trace-id',
  'x-cloud-trace-context',
  'x-access-token',
  'x-api-key',
  'x-auth-token',
  'x-real-ip',
]);
const CALLERS_OWN_PREFIX = /^(proxy-|x-forwarded-|x-b3-|x-datadog-|hub-)/;

/**
 * What a browser would take as said of the hub's own origin (its policies, its cookies, who may read it), and
 * what could carry credentials.
 */
const NOT_PASSED_BACK = new Set([
  ...HOP_BY_HOP,
  'alt-svc',
  'authentication-info',
  'authorization',
  'clear-site-data',
  'content-security-policy',
  'content-security-policy-report-only',
  'expect-ct',
  'nel',
  'origin-agent-cluster',
  'permissions-policy',
  'public-key-pins',
  'referrer-policy',
  'refresh',
  'report-to',
  'reporting-endpoints',
  'service-worker-allowed',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-powered-by',
  'x-xss-protection',
]);
const NOT_PASSED_BACK_PREFIX = /^(proxy-|access-control-|cross-origin-|hub-)/;

export type OwnHeaders = {
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** Names among them whose value the caller may choose. */
  mayDiffer: ReadonlySet<string>;
  secrets: readonly string[];
};

/** What goes with every call of the connection, as `GET …/token` tells it. */
export function ownHeaders(integration: Integration, connected: Connected): OwnHeaders {
  const { headers, query } = callCredentials(integration, connected);
  const all = lowerCased(headers);
  const words = [...Object.values(all), ...Object.values(query)].flatMap((value) => [
    value,
    value.split(' ').at(-1) ?? '',
  ]);
  const mayDiffer = defaultsOf(integration, connected);
  return { headers: all, query, mayDiffer, secrets: secretsAmong(words) };
}

/** As they may be written in an answer. Short ones are versions and ids: they may well be in one. */
export const secretsAmong = (words: readonly string[]): string[] => [
  ...new Set(words.filter((word) => word.length >= 16).flatMap((word) => [word, encodeURIComponent(word)])),
];

/** The caller's headers with the connection's own; `content-length` is left to whoever sends the body. */
export function requestHeaders(caller: Headers, own: OwnHeaders): SentHeaders {
  const sent: SentHeaders = { 'user-agent': 'IntegrationHub/1', ...own.headers };
  const named = namedHops(caller);
  for (const [name, value] of Object.entries(caller)) {
    if (value === undefined || CALLERS_OWN.has(name) || named?.has(name)) continue;
    if (CALLERS_OWN_PREFIX.test(name) || (name in own.headers && !own.mayDiffer.has(name))) continue;
    sent[name] = value;
  }
  return sent;
}

/**
 * Headers whose value the caller may choose (HighLevel's `Version` differs from endpoint to endpoint). Not the
 * user agent: every client sends one without having chosen it.
 */
function defaultsOf(integration: Integration, connected: Connected): Set<string> {
  const credentials = lowerCased(integration.authenticate?.(connected).headers ?? {});
  const names = Object.keys(lowerCased(integration.headers?.(connected) ?? {}));
  return new Set(names.filter((name) => name !== 'user-agent' && !(name in credentials)));
}

/**
 * The provider's headers less what is not for the caller. A value with the connection's credentials in it is left out.
 * @param secrets as `secretsAmong` gives them
 */
export function answerHeaders(provider: Headers, secrets: readonly string[]): SentHeaders {
  const passed: SentHeaders = {};
  const named = namedHops(provider);
  for (const [name, value] of Object.entries(provider)) {
    if (value === undefined || NOT_PASSED_BACK.has(name) || named?.has(name)) continue;
    if (NOT_PASSED_BACK_PREFIX.test(name)) continue;
    const text = String(value);
    if (secrets.some((secret) => text.includes(secret))) continue;
    passed[name] = value;
  }
  // RFC 9111 §4.1: a cache on the way must not give one key's answer to another, even where the provider says public.
  passed['vary'] = [passed['vary'] ?? [], 'Authorization'].flat().join(', ');
  return passed;
}

/** RFC 9110 §7.6.1: whoever names a header in `Connection` means it for the next hop alone. */
function namedHops({ connection }: Headers): Set<string> | null {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return null;
  const names = String(connection).toLowerCase().split(',');
  return new Set(names.map((name) => name.trim()));
}

const lowerCased = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** One value each, as an integration's `classify` reads them. */
export function flattened(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
