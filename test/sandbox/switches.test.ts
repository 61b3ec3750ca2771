/** The switches that make a stand-in misbehave, and what it remembers. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { startSandbox, type Sandbox } from '../../hub/sandbox/sandbox.ts';
import { mannerOf } from './manners.ts';
import { appOf, authorizeUrl, ask, connect, control, probe, refresh } from './walk.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, consent: 'ask', stateFile: null });
});
afterEach(async () => void (await control(sandbox, 'POST', 'reset')));
afterAll(() => sandbox.close());

const manner = mannerOf('discord');
const app = () => appOf(sandbox, 'discord');
const behave = (body: unknown) => control(sandbox, 'PUT', 'discord/behaviour', body);

it.each([
  ['down', 503],
  ['rate_limited', 429],
  ['redirect', 302],
])('answers %s once and is itself again', async (mode, status) => {
  const { body } = await connect(app(), manner);
  await behave({ token: mode, api: mode, times: 1, retryAfter: 7 });
  const call = await probe(app(), manner, body);
  expect(call.status).toBe(status);
  if (mode === 'rate_limited') expect(call.body.retry_after).toBe(7);
  expect((await refresh(app(), manner, body.refresh_token)).status).toBe(status);
  expect((await probe(app(), manner, body)).status).toBe(200);
  expect((await refresh(app(), manner, body.refresh_token)).status).toBe(200);
});

it('answers garbage that is no JSON, and megabytes', async () => {
  const { body } = await connect(app(), manner);
  await behave({ api: 'garbage' });
  expect((await probe(app(), manner, body)).body).toMatch(/^<!doctype/);
  await behave({ api: 'huge', megabytes: 3 });
  expect(JSON.stringify((await probe(app(), manner, body)).body).length).toBeGreaterThan(3_000_000);
});

it('cuts the connection at once without spending the token', async () => {
  const { body } = await connect(app(), manner);
  await behave({ token: 'refuse', times: 1 });
  await expect(refresh(app(), manner, body.refresh_token)).rejects.toThrow();
  expect((await refresh(app(), manner, body.refresh_token)).status).toBe(200);
});

it('spends the token and loses the answer', async () => {
  const { body } = await connect(app(), manner);
  await behave({ dropAfterProcessing: 1 });
  await expect(refresh(app(), manner, body.refresh_token)).rejects.toThrow();
  expect((await refresh(app(), manner, body.refresh_token)).body.error).toBe('invalid_grant');
});

it('keeps an answer back until it is released, the token being spent meanwhile', async () => {
  const { body } = await connect(app(), manner);
  await behave({ holdAnswers: true });
  const waiting = refresh(app(), manner, body.refresh_token);
  await vi.waitFor(async () =>
    expect((await control(sandbox, 'GET', 'discord/behaviour')).body.held).toBe(1),
  );
  const introspect = () => control(sandbox, 'POST', 'discord/introspect', { token: body.refresh_token });
  expect((await introspect()).body.active).toBe(false);
  await control(sandbox, 'POST', 'discord/release');
  expect((await waiting).status).toBe(200);
});

it('does not answer while it hangs, and closes all the same', async () => {
  const own = await startSandbox({ port: 0, consent: 'allow', stateFile: null });
  await control(own, 'PUT', 'discord/behaviour', { api: 'hang' });
  const asked = ask(`${own.url}/discord/api/v10/users/@me`).catch(() => 'cut');
  await vi.waitFor(async () =>
    expect((await control(own, 'GET', 'discord/ledger')).body.counts.calls).toBe(1),
  );
  await own.close();
  expect(await asked).toBe('cut');
});

it('grants less than was asked, for as long as it is told, without a refresh token', async () => {
  await behave({ narrowScopes: ['identify'], accessTokenLifetime: 60, omitRefreshToken: true });
  const { body } = await connect(app(), manner);
  expect(body).toMatchObject({ scope: 'identify', expires_in: 60 });
  expect(body).not.toHaveProperty('refresh_token');
  const guilds = {
    ...manner,
    probe: { ...manner.probe, url: () => `${app().endpoints.apiBaseUrl}/users/@me/guilds` },
  };
  expect((await probe(app(), guilds, body)).status).toBe(403);
});

it('refuses a switch that it does not know', async () => {
  expect((await behave({ token: 'sulk' })).status).toBe(400);
  expect((await control(sandbox, 'PUT', 'nobody/behaviour', {})).status).toBe(404);
});

it('counts the requests to its token endpoint and the tokens used again', async () => {
  const { body } = await connect(app(), manner);
  await refresh(app(), manner, body.refresh_token);
  await refresh(app(), manner, body.refresh_token);
  const { counts } = (await control(sandbox, 'GET', 'discord/ledger')).body;
  expect(counts).toMatchObject({ tokenRequests: 3, reused: 1, familiesRevoked: 1 });
});

it('shows a consent page that lets nothing in, and redirects only where it may', async () => {
  const page = await fetch(authorizeUrl(app(), manner, { state: '"><script>alert(1)</script>' }));
  const text = await page.text();
  expect(text).toContain('this is not Discord');
  expect(text).toMatch(/name="decision" value="allow"[\s\S]*name="decision" value="deny"/);
  expect(text).not.toContain('<script');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  for (const wrong of [
    { redirect_uri: 'http://evil.example/' },
    { client_id: '<b>x</b>' },
    { redirect_uri: 'javascript:x' },
  ]) {
    const refused = await ask(authorizeUrl(app(), manner, wrong));
    expect(refused.status).toBe(400);
    expect(refused.headers.get('location')).toBeNull();
    expect(refused.body).not.toContain('<b>x');
  }
  const denied = await ask(authorizeUrl(app(), manner), {
    method: 'POST',
    body: new URLSearchParams({ decision: 'deny' }),
  });
  const location = new URL(denied.headers.get('location') ?? 'none:');
  expect(Object.fromEntries(location.searchParams)).toMatchObject({
    error: 'access_denied',
    state: 'state-1',
  });
});

it('keeps tokens, secrets and keys through a restart, in a file for its owner only', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-'));
  const stateFile = path.join(folder, 'sandbox.json');
  const open = () => startSandbox({ port: 0, consent: 'ask', stateFile });
  try {
    const before = await open();
    const { body } = await connect(appOf(before, 'slack'), mannerOf('slack'));
    const keys = before.staticKeys();
    await before.close();
    expect(statSync(stateFile).mode & 0o777).toBe(0o600);
    const after = await open();
    const slack = appOf(after, 'slack');
    expect((await probe(slack, mannerOf('slack'), body)).body.ok).toBe(true);
    expect((await refresh(slack, mannerOf('slack'), body.refresh_token)).body.ok).toBe(true);
    expect(after.staticKeys()).toEqual(keys);
    await after.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
