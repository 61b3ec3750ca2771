/** Answers laid out beforehand: for whom, how often, and what is told of the asking. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../hub/sandbox/sandbox.ts';
import { mannerOf } from './manners.ts';
import { appOf, ask, connect, control } from './walk.ts';

let sandbox: Sandbox;
let base: string;
let authorization: string;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, consent: 'allow' });
});
afterEach(async () => void (await control(sandbox, 'POST', 'reset')));
afterAll(() => sandbox.close());

async function connectHubSpot(): Promise<void> {
  const app = appOf(sandbox, 'hubspot');
  const answer = (await connect(app, mannerOf('hubspot'))).body;
  base = app.endpoints.apiBaseUrl ?? '';
  authorization = `Bearer ${answer.access_token}`;
}

it('answers a call that no stand-in knows, once, and tells what was asked', async () => {
  await connectHubSpot();
  const answers = [{ method: 'POST', path: '/crm/v3/unheard/of', status: 202, body: { done: true } }];
  await control(sandbox, 'PUT', 'hubspot/script', { answers });
  const call = () =>
    ask(`${base}/crm/v3/unheard/of?a=1&a=2`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Zoë' }),
    });

  expect(await call()).toMatchObject({ status: 202, body: { done: true } });
  expect((await call()).status).toBe(404);

  const { requests, unused } = (await control(sandbox, 'GET', 'hubspot/script')).body;
  expect(unused).toEqual([]);
  expect(requests).toHaveLength(2);
  expect(requests[0]).toMatchObject({
    method: 'POST',
    path: '/crm/v3/unheard/of',
    query: [
      ['a', '1'],
      ['a', '2'],
    ],
    body: { json: { name: 'Zoë' } },
  });
  expect(JSON.stringify(requests)).not.toContain(authorization.slice('Bearer '.length));
});

it('keeps a laid-out answer from a caller without a good token', async () => {
  await connectHubSpot();
  const answers = [{ method: 'GET', path: '/crm/v3/unheard/of', body: { secret: 'yes' } }];
  await control(sandbox, 'PUT', 'hubspot/script', { answers });
  const refused = await ask(`${base}/crm/v3/unheard/of`, { headers: { authorization: 'Bearer nobody' } });
  expect(refused.status).toBe(401);
  expect(refused.body).not.toMatchObject({ secret: 'yes' });
});

it('takes an answer’s place in a call that the stand-in knows, and leaves it alone when off', async () => {
  await connectHubSpot();
  const path = '/crm/v3/objects/contacts';
  const call = () => ask(base + path, { headers: { authorization } });
  await control(sandbox, 'PUT', 'hubspot/script', {
    answers: [{ method: 'GET', path, status: 429, headers: { 'retry-after': '3' }, body: {} }],
  });
  expect((await call()).status).toBe(429);
  expect((await call()).status).toBe(200);
  await control(sandbox, 'DELETE', 'hubspot/script');
  expect((await call()).body.results).toHaveLength(3);
  expect((await control(sandbox, 'GET', 'hubspot/script')).body).toEqual({
    on: false,
    requests: [],
    unused: [],
  });
});
