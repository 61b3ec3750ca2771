/** Who may do what, where bad-input.test.ts does not ask: managing, listing, and the last admin. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser, createClient, type Client, type Json, type Reply } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let ada: Client;
let grace: Client;
let otto: Client;
let ofAda: string;
let ofGrace: string;

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  ada = await keyFor('builder', 'ada');
  grace = await keyFor('builder', 'grace');
  otto = await keyFor('operator', 'otto');
  ofAda = await connect(ada);
  ofGrace = await connect(grace);
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});

async function keyFor(role: string, userId?: string): Promise<Client> {
  const { body } = await hub.admin.call('POST', '/api/keys', {
    name: userId ?? role,
    role,
    ...(userId === undefined ? {} : { userId }),
  });
  return createClient(hub.url, body.key as string);
}

async function connect(client: Client): Promise<string> {
  const { body } = await client.call('POST', '/api/connections', { integrationId: 'slack' });
  await createBrowser().open(body.authorization.url);
  return body.connection.id as string;
}

const idsOf = ({ body }: Reply) => (body.data as Json[]).map(({ id }) => id as string).sort();
const app = { clientId: 'x', clientSecret: 'y' };
const MANAGING = [
  ['PUT', '/api/integrations/slack/app', app],
  ['GET', '/api/integrations/slack/app', undefined],
  ['DELETE', '/api/integrations/slack/app', undefined],
  ['POST', '/api/keys', { name: 'mine', role: 'admin' }],
  ['GET', '/api/keys', undefined],
  ['DELETE', '/api/keys/any', undefined],
] as const;

describe.each(['ada', 'otto'])('%s, who is no admin', (name) => {
  it.each(MANAGING)('may not: %s %s', async (method, path, body) => {
    const before = await hub.admin.call('GET', '/api/integrations/slack/app');
    const keys = idsOf(await hub.admin.call('GET', '/api/keys'));
    const reply = await (name === 'ada' ? ada : otto).call(method, path, body);
    expect(reply).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect((await hub.admin.call('GET', '/api/integrations/slack/app')).body).toEqual(before.body);
    expect(idsOf(await hub.admin.call('GET', '/api/keys'))).toEqual(keys);
  });
});

describe('a list', () => {
  it('has a builder’s own connections and nobody else’s, page by page', async () => {
    const second = await connect(ada);
    const first = await ada.call('GET', '/api/connections?limit=1');
    const next = await ada.call('GET', `/api/connections?limit=1&cursor=${first.body.nextCursor}`);
    expect([...idsOf(first), ...idsOf(next)].sort()).toEqual([ofAda, second].sort());
    expect(next.body.nextCursor).toBeNull();
    expect(idsOf(await grace.call('GET', '/api/connections'))).toEqual([ofGrace]);
  });

  it('has everybody’s connections for operators and admins, or one user’s if asked', async () => {
    for (const client of [otto, hub.admin]) {
      expect(idsOf(await client.call('GET', '/api/connections'))).toEqual(
        expect.arrayContaining([ofAda, ofGrace]),
      );
      expect(idsOf(await client.call('GET', '/api/connections?userId=grace'))).toEqual([ofGrace]);
    }
  });

  it('continued with the cursor of somebody else shows nothing of theirs', async () => {
    const { body } = await hub.admin.call('GET', '/api/connections?limit=1');
    expect(idsOf(await grace.call('GET', `/api/connections?cursor=${body.nextCursor}`))).not.toContain(ofAda);
  });
});

describe('a key', () => {
  it('of a builder without a user named is a user of its own', async () => {
    const first = await keyFor('builder');
    const second = await keyFor('builder');
    const id = await connect(first);
    expect((await first.call('GET', `/api/connections/${id}`)).status).toBe(200);
    expect((await second.call('GET', `/api/connections/${id}`)).body.code).toBe('CONNECTION_NOT_FOUND');
  });

  it('of the same user sees the same connections', async () => {
    const other = await keyFor('builder', 'grace');
    expect(idsOf(await other.call('GET', '/api/connections'))).toEqual([ofGrace]);
  });

  it('is shown once and never listed', async () => {
    const { text } = await hub.admin.call('GET', '/api/keys');
    for (const { key } of [ada, grace, otto, hub.admin]) expect(text).not.toContain(key);
  });

  it('of an admin makes connections for others, who then own them', async () => {
    const { body } = await hub.admin.call('POST', '/api/connections', {
      integrationId: 'slack',
      userId: 'linus',
    });
    const linus = await keyFor('builder', 'linus');
    expect(idsOf(await linus.call('GET', '/api/connections'))).toEqual([body.connection.id]);
  });

  it('of the last admin cannot be revoked, and works on', async () => {
    const { body } = await hub.admin.call('GET', '/api/keys?limit=200');
    const admins = (body.data as Json[]).filter(({ role }) => role === 'admin');
    expect(admins).toHaveLength(1);
    const reply = await hub.admin.call('DELETE', `/api/keys/${admins[0].id}`);
    expect(reply).toMatchObject({ status: 409, body: { code: 'LAST_ADMIN_KEY' } });
    expect((await hub.admin.call('GET', '/api/keys')).status).toBe(200);
  });
});
