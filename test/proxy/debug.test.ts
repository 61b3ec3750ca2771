/** Debug mode: what it shows of a connection's requests, and that no secret is in what it keeps or shows. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedactor, REDACTED } from '../../hub/traces/redaction.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';
import { createClient, type Client, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { hunt, databasePlaces } from '../setup/secret-hunt.ts';
import { builder, connect, serveApiAt, startProvider, type Provider } from './provider.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let provider: Provider;
let ada: Client;
let id: string;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  provider = await startProvider();
  ada = await builder(hub, 'ada');
  id = await connect(ada, 'dropbox');
  await serveApiAt(hub, sandbox, 'dropbox', provider.url);
});
afterAll(async () => {
  provider.close();
  await hub.close();
  await sandbox.close();
});

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const debug = (until: string | null, client = ada) =>
  client.call('PUT', `/api/connections/${id}/debug`, { until });
const forget = () => ada.call('DELETE', `/api/connections/${id}/requests`);

/** Written a moment later. */
async function traced(count: number, client = ada): Promise<Json[]> {
  await expect
    .poll(async () => (await client.call('GET', `/api/connections/${id}/requests`)).body.data.length, {
      timeout: 10_000,
    })
    .toBe(count);
  return (await client.call('GET', `/api/connections/${id}/requests`)).body.data as Json[];
}

type Wish = { method?: string; headers?: Record<string, string>; body?: string };
const through = (path: string, init: Wish = {}) =>
  fetch(`${hub.url}/api/connections/${id}/proxy${path}`, {
    ...init,
    headers: { authorization: `Bearer ${ada.key}`, ...init.headers },
  });

