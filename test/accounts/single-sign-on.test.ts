/** Single sign-on against an OpenID provider that nobody here wrote: who is let in, and who is not. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { discover } from '../../hub/accounts/oidc.ts';
import { startApi } from '../../hub/api/start-api.ts';
import type { Egress } from '../../hub/egress/egress.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createLogger } from '../../hub/log.ts';
import { makePerson } from '../setup/accounts.ts';
import { createBrowser, createClient, type Json } from '../setup/client.ts';
import { configOf, testEnv, type TestHub } from '../setup/hub.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';

let hub: TestHub;
let idp: OidcServer;
let person = { email: '', email_verified: true, name: 'Ada at work' };

beforeAll(async () => {
  const port = String(await freePort());
  const url = `http://localhost:${port}`;
  idp = await startOidcServer({
    redirectUri: `${url}/api/auth/callback/oidc`,
    person: () => person,
  });
  const { env, drop } = await testEnv({
    HUB_PORT: port,
    HUB_OIDC_ISSUER: idp.url,
    HUB_OIDC_CLIENT_ID: idp.clientId,
    HUB_OIDC_CLIENT_SECRET: idp.clientSecret,
    HUB_OIDC_NAME: 'Example Ltd',
  });
  const config = configOf(env);
  await ensureAdminKey(config, env['HUB_ADMIN_KEY'] ?? '');
  const api = await startApi(config, createLogger('silent'));
  const close = async () => {
    await api.close();
    await drop();
  };
  hub = { env, config, url, admin: createClient(url, env['HUB_ADMIN_KEY'] ?? ''), close };
});
afterAll(async () => {
  await hub.close();
  await idp.close();
});
beforeEach(async () => void (await query('delete from users')));

const query = async (statement: string): Promise<Json[]> => {
  const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
  return sql.unsafe(statement).finally(() => sql.end());
};
/** Presses the button on the sign-in page, and comes back from the provider. */
async function signOn(next = '/api/me') {
  const browser = createBrowser();
  const form = new URLSearchParams({ next });
  return { browser, page: await browser.open(`${hub.url}/sign-in/oidc`, { form }) };
}
const me = ({ text }: { text: string }): Json => JSON.parse(text);

