import type { INodeParameters } from 'n8n-workflow';
import { expect, it } from 'vitest';
import { binary } from '../setup/n8n.ts';
import { describeOperations, WAYS, type Asked, type OperationCase } from './operations.ts';

const byId = (value: string) => ({ __rl: true, mode: 'id', value });
const C1 = { channelId: byId('C1') };
const U1 = { userId: byId('U1') };

type Simple = {
  parameters?: INodeParameters;
  method?: 'GET' | 'POST';
  /** Where it is a read. */
  query?: Asked['query'];
  /** Where it is a write. */
  body?: unknown;
  answer?: object;
  gives: unknown[];
};

/** One call of one method, and what comes out of its answer. */
function one(resource: string, operation: string, method: string, wanted: Simple): OperationCase {
  const { parameters = {}, query, body, answer = {}, gives } = wanted;
  const verb = body === undefined ? 'GET' : 'POST';
  return {
    name: `${resource}: ${operation}`,
    parameters: { resource, operation, ...parameters },
    answers: [{ method: verb, path: `/${method}`, body: { ok: true, ...answer } }],
    asks: [
      {
        method: verb,
        path: `/${method}`,
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { body: { json: body } }),
      },
    ],
    gives,
  };
}

const channel = { id: 'C1', name: 'general' };
const done = [{ ok: true }];
const all = { returnAll: true };
const message = { ok: true, channel: 'C1', ts: '1.2', message: { text: 'hi' } };

