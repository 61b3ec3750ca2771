import { expect, it } from 'vitest';
import { describeOperations, WAYS, type OperationCase } from './operations.ts';
import { bookmarks, pins, reactions, userGroups, users } from './slack-people.ts';
import { answered, failing, get, id, post } from './slack-calls.ts';
import { files } from './slack-files.ts';
import { messages } from './slack-messages.ts';

const C1 = { channelId: id('C1') };
const CHANNEL = { id: 'C1', name: 'general', is_channel: true };
const cursor = (next_cursor: string) => ({ response_metadata: { next_cursor } });
const PAGES = [
  answered('GET', 'conversations.list', { channels: [{ id: 'C1' }, { id: 'C2' }], ...cursor('next=') }),
  answered('GET', 'conversations.list', { channels: [{ id: 'C3' }, { id: 'C4' }], ...cursor('more') }),
];

/** Methods that take a channel in their body and answer with no more than `ok`. */
const plain = (operation: string, method: string, more: object = {}, body: object = {}): OperationCase => ({
  name: `channel: ${operation}`,
  parameters: { resource: 'channel', operation, ...C1, ...more },
  ...post(`conversations.${method}`, { channel: 'C1', ...body }, {}),
  gives: [{ ok: true }],
});
/** Those that answer with the channel. */
const giving = (operation: string, more: object, body: object): OperationCase => ({
  name: `channel: ${operation}`,
  parameters: { resource: 'channel', operation, ...more },
  ...post(`conversations.${operation}`, body, { channel: CHANNEL }),
  gives: [CHANNEL],
});

const channels: OperationCase[] = [
  plain('archive', 'archive'),
  plain('unarchive', 'unarchive'),
  plain('close', 'close'),
  plain('leave', 'leave'),
  plain('kick', 'kick', { userId: id('U1') }, { user: 'U1' }),
  plain('setPurpose', 'setPurpose', { purpose: 'Plans' }, { purpose: 'Plans' }),
  plain('setTopic', 'setTopic', { topic: '' }, { topic: '' }),
  giving('create', { name: 'plans', channelVisibility: 'private' }, { name: 'plans', is_private: true }),
  giving('join', C1, { channel: 'C1' }),
  giving('rename', { ...C1, name: 'plans' }, { channel: 'C1', name: 'plans' }),
  giving(
    'invite',
    { ...C1, users: ['U1', 'U2'], options: { force: true } },
    { channel: 'C1', users: 'U1,U2', force: true },
  ),
  {
    ...giving('open', { users: [], options: { channelId: 'D1' } }, { channel: 'D1' }),
    name: 'channel: open one that was there',
  },
  giving('open', { users: ['U1'], options: { returnIm: true } }, { users: 'U1', return_im: true }),
  {
    name: 'channel: get, by its address',
    parameters: {
      resource: 'channel',
      operation: 'get',
      channelId: {
        __rl: true,
        mode: 'url',
        value: 'https://app.slack.com/client/T012AB3CD/C012AB3CD/thread',
      },
      options: { includeNumMembers: true },
    },
    ...get('conversations.info', { channel: 'C012AB3CD', include_num_members: 'true' }, { channel: CHANNEL }),
    gives: [CHANNEL],
  },
  {
    name: 'channel: get one that is not there',
    parameters: { resource: 'channel', operation: 'get', ...C1 },
    ...get('conversations.info', { channel: 'C1' }, { ok: false, error: 'channel_not_found' }),
    fails: { message: 'Slack refused the call: channel_not_found', description: /member of it/ },
  },
  {
    name: 'channel: get none, where an expression gave nothing',
    parameters: { resource: 'channel', operation: 'get', channelId: id('={{ $json.nothing }}') },
    asks: [],
    fails: { message: '“Channel” is empty', description: /expression/ },
  },
  {
    name: 'channel: get many, over two pages up to the limit',
    parameters: {
      resource: 'channel',
      operation: 'getAll',
      returnAll: false,
      limit: 3,
      filters: { excludeArchived: true, types: ['public_channel', 'im'] },
    },
    answers: PAGES,
    asks: ['3', '1'].map((limit, index) => ({
      method: 'GET',
      path: '/conversations.list',
      query: {
        limit,
        exclude_archived: 'true',
        types: 'public_channel,im',
        ...(index === 1 && { cursor: 'next=' }),
      },
    })),
    gives: [{ id: 'C1' }, { id: 'C2' }, { id: 'C3' }],
  },
  {
    // The engine's time zone is New York's unless it is told another one.
    name: 'channel: history between two times, one without an offset and so in the workflow’s time zone',
    parameters: {
      resource: 'channel',
      operation: 'history',
      ...C1,
      returnAll: true,
      filters: { oldest: '2026-03-01T09:00:00', latest: '1772400000.000100', inclusive: true },
    },
    ...get(
      'conversations.history',
      { channel: 'C1', limit: '200', oldest: '1772373600', latest: '1772400000.0001', inclusive: 'true' },
      { messages: [{ ts: '1772400000.000100', text: 'hi' }], ...cursor('') },
    ),
    gives: [{ ts: '1772400000.000100', text: 'hi' }],
  },
  {
    name: 'channel: history since what is no time',
    parameters: {
      resource: 'channel',
      operation: 'history',
      ...C1,
      returnAll: true,
      filters: { oldest: 'last week' },
    },
    asks: [],
    fails: { message: '“Oldest” is not a time: last week', description: /2026-03-01T09:00:00/ },
  },
  {
    name: 'channel: replies, to a timestamp that became a number',
    parameters: {
      resource: 'channel',
      operation: 'replies',
      ...C1,
      timestamp: '={{ 1663233118.8566 }}',
      returnAll: false,
      limit: 10,
    },
    ...get(
      'conversations.replies',
      { channel: 'C1', ts: '1663233118.856600', limit: '10' },
      { messages: [{ ts: '1663233118.856600' }, { ts: '1663233119.000100' }], has_more: false },
    ),
    gives: [{ ts: '1663233118.856600' }, { ts: '1663233119.000100' }],
  },
  {
    name: 'channel: members',
    parameters: { resource: 'channel', operation: 'member', ...C1, returnAll: true },
    answers: [
      answered('GET', 'conversations.members', { members: ['U1'], ...cursor('n') }),
      answered('GET', 'conversations.members', { members: ['U2'], ...cursor('') }),
    ],
    asks: [{}, { cursor: 'n' }].map((more) => ({
      method: 'GET',
      path: '/conversations.members',
      query: { channel: 'C1', limit: '200', ...more },
    })),
    gives: [{ member: 'U1' }, { member: 'U2' }],
  },
  {
    name: 'channel: members with their details',
    parameters: {
      resource: 'channel',
      operation: 'member',
      ...C1,
      returnAll: false,
      limit: 1,
      resolveData: true,
    },
    answers: [
      answered('GET', 'conversations.members', { members: ['U1', 'U2'] }),
      answered('GET', 'users.info', { user: { id: 'U1', name: 'jo' } }),
    ],
    asks: [
      { method: 'GET', path: '/conversations.members', query: { channel: 'C1', limit: '1' } },
      { method: 'GET', path: '/users.info', query: { user: 'U1' } },
    ],
    gives: [{ id: 'U1', name: 'jo' }],
  },
];

