/** How people come in, and who may let them. */
import { createHash } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteFirstAdmin } from '../../hub/first-run.ts';
import { createPage, makePerson, signedIn, tokenIn } from '../setup/accounts.ts';
import { createClient, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';

const PASSWORD = 'a password of many letters';
let hub: TestHub;
let firstLink: string;
beforeAll(async () => {
  hub = await startHub();
  firstLink = (await inviteFirstAdmin(hub.config)) ?? '';
});
afterAll(() => hub.close());

let people = 0;
const welcome = (token: string, more: Json = {}, path = '/api/welcome') =>
  createPage(hub.url).call('POST', path, {
    token,
    name: 'Bob',
    email: `bob${++people}@example.com`,
    password: PASSWORD,
    ...more,
  });
const invite = async (wanted: Json) => (await hub.admin.call('POST', '/api/invitations', wanted)).body;
const query = async (statement: string): Promise<Json[]> => {
  const sql = postgres(hub.env['DATABASE_URL'] ?? '', { max: 1 });
  return sql.unsafe(statement).finally(() => sql.end());
};

describe('the first admin', () => {
  it('comes by a link whose secret no server on the way sees, and is the user of the admin key', async () => {
    const url = new URL(firstLink);
    expect([url.origin, url.pathname, url.search]).toEqual([hub.url, '/welcome', '']);
    const page = createPage(hub.url);
    const made = await page.call('POST', '/api/welcome', {
      token: tokenIn(firstLink),
      name: 'Ada',
      email: 'Ada@Example.com',
      password: PASSWORD,
    });
    expect([made.status, made.body]).toEqual([
      201,
      { user: { id: 'admin', name: 'Ada', email: 'ada@example.com', role: 'admin' } },
    ]);
    expect((await page.call('GET', '/api/me')).body).toMatchObject({
      user: { id: 'admin', role: 'admin' },
      via: 'session',
    });
    expect((await createPage(hub.url).signIn({ email: 'ADA@example.com', password: PASSWORD })).status).toBe(
      200,
    );
  });

  it('is invited once', async () => {
    expect(await inviteFirstAdmin(hub.config)).toBeNull();
    expect((await welcome(tokenIn(firstLink))).body.code).toBe('INVITATION_NOT_FOUND');
  });
});

describe('an invitation', () => {
  it('is needed: nobody makes an account without one', async () => {
    for (const path of ['/api/welcome', '/api/auth/sign-up/email']) {
      expect((await welcome('ihi_made-up', {}, path)).body.code).toBe('INVITATION_NOT_FOUND');
      expect((await welcome('', {}, path)).body.code).toBe('VALIDATION_FAILED');
    }
    expect(await query(`select id from users where email like 'bob%'`)).toEqual([]);
  });

  it('is kept as a hash, told once, and looked at before it is used', async () => {
    const { id, url } = await invite({ role: 'operator', email: 'Carl@Example.com' });
    const token = tokenIn(url);
    const [row] = await query(`select * from invitations where id = '${id}'`);
    expect(JSON.stringify(row)).not.toContain(token);
    expect(row.token_hash).toBe(createHash('sha256').update(token).digest('hex'));
    expect((await hub.admin.call('GET', '/api/invitations')).text).not.toContain(token);
    const look = await createPage(hub.url).call('POST', '/api/welcome/invitation', { token });
    expect(look.body).toMatchObject({
      email: 'carl@example.com',
      role: 'operator',
      password: { least: 10, most: 128 },
    });
  });

  it('lets in one of twenty who come at once', async () => {
    const token = tokenIn((await invite({ role: 'builder' })).url);
    const answers = await Promise.all(Array.from({ length: 20 }, () => welcome(token)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'INVITATION_NOT_FOUND')).toHaveLength(19);
  });

  it('gives the role it names, whatever the form says', async () => {
    const token = tokenIn((await invite({ role: 'builder' })).url);
    expect((await welcome(token, { role: 'admin' })).body.code).toBe('VALIDATION_FAILED');
    expect((await welcome(token)).body.user.role).toBe('builder');
  });

  it('of one address takes no other', async () => {
    const token = tokenIn((await invite({ role: 'builder', email: 'dora@example.com' })).url);
    const other = await welcome(token, { email: 'eve@example.com' });
    expect([other.status, other.body.errors[0].path]).toEqual([400, '/email']);
    expect((await welcome(token, { email: 'Dora@example.com' })).status).toBe(201);
  });

  it('of an address that somebody has already stays unspent', async () => {
    const token = tokenIn((await invite({ role: 'builder' })).url);
    expect((await welcome(token, { email: 'dora@example.com' })).body.code).toBe('USER_EXISTS');
    expect((await welcome(token)).status).toBe(201);
  });

  it('runs out, and is taken back', async () => {
    const { id, url } = await invite({ role: 'builder', expiresIn: '1h' });
    await query(`update invitations set expires_at = now() - interval '1 second' where id = '${id}'`);
    expect((await welcome(tokenIn(url))).body.code).toBe('INVITATION_NOT_FOUND');
    const other = await invite({ role: 'builder' });
    expect((await hub.admin.call('DELETE', `/api/invitations/${other.id}`)).status).toBe(204);
    expect((await welcome(tokenIn(other.url))).body.code).toBe('INVITATION_NOT_FOUND');
    expect((await hub.admin.call('DELETE', `/api/invitations/${other.id}`)).status).toBe(404);
    for (const expiresIn of ['0s', '91d', 'soon'])
      expect((await hub.admin.call('POST', '/api/invitations', { role: 'builder', expiresIn })).status).toBe(
        400,
      );
  });

  it('for the user of an API key makes them the same user', async () => {
    const wanted = { name: 'k', role: 'builder', userId: 'agency-8' };
    const { key } = (await hub.admin.call('POST', '/api/keys', wanted)).body;
    const { url } = await invite({ role: 'builder', userId: 'agency-8' });
    expect((await welcome(tokenIn(url))).body.user.id).toBe('agency-8');
    expect((await createClient(hub.url, key).call('GET', '/api/me')).body.user.id).toBe('agency-8');
    const again = await hub.admin.call('POST', '/api/invitations', { role: 'builder', userId: 'agency-8' });
    expect(again.body.code).toBe('USER_EXISTS');
    const spaced = await hub.admin.call('POST', '/api/invitations', { role: 'builder', userId: 'agency 8' });
    expect(spaced.status).toBe(400);
  });
});

describe('users', () => {
  it('are an admin’s to see and change, page by page', async () => {
    for (const role of ['operator', 'builder']) {
      const page = await signedIn(hub, await makePerson(hub, { role }));
      for (const path of ['/api/users', '/api/invitations'])
        expect((await page.call('GET', path)).body.code).toBe('FORBIDDEN');
      expect((await page.call('POST', '/api/invitations', { role: 'admin' })).body.code).toBe('FORBIDDEN');
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await hub.admin.call('GET', `/api/users?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.data.map(({ id }: Json) => id));
      cursor = body.nextCursor ?? '';
    } while (cursor !== '');
    expect(seen).toEqual((await query(`select id from users order by id`)).map(({ id }) => id));
    expect(seen).toContain('agency-8');
  });

  it('two admins who take each other’s role at once leave one', async () => {
    const others = (await query(`select id from users where role = 'admin' and id <> 'admin'`)).map(
      ({ id }) => id,
    );
    for (const id of others) await hub.admin.call('PATCH', `/api/users/${id}`, { role: 'builder' });
    const { id } = await makePerson(hub, { role: 'admin' });
    const answers = await Promise.all(
      [id, 'admin'].map((one) => hub.admin.call('PATCH', `/api/users/${one}`, { role: 'builder' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('LAST_ADMIN');
    const [last] = await query(`select id from users where role = 'admin'`);
    expect((await hub.admin.call('DELETE', `/api/users/${last.id}`)).body.code).toBe('LAST_ADMIN');
    expect((await hub.admin.call('PATCH', '/api/users/nobody', { name: 'x' })).body.code).toBe(
      'USER_NOT_FOUND',
    );
  });
});