const cases: OperationCase[] = [
  one('channel', 'archive', 'conversations.archive', {
    parameters: C1,
    body: { channel: 'C1' },
    gives: done,
  }),
  one('channel', 'close', 'conversations.close', { parameters: C1, body: { channel: 'C1' }, gives: done }),
  one('channel', 'create', 'conversations.create', {
    parameters: { name: 'launch', options: { isPrivate: true } },
    body: { name: 'launch', is_private: true },
    answer: { channel },
    gives: [channel],
  }),
  one('channel', 'get', 'conversations.info', {
    parameters: C1,
    query: { channel: 'C1' },
    answer: { channel },
    gives: [channel],
  }),
  one('channel', 'history', 'conversations.history', {
    parameters: { ...C1, ...all, options: { oldest: '2026-01-01T00:00:00.000Z', inclusive: true } },
    query: { channel: 'C1', limit: '200', oldest: '1767225600', inclusive: 'true' },
    answer: { messages: [{ ts: '1' }] },
    gives: [{ ts: '1' }],
  }),
  one('channel', 'invite', 'conversations.invite', {
    parameters: { ...C1, userIds: 'U1,U2' },
    body: { channel: 'C1', users: 'U1,U2' },
    answer: { channel },
    gives: [channel],
  }),
  one('channel', 'join', 'conversations.join', {
    parameters: C1,
    body: { channel: 'C1' },
    answer: { channel },
    gives: [channel],
  }),
  one('channel', 'kick', 'conversations.kick', {
    parameters: { ...C1, ...U1 },
    body: { channel: 'C1', user: 'U1' },
    gives: done,
  }),
  one('channel', 'leave', 'conversations.leave', { parameters: C1, body: { channel: 'C1' }, gives: done }),
  one('channel', 'member', 'conversations.members', {
    parameters: { ...C1, ...all },
    query: { channel: 'C1', limit: '200' },
    answer: { members: ['U1', 'U2'] },
    gives: [{ member: 'U1' }, { member: 'U2' }],
  }),
  one('channel', 'open', 'conversations.open', {
    parameters: { userIds: 'U1' },
    body: { users: 'U1' },
    answer: { channel: { id: 'D1' } },
    gives: [{ id: 'D1' }],
  }),
  one('channel', 'rename', 'conversations.rename', {
    parameters: { ...C1, name: 'new' },
    body: { channel: 'C1', name: 'new' },
    answer: { channel },
    gives: [channel],
  }),
  one('channel', 'replies', 'conversations.replies', {
    parameters: { ...C1, ...all, ts: '1.2' },
    query: { channel: 'C1', limit: '200', ts: '1.2' },
    answer: { messages: [{ ts: '1.2' }, { ts: '1.3' }] },
    gives: [{ ts: '1.2' }, { ts: '1.3' }],
  }),
  one('channel', 'setPurpose', 'conversations.setPurpose', {
    parameters: { ...C1, purpose: 'Launch' },
    body: { channel: 'C1', purpose: 'Launch' },
    gives: [{ purpose: 'Launch' }],
  }),
  one('channel', 'setTopic', 'conversations.setTopic', {
    parameters: { ...C1, topic: 'Launch' },
    body: { channel: 'C1', topic: 'Launch' },
    gives: [{ topic: 'Launch' }],
  }),
  one('channel', 'unarchive', 'conversations.unarchive', {
    parameters: C1,
    body: { channel: 'C1' },
    gives: done,
  }),
  one('message', 'post', 'chat.postMessage', {
    parameters: {
      ...C1,
      text: 'hi',
      options: {
        blocks: '{"blocks":[{"type":"divider"}]}',
        threadTs: '1.1',
        unfurlLinks: false,
        username: 'Robot',
      },
    },
    body: {
      channel: 'C1',
      text: 'hi',
      blocks: [{ type: 'divider' }],
      thread_ts: '1.1',
      unfurl_links: false,
      username: 'Robot',
    },
    answer: message,
    gives: [message],
  }),
  one('message', 'postEphemeral', 'chat.postEphemeral', {
    parameters: { ...C1, ...U1, text: 'psst' },
    body: { channel: 'C1', user: 'U1', text: 'psst' },
    answer: { message_ts: '1.2' },
    gives: [{ ok: true, message_ts: '1.2' }],
  }),
  one('message', 'update', 'chat.update', {
    parameters: { ...C1, ts: '1.2', text: 'ho', options: { attachments: '[{"text":"a"}]' } },
    body: { channel: 'C1', ts: '1.2', text: 'ho', attachments: [{ text: 'a' }] },
    answer: message,
    gives: [message],
  }),
  one('message', 'delete', 'chat.delete', {
    parameters: { ...C1, ts: '1.2' },
    body: { channel: 'C1', ts: '1.2' },
    answer: { ts: '1.2' },
    gives: [{ ok: true, ts: '1.2' }],
  }),
  one('message', 'schedule', 'chat.scheduleMessage', {
    parameters: { ...C1, text: 'later', postAt: '2026-12-24T18:00:00.000Z' },
    body: { channel: 'C1', text: 'later', post_at: 1798135200 },
    answer: { scheduled_message_id: 'Q1' },
    gives: [{ ok: true, scheduled_message_id: 'Q1' }],
  }),
  one('message', 'deleteScheduled', 'chat.deleteScheduledMessage', {
    parameters: { ...C1, scheduledMessageId: 'Q1' },
    body: { channel: 'C1', scheduled_message_id: 'Q1' },
    gives: done,
  }),
  one('message', 'getManyScheduled', 'chat.scheduledMessages.list', {
    parameters: { ...all, options: { channel: 'C1' } },
    query: { limit: '200', channel: 'C1' },
    answer: { scheduled_messages: [{ id: 'Q1' }] },
    gives: [{ id: 'Q1' }],
  }),
  one('message', 'getPermalink', 'chat.getPermalink', {
    parameters: { ...C1, ts: '1.2' },
    query: { channel: 'C1', message_ts: '1.2' },
    answer: { permalink: 'https://x.slack.com/archives/C1/p12' },
    gives: [{ ok: true, permalink: 'https://x.slack.com/archives/C1/p12' }],
  }),
  one('reaction', 'add', 'reactions.add', {
    parameters: { ...C1, timestamp: '1.2', name: 'thumbsup' },
    body: { channel: 'C1', timestamp: '1.2', name: 'thumbsup' },
    gives: done,
  }),
  one('reaction', 'remove', 'reactions.remove', {
    parameters: { ...C1, timestamp: '1.2', name: 'thumbsup' },
    body: { channel: 'C1', timestamp: '1.2', name: 'thumbsup' },
    gives: done,
  }),
  one('reaction', 'get', 'reactions.get', {
    parameters: { ...C1, timestamp: '1.2' },
    query: { channel: 'C1', timestamp: '1.2' },
    answer: { message: { ts: '1.2', reactions: [] } },
    gives: [{ ts: '1.2', reactions: [] }],
  }),
  one('user', 'info', 'users.info', {
    parameters: U1,
    query: { user: 'U1' },
    answer: { user: { id: 'U1' } },
    gives: [{ id: 'U1' }],
  }),
  one('user', 'getAll', 'users.list', {
    parameters: { returnAll: false, limit: 1 },
    query: { limit: '1' },
    answer: { members: [{ id: 'U1' }, { id: 'U2' }] },
    gives: [{ id: 'U1' }],
  }),
  one('user', 'getPresence', 'users.getPresence', {
    parameters: U1,
    query: { user: 'U1' },
    answer: { presence: 'away' },
    gives: [{ ok: true, presence: 'away' }],
  }),
  one('user', 'getProfile', 'users.profile.get', {
    parameters: U1,
    query: { user: 'U1' },
    answer: { profile: { real_name: 'Ann' } },
    gives: [{ real_name: 'Ann' }],
  }),
  one('user', 'lookupByEmail', 'users.lookupByEmail', {
    parameters: { email: 'ann@example.com' },
    query: { email: 'ann@example.com' },
    answer: { user: { id: 'U1' } },
    gives: [{ id: 'U1' }],
  }),
  one('user', 'updateProfile', 'users.profile.set', {
    parameters: {
      fields: {
        statusText: 'Away',
        statusEmoji: ':palm_tree:',
        statusExpiration: '2026-12-24T18:00:00.000Z',
      },
    },
    body: {
      profile: { status_text: 'Away', status_emoji: ':palm_tree:', status_expiration: 1798135200 },
    },
    answer: { profile: { status_text: 'Away' } },
    gives: [{ status_text: 'Away' }],
  }),
  ...(['create', 'update'] as const).map((operation) =>
    one('userGroup', operation, `usergroups.${operation}`, {
      parameters: {
        ...(operation === 'create' ? { name: 'Ops' } : { userGroupId: 'S1' }),
        options: { handle: 'ops', ...(operation === 'update' && { newName: 'Ops' }) },
      },
      body: { ...(operation === 'update' && { usergroup: 'S1' }), name: 'Ops', handle: 'ops' },
      answer: { usergroup: { id: 'S1' } },
      gives: [{ id: 'S1' }],
    }),
  ),
  ...(['disable', 'enable'] as const).map((operation) =>
    one('userGroup', operation, `usergroups.${operation}`, {
      parameters: { userGroupId: 'S1' },
      body: { usergroup: 'S1' },
      answer: { usergroup: { id: 'S1' } },
      gives: [{ id: 'S1' }],
    }),
  ),
  one('userGroup', 'getAll', 'usergroups.list', {
    parameters: { ...all, options: { includeUsers: true } },
    query: { include_users: 'true' },
    answer: { usergroups: [{ id: 'S1' }] },
    gives: [{ id: 'S1' }],
  }),
  one('userGroup', 'getUsers', 'usergroups.users.list', {
    parameters: { userGroupId: 'S1' },
    query: { usergroup: 'S1' },
    answer: { users: ['U1'] },
    gives: [{ users: ['U1'] }],
  }),
  one('userGroup', 'updateUsers', 'usergroups.users.update', {
    parameters: { userGroupId: 'S1', userIds: 'U1,U2' },
    body: { usergroup: 'S1', users: 'U1,U2' },
    answer: { usergroup: { id: 'S1' } },
    gives: [{ id: 'S1' }],
  }),
  one('file', 'delete', 'files.delete', { parameters: { fileId: 'F1' }, body: { file: 'F1' }, gives: done }),
  one('file', 'get', 'files.info', {
    parameters: { fileId: 'F1' },
    query: { file: 'F1' },
    answer: { file: { id: 'F1' } },
    gives: [{ id: 'F1' }],
  }),
  {
    name: 'file: get many, by numbered pages',
    parameters: { resource: 'file', operation: 'getAll', ...all, options: { types: 'images' } },
    answers: [1, 2].map((page) => ({
      method: 'GET',
      path: '/files.list',
      body: { ok: true, files: [{ id: `F${page}` }], paging: { page, pages: 2 } },
    })),
    asks: [
      { method: 'GET', path: '/files.list', query: { count: '200', types: 'images' } },
      { method: 'GET', path: '/files.list', query: { count: '200', types: 'images', page: '2' } },
    ],
    gives: [{ id: 'F1' }, { id: 'F2' }],
  },
  {
    name: 'file: download',
    parameters: { resource: 'file', operation: 'download', fileId: 'F1', outputField: 'data' },
    answers: [
      {
        method: 'GET',
        path: '/files.info',
        body: {
          ok: true,
          file: {
            id: 'F1',
            name: 'a.txt',
            mimetype: 'text/plain',
            url_private_download: 'https://files.slack.com/files-pri/T1-F1/download/a.txt',
          },
        },
      },
      {
        method: 'GET',
        path: '/files-pri/T1-F1/download/a.txt',
        base64: Buffer.from('héllo').toString('base64'),
      },
    ],
    asks: [
      { method: 'GET', path: '/files.info', query: { file: 'F1' } },
      { method: 'GET', path: '/files-pri/T1-F1/download/a.txt' },
    ],
    gives: [expect.objectContaining({ id: 'F1' })],
    items_: ([item]) => {
      expect(item?.binary?.['data']).toMatchObject({ fileName: 'a.txt', mimeType: 'text/plain' });
      expect(Buffer.from(item?.binary?.['data']?.data ?? '', 'base64').toString()).toBe('héllo');
    },
  },
  {
    name: 'file: download of one that is kept elsewhere',
    parameters: { resource: 'file', operation: 'download', fileId: 'F1', outputField: 'data' },
    answers: [
      {
        method: 'GET',
        path: '/files.info',
        body: { ok: true, file: { id: 'F1', url_private: 'https://docs.example/x' } },
      },
    ],
    asks: [{ method: 'GET', path: '/files.info', query: { file: 'F1' } }],
    fails: { message: 'This file is not kept at Slack', description: /another service/ },
  },
  {
    name: 'channel: get one that is not there',
    parameters: { resource: 'channel', operation: 'get', channelId: byId('C0NONE') },
    answers: [
      { method: 'GET', path: '/conversations.info', body: { ok: false, error: 'channel_not_found' } },
    ],
    asks: [{ method: 'GET', path: '/conversations.info', query: { channel: 'C0NONE' } }],
    fails: { message: 'Slack refused the call: channel_not_found', description: /member of it/ },
  },
  {
    name: 'message: post without the scope for it',
    parameters: { resource: 'message', operation: 'post', ...C1, text: 'hi' },
    answers: [
      {
        method: 'POST',
        path: '/chat.postMessage',
        body: { ok: false, error: 'missing_scope', needed: 'chat:write' },
      },
    ],
    asks: [{ method: 'POST', path: '/chat.postMessage', body: { json: { channel: 'C1', text: 'hi' } } }],
    fails: { message: 'Slack refused the call: missing_scope', description: /needs the scope chat:write/ },
  },
  {
    name: 'channel: get many, over two pages up to the limit',
    parameters: {
      resource: 'channel',
      operation: 'getAll',
      returnAll: false,
      limit: 3,
      options: { types: ['im', 'mpim'] },
    },
    answers: [
      {
        method: 'GET',
        path: '/conversations.list',
        body: {
          ok: true,
          channels: [{ id: 'C1' }, { id: 'C2' }],
          response_metadata: { next_cursor: 'next=' },
        },
      },
      {
        method: 'GET',
        path: '/conversations.list',
        body: {
          ok: true,
          channels: [{ id: 'C3' }, { id: 'C4' }],
          response_metadata: { next_cursor: 'more' },
        },
      },
    ],
    asks: [
      { method: 'GET', path: '/conversations.list', query: { limit: '3', types: 'im,mpim' } },
      {
        method: 'GET',
        path: '/conversations.list',
        query: { limit: '1', types: 'im,mpim', cursor: 'next=' },
      },
    ],
    gives: [{ id: 'C1' }, { id: 'C2' }, { id: 'C3' }],
  },
  {
    name: 'user: get many, waiting as told where the node retries',
    parameters: { resource: 'user', operation: 'getAll', ...all },
    settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
    answers: [
      {
        method: 'GET',
        path: '/users.list',
        status: 429,
        headers: { 'retry-after': '0' },
        body: { ok: false, error: 'ratelimited' },
      },
      { method: 'GET', path: '/users.list', body: { ok: true, members: [{ id: 'U1' }] } },
    ],
    asks: [
      { method: 'GET', path: '/users.list', query: { limit: '200' } },
      { method: 'GET', path: '/users.list', query: { limit: '200' } },
    ],
    gives: [{ id: 'U1' }],
  },
  {
    name: 'user: get many, told to wait',
    parameters: { resource: 'user', operation: 'getAll', ...all },
    answers: [
      {
        method: 'GET',
        path: '/users.list',
        status: 429,
        headers: { 'retry-after': '7' },
        body: { ok: false, error: 'ratelimited' },
      },
    ],
    asks: [{ method: 'GET', path: '/users.list', query: { limit: '200' } }],
    fails: { message: 'Slack refused the call: ratelimited', httpCode: '429' },
  },
  {
    name: 'custom API call',
    parameters: {
      resource: 'customApiCall',
      operation: 'call',
      method: 'POST',
      path: '/pins.add',
      query: { pairs: [{ name: 'a', value: '1' }] },
      headers: {},
      body: '{"channel": "C1"}',
      options: {},
    },
    answers: [{ method: 'POST', path: '/pins.add', body: { ok: true } }],
    asks: [{ method: 'POST', path: '/pins.add', query: { a: '1' }, body: { json: { channel: 'C1' } } }],
    gives: [{ ok: true }],
  },
  {
    name: 'custom API call to somewhere else',
    parameters: {
      resource: 'customApiCall',
      operation: 'call',
      method: 'GET',
      path: 'https://evil.example/x',
      options: {},
    },
    asks: [],
    fails: { message: 'The path must not name a host' },
  },
  // Its calls depend on the stand-in's address: tested below.
  {
    name: 'file: upload',
    parameters: { resource: 'file', operation: 'upload', inputField: 'none' },
    asks: [],
    fails: { message: /binary/ },
  },
];

