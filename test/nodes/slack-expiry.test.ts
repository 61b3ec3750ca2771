/** Slack says "expired" within a 200, and n8n renews after a 401 alone: what becomes of a list half read. */
import type { INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createWalk } from '../broker/walk.ts';
import type { Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { runNode, type StoredCredentials } from '../setup/n8n.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { connect } from './operations.ts';
import { answered, failing } from './slack-calls.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let connectionId: string;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  hub = await startHub({ HUB_N8N_URLS: 'http://localhost:5678' });
  await setUpApps(hub.admin, sandbox);
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});
beforeEach(async () => {
  await sandbox.control('POST', '/reset');
  connectionId = await connect(hub, 'slack');
});

const FIRST = answered('GET', 'conversations.list', {
  channels: [{ id: 'C1' }],
  response_metadata: { next_cursor: 'n' },
});
const SECOND = answered('GET', 'conversations.list', { channels: [{ id: 'C2' }] });
const EXPIRED = failing('GET', 'conversations.list', 'token_expired');

/** Lists all channels while Slack answers these in turn. */
async function list(credentials: StoredCredentials, more: INodeParameters, answers: Json[]) {
  await sandbox.control('PUT', '/slack/script', {
    answers: answers.map((one) => ({ ...one, path: `/api${one.path}` })),
  });
  const parameters = { ...more, resource: 'channel', operation: 'getAll', returnAll: true };
  const result = await runNode({ node: 'hubSlack', credentials, parameters });
  const { requests } = await sandbox.control('GET', '/slack/script');
  const calls = requests.filter(({ path }: Json) => path === '/api/conversations.list');
  return {
    ...result,
    cursors: calls.map(({ query }: Json) => Object.fromEntries(query).cursor ?? null),
  };
}
const tokenRequests = async () =>
  (await sandbox.control('GET', '/slack/ledger')).counts.tokenRequests as number;

const byConnection = { authentication: 'hubConnection' };
const byKey = () => ({
  authentication: 'apiKey',
  connection: { __rl: true, mode: 'id', value: connectionId },
});
async function held(): Promise<{ stored: StoredCredentials; walk: ReturnType<typeof createWalk> }> {
  const walk = createWalk(hub);
  const { body } = await walk.connect(connectionId);
  return { walk, stored: { hubSlackOAuth2Api: { hubUrl: hub.url, oauthTokenData: body } } };
}
const tokenIn = (stored: StoredCredentials) =>
  (stored['hubSlackOAuth2Api']?.['oauthTokenData'] as Json).access_token as string;

it('fetches a newer token from the hub once, and goes on with the page that was refused', async () => {
  const { stored } = await held();
  const before = tokenIn(stored);
  await hub.admin.call('POST', `/api/connections/${connectionId}/refresh`);
  const asked = await tokenRequests();
  const { error, json, cursors } = await list(stored, byConnection, [FIRST, EXPIRED, SECOND]);
  expect(error).toBeNull();
  expect(json).toEqual([{ id: 'C1' }, { id: 'C2' }]);
  expect(cursors).toEqual([null, 'n', 'n']);
  const now = (await hub.admin.call('GET', `/api/connections/${connectionId}/token`)).body.accessToken;
  expect([tokenIn(stored), tokenIn(stored) === before]).toEqual([now, false]);
  // The hub had it already.
  expect(await tokenRequests()).toBe(asked);
});

it('fetches none a second time for the same page, and says where to reconnect', async () => {
  const { stored } = await held();
  const { error, cursors } = await list(stored, byConnection, [FIRST, EXPIRED, EXPIRED, SECOND]);
  expect(error).toMatchObject({
    message: 'The connection to Slack needs to be reconnected',
    description: expect.stringContaining(`/connections/${connectionId}`),
  });
  expect(cursors).toEqual([null, 'n', 'n']);
});

it('says where to reconnect when the hub refuses to renew it, and asks Slack no more', async () => {
  const { stored, walk } = await held();
  await walk.revoke((stored['hubSlackOAuth2Api']?.['oauthTokenData'] as Json).refresh_token);
  const { error, cursors } = await list(stored, byConnection, [FIRST, EXPIRED, SECOND]);
  expect(error).toMatchObject({
    message: 'The connection to Slack needs to be reconnected',
    description: expect.stringContaining(`/connections/${connectionId}`),
  });
  expect(cursors).toEqual([null, 'n']);
});

it('notices nothing of it through the proxy, where the hub renews and repeats', async () => {
  const stored = { integrationHubApi: { baseUrl: hub.url, apiKey: hub.admin.key } };
  const asked = await tokenRequests();
  const { error, json, cursors } = await list(stored, byKey(), [FIRST, EXPIRED, SECOND]);
  expect(error).toBeNull();
  expect(json).toEqual([{ id: 'C1' }, { id: 'C2' }]);
  expect(cursors).toEqual([null, 'n', 'n']);
  expect((await tokenRequests()) - asked).toBe(1);
});
