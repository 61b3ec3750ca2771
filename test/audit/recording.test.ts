/** Who did what is recorded, whoever it was, whether it was allowed or not, and nothing that is secret with it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPage, makePerson, signedIn, tokenIn } from '../setup/accounts.ts';
import { createBrowser, createClient, type Client, type Json, type Reply } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { chained, openSql, rowsOf, type Row, type Sql } from './log.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let sql: Sql;
let adminId: string;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  sql = openSql(hub.env);
  await setUpApps(hub.admin, sandbox);
  const { data } = (await hub.admin.call('GET', '/api/keys')).body;
  adminId = data[0].id as string;
});
afterAll(async () => {
  await sql.end();
  await hub.close();
  await sandbox.close();
});

const seen = new Set<string>();
/** Entries that came since the last look, workflows' aside. */
async function news(): Promise<Row[]> {
  const rows = (await rowsOf(sql)).filter(({ id, actor_kind }) => !seen.has(id) && actor_kind !== 'workflow');
  for (const { id } of rows) seen.add(id);
  return rows;
}

async function makeKey(role: string, userId?: string): Promise<Client & { id: string }> {
  const { body } = await hub.admin.call('POST', '/api/keys', { name: role, role, userId });
  return { ...createClient(hub.url, body.key), id: body.id };
}

async function connect(client: Client, integrationId = 'slack'): Promise<string> {
  const { body } = await client.call('POST', '/api/connections', { integrationId });
  await createBrowser().open(body.authorization.url);
  return body.connection.id as string;
}

