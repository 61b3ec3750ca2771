/** The hub as authorization server, walked by a client and a browser. */
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { printedOverwrites } from '../../hub/cli/n8n-overwrites.ts';
import { createClient, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { connect } from '../nodes/operations.ts';
import { CALLBACK, createWalk } from './walk.ts';

let hub: TestHub;
let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  hub = await startHub({ HUB_N8N_URLS: 'http://localhost:5678' });
  await setUpApps(hub.admin, sandbox);
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});
beforeEach(async () => void (await sandbox.control('POST', '/reset')));

const stored = async (id: string) => (await hub.admin.call('GET', `/api/connections/${id}/token`)).body;
const ledger = async (id: string): Promise<Json> => (await sandbox.control('GET', `/${id}/ledger`)).counts;

describe('the way to a token', () => {
  it('gives n8n the connection’s own token, what the provider said beside it, and a handle', async () => {
    const id = await connect(hub, 'slack');
    const { status, body, headers } = await createWalk(hub).connect(id);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    const token = await stored(id);
    expect(body).toMatchObject({
      access_token: token.accessToken,
      token_type: 'Bearer',
      team: { id: 'T00SANDBOX1' },
      authed_user: { id: 'U00SANDBOX1' },
      hub: {
        connection_id: id,
        integration_id: 'slack',
        account_id: 'T00SANDBOX1',
        api_base_url: token.apiBaseUrl,
      },
    });
    expect(body.refresh_token).toMatch(/^ihr_/);
    expect(body.expires_in).toBeGreaterThan(40_000);
    expect(JSON.stringify(body)).not.toContain('xoxe-1-');
  });

  it('carries what n8n’s own nodes read: Salesforce’s instance_url, HighLevel’s locationId', async () => {
    const salesforce = await createWalk(hub).connect(await connect(hub, 'salesforce'), {
      integration: 'salesforce',
    });
    expect(salesforce.body.instance_url).toMatch(/^http:\/\/localhost:/);
    const highLevel = await createWalk(hub).connect(await connect(hub, 'gohighlevel'), {
      integration: 'gohighlevel',
    });
    expect(highLevel.body).toMatchObject({
      locationId: expect.any(String),
      hub: { headers: { version: '2021-07-28' } },
    });
  });

  it('makes a connection in the same window, and comes back with it chosen', async () => {
    const { key, userId } = (await hub.admin.call('POST', '/api/keys', { name: 'a', role: 'builder' })).body;
    const walk = createWalk(hub, key);
    const page = await walk.arrive({ integration: 'hubspot' });
    expect(page.text).toContain('<strong>n8n</strong> at <strong>localhost:5678</strong>');
    expect(page.text).not.toContain('value="allow"');

    const back = await walk.browser.open(page.url, { form: new URLSearchParams({ answer: 'connect' }) });
    const id = new URL(back.url).searchParams.get('connectionId') ?? '';
    expect(back.text).toContain(`value="${id}" required checked`);
    const made = (await hub.admin.call('GET', `/api/connections/${id}`)).body;
    expect(made).toMatchObject({ status: 'connected', integrationId: 'hubspot', userId });

    const params = await walk.answer(back, { answer: 'allow', connection: id });
    expect(params.get('state')).toBe('state-of-the-client');
    expect(params.get('iss')).toBe(hub.url);
    expect((await walk.redeem(params.get('code') ?? '')).status).toBe(200);
  });

  it('is open to n8n’s own credential types by the client that the overwrites name', async () => {
    const line = await printedOverwrites(hub.config, 'https://hub.example.com/');
    const value = /^CREDENTIALS_OVERWRITE_DATA='(.*)'$/.exec(line)?.[1] ?? '';
    const { slackOAuth2Api: slack, ...others } = JSON.parse(value);
    expect(Object.keys(others)).toHaveLength(10);
    expect(slack).toMatchObject({
      authUrl: 'https://hub.example.com/oauth2/authorize?integration=slack',
      accessTokenUrl: 'https://hub.example.com/oauth2/token',
    });
    const client = { id: slack.clientId as string, secret: slack.clientSecret as string };
    const id = await connect(hub, 'slack');
    expect((await createWalk(hub).connect(id, { client })).body.access_token).toBe(
      (await stored(id)).accessToken,
    );
    const unproved = await createWalk(hub).connect(id, { client: { ...client, secret: 'wrong' } });
    expect(unproved).toMatchObject({ status: 401, body: { error: 'invalid_client' } });

    await expect(printedOverwrites(hub.config, 'hub.example.com')).rejects.toThrow(
      /^--url: expected an address/,
    );
    await expect(printedOverwrites({ ...hub.config, n8nUrls: [] })).rejects.toThrow(/^HUB_N8N_URLS: needed/);
  });

  it('gives n8n no token that it would write into addresses: a Discord bot’s', async () => {
    const made = await hub.admin.call('POST', '/api/connections', {
      integrationId: 'discord',
      authType: 'api_key',
      credentials: { apiKey: sandbox.staticKeys()['discord'] },
    });
    const id = made.body.connection.id as string;
    const walk = createWalk(hub);
    const page = await walk.arrive({ integration: 'discord' });
    const fields = new URLSearchParams({ answer: 'allow', connection: id });
    const refused = await walk.browser.open(page.url, { form: fields });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Hub API Key');
  });

  it('tells the client when the user says no, and answers a request once', async () => {
    const walk = createWalk(hub);
    const page = await walk.arrive();
    const params = await walk.answer(page, { answer: 'deny' });
    expect(Object.fromEntries(params)).toMatchObject({
      error: 'access_denied',
      state: 'state-of-the-client',
    });
    const again = await walk.browser.open(page.url, { form: new URLSearchParams({ answer: 'deny' }) });
    expect(again.status).toBe(410);
  });

  it('shows nobody the connections of another user, and takes none of them', async () => {
    const id = await connect(hub, 'slack');
    const { key } = (await hub.admin.call('POST', '/api/keys', { name: 'b', role: 'builder' })).body;
    const walk = createWalk(hub, key);
    const page = await walk.arrive();
    expect(page.text).not.toContain(id);
    const refused = await walk.browser.open(page.url, {
      form: new URLSearchParams({ answer: 'allow', connection: id }),
    });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Choose one of your connections first');
  });

  it('lets an operator sign in and give nothing', async () => {
    const { key } = (
      await hub.admin.call('POST', '/api/keys', { name: 'o', role: 'operator', userId: 'ops' })
    ).body;
    const page = await createWalk(hub, key).arrive();
    expect(page.status).toBe(403);
  });
});

