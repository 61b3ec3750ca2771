/**
 * Where a call goes: under the API's base, to the letter as the caller wrote it, and never out of that base.
 * What could lead out is refused rather than straightened, because servers differ in how they read it.
 */
import { HubError } from '../errors.ts';

/** Path and query as they came, beginning with `/`; nothing decoded. */
export type Target = { origin: string; target: string };

/**
 * @param base of the API, without a trailing slash
 * @param asked path and query
 * @param own parameters that go with the credentials; they take the place of the caller's
 * @throws HubError PATH_NOT_ALLOWED
 */
export function targetOf(base: string, asked: string, own: Record<string, string>): Target {
  const [path = '', ...rest] = asked.split('?');
  const problem = pathProblem(path) ?? (UNWRITTEN.test(asked) ? WRITE_IT : null);
  if (problem !== null) throw new HubError('PATH_NOT_ALLOWED', { detail: problem });
  const { origin, pathname } = new URL(base);
  const prefix = pathname.replace(/(?<!\/)\/+$/, '');
  return {
    origin,
    target:
      (prefix + withoutVersion(prefix, path) || '/') + queryOf(rest.length > 0 ? rest.join('?') : null, own),
  };
}

/** SDKs put the version after the address they are given; a base that ends with it has it already. */
function withoutVersion(prefix: string, path: string): string {
  const [version] = /\/v[\d.]+$/.exec(prefix) ?? [];
  return version !== undefined && path.startsWith(`${version}/`) ? path.slice(version.length) : path;
}

// Behind a #, the parameters that go with the credentials would be a fragment, which is none of the request.
const UNWRITTEN = /[#\s]/;
const WRITE_IT = 'write # as %23 and a blank as %20';
// Servers written in C end a path at a NUL, others strip what they cannot print: `..%00` is `..` to them.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x1f\x7f]/;
// `..;` is `..` to servers that know path parameters (RFC 3986 §3.3), `..%20` to those that trim, `..%23` and `..%3f`
// to those that decode before they look for a fragment and a query.
const DOTS = /^\s*\.{1,2}\s*([;?#].*)?$/;

// `..` written as an encoded encoding of an encoding is nobody's file name.
const MOST_DECODINGS = 5;

/** @returns what to do about it; null: it stays where it is put */
export function pathProblem(path: string): string | null {
  if (UNWRITTEN.test(path)) return WRITE_IT;
  const decoded = fullyDecoded(path);
  if (decoded === null) return 'it is encoded too many times over';
  for (const text of [path, decoded]) {
    if (text !== '' && !text.startsWith('/')) return 'it begins with /';
    if (text.startsWith('//')) return 'it begins with one / and names no host';
    if (/^\/+[a-z][a-z0-9+.-]*:\/\/?/i.test(text))
      return "give the part after the API's base address only, not a whole address";
  }
  if (decoded.includes('\\')) return 'a backslash is part of no path here';
  if (CONTROL.test(decoded)) return 'a control character is part of no path here';
  // C0 and C1 begin no character of UTF-8: some servers read `%c0%ae` as a dot all the same.
  if (/[\xc0\xc1]/.test(decoded)) return 'its %-encoding is not UTF-8';
  if (decoded.split('/').some((segment) => DOTS.test(segment)))
    return 'a segment . or .. is not allowed, however it is encoded';
  return null;
}

function fullyDecoded(path: string): string | null {
  let text = path;
  for (let round = 0; round < MOST_DECODINGS; round++) {
    const next = text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (next === text) return text;
    text = next;
  }
  return null;
}

/** The caller's to the letter, less what the credentials bring themselves. */
function queryOf(query: string | null, own: Record<string, string>): string {
  const names = new Set(Object.keys(own));
  const kept =
    query === null || names.size === 0 ? query : query.split('&').filter((part) => !names.has(nameIn(part)));
  const parts = [...(kept === null ? [] : typeof kept === 'string' ? [kept] : kept)];
  const added = new URLSearchParams(own).toString();
  if (query === null && added === '') return '';
  return `?${[...parts, ...(added === '' ? [] : [added])].join('&')}`;
}

function nameIn(part: string): string {
  const name = part.split('=', 1)[0] ?? '';
  return [...new URLSearchParams(`${name}=`).keys()][0] ?? '';
}

/**
 * A `Location` as the caller can use it: what leads into the API's base leads through the proxy, anything else
 * is the provider's own address and not followed by the hub.
 *
 * @param target what was asked
 * @param proxyPath of this connection at the hub, without a trailing slash
 */
export function locationFor(location: string, base: string, { origin, target }: Target, proxyPath: string) {
  if (!URL.canParse(location, origin + target)) return location;
  const url = new URL(location, origin + target);
  const at = new URL(base);
  const prefix = at.pathname.replace(/(?<!\/)\/+$/, '');
  const inside = url.pathname === prefix || url.pathname.startsWith(`${prefix}/`);
  if (url.origin !== at.origin || !inside) return url.href;
  return proxyPath + url.pathname.slice(prefix.length) + url.search + url.hash;
}
