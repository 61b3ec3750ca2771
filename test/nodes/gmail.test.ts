import { expect, it } from 'vitest';
import { binary } from '../setup/n8n.ts';
import { describeOperations, WAYS, type Asked, type OperationCase } from './operations.ts';

const ME = '/gmail/v1/users/me';
const b64 = (text: string) => Buffer.from(text).toString('base64');
const url64 = (text: string) => Buffer.from(text).toString('base64url');
const id = (value: string) => ({ __rl: true, mode: 'id', value });

const SENDERS = {
  method: 'GET',
  path: `${ME}/settings/sendAs`,
  body: {
    sendAs: [
      { sendAsEmail: 'me@example.com', displayName: 'Me, Myself', isPrimary: true, isDefault: true },
      { sendAsEmail: 'alias@example.com', displayName: 'Alias', verificationStatus: 'accepted' },
      { sendAsEmail: 'new@example.com', displayName: '', verificationStatus: 'pending' },
    ],
  },
};
const ASKS_SENDERS = { method: 'GET', path: `${ME}/settings/sendAs` };

const SENT = { id: 'm9', threadId: 't9', labelIds: ['SENT'] };
const sending = (body: unknown = SENT) => ({ method: 'POST', path: `${ME}/messages/send`, body });
/** The message that was sent, unwrapped and read as text. */
const sends = (lines: (string | RegExp)[], thread?: string): Asked => ({
  method: 'POST',
  path: `${ME}/messages/send`,
  body: { matching: { json: { raw: mimeOf(lines), ...(thread && { threadId: thread }) } } },
});

/** Compares decoded MIME; what a failure shows is the message. */
function mimeOf(lines: (string | RegExp)[]): unknown {
  return {
    asymmetricMatch: (raw: string) => {
      const read = Buffer.from(raw, 'base64url').toString('latin1').split('\r\n');
      return (
        read.length === lines.length &&
        lines.every((line, index) =>
          typeof line === 'string' ? line === read[index] : line.test(read[index] ?? ''),
        )
      );
    },
    toString: () => lines.join('\n'),
    toAsymmetricMatcher: () => lines.join('\n'),
  };
}

const plain = (text: string) => [
  'Content-Type: text/plain; charset=UTF-8',
  'Content-Transfer-Encoding: base64',
  '',
  b64(text),
];
const html = (text: string) => [
  'Content-Type: text/html; charset=UTF-8',
  'Content-Transfer-Encoding: base64',
  '',
  b64(text),
];
const both = (text: string, page: string) => [
  'Content-Type: multipart/alternative; boundary="=_alternative"',
  '',
  '--=_alternative',
  ...plain(text),
  '--=_alternative',
  ...html(page),
  '--=_alternative--',
];

const ORIGINAL = {
  id: 'm1',
  threadId: 't1',
  labelIds: ['INBOX', 'UNREAD'],
  snippet: 'Hello',
  internalDate: '1767258000000',
  payload: {
    mimeType: 'multipart/mixed',
    headers: [
      { name: 'From', value: 'Jo <jo@example.com>' },
      { name: 'To', value: 'me@example.com, "Max, M" <max@example.com>' },
      { name: 'CC', value: 'Alias@example.com, team@example.com' },
      { name: 'Subject', value: '=?UTF-8?B?R3LDvMOfZQ==?=' },
      { name: 'Date', value: 'Thu, 1 Jan 2026 09:00:00 +0000' },
      { name: 'Message-Id', value: '<a2@example.com>' },
      { name: 'References', value: '<a1@example.com>' },
    ],
    parts: [
      {
        mimeType: 'multipart/alternative',
        parts: [
          { mimeType: 'text/plain', body: { size: 5, data: url64('Hello') } },
          { mimeType: 'text/html', body: { size: 12, data: url64('<p>Hello</p>') } },
        ],
      },
      { mimeType: 'text/csv', filename: 'list.csv', body: { size: 3, attachmentId: 'att1' } },
      { mimeType: 'text/plain', filename: 'note.txt', body: { size: 2, data: url64('hi') } },
    ],
  },
};
const SIMPLE = {
  id: 'm1',
  threadId: 't1',
  labelIds: ['INBOX', 'UNREAD'],
  snippet: 'Hello',
  date: '2026-01-01T09:00:00.000Z',
  from: 'Jo <jo@example.com>',
  to: 'me@example.com, "Max, M" <max@example.com>',
  cc: 'Alias@example.com, team@example.com',
  subject: 'Grüße',
  rfcMessageId: '<a2@example.com>',
  text: 'Hello',
  html: '<p>Hello</p>',
  attachments: [
    { fileName: 'list.csv', mimeType: 'text/csv', size: 3, attachmentId: 'att1' },
    { fileName: 'note.txt', mimeType: 'text/plain', size: 2, attachmentId: '' },
  ],
};
const original = { method: 'GET', path: `${ME}/messages/m1`, body: ORIGINAL };
const ANSWER_QUERY = {
  format: 'metadata',
  metadataHeaders: ['From', 'To', 'Cc', 'Reply-To', 'Subject', 'Message-ID', 'References'],
};
const THREADING = [
  'In-Reply-To: <a2@example.com>',
  'References: <a1@example.com> <a2@example.com>',
  'MIME-Version: 1.0',
];
const GRUESSE = 'Subject: =?UTF-8?B?UmU6IEdyw7zDn2U=?=';
const attachment = {
  method: 'GET',
  path: `${ME}/messages/m1/attachments/att1`,
  body: { data: url64('a,b') },
};
const ASKS_ATTACHMENT = { method: 'GET', path: `${ME}/messages/m1/attachments/att1` };

