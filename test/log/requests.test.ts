/** What the API logs of a request: one line, of chosen facts. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type RunningApi } from '../../hub/api/start-api.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createLogger } from '../../hub/log.ts';
import { createClient, type Client } from '../setup/client.ts';
import { configOf, testEnv } from '../setup/hub.ts';

let api: RunningApi;
let client: Client;
let drop: () => Promise<void>;
const lines: string[] = [];

beforeAll(async () => {
  const { env, drop: dropDatabase } = await testEnv();
  drop = dropDatabase;
  const config = configOf(env);
  const key = env['HUB_ADMIN_KEY'] ?? '';
  await ensureAdminKey(config, key);
  api = await startApi(config, createLogger('info', {}, { write: (line: string) => void lines.push(line) }));
  client = createClient(config.publicUrl, key);
});
afterAll(async () => {
  await api.close();
  await drop();
});

/** What was logged of one call. */
async function logged(method: string, path: string, body?: unknown): Promise<string[]> {
  lines.length = 0;
  await client.call(method, path, body);
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  return [...lines];
}

it('is one line that says which route, how it ended, how long it took, and by which id', async () => {
  const [line = '', ...more] = await logged('GET', '/api/connections/some-id/token?minTtl=5m');
  expect(more).toEqual([]);
  expect(JSON.parse(line)).toMatchObject({
    level: 30,
    msg: 'request completed',
    reqId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    req: { method: 'GET', route: '/api/connections/:id/token', connectionId: 'some-id' },
    res: { statusCode: 404 },
    responseTime: expect.any(Number),
  });
});

it('has nothing of the query, the headers or the body in it', async () => {
  const asked = [
    ...(await logged('GET', '/oauth/callback?code=a-very-secret-code&state=a-very-secret-state')),
    ...(await logged('PUT', '/api/integrations/hubspot/app', {
      clientId: 'x',
      clientSecret: 'a-very-secret-word',
      endpoints: { tokenUrl: 'no url' },
    })),
    ...(await logged('GET', '/nowhere/a-very-secret-path')),
  ].join('');
  expect(asked).toContain('/oauth/callback');
  expect(asked).not.toContain('a-very-secret');
  expect(asked).not.toContain(client.key);
});

it('is not written of the scrapes of Prometheus', async () => {
  lines.length = 0;
  await client.call('GET', '/metrics');
  expect(await logged('GET', '/api/integrations')).toHaveLength(1);
});