describe('single sign-on', () => {
  it('is offered on the sign-in page by its name', async () => {
    const page = await createBrowser().open(`${hub.url}/sign-in`);
    expect(page.text).toContain('Sign in with Example Ltd');
    const methods = await fetch(`${hub.url}/api/auth/methods`);
    expect(await methods.json()).toEqual({ password: true, oidc: { name: 'Example Ltd' } });
  });

  it('lets in whom an admin invited, with the role of the invitation, and knows them again', async () => {
    person = { email: 'Ada@Example.com', email_verified: true, name: 'Ada at work' };
    await hub.admin.call('POST', '/api/invitations', { role: 'operator', email: 'ada@example.com' });
    const first = await signOn();
    expect(me(first.page)).toMatchObject({
      user: { name: 'Ada at work', email: 'ada@example.com', role: 'operator' },
      via: 'session',
    });
    const again = await signOn();
    expect(me(again.page).user.id).toBe(me(first.page).user.id);
    expect((await hub.admin.call('GET', '/api/invitations')).body.data).toEqual([]);
    const [account] = await query('select * from accounts');
    expect(account).toMatchObject({ provider_id: 'oidc', account_id: 'ada' });
    expect([account.access_token, account.refresh_token, account.id_token]).toEqual([null, null, null]);
  });

  it('lets nobody in whom nobody invited, and says what to do', async () => {
    person = { email: 'stranger@example.com', email_verified: true, name: 'Stranger' };
    const { browser, page } = await signOn();
    expect(page.text).toContain('Ask an admin of this hub for an invitation');
    expect((await browser.open(`${hub.url}/api/me`)).status).toBe(401);
    expect(await query('select id from users')).toEqual([]);
  });

  it('takes an invitation by no address that the provider has not verified', async () => {
    person = { email: 'boss@example.com', email_verified: false, name: 'Eve' };
    await hub.admin.call('POST', '/api/invitations', { role: 'admin', email: 'boss@example.com' });
    const { browser } = await signOn();
    expect((await browser.open(`${hub.url}/api/me`)).status).toBe(401);
    expect(await query('select id from users')).toEqual([]);
  });

  it('joins the account of an invited address, and not one whose address nobody vouched for', async () => {
    person = { email: 'carl@example.com', email_verified: true, name: 'Carl' };
    const invited = await makePerson(hub, { role: 'builder', email: 'carl@example.com' });
    expect(me((await signOn()).page).user.id).toBe(invited.id);

    const { body } = await hub.admin.call('POST', '/api/invitations', { role: 'builder' });
    person = { email: 'dora@example.com', email_verified: true, name: 'Dora' };
    // Eve has an open invitation, and says that Dora's address is hers.
    await fetch(`${hub.url}/api/welcome`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token: body.url.split('#token=')[1],
        name: 'Eve',
        email: 'dora@example.com',
        password: 'a password of many letters',
      }),
    });
    await query(`delete from accounts where provider_id = 'oidc'`);
    const { browser, page } = await signOn();
    expect(page.text).toContain('Sign in with its password');
    expect((await browser.open(`${hub.url}/api/me`)).status).toBe(401);
  });

  it('ends the session that the browser had before', async () => {
    person = { email: 'hal@example.com', email_verified: true, name: 'Hal' };
    await hub.admin.call('POST', '/api/invitations', { role: 'builder', email: 'hal@example.com' });
    const { browser } = await signOn();
    const [first] = await query('select id from browser_sessions');
    const again = await browser.open(`${hub.url}/sign-in/oidc`, {
      form: new URLSearchParams({ next: '/api/me' }),
    });
    expect(me(again).user.email).toBe('hal@example.com');
    const now = await query('select id from browser_sessions');
    expect(now).toHaveLength(1);
    expect(now[0]?.id).not.toBe(first?.id);
  });

  it('is sent by no https issuer to http', async () => {
    const issuer = 'https://id.example.com';
    const body = {
      issuer,
      authorization_endpoint: 'http://id.example.com/authorize',
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/me`,
    };
    const egress: Pick<Egress, 'send'> = {
      send: () => Promise.resolve({ kind: 'answered', answer: { status: 200, headers: {}, body }, ms: 1 }),
    };
    const config = { issuer, name: 'Example', clientId: 'hub', clientSecret: 'secret', newUsers: null };
    await expect(discover(egress, config)).rejects.toMatchObject({
      code: 'SIGN_ON_UNAVAILABLE',
      detail: 'its authorization_endpoint is not https',
    });
    body.authorization_endpoint = `${issuer}/authorize`;
    expect(await discover(egress, config)).toMatchObject({ authorization: `${issuer}/authorize` });
  });

  it('believes no discovery document that names another issuer (OpenID Connect Discovery 1.0 §4.3)', async () => {
    const endpoints = ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint'];
    const document = Object.fromEntries(endpoints.map((name) => [name, `${idp.url}/${name}`]));
    const liar = createServer((_request, response) =>
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ ...document, issuer: idp.url })),
    );
    await new Promise<void>((resolve) => liar.listen(0, 'localhost', resolve));
    const issuer = `http://localhost:${(liar.address() as AddressInfo).port}`;
    const port = String(await freePort());
    const api = await startApi(
      configOf({ ...hub.env, HUB_PORT: port, HUB_OIDC_ISSUER: issuer }),
      createLogger('silent'),
    );
    const asked = await fetch(`http://localhost:${port}/api/auth/sign-in/social`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ provider: 'oidc', callbackURL: '/' }),
    });
    expect(await asked.json()).toMatchObject({
      ...{ status: 503, code: 'SIGN_ON_UNAVAILABLE' },
      detail: 'its discovery document names another issuer than HUB_OIDC_ISSUER',
    });
    await api.close();
    liar.close();
  });

  it('goes on to a path of this hub only', async () => {
    person = { email: 'finn@example.com', email_verified: true, name: 'Finn' };
    await hub.admin.call('POST', '/api/invitations', { role: 'builder', email: 'finn@example.com' });
    for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example'])
      expect(new URL((await signOn(next)).page.url).origin).toBe(hub.url);
    const asked = await fetch(`${hub.url}/api/auth/sign-in/social`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', origin: hub.url },
      body: JSON.stringify({ provider: 'oidc', callbackURL: 'https://evil.example/' }),
    });
    expect(asked.status).toBe(403);
  });

  it('is begun by the hub’s own page, and its answer is good in that browser only', async () => {
    person = { email: 'gus@example.com', email_verified: true, name: 'Gus' };
    await hub.admin.call('POST', '/api/invitations', { role: 'builder', email: 'gus@example.com' });
    const forged = await fetch(`${hub.url}/sign-in/oidc`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ next: '/' }),
    });
    expect(forged.status).toBe(403);
    const browser = createBrowser();
    const callback = `${hub.url}/api/auth/callback/oidc`;
    const form = new URLSearchParams({ next: '/api/me' });
    const { url } = await browser.open(`${hub.url}/sign-in/oidc`, { form, stopAt: callback });
    const victim = createBrowser();
    await victim.open(url);
    expect((await victim.open(`${hub.url}/api/me`)).status).toBe(401);
  });
});