/** An operation that names one thing in its path, and answers as the provider does. */
const action = (
  resource: 'message' | 'thread',
  operation: string,
  call: { method: string; path: string; json?: unknown },
  answer: unknown = { id: 'x1', labelIds: [] },
): OperationCase => ({
  name: `${resource}: ${operation}`,
  parameters: {
    resource,
    operation,
    [`${resource}Id`]: 'x/1',
    ...(/Labels$/.test(operation) && { labelIds: ['Label_1', 'STARRED'] }),
  },
  answers: [
    { method: call.method, path: call.path, ...(answer === null ? { status: 204 } : { body: answer }) },
  ],
  asks: [
    {
      method: call.method,
      path: call.path,
      ...(call.json !== undefined && { body: { json: call.json } }),
    },
  ],
  gives: [answer ?? { success: true }],
});

const actions = (resource: 'message' | 'thread'): OperationCase[] => {
  const path = `${ME}/${resource}s/x%2F1`;
  const modify = { method: 'POST', path: `${path}/modify` };
  return [
    action(resource, 'addLabels', { ...modify, json: { addLabelIds: ['Label_1', 'STARRED'] } }),
    action(resource, 'removeLabels', { ...modify, json: { removeLabelIds: ['Label_1', 'STARRED'] } }),
    action(resource, 'markAsRead', { ...modify, json: { removeLabelIds: ['UNREAD'] } }),
    action(resource, 'markAsUnread', { ...modify, json: { addLabelIds: ['UNREAD'] } }),
    action(resource, 'trash', { method: 'POST', path: `${path}/trash` }),
    action(resource, 'untrash', { method: 'POST', path: `${path}/untrash` }),
    action(resource, 'delete', { method: 'DELETE', path }, null),
  ];
};

const sendText = (more: object = {}) => ({
  resource: 'message',
  operation: 'send',
  sendTo: 'jo@example.com',
  subject: 'Hi',
  emailType: 'text',
  message: 'Hello',
  options: {},
  ...more,
});
const HELLO = ['To: jo@example.com', 'Subject: Hi', 'MIME-Version: 1.0', ...plain('Hello'), ''];
const tooFast = {
  method: 'POST',
  path: `${ME}/messages/send`,
  status: 429,
  headers: { 'retry-after': '0' },
  body: {
    error: {
      code: 429,
      message: 'User-rate limit exceeded.',
      errors: [{ message: 'User-rate limit exceeded.', domain: 'usageLimits', reason: 'rateLimitExceeded' }],
      status: 'RESOURCE_EXHAUSTED',
    },
  },
};

