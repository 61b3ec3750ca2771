/** What a page of another site, or a link it plants, can do with somebody's session: nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPage, makePerson, signedIn, type Page, type Person } from '../setup/accounts.ts';
import { startHub, type TestHub } from '../setup/hub.ts';

const COOKIE = 'hub_session';
const FOREIGN: [string, Record<string, string>][] = [
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['a sibling of the hub’s host', { origin: 'https://evil.hub.example', 'sec-fetch-site': 'same-site' }],
  ['a page without referrer', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['an older browser', { origin: 'https://evil.example', 'sec-fetch-site': '' }],
];

let hub: TestHub;
let ada: Person;
let page: Page;
beforeAll(async () => {
  hub = await startHub();
  ada = await makePerson(hub, { role: 'admin' });
  page = await signedIn(hub, ada);
});
afterAll(() => hub.close());

/** fetch sends no header of an empty value as a browser leaves it out: it is left out. */
const headersOf = (given: Record<string, string>) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));

describe.each(FOREIGN)('a request from %s', (_name, given) => {
  const send = async (path: string, body: unknown, type = 'application/json') => {
    const answer = await fetch(hub.url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        ...headersOf(given),
        'content-type': type,
        cookie: `${COOKIE}=${page.jar.get(COOKIE)}`,
      },
      body: type === 'application/json' ? JSON.stringify(body) : new URLSearchParams(body as never),
    });
    const cookies = answer.headers.getSetCookie();
    return { status: answer.status, cookies, text: await answer.text() };
  };

  it('changes nothing by the session it carries', async () => {
    for (const [path, body] of [
      ['/api/keys', { name: 'stolen', role: 'admin' }],
      ['/api/invitations', { role: 'admin' }],
      ['/api/connections', { integrationId: 'slack' }],
      ['/api/webhooks', { url: 'https://evil.example/', events: ['*'] }],
      ['/api/connections/any/refresh', {}],
      ['/api/connections/any/request', { method: 'GET', path: '/' }],
      ['/api/auth/sign-out', {}],
      ['/api/auth/change-password', { currentPassword: ada.password, newPassword: 'of the other site' }],
    ] as const) {
      const { status, text } = await send(path, body);
      expect([path, status, text]).toEqual([path, 403, expect.stringContaining('FOREIGN_ORIGIN')]);
    }
    expect((await page.call('GET', '/api/keys')).text).not.toContain('stolen');
    expect((await page.call('GET', '/api/me')).status).toBe(200);
  });

  it('signs nobody in to an account that is not theirs (login CSRF)', async () => {
    const eve = { email: ada.email, password: ada.password };
    for (const [path, type] of [
      ['/api/auth/sign-in/email', 'application/json'],
      ['/sign-in', 'application/x-www-form-urlencoded'],
    ] as const) {
      const { status, cookies } = await send(path, eve, type);
      expect([path, status, cookies]).toEqual([path, 403, []]);
    }
  });
});

it('a form cannot stand in for JSON', async () => {
  const answer = await fetch(`${hub.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { origin: hub.url, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ email: ada.email, password: ada.password }),
  });
  expect([answer.status, answer.headers.getSetCookie()]).toEqual([415, []]);
});

it('the hub’s own page may, also where it names no referrer', async () => {
  for (const headers of [
    { origin: 'null', 'sec-fetch-site': 'same-origin' },
    { origin: hub.url, 'sec-fetch-site': 'same-origin' },
    // Opened as 127.0.0.1, which is not what HUB_PUBLIC_URL says.
    { origin: hub.url.replace('localhost', '127.0.0.1'), 'sec-fetch-site': 'same-origin' },
  ]) {
    const signing = await createPage(hub.url, headers).signIn(ada);
    expect(signing.status).toBe(200);
  }
});

it('a link to the proxy calls no provider, whoever follows it', async () => {
  for (const site of ['cross-site', 'none', '']) {
    const answer = await fetch(`${hub.url}/api/connections/any/proxy/auth.revoke`, {
      headers: { ...headersOf({ 'sec-fetch-site': site }), cookie: `${COOKIE}=${page.jar.get(COOKIE)}` },
    });
    expect([site, answer.status]).toEqual([site, 403]);
  }
  const own = await page.call('GET', '/api/connections/any/proxy/auth.test');
  expect([own.status, own.body.code]).toEqual([404, 'CONNECTION_NOT_FOUND']);
});

describe('session fixation', () => {
  it('a session that was there before is not the one that is signed in', async () => {
    const eve = await makePerson(hub, { role: 'builder' });
    const planted = (await signedIn(hub, eve)).jar.get(COOKIE) ?? '';
    const victim = createPage(hub.url);
    victim.jar.set(COOKIE, planted);
    expect((await victim.signIn(ada)).status).toBe(200);
    expect(victim.jar.get(COOKIE)).not.toBe(planted);
    expect((await victim.call('GET', '/api/me')).body.user.id).toBe(ada.id);
    const thief = createPage(hub.url);
    thief.jar.set(COOKIE, planted);
    expect((await thief.call('GET', '/api/me')).status).toBe(401);
  });

  it('a session ends where its browser signs in again, and only then', async () => {
    const browser = await signedIn(hub, ada);
    const before = browser.jar.get(COOKIE) ?? '';
    const old = createPage(hub.url);
    old.jar.set(COOKIE, before);
    expect((await browser.signIn({ ...ada, password: 'not the right one' })).status).toBe(401);
    expect((await old.call('GET', '/api/me')).status).toBe(200);
    expect((await browser.signIn(ada)).status).toBe(200);
    expect((await old.call('GET', '/api/me')).status).toBe(401);
    expect((await browser.call('GET', '/api/me')).body.user.id).toBe(ada.id);
  });

  it('a cookie that the hub did not make is none', async () => {
    const known = page.jar.get(COOKIE) ?? '';
    const [token = ''] = decodeURIComponent(known).split('.');
    for (const made of ['x', 'a.b', token, `${token}.`, `${token}.${'A'.repeat(43)}=`]) {
      const thief = createPage(hub.url);
      thief.jar.set(COOKIE, encodeURIComponent(made));
      expect((await thief.call('GET', '/api/me')).status).toBe(401);
    }
  });
});

describe('after signing in', () => {
  const open = async (next: string) => {
    const answer = await fetch(`${hub.url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: hub.url, 'sec-fetch-site': 'same-origin', accept: 'text/html' },
      body: new URLSearchParams({ email: ada.email, password: ada.password, next }),
    });
    return { status: answer.status, location: answer.headers.get('location') };
  };

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/%0d%0aset-cookie:a=b\r\nx: y',
    '',
  ])('no address leads to another site: %j', async (next) => {
    expect(await open(next)).toEqual({ status: 303, location: '/' });
  });

  it('the way goes on where it was interrupted', async () => {
    expect(await open('/oauth2/authorize/abc?x=1')).toEqual({
      status: 303,
      location: '/oauth2/authorize/abc?x=1',
    });
    const shown = await fetch(
      `${hub.url}/sign-in?next=${encodeURIComponent('/"><script>alert(1)</script>')}`,
    );
    expect(await shown.text()).not.toContain('<script>');
    expect(shown.headers.get('content-security-policy')).toContain("script-src 'self'");
  });
});
