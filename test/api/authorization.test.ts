/** Invariant 7: an authorization is taken once, by the browser that began it; everything else ends well and says why. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';

let hub: TestHub;
let oidc: OidcServer;

beforeAll(async () => {
  hub = await startHub({ HUB_AUTHORIZATION_TTL: '8s', HUB_RETURN_ORIGINS: 'https://app.example.com' });
  oidc = await startOidcServer({ redirectUri: `${hub.url}/oauth/callback` });
  await hub.admin.call('PUT', '/api/integrations/gmail/app', {
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    scopes: ['openid', 'offline_access'],
    endpoints: oidc.endpoints,
  });
});
afterAll(async () => {
  await hub.close();
  await oidc.close();
});

type Browser = ReturnType<typeof createBrowser>;

async function begin(returnUrl?: string) {
  const { body } = await hub.admin.call('POST', '/api/connections', {
    integrationId: 'gmail',
    ...(returnUrl === undefined ? {} : { returnUrl }),
  });
  return { id: body.connection.id as string, link: body.authorization.url as string };
}

/** The browser is sent to the provider and stays there. */
async function stateAtProvider(browser: Browser, link: string): Promise<string> {
  const { url } = await browser.open(link, { stopAt: oidc.endpoints.authorizeUrl });
  return new URL(url).searchParams.get('state') ?? '';
}

/** The provider's way back, not yet gone. */
async function wayBack(browser: Browser, link: string): Promise<string> {
  return (await browser.open(link, { stopAt: `${hub.url}/oauth/callback` })).url;
}

const connectionOf = async (id: string) => (await hub.admin.call('GET', `/api/connections/${id}`)).body;
const reasonOf = async (id: string) => (await connectionOf(id)).statusReason?.code;

describe('a callback', () => {
  it('that brings a denial says so', async () => {
    const { id, link } = await begin();
    const browser = createBrowser();
    const state = await stateAtProvider(browser, link);
    const page = await browser.open(`${hub.url}/oauth/callback?error=access_denied&state=${state}`);
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining('press Allow') });
    expect(await connectionOf(id)).toMatchObject({
      status: 'disconnected',
      statusReason: { code: 'AUTHORIZATION_DENIED' },
    });
  });

  it('that brings hostile words shows none of them', async () => {
    const { id, link } = await begin();
    const browser = createBrowser();
    const state = await stateAtProvider(browser, link);
    const hostile = encodeURIComponent('<script>alert(1)</script>');
    const page = await browser.open(
      `${hub.url}/oauth/callback?error=${hostile}&error_description=${hostile}&state=${state}`,
    );
    expect(page.text).not.toContain('<script');
    expect(await reasonOf(id)).toBe('AUTHORIZATION_FAILED');
  });

  it('is taken once: a replay changes nothing', async () => {
    const { id, link } = await begin();
    const browser = createBrowser();
    const back = await wayBack(browser, link);
    expect((await browser.open(back)).status).toBe(200);
    const before = await connectionOf(id);
    expect((await browser.open(back)).status).toBe(409);
    expect(await connectionOf(id)).toEqual(before);
  });

  it('taken twice at the same moment is taken once', async () => {
    const { id, link } = await begin();
    const browser = createBrowser();
    const back = await wayBack(browser, link);
    const pages = await Promise.all([browser.open(back), browser.open(back)]);
    expect(pages.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    expect(await connectionOf(id)).toMatchObject({ status: 'connected', credentials: { version: 1 } });
  });

  it('from a foreign browser is refused, and the rightful one may still finish', async () => {
    const { id, link } = await begin();
    const browser = createBrowser();
    const back = await wayBack(browser, link);
    expect((await createBrowser().open(back)).status).toBe(403);
    expect(await reasonOf(id)).toBe('AWAITING_AUTHORIZATION');
    expect((await browser.open(back)).status).toBe(200);
    expect((await connectionOf(id)).status).toBe('connected');
  });

  it.each(['', '?code=x', '?code=x&state=', '?code=x&state=unknown', '?code=x&state=a&state=b'])(
    'without a state of ours is refused: %s',
    async (query) => {
      expect((await createBrowser().open(`${hub.url}/oauth/callback${query}`)).status).toBe(400);
    },
  );

  it('of another issuer is not used: the code is sent nowhere', async () => {
    const { id, link } = await begin();
    const browser = createBrowser();
    const back = new URL(await wayBack(browser, link));
    back.searchParams.set('iss', 'https://evil.example');
    const { size } = oidc.secrets;
    await browser.open(back.href);
    expect(await connectionOf(id)).toMatchObject({
      statusReason: {
        code: 'AUTHORIZATION_FAILED',
        message: expect.stringContaining('another authorization server'),
      },
    });
    expect(oidc.secrets.size).toBe(size);
  });

  it('with a code the provider does not know fails and says so', async () => {
    const { id, link } = await begin();
    const browser = createBrowser();
    const state = await stateAtProvider(browser, link);
    await browser.open(`${hub.url}/oauth/callback?code=made-up&state=${state}`);
    expect(await reasonOf(id)).toBe('AUTHORIZATION_FAILED');
  });
});