const messages: OperationCase[] = [
  {
    name: 'message: send text',
    parameters: sendText(),
    answers: [sending()],
    asks: [sends(HELLO)],
    gives: [SENT],
  },
  {
    name: 'message: send HTML with a file, copies, an address for answers and an alias',
    parameters: sendText({
      sendTo: '"Doe, Jo" <jo@example.com>, max@example.com',
      subject: 'Grüße',
      emailType: 'html',
      message: '<p>Hello</p>',
      options: {
        attachmentsUi: { attachmentsBinary: [{ property: 'data' }] },
        ccList: 'cc@example.com',
        bccList: 'bcc@example.com',
        replyTo: 'answers@example.com',
        fromAlias: 'alias@example.com',
      },
    }),
    items: [{ json: {}, binary: { data: binary('a,b', 'list.csv', 'text/csv') } }],
    answers: [SENDERS, sending()],
    asks: [
      ASKS_SENDERS,
      sends([
        'From: Alias <alias@example.com>',
        'To: "Doe, Jo" <jo@example.com>, max@example.com',
        'Cc: cc@example.com',
        'Bcc: bcc@example.com',
        'Reply-To: answers@example.com',
        'Subject: =?UTF-8?B?R3LDvMOfZQ==?=',
        'MIME-Version: 1.0',
        'Content-Type: multipart/mixed; boundary="=_mixed"',
        '',
        '--=_mixed',
        ...both('Hello', '<p>Hello</p>'),
        '--=_mixed',
        'Content-Type: text/csv;',
        ' name="list.csv"',
        'Content-Disposition: attachment;',
        ' filename="list.csv"',
        'Content-Transfer-Encoding: base64',
        '',
        b64('a,b'),
        '--=_mixed--',
        '',
      ]),
    ],
    gives: [SENT],
  },
  {
    name: 'message: send under another name, with a text of its own beside the HTML',
    parameters: sendText({
      emailType: 'html',
      message: '<p>Hello</p>',
      options: { senderName: 'Sales, "East"', plainText: 'Hello in text' },
    }),
    answers: [SENDERS, sending()],
    asks: [
      ASKS_SENDERS,
      sends([
        'From: "Sales, \\"East\\"" <me@example.com>',
        'To: jo@example.com',
        'Subject: Hi',
        'MIME-Version: 1.0',
        ...both('Hello in text', '<p>Hello</p>'),
        '',
      ]),
    ],
    gives: [SENT],
  },
  {
    name: 'message: send from an alias that is not set up says so instead of sending from another address',
    parameters: sendText({ options: { fromAlias: 'boss@example.com' } }),
    answers: [SENDERS],
    asks: [ASKS_SENDERS],
    fails: { message: 'This mailbox cannot send from “boss@example.com”', description: /Send mail as/ },
  },
  {
    name: 'message: send with a line break in the subject is refused before anything is sent',
    parameters: sendText({ subject: 'Hi\r\nBcc: everyone@example.com' }),
    asks: [],
    fails: { message: /Subject contains a line break/ },
  },
  {
    name: 'message: send to nobody is refused',
    parameters: sendText({ sendTo: ' ' }),
    asks: [],
    fails: { message: 'There is nobody to send this to' },
  },
  {
    name: 'message: send that Gmail refuses gives Gmail’s words',
    parameters: sendText(),
    answers: [
      {
        method: 'POST',
        path: `${ME}/messages/send`,
        status: 403,
        body: {
          error: {
            code: 403,
            message: 'Request had insufficient authentication scopes.',
            errors: [
              { message: 'Insufficient Permission', domain: 'global', reason: 'insufficientPermissions' },
            ],
            status: 'PERMISSION_DENIED',
          },
        },
      },
    ],
    asks: [sends(HELLO)],
    fails: {
      message: 'Request had insufficient authentication scopes.',
      description: /Connect the account again/,
      httpCode: '403',
    },
  },
  {
    name: 'message: send that is too fast says when to come back',
    parameters: sendText(),
    answers: [tooFast],
    asks: [sends(HELLO)],
    fails: { message: 'User-rate limit exceeded.', description: /Retry On Fail/, httpCode: '429' },
  },
  {
    name: 'message: send that is too fast waits where the node is set to retry',
    parameters: sendText(),
    settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
    answers: [{ ...tooFast, status: 403 }, sending()],
    asks: [sends(HELLO), sends(HELLO)],
    gives: [SENT],
  },
  {
    name: 'message: send for two items goes on after one that failed',
    parameters: sendText({ sendTo: '={{ $json.to }}' }),
    items: [{ json: { to: 'nobody' } }, { json: { to: 'jo@example.com' } }],
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    answers: [sending()],
    asks: [sends(HELLO)],
    gives: [{ error: expect.stringMatching(/“nobody” in To is not an email address/) as unknown }, SENT],
  },
  {
    name: 'message: reply goes to the sender alone, in the thread',
    parameters: {
      resource: 'message',
      operation: 'reply',
      messageId: 'm1',
      emailType: 'text',
      message: 'Yes',
      options: {},
    },
    answers: [original, SENDERS, sending()],
    asks: [
      { method: 'GET', path: `${ME}/messages/m1`, query: ANSWER_QUERY },
      ASKS_SENDERS,
      sends(['To: Jo <jo@example.com>', GRUESSE, ...THREADING, ...plain('Yes'), ''], 't1'),
    ],
    gives: [SENT],
  },
  {
    name: 'message: reply all goes to all others, without our own addresses',
    parameters: {
      resource: 'message',
      operation: 'replyAll',
      messageId: 'm1',
      emailType: 'html',
      message: '<b>Yes</b>',
      options: { ccList: 'more@example.com' },
    },
    answers: [original, SENDERS, sending()],
    asks: [
      { method: 'GET', path: `${ME}/messages/m1`, query: ANSWER_QUERY },
      ASKS_SENDERS,
      sends(
        [
          'To: Jo <jo@example.com>, "Max, M" <max@example.com>',
          'Cc: team@example.com, more@example.com',
          GRUESSE,
          ...THREADING,
          ...both('Yes', '<b>Yes</b>'),
          '',
        ],
        't1',
      ),
    ],
    gives: [SENT],
  },
  {
    name: 'message: forward takes text and attachments along',
    parameters: {
      resource: 'message',
      operation: 'forward',
      messageId: 'm1',
      sendTo: 'max@example.com',
      emailType: 'text',
      message: 'See below.',
      options: {},
    },
    answers: [original, attachment, sending()],
    asks: [
      { method: 'GET', path: `${ME}/messages/m1`, query: { format: 'full' } },
      ASKS_ATTACHMENT,
      {
        method: 'POST',
        path: `${ME}/messages/send`,
        body: {
          matching: {
            json: {
              raw: {
                asymmetricMatch(raw: string) {
                  const mime = Buffer.from(raw, 'base64url').toString('latin1');
                  const [, text = ''] =
                    /text\/plain; charset=UTF-8\r\n.*\r\n\r\n([^-]*)\r\n--/.exec(mime) ?? [];
                  return (
                    mime.includes(`Subject: =?UTF-8?B?${b64('Fwd: Grüße')}?=`) &&
                    mime.includes('filename="list.csv"') &&
                    mime.includes('filename="note.txt"') &&
                    Buffer.from(text, 'base64').toString('utf8').replaceAll('\r', '') ===
                      'See below.\n\n---------- Forwarded message ---------\nFrom: Jo <jo@example.com>\n' +
                        'Date: Thu, 1 Jan 2026 09:00:00 +0000\nSubject: Grüße\n' +
                        'To: me@example.com, "Max, M" <max@example.com>\nCc: Alias@example.com, team@example.com\n\nHello'
                  );
                },
              },
            },
          },
        },
      },
    ],
    gives: [SENT],
  },
  {
    name: 'message: get, simplified, with its attachments as files',
    parameters: {
      resource: 'message',
      operation: 'get',
      messageId: 'm1',
      simple: true,
      options: { downloadAttachments: true, dataPropertyAttachmentsPrefixName: 'file_' },
    },
    answers: [original, attachment],
    asks: [{ method: 'GET', path: `${ME}/messages/m1`, query: { format: 'full' } }, ASKS_ATTACHMENT],
    gives: [SIMPLE],
    items_: ([item]) => {
      expect(item?.binary?.['file_0']).toMatchObject({
        fileName: 'list.csv',
        mimeType: 'text/csv',
        data: b64('a,b'),
      });
      expect(item?.binary?.['file_1']).toMatchObject({ fileName: 'note.txt', data: b64('hi') });
    },
  },
  {
    name: 'message: get as Gmail gives it',
    parameters: { resource: 'message', operation: 'get', messageId: 'm1', simple: false, format: 'raw' },
    answers: [{ method: 'GET', path: `${ME}/messages/m1`, body: { id: 'm1', raw: 'AAAA' } }],
    asks: [{ method: 'GET', path: `${ME}/messages/m1`, query: { format: 'raw' } }],
    gives: [{ id: 'm1', raw: 'AAAA' }],
  },
  {
    name: 'message: get with an empty ID asks nobody',
    parameters: { resource: 'message', operation: 'get', messageId: '={{ $json.none }}' },
    asks: [],
    fails: { message: '“Message ID” is empty' },
  },
  {
    name: 'message: get one that is not there',
    parameters: { resource: 'message', operation: 'get', messageId: 'none' },
    asks: [{ method: 'GET', path: `${ME}/messages/none`, query: { format: 'full' } }],
    fails: { message: 'Requested entity was not found.', description: /deleted for good/, httpCode: '404' },
  },
  {
    name: 'message: get many, over two pages up to the limit, IDs only',
    parameters: {
      resource: 'message',
      operation: 'getAll',
      returnAll: false,
      limit: 3,
      simple: false,
      format: 'ids',
      filters: {},
    },
    answers: [
      {
        method: 'GET',
        path: `${ME}/messages`,
        body: { messages: [{ id: 'm1', threadId: 't1' }, { id: 'm2' }], nextPageToken: 'p2' },
      },
      {
        method: 'GET',
        path: `${ME}/messages`,
        body: { messages: [{ id: 'm3' }, { id: 'm4' }], nextPageToken: 'p3' },
      },
    ],
    asks: [
      { method: 'GET', path: `${ME}/messages`, query: { maxResults: '3' } },
      { method: 'GET', path: `${ME}/messages`, query: { maxResults: '1', pageToken: 'p2' } },
    ],
    gives: [{ id: 'm1', threadId: 't1' }, { id: 'm2' }, { id: 'm3' }],
  },
  {
    name: 'message: get many by every filter, simplified',
    parameters: {
      resource: 'message',
      operation: 'getAll',
      returnAll: true,
      simple: true,
      filters: {
        q: 'larger:5M',
        sender: 'jo@example.com',
        to: 'me',
        subject: 'the bill',
        readStatus: 'unread',
        hasAttachment: false,
        receivedAfter: '2026-01-01T00:00:00Z',
        receivedBefore: '2026-02-01T00:00:00+01:00',
        labelIds: ['INBOX', 'Label_1'],
        includeSpamTrash: true,
      },
      options: {},
    },
    answers: [{ method: 'GET', path: `${ME}/messages`, body: { messages: [{ id: 'm1' }] } }, original],
    asks: [
      {
        method: 'GET',
        path: `${ME}/messages`,
        query: {
          maxResults: '500',
          q: 'larger:5M from:(jo@example.com) to:(me) subject:(the bill) is:unread -has:attachment after:1767225600 before:1769900400',
          labelIds: ['INBOX', 'Label_1'],
          includeSpamTrash: 'true',
        },
      },
      { method: 'GET', path: `${ME}/messages/m1`, query: { format: 'full' } },
    ],
    gives: [SIMPLE],
  },
  {
    name: 'message: get many with something that is no date asks nobody',
    parameters: {
      resource: 'message',
      operation: 'getAll',
      returnAll: true,
      filters: { receivedAfter: 'soon' },
    },
    asks: [],
    fails: { message: '“soon” is not a date' },
  },
  {
    name: 'message: get many of an empty mailbox gives nothing',
    parameters: { resource: 'message', operation: 'getAll', returnAll: true },
    answers: [{ method: 'GET', path: `${ME}/messages`, body: { resultSizeEstimate: 0 } }],
    asks: [{ method: 'GET', path: `${ME}/messages`, query: { maxResults: '500' } }],
    gives: [],
  },
  ...actions('message'),
];

