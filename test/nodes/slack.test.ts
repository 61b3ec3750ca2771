import { describeOperations } from './operations.ts';

describeOperations({ node: 'hubSlack', integrationId: 'slack' }, [
  {
    name: 'channel: get',
    parameters: {
      resource: 'channel',
      operation: 'get',
      channelId: { __rl: true, mode: 'id', value: 'C012AB3CD' },
    },
    answers: [
      {
        method: 'GET',
        path: '/conversations.info',
        body: { ok: true, channel: { id: 'C012AB3CD', name: 'general' } },
      },
    ],
    asks: [{ method: 'GET', path: '/conversations.info', query: { channel: 'C012AB3CD' } }],
    gives: [{ id: 'C012AB3CD', name: 'general' }],
  },
  {
    name: 'channel: get one that is not there',
    parameters: {
      resource: 'channel',
      operation: 'get',
      channelId: { __rl: true, mode: 'id', value: 'C0NONE' },
    },
    answers: [
      { method: 'GET', path: '/conversations.info', body: { ok: false, error: 'channel_not_found' } },
    ],
    asks: [{ method: 'GET', path: '/conversations.info', query: { channel: 'C0NONE' } }],
    fails: { message: 'Slack refused the call: channel_not_found', description: /member of it/ },
  },
  {
    name: 'channel: get many, over two pages up to the limit',
    parameters: { resource: 'channel', operation: 'getAll', returnAll: false, limit: 3 },
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
      { method: 'GET', path: '/conversations.list', query: { limit: '3' } },
      { method: 'GET', path: '/conversations.list', query: { limit: '1', cursor: 'next=' } },
    ],
    gives: [{ id: 'C1' }, { id: 'C2' }, { id: 'C3' }],
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
    answers: [{ method: 'POST', path: '/chat.postMessage', body: { ok: true, ts: '1.2' } }],
    asks: [{ method: 'POST', path: '/chat.postMessage', body: { json: { channel: 'C1', text: 'hi' } } }],
    gives: [{ ok: true, ts: '1.2' }],
  },
]);
