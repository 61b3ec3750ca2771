/** Vendors' own SDKs through the proxy: nothing is changed but their base address, and their token is a hub key. */
import { gmail } from '@googleapis/gmail';
import { drive } from '@googleapis/drive';
import { Client as HubSpot } from '@hubspot/api-client';
import { SimplePublicObjectInputForCreate as Contact } from '@hubspot/api-client/lib/codegen/crm/contacts/index.js';
import {
  Client as Graph,
  HTTPMessageHandler,
  PageIterator,
  type Context,
  type Middleware,
} from '@microsoft/microsoft-graph-client';
import { REST } from '@discordjs/rest';
import { WebClient } from '@slack/web-api';
import { Dropbox } from 'dropbox';
import { Connection as Salesforce } from 'jsforce';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ScriptedAnswer } from '../../hub/sandbox/script.ts';
import type { Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { builder, connect } from './provider.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let key: string;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  hub = await startHub();
  await setUpApps(hub.admin, sandbox);
  ({ key } = await builder(hub, 'admin'));
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});
beforeEach(async () => void (await sandbox.control('POST', '/reset')));

/** The two lines that an SDK needs: this address, and the hub key for a token. */
const proxyOf = (id: string) => `${hub.url}/api/connections/${id}/proxy`;
const script = (integrationId: string, answers: ScriptedAnswer[]) =>
  sandbox.control('PUT', `/${integrationId}/script`, { answers });
const asked = async (integrationId: string): Promise<Json[]> =>
  (await sandbox.control('GET', `/${integrationId}/script`)).requests;

/** Every call came with the connection's token, and the hub key came nowhere. */
async function expectOwnTokenOnly(integrationId: string): Promise<void> {
  const { calls } = await sandbox.control('GET', `/${integrationId}/ledger`);
  expect(JSON.stringify(calls)).not.toContain(key);
  expect(JSON.stringify(await asked(integrationId))).not.toContain(key);
}

describe('@slack/web-api', () => {
  it('reads, writes and pages', async () => {
    const slack = new WebClient(key, { slackApiUrl: `${proxyOf(await connect(hub.admin, 'slack'))}/` });
    expect(await slack.auth.test()).toMatchObject({ ok: true, team: 'Sandbox One' });
    const channels: Json[] = [];
    for await (const page of slack.paginate('conversations.list', { limit: 1 }))
      channels.push(...(page as Json)['channels']);
    expect(channels.map(({ name }) => name as unknown)).toEqual(['general', 'random', 'sandbox']);
    const sent = await slack.chat.postMessage({ channel: channels[0]?.['id'], text: 'hi' });
    expect(sent).toMatchObject({ ok: true, message: { text: 'hi' } });
    await expectOwnTokenOnly('slack');
  });
});

describe('@hubspot/api-client', () => {
  it('reads, writes and pages', async () => {
    const id = await connect(hub.admin, 'hubspot');
    const hubspot = new HubSpot({ accessToken: key, basePath: proxyOf(id) });
    const contacts = hubspot.crm.contacts;
    const made = await contacts.basicApi.create(
      Object.assign(new Contact(), { properties: { firstname: 'Ada' } }),
    );
    expect(made.properties['firstname']).toBe('Ada');
    expect((await contacts.basicApi.getById(made.id)).id).toBe(made.id);
    const all = await contacts.getAll(1);
    expect(all.map((one) => one.id)).toContain(made.id);
    expect(all.length).toBeGreaterThan(1);
    await expectOwnTokenOnly('hubspot');
  });
});

describe('jsforce', () => {
  it('reads, writes and pages', async () => {
    const id = await connect(hub.admin, 'salesforce');
    const salesforce = new Salesforce({ instanceUrl: proxyOf(id), accessToken: key, version: '66.0' });
    const made = await salesforce.sobject('Contact').create({ LastName: 'Lovelace' });
    expect(made).toMatchObject({ success: true });
    const { records } = await salesforce.query('SELECT Id, Name FROM Contact');
    expect(records.map((one) => one['Name'] as unknown)).toContain('Lovelace');

    const path = '/services/data/v66.0/query';
    await script('salesforce', [
      {
        method: 'GET',
        path,
        body: { done: false, totalSize: 2, nextRecordsUrl: `${path}/01g-2`, records: [{ Id: '1' }] },
      },
      { method: 'GET', path: `${path}/01g-2`, body: { done: true, totalSize: 2, records: [{ Id: '2' }] } },
    ]);
    const all = await salesforce.query('SELECT Id FROM Contact', { autoFetch: true, maxFetch: 10 });
    expect(all.records.map((one) => one['Id'] as unknown)).toEqual(['1', '2']);
    await expectOwnTokenOnly('salesforce');
  });
});

