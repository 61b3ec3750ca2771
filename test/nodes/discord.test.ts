import { expect, it } from 'vitest';
import { messages } from './discord-messages.ts';
import { id, servers } from './discord-servers.ts';
import { describeOperations, WAYS, type OperationCase } from './operations.ts';
import { runNode } from '../setup/n8n.ts';

const GET = { resource: 'channel', operation: 'get', channelId: id('c1') };
const ASK = { method: 'GET', path: '/channels/c1' };
const LIMITED = {
  ...ASK,
  status: 429,
  headers: { 'retry-after': '65', 'x-ratelimit-scope': 'user', 'x-ratelimit-remaining': '0' },
  body: { message: 'You are being rate limited.', retry_after: 64.57, global: false },
};
const failing = (status: number, body: object) => ({ ...ASK, status, body });

const troubles: OperationCase[] = [
  {
    name: 'rate limited: the body’s float says for how long',
    parameters: GET,
    answers: [LIMITED],
    asks: [ASK],
    fails: {
      message: 'You are being rate limited.',
      description: /left alone for 65 s.*Retry On Fail/,
      httpCode: '429',
    },
  },
  {
    name: 'rate limited: it waits as told, by a wall in front of Discord too',
    parameters: GET,
    settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 },
    answers: [
      { ...LIMITED, body: { message: 'You are being rate limited.', retry_after: 0.02, global: true } },
      { ...ASK, status: 429, headers: { 'retry-after': '0' }, body: '<html>' },
      { ...ASK, body: { id: 'c1' } },
    ],
    asks: [ASK, ASK, ASK],
    gives: [{ id: 'c1' }],
  },
  {
    name: 'one of two items fails, and the other comes out',
    parameters: {
      resource: 'message',
      operation: 'send',
      sendTo: 'channel',
      channelId: id('={{ $json.id }}'),
      content: 'hi',
    },
    items: [{ json: { id: 'c0' } }, { json: { id: 'c1' } }],
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    answers: [
      {
        method: 'POST',
        path: '/channels/c0/messages',
        status: 404,
        body: { message: 'Unknown Channel', code: 10003 },
      },
      { method: 'POST', path: '/channels/c1/messages', body: { id: 'm1' } },
    ],
    asks: ['c0', 'c1'].map((channel) => ({
      method: 'POST',
      path: `/channels/${channel}/messages`,
      body: { json: { content: 'hi' } },
    })),
    gives: [{ error: 'Unknown Channel' }, { id: 'm1' }],
  },
  {
    name: 'what is wrong with a form is told, field by field',
    parameters: {
      resource: 'message',
      operation: 'send',
      sendTo: 'channel',
      channelId: id('c1'),
      content: 'hi',
    },
    answers: [
      {
        method: 'POST',
        path: '/channels/c1/messages',
        status: 400,
        body: {
          code: 50035,
          message: 'Invalid Form Body',
          errors: {
            embeds: {
              0: {
                title: {
                  _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 256 or fewer in length.' }],
                },
              },
            },
          },
        },
      },
    ],
    asks: [{ method: 'POST', path: '/channels/c1/messages', body: { json: { content: 'hi' } } }],
    fails: { message: 'Invalid Form Body; embeds.0.title: Must be 256 or fewer in length.', httpCode: '400' },
  },
  {
    name: 'what needs a bot says so',
    parameters: GET,
    answers: [failing(403, { message: 'Missing Access', code: 50001 })],
    asks: [ASK],
    fails: { message: 'Missing Access', description: /“Hub API Key” and a connection with a bot token/ },
  },
  {
    name: 'custom API call',
    parameters: {
      resource: 'customApiCall',
      operation: 'call',
      method: 'POST',
      path: '/channels/c1/typing',
      query: {},
      headers: {},
      body: '',
      options: {},
    },
    answers: [{ method: 'POST', path: '/channels/c1/typing', status: 204 }],
    asks: [{ method: 'POST', path: '/channels/c1/typing' }],
    gives: [{ success: true }],
  },
];

const CHANNEL = '1300000000000000001';