describe('debug mode', () => {
  it('is off until somebody asks for it, for a day at most, and not for somebody else', async () => {
    provider.answer((response) => response.end('{}'));
    await (await through('/before')).text();
    expect((await ada.call('GET', `/api/connections/${id}`)).body.debugUntil).toBeNull();
    for (const until of [new Date(Date.now() - 1000), new Date(Date.now() + 25 * 3_600_000)]) {
      const answer = await debug(until.toISOString());
      expect(answer.status).toBe(400);
      expect(answer.body.errors[0].path).toBe('/body/until');
    }
    const bob = await builder(hub, 'bob');
    expect((await debug(inAnHour(), bob)).status).toBe(404);
    expect((await bob.call('GET', `/api/connections/${id}/requests`)).status).toBe(404);
    const until = inAnHour();
    expect((await debug(until)).body.debugUntil).toBe(until);
    expect((await ada.call('GET', `/api/connections/${id}/requests`)).body.data).toEqual([]);
  });

  it('shows a request and its answer, with sizes and times by phase', async () => {
    await debug(inAnHour());
    await forget();
    provider.answer((response) =>
      response.writeHead(201, { 'content-type': 'application/json', 'x-told': 'yes' }).end('{"id":"made"}'),
    );
    const answer = await through('/things?colour=red', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Grace"}',
    });
    expect(await answer.text()).toBe('{"id":"made"}');
    const [one] = await traced(1);
    expect(one).toMatchObject({
      kind: 'call',
      attempt: 1,
      method: 'POST',
      url: `${provider.url}/things?colour=red`,
      request: { body: { bytes: 16, text: '{"name":"Grace"}', truncated: false, omitted: null } },
      response: { status: 201, body: { bytes: 13, text: '{"id":"made"}' } },
      error: null,
      outcome: 'ok',
    });
    expect(one?.['request'].headers).toContainEqual({ name: 'authorization', value: REDACTED });
    expect(one?.['response'].headers).toContainEqual({ name: 'x-told', value: 'yes' });
    const { blocked, send, wait, receive } = one?.['phases'] as Record<string, number | null>;
    for (const ms of [blocked, send, wait, receive]) expect(ms).toBeGreaterThanOrEqual(0);
  });

  it('shows an expired token’s refusal, its renewal, and the call again', async () => {
    await forget();
    provider.answer((response, seen, count) =>
      count === 1
        ? response
            .writeHead(401, { 'content-type': 'application/json' })
            .end('{"error_summary":"expired_access_token/."}')
        : response.end(seen.url),
    );
    expect((await through('/again')).status).toBe(200);
    const shown = await traced(3);
    expect(shown.map(({ kind, attempt, outcome }) => [kind, attempt, outcome]).sort()).toEqual([
      ['call', 1, 'repeated'],
      ['call', 2, 'ok'],
      ['token', 1, 'tokens'],
    ]);
    const first = shown.find(({ outcome }) => outcome === 'repeated');
    expect(first?.['response'].body.text).toContain('expired_access_token');
    const token = shown.find(({ kind }) => kind === 'token');
    expect(token?.['request'].body).toMatchObject({ text: null, omitted: 'secret' });
    expect(token?.['response'].body).toMatchObject({ text: null, omitted: 'secret' });
  });

  it('shows the test of the connection, an answer that breaks off, and none at all', async () => {
    await forget();
    provider.answerAtOnce((_request, response) => {
      response.writeHead(200, { 'content-length': '100', 'content-type': 'text/plain' });
      response.write('half', () => response.destroy());
    });
    await expect(through('/half').then((answer) => answer.text())).rejects.toThrow();
    provider.answerAtOnce((request) => request.socket.destroy());
    expect((await through('/none')).status).toBe(504);
    const [none, half] = await traced(2);
    expect(half).toMatchObject({ outcome: 'unanswered', response: { status: 200, body: { text: 'half' } } });
    expect(half?.['error']).not.toBeNull();
    expect(none).toMatchObject({ outcome: 'unanswered', response: null });
    await serveApiAt(hub, sandbox, 'dropbox');
    await forget();
    expect((await ada.call('POST', `/api/connections/${id}/test`)).body.ok).toBe(true);
    expect(await traced(1)).toMatchObject([{ kind: 'probe', outcome: 'ok', response: { status: 200 } }]);
    await serveApiAt(hub, sandbox, 'dropbox', provider.url);
  });

  it('cuts long bodies, keeps no bytes that are no text, and reads packed ones', async () => {
    await forget();
    const answers: [string, Buffer, Record<string, string>][] = [
      ['/long', Buffer.from('x'.repeat(300_000)), { 'content-type': 'text/plain' }],
      ['/bytes', Buffer.from([0, 1, 2, 255]), { 'content-type': 'image/png' }],
      ['/packed', gzipSync('{"a":1}'), { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
    ];
    provider.answer((response, { url }) => {
      const [, body, headers] = answers.find(([path]) => path === url) ?? ['', Buffer.alloc(0), {}];
      response.writeHead(200, headers).end(body);
    });
    for (const [path] of answers) await (await through(path)).arrayBuffer();
    const bodies = (await traced(3)).reverse().map(({ response }) => response.body);
    expect(bodies[0]).toMatchObject({ bytes: 300_000, truncated: true, omitted: null });
    expect(bodies[0].text).toHaveLength(64 * 1024);
    expect(bodies[1]).toMatchObject({ bytes: 4, text: null, omitted: 'binary' });
    expect(bodies[2]).toMatchObject({ text: '{"a":1}', truncated: false });
  });

  it('shows operators all but the bodies, and everybody a HAR file', async () => {
    await forget();
    provider.answer((response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('private'));
    await (await through('/har')).text();
    await traced(1);
    const { body } = await hub.admin.call('POST', '/api/keys', {
      name: 'olga',
      role: 'operator',
      userId: 'olga',
    });
    const olga = createClient(hub.url, body.key as string);
    const [seen] = await traced(1, olga);
    expect(seen?.['response'].body).toMatchObject({ bytes: 7, text: null, omitted: 'forbidden' });
    const har = await ada.call('GET', `/api/connections/${id}/requests/har`);
    expect(har.headers.get('content-disposition')).toContain(`connection-${id}.har`);
    expect(har.body.log).toMatchObject({
      version: '1.2',
      entries: [{ request: { method: 'GET' }, response: { status: 200, content: { text: 'private' } } }],
    });
    expect((await olga.call('GET', `/api/connections/${id}/requests/har`)).text).not.toContain('private');
  });

  it('ends by itself', async () => {
    await forget();
    await debug(new Date(Date.now() + 400).toISOString());
    await expect
      .poll(async () => (await ada.call('GET', `/api/connections/${id}`)).body.debugUntil)
      .toBeNull();
    await (await through('/after')).text();
    await debug(inAnHour());
    await (await through('/later')).text();
    expect((await traced(1))[0]?.['url']).toContain('/later');
  });
});

describe('secrets', () => {
  it('are in nothing that is kept or shown, wherever in a request or an answer they are', async () => {
    await debug(inAnHour());
    await forget();
    const { body: token } = await ada.call('GET', `/api/connections/${id}/token`);
    const app = sandbox.apps().find(({ integrationId }) => integrationId === 'dropbox');
    const secrets = new Map<string, string>([
      ['access token', token.accessToken as string],
      ['hub key', ada.key],
      ['client secret', app?.clientSecret as string],
    ]);
    const all = [...secrets.values()].join(' ');
    const forms = (text: string) => [
      text,
      encodeURIComponent(text),
      new URLSearchParams({ any: text }).toString(),
      JSON.stringify({ any: { name: text } }),
      JSON.stringify(JSON.stringify({ any: text })),
      Buffer.from(text).toString('base64'),
      Buffer.from(`x:${text}`).toString('base64'),
      Buffer.from(`xy${text}`).toString('base64url'),
      Buffer.from(text).toString('hex'),
      text.replaceAll('/', '\\/').replaceAll('-', '\\u002d').replaceAll('_', '\\u005F'),
    ];
    const spread = forms(all).join('\n');
    provider.answer((response) =>
      response
        .writeHead(200, {
          'content-type': 'text/plain',
          'x-echo': encodeURIComponent(all),
          'x-token': 'abcd',
        })
        .end(spread),
    );
    await (
      await through(`/echo/${encodeURIComponent(all)}?q=${encodeURIComponent(all)}`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', 'x-note': encodeURIComponent(all) },
        body: spread,
      })
    ).text();
    // At the very end of what is shown, too.
    const edge = 'y'.repeat(64 * 1024 - 10) + all + 'z'.repeat(100_000);
    provider.answer((response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(edge));
    await (
      await through('/edge', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: edge })
    ).text();
    const shown = await traced(2);
    expect(shown[0]?.['response'].body.text).toContain('yyy');
    const har = await ada.call('GET', `/api/connections/${id}/requests/har`);
    const vault = createVault(parseKeyring(hub.env['HUB_ENCRYPTION_KEYS'] ?? ''));
    const rows = (await databasePlaces(hub.env['DATABASE_URL'] ?? '')).filter(({ where }) =>
      where.includes('traces'),
    );
    const opened = rows.map(({ text }) => {
      const row = JSON.parse(text) as { id: string; sealed_trace: string };
      return {
        where: 'an opened trace',
        text: JSON.stringify(vault.open(`traces/${row.id}/trace`, row.sealed_trace)),
      };
    });
    expect(opened).toHaveLength(2);
    const places = [
      { where: 'the list', text: JSON.stringify(shown) },
      { where: 'the list, as text', text: shown.map((one) => one['response'].body.text as string).join() },
      { where: 'the HAR', text: har.text },
      ...rows,
      ...opened,
    ];
    expect(hunt(secrets, places)).toEqual([]);
    // A piece of one would be too much as well.
    const pieces = new Map([...secrets].map(([label, value]) => [`piece of ${label}`, value.slice(0, 14)]));
    expect(hunt(pieces, places)).toEqual([]);
  });

  it.each([
    ['{"access_token":"abcdefgh","name":"Ada"}', `{"access_token":${REDACTED},"name":"Ada"}`],
    ['{"password": "p w", "nextPageToken":"keep"}', `{"password": ${REDACTED}, "nextPageToken":"keep"}`],
    ['grant_type=x&client_secret=abc&a=b', `grant_type=x&client_secret=${REDACTED}&a=b`],
    ['{"refresh_token":"cut off in the mid', `{"refresh_token":${REDACTED}`],
    ['<api_key>abcdef</api_key>', `<api_key>${REDACTED}</api_key>`],
    ['Authorization: Bearer abcdefghij', `Authorization: Bearer ${REDACTED}`],
    ['{"error":{"code":190,"message":"expired"}}', '{"error":{"code":190,"message":"expired"}}'],
  ])('go by name out of %s', (text, clean) => {
    expect(createRedactor([]).text(text)).toBe(clean);
  });

  // Linear is a few milliseconds; what is not takes minutes, and the test's time is over.
  it('are looked for in linear time, in texts that are made to take longer', () => {
    const redactor = createRedactor(['a'.repeat(2000), 'Zm9v/+=-_.~']);
    for (const unit of ['"', '&token', '"secret', 'eyJaaaaaaaa-', 'name="token"\n', '\\"', '<token ', 'a'])
      expect(redactor.text(unit.repeat(Math.ceil(128_000 / unit.length)))).toBeTypeOf('string');
  });
});
