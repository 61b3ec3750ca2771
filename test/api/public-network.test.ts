/** Where private networks are not allowed, nothing that is configured or asked for may lead into one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../setup/hub.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub({ HUB_ALLOW_PRIVATE_NETWORK: 'off' });
  expect((await putApp('slack', {})).status).toBe(200);
});
afterAll(() => hub.close());

const putApp = (integrationId: string, endpoints: Record<string, string>) =>
  hub.admin.call('PUT', `/api/integrations/${integrationId}/app`, {
    clientId: 'x',
    clientSecret: 'a-very-secret-value',
    endpoints,
  });

// Names are judged where they are resolved, before each call: see the tests of the egress.
const PRIVATE = [
  'http://oauth.example.com/token',
  'http://localhost:9/token',
  'https://127.0.0.1/token',
  'https://2130706433/token',
  'https://0x7f.1/token',
  'https://10.0.0.1/token',
  'https://172.16.0.1/token',
  'https://192.168.1.1/token',
  'https://169.254.169.254/latest/meta-data',
  'https://100.64.0.1/token',
  'https://0.0.0.0/token',
  'https://[::1]/token',
  'https://[::ffff:127.0.0.1]/token',
  'https://[::ffff:a00:1]/token',
  'https://[fd00::1]/token',
  'https://[fe80::1]/token',
  'ftp://oauth.example.com/token',
];

describe('an endpoint of an app', () => {
  it.each(PRIVATE)('is refused by name, and nothing is kept: %s', async (address) => {
    const reply = await putApp('gmail', { authorizeUrl: 'https://oauth.example.com/a', tokenUrl: address });
    expect(reply, reply.text).toMatchObject({
      status: 422,
      body: { code: 'ENDPOINT_NOT_ALLOWED', errors: [{ path: '/endpoints/tokenUrl' }] },
    });
    expect(reply.text).not.toContain('a-very-secret-value');
    expect((await hub.admin.call('GET', '/api/integrations/gmail/app')).body.code).toBe('APP_NOT_FOUND');
  });

  it.each(['authorizeUrl', 'tokenUrl', 'revokeUrl', 'apiBaseUrl', 'probeUrl'])(
    'is refused whichever it is: %s',
    async (name) => {
      const { body } = await putApp('gmail', { [name]: 'https://10.0.0.1/' });
      expect(body).toMatchObject({ code: 'ENDPOINT_NOT_ALLOWED', errors: [{ path: `/endpoints/${name}` }] });
    },
  );

  it('that is refused leaves the app that is there as it is', async () => {
    const before = (await hub.admin.call('GET', '/api/integrations/slack/app')).body;
    expect((await putApp('slack', { tokenUrl: 'https://127.0.0.1/' })).status).toBe(422);
    expect((await hub.admin.call('GET', '/api/integrations/slack/app')).body).toEqual(before);
  });

  it('with a public address is taken', async () => {
    const endpoints = { tokenUrl: 'https://oauth.example.com/token' };
    expect(await putApp('dropbox', endpoints)).toMatchObject({ status: 200, body: { endpoints } });
  });
});

describe('a return address', () => {
  const count = async () => (await hub.admin.call('GET', '/api/connections')).body.data.length as number;
  const create = (returnUrl: string) =>
    hub.admin.call('POST', '/api/connections', { integrationId: 'slack', returnUrl });

  it.each([
    'http://localhost:9/',
    'http://127.0.0.1/',
    'http://[::1]/',
    '//evil.example',
    '/\\evil.example',
    '\t//evil.example',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
  ])('elsewhere is refused, and no connection is made: %j', async (returnUrl) => {
    const before = await count();
    expect(await create(returnUrl)).toMatchObject({ status: 422, body: { code: 'RETURN_URL_NOT_ALLOWED' } });
    expect(await count()).toBe(before);
  });

  it.each(['/done', 'done?x=1#here'])("of the hub's own is taken: %s", async (returnUrl) => {
    expect((await create(returnUrl)).status).toBe(201);
  });

  it('elsewhere is refused for a reconnect too, and the link before it goes on', async () => {
    const { body } = await create('/done');
    const path = `/api/connections/${body.connection.id}`;
    const before = (await hub.admin.call('GET', path)).body;
    const reply = await hub.admin.call('POST', `${path}/reconnect`, { returnUrl: 'https://evil.example' });
    expect(reply).toMatchObject({ status: 422, body: { code: 'RETURN_URL_NOT_ALLOWED' } });
    expect((await hub.admin.call('GET', path)).body).toEqual(before);
    const opened = await fetch(body.authorization.url as string, { redirect: 'manual' });
    expect(opened.status).toBe(302);
    // Not to be read by scripts, nor sent along by other sites' forms.
    expect(opened.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax|SameSite=Lax.*HttpOnly/);
    expect(opened.headers.get('cache-control')).toBe('no-store');
  });
});

describe('credentials given to a reconnect by consent', () => {
  it('are refused, not dropped in silence', async () => {
    const { body } = await hub.admin.call('POST', '/api/connections', { integrationId: 'slack' });
    const reply = await hub.admin.call('POST', `/api/connections/${body.connection.id}/reconnect`, {
      credentials: { apiKey: 'a-very-secret-value' },
    });
    expect(reply).toMatchObject({ status: 422, body: { code: 'CREDENTIALS_INVALID' } });
    expect(reply.text).not.toContain('a-very-secret-value');
  });
});
