/** What the proxy does where credentials have expired, were taken back, or only seem so. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type Client, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { ELEVEN, setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { spawnOtherApi, type OtherApi } from '../setup/processes.ts';
import { connect, serveApiAt, startProvider, type Provider } from './provider.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let provider: Provider;
let other: OtherApi;
let others: Client;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  provider = await startProvider();
  other = await spawnOtherApi(hub.env);
  others = createClient(other.url, hub.admin.key);
});
afterAll(async () => {
  provider.close();
  await other.kill('SIGTERM');
  await hub.close();
  await sandbox.close();
});

/** A call that needs a good token, at each stand-in that has refreshes. */
const CALLS: { [id: string]: [method: string, path: string] } = {
  gohighlevel: ['GET', '/locations/search'],
  salesforce: ['GET', '/services/data/v66.0/query?q=SELECT+Id,Name+FROM+Contact+LIMIT+5'],
  hubspot: ['GET', '/crm/v3/objects/contacts?limit=5'],
  gmail: ['GET', '/gmail/v1/users/me/messages'],
  outlook: ['GET', '/me/messages'],
  'google-ads': ['GET', '/v24/customers:listAccessibleCustomers'],
  'google-drive': ['GET', '/drive/v3/files'],
  dropbox: ['POST', '/2/users/get_current_account'],
  // HTTP 200 with {"ok":false,"error":"token_expired"}.
  slack: ['GET', '/conversations.list'],
  discord: ['GET', '/users/@me'],
};

const tokenRequests = async (integrationId: string): Promise<number> =>
  (await sandbox.control('GET', `/${integrationId}/ledger`)).counts.tokenRequests as number;
const statusOf = async (id: string): Promise<Json> =>
  (await hub.admin.call('GET', `/api/connections/${id}`)).body;

describe('an expired token', () => {
  it.each(ELEVEN.filter((id) => id !== 'meta-ads'))(
    'of %s is refreshed once for twenty callers at two processes, and each gets what it asked for',
    async (integrationId) => {
      const id = await connect(hub.admin, integrationId);
      const [method, path] = CALLS[integrationId] ?? ['GET', '/'];
      const good = await hub.admin.call(method, `/api/connections/${id}/proxy${path}`);
      expect(good.status, good.text).toBe(200);
      await sandbox.control('POST', `/${integrationId}/expire`);
      const before = await tokenRequests(integrationId);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? hub.admin : others).call(method, `/api/connections/${id}/proxy${path}`),
        ),
      );
      for (const answer of answers) expect([answer.status, answer.body]).toEqual([200, good.body]);
      expect(new Set(answers.map(({ headers }) => headers.get('hub-attempts')))).toContain('2');
      expect(await tokenRequests(integrationId)).toBe(before + 1);
      expect((await statusOf(id)).credentials.version).toBe(2);
    },
  );

  it('is refreshed for a request that cannot be sent again, which is told so', async () => {
    const id = await connect(hub.admin, 'google-drive');
    await sandbox.control('POST', '/google-drive/expire');
    const upload = (length: number) =>
      hub.admin.call(
        'POST',
        `/api/connections/${id}/proxy/drive/v3/files`,
        JSON.stringify({ name: 'x'.repeat(length) }),
      );
    const first = await upload(1_500_000);
    expect(first.status).toBe(401);
    expect([first.headers.get('hub-repeatable'), first.headers.get('hub-problem')]).toEqual(['no', null]);
    const again = await upload(1_500_000);
    expect([again.status, again.headers.get('hub-repeatable')]).toEqual([200, null]);
    // What is small enough to be kept is sent again by the hub itself.
    await sandbox.control('POST', '/google-drive/expire');
    const small = await upload(500_000);
    expect([small.status, small.headers.get('hub-attempts')]).toEqual([200, '2']);
    expect(small.body.name).toHaveLength(500_000);
  });

  it("that cannot be refreshed because the provider has a bad hour leaves the provider's answer and the connection as they are", async () => {
    const id = await connect(hub.admin, 'gmail');
    await sandbox.control('POST', '/gmail/expire');
    await sandbox.control('PUT', '/gmail/behaviour', { token: 'down' });
    const answer = await hub.admin.call('GET', `/api/connections/${id}/proxy/gmail/v1/users/me/profile`);
    expect([answer.status, answer.headers.get('hub-problem')]).toEqual([401, null]);
    expect(await statusOf(id)).toMatchObject({ status: 'connected' });
    await sandbox.control('PUT', '/gmail/behaviour', {});
  });
});

