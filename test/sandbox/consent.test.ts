/** What a user is asked, what their answer grants, and where nobody is sent. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../hub/sandbox/sandbox.ts';
import { mannerOf, MANNERS } from './manners.ts';
import { appOf, ask, authorizeUrl, control, probe, redeem, refresh } from './walk.ts';

const REGISTERED = 'https://hub.example.com/oauth/callback';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, consent: 'ask', redirectUris: [REGISTERED] });
});
afterEach(async () => void (await control(sandbox, 'POST', 'reset')));
afterAll(() => sandbox.close());

const of = (id: string) => ({ app: appOf(sandbox, id), manner: mannerOf(id) });

/** Presses a button of the page as a browser does. @returns what comes back to the client */
async function press(id: string, fields: [string, string][], more: Record<string, string> = {}) {
  const { app, manner } = of(id);
  const body = new URLSearchParams([['scopes_shown', 'yes'], ...fields]);
  const { headers } = await ask(authorizeUrl(app, manner, more), { method: 'POST', body });
  return Object.fromEntries(new URL(headers.get('location') ?? 'none:').searchParams);
}

it.each(MANNERS.map(({ id }) => id))(
  'asks at %s for two accounts and both answers, without scripts',
  async (id) => {
    const { app, manner } = of(id);
    const page = await fetch(authorizeUrl(app, manner));
    const text = await page.text();
    expect(page.status).toBe(200);
    expect(text).toContain('Sandbox — this is not ');
    expect(text.match(/name="account"/g)).toHaveLength(2);
    expect(text).toMatch(/value="allow"[\s\S]*value="deny"/);
    expect(text).not.toMatch(/<script|https?:\/\/(?!localhost)[^"<]*\.(css|js|png)/);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  },
);

it('narrows the grant to the boxes left ticked, where the provider lets its users do so', async () => {
  const scopes = 'https://www.googleapis.com/auth/gmail.modify https://www.googleapis.com/auth/gmail.send';
  const kept = 'https://www.googleapis.com/auth/gmail.send';
  const { app, manner } = of('gmail');
  const { code = '', scope } = await press(
    'gmail',
    [
      ['decision', 'allow'],
      ['scope', kept],
    ],
    { scope: scopes },
  );
  expect(scope).toBe(kept);
  expect((await redeem(app, manner, code)).body.scope).toBe(kept);
});

it('leaves the grant whole where a provider has no such boxes', async () => {
  const { app, manner } = of('discord');
  const { code = '' } = await press('discord', [['decision', 'allow']]);
  expect((await redeem(app, manner, code)).body.scope).toBe(manner.scopes);
});

it('takes everything unticked for a refusal', async () => {
  expect(await press('gmail', [['decision', 'allow']])).toMatchObject({
    error: 'access_denied',
    state: 'state-1',
  });
});

it('grants an optional scope of HubSpot only where it stayed ticked', async () => {
  const { app, manner } = of('hubspot');
  const optional = { optional_scope: 'crm.objects.deals.read crm.objects.deals.write' };
  const ticked: [string, string][] = [
    ['decision', 'allow'],
    ['scope', 'crm.objects.deals.read'],
  ];
  const { code = '' } = await press('hubspot', ticked, optional);
  expect((await redeem(app, manner, code)).body.scopes).toEqual([
    ...manner.scopes.split(' '),
    'crm.objects.deals.read',
  ]);
});

it('connects the account that was chosen', async () => {
  const { app, manner } = of('gmail');
  const [, second] = (await control(sandbox, 'GET', '')).body.standIns.find(
    ({ id }: { id: string }) => id === 'gmail',
  ).accounts;
  const fields: [string, string][] = [
    ['decision', 'allow'],
    ['account', second.id],
    ['scope', manner.scopes],
  ];
  const { code = '' } = await press('gmail', fields);
  const { body } = await redeem(app, manner, code);
  expect((await probe(app, manner, body)).body.emailAddress).toBe(second.email);
});

it('tells a refusal in the provider’s own words', async () => {
  expect(await press('meta-ads', [['decision', 'deny']])).toMatchObject({ error_reason: 'user_denied' });
  expect((await press('outlook', [['decision', 'deny']]))['error_description']).toMatch(/^AADSTS65004/);
  expect(await press('slack', [['decision', 'deny']])).toEqual({ error: 'access_denied', state: 'state-1' });
});

it('answers neither button with a page, not with a grant', async () => {
  const { app, manner } = of('discord');
  const body = new URLSearchParams({ decision: 'perhaps' });
  const answer = await ask(authorizeUrl(app, manner), { method: 'POST', body });
  expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
});

it.each([
  ['an https address that nobody registered', 'https://hub.example.com/other'],
  ['a name that only begins like this machine', 'http://localhost.evil.example/'],
  ['an address with a user name', 'http://localhost@evil.example/'],
  ['an address with a fragment', 'http://localhost:1/#x'],
  ['a script', 'javascript:alert(1)'],
])('sends nobody to %s', async (_what, redirectUri) => {
  const { app, manner } = of('slack');
  for (const method of ['GET', 'POST']) {
    const body = method === 'POST' ? new URLSearchParams({ decision: 'allow' }) : null;
    const answer = await ask(authorizeUrl(app, manner, { redirect_uri: redirectUri }), { method, body });
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  }
});

it('sends people to an address it was given, to the letter', async () => {
  const { app, manner } = of('slack');
  const body = new URLSearchParams({ decision: 'allow' });
  const answer = await ask(authorizeUrl(app, manner, { redirect_uri: REGISTERED }), { method: 'POST', body });
  expect(answer.headers.get('location')).toMatch(/^https:\/\/hub\.example\.com\/oauth\/callback\?code=/);
});

it('writes hostile names and scopes as text', async () => {
  const { app, manner } = of('slack');
  const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
  for (const more of [{ client_id: hostile }, { scope: hostile }, { redirect_uri: hostile }]) {
    const { body } = await ask(authorizeUrl(app, manner, more));
    expect(body).not.toMatch(/<img|<script/);
  }
  const named = await ask(authorizeUrl(app, manner, { client_id: hostile }));
  expect(named.body).toContain('&lt;script&gt;');
});

it('refuses scopes by the provider’s separator: on a page or at the client, as the provider does', async () => {
  const slack = of('slack');
  const spaced = await ask(authorizeUrl(slack.app, slack.manner, { scope: 'chat:write channels:read' }));
  expect([spaced.status, spaced.headers.get('location')]).toEqual([400, null]);
  const discord = of('discord');
  const unknown = await ask(authorizeUrl(discord.app, discord.manner, { scope: 'identify nonsense' }));
  expect(unknown.headers.get('location')).toContain('error=invalid_scope');
});

it('names itself as issuer where Google does, and another one when told to', async () => {
  const scope: [string, string] = ['scope', mannerOf('gmail').scopes];
  const allow: [string, string][] = [['decision', 'allow'], scope];
  expect((await press('gmail', allow))['iss']).toBe(sandbox.url);
  expect(await press('discord', allow)).not.toHaveProperty('iss');
  await control(sandbox, 'PUT', 'discord/behaviour', { wrongIssuer: true });
  expect((await press('discord', allow))['iss']).toBe('https://issuer.invalid');
});

it('decides by itself when told to, for the account it is told', async () => {
  const { app, manner } = of('dropbox');
  await control(sandbox, 'PUT', 'dropbox/behaviour', { consent: 'deny' });
  const denied = await ask(authorizeUrl(app, manner));
  expect(denied.headers.get('location')).toContain('error=access_denied');
  const account = 'dbid:AAAsandbox0000000000000000000000000002';
  await control(sandbox, 'PUT', 'dropbox/behaviour', { consent: 'allow', account });
  const { headers } = await ask(authorizeUrl(app, manner));
  const code = new URL(headers.get('location') ?? 'none:').searchParams.get('code') ?? '';
  expect((await redeem(app, manner, code)).body.account_id).toBe(account);
});

it('refreshes Slack’s user token apart from the bot’s: the reuse of one does not end the other', async () => {
  const { app, manner } = of('slack');
  const { code = '' } = await press('slack', [['decision', 'allow']], { user_scope: 'search:read' });
  const { body } = await redeem(app, manner, code);
  const user = await refresh(app, manner, body.authed_user.refresh_token);
  expect(user.body).toMatchObject({ ok: true, token_type: 'user' });
  expect((await refresh(app, manner, body.authed_user.refresh_token)).body.ok).toBe(false);
  expect((await probe(app, manner, user.body)).body.error).toBe('token_revoked');
  expect((await probe(app, manner, body)).body.ok).toBe(true);
});

it('ends what a code gave when the code comes a second time', async () => {
  const { app, manner } = of('discord');
  const { code = '' } = await press('discord', [['decision', 'allow']]);
  const { body } = await redeem(app, manner, code);
  expect((await redeem(app, manner, code)).body.error).toBe('invalid_grant');
  expect((await probe(app, manner, body)).status).toBe(401);
});