describe('a link', () => {
  it('belongs to the browser that opened it first', async () => {
    const { link } = await begin();
    await stateAtProvider(createBrowser(), link);
    expect((await createBrowser().open(link)).status).toBe(403);
  });

  it('opened again by the same browser begins anew: the earlier state is worth nothing', async () => {
    const { id, link } = await begin();
    const browser = createBrowser();
    const early = await wayBack(browser, link);
    const late = await wayBack(browser, link);
    expect((await browser.open(early)).status).toBe(400);
    expect((await browser.open(late)).status).toBe(200);
    expect((await connectionOf(id)).status).toBe('connected');
  });

  it('runs out, and the connection says so', async () => {
    const { id, link } = await begin();
    await expect.poll(() => reasonOf(id)).toBe('AUTHORIZATION_EXPIRED');
    expect((await createBrowser().open(link)).status).toBe(410);
  });

  it('ends where a newer one is begun', async () => {
    const { id, link } = await begin();
    const again = await hub.admin.call('POST', `/api/connections/${id}/reconnect`);
    expect((await createBrowser().open(link)).status).toBe(410);
    expect((await createBrowser().open(again.body.authorization.url)).status).toBe(200);
    expect((await connectionOf(id)).status).toBe('connected');
  });

  it('ends where the connection is disconnected meanwhile', async () => {
    const { id, link } = await begin();
    const browser = createBrowser();
    const back = await wayBack(browser, link);
    await hub.admin.call('DELETE', `/api/connections/${id}`);
    expect((await browser.open(back)).status).toBe(409);
    expect(await reasonOf(id)).toBe('DISCONNECTED_BY_USER');
  });

  it('that nobody made is not known', async () => {
    expect((await createBrowser().open(`${hub.url}/oauth/authorize/made-up`)).status).toBe(404);
  });
});

describe('a reconnect', () => {
  it('that is denied leaves a working connection as it is', async () => {
    const { id, link } = await begin();
    await createBrowser().open(link);
    const before = await connectionOf(id);
    const again = await hub.admin.call('POST', `/api/connections/${id}/reconnect`);
    const browser = createBrowser();
    const state = await stateAtProvider(browser, again.body.authorization.url);
    await browser.open(`${hub.url}/oauth/callback?error=access_denied&state=${state}`);
    expect(await connectionOf(id)).toEqual(before);
    expect((await hub.admin.call('POST', `/api/connections/${id}/test`)).body.ok).toBe(true);
  });

  it('during a refresh ends with the new consent', async () => {
    const { id, link } = await begin();
    await createBrowser().open(link);
    const again = await hub.admin.call('POST', `/api/connections/${id}/reconnect`);
    const browser = createBrowser();
    const back = await wayBack(browser, again.body.authorization.url);
    oidc.answers.mode = 'hold';
    const refresh = hub.admin.call('POST', `/api/connections/${id}/refresh`);
    await expect.poll(() => oidc.answers.held).toBe(1);
    oidc.answers.mode = 'normal';
    expect((await browser.open(back)).status).toBe(200);
    oidc.answers.release();
    expect((await refresh).status).toBe(200);
    expect(await connectionOf(id)).toMatchObject({ status: 'connected', credentials: { version: 2 } });
    expect((await hub.admin.call('POST', `/api/connections/${id}/test`)).body.ok).toBe(true);
  });
});

describe('a disconnect', () => {
  it('during a refresh wins, and the tokens answered too late are revoked', async () => {
    const { id, link } = await begin();
    await createBrowser().open(link);
    Object.assign(oidc.answers, { mode: 'hold', held: 0, release: () => {} });
    const refresh = hub.admin.call('POST', `/api/connections/${id}/refresh`);
    await expect.poll(() => oidc.answers.held).toBe(1);
    oidc.answers.mode = 'normal';
    const { revocations } = oidc.counts;
    expect((await hub.admin.call('DELETE', `/api/connections/${id}`)).status).toBe(204);
    oidc.answers.release();
    expect((await refresh).body.code).toBe('CONNECTION_DISCONNECTED');
    expect(await connectionOf(id)).toMatchObject({ status: 'disconnected', credentials: null });
    await expect.poll(() => oidc.counts.revocations).toBe(revocations + 2);
  });
});

describe('a disconnect during the exchange of a code', () => {
  it('wins, and the tokens answered too late are revoked', async () => {
    const { id, link } = await begin();
    const browser = createBrowser();
    const back = await wayBack(browser, link);
    Object.assign(oidc.answers, { mode: 'hold', held: 0, release: () => {} });
    const page = browser.open(back);
    await expect.poll(() => oidc.answers.held).toBe(1);
    oidc.answers.mode = 'normal';
    const { revocations } = oidc.counts;
    await hub.admin.call('DELETE', `/api/connections/${id}`);
    oidc.answers.release();
    expect((await page).status).toBe(400);
    expect(await connectionOf(id)).toMatchObject({ status: 'disconnected', credentials: null });
    await expect.poll(() => oidc.counts.revocations).toBe(revocations + 1);
  });
});

describe('a return address', () => {
  it('gets the connection and its status', async () => {
    const { id, link } = await begin(`${hub.url}/done?keep=1`);
    const page = await createBrowser().open(link, { stopAt: `${hub.url}/done` });
    expect(Object.fromEntries(new URL(page.url).searchParams)).toEqual({
      keep: '1',
      connectionId: id,
      status: 'connected',
    });
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    'javascript:alert(1)',
    'https://app.example.com.evil.example/',
    'https://user@app.example.com/',
    'data:text/html,x',
  ])('elsewhere is refused: %s', async (returnUrl) => {
    const reply = await hub.admin.call('POST', '/api/connections', { integrationId: 'gmail', returnUrl });
    expect(reply).toMatchObject({ status: 422, body: { code: 'RETURN_URL_NOT_ALLOWED' } });
  });

  it("on the operator's list is taken", async () => {
    expect(
      (
        await hub.admin.call('POST', '/api/connections', {
          integrationId: 'gmail',
          returnUrl: 'https://app.example.com/x',
        })
      ).status,
    ).toBe(201);
  });
});
