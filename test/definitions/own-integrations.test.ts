/** Integrations of somebody's own have all that a built-in one has, in every process of the hub at once. */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type RunningApi } from '../../hub/api/start-api.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { createLogger } from '../../hub/log.ts';
import { builder } from '../proxy/provider.ts';
import { createBrowser, createClient, type Client } from '../setup/client.ts';
import { configOf, startHub, type TestHub } from '../setup/hub.ts';
import { startOidcServer, type OidcServer } from '../setup/oidc-server.ts';
import { databasePlaces, hunt, temporalPlaces } from '../setup/secret-hunt.ts';
import {
  credentialsFor,
  oauthDefinition,
  ownDefinitions,
  secrets,
  startOwnProvider,
  type OwnProvider,
} from './provider.ts';

let hub: TestHub;
let second: RunningApi;
let other: Client;
let provider: OwnProvider;
let oidc: OidcServer;
let definitions: ReturnType<typeof ownDefinitions>;

beforeAll(async () => {
  provider = await startOwnProvider();
  definitions = ownDefinitions(provider);
  hub = await startHub();
  oidc = await startOidcServer({ redirectUri: `${hub.url}/oauth/callback` });
  const port = String(await freePort());
  const publicUrl = hub.url;
  const config = configOf({ ...hub.env, HUB_PORT: port, HUB_PUBLIC_URL: publicUrl });
  second = await startApi(config, createLogger('silent'));
  other = createClient(second.url, hub.env['HUB_ADMIN_KEY'] ?? '');
  for (const definition of Object.values(definitions)) {
    const reply = await hub.admin.call('POST', '/api/integrations', definition);
    expect(reply.status, reply.text).toBe(201);
    // Whoever has the answer may go to any process: none of them has to be asked twice.
    expect((await other.call('GET', `/api/integrations/${String(definition['id'])}`)).status).toBe(200);
  }
  const reply = await other.call('POST', '/api/integrations', oauthDefinition(oidc.url));
  expect(reply.status, reply.text).toBe(201);
});
afterAll(async () => {
  await second.close();
  await hub.close();
  provider.close();
  await oidc.close();
});

const KINDS = ['own-key', 'own-pair', 'own-signed'] as const;

describe.each(KINDS)('%s', (integrationId) => {
  const create = (credentials: object) =>
    other.call('POST', '/api/connections', { integrationId, credentials });

  it('is listed with its source, its logo and the form of its credentials', async () => {
    const { body } = await hub.admin.call('GET', `/api/integrations/${integrationId}`);
    expect(body).toMatchObject({ id: integrationId, source: 'api', category: 'Other', status: 'active' });
    const { properties } = Object.values(body.credentialSchemas)[0] as { properties: object };
    expect(Object.keys(properties)).toEqual(Object.keys(credentialsFor[integrationId]));
    const logo = await fetch(`${hub.url}/api/integrations/${integrationId}/logo.svg`);
    expect(await logo.text()).toMatch(/^<svg .*<\/svg>$/);
  });

  it('is connected where the provider takes the credentials, and says who it is', async () => {
    const { status, body, text } = await create(credentialsFor[integrationId]);
    expect(status, text).toBe(201);
    expect(body.connection).toMatchObject({ status: 'connected', account: { id: '7', name: 'Ada' } });
  });

  it('keeps nothing of credentials that the provider refuses', async () => {
    const wrong = Object.fromEntries(
      Object.keys(credentialsFor[integrationId]).map((name) => [name, 'd3Jvbmctd3Jvbmctd3Jvbmc']),
    );
    const { status, body } = await create(wrong);
    expect([status, body.code]).toEqual([422, 'CREDENTIALS_REJECTED']);
  });

  it('is called through the proxy and by a test call, and its health is checked', async () => {
    const { body } = await create(credentialsFor[integrationId]);
    const id = body.connection.id as string;
    const read = await other.call('GET', `/api/connections/${id}/proxy/things?b=2&a=%20x`);
    expect(read.status, read.text).toBe(200);
    const written = await other.call('POST', `/api/connections/${id}/proxy/things`, { title: 'ü' });
    expect(written.status, written.text).toBe(200);
    expect(provider.seen.at(-1)?.body.toString()).toBe('{"title":"ü"}');
    const tried = await other.call('POST', `/api/connections/${id}/request`, { method: 'GET', path: '/me' });
    expect(tried.body).toMatchObject({ status: 200, body: { user: { name: 'Ada' } } });
    const tested = await other.call('POST', `/api/connections/${id}/test`);
    expect(tested.body).toMatchObject({ ok: true });
  });
});