const DRAFT = { id: 'r1', message: { id: 'm9', threadId: 't9', labelIds: ['DRAFT'] } };
const drafts: OperationCase[] = [
  {
    name: 'draft: create',
    parameters: {
      resource: 'draft',
      operation: 'create',
      subject: 'Hi',
      emailType: 'text',
      message: 'Hello',
      options: { sendTo: 'jo@example.com' },
    },
    answers: [{ method: 'POST', path: `${ME}/drafts`, body: DRAFT }],
    asks: [
      {
        method: 'POST',
        path: `${ME}/drafts`,
        body: { matching: { json: { message: { raw: mimeOf(HELLO) } } } },
      },
    ],
    gives: [DRAFT],
  },
  {
    name: 'draft: create an answer in a thread, after what was sent last',
    parameters: {
      resource: 'draft',
      operation: 'create',
      subject: '',
      emailType: 'text',
      message: 'Hello',
      options: { threadId: 't1' },
    },
    answers: [
      {
        method: 'GET',
        path: `${ME}/threads/t1`,
        body: { id: 't1', messages: [{ id: 'm0' }, ORIGINAL, { id: 'm2', labelIds: ['DRAFT'] }] },
      },
      { method: 'POST', path: `${ME}/drafts`, body: DRAFT },
    ],
    asks: [
      { method: 'GET', path: `${ME}/threads/t1`, query: ANSWER_QUERY },
      {
        method: 'POST',
        path: `${ME}/drafts`,
        body: {
          matching: {
            json: {
              message: { raw: mimeOf([GRUESSE, ...THREADING, ...plain('Hello'), '']), threadId: 't1' },
            },
          },
        },
      },
    ],
    gives: [DRAFT],
  },
  {
    name: 'draft: update puts another message in its place',
    parameters: {
      resource: 'draft',
      operation: 'update',
      draftId: 'r1',
      subject: 'Hi',
      emailType: 'text',
      message: 'Hello',
      options: { sendTo: 'jo@example.com' },
    },
    answers: [{ method: 'PUT', path: `${ME}/drafts/r1`, body: DRAFT }],
    asks: [
      {
        method: 'PUT',
        path: `${ME}/drafts/r1`,
        body: { matching: { json: { message: { raw: mimeOf(HELLO) } } } },
      },
    ],
    gives: [DRAFT],
  },
  {
    name: 'draft: get, simplified',
    parameters: { resource: 'draft', operation: 'get', draftId: 'r1', simple: true },
    answers: [{ method: 'GET', path: `${ME}/drafts/r1`, body: { id: 'r1', message: ORIGINAL } }],
    asks: [{ method: 'GET', path: `${ME}/drafts/r1`, query: { format: 'full' } }],
    gives: [{ draftId: 'r1', ...SIMPLE }],
  },
  {
    name: 'draft: get many',
    parameters: {
      resource: 'draft',
      operation: 'getAll',
      returnAll: false,
      limit: 1,
      simple: false,
      format: 'metadata',
      filters: { q: 'bill' },
    },
    answers: [
      { method: 'GET', path: `${ME}/drafts`, body: { drafts: [{ id: 'r1' }], nextPageToken: 'more' } },
      { method: 'GET', path: `${ME}/drafts/r1`, body: DRAFT },
    ],
    asks: [
      { method: 'GET', path: `${ME}/drafts`, query: { maxResults: '1', q: 'bill' } },
      { method: 'GET', path: `${ME}/drafts/r1`, query: { format: 'metadata' } },
    ],
    gives: [DRAFT],
  },
  {
    name: 'draft: delete',
    parameters: { resource: 'draft', operation: 'delete', draftId: 'r1' },
    answers: [{ method: 'DELETE', path: `${ME}/drafts/r1`, status: 204 }],
    asks: [{ method: 'DELETE', path: `${ME}/drafts/r1` }],
    gives: [{ success: true }],
  },
  {
    name: 'draft: send',
    parameters: { resource: 'draft', operation: 'send', draftId: 'r1' },
    answers: [{ method: 'POST', path: `${ME}/drafts/send`, body: SENT }],
    asks: [{ method: 'POST', path: `${ME}/drafts/send`, body: { json: { id: 'r1' } } }],
    gives: [SENT],
  },
];

