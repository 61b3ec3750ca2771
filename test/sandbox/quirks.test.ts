/** What each provider does in its own way, as its documentation says. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../hub/sandbox/sandbox.ts';
import { mannerOf } from './manners.ts';
import { appOf, ask, connect, control, probe, proofOf, redeem, refresh, tokenRequest } from './walk.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, consent: 'allow', stateFile: null });
});
afterEach(async () => void (await control(sandbox, 'POST', 'reset')));
afterAll(() => sandbox.close());

const of = (id: string) => ({ app: appOf(sandbox, id), manner: mannerOf(id) });

it('lets Slack refuse with 200 and give the parts of an installation', async () => {
  const { app, manner } = of('slack');
  const refused = await tokenRequest(app, manner, { grant_type: 'refresh_token', refresh_token: 'made-up' });
  expect(refused).toMatchObject({ status: 200, body: { ok: false, error: 'invalid_refresh_token' } });
  const user = { ...manner, scopes: 'chat:write,incoming-webhook', authorize: { user_scope: 'search:read' } };
  const { body } = await connect(app, user);
  expect(body).toMatchObject({ ok: true, token_type: 'bot', expires_in: 43_200 });
  expect(body.scope.split(',')).toContain('chat:write');
  expect(body.authed_user).toMatchObject({ scope: 'search:read' });
  expect(body.authed_user.refresh_token).not.toBe(body.refresh_token);
  expect(body.incoming_webhook.url).toMatch(/^https?:\/\//);
});

it('gives a Salesforce token no lifetime but an instance to go to', async () => {
  const { app, manner } = of('salesforce');
  expect(app.endpoints.apiBaseUrl).toBeUndefined();
  const { body } = await connect(app, manner);
  expect(body).not.toHaveProperty('expires_in');
  expect(new URL(body.instance_url).origin).toBe(sandbox.url);
  expect(body.issued_at).toMatch(/^\d{13}$/);
  expect(new URL(body.id).pathname).toMatch(/\/id\/\w{15,18}\/\w{15,18}$/);
});

it.each(['gmail', 'google-drive', 'google-ads'])(
  'gives %s a refresh token for offline access only',
  async (id) => {
    const { app, manner } = of(id);
    expect((await connect(app, { ...manner, authorize: {} })).body).not.toHaveProperty('refresh_token');
    const first = await connect(app, manner);
    expect(first.body.refresh_token).toEqual(expect.any(String));
    const again = await connect(app, { ...manner, authorize: { access_type: 'offline' } });
    expect(again.body).not.toHaveProperty('refresh_token');
    expect((await refresh(app, manner, first.body.refresh_token)).body).not.toHaveProperty('refresh_token');
  },
);

it('wants the user type of GoHighLevel and its Version header', async () => {
  const { app, manner } = of('gohighlevel');
  const { body } = await connect(app, manner);
  expect(body).toMatchObject({ userType: 'Location', expires_in: 86_399 });
  for (const name of ['locationId', 'companyId', 'userId']) expect(body[name]).toEqual(expect.any(String));
  const bare = await refresh(app, { ...manner, token: {} }, body.refresh_token);
  expect(bare.status).toBeGreaterThanOrEqual(400);
  const noVersion = { ...manner, probe: { ...manner.probe, headers: {} } };
  expect((await probe(app, noVersion, body)).status).toBeGreaterThanOrEqual(400);
});

it('words HubSpot’s refusals in its own shape', async () => {
  const { app, manner } = of('hubspot');
  expect((await connect(app, manner)).body.expires_in).toBe(1800);
  const refused = await refresh(app, manner, 'made-up');
  expect(refused).toMatchObject({ status: 400, body: { status: 'BAD_REFRESH_TOKEN' } });
});

it('names an AADSTS number, and gives another refresh token while the old one stays good', async () => {
  const { app, manner } = of('outlook');
  const { body } = await connect(app, manner);
  expect(body.scope.split(' ')).not.toContain('offline_access');
  const refused = await refresh(app, manner, 'made-up');
  expect(refused.status).toBe(400);
  expect(refused.body.error_description).toMatch(/^AADSTS\d+/);
  const second = await refresh(app, manner, body.refresh_token);
  expect(second.body.refresh_token).not.toBe(body.refresh_token);
  expect((await refresh(app, manner, body.refresh_token)).status).toBe(200);
});

it('refuses a refresh at Outlook that names no scopes', async () => {
  const { app, manner } = of('outlook');
  const { body } = await connect(app, manner);
  const bare = await refresh(app, { ...manner, refresh: {} }, body.refresh_token);
  expect(bare.status).toBe(400);
  expect(bare.body.error_description).toMatch(/^AADSTS\d+/);
  expect((await refresh(app, manner, body.refresh_token)).status).toBe(200);
});

it('gives Meta’s short token, a long one for it, and takes no call without the proof', async () => {
  const { app, manner } = of('meta-ads');
  const short = (await connect(app, manner)).body;
  expect(short.expires_in).toBeLessThanOrEqual(7200);
  const long = (await refresh(app, manner, short.access_token)).body;
  expect(long.expires_in).toBeGreaterThan(50 * 86_400);
  const me = `${app.endpoints.apiBaseUrl}/me?fields=id,name`;
  const headers = { authorization: `Bearer ${long.access_token}` };
  expect((await ask(me, { headers })).status).toBe(400);
  expect((await ask(`${me}&appsecret_proof=${proofOf(app, 'another')}`, { headers })).status).toBe(400);
  await control(sandbox, 'POST', 'meta-ads/expire');
  const late = await refresh(app, manner, long.access_token);
  expect(late).toMatchObject({ status: 400, body: { error: { code: 190, error_subcode: 463 } } });
});

it('refuses a Dropbox call that comes as a form, and gives no refresh token without offline access', async () => {
  const { app, manner } = of('dropbox');
  expect((await connect(app, { ...manner, authorize: {} })).body).not.toHaveProperty('refresh_token');
  const { body } = await connect(app, manner);
  expect(body).toMatchObject({ refresh_token: expect.any(String), expires_in: 14_400 });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await probe(app, { ...manner, probe: { ...manner.probe, headers } }, body)).status).toBe(400);
});

it('wants Discord’s User-Agent, and the bot’s token as Bot', async () => {
  const { app, manner } = of('discord');
  const { body } = await connect(app, manner);
  const plain = { ...manner, probe: { ...manner.probe, headers: { 'user-agent': 'curl/8' } } };
  expect((await probe(app, plain, body)).status).toBe(403);
  const me = `${app.endpoints.apiBaseUrl}/users/@me`;
  const as = (scheme: string) =>
    ask(me, {
      headers: { ...manner.probe.headers, authorization: `${scheme} ${sandbox.staticKeys()['discord']}` },
    });
  expect((await as('Bot')).status).toBe(200);
  expect((await as('Bearer')).status).toBe(401);
});

it('takes a Google Ads call with a developer token and without, and a manager’s id in digits only', async () => {
  const { app, manner } = of('google-ads');
  const { body } = await connect(app, manner);
  expect((await probe(app, manner, body)).status).toBe(200);
  expect((await probe({ ...app, settings: {} }, manner, body)).status).toBe(200);
  const dashed = { ...manner, probe: { ...manner.probe, headers: { 'login-customer-id': '123-456-7890' } } };
  expect((await probe(app, dashed, body)).status).toBe(400);
});

it('gives the five with keys a key that works, and takes no other', async () => {
  const keys = sandbox.staticKeys();
  expect(Object.keys(keys).sort()).toEqual(['discord', 'gohighlevel', 'hubspot', 'meta-ads', 'slack']);
  expect(keys['hubspot']).toMatch(/^pat-/);
  expect(keys['gohighlevel']).toMatch(/^pit-/);
  expect(keys['slack']).toMatch(/^xoxb-/);
  const { app, manner } = of('hubspot');
  expect((await probe(app, manner, {}, keys['hubspot'])).status).toBe(200);
  expect((await probe(app, manner, {}, `${keys['hubspot']}x`)).status).toBe(401);
});

it('redeems a code once, for the redirect URI and the verifier it was asked with', async () => {
  const { app, manner } = of('discord');
  const start = async (more: Record<string, string>) => {
    const url = new URL(app.endpoints.authorizeUrl);
    const asked = { client_id: app.clientId, redirect_uri: 'http://localhost:4999/callback', state: 's' };
    url.search = new URLSearchParams({
      ...asked,
      response_type: 'code',
      scope: 'identify',
      ...more,
    }).toString();
    const location = new URL((await ask(url.href)).headers.get('location') ?? 'none:');
    expect(location.searchParams.get('state')).toBe('s');
    return location.searchParams.get('code') ?? '';
  };
  const pkce = { code_challenge: 'A'.repeat(43), code_challenge_method: 'S256' };
  expect((await redeem(app, manner, await start(pkce))).body.error).toBe('invalid_grant');
  const elsewhere = { redirect_uri: 'http://localhost:4999/other' };
  expect((await redeem(app, manner, await start({}), elsewhere)).body.error).toBe('invalid_grant');
  const code = await start({});
  const answers = await Promise.all([redeem(app, manner, code), redeem(app, manner, code)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
});