describe('calls that are signed', () => {
  let id: string;
  beforeAll(async () => {
    const credentials = credentialsFor['own-signed'];
    const { body } = await hub.admin.call('POST', '/api/connections', {
      integrationId: 'own-signed',
      credentials,
    });
    id = body.connection.id as string;
  });

  it('carry a signature over bytes that are no text', async () => {
    const bytes = Buffer.from([0, 255, 128, 10, 13, 195]);
    const response = await fetch(`${hub.url}/api/connections/${id}/proxy/upload`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${hub.env['HUB_ADMIN_KEY']}`,
        'content-type': 'application/octet-stream',
      },
      body: bytes,
    });
    expect(response.status).toBe(200);
    expect(provider.seen.at(-1)?.body).toEqual(bytes);
  });

  it('say so where a body is too long to be signed', async () => {
    const response = await fetch(`${hub.url}/api/connections/${id}/proxy/upload`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${hub.env['HUB_ADMIN_KEY']}`,
        'content-type': 'application/octet-stream',
      },
      body: Buffer.alloc(2 * 1024 * 1024),
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      413,
      'PAYLOAD_TOO_LARGE',
    ]);
  });

  it('are made by the hub: there is no token to hand out', async () => {
    const { status, body } = await hub.admin.call('GET', `/api/connections/${id}/token`);
    expect([status, body.code]).toEqual([409, 'CALLS_ARE_SIGNED']);
    expect(body.detail).toContain(`/api/connections/${id}/proxy`);
  });

  it('leave neither secret nor signature in what debug mode keeps, nor anywhere else', async () => {
    const until = new Date(Date.now() + 60_000).toISOString();
    await hub.admin.call('PUT', `/api/connections/${id}/debug`, { until });
    const before = provider.signatures.length;
    expect((await hub.admin.call('GET', `/api/connections/${id}/proxy/me`)).status).toBe(200);
    await expect
      .poll(async () => (await hub.admin.call('GET', `/api/connections/${id}/requests`)).body.data.length)
      .toBeGreaterThan(0);
    const shown = await hub.admin.call('GET', `/api/connections/${id}/requests/har`);
    const signatures = provider.signatures
      .slice(before)
      .map((value, i) => [`signature ${i}`, value] as const);
    expect(signatures.length).toBeGreaterThan(0);
    const all = new Map([...Object.entries(secrets), ...signatures]);
    expect(hunt(all, [{ where: 'HAR', text: shown.text }])).toEqual([]);
    expect(hunt(all, await databasePlaces(hub.env['DATABASE_URL'] ?? ''))).toEqual([]);
    expect(hunt(all, await temporalPlaces(hub.config))).toEqual([]);
  });
});

describe('consent at an issuer that says where its endpoints are', () => {
  it('connects, refreshes with rotation, and revokes', async () => {
    const { clientId, clientSecret } = oidc;
    await hub.admin.call('PUT', '/api/integrations/own-oauth/app', { clientId, clientSecret });
    const made = await other.call('POST', '/api/connections', { integrationId: 'own-oauth' });
    expect(made.status, made.text).toBe(201);
    await createBrowser().open(made.body.authorization.url);
    const id = made.body.connection.id as string;
    const { body } = await hub.admin.call('GET', `/api/connections/${id}`);
    expect(body).toMatchObject({ status: 'connected', account: { id: 'ada', name: 'ada' } });
    const refreshed = await other.call('POST', `/api/connections/${id}/refresh`);
    expect(refreshed.status, refreshed.text).toBe(200);
    expect(oidc.counts).toMatchObject({ refreshes: 1, reuses: 0 });
    expect((await other.call('GET', `/api/connections/${id}/proxy/me`)).body).toMatchObject({ sub: 'ada' });
    expect((await hub.admin.call('DELETE', `/api/connections/${id}`)).status).toBeLessThan(300);
    await expect.poll(() => oidc.counts.revocations).toBe(1);
  });

  it('is refused where the metadata is of somebody else, or there is none', async () => {
    for (const discovery of [`${oidc.url}/nobody`, oidc.url.replace('localhost', '127.0.0.1')]) {
      const definition = { ...oauthDefinition(oidc.url), id: 'own-lost' };
      Object.assign(definition.auth.oauth2, { discovery });
      const { status, body } = await hub.admin.call('POST', '/api/integrations', definition);
      expect([status, body.code]).toEqual([422, 'DISCOVERY_FAILED']);
      expect(body.errors[0].path).toBe('/auth/oauth2/discovery');
    }
  });
});