describe('requests that are refused', () => {
  it('never redirects to an address that is not the client’s, to the letter', async () => {
    for (const redirectUri of [
      `${CALLBACK}/`,
      `${CALLBACK}?x=1`,
      'https://evil.example/cb',
      'javascript:alert(1)',
    ]) {
      const walk = createWalk(hub);
      const page = await walk.browser.open(walk.authorizeUrl({ redirectUri }));
      expect(page.status).toBe(400);
      expect(page.text).toContain('HUB_N8N_URLS');
    }
    const unknown = createWalk(hub);
    expect((await unknown.browser.open(unknown.authorizeUrl({ client: { id: 'nobody' } }))).status).toBe(400);
  });

  it.each([
    ['no PKCE from a public client', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['the implicit grant', { response_type: 'token' }, 'unsupported_response_type'],
    ['an integration nobody knows', { integration: 'nothing' }, 'invalid_request'],
  ])('%s ends at the client with its error', async (_name, more, error) => {
    const walk = createWalk(hub);
    const end = await walk.browser.open(walk.authorizeUrl({}, more), { stopAt: CALLBACK });
    expect(new URL(end.url).searchParams.get('error')).toBe(error);
    expect(new URL(end.url).searchParams.get('state')).toBe('state-of-the-client');
  });

  it('a form of another site gives nothing away', async () => {
    const walk = createWalk(hub);
    const page = await walk.arrive();
    const forged = await fetch(page.url, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ answer: 'deny' }),
    });
    expect(forged.status).toBe(403);
    for (const [site, status] of [
      ['cross-site', 403],
      ['same-site', 403],
      // A page that wants no referrer sends `Origin: null`.
      ['same-origin', 401],
    ] as const) {
      const headers = { origin: 'null', 'sec-fetch-site': site, accept: 'text/html' };
      const body = new URLSearchParams({ email: 'a@example.com', password: 'wrong', next: '/' });
      const answer = await fetch(`${hub.url}/sign-in`, { method: 'POST', headers, body });
      expect([site, answer.status]).toEqual([site, status]);
      expect(await answer.text()).toContain('<!doctype html>');
    }
  });
});

