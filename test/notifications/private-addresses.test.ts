/** Where private networks are not allowed, a webhook does not lead into one: not by its address, and not by its name. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { startReceiver, type Receiver } from './receiver.ts';

let hub: TestHub;
let receiver: Receiver;

beforeAll(async () => {
  hub = await startHub({ HUB_ALLOW_PRIVATE_NETWORK: 'off' });
  receiver = await startReceiver();
});
afterAll(async () => {
  await Promise.all([hub.close(), receiver.close()]);
});

const post = (url: string) => hub.admin.call('POST', '/api/webhooks', { url, events: ['*'] });

it.each([
  'http://hooks.example.com/x',
  'https://127.0.0.1/x',
  'https://0x7f.1/x',
  'https://10.0.0.1/x',
  'https://169.254.169.254/latest',
  'https://[::1]/x',
  'https://[::ffff:10.0.0.1]/x',
])('%s is refused, when it is made and when it is changed', async (url) => {
  expect(await post(url)).toMatchObject({
    status: 422,
    body: { code: 'ENDPOINT_NOT_ALLOWED', errors: [{ path: '/url' }] },
  });
  const { body } = await post('https://hooks.example.com/x');
  expect((await hub.admin.call('PATCH', `/api/webhooks/${body.id}`, { url })).status).toBe(422);
  expect((await hub.admin.call('GET', `/api/webhooks/${body.id}`)).body.url).toBe(
    'https://hooks.example.com/x',
  );
  await hub.admin.call('DELETE', `/api/webhooks/${body.id}`);
});

it('a name that leads to this machine is not called, and the delivery says so', async () => {
  const { body } = await post(receiver.url.replace('http://127.0.0.1', 'https://localhost'));
  await hub.admin.call('PUT', '/api/integrations/gmail/app', { clientId: 'x', clientSecret: 'y' });
  expect((await hub.admin.call('POST', '/api/connections', { integrationId: 'gmail' })).status).toBe(201);
  const deliveries = async () =>
    (await hub.admin.call('GET', `/api/webhooks/${body.id}/deliveries`)).body.data as Json[];
  await expect.poll(deliveries).toMatchObject([
    {
      status: 'pending',
      attempts: 1,
      lastAttempt: { status: null, error: 'not sent: the address is not a public one' },
    },
  ]);
  expect(receiver.received).toEqual([]);
});
