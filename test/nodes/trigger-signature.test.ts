/** The trigger takes what Standard Webhooks' own library signed, and nothing else. */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, inject, it } from 'vitest';

const { isGenuine } = createRequire(import.meta.url)(
  path.join(inject('n8nPackage'), 'nodes/IntegrationHubTrigger/signature.js'),
) as { isGenuine: (secret: string, headers: object, body: string | Buffer, now?: number) => boolean };

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
const secret = newSecret();
const body = '{"type":"connection.error","data":{"name":"Zoë"}}';
const now = Date.parse('2026-11-24T01:00:00Z');

const headersOf = (by: string, at = now, id = 'evt_1') => ({
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at / 1000)),
  'webhook-signature': new Webhook(by).sign(id, new Date(at), body),
});

it('takes what the hub signed, as text and as bytes', () => {
  expect(isGenuine(secret, headersOf(secret), body, now)).toBe(true);
  expect(isGenuine(secret, headersOf(secret), Buffer.from(body), now)).toBe(true);
});

it('takes one of two signatures while a secret is replaced', () => {
  const headers = headersOf(secret);
  const other = headersOf(newSecret())['webhook-signature'];
  const both = { ...headers, 'webhook-signature': `${other} ${headers['webhook-signature']}` };
  expect(isGenuine(secret, both, body, now)).toBe(true);
});

it.each([
  ['another secret', headersOf(newSecret()), body],
  ['another body', headersOf(secret), body.replace('error', 'recovered')],
  ['another id', { ...headersOf(secret), 'webhook-id': 'evt_2' }, body],
  ['an old delivery sent again', headersOf(secret, now - 6 * 60_000), body],
  ['one from the future', headersOf(secret, now + 6 * 60_000), body],
  ['no signature', { ...headersOf(secret), 'webhook-signature': undefined }, body],
  ['an unknown version', { ...headersOf(secret), 'webhook-signature': 'v2,AAAA' }, body],
  ['no headers', {}, body],
])('refuses %s', (_name, headers, given) => {
  expect(isGenuine(secret, headers, given, now)).toBe(false);
});
