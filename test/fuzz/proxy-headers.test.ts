/** Which headers pass: no hop-by-hop field, no credential of either side, nothing that speaks for the hub's origin. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerHeaders, ownHeaders, requestHeaders, type Headers } from '../../hub/proxy/headers.ts';
import { connected, integrationOf } from '../integrations/connected.ts';
import './seed.ts';

const TOKEN = 'provider-token-0123456789';
const HOPS = [
  'connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
];
const CALLERS = [
  'authorization',
  'cookie',
  'x-api-key',
  'host',
  'forwarded',
  'x-forwarded-for',
  'proxy-authorization',
  'hub-api-base',
];
const PROVIDERS = [
  'set-cookie',
  'content-security-policy',
  'access-control-allow-origin',
  'clear-site-data',
  'hub-problem',
  'authorization',
];
const OTHERS = ['accept', 'x-request-id', 'content-type', 'x-nominated', 'vary', 'etag'];

// As parsers of HTTP give them: lower case, no line breaks.
const value = fc.oneof(
  fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,30}$/),
  fc.constantFrom(
    'keep-alive, X-Nominated',
    'x-nominated',
    TOKEN,
    `Bearer ${TOKEN}`,
    encodeURIComponent(TOKEN),
    'close',
  ),
);
const headers: fc.Arbitrary<Headers> = fc.dictionary(
  fc.constantFrom(...HOPS, ...CALLERS, ...PROVIDERS, ...OTHERS),
  fc.oneof(value, fc.array(value, { maxLength: 3 })),
  { noNullPrototype: true },
);

const nominated = ({ connection }: Headers) =>
  String(connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());

describe.each(['slack', 'meta-ads', 'gohighlevel'])('a call of %s', (id) => {
  const integration = integrationOf(id);
  const subject = connected(id, { accessToken: TOKEN });
  const own = ownHeaders(integration, subject);

  it('carries the connection’s credentials and none of the caller’s, whatever the caller sends', () => {
    fc.assert(
      fc.property(headers, (caller) => {
        const sent = requestHeaders(caller, own);
        expect(sent['authorization']).toBe(own.headers['authorization']);
        for (const name of [...HOPS, ...CALLERS.filter((one) => one !== 'authorization')])
          expect(sent, name).not.toHaveProperty(name);
        for (const name of nominated(caller))
          if (!(name in own.headers) && name !== 'user-agent')
            expect(Object.hasOwn(sent, name), name).toBe(false);
        for (const one of Object.values(sent).flat()) expect(one).not.toMatch(/[\r\n\0]/);
      }),
      { numRuns: 500 },
    );
  });

  it('answers without cookies, policies, hop-by-hop fields and the token, whatever the provider sends', () => {
    fc.assert(
      fc.property(headers, (provider) => {
        const passed = answerHeaders(provider, own.secrets);
        for (const name of [...HOPS, ...PROVIDERS]) expect(Object.hasOwn(passed, name), name).toBe(false);
        for (const name of nominated(provider))
          if (name !== 'vary') expect(Object.hasOwn(passed, name), name).toBe(false);
        for (const one of Object.values(passed).flat()) {
          expect(one).not.toMatch(/[\r\n\0]/);
          expect(one).not.toContain(TOKEN);
        }
        expect(String(passed['vary'])).toMatch(/Authorization$/);
      }),
      { numRuns: 500 },
    );
  });
});
