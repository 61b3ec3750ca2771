/** What comes is bounded, and so is what it costs: the length of answers, open streams, the depth of a body. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type TestHub } from '../setup/hub.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const KIB = 1024;

describe('a body full of faults', () => {
  // As much of it as a body may hold, 256 KiB: 120,000 faults at once.
  it.each<[string, string, string, unknown]>([
    ['values', 'POST', '/api/webhooks', { url: 'https://x.example', events: Array(120_000).fill(1) }],
    [
      'names',
      'POST',
      '/api/webhooks',
      Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 1])),
    ],
    ['items', 'POST', '/api/connect-links', { integrationId: 'slack', scopes: Array(60_000).fill([]) }],
    [
      'settings',
      'POST',
      '/api/connections',
      {
        integrationId: 'slack',
        config: Object.fromEntries(Array.from({ length: 18_000 }, (_, i) => [`k${i}`, 1])),
      },
    ],
    [
      'places of a definition',
      'POST',
      '/api/integrations',
      { id: 'x', capabilities: Array(60_000).fill([]) },
    ],
  ])('is answered with some of them, and how many there are: %s', async (_what, method, path, body) => {
    const reply = await hub.admin.call(method, path, body);
    expect([400, 422]).toContain(reply.status);
    expect(reply.text.length).toBeLessThan(32 * KIB);
    expect(reply.body.errors).toHaveLength(50);
    expect(reply.body.detail).toMatch(/^\d+ faults; errors has the first 50$/);
  });

  it('is told of all of them where they are few', async () => {
    const reply = await hub.admin.call('POST', '/api/webhooks', { a: 1, b: 2 });
    expect(reply.body.errors).toHaveLength(4);
  });
});