const LABEL = { id: 'Label_1', name: 'Bills', type: 'user' };
const labels: OperationCase[] = [
  {
    name: 'label: create',
    parameters: {
      resource: 'label',
      operation: 'create',
      name: 'Bills',
      options: {
        labelListVisibility: 'labelHide',
        messageListVisibility: 'hide',
        textColor: '#ffffff',
        backgroundColor: '#4a86e8',
      },
    },
    answers: [{ method: 'POST', path: `${ME}/labels`, body: LABEL }],
    asks: [
      {
        method: 'POST',
        path: `${ME}/labels`,
        body: {
          json: {
            name: 'Bills',
            labelListVisibility: 'labelHide',
            messageListVisibility: 'hide',
            color: { textColor: '#ffffff', backgroundColor: '#4a86e8' },
          },
        },
      },
    ],
    gives: [LABEL],
  },
  {
    name: 'label: get',
    parameters: { resource: 'label', operation: 'get', labelId: id('Label_1') },
    answers: [{ method: 'GET', path: `${ME}/labels/Label_1`, body: LABEL }],
    asks: [{ method: 'GET', path: `${ME}/labels/Label_1` }],
    gives: [LABEL],
  },
  {
    name: 'label: get many',
    parameters: { resource: 'label', operation: 'getAll', returnAll: false, limit: 2 },
    asks: [{ method: 'GET', path: `${ME}/labels` }],
    gives: [
      { id: 'INBOX', name: 'INBOX', type: 'system' },
      { id: 'SENT', name: 'SENT', type: 'system' },
    ],
  },
  {
    name: 'label: update',
    parameters: {
      resource: 'label',
      operation: 'update',
      labelId: id('Label_1'),
      updateFields: { name: 'Paid' },
    },
    answers: [{ method: 'PATCH', path: `${ME}/labels/Label_1`, body: { ...LABEL, name: 'Paid' } }],
    asks: [{ method: 'PATCH', path: `${ME}/labels/Label_1`, body: { json: { name: 'Paid' } } }],
    gives: [{ ...LABEL, name: 'Paid' }],
  },
  {
    name: 'label: delete',
    parameters: { resource: 'label', operation: 'delete', labelId: id('Label_1') },
    answers: [{ method: 'DELETE', path: `${ME}/labels/Label_1`, status: 204 }],
    asks: [{ method: 'DELETE', path: `${ME}/labels/Label_1` }],
    gives: [{ success: true }],
  },
  {
    name: 'label: delete with no label chosen asks nobody',
    parameters: { resource: 'label', operation: 'delete', labelId: id('={{ $json.none }}') },
    asks: [],
    fails: { message: '“Label” is empty' },
  },
];