// Those that change nothing here, or are counted by usage: `config.audit.because` gives each its reason.
const NOT_RECORDED = [
  'POST /api/connections/{id}/request',
  ...['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} /api/connections/{id}/proxy/{path}`),
  'POST /api/auth/sign-in/social',
  'POST /api/welcome/invitation',
];

type Act = [operation: string, action: string, perform: () => Promise<Reply>];

describe('a walk through the OpenAPI document', () => {
  it('finds an entry for every address that changes something', async () => {
    const { paths } = (await hub.admin.call('GET', '/openapi.json')).body;
    const changing = Object.entries<Json>(paths).flatMap(([path, methods]) =>
      Object.keys(methods as object)
        .filter((method) => !['get', 'head', 'options'].includes(method))
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    const call = hub.admin.call;
    const id = await connect(hub.admin);
    const own = (await import('../../examples/integrations/sendgrid.json', { with: { type: 'json' } }))
      .default;
    const person = await makePerson(hub, { role: 'builder' });
    const page = await signedIn(hub, person);
    const client = { name: 'own', connectionId: id };
    const webhook = { url: `${sandbox.url}/hook`, events: ['*'] };
    const invite = async () => (await call('POST', '/api/invitations', { role: 'builder' })).body;
    const welcome = async (path: string, email: string) =>
      createPage(hub.url).call('POST', path, {
        token: tokenIn((await invite()).url),
        name: 'Grace',
        email,
        password: 'a password of many letters',
      });
    const link = (await call('POST', '/api/connect-links', { integrationId: 'slack' })).body;
    const made: Record<string, Json> = {
      webhook: (await call('POST', '/api/webhooks', webhook)).body,
      key: (await call('POST', '/api/keys', { name: 'x', role: 'builder' })).body,
      client: (await call('POST', '/api/clients', client)).body,
      invitation: await invite(),
      connection: await connect(hub.admin),
    };
    const it = (name: string) => String(made[name].id);
    const acts: Act[] = [
      [
        'POST /api/connections',
        'connection.create',
        () => call('POST', '/api/connections', { integrationId: 'slack' }),
      ],
      [
        'PATCH /api/connections/{id}',
        'connection.change',
        () => call('PATCH', `/api/connections/${id}`, { name: 'x' }),
      ],
      [
        'POST /api/connections/{id}/test',
        'connection.test',
        () => call('POST', `/api/connections/${id}/test`),
      ],
      [
        'POST /api/connections/{id}/refresh',
        'connection.refresh',
        () => call('POST', `/api/connections/${id}/refresh`),
      ],
      [
        'POST /api/connections/{id}/reconnect',
        'connection.reconnect',
        () => call('POST', `/api/connections/${id}/reconnect`),
      ],
      [
        'PUT /api/connections/{id}/debug',
        'connection.debug',
        () => call('PUT', `/api/connections/${id}/debug`, { until: null }),
      ],
      [
        'DELETE /api/connections/{id}/requests',
        'connection.forget_requests',
        () => call('DELETE', `/api/connections/${id}/requests`),
      ],
      [
        'PUT /api/integrations/{id}/app',
        'app.set',
        () => call('PUT', '/api/integrations/dropbox/app', { clientId: 'c', clientSecret: 's' }),
      ],
      [
        'POST /api/integrations/{id}/app/test',
        'app.test',
        () => call('POST', '/api/integrations/slack/app/test'),
      ],
      [
        'DELETE /api/integrations/{id}/app',
        'app.remove',
        () => call('DELETE', '/api/integrations/dropbox/app'),
      ],
      ['POST /api/integrations', 'integration.create', () => call('POST', '/api/integrations', own)],
      [
        'PUT /api/integrations/{id}',
        'integration.replace',
        () => call('PUT', '/api/integrations/sendgrid', own),
      ],
      [
        'POST /api/integrations/{id}/test',
        'integration.test',
        () => call('POST', '/api/integrations/slack/test'),
      ],
      [
        'DELETE /api/integrations/{id}',
        'integration.remove',
        () => call('DELETE', '/api/integrations/sendgrid'),
      ],
      ['POST /api/encryption/rotate', 'encryption.rotate', () => call('POST', '/api/encryption/rotate')],
      ['POST /api/keys', 'key.create', () => call('POST', '/api/keys', { name: 'x', role: 'operator' })],
      ['DELETE /api/keys/{id}', 'key.revoke', () => call('DELETE', `/api/keys/${it('key')}`)],
      ['POST /api/webhooks', 'webhook.create', () => call('POST', '/api/webhooks', webhook)],
      [
        'PATCH /api/webhooks/{id}',
        'webhook.change',
        () => call('PATCH', `/api/webhooks/${it('webhook')}`, { name: 'x' }),
      ],
      [
        'POST /api/webhooks/{id}/rotate-secret',
        'webhook.rotate_secret',
        () => call('POST', `/api/webhooks/${it('webhook')}/rotate-secret`),
      ],
      // No such delivery: what was tried is recorded too.
      [
        'POST /api/webhooks/{id}/deliveries/{deliveryId}/replay',
        'webhook.replay',
        () => call('POST', `/api/webhooks/${it('webhook')}/deliveries/none/replay`),
      ],
      ['DELETE /api/webhooks/{id}', 'webhook.remove', () => call('DELETE', `/api/webhooks/${it('webhook')}`)],
      ['POST /api/clients', 'client.create', () => call('POST', '/api/clients', client)],
      ['DELETE /api/clients/{id}', 'client.remove', () => call('DELETE', `/api/clients/${it('client')}`)],
      ['DELETE /api/grants/{id}', 'grant.revoke', () => call('DELETE', '/api/grants/none')],
      [
        'POST /api/connect-links',
        'link.create',
        () => call('POST', '/api/connect-links', { integrationId: 'slack' }),
      ],
      [
        'POST /api/connect-links/{token}/connections',
        'link.use',
        () => createPage(hub.url).call('POST', `/api/connect-links/${tokenIn(link.url)}/connections`, {}),
      ],
      [
        'DELETE /api/connect-links/{id}',
        'link.revoke',
        () => call('DELETE', `/api/connect-links/${link.id}`),
      ],
      [
        'POST /api/invitations',
        'invitation.create',
        () => call('POST', '/api/invitations', { role: 'builder' }),
      ],
      [
        'DELETE /api/invitations/{id}',
        'invitation.remove',
        () => call('DELETE', `/api/invitations/${it('invitation')}`),
      ],
      ['POST /api/welcome', 'user.join', () => welcome('/api/welcome', 'grace@example.com')],
      [
        'POST /api/auth/sign-up/email',
        'user.join',
        () => welcome('/api/auth/sign-up/email', 'hopper@example.com'),
      ],
      ['POST /api/auth/sign-in/email', 'user.sign_in', () => createPage(hub.url).signIn(person)],
      [
        'POST /api/auth/change-password',
        'user.change_password',
        () =>
          page.call('POST', '/api/auth/change-password', {
            currentPassword: person.password,
            newPassword: 'another one of many letters',
          }),
      ],
      ['POST /api/auth/sign-out', 'user.sign_out', () => page.call('POST', '/api/auth/sign-out', {})],
      [
        'PATCH /api/users/{id}',
        'user.change',
        () => call('PATCH', `/api/users/${person.id}`, { role: 'operator' }),
      ],
      ['DELETE /api/users/{id}', 'user.remove', () => call('DELETE', `/api/users/${person.id}`)],
      [
        'DELETE /api/connections/{id}',
        'connection.disconnect',
        () => call('DELETE', `/api/connections/${it('connection')}`),
      ],
    ];
    expect([...acts.map(([operation]) => operation), ...NOT_RECORDED].sort()).toEqual(changing.sort());

    for (const [operation, action, perform] of acts) {
      await news();
      const { status } = await perform();
      const [entry, ...more] = (await news()).filter((row) => row.action === action);
      expect(entry, operation).toMatchObject({ outcome: status < 400 ? 'done' : 'refused' });
      expect(more, operation).toEqual([]);
      expect(entry?.address, operation).toMatch(/127\.0\.0\.1|::1/);
      // Whoever asks with a key is the key; people are known by name.
      if (/^(user\.(join|sign|change_p)|link\.use)/.test(action))
        expect(entry?.actor_kind, operation).toMatch(/^(user|connect_link)$/);
      else
        expect(entry, operation).toMatchObject({
          actor_kind: 'api_key',
          actor_id: adminId,
          actor_user_id: 'admin',
        });
      if (status < 400) expect(entry?.subject_id, operation).not.toBeNull();
    }
  });

  it('does not begin an entry for a token that is handed out', async () => {
    const id = await connect(hub.admin);
    await news();
    expect((await hub.admin.call('GET', `/api/connections/${id}/token`)).status).toBe(200);
    expect((await hub.admin.call('GET', `/api/connections/${id}/proxy/conversations.list`)).status).toBe(200);
    expect(await news()).toEqual([]);
  });
});

describe('an entry', () => {
  it('says which connection, of which integration and user, also of one that was just made', async () => {
    const builder = await makeKey('builder', 'ada');
    await news();
    const id = await connect(builder, 'hubspot');
    const about = { connection_id: id, integration_id: 'hubspot', user_id: 'ada', outcome: 'done' };
    const rows = await news();
    expect(rows).toMatchObject([
      { action: 'connection.create', actor_kind: 'api_key', actor_id: builder.id, ...about },
      { action: 'connection.consent', actor_kind: 'browser', actor_id: null, ...about },
    ]);
    const workflows = await sql<
      Row[]
    >`select * from audit_entries where connection_id = ${id} and actor_kind = 'workflow'`;
    expect(workflows).toMatchObject([{ action: 'connection.connected', ...about }]);
    expect(workflows[0]?.actor_id).toContain(`connection/${id}/`);
  });

  it('says what a change was of by the names of its fields, and where a secret will be sent', async () => {
    await news();
    const app = sandbox.apps().find(({ integrationId }) => integrationId === 'slack');
    await hub.admin.call('PUT', '/api/integrations/slack/app', { ...app, integrationId: undefined });
    const [entry] = await news();
    expect(entry?.details['fields']).toEqual(
      expect.arrayContaining(['clientId', 'clientSecret', 'endpoints']),
    );
    expect(entry?.details['endpoints']).toContain(`tokenUrl ${sandbox.url}`);
  });

  it('is written for what is refused: a role, somebody else’s, a revoked key, another site', async () => {
    const ada = await makeKey('builder', 'ada');
    const bob = await makeKey('builder', 'bob');
    const operator = await makeKey('operator', 'olga');
    const id = await connect(ada);
    const person = await makePerson(hub, { role: 'admin' });
    const page = await signedIn(hub, person);
    await news();
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };

    expect((await operator.call('GET', `/api/connections/${id}/token`)).status).toBe(403);
    expect((await operator.call('DELETE', `/api/connections/${id}`)).status).toBe(403);
    expect((await bob.call('GET', `/api/connections/${id}/token`)).status).toBe(404);
    expect((await bob.call('PATCH', `/api/connections/${id}`, { name: 'mine' })).status).toBe(404);
    expect((await bob.call('GET', '/api/keys')).status).toBe(403);
    expect((await bob.call('GET', `/api/connections/${id}/proxy/x`)).status).toBe(404);
    expect((await page.call('POST', '/api/keys', { name: 'x', role: 'admin' }, foreign)).status).toBe(403);
    await hub.admin.call('DELETE', `/api/keys/${bob.id}`);
    expect((await bob.call('GET', '/api/connections')).status).toBe(401);

    const rows = (await news()).filter(({ outcome }) => outcome === 'refused');
    const by = (who: { id: string }) =>
      rows
        .filter(({ actor_id }) => actor_id === who.id)
        .map((row) => [row.action, row.code, row.connection_id]);
    expect(by(operator)).toEqual([
      ['access.refused', 'FORBIDDEN', id],
      ['connection.disconnect', 'FORBIDDEN', id],
    ]);
    expect(by(bob)).toEqual([
      ['access.refused', 'CONNECTION_NOT_FOUND', id],
      ['connection.change', 'CONNECTION_NOT_FOUND', id],
      ['access.refused', 'FORBIDDEN', null],
      ['access.refused', 'CONNECTION_NOT_FOUND', id],
      ['access.refused', 'UNAUTHENTICATED', null],
    ]);
    expect(by(person)).toEqual([['key.create', 'FOREIGN_ORIGIN', null]]);
    expect(rows.every(({ user_id, connection_id }) => connection_id === null || user_id === 'ada')).toBe(
      true,
    );
  });

  it('is one for the same refusal again and again within a minute', async () => {
    const operator = await makeKey('operator');
    const id = await connect(hub.admin);
    await news();
    for (let i = 0; i < 20; i++) await operator.call('GET', `/api/connections/${id}/token`);
    expect((await news()).filter(({ actor_id }) => actor_id === operator.id)).toHaveLength(1);
  });

  it('tells of signing in, whose account was tried, and nothing that was typed', async () => {
    const person = await makePerson(hub, { role: 'builder' });
    await news();
    const page = createPage(hub.url);
    await page.signIn({ email: person.email.toUpperCase(), password: 'a wrong password' });
    await page.signIn({ email: 'my password by mistake', password: person.email });
    await page.signIn(person);
    await page.call('POST', '/api/auth/sign-out', {});
    const rows = await news();
    expect(
      rows.map(({ action, actor_kind, subject_id, outcome, code }) => [
        action,
        actor_kind,
        subject_id,
        outcome,
        code,
      ]),
    ).toEqual([
      ['user.sign_in', 'nobody', person.id, 'refused', 'SIGN_IN_REFUSED'],
      ['user.sign_in', 'nobody', null, 'refused', 'SIGN_IN_REFUSED'],
      ['user.sign_in', 'user', person.id, 'done', null],
      ['user.sign_out', 'user', person.id, 'done', null],
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/mistake|wrong password/);
  });
});

describe('the API', () => {
  it('lists by connection, actor, action and time, newest first, page by page, to admins alone', async () => {
    const builder = await makeKey('builder', 'carla');
    const id = await connect(builder);
    for (const name of ['one', 'two', 'three'])
      await builder.call('PATCH', `/api/connections/${id}`, { name });
    await chained(sql);
    const list = async (query: string): Promise<Json[]> => {
      const { status, body, text } = await hub.admin.call('GET', `/api/audit?${query}`);
      expect(status, text).toBe(200);
      return body.data as Json[];
    };
    const all = await list(`connectionId=${id}`);
    const actions = all.map(({ action }) => action as string);
    expect([...actions.slice(0, 3), actions[5]]).toEqual([
      ...Array<string>(3).fill('connection.change'),
      'connection.create',
    ]);
    // The browser's way ends after what it led to: chained in between, the workflow's entry comes first.
    expect(actions.slice(3, 5).sort()).toEqual(['connection.connected', 'connection.consent']);
    expect(all.map(({ sequence }) => sequence as number)).toEqual(
      all.map(({ sequence }) => sequence as number).sort((a, b) => b - a),
    );
    expect(await list(`actor=${builder.id}&connectionId=${id}`)).toHaveLength(4);
    expect(await list('actor=carla&action=connection.change')).toHaveLength(3);
    expect(await list(`connectionId=${id}&from=${all[2].at}&to=2100-01-01T00:00:00Z&limit=200`)).toHaveLength(
      3,
    );
    expect(await list(`connectionId=${id}&to=${all[5].at}`)).toEqual([]);
    const first = (await hub.admin.call('GET', `/api/audit?connectionId=${id}&limit=4`)).body;
    const rest = (
      await hub.admin.call('GET', `/api/audit?connectionId=${id}&limit=4&cursor=${first.nextCursor}`)
    ).body;
    expect([...first.data, ...rest.data]).toEqual(all);
    expect(rest.nextCursor).toBeNull();
    for (const role of ['builder', 'operator'])
      for (const path of ['/api/audit', '/api/audit/export', '/api/audit/head'])
        expect((await (await makeKey(role)).call('GET', path)).status, path).toBe(403);
    expect(
      (await hub.admin.call('GET', '/api/audit?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z')).status,
    ).toBe(400);
  });

  it('exports NDJSON and CSV, goes on after a sequence, and records that it did', async () => {
    await chained(sql);
    const noTime = 'from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z';
    for (const format of ['csv', 'ndjson'])
      expect((await hub.admin.call('GET', `/api/audit/export?format=${format}&${noTime}`)).status).toBe(400);
    const ndjson = await hub.admin.call('GET', '/api/audit/export');
    expect(ndjson.headers.get('content-type')).toMatch('application/x-ndjson');
    const entries: Json[] = ndjson.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
    const later = await hub.admin.call(
      'GET',
      `/api/audit/export?after=${entries.length - 2}&to=${entries.at(-1).at}`,
    );
    expect(later.text.split('\n')[0]).toContain(`"sequence":${entries.length - 1},`);
    const csv = await hub.admin.call('GET', '/api/audit/export?format=csv&actor=admin');
    expect(csv.headers.get('content-type')).toMatch('text/csv');
    const [head, line] = csv.text.split('\n');
    expect(head).toMatch(/^sequence,at,actorKind,actorId,actorUserId,action,/);
    expect(line).toContain(',api_key,');
    expect(
      (await rowsOf(sql)).filter(({ action, outcome }) => action === 'audit.export' && outcome === 'done'),
    ).toHaveLength(3);
    const { body } = await hub.admin.call('GET', '/api/audit/head');
    expect(body.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(body.sequence).toBeGreaterThanOrEqual(entries.length);
  });
});
