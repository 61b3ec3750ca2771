/** Signing in, and what a session is good for. */
import { createHash, scryptSync } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../../hub/api/start-api.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { createLogger } from '../../hub/log.ts';
import { createPage, makePerson, signedIn, type Person } from '../setup/accounts.ts';
import { configOf, startHub, type TestHub } from '../setup/hub.ts';

const COOKIE = 'hub_session';
let hub: TestHub;
let ada: Person;
beforeAll(async () => {
  hub = await startHub();
  ada = await makePerson(hub, { role: 'builder' });
});
afterAll(() => hub.close());

const sessionsOf = async (userId: string) => {
  const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
  return sql`select * from browser_sessions where user_id = ${userId}`.finally(() => sql.end());
};
const raw = (cookie: string) => decodeURIComponent(cookie).split('.')[0] ?? '';

describe('a session', () => {
  it('says who it is, beside the API key', async () => {
    const page = await signedIn(hub, ada);
    expect((await page.call('GET', '/api/me')).body).toEqual({
      user: { id: ada.id, name: 'Ada Lovelace', email: ada.email, role: 'builder' },
      via: 'session',
    });
    expect((await hub.admin.call('GET', '/api/me')).body).toEqual({
      user: { id: 'admin', name: 'admin', email: null, role: 'admin' },
      via: 'api_key',
    });
    expect((await createPage(hub.url).call('GET', '/api/me')).body.code).toBe('UNAUTHENTICATED');
  });

  it('is a cookie that no script reads and no other site sends', async () => {
    const page = await signedIn(hub, ada);
    const cookie = page.setCookies.find((one) => one.startsWith(`${COOKIE}=`)) ?? '';
    expect(cookie).toMatch(/; Path=\//i);
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(cookie).not.toMatch(/domain=/i);
  });

  it('is kept as a hash: neither the database nor any answer holds what the cookie carries', async () => {
    const page = createPage(hub.url);
    const answer = await page.signIn(ada);
    const token = raw(page.jar.get(COOKIE) ?? '');
    expect(token.length).toBeGreaterThanOrEqual(32);
    expect(answer.text).not.toContain(token);
    expect((await page.call('GET', '/api/auth/get-session')).text).not.toContain(token);
    const rows = await sessionsOf(ada.id);
    expect(JSON.stringify(rows)).not.toContain(token);
    const hash = createHash('sha256').update(token).digest('hex');
    expect(rows.filter((row) => row['token_hash'] === hash)).toHaveLength(1);
  });

  it('is not opened by what the database holds', async () => {
    const page = await signedIn(hub, ada);
    const [signed = ''] = [page.jar.get(COOKIE)];
    const [, signature] = decodeURIComponent(signed).split('.');
    for (const row of await sessionsOf(ada.id)) {
      const thief = createPage(hub.url);
      thief.jar.set(COOKIE, encodeURIComponent(`${row['token_hash']}.${signature}`));
      expect((await thief.call('GET', '/api/me')).status).toBe(401);
    }
  });

  it('ends when it is signed out, and then its cookie is worth nothing', async () => {
    const page = await signedIn(hub, ada);
    const cookie = page.jar.get(COOKIE) ?? '';
    expect((await page.call('POST', '/api/auth/sign-out')).status).toBe(200);
    expect(page.jar.has(COOKIE)).toBe(false);
    page.jar.set(COOKIE, cookie);
    expect((await page.call('GET', '/api/me')).status).toBe(401);
  });

  it('ends with the time it was given', async () => {
    const page = await signedIn(hub, ada);
    const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
    await sql`update browser_sessions set expires_at = now() - interval '1 second' where user_id = ${ada.id}`;
    await sql.end();
    expect((await page.call('GET', '/api/me')).status).toBe(401);
    await signedIn(hub, ada);
    expect((await sessionsOf(ada.id)).length).toBe(1);
  });

  it('does what its role may, no more: every right is looked up anew', async () => {
    await makePerson(hub, { role: 'admin' });
    const person = await makePerson(hub, { role: 'builder' });
    const page = await signedIn(hub, person);
    expect((await page.call('GET', '/api/keys')).body.code).toBe('FORBIDDEN');
    expect((await page.call('GET', '/api/connections')).status).toBe(200);
    await hub.admin.call('PATCH', `/api/users/${person.id}`, { role: 'admin' });
    expect((await page.call('GET', '/api/keys')).status).toBe(200);
    await hub.admin.call('PATCH', `/api/users/${person.id}`, { role: 'operator' });
    expect((await page.call('GET', '/api/keys')).body.code).toBe('FORBIDDEN');
    await hub.admin.call('DELETE', `/api/users/${person.id}`);
    expect((await page.call('GET', '/api/connections')).status).toBe(401);
    expect((await page.signIn(person)).body.code).toBe('SIGN_IN_REFUSED');
  });

  it('counts where an Authorization header is a proxy’s, not the hub’s', async () => {
    const page = await signedIn(hub, ada);
    const answer = await page.call('GET', '/api/me', undefined, { authorization: 'Basic YTpi' });
    expect(answer.body.via).toBe('session');
    const wrong = await page.call('GET', '/api/me', undefined, { authorization: 'Bearer wrong' });
    expect(wrong.status).toBe(401);
  });
});

describe('where the hub is reached by https', () => {
  let afterwards = () => Promise.resolve();
  afterAll(() => afterwards());

  it('every cookie is Secure and bound to the host by its name', async () => {
    const port = String(await freePort());
    const env = { ...hub.env, HUB_PORT: port, HUB_PUBLIC_URL: 'https://hub.example.com' };
    const api = await startApi(configOf(env), createLogger('silent'));
    afterwards = api.close;
    const page = createPage(`http://127.0.0.1:${port}`);
    expect((await page.signIn(ada)).status).toBe(200);
    expect(page.setCookies.length).toBeGreaterThan(0);
    for (const cookie of page.setCookies) {
      expect(cookie).toMatch(/^__Host-/);
      expect(cookie).toMatch(/; Secure/i);
    }
    expect((await page.call('GET', '/api/me')).body.via).toBe('session');
    await page.call('POST', '/api/auth/sign-out');
    expect(page.jar.size).toBe(0);
    // A year (RFC 6797), on every answer; by http there is nothing to promise.
    for (const path of ['/', '/api/me', '/oauth/authorize/none']) {
      const { headers } = await page.call('GET', path);
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=31536000/);
      expect((await createPage(hub.url).call('GET', path)).headers.has('strict-transport-security')).toBe(
        false,
      );
    }
  });
});

