/** Whatever is asked of the authorization endpoint: nothing is sent to an address that is not the client's, nothing is guessed. */
import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import '../fuzz/seed.ts';
import { connect } from '../nodes/operations.ts';
import { createClient, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { databasePlaces, hunt } from '../setup/secret-hunt.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { createWalk } from './walk.ts';

const CALLBACK = 'https://app.example.com/cb?of=hub';
const CHALLENGE = 'A'.repeat(43);

let hub: TestHub;
let sandbox: TestSandbox;
let publicClient: { id: string };
let confidential: { id: string; secret: string };

beforeAll(async () => {
  sandbox = await startTestSandbox();
  hub = await startHub();
  await setUpApps(hub.admin, sandbox);
  const make = async (type: string): Promise<Json> =>
    (await hub.admin.call('POST', '/api/clients', { name: type, redirectUris: [CALLBACK], type })).body;
  publicClient = { id: (await make('public')).id as string };
  const made = await make('confidential');
  confidential = { id: made.id as string, secret: made.clientSecret as string };
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});

const GOOD = (client: { id: string }): [string, string][] => [
  ['response_type', 'code'],
  ['client_id', client.id],
  ['redirect_uri', CALLBACK],
  ['state', 's'],
  ['integration', 'slack'],
  ['code_challenge', CHALLENGE],
  ['code_challenge_method', 'S256'],
];
const withOne = (client: { id: string }, name: string, value: string | null) =>
  GOOD(client).flatMap(([key, old]): [string, string][] =>
    key !== name ? [[key, old]] : value === null ? [] : [[key, value]],
  );

async function authorize(params: [string, string][]) {
  const query = new URLSearchParams(params).toString();
  const response = await fetch(`${hub.url}/oauth2/authorize?${query}`, { redirect: 'manual' });
  const location = response.headers.get('location');
  const at = location?.startsWith(CALLBACK) ? new URL(location).searchParams : null;
  const isKept = /^\/oauth2\/authorize\/[\w-]+$/.test(location ?? '');
  return { status: response.status, location, at, isKept, error: at?.get('error') ?? null };
}

it('a request that is as it should be is kept', async () => {
  for (const client of [publicClient, confidential])
    expect(await authorize(GOOD(client))).toMatchObject({ status: 303, isKept: true });
});

describe('a redirect URI', () => {
  it.each([
    'https://app.example.com/cb',
    'https://app.example.com/cb?of=hub&x=1',
    'https://app.example.com/cb?of=hub#x',
    'https://app.example.com/cb/?of=hub',
    'https://app.example.com/x/../cb?of=hub',
    'https://app.example.com/%63b?of=hub',
    'https://app.example.com/CB?of=hub',
    'https://APP.example.com/cb?of=hub',
    'https://app.example.com:443/cb?of=hub',
    'https://app.example.com./cb?of=hub',
    'https://app.example.com@evil.example/cb?of=hub',
    'https://u@app.example.com/cb?of=hub',
    'https://app.example.com.evil.example/cb?of=hub',
    'http://app.example.com/cb?of=hub',
    'https:app.example.com/cb?of=hub',
    'https:\\\\app.example.com/cb?of=hub',
    '//app.example.com/cb?of=hub',
    'https://app.example.com/cb?of=hub ',
    'https://app.example.com/cb?of=hub\n',
    'https://ａpp.example.com/cb?of=hub',
    '',
    'javascript:alert(1)//https://app.example.com/cb?of=hub',
  ])('that is not the client’s to the letter is stopped at the hub: %j', async (uri) => {
    const answer = await authorize(withOne(publicClient, 'redirect_uri', uri));
    expect([answer.status, answer.location]).toEqual([400, null]);
  });

  it('is none where it comes twice, though the client has one alone', async () => {
    const twice = await authorize([...GOOD(publicClient), ['redirect_uri', CALLBACK]]);
    expect([twice.status, twice.location]).toEqual([400, null]);
  });
});

describe('a parameter that comes twice', () => {
  it.each([
    ...['response_type', 'state', 'integration', 'code_challenge', 'code_challenge_method', 'response_mode'],
  ])('is refused, not dropped: %s (RFC 6749 §3.1)', async (name) => {
    // Dropped, a challenge that is there twice would be none, and PKCE with it.
    for (const client of [publicClient, confidential]) {
      const [, value = 'query'] = GOOD(client).find(([key]) => key === name) ?? [];
      const answer = await authorize([...withOne(client, name, null), [name, value], [name, value]]);
      expect([name, answer.isKept, answer.error]).toEqual([name, false, 'invalid_request']);
    }
  });

  it('that the hub does not know is nobody’s business', async () => {
    const more: [string, string][] = [
      ['resource', 'https://a.example'],
      ['resource', 'https://b.example'],
    ];
    expect((await authorize([...GOOD(publicClient), ...more])).isKept).toBe(true);
  });

  it('is refused at the token endpoint too', async () => {
    for (const name of ['grant_type', 'code', 'client_id', 'code_verifier']) {
      const body = new URLSearchParams([
        ['grant_type', 'authorization_code'],
        ...[['code', 'x'] as [string, string], ['client_id', publicClient.id] as [string, string]],
        ['code_verifier', 'v'.repeat(43)],
        ['redirect_uri', CALLBACK],
      ]);
      body.append(name, body.get(name) ?? '');
      const response = await fetch(`${hub.url}/oauth2/token`, { method: 'POST', body });
      expect([name, response.status, ((await response.json()) as Json).error]).toEqual([
        name,
        400,
        'invalid_request',
      ]);
    }
  });
});

describe('a code challenge', () => {
  it.each([
    ['nothing', ''],
    ['a letter too few', 'A'.repeat(42)],
    ['a letter too many', 'A'.repeat(44)],
    ['padding', `${'A'.repeat(43)}=`],
    ['base64 that is not for addresses', `+/${'A'.repeat(41)}`],
    ['blanks', `${'A'.repeat(42)} `],
    ['a line break at its end', `${'A'.repeat(43)}\n`],
    ['very much', 'A'.repeat(5_000)],
  ])('of %s is refused', async (_what, value) => {
    for (const client of [publicClient, confidential])
      expect((await authorize(withOne(client, 'code_challenge', value))).error).toBe('invalid_request');
  });

  it.each(['plain', 's256', 'S512', ''])('by the method %j is refused', async (method) => {
    expect((await authorize(withOne(publicClient, 'code_challenge_method', method))).error).toBe(
      'invalid_request',
    );
  });

  it('that was not sent leaves no verifier to be sent (RFC 9700 §4.8.2)', async () => {
    const walk = createWalk(hub);
    const asking = { client: confidential, redirectUri: CALLBACK };
    const id = await connect(hub, 'slack');
    await walk.arrive(asking);
    const page = await walk.browser.open(
      walk.authorizeUrl(asking, { code_challenge: '', code_challenge_method: '' }),
    );
    const params = await walk.answer(page, { answer: 'allow', connection: id });
    // As the client has it who did send one, and whose request was changed on its way.
    expect((await walk.redeem(params.get('code') ?? '')).body.error).toBe('invalid_grant');
  });
});

it('a code is good for a minute', async () => {
  const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
  const walk = createWalk(hub);
  const asking = { client: confidential, redirectUri: CALLBACK };
  const id = await connect(hub, 'slack');
  const codeOf = async () =>
    (await walk.answer(await walk.arrive(asking), { answer: 'allow', connection: id })).get('code') ?? '';
  const late = await codeOf();
  const [left] = await sql`select extract(epoch from code_expires_at - now())::int as s from grants
    where code_expires_at is not null order by code_expires_at desc limit 1`;
  expect(left?.['s']).toBeLessThanOrEqual(60);
  await sql`update grants set code_expires_at = now() - interval '1 second' where code_expires_at is not null`;
  expect((await walk.redeem(late)).body.error).toBe('invalid_grant');
  expect((await walk.redeem(await codeOf())).status).toBe(200);
  await sql.end();
});

it('what a client is given opens nothing else, and of its secrets the database keeps hashes', async () => {
  const walk = createWalk(hub);
  const id = await connect(hub, 'slack');
  const asking = { client: confidential, redirectUri: CALLBACK };
  const page = await walk.arrive(asking);
  const code = (await walk.answer(page, { answer: 'allow', connection: id })).get('code') ?? '';
  const secrets = new Map([
    ['code', code],
    ['client secret', confidential.secret],
  ]);
  const places = () => databasePlaces(hub.env['DATABASE_URL'] ?? '');
  expect(hunt(secrets, await places())).toEqual([]);
  const { body } = await walk.redeem(code);
  secrets.set('handle', body.refresh_token as string);
  expect(hunt(secrets, await places())).toEqual([]);
  for (const key of [body.access_token, body.refresh_token, confidential.secret, code] as string[])
    for (const path of ['/api/me', '/api/connections', `/api/connections/${id}/token`])
      expect([path, (await createClient(hub.url, key).call('GET', path)).status]).toEqual([path, 401]);
  // Nor does a key of the hub's stand in for a handle.
  expect((await walk.refresh(hub.admin.key)).body.error).toBe('invalid_grant');
});

it('clients are made by who may, and register themselves nowhere', async () => {
  const metadata = (await (await fetch(`${hub.url}/.well-known/oauth-authorization-server`)).json()) as Json;
  expect(metadata).not.toHaveProperty('registration_endpoint');
  expect((await fetch(`${hub.url}/oauth2/register`, { method: 'POST', body: '{}' })).status).toBe(404);
});

describe('an answer', () => {
  it('goes by the query, and by no other way that is asked for', async () => {
    for (const mode of ['fragment', 'form_post', 'query.jwt', 'web_message', ''])
      expect([mode, (await authorize([...GOOD(publicClient), ['response_mode', mode]])).error]).toEqual([
        mode,
        'invalid_request',
      ]);
    expect((await authorize([...GOOD(publicClient), ['response_mode', 'query']])).isKept).toBe(true);
  });

  it('is not given without anybody’s seeing a page, whatever the client prompts for', async () => {
    for (const prompt of ['none', 'consent', 'login', 'select_account']) {
      const { isKept, location } = await authorize([...GOOD(publicClient), ['prompt', prompt]]);
      expect(isKept).toBe(true);
      const page = await fetch(`${hub.url}${location ?? ''}`, { redirect: 'manual' });
      expect([page.status, page.headers.get('location')]).toEqual([401, null]);
    }
  });

  it('carries the state to the letter, the client’s own query, the issuer, and nothing else', async () => {
    // A request's line and headers are 16 KiB at most, and a state is percent-encoded there.
    const state = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }).map((text) => text.toWellFormed().replaceAll('\0', '')),
      fc.constantFrom('&code=x', '#', '%0d%0aset-cookie:a=b', '<script>', 'x'.repeat(12_000), ' ', '+'),
    );
    await fc.assert(
      fc.asyncProperty(state, async (text) => {
        const { at } = await authorize([
          ...withOne(publicClient, 'state', text).filter(([name]) => name !== 'response_type'),
          ['response_type', 'token'],
        ]);
        expect(at?.getAll('state')).toEqual([text]);
        expect([...(at?.keys() ?? [])].sort()).toEqual(['error', 'error_description', 'iss', 'of', 'state']);
        expect([at?.get('iss'), at?.get('of')]).toEqual([hub.url, 'hub']);
      }),
      { numRuns: 100 },
    );
  });
});

it('whatever else is asked, the browser goes to the client’s address or stays at the hub', async () => {
  const text = fc.oneof(
    fc.constantFrom('', 'code', 'S256', CHALLENGE, CALLBACK, 'slack', 'https://evil.example/', '__proto__'),
    fc.string({ maxLength: 30 }).map((one) => one.replaceAll('\0', '')),
  );
  const name = fc.constantFrom(
    ...['response_type', 'client_id', 'redirect_uri', 'state', 'integration', 'code_challenge', 'scope'],
    ...['code_challenge_method', 'response_mode', 'prompt', 'request', 'request_uri', 'iss', '__proto__', ''],
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(name, text), { maxLength: 6 }),
      fc.boolean(),
      fc.constantFrom(
        () => publicClient,
        () => confidential,
      ),
      async (params, alone, client) => {
        const all = alone ? params : [...GOOD(client()), ...params];
        const { status, location, at, isKept } = await authorize(all);
        expect(status).toBeLessThan(500);
        if (location !== null && !isKept) expect([location, at?.has('code')]).toEqual([location, false]);
      },
    ),
    { numRuns: 200 },
  );
});
