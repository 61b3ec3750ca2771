/** A session does at every address what an API key of the same role does, and ends everywhere at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApiAt, startProvider } from '../proxy/provider.ts';
import { makePerson, signedIn, type Page, type Person } from '../setup/accounts.ts';
import { createBrowser } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let ada: Person;
let page: Page;
let id: string;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  hub = await startHub();
  await setUpApps(hub.admin, sandbox);
  ada = await makePerson(hub, { role: 'builder' });
  page = await signedIn(hub, ada);
  const { body } = await page.call('POST', '/api/connections', { integrationId: 'slack' });
  id = body.connection.id as string;
  await createBrowser().open(body.authorization.url);
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});

const USES = [
  ['GET', 'token'],
  ['POST', 'refresh'],
  ['POST', 'request', { method: 'GET', path: '/auth.test' }],
  ['GET', 'proxy/auth.test'],
  ['POST', 'test'],
] as const;
const use = (by: Page, [method, what, body]: (typeof USES)[number]) =>
  by.call(method, `/api/connections/${id}/${what}`, method === 'POST' ? (body ?? {}) : undefined);

describe('a session', () => {
  it('uses the connections of its user, and those only', async () => {
    const other = await signedIn(hub, await makePerson(hub, { role: 'builder' }));
    for (const one of USES) {
      expect([one[1], (await use(page, one)).status]).toEqual([one[1], 200]);
      expect([one[1], (await use(other, one)).body.code]).toEqual([one[1], 'CONNECTION_NOT_FOUND']);
    }
    expect((await page.call('GET', '/api/connections')).body.data[0]).toMatchObject({ id, userId: ada.id });
  });

  it('of an operator sees and tests, and gets no token', async () => {
    const operator = await signedIn(hub, await makePerson(hub, { role: 'operator' }));
    const codes = await Promise.all(USES.map(async (one) => [one[1], (await use(operator, one)).status]));
    expect(Object.fromEntries(codes)).toEqual({
      token: 403,
      refresh: 200,
      request: 403,
      'proxy/auth.test': 403,
      test: 200,
    });
  });

  it('sends the provider no cookie of the hub', async () => {
    const provider = await startProvider();
    provider.answer((response) => response.writeHead(200, { 'set-cookie': 'hub_session=theirs' }).end());
    await serveApiAt(hub, sandbox, 'slack', provider.url);
    const answer = await use(page, USES[3]);
    await serveApiAt(hub, sandbox, 'slack');
    provider.close();
    expect(answer.status).toBe(200);
    expect(provider.seen).toHaveLength(1);
    expect(JSON.stringify(provider.seen[0]?.headers)).not.toContain('hub_session');
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('that is signed out ends its stream of events too', async () => {
    const short = await signedIn(hub, ada);
    const stream = await fetch(`${hub.url}/api/events`, {
      headers: { cookie: `hub_session=${short.jar.get('hub_session')}` },
    });
    expect(stream.status).toBe(200);
    await short.call('POST', '/api/auth/sign-out');
    // Its end, not a time: until then reading goes on.
    const text = await stream.text().catch(() => 'cut off');
    expect(text).toMatch(/^retry|cut off/);
  });

  it('loses a stream where its role becomes another', async () => {
    const person = await makePerson(hub, { role: 'operator' });
    const { jar } = await signedIn(hub, person);
    const stream = await fetch(`${hub.url}/api/events`, {
      headers: { cookie: `hub_session=${jar.get('hub_session')}` },
    });
    expect(stream.status).toBe(200);
    await hub.admin.call('PATCH', `/api/users/${person.id}`, { role: 'builder' });
    expect(await stream.text().catch(() => 'cut off')).toMatch(/^retry|cut off/);
  });
});
