/**
 * The caller's hub key, wherever a vendor's SDK puts a token; none of these places is passed on. `@discordjs/rest`
 * says `Bot`, Meta's SDK writes `access_token` into the address.
 */
import type { Headers } from './headers.ts';

const HEADERS = ['x-api-key', 'api-key', 'x-auth-token', 'x-access-token'];
const PARAMETERS = ['access_token', 'token', 'api_key', 'apikey', 'key'];

/**
 * @param path with its query, as it came
 * @returns the same path without the key in it; key null: there is none
 */
export function takeCallerKey(headers: Headers, path: string): { key: string | null; path: string } {
  const [start, query] = split(path);
  const parameters = new URLSearchParams(query ?? '');
  // Basic is for a proxy in front of the hub.
  const [, signed] = /^(?!basic )[\w-]+ +(\S{1,512})$/i.exec(String(headers['authorization'] ?? '')) ?? [];
  // An empty one is none: an SDK may send a place that nobody filled.
  const named = HEADERS.map((name) => headers[name]).find(
    (value): value is string => typeof value === 'string' && value !== '',
  );
  const written = PARAMETERS.flatMap((name) => parameters.getAll(name)).find((value) => value !== '');
  const key = signed ?? named ?? written ?? null;
  if (key === null || query === undefined) return { key, path };
  // To the letter, but for what holds the key: an SDK may send it twice.
  const kept = query.split('&').filter((part) => ![...new URLSearchParams(part).values()].includes(key));
  return { key, path: kept.length === 0 ? start : `${start}?${kept.join('&')}` };
}

function split(path: string): [string, string | undefined] {
  const at = path.indexOf('?');
  return at < 0 ? [path, undefined] : [path.slice(0, at), path.slice(at + 1)];
}
