import { binary } from '../setup/n8n.ts';
import type { OperationCase } from './operations.ts';
import { id } from './discord-servers.ts';

const C = { channelId: id('c1') };
const M = { ...C, messageId: 'm1' };
const MESSAGES = '/channels/c1/messages';
const MESSAGE = { id: 'm1', channel_id: 'c1', content: 'hi' };
const DONE = [{ success: true }];

const sending = (
  name: string,
  parameters: object,
  json: object,
  more: Partial<OperationCase> = {},
): OperationCase => ({
  name: `message: send ${name}`,
  parameters: { resource: 'message', operation: 'send', sendTo: 'channel', ...C, content: '', ...parameters },
  answers: [{ method: 'POST', path: MESSAGES, body: MESSAGE }],
  asks: [{ method: 'POST', path: MESSAGES, body: { json } }],
  gives: [MESSAGE],
  ...more,
});
const refused = (
  name: string,
  parameters: object,
  fails: { message: string | RegExp; description?: RegExp },
  items?: OperationCase['items'],
): OperationCase => ({
  name: `message: send ${name}`,
  parameters: { resource: 'message', operation: 'send', sendTo: 'channel', ...C, content: '', ...parameters },
  ...(items && { items }),
  asks: [],
  fails,
});
/** An operation that names a message in its path, and is answered with nothing. */
const done = (operation: string, method: string, path: string, more: object = {}): OperationCase => ({
  name: `message: ${operation}`,
  parameters: { resource: 'message', operation, ...M, ...more },
  answers: [{ method, path, status: 204 }],
  asks: [{ method, path }],
  gives: DONE,
});

const many = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `${from - index}` }));