const threadAnswer = {
  method: 'GET',
  path: `${ME}/threads/t1`,
  body: { id: 't1', historyId: '1', messages: [ORIGINAL] },
};
const threads: OperationCase[] = [
  {
    name: 'thread: get, simplified',
    parameters: { resource: 'thread', operation: 'get', threadId: 't1', simple: true, options: {} },
    answers: [threadAnswer],
    asks: [{ method: 'GET', path: `${ME}/threads/t1`, query: { format: 'full' } }],
    gives: [{ id: 't1', messages: [SIMPLE] }],
  },
  {
    name: 'thread: get its messages as items',
    parameters: {
      resource: 'thread',
      operation: 'get',
      threadId: 't1',
      simple: true,
      options: { returnOnlyMessages: true },
    },
    answers: [threadAnswer],
    asks: [{ method: 'GET', path: `${ME}/threads/t1`, query: { format: 'full' } }],
    gives: [SIMPLE],
  },
  {
    name: 'thread: get many',
    parameters: {
      resource: 'thread',
      operation: 'getAll',
      returnAll: true,
      simple: false,
      format: 'minimal',
      filters: { readStatus: 'read' },
    },
    answers: [
      { method: 'GET', path: `${ME}/threads`, body: { threads: [{ id: 't1', snippet: 'x' }] } },
      { method: 'GET', path: `${ME}/threads/t1`, body: { id: 't1', messages: [{ id: 'm1' }] } },
    ],
    asks: [
      { method: 'GET', path: `${ME}/threads`, query: { maxResults: '500', q: 'is:read' } },
      { method: 'GET', path: `${ME}/threads/t1`, query: { format: 'minimal' } },
    ],
    gives: [{ id: 't1', messages: [{ id: 'm1' }] }],
  },
  {
    name: 'thread: reply to its last message',
    parameters: {
      resource: 'thread',
      operation: 'reply',
      threadId: 't1',
      recipients: 'sender',
      emailType: 'text',
      message: 'Yes',
      options: {},
    },
    answers: [threadAnswer, SENDERS, sending()],
    asks: [
      { method: 'GET', path: `${ME}/threads/t1`, query: ANSWER_QUERY },
      ASKS_SENDERS,
      sends(['To: Jo <jo@example.com>', GRUESSE, ...THREADING, ...plain('Yes'), ''], 't1'),
    ],
    gives: [SENT],
  },
  {
    name: 'thread: reply to a message that is not in it',
    parameters: {
      resource: 'thread',
      operation: 'reply',
      threadId: 't1',
      recipients: 'everyone',
      emailType: 'text',
      message: 'Yes',
      options: { messageId: 'elsewhere' },
    },
    answers: [threadAnswer],
    asks: [{ method: 'GET', path: `${ME}/threads/t1`, query: ANSWER_QUERY }],
    fails: { message: 'The thread has no message elsewhere' },
  },
  ...actions('thread'),
];