describeOperations(
  { node: 'hubDiscord', integrationId: 'discord' },
  [...messages, ...servers, ...troubles],
  ({ hub, sandbox, script, search, options, asked, run }) => {
    it.each(WAYS)('lists to pick from (%s)', async (way) => {
      const channels = [
        { id: 'c2', name: 'talk', type: 0, position: 2, parent_id: 'c9' },
        { id: 'c1', name: 'plans', type: 0, position: 1, parent_id: null },
        { id: 'c9', name: 'Work', type: 4, position: 0 },
      ];
      const roles = [
        { id: 'g1', name: '@everyone' },
        { id: 'r1', name: 'Mods' },
      ];
      const jo = { nick: null, user: { id: 'u1', username: 'jo', global_name: 'Jo Doe' } };
      const answers = [
        ['/guilds/g1/channels', channels],
        ['/guilds/g1/channels', channels],
        ['/guilds/g1/roles', roles],
        ['/guilds/g1/roles', roles],
        ['/guilds/g1/members', [jo, { nick: 'Max', user: { id: 'u2', username: 'max' } }]],
        ['/guilds/g1/members/search', [jo]],
      ] as const;
      await script(answers.map(([path, body]) => ({ method: 'GET', path, body })));
      const server = { resource: 'member', operation: 'roleAdd', guildId: id('g1') };
      expect(await search(way, 'searchServers')).toEqual([
        { name: "Sandbox One's server", value: '1200000000000000001' },
      ]);
      expect(await search(way, 'searchChannels', server)).toEqual([
        { name: 'plans', value: 'c1' },
        { name: 'Work / talk', value: 'c2' },
      ]);
      expect(await search(way, 'searchCategories', server)).toEqual([{ name: 'Work', value: 'c9' }]);
      expect(await search(way, 'searchRoles', server, 'MOD')).toEqual([{ name: 'Mods', value: 'r1' }]);
      expect(await options(way, 'getRoles', server)).toEqual([{ name: 'Mods', value: 'r1' }]);
      expect(await search(way, 'searchMembers', server)).toEqual([
        { name: 'Jo Doe (jo)', value: 'u1' },
        { name: 'Max (max)', value: 'u2' },
      ]);
      expect(await search(way, 'searchMembers', server, 'jo')).toEqual([
        { name: 'Jo Doe (jo)', value: 'u1' },
      ]);
      expect((await asked()).at(-1)?.query).toEqual({ query: 'jo', limit: '100' });
    });

    it.each(WAYS)('lists of a server that is not chosen yet are empty, and ask nobody (%s)', async (way) => {
      await script([]);
      const nowhere = { resource: 'member', operation: 'roleAdd', guildId: id('') };
      for (const list of ['searchChannels', 'searchCategories', 'searchRoles', 'searchMembers'])
        expect(await search(way, list, nowhere)).toEqual([]);
      expect(await options(way, 'getRoles', nowhere)).toEqual([]);
      expect(await asked()).toEqual([]);
    });

    const SEND = {
      resource: 'message',
      operation: 'send',
      sendTo: 'channel',
      channelId: id(CHANNEL),
      content: 'hi',
    };

    it('a user’s token does not send messages: the error says that a bot’s is needed', async () => {
      await script([]);
      const { error } = await run('apiKey', { parameters: SEND });
      expect(error).toMatchObject({
        message: '401: Unauthorized',
        description: expect.stringContaining('“Hub API Key” and a connection with a bot token'),
        httpCode: '401',
      });
    });

    it('a connection with a bot token sends them, signed by the hub as a bot', async () => {
      await script([]);
      const made = await hub().admin.call('POST', '/api/connections', {
        integrationId: 'discord',
        authType: 'api_key',
        credentials: { apiKey: sandbox().staticKeys()['discord'] },
      });
      const { error, json } = await runNode({
        node: 'hubDiscord',
        credentials: { integrationHubApi: { baseUrl: hub().url, apiKey: hub().admin.key } },
        parameters: { ...SEND, authentication: 'apiKey', connection: id(made.body.connection.id) },
      });
      expect(error).toBeNull();
      expect(json).toMatchObject([
        { channel_id: CHANNEL, content: 'hi', author: { username: 'sandbox-bot' } },
      ]);
    });
  },
);
