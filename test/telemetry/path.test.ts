import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shownPath } from '../../hub/telemetry/path.ts';
import '../fuzz/seed.ts';

it.each([
  ['/crm/v3/objects/contacts/512?archived=true', '/crm/v3/objects/contacts/…'],
  ['/oauth/v1/refresh-tokens/4f1c1b1e-26a1-4d52-9c6b-2f1f0c9be5c8', '/oauth/v1/refresh-tokens/…'],
  ['/api/chat.postMessage', '/api/chat.postMessage'],
  ['/oauth2/token', '/oauth2/token'],
  ['/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe', '/…'],
  ['/users/ada%40example.com/messages', '/users/…'],
  ['/services/data/v60.0/sobjects/Account/001D000000IqhSLIAZ', '/services/data/v60.0/sobjects/Account/…'],
  ['/webhooks/1098765432109876543/hW3bT0k3nWithLettersAndD1gits', '/webhooks/…'],
  ['/a/b/c/d/e/f/g', '/a/b/c/d/e/f/…'],
  ['/', '/'],
  ['', '/'],
  ['/files/', '/files'],
])('of %s is shown %s', (path, shown) => expect(shownPath(path)).toBe(shown));

it('what is known for a secret is shown in no form of a word', () => {
  expect(shownPath('/key/swordfish/items', ['swordfish'])).toBe('/key/…');
  expect(shownPath('/key-swordfish/items', ['swordfish'])).toBe('/…');
});

it('nothing with digits in it, or longer than words are, is shown', () => {
  const token = fc
    .stringMatching(/^[A-Za-z0-9_-]{20,80}$/)
    .filter((text) => /\d.*[a-z]|[a-z]{16}/i.test(text));
  fc.assert(fc.property(token, (secret) => !shownPath(`/tokens/${secret}`).includes(secret)));
});