const LIMITED = {
  method: 'GET',
  path: '/conversations.info',
  status: 429,
  headers: { 'retry-after': '0' },
  body: { ok: false, error: 'ratelimited' },
};
const ASK_INFO = { method: 'GET', path: '/conversations.info', query: { channel: 'C1' } };

const troubles: OperationCase[] = [
  {
    name: 'rate limited: it says for how long, and how the node would wait',
    parameters: { resource: 'channel', operation: 'get', ...C1 },
    answers: [{ ...LIMITED, headers: { 'retry-after': '30' } }],
    asks: [ASK_INFO],
    fails: { message: 'Slack refused the call: ratelimited', httpCode: '429' },
  },
  {
    name: 'rate limited: it waits as told where it is set to retry',
    parameters: { resource: 'channel', operation: 'get', ...C1 },
    settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
    answers: [LIMITED, answered('GET', 'conversations.info', { channel: CHANNEL })],
    asks: [ASK_INFO, ASK_INFO],
    gives: [CHANNEL],
  },
  {
    name: 'one of two items fails, and the other comes out',
    parameters: {
      resource: 'channel',
      operation: 'member',
      channelId: id('={{ $json.id }}'),
      returnAll: true,
    },
    items: [{ json: { id: 'C0' } }, { json: { id: 'C1' } }],
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    answers: [
      failing('GET', 'conversations.members', 'channel_not_found'),
      answered('GET', 'conversations.members', { members: ['U1'] }),
    ],
    asks: ['C0', 'C1'].map((channel) => ({
      method: 'GET',
      path: '/conversations.members',
      query: { channel, limit: '200' },
    })),
    gives: [{ error: 'Slack refused the call: channel_not_found' }, { member: 'U1' }],
  },
  {
    name: 'one of two items names no channel, and the other comes out',
    parameters: { resource: 'channel', operation: 'join', channelId: id('={{ $json.id }}') },
    items: [{ json: { id: '' } }, { json: { id: 'C1' } }],
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    ...post('conversations.join', { channel: 'C1' }, { channel: CHANNEL }),
    gives: [{ error: '“Channel” is empty' }, CHANNEL],
  },
  {
    name: 'a missing scope is named',
    parameters: { resource: 'userGroup', operation: 'getAll', returnAll: true, options: {} },
    ...get(
      'usergroups.list',
      {},
      { ok: false, error: 'missing_scope', needed: 'usergroups:read', provided: 'chat:write' },
    ),
    fails: {
      message: 'Slack refused the call: missing_scope',
      description: /Connect the account again.*It needs the scope usergroups:read\.$/,
    },
  },
  {
    name: 'what Slack says in its answer’s margin is told',
    parameters: { resource: 'channel', operation: 'rename', ...C1, name: 'A B' },
    ...post(
      'conversations.rename',
      { channel: 'C1', name: 'A B' },
      {
        ok: false,
        error: 'invalid_arguments',
        response_metadata: { messages: ['[ERROR] invalid name [json-pointer:/name]'] },
      },
    ),
    fails: {
      message: 'Slack refused the call: invalid_arguments [ERROR] invalid name [json-pointer:/name]',
    },
  },
  {
    name: 'custom API call',
    parameters: {
      resource: 'customApiCall',
      operation: 'call',
      method: 'POST',
      path: '/chat.postMessage',
      query: {},
      headers: {},
      body: '{"channel": "C1", "text": "hi"}',
      options: {},
    },
    ...post('chat.postMessage', { channel: 'C1', text: 'hi' }, { ts: '1.2' }),
    gives: [{ ok: true, ts: '1.2' }],
  },
];