describe('codes', () => {
  const codeFor = async (walk: ReturnType<typeof createWalk>, id: string) =>
    (await walk.answer(await walk.arrive(), { answer: 'allow', connection: id })).get('code') ?? '';

  it('are good once, and a second try ends what the first gave', async () => {
    const walk = createWalk(hub);
    const code = await codeFor(walk, await connect(hub, 'slack'));
    const first = await walk.redeem(code);
    expect(first.status).toBe(200);
    expect((await walk.redeem(code)).body.error).toBe('invalid_grant');
    expect((await walk.refresh(first.body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('twenty at once redeem it once', async () => {
    const walk = createWalk(hub);
    const code = await codeFor(walk, await connect(hub, 'slack'));
    const answers = await Promise.all(Array.from({ length: 20 }, () => walk.redeem(code)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  it('are bound to verifier, redirect URI and client', async () => {
    const id = await connect(hub, 'slack');
    const wrong = async (more: Record<string, string>) => {
      const walk = createWalk(hub);
      return (await walk.redeem(await codeFor(walk, id), more)).body.error;
    };
    expect(await wrong({ code_verifier: 'x'.repeat(43) })).toBe('invalid_grant');
    expect(await wrong({ code_verifier: '' })).toMatch(/^invalid_/);
    expect(await wrong({ redirect_uri: 'http://localhost:9/elsewhere' })).toMatch(/^invalid_/);
    const other = (
      await hub.admin.call('POST', '/api/clients', {
        name: 'other',
        redirectUris: [CALLBACK],
        type: 'public',
      })
    ).body;
    expect(await wrong({ client_id: other.id })).toBe('invalid_grant');
  });
});

describe('refreshing', () => {
  it('ten executions at once, each with the token that died, cost one token request', async () => {
    const id = await connect(hub, 'slack');
    const walk = createWalk(hub);
    const { body } = await walk.connect(id);
    await sandbox.control('POST', '/slack/expire');
    await twoMinutesLater();
    const before = (await ledger('slack')).tokenRequests;
    const answers = await Promise.all(Array.from({ length: 10 }, () => walk.refresh(body.refresh_token)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
    expect(new Set(answers.map((one) => one.body.access_token)).size).toBe(1);
    expect(answers[0]?.body.access_token).not.toBe(body.access_token);
    expect((await ledger('slack')).tokenRequests - before).toBe(1);
    expect((await ledger('slack')).reused).toBe(0);
    // All ten handles live on: whichever n8n kept, it works.
    for (const one of answers) expect((await walk.refresh(one.body.refresh_token)).status).toBe(200);
  });

  it('does not refresh a token that was refreshed a moment ago, whoever says that it is bad', async () => {
    const id = await connect(hub, 'slack');
    const walk = createWalk(hub);
    const { body } = await walk.connect(id);
    await twoMinutesLater();
    const { body: second } = await walk.refresh(body.refresh_token);
    expect(second.access_token).not.toBe(body.access_token);
    expect((await walk.refresh(second.refresh_token)).body.access_token).toBe(second.access_token);
  });

  it('answers the stored token where it is newer than the client’s, and asks nobody', async () => {
    const id = await connect(hub, 'slack');
    const walk = createWalk(hub);
    const { body } = await walk.connect(id);
    await hub.admin.call('POST', `/api/connections/${id}/refresh`);
    const before = (await ledger('slack')).tokenRequests;
    const { body: after } = await walk.refresh(body.refresh_token);
    expect(after.access_token).toBe((await stored(id)).accessToken);
    expect((await ledger('slack')).tokenRequests).toBe(before);
  });

  it('a revoked connection answers invalid_grant, and the same handle works again once it is reconnected', async () => {
    const id = await connect(hub, 'slack');
    const walk = createWalk(hub);
    const { body } = await walk.connect(id);
    await sandbox.control('POST', '/slack/revoke', {});
    await twoMinutesLater();
    const refused = await walk.refresh(body.refresh_token);
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant']);
    expect(refused.body.error_description).toContain('reconnected');

    const link = (await hub.admin.call('POST', `/api/connections/${id}/reconnect`)).body.authorization.url;
    await walk.browser.open(link);
    const again = await walk.refresh(body.refresh_token);
    expect([again.status, again.body.access_token]).toEqual([200, (await stored(id)).accessToken]);
  });

  it('a provider’s bad hour is no invalid_grant: the client keeps what it has', async () => {
    const id = await connect(hub, 'slack');
    const walk = createWalk(hub);
    const { body } = await walk.connect(id);
    await sandbox.control('PUT', '/slack/behaviour', { token: 'down' });
    await twoMinutesLater();
    const lasting = await walk.refresh(body.refresh_token);
    expect([lasting.status, lasting.body.access_token]).toEqual([200, body.access_token]);
  });

  it('a handle that was superseded ends the grant when it comes back late', async () => {
    const walk = createWalk(hub);
    const { body: first } = await walk.connect(await connect(hub, 'slack'));
    const { body: second } = await walk.refresh(first.refresh_token);
    const { body: third } = await walk.refresh(second.refresh_token);
    await twoMinutesLater();
    expect((await walk.refresh(first.refresh_token)).body.error).toBe('invalid_grant');
    expect((await walk.refresh(third.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('an answer that was lost is asked for again with the old handle', async () => {
    const walk = createWalk(hub);
    const { body: first } = await walk.connect(await connect(hub, 'slack'));
    await walk.refresh(first.refresh_token);
    await twoMinutesLater();
    const { status, body: again } = await walk.refresh(first.refresh_token);
    expect(status).toBe(200);
    expect((await walk.refresh(again.refresh_token)).status).toBe(200);
  });
});

describe('taking it back', () => {
  it('a user sees what they allowed, and takes it back', async () => {
    const id = await connect(hub, 'slack');
    const walk = createWalk(hub);
    const { body } = await walk.connect(id);
    const { data } = (await hub.admin.call('GET', '/api/grants?limit=200')).body;
    const grant = data.find(({ connectionId }: Json) => connectionId === id);
    expect(grant).toMatchObject({ clientId: 'n8n', clientName: 'n8n', userId: 'admin' });
    const { key } = (await hub.admin.call('POST', '/api/keys', { name: 'c', role: 'builder' })).body;
    expect((await createClient(hub.url, key).call('DELETE', `/api/grants/${grant.id}`)).status).toBe(404);
    expect((await hub.admin.call('DELETE', `/api/grants/${grant.id}`)).status).toBe(204);
    expect((await walk.refresh(body.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('a client gives its handle back (RFC 7009)', async () => {
    const walk = createWalk(hub);
    const { body } = await walk.connect(await connect(hub, 'slack'));
    expect((await walk.revoke('unknown')).status).toBe(200);
    expect((await walk.revoke(body.refresh_token)).status).toBe(200);
    expect((await walk.refresh(body.refresh_token)).body.error).toBe('invalid_grant');
  });
});

describe('clients', () => {
  it('one of a connection gets its token by its own secret, and nothing else', async () => {
    const id = await connect(hub, 'dropbox');
    const made = (await hub.admin.call('POST', '/api/clients', { name: 'cron', connectionId: id })).body;
    const walk = createWalk(hub);
    walk.authorizeUrl({ client: { id: made.id, secret: made.clientSecret } });
    const { status, body } = await walk.token({ grant_type: 'client_credentials' });
    expect([status, body.access_token]).toEqual([200, (await stored(id)).accessToken]);
    expect(body.refresh_token).toBeUndefined();
    walk.authorizeUrl({ client: { id: made.id, secret: 'wrong' } });
    expect((await walk.token({ grant_type: 'client_credentials' })).body.error).toBe('invalid_client');
    expect((await hub.admin.call('GET', `/api/clients/${made.id}`)).text).not.toContain(made.clientSecret);
    expect((await hub.admin.call('DELETE', `/api/clients/${made.id}`)).status).toBe(204);
    walk.authorizeUrl({ client: { id: made.id, secret: made.clientSecret } });
    expect((await walk.token({ grant_type: 'client_credentials' })).body.error).toBe('invalid_client');
  });

  it('a confidential one of an integration needs no integration in its requests, and its secret', async () => {
    const id = await connect(hub, 'gmail');
    const redirectUri = 'https://app.example.com/callback';
    const made = (
      await hub.admin.call('POST', '/api/clients', {
        name: 'App',
        redirectUris: [redirectUri],
        integrationId: 'gmail',
      })
    ).body;
    const client = { id: made.id, secret: made.clientSecret };
    const { status, body } = await createWalk(hub).connect(id, { client, redirectUri, integration: '' });
    expect([status, body.hub?.integration_id]).toEqual([200, 'gmail']);
    const walk = createWalk(hub);
    walk.authorizeUrl({ client: { id: made.id } });
    expect((await walk.refresh(body.refresh_token)).body.error).toBe('invalid_client');
  });

  it('are made with addresses that can be trusted only, by those who may', async () => {
    for (const uri of [
      'http://evil.example/cb',
      'https://a.example/#x',
      'not a url',
      'https://u:p@a.example/',
    ])
      expect(
        (await hub.admin.call('POST', '/api/clients', { name: 'x', redirectUris: [uri] })).body.code,
      ).toBe('REDIRECT_URI_NOT_ALLOWED');
    expect((await hub.admin.call('POST', '/api/clients', { name: 'x' })).body.code).toBe('VALIDATION_FAILED');
    const { key } = (await hub.admin.call('POST', '/api/keys', { name: 'd', role: 'builder' })).body;
    const builder = createClient(hub.url, key);
    expect((await builder.call('POST', '/api/clients', { name: 'x', redirectUris: [CALLBACK] })).status).toBe(
      403,
    );
    const id = await connect(hub, 'slack');
    expect((await builder.call('POST', '/api/clients', { name: 'x', connectionId: id })).status).toBe(404);
  });

  it('find everything by RFC 8414', async () => {
    const found = (await (await fetch(`${hub.url}/.well-known/oauth-authorization-server`)).json()) as Json;
    expect(found).toMatchObject({
      issuer: hub.url,
      authorization_endpoint: `${hub.url}/oauth2/authorize`,
      token_endpoint: `${hub.url}/oauth2/token`,
      code_challenge_methods_supported: ['S256'],
    });
  });
});

/** As if two minutes had gone by. */
async function twoMinutesLater(): Promise<void> {
  const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
  await sql`update connections set credentials_updated_at = credentials_updated_at - interval '2 minutes'`;
  await sql`update handles set first_used_at = first_used_at - interval '2 minutes',
    superseded_at = superseded_at - interval '2 minutes'`;
  await sql.end();
}
