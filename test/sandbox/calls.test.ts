/** Calls beside the probe, and what guards them. */
import { request } from 'node:http';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox, type SandboxApp } from '../../hub/sandbox/sandbox.ts';
import { mannerOf, MANNERS } from './manners.ts';
import { appOf, ask, connect, control, probe, refresh, proofOf, type Json } from './walk.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, consent: 'allow' });
});
afterEach(async () => void (await control(sandbox, 'POST', 'reset')));
afterAll(() => sandbox.close());

type Caller = (method: string, path: string, json?: unknown) => Promise<{ status: number; body: Json }>;

/** Connected with these scopes, calling under the API's base as this provider wants it. */
async function callerOf(
  id: string,
  scopes?: string,
): Promise<{ call: Caller; answer: Json; app: SandboxApp }> {
  const app = appOf(sandbox, id);
  const manner = { ...mannerOf(id), ...(scopes !== undefined && { scopes }) };
  const answer = (await connect(app, manner)).body;
  const base = app.endpoints.apiBaseUrl ?? (answer.instance_url as string);
  const call: Caller = (method, path, json) => {
    const url = new URL(base + path);
    if (id === 'meta-ads') url.searchParams.set('appsecret_proof', proofOf(app, answer.access_token));
    return ask(url.href, {
      method,
      headers: {
        authorization: `Bearer ${answer.access_token}`,
        ...manner.probe.headers,
        ...(id === 'google-ads' && { 'developer-token': String(app.settings?.['developerToken']) }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
  };
  return { call, answer, app };
}

it('pages through HubSpot’s contacts and keeps a new one', async () => {
  const { call } = await callerOf('hubspot', 'oauth crm.objects.contacts.read crm.objects.contacts.write');
  const contacts = '/crm/v3/objects/contacts';
  const first = (await call('GET', `${contacts}?limit=2`)).body;
  expect(first.results).toHaveLength(2);
  const rest = (await call('GET', `${contacts}?limit=2&after=${first.paging.next.after}`)).body;
  expect(rest.results).toHaveLength(1);
  expect(rest.paging).toBeUndefined();
  const made = await call('POST', contacts, { properties: { email: 'new@sandbox.example' } });
  expect(made.status).toBe(201);
  expect((await call('GET', `${contacts}/${made.body.id}`)).body.properties.email).toBe(
    'new@sandbox.example',
  );
});

it('lists HighLevel’s contacts of the token’s own location only', async () => {
  const { call, answer } = await callerOf('gohighlevel');
  expect((await call('GET', `/contacts/?locationId=${answer.locationId}`)).body.contacts).toHaveLength(3);
  expect((await call('GET', '/contacts/?locationId=other')).status).toBe(403);
});

it('answers a Salesforce query, and tells a bad session in a list', async () => {
  const { call } = await callerOf('salesforce');
  const found = await call('GET', '/services/data/v66.0/query?q=SELECT+Id,Name+FROM+Contact');
  expect(found.body).toMatchObject({ totalSize: 3, done: true });
  await control(sandbox, 'POST', 'salesforce/expire');
  const late = await call('GET', '/services/data/v66.0/query?q=SELECT+Id+FROM+Contact');
  expect(late).toMatchObject({ status: 401, body: [{ errorCode: 'INVALID_SESSION_ID' }] });
});

it('sends a Gmail message and lists it, and none without a recipient', async () => {
  const { call } = await callerOf('gmail');
  const messages = '/gmail/v1/users/me/messages';
  const raw = (text: string) => Buffer.from(text).toString('base64url');
  const sent = await call('POST', `${messages}/send`, { raw: raw('To: a@sandbox.example\r\n\r\nHi') });
  expect(sent.status).toBe(200);
  expect((await call('GET', messages)).body.messages[0].id).toBe(sent.body.id);
  expect((await call('POST', `${messages}/send`, { raw: raw('Subject: x\r\n\r\nHi') })).status).toBe(400);
});

it('gives one account’s data to nobody else', async () => {
  const { call } = await callerOf('google-drive');
  await call('POST', '/drive/v3/files', { name: 'mine.txt' });
  const accounts = (await control(sandbox, 'GET', '')).body.standIns.find(
    ({ id }: { id: string }) => id === 'google-drive',
  ).accounts;
  await control(sandbox, 'PUT', 'google-drive/behaviour', { account: accounts[1].id });
  const other = await callerOf('google-drive');
  expect((await call('GET', '/drive/v3/files')).body.files).toHaveLength(4);
  expect((await other.call('GET', '/drive/v3/files')).body.files).toHaveLength(3);
});

it('follows Graph’s next link and takes a message to send', async () => {
  const { call } = await callerOf('outlook', 'offline_access User.Read Mail.Read Mail.Send');
  const first = (await call('GET', '/me/messages?$top=2')).body;
  const next = first['@odata.nextLink'].replace(appOf(sandbox, 'outlook').endpoints.apiBaseUrl, '');
  expect((await call('GET', next)).body.value).toHaveLength(1);
  const message = { subject: 'x', toRecipients: [{ emailAddress: { address: 'a@sandbox.example' } }] };
  expect((await call('POST', '/me/sendMail', { message })).status).toBe(202);
});

it('lists Meta’s campaigns, and creates none without the permission', async () => {
  const reader = await callerOf('meta-ads', 'ads_read');
  const account = (await reader.call('GET', '/me/adaccounts')).body.data[0].id;
  expect((await reader.call('GET', `/${account}/campaigns`)).body.data).toHaveLength(2);
  const refused = await reader.call('POST', `/${account}/campaigns`, { name: 'Mine' });
  expect(refused).toMatchObject({ status: 400, body: { error: { code: 200 } } });
  const manager = await callerOf('meta-ads');
  expect((await manager.call('POST', `/${account}/campaigns`, { name: 'Mine' })).body.id).toMatch(/^\d+$/);
});

it('answers a Google Ads query of an own customer only', async () => {
  const { call } = await callerOf('google-ads');
  const query = { query: 'SELECT campaign.id, campaign.name FROM campaign' };
  const { resourceNames } = (await call('GET', '/v24/customers:listAccessibleCustomers')).body;
  expect((await call('POST', `/v24/${resourceNames[0]}/googleAds:search`, query)).body.results).toHaveLength(
    2,
  );
  expect((await call('POST', '/v24/customers/9999999999/googleAds:search', query)).status).toBe(403);
});

it('lists a Dropbox folder page by page, and calls a missing path an error of the endpoint', async () => {
  const { call } = await callerOf('dropbox');
  const first = (await call('POST', '/2/files/list_folder', { path: '', limit: 2 })).body;
  expect(first).toMatchObject({ has_more: true, entries: [{}, {}] });
  const rest = (await call('POST', '/2/files/list_folder/continue', { cursor: first.cursor })).body;
  expect(rest).toMatchObject({ has_more: false, entries: [{}] });
  const missing = await call('POST', '/2/files/get_metadata', { path: '/nothing' });
  expect(missing).toMatchObject({ status: 409, body: { error_summary: 'path/not_found/..' } });
});

it('posts a Slack message, and names the scope that is missing', async () => {
  const { call } = await callerOf('slack', 'chat:write,channels:history');
  const posted = (await call('POST', '/chat.postMessage', { channel: '#general', text: 'Hi' })).body;
  expect(posted.ok).toBe(true);
  const history = await call('GET', `/conversations.history?channel=${posted.channel}`);
  expect(history.body.messages[0].text).toBe('Hi');
  const missing = await call('GET', '/conversations.list');
  expect(missing).toMatchObject({ status: 200, body: { error: 'missing_scope', needed: 'channels:read' } });
});

it('takes a Discord message from the bot and not from a user', async () => {
  const { call, app } = await callerOf('discord');
  const channel = '/channels/1300000000000000001/messages';
  expect((await call('POST', channel, { content: 'Hi' })).status).toBe(401);
  const headers = {
    authorization: `Bot ${sandbox.staticKeys()['discord'] ?? ''}`,
    'user-agent': 'DiscordBot (https://example.com, 1.0)',
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ content: 'Hi' });
  const posted = await ask(`${app.endpoints.apiBaseUrl}${channel}`, { method: 'POST', headers, body });
  expect(posted.body).toMatchObject({ content: 'Hi' });
});

it.each(MANNERS)('answers $id’s rate limits, outages and unknown paths in its own shape', async (manner) => {
  const app = appOf(sandbox, manner.id);
  const { body } = await connect(app, manner);
  const switched = async (mode: string) => {
    await control(sandbox, 'PUT', `${manner.id}/behaviour`, { api: mode, token: mode, retryAfter: 120 });
    const answers = [await probe(app, manner, body), await refresh(app, manner, 'made-up')];
    await control(sandbox, 'PUT', `${manner.id}/behaviour`, {});
    return answers.map(({ status }) => status);
  };
  // Salesforce answers 403 to calls, Meta 400 to both: neither knows the number 429 here.
  const limits: { [id: string]: number[] } = { salesforce: [403, 429], 'meta-ads': [400, 400] };
  expect(await switched('rate_limited')).toEqual(limits[manner.id] ?? [429, 429]);
  expect(await switched('down')).toEqual([503, 503]);
  const lost = await ask(`${sandbox.url}/${manner.id}/no/such/path`);
  expect(JSON.stringify(lost.body)).not.toContain('FST_ERR');
  expect(lost.status).not.toBe(500);
});

it('notices whether credentials follow a redirect to another origin', async () => {
  const { app, answer } = await callerOf('gmail');
  await control(sandbox, 'PUT', 'gmail/behaviour', { api: 'redirect' });
  const { headers } = await probe(app, mannerOf('gmail'), answer);
  const elsewhere = headers.get('location') ?? '';
  expect(new URL(elsewhere).origin).not.toBe(sandbox.url);
  await ask(elsewhere, { headers: { authorization: 'Bearer x' } });
  const { counts } = (await control(sandbox, 'GET', 'gmail/ledger')).body;
  expect(counts).toMatchObject({ strayed: 1, strayedWithCredentials: 1 });
});

it('answers what it is told to, so that any error of a provider can be had', async () => {
  const { app, answer } = await callerOf('outlook');
  const told = { status: 400, body: { error: 'invalid_grant', error_description: 'AADSTS50076: …' } };
  await control(sandbox, 'PUT', 'outlook/behaviour', { token: { mode: 'answer', answer: told, times: 1 } });
  expect(await refresh(app, mannerOf('outlook'), answer.refresh_token)).toMatchObject(told);
});

it('takes a key back when its owner does', async () => {
  const { app } = await callerOf('hubspot');
  const key = sandbox.staticKeys()['hubspot'];
  await control(sandbox, 'PUT', 'hubspot/behaviour', { staticKeyRevoked: true });
  expect((await probe(app, mannerOf('hubspot'), {}, key)).status).toBe(401);
});

it('shows what it is, its keys and its switches on its first page', async () => {
  const page = await (await fetch(sandbox.url)).text();
  expect(page).toContain('Sandbox');
  for (const key of Object.values(sandbox.staticKeys())) expect(page).toContain(key);
  for (const { integrationId } of sandbox.apps()) expect(page).toContain(`/${integrationId}`);
  expect(page).toContain('/_sandbox/:id/behaviour');
});

it('lets no page of another site switch, and answers to no other name', async () => {
  const crossSite = await fetch(`${sandbox.url}/_sandbox/reset`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'cross-site' },
  });
  expect(crossSite.status).toBe(403);
  // fetch does not let a host name be made up.
  const made = request({
    port: sandbox.port,
    path: '/_sandbox/apps',
    headers: { host: 'evil.example' },
  }).end();
  const [response] = (await once(made, 'response')) as [{ statusCode: number; resume: () => void }];
  response.resume();
  expect(response.statusCode).toBe(421);
});