describeOperations(
  { node: 'hubSlack', integrationId: 'slack' },
  [
    ...channels,
    ...messages,
    ...files,
    ...reactions,
    ...pins,
    ...bookmarks,
    ...users,
    ...userGroups,
    ...troubles,
  ],
  ({ script, search, options, asked }) => {
    it.each(WAYS)('lists to pick from (%s)', async (way) => {
      await script([
        answered('GET', 'conversations.list', { channels: [{ id: 'C2', name: 'random' }], ...cursor('n') }),
        answered('GET', 'conversations.list', { channels: [{ id: 'C1', name: 'general' }] }),
        answered('GET', 'users.list', {
          members: [
            { id: 'U2', name: 'max' },
            { id: 'U1', name: 'jo', real_name: 'Jo Doe' },
            { id: 'U3', name: 'gone', deleted: true },
          ],
        }),
        answered('GET', 'usergroups.list', { usergroups: [{ id: 'S1', name: 'Marketing', handle: 'mk' }] }),
        answered('GET', 'team.profile.get', { profile: { fields: [{ id: 'Xf1', label: 'Team' }] } }),
      ]);
      expect(await search(way, 'searchChannels')).toEqual([
        { name: '#general', value: 'C1' },
        { name: '#random', value: 'C2' },
      ]);
      expect(await search(way, 'searchUsers', {}, 'DOE')).toEqual([{ name: 'Jo Doe (@jo)', value: 'U1' }]);
      expect(await search(way, 'searchUserGroups')).toEqual([{ name: 'Marketing (@mk)', value: 'S1' }]);
      expect(await options(way, 'getTeamFields')).toEqual([{ name: 'Team', value: 'Xf1' }]);
      const [first] = await asked();
      expect(first?.query).toEqual({
        exclude_archived: 'true',
        types: 'public_channel,private_channel',
        limit: '999',
      });
    });

    it.each(WAYS)('lists of channels and users for several at once (%s)', async (way) => {
      await script([
        failing('GET', 'conversations.list', 'missing_scope', { needed: 'groups:read' }),
        answered('GET', 'conversations.list', { channels: [{ id: 'C1', name: 'general' }] }),
        answered('GET', 'users.list', { members: [{ id: 'U2', name: 'max' }] }),
      ]);
      expect(await options(way, 'getChannels')).toEqual([{ name: '#general', value: 'C1' }]);
      expect((await asked()).map(({ query }) => query?.['types'])).toEqual([
        'public_channel,private_channel',
        'public_channel',
      ]);
      expect(await options(way, 'getUsers')).toEqual([{ name: '@max', value: 'U2' }]);
    });
  },
);
