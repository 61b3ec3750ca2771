/** What debug mode keeps and hands out as HAR: no secret remains, whatever it is, wherever it stands, however it is written. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { harOf } from '../../hub/traces/har.ts';
import { createRedactor } from '../../hub/traces/redaction.ts';
import { MOST_GATHERED, MOST_SHOWN, passedOf, traceOf, type Exchange } from '../../hub/traces/trace.ts';
import './seed.ts';

// As people and providers make them: random letters, with what a password may hold, and keys of several lines.
const secret = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z0-9_.~-]{12,60}$/),
    fc.stringMatching(/^[A-Za-z0-9+/]{16,60}={0,2}$/),
    fc.string({ unit: 'binary', minLength: 12, maxLength: 40 }).map((text) => text.toWellFormed()),
    fc.stringMatching(/^[!-~]{12,40}$/),
    fc.stringMatching(/^-----BEGIN KEY-----\n[A-Za-z0-9+/]{30,60}\n[A-Za-z0-9+/]{30}\n-----END KEY-----\n$/),
  )
  // It has to be told from what stands around it.
  .filter((text) => new Set(text).size > 7 && !/\0/.test(text));

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const each = (text: string, write: (character: string) => string) => Array.from(text, write).join('');
const percent = (text: string) =>
  Buffer.from(text)
    .toString('hex')
    .replace(/../g, (byte) => `%${byte}`);

/** How texts are written into other texts. */
const WRITINGS: Record<string, (text: string) => string> = {
  asItIs: (text) => text,
  address: (text) => encodeURIComponent(text),
  addressOfLowerCase: (text) => encodeURIComponent(text).replace(/%../g, (one) => one.toLowerCase()),
  addressOfEveryLetter: percent,
  form: (text) => new URLSearchParams([['', text]]).toString().slice(1),
  json: inJson,
  jsonOfSlashes: (text) => inJson(text).replaceAll('/', '\\/'),
  jsonOfAscii: (text) =>
    inJson(text).replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
  jsonOfEveryLetter: (text) =>
    [...Array(text.length).keys()]
      .map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  html: (text) => text.replace(/[&<>"']/g, (one) => HTML[one] ?? one),
  htmlOfNumbers: (text) => each(text, (one) => `&#${one.codePointAt(0)};`),
  hex: (text) => Buffer.from(text).toString('hex'),
  HEX: (text) => Buffer.from(text).toString('hex').toUpperCase(),
};
const BASE64: Record<string, (text: string) => string> = {
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
};

/** A secret as it is written, and all of that which nothing of may remain. */
type Written = { secret: string; how: string; text: string; needle: string };

const written: fc.Arbitrary<Written> = fc.oneof(
  fc
    .tuple(secret, fc.constantFrom(...Object.entries(WRITINGS)))
    .map(([one, [how, write]]) => ({ secret: one, how, text: write(one), needle: write(one) })),
  // Into an address, or JSON, that is itself a value of an address or of JSON.
  fc.tuple(secret, fc.constantFrom('address', 'json')).map(([one, how]) => {
    const twice = WRITINGS[how]?.(WRITINGS[how]?.(one) ?? '') ?? '';
    return { secret: one, how: `${how}, twice`, text: twice, needle: twice };
  }),
  // What is before and behind it in base64 shares its first and last bytes' letters.
  fc
    .tuple(
      secret,
      fc.constantFrom(...Object.entries(BASE64)),
      fc.constantFrom(...Object.entries(WRITINGS)),
      fc.constantFrom('', 'u', 'us', 'use', 'user:'),
      fc.constantFrom('', '\n', ':x'),
    )
    .filter(([, , [how]]) => ['asItIs', 'address', 'form', 'json', 'jsonOfSlashes'].includes(how))
    .map(([one, [how, encode], [within, write], before, behind]) => {
      const length = Buffer.byteLength(before);
      const whole = encode(before + one + behind);
      const inner = whole.slice(
        4 * Math.ceil(length / 3),
        Math.floor(((length + Buffer.byteLength(one)) * 8) / 6),
      );
      return { secret: one, how: `${how} within ${within}`, text: write(whole), needle: write(inner) };
    }),
);

const place = fc.constantFrom<(text: string) => Partial<Exchange['request']>>(
  (text) => ({ url: `https://api.example.com/${text.replace(/\s/g, encodeURIComponent)}/x` }),
  (text) => ({ url: `https://api.example.com/x?a=1&q=${text}&b=2` }),
  (text) => ({ headers: { 'x-note': `n ${text} n` } }),
  (text) => ({ headers: { [text.replace(/\s/g, encodeURIComponent)]: 'value' } }),
  (text) => ({
    headers: { 'content-type': `text/plain; boundary=${text}` },
    body: passedOf(Buffer.from('y')),
  }),
  (text) => ({ body: passedOf(Buffer.from(`{"a": "${text}"}`)) }),
  (text) => ({
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: passedOf(gzipSync(`{"a": "${text}"}`)),
  }),
);

function exchangeOf(part: Partial<Exchange['request']>): Exchange {
  const nothing = { headers: {}, body: passedOf(null) };
  const phases = { blocked: 0, dns: 0, connect: 0, tls: 0, send: 0, wait: 0, receive: 0 };
  const { headers, body } = { ...nothing, ...part };
  return {
    ...{ kind: 'call', attempt: 1, error: null, outcome: 'ok', durationMs: 1, phases },
    request: { method: 'GET', url: 'https://api.example.com/x', ...nothing, ...part },
    response: { status: 200, headers, body },
  };
}

const PIECE = 10;

/** @returns ten characters of a text that are somewhere in a value; undefined: there are none */
function pieceIn(value: unknown, needle: string): string | undefined {
  const texts = textsIn(value);
  const pieces = Array.from({ length: Math.max(1, needle.length - PIECE + 1) }, (_, at) =>
    needle.slice(at, at + PIECE),
  );
  return pieces.find((piece) => texts.some((text) => text.includes(piece)));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => [name, ...textsIn(one)]);
}

function expectNothingOf({ secret, how, needle }: Written, part: Partial<Exchange['request']>): void {
  const trace = traceOf(exchangeOf(part), createRedactor([secret]));
  const har = harOf([{ id: 't', at: new Date(0), trace }]);
  for (const shown of [trace, har]) expect(pieceIn(shown, needle), how).toBeUndefined();
}

it('nothing of a secret is in a trace or its HAR, wherever it was written, and how', () => {
  fc.assert(
    fc.property(written, place, (one, put) => expectNothingOf(one, put(one.text))),
    { numRuns: 200 },
  );
});

it('nor where a body is cut off in the middle of it', () => {
  const edge = fc.oneof(
    fc.integer({ min: MOST_SHOWN - 200, max: MOST_SHOWN + 20 }),
    fc.integer({ min: MOST_GATHERED - 200, max: MOST_GATHERED + 20 }),
  );
  fc.assert(
    fc.property(written, edge, (one, length) => {
      const body = passedOf(Buffer.from(`${' '.repeat(length)}${one.text}${' '.repeat(1_000)}`));
      expectNothingOf(one, { body });
    }),
    { numRuns: 60 },
  );
});

it('what is no secret is left as it is', () => {
  fc.assert(
    fc.property(secret, fc.stringMatching(/^[A-Za-z ,.{}:[\]]{0,80}$/), (one, text) => {
      expect(createRedactor([one]).text(text)).toBe(text);
    }),
    { numRuns: 300 },
  );
});