describe('credentials that were taken back', () => {
  it.each(['slack', 'google-drive', 'meta-ads', 'salesforce'])(
    'at %s: the caller gets the provider’s word, the connection says so, and the next caller is told what to do',
    async (integrationId) => {
      const id = await connect(hub.admin, integrationId);
      await sandbox.control('POST', `/${integrationId}/revoke`);
      const [method, path] = CALLS[integrationId] ?? ['GET', '/me'];
      const asked = () => hub.admin.call(method, `/api/connections/${id}/proxy${path}`);
      const first = await asked();
      expect(first.headers.get('hub-problem')).toBeNull();
      expect(first.status).toBe({ slack: 200, 'meta-ads': 400 }[integrationId] ?? 401);
      if (integrationId === 'slack') expect(first.body).toMatchObject({ ok: false });
      await expect
        .poll(() => statusOf(id))
        .toMatchObject({ status: 'error', statusReason: { code: 'CREDENTIAL_REVOKED' } });
      const next = await asked();
      expect(next).toMatchObject({ status: 409, body: { code: 'REAUTHORIZATION_REQUIRED' } });
      expect(next.headers.get('hub-problem')).toBe('REAUTHORIZATION_REQUIRED');
      expect(next.body.detail).toContain(`/api/connections/${id}/reconnect`);
    },
  );

  it('typed in by hand: the same', async () => {
    const apiKey = sandbox.staticKeys()['slack'];
    const made = await hub.admin.call('POST', '/api/connections', {
      integrationId: 'slack',
      authType: 'api_key',
      credentials: { apiKey },
    });
    const id = made.body.connection.id as string;
    expect((await hub.admin.call('GET', `/api/connections/${id}/proxy/conversations.list`)).body.ok).toBe(
      true,
    );
    await sandbox.control('PUT', '/slack/behaviour', { staticKeyRevoked: true });
    const refused = await hub.admin.call('GET', `/api/connections/${id}/proxy/conversations.list`);
    expect(refused.body).toMatchObject({ ok: false });
    await expect
      .poll(() => statusOf(id))
      .toMatchObject({ status: 'error', statusReason: { code: 'CREDENTIAL_REVOKED' } });
    await sandbox.control('PUT', '/slack/behaviour', {});
  });
});

