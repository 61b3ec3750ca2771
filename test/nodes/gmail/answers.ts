/** What Gmail answers, and how what it is sent reads. */
import type { Asked, OperationCase } from '../operations.ts';

export const ME = '/gmail/v1/users/me';
export const b64 = (text: string) => Buffer.from(text).toString('base64');
const url64 = (text: string) => Buffer.from(text).toString('base64url');
export const id = (value: string) => ({ __rl: true, mode: 'id', value });

export const SENDERS = {
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
export const ASKS_SENDERS = { method: 'GET', path: `${ME}/settings/sendAs` };

export const SENT = { id: 'm9', threadId: 't9', labelIds: ['SENT'] };
export const sending = (body: unknown = SENT) => ({ method: 'POST', path: `${ME}/messages/send`, body });
/** The message that was sent, unwrapped and read as text. */
export const sends = (lines: (string | RegExp)[], thread?: string): Asked => ({
  method: 'POST',
  path: `${ME}/messages/send`,
  body: { matching: { json: { raw: mimeOf(lines), ...(thread && { threadId: thread }) } } },
});

/** Compares decoded MIME; what a failure shows is the message. */
export function mimeOf(lines: (string | RegExp)[]): unknown {
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

export const plain = (text: string) => [
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
export const both = (text: string, page: string) => [
  'Content-Type: multipart/alternative; boundary="=_alternative"',
  '',
  '--=_alternative',
  ...plain(text),
  '--=_alternative',
  ...html(page),
  '--=_alternative--',
];

export const ORIGINAL = {
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
export const SIMPLE = {
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
export const original = { method: 'GET', path: `${ME}/messages/m1`, body: ORIGINAL };
export const ANSWER_QUERY = {
  format: 'metadata',
  metadataHeaders: ['From', 'To', 'Cc', 'Reply-To', 'Subject', 'Message-ID', 'References'],
};
export const THREADING = [
  'In-Reply-To: <a2@example.com>',
  'References: <a1@example.com> <a2@example.com>',
  'MIME-Version: 1.0',
];
export const GRUESSE = 'Subject: =?UTF-8?B?UmU6IEdyw7zDn2U=?=';
export const attachment = {
  method: 'GET',
  path: `${ME}/messages/m1/attachments/att1`,
  body: { data: url64('a,b') },
};
export const ASKS_ATTACHMENT = { method: 'GET', path: `${ME}/messages/m1/attachments/att1` };

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

export const actions = (resource: 'message' | 'thread'): OperationCase[] => {
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
