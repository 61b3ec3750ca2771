/** What of a call's headers goes through, in either direction. */

// RFC 9110 §7.6.1.
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** The caller's own: its credentials for this hub, what its browser or gateway adds, and what is said to the hub. */
const NOT_SENT = new Set([
  ...HOP_BY_HOP,
  'host',
  'authorization',
  'x-api-key',
  'cookie',
  'origin',
  'referer',
  'forwarded',
  'via',
  'expect',
  'hub-integration',
  'hub-api-base',
]);

/** The provider's own: its cookies are the hub's sessions with it, and its answer's framing is made anew. */
const NOT_ANSWERED = new Set([
  ...HOP_BY_HOP,
  'set-cookie',
  'set-cookie2',
  'hub-problem',
  'alt-svc',
  'strict-transport-security',
]);

type Headers = Record<string, string | string[] | undefined>;

/** @param own of the integration and the connection: they go before what the caller sends */
export function sentHeaders(asked: Headers, own: Record<string, string>): Record<string, string> {
  const named = connectionNames(asked['connection']);
  const kept = Object.entries(asked).filter(
    ([name, value]) =>
      value !== undefined &&
      !NOT_SENT.has(name) &&
      !named.has(name) &&
      !/^(x-forwarded-|sec-|x-real-ip|cf-)/.test(name),
  );
  return {
    'user-agent': 'IntegrationHub/1',
    ...Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

export function answeredHeaders(answered: Headers): Record<string, string | string[]> {
  const named = connectionNames(answered['connection']);
  return Object.fromEntries(
    Object.entries(answered).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !NOT_ANSWERED.has(entry[0]) && !named.has(entry[0]),
    ),
  );
}

const connectionNames = (value: string | string[] | undefined) =>
  new Set(
    [value ?? []]
      .flat()
      .join(',')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  );
