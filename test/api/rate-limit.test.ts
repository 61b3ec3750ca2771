/** What costs is limited per key: one caller's loop is not everybody's outage. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

it('the 601st creation within a minute waits, and other keys and cheap calls do not', async () => {
  const { body } = await hub.admin.call('POST', '/api/keys', { name: 'eager', role: 'builder' });
  const eager = createClient(hub.url, body.key as string);
  const create = () => eager.call('POST', '/api/connections', { integrationId: 'nope' });
  for (let batch = 0; batch < 12; batch++) {
    const replies = await Promise.all(Array.from({ length: 50 }, create));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([404]));
  }
  const late = await create();
  expect(late).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await eager.call('GET', '/api/connections')).status).toBe(200);
  expect((await hub.admin.call('POST', '/api/connections', { integrationId: 'nope' })).status).toBe(404);
});