describe('a connection', () => {
  it('does not end because one endpoint refuses it', async () => {
    const id = await connect(hub.admin, 'hubspot');
    await serveApiAt(hub, sandbox, 'hubspot', provider.url);
    provider.answer((response, { url }) =>
      url === '/account-info/v3/details'
        ? response.writeHead(200).end('{"portalId":7,"uiDomain":"x"}')
        : response.writeHead(401).end('{"category":"INVALID_AUTHENTICATION"}'),
    );
    const answer = await hub.admin.call('GET', `/api/connections/${id}/proxy/forbidden`);
    expect([answer.status, answer.headers.get('hub-attempts')]).toEqual([401, '2']);
    // The connection was tested, where the answer is certain.
    await expect.poll(() => provider.seen.map(({ url }) => url)).toContain('/account-info/v3/details');
    expect(await statusOf(id)).toMatchObject({ status: 'connected' });
    await serveApiAt(hub, sandbox, 'hubspot');
  });

  it.each([500, 503, 429, 403, 404])('is not touched by status %s', async (status) => {
    const id = await connect(hub.admin, 'hubspot');
    await serveApiAt(hub, sandbox, 'hubspot', provider.url);
    provider.answer((response) => response.writeHead(status).end('{"status":"error"}'));
    const before = await statusOf(id);
    expect((await hub.admin.call('GET', `/api/connections/${id}/proxy/x`)).status).toBe(status);
    expect(provider.seen).toHaveLength(1);
    expect(await statusOf(id)).toMatchObject({ status: 'connected', credentials: before.credentials });
    await serveApiAt(hub, sandbox, 'hubspot');
  });

  it('that was disconnected answers a problem, and nothing reaches the provider', async () => {
    const id = await connect(hub.admin, 'hubspot');
    expect((await hub.admin.call('DELETE', `/api/connections/${id}`)).status).toBe(204);
    await serveApiAt(hub, sandbox, 'hubspot', provider.url);
    provider.answer((response) => response.writeHead(200).end('{}'));
    const answer = await hub.admin.call('GET', `/api/connections/${id}/proxy/crm/v3/objects/contacts`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'CONNECTION_DISCONNECTED' } });
    expect(answer.body.detail).toContain('/reconnect');
    // By its path: a test that an earlier refusal asked for may still be on its way here.
    expect(provider.seen.map(({ url }) => url)).not.toContain('/crm/v3/objects/contacts');
    await serveApiAt(hub, sandbox, 'hubspot');
  });
});

describe('answers in which Meta writes the token of a call into its links', () => {
  it.each(['plain', 'packed', 'in pieces'])('lose it on the way, %s, and nothing else', async (how) => {
    const id = await connect(hub.admin, 'meta-ads');
    const { headers, query } = (await hub.admin.call('GET', `/api/connections/${id}/token`)).body;
    const token = String(headers.authorization ?? headers.Authorization).split(' ')[1] ?? '';
    const proof = String(query.appsecret_proof);
    const link = (secret: string, proved: string) =>
      `https://graph.facebook.com/v26.0/me/adaccounts?access_token=${secret}&appsecret_proof=${proved}&limit=1&after=MQZDZD`;
    const answer = (secret: string, proved: string) =>
      JSON.stringify({ data: [{ name: 'Zoë' }], paging: { next: link(secret, proved) } });
    await serveApiAt(hub, sandbox, 'meta-ads', provider.url);
    provider.answer((response, { headers: { 'accept-encoding': accepted } }) => {
      const body = Buffer.from(answer(token, proof));
      if (how === 'packed' && String(accepted).includes('gzip')) {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        response.end(gzipSync(body));
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      if (how !== 'in pieces') {
        response.end(body);
        return;
      }
      void (async () => {
        for (const byte of body) {
          response.write(Buffer.from([byte]));
          await new Promise(setImmediate);
        }
        response.end();
      })();
    });
    const { key, url } = { key: hub.admin.key, url: `/api/connections/${id}` };
    const response = await fetch(`${hub.url}${url}/proxy/me/adaccounts`, {
      headers: { authorization: `Bearer ${key}`, 'accept-encoding': 'gzip' },
    });
    expect(await response.text()).toBe(answer('redacted', 'redacted'));
    const called = await hub.admin.call('POST', `${url}/request`, { method: 'GET', path: '/me/adaccounts' });
    expect(called.body.body).toEqual(JSON.parse(answer('redacted', 'redacted')));
    await serveApiAt(hub, sandbox, 'meta-ads');
  });

  it('are not passed on packed, by a provider that packs although it was asked not to', async () => {
    const id = await connect(hub.admin, 'meta-ads');
    await serveApiAt(hub, sandbox, 'meta-ads', provider.url);
    provider.answer((response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('{}')));
    const { status, body } = await hub.admin.call('GET', `/api/connections/${id}/proxy/me`);
    expect([status, body.code]).toEqual([504, 'PROVIDER_ANSWER_LOST']);
    await serveApiAt(hub, sandbox, 'meta-ads');
  });
});
