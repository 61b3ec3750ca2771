/** Webhooks: whoever subscribed is told, in the form of the Standard Webhooks specification, and only of what is theirs. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser, createClient, type Client, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { startReceiver, type Receiver } from './receiver.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let receiver: Receiver;
let ada: Client;
let grace: Client;
let otto: Client;
const made: string[] = [];

beforeAll(async () => {
  hub = await startHub({ HUB_WEBHOOK_BACKOFF: '50ms,100ms,150ms', HUB_WEBHOOK_TIMEOUT: '1s' });
  sandbox = await startTestSandbox();
  receiver = await startReceiver();
  await setUpApps(hub.admin, sandbox);
  [ada, grace, otto] = await Promise.all([
    keyOf('builder', 'ada'),
    keyOf('builder', 'grace'),
    keyOf('operator', 'otto'),
  ]);
});
afterAll(async () => {
  await Promise.all([hub.close(), sandbox.close(), receiver.close()]);
});
afterEach(async () => {
  for (const id of made.splice(0)) await hub.admin.call('DELETE', `/api/webhooks/${id}`);
  receiver.received.length = 0;
  receiver.answer = () => ({ status: 204 });
});

async function keyOf(role: string, userId: string): Promise<Client> {
  const { body } = await hub.admin.call('POST', '/api/keys', { name: userId, role, userId });
  return createClient(hub.url, body.key as string);
}

async function subscribe(client: Client, events: string[], more: Json = {}): Promise<Json> {
  const { status, body, text } = await client.call('POST', '/api/webhooks', {
    url: receiver.url,
    events,
    ...more,
  });
  expect(status, text).toBe(201);
  made.push(body.id as string);
  return body;
}

async function connect(client: Client, integrationId = 'slack'): Promise<string> {
  const { body } = await client.call('POST', '/api/connections', { integrationId });
  await createBrowser().open(body.authorization.url);
  return body.connection.id as string;
}

const change = (client: Client, id: string) => client.call('PATCH', `/api/connections/${id}`, { config: {} });
const deliveriesOf = async (webhook: Json) =>
  (await hub.admin.call('GET', `/api/webhooks/${webhook.id}/deliveries`)).body.data as Json[];
const types = () => receiver.received.map(({ body }) => body.type as string);

describe('a subscription', () => {
  it('is told of an event with a body, an id and a signature that the library takes', async () => {
    const webhook = await subscribe(ada, ['connection.connected']);
    expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const id = await connect(ada);
    await expect.poll(types).toEqual(['connection.connected']);
    const [message] = receiver.received;
    const { data } = (await ada.call('GET', `/api/connections/${id}/events`)).body;
    const event = data.find(({ type }: Json) => type === 'connection.connected');
    expect(receiver.verify(message, webhook.secret as string)).toEqual({
      type: 'connection.connected',
      timestamp: event.at,
      data: event,
    });
    expect(() => receiver.verify(message, `whsec_${btoa('somebody else’s secret'.slice(0, 9))}`)).toThrow();
    await expect
      .poll(() => deliveriesOf(webhook))
      .toEqual([
        expect.objectContaining({
          id: receiver.idOf(message),
          eventId: event.id,
          status: 'delivered',
          attempts: 1,
          lastAttempt: expect.objectContaining({ status: 204, error: null }),
        }),
      ]);
  });

  it('is told of what it asked for: by type, wildcard, integration and connection', async () => {
    const [slack, gmail] = [await connect(ada), await connect(ada, 'gmail')];
    const byWildcard = await subscribe(ada, ['connection.*']);
    const byIntegration = await subscribe(ada, ['*'], { integrationIds: ['gmail'] });
    const byConnection = await subscribe(ada, ['*'], { connectionIds: [slack] });
    const byType = await subscribe(ada, ['connection.disconnected']);
    for (const id of [slack, gmail]) await change(ada, id);
    await ada.call('DELETE', `/api/connections/${slack}`);
    const told = async (webhook: Json) =>
      (await deliveriesOf(webhook)).map(({ type, connectionId }) => [type, connectionId]).reverse();
    const changed = 'connection.config_changed';
    expect(await told(byWildcard)).toEqual([
      [changed, slack],
      [changed, gmail],
      ['connection.disconnected', slack],
    ]);
    expect(await told(byIntegration)).toEqual([[changed, gmail]]);
    expect(await told(byConnection)).toEqual([
      [changed, slack],
      ['connection.disconnected', slack],
    ]);
    expect(await told(byType)).toEqual([['connection.disconnected', slack]]);
    await expect.poll(() => receiver.received.length).toBe(7);
  });

  it('can be changed: address, events, filters; switched off it is told nothing, and on again it is', async () => {
    const id = await connect(ada);
    const webhook = await subscribe(ada, ['connection.error'], { integrationIds: ['gmail'] });
    const patch = (body: Json) => ada.call('PATCH', `/api/webhooks/${webhook.id}`, body);
    const wanted = { url: `${receiver.url}/new`, events: ['*'], integrationIds: null, name: 'mine' };
    expect((await patch(wanted)).body).toMatchObject(wanted);
    await change(ada, id);
    await expect.poll(() => receiver.received.map(({ path }) => path)).toEqual(['/hook/new']);
    expect((await patch({ enabled: false })).body).toMatchObject({
      enabled: false,
      disabledReason: { code: 'DISABLED_BY_USER' },
    });
    await change(ada, id);
    expect((await patch({ enabled: true })).body).toMatchObject({ enabled: true, disabledReason: null });
    await change(ada, id);
    await expect.poll(() => receiver.received.length).toBe(2);
    expect(await deliveriesOf(webhook)).toHaveLength(2);
  });

  it('that was removed is told nothing more, not even what was on its way', async () => {
    const id = await connect(ada);
    const webhook = await subscribe(ada, ['*']);
    let release = () => {};
    receiver.answer = async () => {
      await new Promise<void>((resolve) => (release = resolve));
      return { status: 500 };
    };
    await change(ada, id);
    await expect.poll(() => receiver.received.length).toBe(1);
    expect((await ada.call('DELETE', `/api/webhooks/${webhook.id}`)).status).toBe(204);
    release();
    // Another one's third attempt comes after the removed one's second would have.
    const witness = await subscribe(ada, ['*']);
    receiver.answer = () => ({ status: receiver.received.length < 4 ? 500 : 204 });
    await change(ada, id);
    await expect.poll(() => deliveriesOf(witness)).toMatchObject([{ status: 'delivered', attempts: 3 }]);
    expect(receiver.received).toHaveLength(4);
    expect((await ada.call('GET', `/api/webhooks/${webhook.id}`)).body.code).toBe('WEBHOOK_NOT_FOUND');
  });
});

describe('who may', () => {
  it('be told: builders of their own user, operators and admins of everybody or, an admin, of one user', async () => {
    const [ofAda, ofGrace] = [await connect(ada), await connect(grace)];
    const [mine, hers] = [await subscribe(ada, ['*']), await subscribe(grace, ['*'])];
    const [all, alsoAll] = [await subscribe(hub.admin, ['*']), await subscribe(otto, ['*'])];
    const ofOne = await subscribe(hub.admin, ['*'], { userId: 'grace' });
    await change(ada, ofAda);
    await change(grace, ofGrace);
    const told = async (webhook: Json) =>
      (await deliveriesOf(webhook)).map(({ connectionId }) => connectionId as string).reverse();
    expect(await told(mine)).toEqual([ofAda]);
    expect(await told(hers)).toEqual([ofGrace]);
    expect(await told(all)).toEqual([ofAda, ofGrace]);
    expect(await told(alsoAll)).toEqual([ofAda, ofGrace]);
    expect(await told(ofOne)).toEqual([ofGrace]);
    for (const client of [ada, otto])
      expect(
        await client.call('POST', '/api/webhooks', { url: receiver.url, events: ['*'], userId: 'grace' }),
      ).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('see and change: builders their own, operators all and their own, admins all', async () => {
    const hers = await subscribe(grace, ['*']);
    await change(grace, await connect(grace));
    const [delivery] = await deliveriesOf(hers);
    const at = `/api/webhooks/${hers.id}`;
    const reading = [
      ['GET', at],
      ['GET', `${at}/deliveries`],
    ] as const;
    const changing = [
      ['PATCH', at, { name: 'x' }],
      ['POST', `${at}/rotate-secret`],
      ['POST', `${at}/deliveries/${delivery.id}/replay`],
      ['DELETE', at],
    ] as const;
    for (const [method, path, body] of [...reading, ...changing])
      expect(await ada.call(method, path, body), `${method} ${path}`).toMatchObject({
        status: 404,
        body: { code: 'WEBHOOK_NOT_FOUND' },
      });
    for (const [method, path] of reading) expect((await otto.call(method, path)).status).toBe(200);
    for (const [method, path, body] of changing)
      expect(await otto.call(method, path, body), `${method} ${path}`).toMatchObject({ status: 403 });
    const idsSeenBy = async (client: Client) =>
      (await client.call('GET', '/api/webhooks')).body.data.map(({ id }: Json) => id);
    expect(await idsSeenBy(ada)).toEqual([]);
    expect(await idsSeenBy(grace)).toEqual([hers.id]);
    expect(await idsSeenBy(otto)).toEqual([hers.id]);
    for (const [method, path, body] of changing)
      expect((await hub.admin.call(method, path, body)).status, `${method} ${path}`).toBeLessThan(300);
  });
});

describe('a subscription that makes no sense is refused:', () => {
  it.each([
    ['a type there is not', { events: ['connection.exploded'] }, 400, '/events/0'],
    ['no events', { events: [] }, 400, '/events'],
    ['an integration there is not', { integrationIds: ['slak'] }, 400, '/integrationIds/0'],
    ['a connection there is not', { connectionIds: ['nope'] }, 400, '/connectionIds/0'],
    ['no address', { url: 'nowhere' }, 400, '/url'],
    ['an address of another kind', { url: 'ftp://example.com' }, 422, '/url'],
    ['a password in the address', { url: 'https://me:secret@example.com' }, 422, '/url'],
    ['an unknown field', { colour: 'red' }, 400, '/colour'],
  ])('%s', async (_what, wrong, status, path) => {
    const right = { url: receiver.url, events: ['*'] };
    const reply = await ada.call('POST', '/api/webhooks', { ...right, ...wrong });
    expect(reply.status, reply.text).toBe(status);
    expect(reply.body.errors.map((error: Json) => error.path)).toEqual([path]);
    expect(reply.text).not.toContain('secret@');
    expect((await ada.call('GET', '/api/webhooks')).body.data).toEqual([]);
  });

  it('somebody else’s connection', async () => {
    const wrong = { url: receiver.url, events: ['*'], connectionIds: [await connect(grace)] };
    expect((await ada.call('POST', '/api/webhooks', wrong)).body.errors[0].path).toBe('/connectionIds/0');
  });
});
