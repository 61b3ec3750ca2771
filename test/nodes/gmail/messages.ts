import { expect } from 'vitest';
import { binary } from '../../setup/n8n.ts';
import type { OperationCase } from '../operations.ts';
import {
  ME,
  b64,
  SENDERS,
  ASKS_SENDERS,
  SENT,
  sending,
  sends,
  plain,
  both,
  SIMPLE,
  original,
  ANSWER_QUERY,
  THREADING,
  GRUESSE,
  attachment,
  ASKS_ATTACHMENT,
  actions,
} from './answers.ts';

export const sendText = (more: object = {}) => ({
  resource: 'message',
  operation: 'send',
  sendTo: 'jo@example.com',
  subject: 'Hi',
  emailType: 'text',
  message: 'Hello',
  options: {},
  ...more,
});
export const HELLO = ['To: jo@example.com', 'Subject: Hi', 'MIME-Version: 1.0', ...plain('Hello'), ''];
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

export const messages: OperationCase[] = [
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
    name: 'message: reply is not led astray by what the sender has encoded and folded',
    parameters: {
      resource: 'message',
      operation: 'reply',
      messageId: 'm1',
      emailType: 'text',
      message: 'Yes',
      options: {},
    },
    answers: [
      {
        ...original,
        body: {
          id: 'm1',
          threadId: 't1',
          payload: {
            headers: [
              { name: 'From', value: '=?UTF-8?Q?boss=40corp.example=2C?=\r\n <jo@example.com>' },
              { name: 'Subject', value: '=?UTF-8?Q?a=0D=0ABcc:_x=40corp.example?=' },
              { name: 'Message-ID', value: '<a2@example.com>' },
            ],
          },
        },
      },
      SENDERS,
      sending(),
    ],
    asks: [
      { method: 'GET', path: `${ME}/messages/m1`, query: ANSWER_QUERY },
      ASKS_SENDERS,
      sends(
        [
          'To: "boss@corp.example," <jo@example.com>',
          'Subject: Re: a Bcc: x@corp.example',
          'In-Reply-To: <a2@example.com>',
          'References: <a2@example.com>',
          'MIME-Version: 1.0',
          ...plain('Yes'),
          '',
        ],
        't1',
      ),
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