describe('googleapis', () => {
  it('Gmail reads, writes and pages', async () => {
    const rootUrl = `${proxyOf(await connect(hub.admin, 'gmail'))}/`;
    // Given to the API as a whole, rootUrl loses its path; given to each call it is kept.
    const at = { rootUrl };
    const { users } = gmail({ version: 'v1', headers: { authorization: `Bearer ${key}` } });
    expect((await users.getProfile({ userId: 'me' }, at)).data.emailAddress).toContain('@');
    const raw = Buffer.from('To: a@example.com\r\nSubject: hi\r\n\r\nhello').toString('base64url');
    const sent = await users.messages.send({ userId: 'me', requestBody: { raw } }, at);
    expect(sent.data.labelIds).toEqual(['SENT']);
    const ids: unknown[] = [];
    let pageToken: string | undefined;
    do {
      const { data } = await users.messages.list(
        { userId: 'me', maxResults: 1, ...(pageToken && { pageToken }) },
        at,
      );
      ids.push(...(data.messages ?? []).map((one) => one.id));
      pageToken = data.nextPageToken ?? undefined;
    } while (pageToken);
    expect(ids).toContain(sent.data.id);
    expect(ids.length).toBeGreaterThan(1);
    await expectOwnTokenOnly('gmail');
  });

  it('Drive reads, writes and pages', async () => {
    const at = { rootUrl: `${proxyOf(await connect(hub.admin, 'google-drive'))}/` };
    const { about, files } = drive({ version: 'v3', headers: { authorization: `Bearer ${key}` } });
    expect((await about.get({ fields: 'user' }, at)).data.user?.displayName).toBeTruthy();
    const made = await files.create({ requestBody: { name: 'notes.txt' } }, at);
    const names: unknown[] = [];
    let pageToken: string | undefined;
    do {
      const { data } = await files.list({ pageSize: 1, ...(pageToken && { pageToken }) }, at);
      names.push(...(data.files ?? []).map(({ name }) => name));
      pageToken = data.nextPageToken ?? undefined;
    } while (pageToken);
    expect(names).toContain('notes.txt');
    expect(made.data.name).toBe('notes.txt');
    expect(names.length).toBeGreaterThan(1);
    await expectOwnTokenOnly('google-drive');
  });
});

/**
 * The client's own authentication sends nothing over plain http, and Graph's links to further pages name Graph: this
 * leads them to the hub, and its key nowhere else.
 */
function throughHub(base: string, apiBaseUrl: string): Middleware {
  const send = new HTTPMessageHandler();
  return {
    execute(context: Context) {
      // The last: over http the client takes a link for a path, and puts it behind its own base.
      const request = String(context.request);
      const at = request.lastIndexOf(apiBaseUrl);
      context.request = at < 0 ? request : base + request.slice(at + apiBaseUrl.length);
      const headers = {
        ...(context.options?.headers as Record<string, string>),
        authorization: `Bearer ${key}`,
      };
      context.options = { ...context.options, headers };
      return send.execute(context);
    },
  };
}

describe('@microsoft/microsoft-graph-client', () => {
  it('reads, writes and pages', async () => {
    const id = await connect(hub.admin, 'outlook');
    const base = proxyOf(id);
    const { apiBaseUrl } = (await hub.admin.call('GET', `/api/connections/${id}/token`)).body;
    const graph = Graph.initWithMiddleware({ baseUrl: base, middleware: throughHub(base, apiBaseUrl) });
    expect((await graph.api('/me').get())['mail']).toContain('@');
    await graph.api('/me/sendMail').post({
      message: { subject: 'hi', toRecipients: [{ emailAddress: { address: 'a@example.com' } }] },
    });
    const subjects: unknown[] = [];
    const first = await graph.api('/me/messages').top(1).get();
    await new PageIterator(graph, first, ({ subject }: Json) => {
      subjects.push(subject);
      return true;
    }).iterate();
    expect(subjects.length).toBeGreaterThan(1);
    await expectOwnTokenOnly('outlook');
  });
});

describe('@discordjs/rest', () => {
  it.each(['Bot', 'Bearer'] as const)('reads, writes and pages, saying %s', async (authPrefix) => {
    const made = await hub.admin.call('POST', '/api/connections', {
      integrationId: 'discord',
      authType: 'api_key',
      credentials: { apiKey: sandbox.staticKeys()['discord'] },
    });
    const id = made.body.connection.id as string;
    const rest = new REST({ api: proxyOf(id), version: '10', authPrefix }).setToken(key);
    expect(await rest.get('/users/@me')).toMatchObject({ bot: true });
    const channel = '/channels/1300000000000000001/messages' as const;
    expect(await rest.post(channel, { body: { content: 'hi' } })).toMatchObject({ content: 'hi' });
    const path = `/api/v10${channel}`;
    await script('discord', [
      { method: 'GET', path, body: [{ id: '2' }] },
      { method: 'GET', path, body: [{ id: '1' }] },
      { method: 'GET', path, body: [] },
    ]);
    const ids: string[] = [];
    for (let before: string | undefined; ;) {
      const query = new URLSearchParams({ limit: '1', ...(before && { before }) });
      const page = (await rest.get(channel, { query })) as { id: string }[];
      if (page.length === 0) break;
      ids.push(...page.map((one) => one.id));
      before = ids.at(-1);
    }
    expect(ids).toEqual(['2', '1']);
    expect((await asked('discord')).map(({ query }) => query as unknown)).toEqual([
      [['limit', '1']],
      [
        ['limit', '1'],
        ['before', '2'],
      ],
      [
        ['limit', '1'],
        ['before', '1'],
      ],
    ]);
    await expectOwnTokenOnly('discord');
  });
});

