/** Where a proxied call goes. What a caller names is a path under the integration's own API, and never more. */
import type { Connected, Integration } from '../../integrations/definition/integration.ts';
import { HubError } from '../errors.ts';
import { apiBaseUrlOf } from '../oauth/setup.ts';

/**
 * @param path as it came: percent-encoding and all, without the query
 * @param query as it came, without the question mark
 * @param baseName a name of `otherApiBaseUrls`; null: the API's own base
 * @throws HubError PROXY_PATH_NOT_ALLOWED | API_BASE_UNKNOWN
 */
export function targetOf(
  integration: Integration,
  connected: Connected,
  { path, query, baseName }: { path: string; query: string; baseName: string | null },
): URL {
  const base = baseOf(integration, connected, baseName);
  const url = new URL(base + assertPath(path) + (query === '' ? '' : `?${query}`));
  // What the parser made of it decides, not what it looked like.
  const { origin, pathname } = new URL(base);
  const stays =
    url.origin === origin &&
    (pathname === '/' || url.pathname === pathname || url.pathname.startsWith(`${pathname}/`));
  if (!stays) throw new HubError('PROXY_PATH_NOT_ALLOWED');
  return url;
}

export function baseOf(integration: Integration, connected: Connected, name: string | null): string {
  if (name === null) return apiBaseUrlOf(integration, connected);
  const others = otherApiBaseUrlsOf(integration, connected);
  const found = Object.hasOwn(others, name) ? others[name] : undefined;
  if (found === undefined)
    throw new HubError('API_BASE_UNKNOWN', {
      detail: `${integration.id} knows ${Object.keys(others).join(', ') || 'no other base'}`,
    });
  return found;
}

/** Where an operator put a stand-in in the API's place, it stands for all of its hosts. */
export function otherApiBaseUrlsOf(integration: Integration, connected: Connected): Record<string, string> {
  return Object.fromEntries(
    Object.entries(integration.otherApiBaseUrls ?? {}).map(([name, url]) => [
      name,
      connected.endpoints.apiBaseUrl === undefined ? url : apiBaseUrlOf(integration, connected),
    ]),
  );
}

/** No step up, in any spelling; no backslash; no second slash that could begin a host. */
function assertPath(path: string): string {
  const isGood =
    /^\/[\x21-\x7e]*$/.test(path) &&
    !path.startsWith('//') &&
    !/[\\]|%5c/i.test(path) &&
    !path.split(/\/|%2f/i).some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
  if (!isGood) throw new HubError('PROXY_PATH_NOT_ALLOWED');
  return path;
}
