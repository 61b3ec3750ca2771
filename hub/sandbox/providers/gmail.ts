/** https://developers.google.com/workspace/gmail/api/reference/rest */
import { get, limitIn, ok, page, perAccount, post, textOf } from '../calls.ts';
import { GOOGLE_ACCOUNTS, googleAuthorize, googleError, googleRevocation, googleToken } from '../google.ts';
import type { Account, Call, StandIn } from '../stand-in.ts';

const scope = (name: string) => `https://www.googleapis.com/auth/gmail.${name}`;
const FULL = 'https://mail.google.com/';
const READ = [FULL, scope('modify'), scope('readonly')];
const SEND = [FULL, scope('modify'), scope('compose'), scope('send')];

export const standIn = {
  id: 'gmail',
  name: 'Gmail',
  accounts: GOOGLE_ACCOUNTS,
  authorize: googleAuthorize([
    FULL,
    ...['modify', 'readonly', 'compose', 'send', 'insert', 'labels', 'metadata'].map(scope),
    ...['settings.basic', 'settings.sharing'].map(scope),
  ]),
  token: googleToken,
  api: { refuse: (fault) => googleError(fault) },
  endpoints: { revoke: '/revoke', apiBase: '' },
  calls,
} satisfies StandIn;

type Message = { id: string; threadId: string; labelIds: string[]; snippet: string; raw: string };

function calls(): Call[] {
  const messagesOf = perAccount(firstMessages);
  return [
    googleRevocation,
    get('/gmail/v1/users/me/profile', { scopes: [...READ, ...SEND, scope('metadata')] }, ({ account }) =>
      ok({
        emailAddress: account.email,
        messagesTotal: messagesOf(account).length,
        threadsTotal: messagesOf(account).length,
        historyId: '1001',
      }),
    ),
    get('/gmail/v1/users/me/messages', { scopes: [...READ, scope('metadata')] }, ({ account, query }) => {
      const messages = messagesOf(account);
      const { items, next } = page(messages, limitIn(query['maxResults'], 100, 500), query['pageToken']);
      return ok({
        messages: items.map(({ id, threadId }) => ({ id, threadId })),
        ...(next && { nextPageToken: next }),
        resultSizeEstimate: messages.length,
      });
    }),
    get('/gmail/v1/users/me/messages/:id', { scopes: READ }, ({ account, params, query, refuse }) => {
      const found = messagesOf(account).find(({ id }) => id === params['id']);
      if (!found) return refuse({ kind: 'not_found' });
      const { raw, ...message } = found;
      return ok(query['format'] === 'raw' ? { ...message, raw } : { ...message, payload: payloadOf(raw) });
    }),
    post('/gmail/v1/users/me/messages/send', { scopes: SEND }, ({ account, json, refuse }) => {
      const raw = textOf(json, 'raw') ?? '';
      const headers = payloadOf(raw).headers.map(({ name }) => name.toLowerCase());
      if (!/^[A-Za-z0-9_-]+=*$/.test(raw) || !headers.includes('to'))
        return refuse({
          kind: 'bad_request',
          code: 'invalidArgument',
          message: 'Recipient address required',
        });
      const messages = messagesOf(account);
      const id = idOf(messages.length + 1);
      messages.unshift({ id, threadId: id, labelIds: ['SENT'], snippet: '', raw });
      return ok({ id, threadId: id, labelIds: ['SENT'] });
    }),
    get('/gmail/v1/users/me/labels', { scopes: [...READ, scope('labels'), scope('metadata')] }, () =>
      ok({ labels: ['INBOX', 'SENT', 'UNREAD'].map((id) => ({ id, name: id, type: 'system' })) }),
    ),
  ];
}

function firstMessages({ email }: Account): Message[] {
  return [3, 2, 1].map((n) => {
    const text = `From: sender@sandbox.example\r\nTo: ${email}\r\nSubject: Message ${n}\r\n\r\nHello, number ${n}.`;
    const raw = Buffer.from(text).toString('base64url');
    return { id: idOf(n), threadId: idOf(n), labelIds: ['INBOX'], snippet: `Hello, number ${n}.`, raw };
  });
}

const idOf = (n: number) => `18f0${n.toString(16).padStart(12, '0')}`;

function payloadOf(raw: string) {
  const [head = '', ...body] = Buffer.from(raw, 'base64url')
    .toString('utf8')
    .split(/\r?\n\r?\n/);
  const headers = head.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^([^:\s]+):(.*)$/.exec(line) ?? [];
    return name ? [{ name, value: value?.trim() ?? '' }] : [];
  });
  const data = Buffer.from(body.join('\n\n')).toString('base64url');
  return { mimeType: 'text/plain', headers, body: { size: data.length, data } };
}