const FILES = [
  {
    json: {},
    binary: {
      data: binary(Buffer.from([0x89, 0xff, 0x0d, 0x0a]), 'a "cat".png', 'image/png'),
      note: binary('hi', 'note.txt', 'text/plain'),
    },
  },
];
const B = 'integration-hub-0';
/** What goes out as multipart/form-data, to the byte. */
const form = (json: object, ...parts: [name: string, head: string, content: Buffer][]) =>
  Buffer.concat([
    Buffer.from(
      `--${B}\r\nContent-Disposition: form-data; name="payload_json"\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(json)}\r\n`,
    ),
    ...parts.flatMap(([name, head, content], index) => [
      Buffer.from(
        `--${B}\r\nContent-Disposition: form-data; name="files[${index}]"; filename="${name}"\r\nContent-Type: ${head}\r\n\r\n`,
      ),
      content,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${B}--\r\n`),
  ]);
const CAT: [string, string, Buffer] = ['a %22cat%22.png', 'image/png', Buffer.from([0x89, 0xff, 0x0d, 0x0a])];
const NOTE: [string, string, Buffer] = ['note.txt', 'text/plain', Buffer.from('hi')];
const FORM = { 'content-type': `multipart/form-data; boundary=${B}` };

const sends: OperationCase[] = [
  sending('a text', { content: 'hi' }, { content: 'hi' }),
  sending(
    'a reply with all options',
    {
      content: 'hi',
      options: {
        allowedMentions: ['users'],
        components: '[{"type": 1, "components": []}]',
        flags: ['SUPPRESS_EMBEDS', 'SUPPRESS_NOTIFICATIONS'],
        message_reference: 'm0',
        tts: true,
      },
    },
    {
      content: 'hi',
      components: [{ type: 1, components: [] }],
      flags: 4100,
      allowed_mentions: { parse: ['users'] },
      message_reference: { message_id: 'm0' },
      tts: true,
    },
  ),
  sending(
    'embeds, by fields and as JSON',
    {
      embeds: {
        values: [
          {
            inputMethod: 'fields',
            title: 'T',
            description: 'D',
            url: 'https://example.com',
            author: 'Jo',
            color: '#ff8000',
            fields: { field: [{ name: 'A', value: '1', inline: true }] },
            footer: 'F',
            image: 'https://example.com/i.png',
            thumbnail: '',
            timestamp: '2026-03-01T09:00:00+01:00',
          },
          { inputMethod: 'json', json: '[{"title": "U"}, {"title": "V"}]' },
        ],
      },
    },
    {
      embeds: [
        {
          title: 'T',
          description: 'D',
          url: 'https://example.com',
          author: { name: 'Jo' },
          color: 0xff8000,
          fields: [{ name: 'A', value: '1', inline: true }],
          footer: { text: 'F' },
          image: { url: 'https://example.com/i.png' },
          timestamp: '2026-03-01T08:00:00.000Z',
        },
        { title: 'U' },
        { title: 'V' },
      ],
    },
  ),
  {
    name: 'message: send to a user, through their own channel',
    parameters: {
      resource: 'message',
      operation: 'send',
      sendTo: 'user',
      userId: id('u1'),
      content: 'hi',
    },
    answers: [
      { method: 'POST', path: '/users/@me/channels', body: { id: 'd1' } },
      { method: 'POST', path: '/channels/d1/messages', body: MESSAGE },
    ],
    asks: [
      { method: 'POST', path: '/users/@me/channels', body: { json: { recipient_id: 'u1' } } },
      { method: 'POST', path: '/channels/d1/messages', body: { json: { content: 'hi' } } },
    ],
    gives: [MESSAGE],
  },
  sending(
    'files with a text',
    {
      content: 'hi',
      files: {
        values: [{ inputFieldName: 'data', description: 'A cat' }, { inputFieldName: 'note' }],
      },
    },
    {},
    {
      items: FILES,
      asks: [
        {
          method: 'POST',
          path: MESSAGES,
          headers: FORM,
          body: {
            base64: form(
              {
                content: 'hi',
                attachments: [
                  { id: 0, filename: 'a "cat".png', description: 'A cat' },
                  { id: 1, filename: 'note.txt' },
                ],
              },
              CAT,
              NOTE,
            ).toString('base64'),
          },
        },
      ],
    },
  ),
  sending(
    'files again after a rate limit',
    { files: { values: [{ inputFieldName: 'note' }] } },
    {},
    {
      items: FILES,
      settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
      answers: [
        {
          method: 'POST',
          path: MESSAGES,
          status: 429,
          body: { message: 'You are being rate limited.', retry_after: 0.01, global: false },
        },
        { method: 'POST', path: MESSAGES, body: MESSAGE },
      ],
      asks: Array.from({ length: 2 }, () => ({
        method: 'POST',
        path: MESSAGES,
        headers: FORM,
        body: { text: form({ attachments: [{ id: 0, filename: 'note.txt' }] }, NOTE).toString() },
      })),
    },
  ),
  refused('nothing', {}, { message: 'The message is empty', description: /embeds, files or components/ }),
  refused(
    'components that are no list',
    { options: { components: '{"type": 1}' } },
    { message: '“Components” holds no list' },
  ),
  refused(
    'an embed that is no JSON',
    { embeds: { values: [{ inputMethod: 'json', json: '{' }] } },
    { message: '“Embeds” is not valid JSON' },
  ),
  refused(
    'a file that is too large',
    { files: { values: [{ inputFieldName: 'data' }] } },
    { message: 'The files have 26 MiB, a message takes 25 MiB', description: /several messages/ },
    [
      {
        json: {},
        binary: { data: binary(Buffer.alloc(25 * 1024 * 1024 + 1), 'big.bin', 'application/octet-stream') },
      },
    ],
  ),
];

export const messages: OperationCase[] = [
  ...sends,
  {
    name: 'message: update its text, the files stay',
    parameters: { resource: 'message', operation: 'update', ...M, content: 'ho' },
    answers: [{ method: 'PATCH', path: `${MESSAGES}/m1`, body: { ...MESSAGE, content: 'ho' } }],
    asks: [{ method: 'PATCH', path: `${MESSAGES}/m1`, body: { json: { content: 'ho' } } }],
    gives: [{ ...MESSAGE, content: 'ho' }],
  },
  {
    name: 'message: update with one more file',
    parameters: {
      resource: 'message',
      operation: 'update',
      ...M,
      content: '',
      files: { values: [{ inputFieldName: 'note' }] },
    },
    items: FILES,
    answers: [
      {
        method: 'GET',
        path: `${MESSAGES}/m1`,
        body: { ...MESSAGE, attachments: [{ id: '77', filename: 'old.txt' }] },
      },
      { method: 'PATCH', path: `${MESSAGES}/m1`, body: MESSAGE },
    ],
    asks: [
      { method: 'GET', path: `${MESSAGES}/m1` },
      {
        method: 'PATCH',
        path: `${MESSAGES}/m1`,
        headers: FORM,
        body: {
          text: form({ attachments: [{ id: '77' }, { id: 0, filename: 'note.txt' }] }, NOTE).toString(),
        },
      },
    ],
    gives: [MESSAGE],
  },
  {
    name: 'message: update with nothing',
    parameters: { resource: 'message', operation: 'update', ...M, content: '' },
    asks: [],
    fails: { message: 'There is nothing to update' },
  },
  {
    name: 'message: get',
    parameters: { resource: 'message', operation: 'get', ...M },
    answers: [{ method: 'GET', path: `${MESSAGES}/m1`, body: MESSAGE }],
    asks: [{ method: 'GET', path: `${MESSAGES}/m1` }],
    gives: [MESSAGE],
  },
  {
    name: 'message: get many, backwards over pages until one is not full',
    parameters: { resource: 'message', operation: 'getAll', ...C, returnAll: true },
    answers: [many(300, 100), many(200, 2)].map((body) => ({ method: 'GET', path: MESSAGES, body })),
    asks: [{ limit: '100' }, { limit: '100', before: '201' }].map((query) => ({
      method: 'GET',
      path: MESSAGES,
      query,
    })),
    gives: [...many(300, 100), ...many(200, 2)],
  },
  {
    name: 'message: get many after one, forwards over pages up to the limit',
    parameters: {
      resource: 'message',
      operation: 'getAll',
      ...C,
      returnAll: false,
      limit: 101,
      options: { after: '100' },
    },
    answers: [many(200, 100), many(201, 1)].map((body) => ({ method: 'GET', path: MESSAGES, body })),
    asks: [
      { limit: '100', after: '100' },
      { limit: '1', after: '200' },
    ].map((query) => ({ method: 'GET', path: MESSAGES, query })),
    gives: [...many(200, 100), ...many(201, 1)],
  },
  {
    name: 'message: get many pinned, over pages',
    parameters: { resource: 'message', operation: 'getPinned', ...C, returnAll: true },
    answers: [
      { items: [{ pinned_at: '2026-03-01T09:00:00Z', message: { id: 'm2' } }], has_more: true },
      { items: [{ pinned_at: '2026-02-01T09:00:00Z', message: { id: 'm1' } }], has_more: false },
    ].map((body) => ({ method: 'GET', path: `${MESSAGES}/pins`, body })),
    asks: [{ limit: '50' }, { limit: '50', before: '2026-03-01T09:00:00Z' }].map((query) => ({
      method: 'GET',
      path: `${MESSAGES}/pins`,
      query,
    })),
    gives: [
      { pinned_at: '2026-03-01T09:00:00Z', message: { id: 'm2' } },
      { pinned_at: '2026-02-01T09:00:00Z', message: { id: 'm1' } },
    ],
  },
  done('deleteMessage', 'DELETE', `${MESSAGES}/m1`),
  done('pin', 'PUT', `${MESSAGES}/pins/m1`),
  done('unpin', 'DELETE', `${MESSAGES}/pins/m1`),
  done('react', 'PUT', `${MESSAGES}/m1/reactions/%F0%9F%91%8D/@me`, { emoji: '👍' }),
  done('removeReaction', 'DELETE', `${MESSAGES}/m1/reactions/party%3A42/@me`, { emoji: '<a:party:42>' }),
];
