/** Browsers are sent to the hub, to origins that an operator named, or nowhere; after signing in, to the hub's own paths. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HubError } from '../../hub/errors.ts';
import { ownPath } from '../../hub/api/session.ts';
import { textParams } from '../../hub/api/pages.ts';
import { fromCursor } from '../../hub/api/presentation.ts';
import { checkReturnUrl } from '../../hub/api/starting.ts';
import './seed.ts';

const piece = fc.constantFrom(
  ...[
    '/',
    '//',
    '\\',
    '\\\\',
    'https:',
    'http:',
    'javascript:',
    'data:',
    '@',
    ':',
    '?',
    '#',
    '.',
    '..',
    '%2f',
    '%5c',
    '%09',
  ],
  ...[
    'evil.example',
    'hub.example',
    'app.example',
    'hub.example.evil.example',
    'u:p',
    '\t',
    '\n',
    '\r',
    ' ',
    '\0',
  ],
  ...[
    '。',
    '／',
    '\u202e',
    'ℎub.example',
    '[::1]',
    '127.0.0.1',
    '2130706433',
    'localhost',
    ':443',
    ':8443',
    'x',
  ],
);
const address = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
  fc.webUrl(),
  fc.string({ unit: 'binary' }),
);
const production = {
  publicUrl: 'https://hub.example',
  returnOrigins: ['https://app.example'],
  allowPrivateNetwork: false,
};
const ALLOWED = ['https://hub.example', 'https://app.example'];

it('a return URL leads to an allowed origin as browsers read it, or is refused', () => {
  fc.assert(
    fc.property(address, (given) => {
      let made: string | null;
      try {
        made = checkReturnUrl(production, given);
      } catch (error) {
        if (error instanceof HubError && error.code === 'RETURN_URL_NOT_ALLOWED') return;
        throw error;
      }
      const url = new URL(made ?? '', 'https://hub.example');
      expect(ALLOWED).toContain(url.origin);
      expect(url.username + url.password).toBe('');
      expect(made).not.toMatch(/[\r\n\t\0]/);
    }),
    { numRuns: 5_000 },
  );
});

it('where to go on after signing in is a path of the hub, whatever is asked', () => {
  fc.assert(
    fc.property(fc.oneof(address, fc.anything()), (given) => {
      const url = new URL(ownPath(given), 'https://hub.example/sign-in');
      expect(url.origin).toBe('https://hub.example');
    }),
    { numRuns: 5_000 },
  );
});

it('a parameter that comes twice is none, and one of another kind is none', () => {
  const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.constant(undefined), fc.integer());
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), (given) => {
      for (const one of Object.values(textParams(given))) expect(typeof one).toBe('string');
    }),
  );
  expect(textParams({ code: ['a', 'b'], state: 'x' })).toEqual({ state: 'x' });
});

it('a cursor is one of the hub’s, or refused', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), (given) => {
      try {
        expect(fromCursor(given)).toMatch(/^[\w-]{1,100}$/);
      } catch (error) {
        expect(error).toMatchObject({ code: 'VALIDATION_FAILED' });
      }
    }),
  );
});