describeOperations({ node: 'hubSlack', integrationId: 'slack' }, cases, (bench) => {
  it.each(WAYS)('file: upload, in three steps, by %s', async (way) => {
    await bench.script([
      {
        method: 'GET',
        path: '/files.getUploadURLExternal',
        body: { ok: true, upload_url: `${bench.sandbox().url}/slack/api/upload/v1/ABC`, file_id: 'F1' },
      },
      { method: 'POST', path: '/upload/v1/ABC', withoutToken: true, body: 'OK - 5' },
      {
        method: 'POST',
        path: '/files.completeUploadExternal',
        body: { ok: true, files: [{ id: 'F1', title: 'T' }] },
      },
    ]);
    const { json, error } = await bench.run(way, {
      parameters: {
        resource: 'file',
        operation: 'upload',
        inputField: 'data',
        options: { channelId: 'C1', initialComment: 'look', title: 'T' },
      },
      items: [{ json: {}, binary: { data: binary('hello', 'a.txt', 'text/plain') } }],
    });
    expect(error).toBeNull();
    expect(json).toEqual([{ id: 'F1', title: 'T' }]);
    expect(await bench.asked()).toMatchObject([
      { path: '/files.getUploadURLExternal', query: { filename: 'a.txt', length: '5' } },
      { path: '/upload/v1/ABC', body: { text: 'hello' } },
      {
        path: '/files.completeUploadExternal',
        body: { json: { files: [{ id: 'F1', title: 'T' }], channel_id: 'C1', initial_comment: 'look' } },
      },
    ]);
  });

  it.each(WAYS)(
    'one item of two fails and the other comes out, with Continue On Fail, by %s',
    async (way) => {
      await bench.script([
        { method: 'GET', path: '/users.info', body: { ok: false, error: 'user_not_found' } },
        { method: 'GET', path: '/users.info', body: { ok: true, user: { id: 'U2' } } },
      ]);
      const { items } = await bench.run(way, {
        parameters: {
          resource: 'user',
          operation: 'info',
          userId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
        },
        items: [{ json: { id: 'U1' } }, { json: { id: 'U2' } }],
        settings: { onError: 'continueRegularOutput', continueOnFail: true },
      });
      expect(items).toHaveLength(2);
      expect(items[0]?.json['error']).toContain('user_not_found');
      expect(items[1]?.json).toEqual({ id: 'U2' });
    },
  );

  it.each(WAYS)('lists channels and people to choose from, by %s', async (way) => {
    await bench.script([
      {
        method: 'GET',
        path: '/users.list',
        body: {
          ok: true,
          members: [
            { id: 'U1', real_name: 'Ann' },
            { id: 'U2', name: 'bob', deleted: true },
          ],
        },
      },
    ]);
    expect(await bench.search(way, 'searchChannels', {}, 'rand')).toEqual([
      { name: '#random', value: 'C00SANDBOX2' },
    ]);
    expect(await bench.search(way, 'searchUsers')).toEqual([{ name: 'Ann', value: 'U1' }]);
  });

  it('lists the connections of a key', async () => {
    expect(await bench.search('apiKey', 'searchConnections')).toMatchObject([
      { name: 'Slack (Sandbox One)', value: bench.connectionId() },
    ]);
  });

  it('a token that dies between two pages is renewed, and no page is lost', async () => {
    const pages = ['C1', 'C2'].map((id, index) => ({
      method: 'GET',
      path: '/conversations.list',
      body: { ok: true, channels: [{ id }], response_metadata: { next_cursor: index === 0 ? 'x' : '' } },
    }));
    const expired = {
      method: 'GET',
      path: '/conversations.list',
      body: { ok: false, error: 'token_expired' },
    };
    await bench.script([pages[0]!, expired, pages[1]!]);
    const { json, error } = await bench.run('apiKey', {
      parameters: { resource: 'channel', operation: 'getAll', returnAll: true },
    });
    expect(error).toBeNull();
    expect(json).toEqual([{ id: 'C1' }, { id: 'C2' }]);
  });
});