const custom: OperationCase = {
  name: 'custom API call',
  parameters: {
    resource: 'customApiCall',
    operation: 'call',
    method: 'GET',
    path: '/gmail/v1/users/me/settings/vacation',
    query: {},
    headers: {},
    options: {},
  },
  answers: [{ method: 'GET', path: `${ME}/settings/vacation`, body: { enableAutoReply: false } }],
  asks: [{ method: 'GET', path: `${ME}/settings/vacation` }],
  gives: [{ enableAutoReply: false }],
};

describeOperations(
  { node: 'hubGmail', integrationId: 'gmail' },
  [...messages, ...drafts, ...labels, ...threads, custom],
  ({ run, script, asked, search, options }) => {
    it.each(WAYS)('messages of a list come out in its order, asked for a few at a time (%s)', async (way) => {
      const ids = Array.from({ length: 12 }, (_one, index) => `m${index}`);
      await script([
        { method: 'GET', path: `${ME}/messages`, body: { messages: ids.map((one) => ({ id: one })) } },
        ...ids.map((one) => ({ method: 'GET', path: `${ME}/messages/${one}`, body: { id: one } })),
      ]);
      const { json } = await run(way, {
        parameters: {
          resource: 'message',
          operation: 'getAll',
          returnAll: true,
          simple: false,
          format: 'minimal',
        },
      });
      expect(json.map((one) => one['id'])).toEqual(ids);
      expect((await asked()).map(({ path }) => path).sort()).toEqual(
        [`${ME}/messages`, ...ids.map((one) => `${ME}/messages/${one}`)].sort(),
      );
    });

    it.each(WAYS)('a large message goes by the upload address, in its thread (%s)', async (way) => {
      const content = Buffer.alloc(3 * 1024 * 1024, 'x');
      await script([
        { ...original },
        SENDERS,
        { method: 'POST', path: `/upload${ME}/messages/send`, body: SENT },
      ]);
      const { error, json } = await run(way, {
        parameters: {
          resource: 'message',
          operation: 'reply',
          messageId: 'm1',
          emailType: 'text',
          message: 'Yes',
          options: { attachmentsUi: { attachmentsBinary: [{ property: 'data' }] } },
        },
        items: [{ json: {}, binary: { data: binary(content, 'big.bin', 'application/octet-stream') } }],
      });
      expect(error).toBeNull();
      expect(json).toEqual([SENT]);
      const call = (await asked()).at(-1);
      expect(call).toMatchObject({
        path: `/upload${ME}/messages/send`,
        query: { uploadType: 'multipart' },
        headers: { 'content-type': 'multipart/related; boundary="=_upload"' },
      });
      const { text } = call?.body as { text: string };
      expect(text.slice(0, 200)).toContain(
        '--=_upload\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{"threadId":"t1"}\r\n--=_upload\r\nContent-Type: message/rfc822\r\n\r\nTo: Jo',
      );
      expect(text.endsWith('\r\n--=_mixed--\r\n\r\n--=_upload--\r\n')).toBe(true);
      const file = text.split('filename="big.bin"')[1]?.split('\r\n\r\n')[1]?.split('--')[0] ?? '';
      expect(Buffer.from(file, 'base64').equals(content)).toBe(true);
    });

    it.each(WAYS)('a message too large for Gmail is refused here (%s)', async (way) => {
      await script([]);
      const content = Buffer.alloc(27 * 1024 * 1024);
      const { error } = await run(way, {
        parameters: sendText({ options: { attachmentsUi: { attachmentsBinary: [{ property: 'data' }] } } }),
        items: [{ json: {}, binary: { data: binary(content, 'big.bin', 'application/octet-stream') } }],
      });
      expect(error?.message).toBe('The message has 37 MB, Gmail takes 35 MB');
      expect(await asked()).toEqual([]);
    });

    it.each(WAYS)('lists to pick from (%s)', async (way) => {
      await script([
        {
          method: 'GET',
          path: `${ME}/labels`,
          body: {
            labels: [{ id: 'INBOX', name: 'INBOX', type: 'system' }, { id: 'Label_2', name: 'Zoo' }, LABEL],
          },
        },
        { method: 'GET', path: `${ME}/labels`, body: { labels: [LABEL, { id: 'Label_2', name: 'Zoo' }] } },
        SENDERS,
        {
          method: 'GET',
          path: `${ME}/threads/t1`,
          body: {
            messages: [
              { id: 'm1', snippet: 'Hello' },
              { id: 'm2', snippet: '' },
            ],
          },
        },
      ]);
      expect(await options(way, 'getLabels')).toEqual([
        { name: 'Bills', value: 'Label_1' },
        { name: 'Zoo', value: 'Label_2' },
        { name: 'INBOX', value: 'INBOX' },
      ]);
      expect(await search(way, 'searchLabels', {}, 'bil')).toEqual([{ name: 'Bills', value: 'Label_1' }]);
      expect(await options(way, 'getSenders')).toEqual([
        { name: 'Me, Myself (me@example.com)', value: 'me@example.com' },
        { name: 'Alias (alias@example.com)', value: 'alias@example.com' },
      ]);
      expect(
        await options(way, 'getThreadMessages', { resource: 'thread', operation: 'reply', threadId: 't1' }),
      ).toEqual([
        { name: 'Hello', value: 'm1' },
        { name: 'm2', value: 'm2' },
      ]);
    });
  },
);