it('a password is kept as scrypt of its own salt, that takes 32 MiB', async () => {
  const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
  const keptOf = async ({ id }: Person): Promise<string> =>
    (await sql`select password_hash as password from accounts where user_id = ${id}`)[0]?.[
      'password'
    ] as string;
  const kept = await keptOf(ada);
  const [salt = '', key = ''] = kept.split(':');
  expect(salt).toMatch(/^[0-9a-f]{32}$/);
  // 128 · N · r bytes. OWASP's password storage cheat sheet asks for no more than N = 2^14, r = 8, p = 5 does.
  const made = scryptSync(ada.password, salt, 64, { N: 16_384, r: 16, p: 1, maxmem: 2 ** 26 });
  expect(key).toBe(made.toString('hex'));
  expect((await keptOf(await makePerson(hub, { role: 'builder' }))).split(':')[0]).not.toBe(salt);
  await sql.end();
});

describe('a wrong password', () => {
  it('is refused as an address nobody has is', async () => {
    const page = createPage(hub.url);
    const wrong = await page.signIn({ email: ada.email, password: 'not the password' });
    const nobody = await page.signIn({ email: 'nobody@example.com', password: 'not the password' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'SIGN_IN_REFUSED']);
    expect({ ...nobody.body, instance: '' }).toEqual({ ...wrong.body, instance: '' });
    expect(page.jar.size).toBe(0);
  });

  it('is tried ten times, not a thousand, however many come at once; then even the right one waits', async () => {
    const person = await makePerson(hub, { role: 'builder' });
    const guess = () => createPage(hub.url).signIn({ email: person.email, password: 'a guess' });
    const answers = await Promise.all(Array.from({ length: 30 }, guess));
    const count = (code: string) => answers.filter(({ body }) => body.code === code).length;
    expect([count('SIGN_IN_REFUSED'), count('RATE_LIMITED')]).toEqual([10, 20]);
    const right = await createPage(hub.url).signIn(person);
    expect([right.status, right.body.code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is forgotten once the right one came', async () => {
    const person = await makePerson(hub, { role: 'builder' });
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 8; i++)
        await createPage(hub.url).signIn({ email: person.email.toUpperCase(), password: 'a guess' });
      expect((await createPage(hub.url).signIn(person)).status).toBe(200);
    }
  });
});

describe('a new password', () => {
  it('takes the old one, and signs every other browser out', async () => {
    const person = await makePerson(hub, { role: 'builder' });
    const [here, elsewhere] = [await signedIn(hub, person), await signedIn(hub, person)];
    const change = (currentPassword: string, newPassword: string) =>
      here.call('POST', '/api/auth/change-password', { currentPassword, newPassword });
    expect((await change('not the password', 'another long password')).status).toBe(400);
    expect((await change(person.password, 'short')).body.code).toBe('VALIDATION_FAILED');
    expect((await change(person.password, 'another long password')).status).toBe(200);
    expect((await here.call('GET', '/api/me')).status).toBe(200);
    expect((await elsewhere.call('GET', '/api/me')).status).toBe(401);
    expect((await createPage(hub.url).signIn(person)).status).toBe(401);
    expect((await createPage(hub.url).signIn({ ...person, password: 'another long password' })).status).toBe(
      200,
    );
  });
});

describe('what of better-auth is not offered', () => {
  it.each([
    ['POST', '/api/auth/sign-up/username'],
    ['GET', '/api/auth/list-sessions'],
    ['POST', '/api/auth/revoke-session'],
    ['POST', '/api/auth/update-user'],
    ['POST', '/api/auth/delete-user'],
    ['POST', '/api/auth/link-social'],
    ['POST', '/api/auth/request-password-reset'],
    ['GET', '/api/auth/error'],
    ['GET', '/api/auth/ok'],
  ])('%s %s is nothing', async (method, path) => {
    const page = await signedIn(hub, ada);
    expect((await page.call(method, path, method === 'GET' ? undefined : { role: 'admin' })).status).toBe(
      404,
    );
  });
});
