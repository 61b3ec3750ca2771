import type { OperationCase } from './operations.ts';
import { answered, get, id, post } from './slack-calls.ts';

const C1 = { channelId: id('C1') };
const TS = '1663233118.856619';
const POSTED = { channel: 'C1', ts: TS, message: { text: 'hi' } };
const OUT = [{ ok: true, ...POSTED }];
const TEXT = { messageType: 'text', text: 'hi' };
const BLOCKS = [{ type: 'section', text: { type: 'mrkdwn', text: '*hi*' } }];

const posting = (name: string, parameters: object, body: object): OperationCase => ({
  name: `message: send ${name}`,
  parameters: { resource: 'message', operation: 'post', select: 'channel', ...C1, ...parameters },
  ...post('chat.postMessage', { channel: 'C1', ...body }, POSTED),
  gives: OUT,
});
const refused = (name: string, parameters: object, fails: { message: string; description?: RegExp }) => ({
  name: `message: send ${name}`,
  parameters: { resource: 'message', operation: 'post', select: 'channel', ...C1, ...parameters },
  asks: [],
  fails,
});

export const messages: OperationCase[] = [
  posting(
    'a text, with all options',
    {
      ...TEXT,
      otherOptions: {
        iconEmoji: ':rocket:',
        iconUrl: 'https://example.com/i.png',
        linkNames: true,
        metadata: '{"event_type": "made", "event_payload": {"id": "1"}}',
        mrkdwn: false,
        unfurlLinks: false,
        unfurlMedia: false,
        username: 'Robot',
      },
    },
    {
      text: 'hi',
      icon_emoji: ':rocket:',
      icon_url: 'https://example.com/i.png',
      link_names: true,
      metadata: { event_type: 'made', event_payload: { id: '1' } },
      mrkdwn: false,
      unfurl_links: false,
      unfurl_media: false,
      username: 'Robot',
    },
  ),
  posting(
    'a reply that the channel sees too',
    { ...TEXT, otherOptions: { threadTs: TS, replyBroadcast: true } },
    { text: 'hi', thread_ts: TS, reply_broadcast: true },
  ),
  posting(
    'to a channel by its name',
    { ...TEXT, channelId: { __rl: true, mode: 'name', value: '#general' } },
    { channel: '#general', text: 'hi' },
  ),
  posting('to a user', { ...TEXT, select: 'user', userId: id('U1') }, { channel: 'U1', text: 'hi' }),
  posting(
    'blocks as the builder shows them',
    { messageType: 'block', blocksUi: JSON.stringify({ blocks: BLOCKS }), notificationText: 'hi' },
    { blocks: BLOCKS, text: 'hi' },
  ),
  posting(
    'blocks as an expression gives them',
    { messageType: 'block', blocksUi: '={{ [{ type: "divider" }] }}' },
    { blocks: [{ type: 'divider' }] },
  ),
  posting('Markdown', { messageType: 'markdown', markdownText: '**hi**' }, { markdown_text: '**hi**' }),
  posting(
    'attachments',
    {
      messageType: 'attachment',
      attachments: [
        {
          title: 'Plan',
          color: '#36a64f',
          ts: '2026-03-01T09:00:00Z',
          fields: { item: [{ title: 'A', value: '1', short: true }] },
        },
      ],
    },
    {
      attachments: [
        {
          title: 'Plan',
          color: '#36a64f',
          ts: 1772355600,
          fields: [{ title: 'A', value: '1', short: true }],
        },
      ],
    },
  ),
  refused('nothing', { messageType: 'text', text: ' ' }, { message: '“Message Text” is empty' }),
  refused(
    'blocks that are no JSON',
    { messageType: 'block', blocksUi: '{"blocks": [' },
    { message: '“Blocks” is not valid JSON', description: /JSON/ },
  ),
  refused(
    'blocks that are no list',
    { messageType: 'block', blocksUi: '{"type": "section"}' },
    { message: '“Blocks” holds no list of blocks', description: /Block Kit Builder/ },
  ),
  refused(
    'metadata that is no JSON',
    { ...TEXT, otherOptions: { metadata: '{' } },
    { message: '“Metadata” is not valid JSON' },
  ),
  {
    name: 'message: send ephemeral',
    parameters: {
      resource: 'message',
      operation: 'postEphemeral',
      ...C1,
      userId: id('U1'),
      ...TEXT,
      otherOptions: { threadTs: TS },
    },
    ...post(
      'chat.postEphemeral',
      { channel: 'C1', user: 'U1', text: 'hi', thread_ts: TS },
      { message_ts: TS },
    ),
    gives: [{ ok: true, message_ts: TS }],
  },
  {
    name: 'message: update',
    parameters: {
      resource: 'message',
      operation: 'update',
      ...C1,
      timestamp: TS,
      ...TEXT,
      otherOptions: { linkNames: true },
    },
    ...post('chat.update', { channel: 'C1', ts: TS, text: 'hi', link_names: true }, POSTED),
    gives: OUT,
  },
  {
    name: 'message: update another’s',
    parameters: { resource: 'message', operation: 'update', ...C1, timestamp: TS, ...TEXT },
    ...post(
      'chat.update',
      { channel: 'C1', ts: TS, text: 'hi' },
      { ok: false, error: 'cant_update_message' },
    ),
    fails: { message: 'Slack refused the call: cant_update_message', description: /its own messages only/ },
  },
  {
    name: 'message: delete',
    parameters: { resource: 'message', operation: 'delete', ...C1, timestamp: TS },
    ...post('chat.delete', { channel: 'C1', ts: TS }, { channel: 'C1', ts: TS }),
    gives: [{ ok: true, channel: 'C1', ts: TS }],
  },
  {
    name: 'message: schedule',
    parameters: {
      resource: 'message',
      operation: 'schedule',
      ...C1,
      post_at: '2026-03-01T10:00:00+01:00',
      ...TEXT,
      otherOptions: { threadTs: TS },
    },
    ...post(
      'chat.scheduleMessage',
      { channel: 'C1', post_at: 1772355600, text: 'hi', thread_ts: TS },
      { scheduled_message_id: 'Q1', post_at: 1772355600 },
    ),
    gives: [{ ok: true, scheduled_message_id: 'Q1', post_at: 1772355600 }],
  },
  {
    name: 'message: schedule without a time',
    parameters: {
      resource: 'message',
      operation: 'schedule',
      ...C1,
      post_at: '={{ $json.nothing }}',
      ...TEXT,
    },
    asks: [],
    fails: { message: '“Send At” is empty' },
  },
  {
    name: 'message: delete scheduled',
    parameters: { resource: 'message', operation: 'deleteScheduled', ...C1, scheduledMessageId: 'Q1' },
    ...post('chat.deleteScheduledMessage', { channel: 'C1', scheduled_message_id: 'Q1' }, {}),
    gives: [{ ok: true }],
  },
  {
    name: 'message: get many scheduled',
    parameters: {
      resource: 'message',
      operation: 'getManyScheduled',
      returnAll: true,
      filters: { channel: 'C1', oldest: '2026-03-01T09:00:00Z' },
    },
    ...get(
      'chat.scheduledMessages.list',
      { channel: 'C1', oldest: '1772355600', limit: '100' },
      { scheduled_messages: [{ id: 'Q1' }], response_metadata: { next_cursor: '' } },
    ),
    gives: [{ id: 'Q1' }],
  },
  {
    name: 'message: get permalink',
    parameters: { resource: 'message', operation: 'getPermalink', ...C1, timestamp: TS },
    ...get(
      'chat.getPermalink',
      { channel: 'C1', message_ts: TS },
      { channel: 'C1', permalink: 'https://x.slack.com/archives/C1/p1663233118856619' },
    ),
    gives: [{ ok: true, channel: 'C1', permalink: 'https://x.slack.com/archives/C1/p1663233118856619' }],
  },
  {
    name: 'message: search, over numbered pages',
    parameters: {
      resource: 'message',
      operation: 'search',
      query: 'invoice in:#finance',
      sort: 'asc',
      returnAll: true,
      options: { highlight: true },
    },
    answers: [1, 2].map((page) =>
      answered('GET', 'search.messages', {
        messages: { matches: [{ ts: `${page}` }], paging: { count: 100, total: 2, page, pages: 2 } },
      }),
    ),
    asks: [{}, { page: '2' }].map((more) => ({
      method: 'GET',
      path: '/search.messages',
      query: {
        query: 'invoice in:#finance',
        sort: 'timestamp',
        sort_dir: 'asc',
        count: '100',
        highlight: 'true',
        ...more,
      },
    })),
    gives: [{ ts: '1' }, { ts: '2' }],
  },
];
