/** Whatever a caller writes as a path: it stays at the integration's host and port, and under the API's base. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../hub/errors.ts';
import { takeCallerKey } from '../../hub/proxy/caller-key.ts';
import { locationFor, targetOf } from '../../hub/proxy/target.ts';
import './seed.ts';

const BASES = [
  'https://api.example.com',
  'https://api.example.com/v1',
  'https://api.example.com:8443/a/b/v2',
];

const piece = fc.constantFrom(
  ...[
    '/',
    '//',
    '\\',
    '.',
    '..',
    '%2e',
    '%2E%2e',
    '%252e',
    '%2f',
    '%5c',
    '%00',
    '%c0%ae',
    ';',
    '?',
    '#',
    '%23',
  ],
  ...['@', ':', 'a', 'v1', '/v1/', 'evil.example', 'https://evil.example', 'http:/', '%', '%zz', '\t', '\n'],
  ...[
    '\r\n',
    ' ',
    '%0d%0a',
    'ü',
    '\u2024',
    '\uff0f',
    '\u202e',
    'x=1',
    '&',
    'access_token=a',
    '|',
    '{',
    '[::1]',
  ],
);
const path = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`),
  fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
  fc.webPath(),
  fc.string({ unit: 'binary' }),
);

/** @returns null: refused as a path that could lead out */
function target(base: string, asked: string, own: Record<string, string> = {}) {
  try {
    return targetOf(base, asked, own);
  } catch (error) {
    if (error instanceof HubError && error.code === 'PATH_NOT_ALLOWED') return null;
    throw error;
  }
}

/** As servers and proxies that decode once more read it. */
const decodings = (text: string): string[] => {
  const all = [text];
  for (let next = text, round = 0; round < 6; round++) {
    next = next.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    all.push(next);
  }
  return all;
};

describe('a path', () => {
  it('never leads to another host or port, or out of the base, whoever reads it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BASES), path, (base, asked) => {
        const made = target(base, asked);
        if (made === null) return;
        const root = new URL(base);
        const prefix = root.pathname.replace(/\/$/, '');
        expect(made.origin).toBe(root.origin);
        expect(made.target.startsWith('/')).toBe(true);
        for (const read of decodings(made.target)) {
          // The model: the WHATWG parser, on the whole address and on the target as a relative one.
          for (const url of [
            new URL(made.origin + read),
            new URL(read.replace(/^\/{2,}/, '/'), made.origin),
          ]) {
            expect(url.host).toBe(root.host);
            expect(url.username + url.password).toBe('');
            expect(url.pathname === prefix || url.pathname.startsWith(`${prefix}/`), url.href).toBe(true);
          }
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('that a client of HTTP would not send is refused, not cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BASES), path, (base, asked) => {
        const made = target(base, asked);
        if (made !== null) expect(made.target).toMatch(/^[^\s#\0]*$/);
      }),
      { numRuns: 5_000 },
    );
  });

  it('goes with the credentials’ own parameters once, whatever the caller calls theirs', () => {
    const own = { appsecret_proof: 'right', 'a b': 'x&y' };
    const query = fc
      .array(
        fc.constantFrom(
          'appsecret_proof=wrong',
          'appsecret%5fproof=wrong',
          'a+b=wrong',
          'a%20b=wrong',
          'c=1',
          '=',
          '#x',
          '',
        ),
      )
      .map((parts) => parts.join('&'));
    fc.assert(
      fc.property(query, (asked) => {
        const made = target(BASES[1] ?? '', `/me?${asked}`, own);
        if (made === null) return;
        const { searchParams } = new URL(made.origin + made.target);
        for (const [name, value] of Object.entries(own)) expect(searchParams.getAll(name)).toEqual([value]);
      }),
    );
  });
});

describe('the caller’s key', () => {
  it('is in nothing that goes on, wherever it was put', () => {
    const key = 'ihk_0123456789abcdefghijklmnop';
    const parameter = fc.constantFrom('access_token', 'token', 'api_key', 'apikey', 'key', 'access%5ftoken');
    const rest = fc.array(
      fc.constantFrom('a=1', 'b=%zz', 'token=', `x=${key}`, `y=%69hk_0123456789abcdefghijklmnop`),
    );
    fc.assert(
      fc.property(parameter, rest, rest, (name, before, after) => {
        const asked = `/me?${[...before, `${name}=${key}`, ...after].join('&')}`;
        const taken = takeCallerKey({}, asked);
        expect(taken.key).toBe(key);
        expect(decodeURIComponent(taken.path.replaceAll('%zz', ''))).not.toContain(key);
        expect(taken.path).toContain(before.includes('a=1') ? 'a=1' : '/me');
      }),
    );
  });

  it('is taken from anything without a throw, and what has none stays as it came', () => {
    const header = fc.oneof(fc.string(), fc.array(fc.string()), fc.constant(undefined));
    const headers = fc.dictionary(
      fc.constantFrom('authorization', 'x-api-key', 'api-key', 'x-access-token'),
      header,
    );
    fc.assert(
      fc.property(headers, fc.oneof(path, fc.string({ unit: 'binary' })), (given, asked) => {
        const taken = takeCallerKey(given, asked);
        if (taken.key === null) expect(taken.path).toBe(asked);
        else expect(taken.key).not.toBe('');
      }),
    );
  });
});

it('a Location leads through the proxy only where it leads into the base, and nowhere becomes a script', () => {
  const location = fc.oneof(
    fc.array(piece).map((pieces) => pieces.join('')),
    fc.webUrl(),
    fc.constantFrom(
      'javascript:alert(1)',
      '//evil.example',
      'https://api.example.com/v1x',
      'https://api.example.com/v1/../x',
    ),
  );
  const proxyPath = '/api/connections/1/proxy';
  const at = { origin: 'https://api.example.com', target: '/v1/me' };
  fc.assert(
    fc.property(location, (given) => {
      const made = locationFor(given, 'https://api.example.com/v1', at, proxyPath);
      if (!URL.canParse(made, 'https://hub.example')) return;
      const url = new URL(made, 'https://hub.example');
      if (url.origin === 'https://hub.example' && URL.canParse(given, 'https://api.example.com/v1/me'))
        expect(url.pathname === proxyPath || url.pathname.startsWith(`${proxyPath}/`), url.href).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
