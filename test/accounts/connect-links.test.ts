/** Links by which somebody without an account connects theirs. */
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPage, makePerson, signedIn, tokenIn, type Page } from '../setup/accounts.ts';
import { createBrowser, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

let hub: TestHub;
let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  hub = await startHub();
  await setUpApps(hub.admin, sandbox);
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});
beforeEach(async () => void (await sandbox.control('POST', '/reset')));

const make = async (wanted: Json = {}) => {
  const { status, body } = await hub.admin.call('POST', '/api/connect-links', {
    integrationId: 'slack',
    userId: 'customer-1',
    ...wanted,
  });
  expect([status, body.code]).toEqual([201, undefined]);
  return { id: body.id as string, url: body.url as string, path: `/api/connect-links/${tokenIn(body.url)}` };
};
const start = (page: Page, path: string, body: Json = {}) => page.call('POST', `${path}/connections`, body);
const consent = (url: string) => createBrowser().open(url);
const listed = async (id: string): Promise<Json> =>
  (await hub.admin.call('GET', '/api/connect-links?limit=200')).body.data.find((one: Json) => one.id === id);
const query = async (statement: string): Promise<Json[]> => {
  const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
  return sql.unsafe(statement).finally(() => sql.end());
};

describe('a connect link', () => {
  it('connects an account for somebody who has no account here', async () => {
    const { id, url, path } = await make({ name: 'The shop' });
    expect(new URL(url).search).toBe('');
    const page = createPage(hub.url);
    expect((await page.call('GET', path)).body).toMatchObject({
      status: 'open',
      name: 'The shop',
      integration: { id: 'slack', name: 'Slack', authTypes: ['oauth2', 'api_key'], configured: true },
      connection: null,
    });
    const started = await start(page, path);
    expect(started.status).toBe(201);
    const end = await consent(started.body.authorization.url);
    expect(end.text).toContain('Slack is connected');
    expect((await page.call('GET', path)).body).toMatchObject({
      status: 'used',
      connection: { status: 'connected', reason: null },
    });
    const link = await listed(id);
    expect(link.status).toBe('used');
    expect((await hub.admin.call('GET', `/api/connections/${link.connectionId}`)).body).toMatchObject({
      userId: 'customer-1',
      name: 'The shop',
      status: 'connected',
    });
  });

  it('is kept as a hash, and shows a stranger nothing of what became of it', async () => {
    const { id, path, url } = await make();
    const [row] = await query(`select * from connect_links where id = '${id}'`);
    expect(JSON.stringify(row)).not.toContain(tokenIn(url));
    expect((await hub.admin.call('GET', '/api/connect-links')).text).not.toContain(tokenIn(url));
    const page = createPage(hub.url);
    await consent((await start(page, path)).body.authorization.url);
    const stranger = (await createPage(hub.url).call('GET', path)).body;
    expect([stranger.status, stranger.connection]).toEqual(['used', null]);
    expect((await createPage(hub.url).call('GET', '/api/connect-links/ihl_made-up')).body.code).toBe(
      'LINK_NOT_FOUND',
    );
  });

  it('is taken by one of twenty browsers that come at once', async () => {
    const { path } = await make();
    const answers = await Promise.all(Array.from({ length: 20 }, () => start(createPage(hub.url), path)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'LINK_GONE')).toHaveLength(19);
    const [made] = await query(`select count(*)::int as count from connections where name = 'Slack'
      and user_id = 'customer-1' and version = 0 and created_at > now() - interval '5 seconds'`);
    expect(made.count).toBe(1);
  });

  it('is good once: neither its browser nor another connects a second account by it', async () => {
    const { path } = await make();
    const page = createPage(hub.url);
    await consent((await start(page, path)).body.authorization.url);
    expect((await start(page, path)).body.code).toBe('LINK_GONE');
    expect((await start(createPage(hub.url), path)).body.code).toBe('LINK_GONE');
  });

  it('gives whoever said no by mistake another try, in that browser and for that connection', async () => {
    const { id, path } = await make();
    const page = createPage(hub.url);
    await sandbox.control('PUT', '/slack/behaviour', { consent: 'deny' });
    await consent((await start(page, path)).body.authorization.url);
    expect((await page.call('GET', path)).body).toMatchObject({
      status: 'open',
      connection: { status: 'disconnected', reason: 'AUTHORIZATION_DENIED' },
    });
    expect((await start(createPage(hub.url), path)).body.code).toBe('LINK_GONE');
    const before = await listed(id);
    await sandbox.control('PUT', '/slack/behaviour', { consent: 'allow' });
    await consent((await start(page, path)).body.authorization.url);
    expect((await page.call('GET', path)).body.connection.status).toBe('connected');
    expect((await listed(id)).connectionId).toBe(before.connectionId);
  });

  it('runs out', async () => {
    const { id, path } = await make({ expiresIn: '1h' });
    await query(`update connect_links set expires_at = now() - interval '1 second' where id = '${id}'`);
    const page = createPage(hub.url);
    expect((await page.call('GET', path)).body.status).toBe('expired');
    expect((await start(page, path)).body).toMatchObject({ code: 'LINK_GONE', detail: 'it is expired' });
    expect((await listed(id)).status).toBe('expired');
  });

  it('is taken back, and with it the consent that it began', async () => {
    const { id, path } = await make();
    const page = createPage(hub.url);
    const { authorization } = (await start(page, path)).body;
    expect((await hub.admin.call('DELETE', `/api/connect-links/${id}`)).status).toBe(204);
    expect((await start(page, path)).body.code).toBe('LINK_GONE');
    expect((await consent(authorization.url)).text).not.toContain('is connected');
    expect((await page.call('GET', path)).body.status).toBe('revoked');
    const { connectionId } = await listed(id);
    expect((await hub.admin.call('GET', `/api/connections/${connectionId}`)).body.status).toBe(
      'disconnected',
    );
  });

  it('asks for the scopes it names, and no others', async () => {
    const { path } = await make({ scopes: ['channels:read', 'chat:write'] });
    const page = createPage(hub.url);
    expect((await page.call('GET', path)).body.scopes).toEqual(['channels:read', 'chat:write']);
    const { authorization } = (await start(page, path)).body;
    const { url } = await createBrowser().open(authorization.url, { stopAt: sandbox.url });
    expect(new URL(url).searchParams.get('scope')).toBe('channels:read,chat:write');
    const more = await hub.admin.call('POST', '/api/connect-links', {
      integrationId: 'slack',
      scopes: ['channels:read', 'admin'],
    });
    expect([more.status, more.body.errors[0].path]).toEqual([400, '/scopes/1']);
  });

  it('takes a key in place of consent, and stays good while the provider refuses it', async () => {
    const { id, path } = await make({ integrationId: 'hubspot' });
    const page = createPage(hub.url);
    const refused = await start(page, path, { credentials: { apiKey: 'pat-wrong-key' } });
    expect([refused.status, refused.body.code]).toEqual([422, 'CREDENTIALS_REJECTED']);
    expect((await page.call('GET', path)).body.status).toBe('open');
    expect((await start(page, path, { credentials: { nonsense: 'x' } })).body.code).toBe(
      'CREDENTIALS_INVALID',
    );
    expect((await listed(id)).connectionId).toBeNull();
  });

  it('keeps the configuration of whoever made it, or asks for one', async () => {
    const fixed = await make({ integrationId: 'salesforce', config: { domain: 'test.salesforce.com' } });
    const page = createPage(hub.url);
    expect((await page.call('GET', fixed.path)).body.integration.configSchema).toBeNull();
    expect((await start(page, fixed.path, { config: {} })).body.errors[0].path).toBe('/config');
    const open = await make({ integrationId: 'salesforce' });
    expect((await page.call('GET', open.path)).body.integration.configSchema).toMatchObject({
      type: 'object',
    });
    expect((await start(page, open.path, { config: { nonsense: true } })).body.code).toBe('CONFIG_INVALID');
    expect((await start(page, open.path)).status).toBe(201);
  });

  it('sends nobody elsewhere afterwards than where browsers may be sent', async () => {
    const { path } = await make();
    const page = createPage(hub.url);
    const away = await start(page, path, { returnUrl: 'https://evil.example/' });
    expect(away.body.code).toBe('RETURN_URL_NOT_ALLOWED');
    const own = await start(page, path, { returnUrl: '/connect' });
    const end = await createBrowser().open(own.body.authorization.url, { stopAt: `${hub.url}/connect` });
    expect(new URL(end.url).searchParams.get('status')).toBe('connected');
  });

  it('is not taken by another site’s page', async () => {
    const { path } = await make();
    const foreign = createPage(hub.url, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
    expect((await start(foreign, path)).body.code).toBe('FOREIGN_ORIGIN');
    expect((await createPage(hub.url).call('GET', path)).body.status).toBe('open');
  });
});

describe('who makes them', () => {
  it('an admin for anybody, a builder for themselves, an operator not at all', async () => {
    const builder = await makePerson(hub, { role: 'builder' });
    const page = await signedIn(hub, builder);
    const own = await page.call('POST', '/api/connect-links', { integrationId: 'slack' });
    expect([own.status, own.body.userId]).toEqual([201, builder.id]);
    const others = { integrationId: 'slack', userId: 'customer-1' };
    expect((await page.call('POST', '/api/connect-links', others)).body.code).toBe('FORBIDDEN');
    const foreign = await make();
    expect((await page.call('GET', '/api/connect-links')).body.data).toHaveLength(1);
    expect((await page.call('DELETE', `/api/connect-links/${foreign.id}`)).body.code).toBe('LINK_NOT_FOUND');
    expect((await page.call('DELETE', `/api/connect-links/${own.body.id}`)).status).toBe(204);
    const operator = await signedIn(hub, await makePerson(hub, { role: 'operator' }));
    expect((await operator.call('POST', '/api/connect-links', others)).body.code).toBe('FORBIDDEN');
  });
});
