/** Each of the eleven through the proxy: what the provider receives, to the letter, and what its stand-in answers. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../setup/hub.ts';
import { ELEVEN, setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { connect, serveApiAt, startProvider, type Provider } from './provider.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let provider: Provider;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  provider = await startProvider();
});
afterAll(async () => {
  provider.close();
  await hub.close();
  await sandbox.close();
});

/** What goes with a call beside `Authorization: Bearer <token>`. */
const OWN: { [id: string]: { headers?: Record<string, string>; config?: Record<string, unknown> } } = {
  gohighlevel: { headers: { version: '2021-07-28' } },
  'google-ads': {
    config: { loginCustomerId: '123-456-7890' },
    headers: { 'login-customer-id': '1234567890', 'developer-token': 'the stand-in’s' },
  },
  discord: {
    headers: {
      'user-agent': 'DiscordBot (https://www.npmjs.com/package/n8n-nodes-integration-hub, 0.1)',
    },
  },
};

/** Who am I, at the stand-in. */
const WHO: { [id: string]: [method: string, path: string] } = {
  gohighlevel: ['GET', '/locations/search?limit=1'],
  salesforce: ['GET', '/services/oauth2/userinfo'],
  hubspot: ['GET', '/account-info/v3/details'],
  gmail: ['GET', '/gmail/v1/users/me/profile'],
  outlook: ['GET', '/me'],
  'meta-ads': ['GET', '/me?fields=id,name'],
  'google-ads': ['GET', '/v24/customers:listAccessibleCustomers'],
  'google-drive': ['GET', '/drive/v3/about?fields=user'],
  dropbox: ['POST', '/2/users/get_current_account'],
  slack: ['POST', '/auth.test'],
  discord: ['GET', '/users/@me'],
};

describe.each(ELEVEN)('%s', (integrationId) => {
  it("answers through the proxy, with exactly the connection's own headers and parameters", async () => {
    const { config, headers = {} } = OWN[integrationId] ?? {};
    const id = await connect(hub.admin, integrationId, config ? { config } : {});
    const [method, path] = WHO[integrationId] ?? ['GET', '/'];
    const answer = await hub.admin.call(method, `/api/connections/${id}/proxy${path}`);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('hub-problem')).toBeNull();
    expect(answer.body).toEqual(expect.any(Object));

    await serveApiAt(hub, sandbox, integrationId, `${provider.url}/base`);
    provider.answer((response) => response.writeHead(201, { etag: '"x"' }).end());
    const { accessToken } = (await hub.admin.call('GET', `/api/connections/${id}/token`)).body;
    const sent = await fetch(`${hub.url}/api/connections/${id}/proxy/some/path?a=b%20c&a=d`, {
      headers: { authorization: `Bearer ${hub.admin.key}`, 'user-agent': 'test/1', 'x-own': 'mine' },
    });
    expect([sent.status, sent.headers.get('etag')]).toEqual([201, '"x"']);
    const [seen] = provider.seen;
    const app = sandbox.apps().find((one) => one.integrationId === integrationId);
    const developerToken = String(app?.settings?.['developerToken']);
    expect(seen?.headers).toEqual({
      host: new URL(provider.url).host,
      connection: 'keep-alive',
      authorization: `Bearer ${accessToken}`,
      accept: '*/*',
      // What is packed could not be cleansed of the token that Meta writes into its links.
      'accept-encoding': integrationId === 'meta-ads' ? 'identity' : 'gzip, deflate',
      'accept-language': '*',
      'sec-fetch-mode': 'cors',
      'user-agent': 'test/1',
      'x-own': 'mine',
      ...headers,
      ...('developer-token' in headers ? { 'developer-token': developerToken } : {}),
    });
    const proof = createHmac('sha256', app?.clientSecret ?? '')
      .update(accessToken as string)
      .digest('hex');
    const own = integrationId === 'meta-ads' ? `&appsecret_proof=${proof}` : '';
    expect(seen?.url).toBe(`/base/some/path?a=b%20c&a=d${own}`);
    await serveApiAt(hub, sandbox, integrationId);
  });
});