describe('changes', () => {
  it('are in force in every process when they are answered', async () => {
    const definition = { ...definitions.key, id: 'own-changing', name: 'Before' };
    await hub.admin.call('POST', '/api/integrations', definition);
    for (let round = 0; round < 3; round++) {
      const name = `Round ${round}`;
      const [here, there] = round % 2 === 0 ? [hub.admin, other] : [other, hub.admin];
      const put = await here.call('PUT', '/api/integrations/own-changing', { ...definition, name });
      expect(put.status, put.text).toBe(200);
      expect((await there.call('GET', '/api/integrations/own-changing')).body.name).toBe(name);
    }
    expect((await hub.admin.call('GET', '/api/integrations/own-changing/definition')).body.name).toBe(
      'Round 2',
    );
    expect((await hub.admin.call('DELETE', '/api/integrations/own-changing')).status).toBe(204);
    expect((await other.call('GET', '/api/integrations/own-changing')).status).toBe(404);
    expect((await other.call('POST', '/api/integrations', definition)).status).toBe(201);
    expect((await hub.admin.call('GET', '/api/integrations/own-changing')).body.name).toBe('Before');
  });

  it('never take away what connections need', async () => {
    const definition = { ...definitions.key, id: 'own-needed' };
    await hub.admin.call('POST', '/api/integrations', definition);
    const credentials = credentialsFor['own-key'];
    const made = await hub.admin.call('POST', '/api/connections', {
      integrationId: 'own-needed',
      credentials,
    });
    const id = made.body.connection.id as string;
    const without = { ...definition, auth: { basic: {} } };
    const put = await hub.admin.call('PUT', '/api/integrations/own-needed', without);
    expect([put.status, put.body.code]).toEqual([409, 'INTEGRATION_IN_USE']);
    const gone = await hub.admin.call('DELETE', '/api/integrations/own-needed');
    expect([gone.status, gone.body.code]).toEqual([409, 'INTEGRATION_IN_USE']);
    await hub.admin.call('DELETE', `/api/connections/${id}`);
    expect((await hub.admin.call('DELETE', '/api/integrations/own-needed')).status).toBe(204);
    // What is left of it can still be looked at, and nobody connects it anew.
    const again = await hub.admin.call('POST', '/api/connections', {
      integrationId: 'own-needed',
      credentials,
    });
    expect([again.status, again.body.code]).toEqual([404, 'INTEGRATION_NOT_FOUND']);
  });

  it('of two people who make the same id at once, one is told', async () => {
    const definition = { ...definitions.key, id: 'own-twice' };
    const replies = await Promise.all(
      [hub.admin, other].map((one) => one.call('POST', '/api/integrations', definition)),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('are not for built-in integrations, and not for builders', async () => {
    const definition = { ...definitions.key, id: 'slack' };
    for (const [method, path] of [
      ['POST', '/api/integrations'],
      ['PUT', '/api/integrations/slack'],
      ['DELETE', '/api/integrations/slack'],
    ] as const) {
      const { status, body } = await hub.admin.call(method, path, definition);
      expect([status, body.code]).toEqual([
        409,
        method === 'POST' ? 'INTEGRATION_EXISTS' : 'INTEGRATION_FIXED',
      ]);
    }
    const ada = await builder(hub, 'ada');
    expect((await ada.call('POST', '/api/integrations', definitions.key)).status).toBe(403);
    expect((await ada.call('GET', '/api/integrations/own-key')).status).toBe(200);
  });

  it('that an older hub made and this one does not understand leave the others alone', async () => {
    const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
    await sql`insert into integrations (id, definition) values ('own-broken', '{"id": "own-broken"}')`;
    await sql.end();
    await hub.admin.call('PUT', '/api/integrations/own-pair', { ...definitions.pair, name: 'Still here' });
    expect((await other.call('GET', '/api/integrations/own-pair')).body.name).toBe('Still here');
    expect((await other.call('GET', '/api/integrations/own-broken')).status).toBe(404);
  });
});
