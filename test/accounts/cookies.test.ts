/** Cookies as nobody's browser sends them: garbage, twice, too long. They are nobody's session, and no failure. */
import { request as send } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import '../fuzz/seed.ts';
import { makePerson, signedIn } from '../setup/accounts.ts';
import { startHub, type TestHub } from '../setup/hub.ts';

const COOKIE = 'hub_session';

let hub: TestHub;
let good: string;

beforeAll(async () => {
  hub = await startHub();
  const page = await signedIn(hub, await makePerson(hub, { role: 'builder' }));
  good = page.jar.get(COOKIE) ?? '';
});
afterAll(() => hub.close());

/** Byte for byte: `fetch` would have its own idea of what a header may hold. */
const statusOf = (cookie: string, path = '/api/me') =>
  new Promise<number>((resolve, reject) => {
    send(`${hub.url}${path}`, { headers: { cookie }, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    })
      .on('error', reject)
      .end();
  });

it('a session is known by its cookie, among others and in quotes of other cookies', async () => {
  expect(await statusOf(`${COOKIE}=${good}`)).toBe(200);
  expect(await statusOf(`a=b; "; ${COOKIE}=${good}; c="d`)).toBe(200);
});

it('garbage is nobody, whatever it is', async () => {
  const value = fc.oneof(
    fc.stringMatching(/^[\x21-\x7e\x80-\xff]{0,60}$/),
    fc.constantFrom('%', '%E0%A4%A', '%00', '""', '.', '..', 'undefined', 'null', '[object Object]', '='),
    fc.nat(40).map((at) => good.slice(0, at)),
    // One letter is another; of the last one before the padding, two bits are read by nobody.
    fc.nat(Math.max(0, good.length - 12)).map((at) => `${good.slice(0, at)}~${good.slice(at + 1)}`),
  );
  const name = fc.constantFrom(COOKIE, `__Host-${COOKIE}`, `${COOKIE} `, '', '__proto__', 'constructor');
  const part = fc.tuple(name, value).map((pair) => pair.join('='));
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
      expect(await statusOf(parts.join('; '))).toBe(401);
    }),
    { numRuns: 300 },
  );
});

it('one that is there twice is one of them or nobody, and never a failure', async () => {
  for (const twice of [`${COOKIE}=${good}; ${COOKIE}=x`, `${COOKIE}=x; ${COOKIE}=${good}`])
    expect([200, 401]).toContain(await statusOf(twice));
});

it('a cookie that is longer than headers may be is refused before anybody reads it', async () => {
  expect(await statusOf(`${COOKIE}=${'x'.repeat(15_000)}`)).toBe(401);
  expect(await statusOf(`${COOKIE}=${'x'.repeat(17_000)}`)).toBe(431);
});

it.each(['/', '/sign-in', '/api/auth/get-session', '/oauth/callback?state=x', '/oauth2/authorize/x'])(
  'pages take garbage too: %s',
  async (path) => {
    for (const value of ['%', '%E0%A4%A', '""', 'x.y', `${good}x`])
      expect(await statusOf(`${COOKIE}=${value}; hub_authorization=${value}`, path)).toBeLessThan(500);
  },
);
