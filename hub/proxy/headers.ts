/** Which headers pass, in either direction. Names are lower case, as Node and undici give them. */
import type { Connected, Integration } from '../../integrations/definition/integration.ts';
import { callCredentials } from '../oauth/probe.ts';

export type Headers = Record<string, string | string[] | undefined>;
export type SentHeaders = Record<string, string | string[]>;

// RFC 9110 §7.6.1, and what older ones used; `trailer` because no trailers are passed on.
const HOP_BY_HOP = [
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
const CALLERS_OWN = [
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
];
const CALLERS_OWN_PREFIX = /^(proxy-|x-forwarded-|x-b3-|x-datadog-|hub-)/;

/**
 * What a browser would take as said of the hub's own origin (its policies, its cookies, who may read it), and
 * what could carry credentials.
 */
const NOT_PASSED_BACK = [
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
];
const NOT_PASSED_BACK_PREFIX = /^(proxy-|access-control-|cross-origin-|hub-)/;

export type OwnHeaders = {
  headers: Record<string, string>;
  query: Record<string, string>;
  secrets: string[];
};

/** What goes with every call of the connection, as `GET …/token` tells it. */
export function ownHeaders(integration: Integration, connected: Connected): OwnHeaders {
  const { headers, query } = callCredentials(integration, connected);
  const all = lowerCased(headers);
  const words = [...Object.values(all), ...Object.values(query)].flatMap((value) => [
    value,
    value.split(' ').at(-1) ?? '',
  ]);
  // Short ones are versions and ids: they may well be in an answer.
  return { headers: all, query, secrets: words.filter((word) => word.length >= 16) };
}

/** The caller's headers with the connection's own; `content-length` is left to whoever sends the body. */
export function requestHeaders(
  caller: Headers,
  integration: Integration,
  connected: Connected,
  own: OwnHeaders,
): SentHeaders {
  const mayDiffer = defaultsOf(integration, connected);
  const passed = Object.entries(withoutHops(caller, [...CALLERS_OWN, 'content-length'])).filter(
    ([name]) => !CALLERS_OWN_PREFIX.test(name) && (!(name in own.headers) || mayDiffer.has(name)),
  );
  return { 'user-agent': 'IntegrationHub/1', ...own.headers, ...Object.fromEntries(passed) };
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

/** The provider's headers less what is not for the caller. A value with the connection's credentials in it is left out. */
export function answerHeaders(provider: Headers, { secrets }: OwnHeaders): SentHeaders {
  const passed = Object.entries(withoutHops(provider, NOT_PASSED_BACK)).filter(
    ([name, value]) =>
      !NOT_PASSED_BACK_PREFIX.test(name) &&
      !secrets.some(
        (secret) => String(value).includes(secret) || String(value).includes(encodeURIComponent(secret)),
      ),
  );
  // RFC 9111 §4.1: a cache on the way must not give one key's answer to another, even where the provider says public.
  const vary = passed.find(([name]) => name === 'vary')?.[1];
  return { ...Object.fromEntries(passed), vary: [vary ?? [], 'Authorization'].flat().join(', ') };
}

function withoutHops(headers: Headers, dropped: readonly string[]): SentHeaders {
  const named = String(headers['connection'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const gone = new Set([...HOP_BY_HOP, ...dropped, ...named]);
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] => entry[1] !== undefined && !gone.has(entry[0]),
    ),
  );
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
