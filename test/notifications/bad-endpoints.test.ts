/** What becomes of a delivery whose endpoint is slow, away, gone, elsewhere or overrun. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createBrowser, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { SLOTS } from '../../hub/notifications/delivery.ts';
import { startReceiver, type Receiver } from './receiver.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let receiver: Receiver;
let webhook: Json;
let connection: string;

beforeAll(async () => {
  hub = await startHub({ HUB_WEBHOOK_BACKOFF: '20ms,40ms', HUB_WEBHOOK_TIMEOUT: '1s' });
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  const { body } = await hub.admin.call('POST', '/api/connections', { integrationId: 'slack' });
  await createBrowser().open(body.authorization.url);
  connection = body.connection.id as string;
});
afterAll(async () => {
  await Promise.all([hub.close(), sandbox.close()]);
});

async function subscribe(): Promise<void> {
  receiver = await startReceiver();
  const wanted = { url: receiver.url, events: ['connection.config_changed'] };
  webhook = (await hub.admin.call('POST', '/api/webhooks', wanted)).body;
}
afterEach(async () => {
  await hub.admin.call('DELETE', `/api/webhooks/${webhook.id}`);
  await receiver.close();
});

const happen = () => hub.admin.call('PATCH', `/api/connections/${connection}`, { config: {} });
const deliveries = async () =>
  (await hub.admin.call('GET', `/api/webhooks/${webhook.id}/deliveries?limit=200`)).body.data as Json[];
const state = async () => (await hub.admin.call('GET', `/api/webhooks/${webhook.id}`)).body;
const ids = () => receiver.received.map((one) => receiver.idOf(one));

it('an endpoint that fails gets the same message again, signed anew, until it takes it', async () => {
  await subscribe();
  receiver.answer = () => ({ status: receiver.received.length < 3 ? 503 : 200 });
  await happen();
  await expect.poll(deliveries).toMatchObject([{ status: 'delivered', attempts: 3, nextAttemptAt: null }]);
  expect(receiver.received).toHaveLength(3);
  expect(new Set(ids()).size).toBe(1);
  expect(new Set(receiver.received.map(({ text }) => text)).size).toBe(1);
  for (const one of receiver.received) receiver.verify(one, webhook.secret as string);
  expect(await state()).toMatchObject({ enabled: true, failingSince: null });
});

it('an endpoint that does not answer costs only so much time, and gets it again', async () => {
  await subscribe();
  receiver.answer = () => (receiver.received.length < 2 ? 'hang' : { status: 200 });
  await happen();
  await expect
    .poll(deliveries)
    .toMatchObject([{ attempts: 1, lastAttempt: { error: 'no whole answer in time' } }]);
  expect(await state()).toMatchObject({ failingSince: expect.any(String) });
  await expect.poll(deliveries).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  expect(new Set(ids()).size).toBe(1);
});

it('a 410 ends the delivery, disables the endpoint and ends what else was on its way to it', async () => {
  await subscribe();
  receiver.answer = () => ({ status: 500, headers: { 'retry-after': '3600' } });
  await happen();
  await expect.poll(deliveries).toMatchObject([{ attempts: 1 }]);
  receiver.answer = () => ({ status: 410 });
  await happen();
  await expect
    .poll(deliveries)
    .toMatchObject([{ status: 'gone', attempts: 1 }, { status: 'endpoint_disabled' }]);
  expect(await state()).toMatchObject({ enabled: false, disabledReason: { code: 'ENDPOINT_GONE' } });
  await happen();
  expect(await deliveries()).toHaveLength(2);
  const path = `/api/webhooks/${webhook.id}/deliveries/${(await deliveries())[0].id}/replay`;
  expect(await hub.admin.call('POST', path)).toMatchObject({
    status: 409,
    body: { code: 'WEBHOOK_DISABLED' },
  });
});

it('a redirect is a failure that says so, and nobody goes where it points', async () => {
  await subscribe();
  receiver.answer = ({ path }) => ({
    status: path === '/elsewhere' ? 200 : 301,
    headers: { location: '/elsewhere' },
  });
  await happen();
  await expect.poll(deliveries).toMatchObject([
    {
      status: 'gave_up',
      attempts: 3,
      lastAttempt: { status: 301, error: expect.stringContaining('redirects') },
    },
  ]);
  expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook', '/hook']);
});

it('an endpoint where nothing came through for a whole schedule is disabled and says why', async () => {
  await subscribe();
  receiver.answer = () => ({ status: 500 });
  await happen();
  await expect.poll(deliveries).toMatchObject([{ status: 'gave_up', attempts: 3 }]);
  expect(await state()).toMatchObject({ enabled: false, disabledReason: { code: 'ENDPOINT_FAILING' } });
});

it('an endpoint that refuses one message and takes others is not disabled', async () => {
  await subscribe();
  let first = '';
  receiver.answer = async (request) => {
    first ||= receiver.idOf(request);
    if (receiver.idOf(request) !== first) return { status: 200 };
    // Another one comes through before the last attempt of the first fails.
    const { length } = receiver.received.filter((one) => receiver.idOf(one) === first);
    if (length === 3) {
      await happen();
      await expect.poll(deliveries).toMatchObject([{ status: 'delivered' }, {}]);
    }
    return { status: 500 };
  };
  await happen();
  await expect.poll(deliveries).toMatchObject([{ status: 'delivered' }, { status: 'gave_up' }]);
  expect(await state()).toMatchObject({ enabled: true });
});

it('a Retry-After is waited for', async () => {
  await subscribe();
  receiver.answer = () => ({ status: 429, headers: { 'retry-after': '1800' } });
  await happen();
  await expect.poll(deliveries).toMatchObject([{ attempts: 1, status: 'pending' }]);
  const [{ lastAttempt, nextAttemptAt }] = (await deliveries()) as [Json];
  expect(Date.parse(nextAttemptAt as string) - Date.parse(lastAttempt.at as string)).toBeGreaterThanOrEqual(
    1_800_000,
  );
});

it('a replay sends the same message with the same id once more, also while its next attempt is hours away', async () => {
  await subscribe();
  receiver.answer = () => ({ status: 503, headers: { 'retry-after': '7200' } });
  await happen();
  await expect.poll(deliveries).toMatchObject([{ attempts: 1, nextAttemptAt: expect.any(String) }]);
  receiver.answer = () => ({ status: 200 });
  const [{ id }] = (await deliveries()) as [Json];
  const replay = () => hub.admin.call('POST', `/api/webhooks/${webhook.id}/deliveries/${id}/replay`);
  expect(await replay()).toMatchObject({ status: 202, body: { id, status: 'pending', nextAttemptAt: null } });
  await expect.poll(deliveries).toMatchObject([{ status: 'delivered', attempts: 2 }]);
  await replay();
  await expect.poll(deliveries).toMatchObject([{ status: 'delivered', attempts: 3 }]);
  expect(ids()).toEqual([id, id, id]);
  for (const one of receiver.received) receiver.verify(one, webhook.secret as string);
  const unknown = await hub.admin.call('POST', `/api/webhooks/${webhook.id}/deliveries/nope/replay`);
  expect(unknown).toMatchObject({ status: 404, body: { code: 'DELIVERY_NOT_FOUND' } });
});

it('a burst reaches an endpoint a few at a time, and all of it', async () => {
  await subscribe();
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  receiver.answer = () => released.then(() => ({ status: 200 }));
  for (let i = 0; i < 40; i++) await happen();
  await expect.poll(() => receiver.open.now).toBe(SLOTS);
  release();
  const delivered = async () => (await deliveries()).filter(({ status }) => status === 'delivered').length;
  await expect.poll(delivered).toBe(40);
  expect(receiver.open.most).toBe(SLOTS);
  expect(new Set(ids()).size).toBe(40);
});

it('a secret is rotated without a gap: for a while the old one and the new one both verify', async () => {
  await subscribe();
  const { body } = await hub.admin.call('POST', `/api/webhooks/${webhook.id}/rotate-secret`);
  expect(body.secret).not.toBe(webhook.secret);
  expect(Date.parse(body.previousValidUntil as string)).toBeGreaterThan(Date.now());
  await happen();
  await expect.poll(() => receiver.received.length).toBe(1);
  const [message] = receiver.received;
  expect(String(message?.headers['webhook-signature']).split(' ')).toHaveLength(2);
  for (const secret of [body.secret, webhook.secret])
    expect(receiver.verify(message, secret as string)).toMatchObject({ type: 'connection.config_changed' });
  const shown = await hub.admin.call('GET', `/api/webhooks/${webhook.id}`);
  for (const secret of [body.secret, webhook.secret]) expect(shown.text).not.toContain(secret);
});
