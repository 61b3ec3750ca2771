/**
 * As much of a provider's path as a trace may hold: its beginning, as long as that is words and versions. Anything
 * that could be an id, a name, an address or a secret ends it (some providers end a token by
 * `DELETE /oauth/v1/refresh-tokens/<the token>`).
 *
 * `/crm/v3/objects/contacts/512?archived=true` is `/crm/v3/objects/contacts/…`.
 */
const MOST_SEGMENTS = 6;
const MOST_WORDS = 4;
const VERSION = /^v\d{1,3}(\.\d{1,2})?$/;
const WORD = /^[A-Za-z][a-z]{0,14}\d?$/;

/**
 * @param target path, and perhaps query, as it is sent
 * @param secrets that may be in it
 */
export function shownPath(target: string, secrets: readonly string[] = []): string {
  const [path = ''] = target.split(/[?#]/, 1);
  const segments = path.split('/').slice(1);
  const isShown = (segment: string) =>
    isPlain(segment) && !secrets.some((secret) => secret !== '' && segment.includes(secret));
  const end = segments.findIndex((segment, place) => place >= MOST_SEGMENTS || !isShown(segment));
  const shown = end < 0 ? segments : segments.slice(0, end);
  return `/${[...shown, ...(end < 0 || segments[end] === '' ? [] : ['…'])].join('/')}`;
}

/** Versions and words: `v3`, `contacts`, `refresh-tokens`, `oauth2`, `chat.postMessage`. */
function isPlain(segment: string): boolean {
  if (VERSION.test(segment)) return true;
  const words = segment.split(/[-_.]|(?<=[a-z])(?=[A-Z])/);
  // Letters at random change their case every other one; parts of words are longer.
  const areParts = words.length === 1 || words.every(({ length }) => length >= 3);
  return areParts && words.length <= MOST_WORDS && words.every((word) => WORD.test(word));
}