describe('dropbox', () => {
  it('reads, writes and pages, files included', async () => {
    const proxy = proxyOf(await connect(hub.admin, 'dropbox'));
    // Its addresses are made of host names: each is led to the hub as the call goes out.
    const throughHub = (url: string, init: RequestInit) => {
      const { hostname, pathname } = new URL(url);
      const headers = new Headers(init.headers);
      if (hostname === 'content.dropboxapi.com') headers.set('hub-api-base', 'content');
      return fetch(proxy + pathname, { ...init, headers });
    };
    const dropbox = new Dropbox({ accessToken: key, fetch: throughHub });
    // An RPC call without an argument has no body, and Dropbox wants no content type then.
    expect((await dropbox.usersGetCurrentAccount()).result).toMatchObject({ email: /@/ });
    const made = await dropbox.filesCreateFolderV2({ path: '/made' });
    expect(made.result.metadata).toMatchObject({ path_display: '/made' });
    const entry = (name: string) => ({ '.tag': 'file', name, id: `id:${name}` });
    await script('dropbox', [
      {
        method: 'POST',
        path: '/2/files/list_folder',
        body: { entries: [entry('a')], cursor: 'next', has_more: true },
      },
      {
        method: 'POST',
        path: '/2/files/list_folder/continue',
        body: { entries: [entry('b')], cursor: 'end', has_more: false },
      },
      { method: 'POST', path: '/2/files/upload', body: entry('c') },
    ]);
    let { result } = await dropbox.filesListFolder({ path: '', limit: 1 });
    const names = result.entries.map(({ name }) => name);
    while (result.has_more) {
      ({ result } = await dropbox.filesListFolderContinue({ cursor: result.cursor }));
      names.push(...result.entries.map(({ name }) => name));
    }
    expect(names).toEqual(['a', 'b']);
    expect((await dropbox.filesUpload({ path: '/c', contents: 'bytes' })).result).toMatchObject({
      name: 'c',
    });
    expect((await asked('dropbox')).at(-1)).toMatchObject({ body: { text: 'bytes' } });
    await expectOwnTokenOnly('dropbox');
  });
});

describe('the hub key', () => {
  it.each([
    ['as a query parameter, twice', { path: '?access_token=KEY&limit=2&token=KEY' }],
    ['percent-encoded', { path: '?limit=2&access_token=%KEY' }],
    ['in X-API-Key', { path: '?limit=2', headers: { 'x-api-key': 'KEY' } }],
    ['with a scheme of its own', { path: '?limit=2', headers: { authorization: 'Bot KEY' } }],
    [
      'in the header and in the address',
      { path: '?limit=2&access_token=KEY', headers: { authorization: 'Bearer KEY' } },
    ],
  ])(
    'is taken %s, and goes nowhere',
    async (_name, { path, headers = {} }: { path: string; headers?: object }) => {
      const id = await connect(hub.admin, 'hubspot');
      await script('hubspot', [{ method: 'GET', path: '/crm/v3/objects/contacts', body: { results: [] } }]);
      const encoded = Array.from(key, (one) => `%${one.charCodeAt(0).toString(16)}`).join('');
      const filled = path.replace('%KEY', encoded).replaceAll('KEY', key);
      const response = await fetch(`${proxyOf(id)}/crm/v3/objects/contacts${filled}`, {
        headers: JSON.parse(JSON.stringify(headers).replace('KEY', key)) as Record<string, string>,
      });
      expect(response.status).toBe(200);
      expect((await asked('hubspot')).map(({ query }) => query as unknown)).toEqual([[['limit', '2']]]);
      await expectOwnTokenOnly('hubspot');
    },
  );

  it('is asked for where there is none, and a wrong one is no right', async () => {
    const id = await connect(hub.admin, 'hubspot');
    for (const path of ['', '?access_token=', '?access_token=wrong', '?other=x'])
      expect((await fetch(`${proxyOf(id)}/crm/v3/objects/contacts${path}`)).status).toBe(401);
  });
});
