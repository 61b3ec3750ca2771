/** Parameters of OAuth: none that the hub reads may come twice (RFC 6749 §3.1, §3.2). Others may, as `resource` does. */

const READ = new Set([
  ...['client_id', 'redirect_uri', 'response_type', 'response_mode', 'state', 'integration'],
  ...['code_challenge', 'code_challenge_method', 'code_verifier', 'code'],
  ...['grant_type', 'client_secret', 'refresh_token', 'scope', 'token'],
]);

/** @param given a query or a form, where what comes twice is a list. @returns a name of one that does; null: none */
export const repeatedIn = (given: unknown): string | null =>
  Object.entries(given ?? {}).find(([name, value]) => READ.has(name) && Array.isArray(value))?.[0] ?? null;

export const comesTwice = (name: string): string => `${name} comes more than once`;
