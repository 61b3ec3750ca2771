/** Whose token n8n holds: a user's is refused a bot's work, a bot's is never sent as a user's. */
import type { INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWalk } from '../broker/walk.ts';
import type { Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { runNode } from '../setup/n8n.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { connect } from './operations.ts';

let hub: TestHub;
let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  hub = await startHub({ HUB_N8N_URLS: 'http://localhost:5678' });
  await setUpApps(hub.admin, sandbox);
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});

/**
 * Runs the node with what n8n got when a connection was chosen.
 * @returns the result, and what Discord was asked
 */
async function run(parameters: INodeParameters, kind = 'Bearer') {
  const { body } = await createWalk(hub).connect(await connect(hub, 'discord'), { integration: 'discord' });
  await sandbox.control('PUT', '/discord/script', { answers: [] });
  const result = await runNode({
    node: 'hubDiscord',
    credentials: { hubDiscordOAuth2Api: { hubUrl: hub.url, oauthTokenData: { ...body, token_type: kind } } },
    parameters: { ...parameters, authentication: 'hubConnection' },
  });
  const { requests } = await sandbox.control('GET', '/discord/script');
  return { ...result, calls: requests.map(({ method, path }: Json) => `${method} ${path}`) };
}

const MESSAGES = {
  resource: 'message',
  operation: 'getAll',
  channelId: { __rl: true, mode: 'id', value: '1300000000000000001' },
  returnAll: true,
};

it('a user’s token lists the user’s servers', async () => {
  const { error, json } = await run({
    resource: 'guild',
    operation: 'getAll',
    returnAll: true,
  });
  expect(error).toBeNull();
  expect(json).toMatchObject([{ name: "Sandbox One's server" }]);
});

it('a user’s token is refused a channel’s messages: what is needed is said, and nobody is told to reconnect', async () => {
  const { error } = await run(MESSAGES);
  expect(error).toMatchObject({
    message: '401: Unauthorized',
    description: expect.stringContaining('“Hub API Key” and a connection with a bot token'),
    httpCode: '401',
  });
});

it('a bot’s token in n8n’s hands is not sent: n8n would write it into the address', async () => {
  // The hub gives n8n no such token; one that n8n has all the same stays where it is.
  const { error, calls } = await run(MESSAGES, 'Bot');
  expect(error).toMatchObject({
    message: 'n8n cannot sign calls of Discord with a token of the kind “Bot”',
    description: expect.stringContaining('Hub API Key'),
  });
  expect(calls).toEqual([]);
});
