/** Messages on their way out: new ones, answers, forwarded ones. */
import { binary } from '../../setup/n8n.ts';
import type { Asked, OperationCase } from '../operations.ts';
import {
  MIB,
  answer,
  bytes,
  data,
  deletes,
  message,
  nothing,
  patches,
  person,
  picked,
  posts,
  says,
} from './shapes.ts';

export const HELLO = { contentType: 'html', content: '<p>Hello</p>' };
export const send = (additionalFields: object = {}, more: object = {}) =>
  message('send', {
    toRecipients: 'jo@example.com',
    subject: 'Hi',
    bodyContent: '<p>Hello</p>',
    additionalFields: additionalFields as never,
    ...more,
  });
export const withFile = {
  attachments: { attachments: [{ binaryPropertyName: 'data', contentId: '' }] },
};
const SENT = nothing('POST', '/me/sendMail', 202);
const sends = (more: object, saveToSentItems = true) =>
  posts('/me/sendMail', {
    message: { subject: 'Hi', toRecipients: [person('jo@example.com')], ...more, body: HELLO },
    saveToSentItems,
  });

const plain: OperationCase[] = [
  {
    name: 'message: send, as the stand-in takes it',
    parameters: send(),
    asks: [sends({})],
    gives: [{ success: true }],
  },
  {
    name: 'message: send with everything, and files',
    parameters: send(
      {
        bccRecipients: 'bcc@example.com',
        ccRecipients: '"Doe, Jo" <cc@example.com>',
        replyTo: 'answers@example.com',
        categories: ['Red'],
        from: 'office@example.com',
        importance: 'High',
        isReadReceiptRequested: true,
        internetMessageHeaders: { headers: [{ name: 'x-order', value: '7' }] },
        saveToSentItems: false,
        attachments: {
          attachments: [
            { binaryPropertyName: 'data', contentId: '' },
            { binaryPropertyName: 'logo', contentId: 'logo' },
          ],
        },
      },
      { toRecipients: 'Jo <jo@example.com>; max@example.com' },
    ),
    items: [
      {
        json: {},
        binary: { data: binary('a,b', 'list.csv', 'text/csv'), logo: binary('png', 'logo.png', 'image/png') },
      },
    ],
    answers: [SENT],
    asks: [
      posts('/me/sendMail', {
        message: {
          isReadReceiptRequested: true,
          subject: 'Hi',
          bccRecipients: [person('bcc@example.com')],
          ccRecipients: [person('cc@example.com', 'Doe, Jo')],
          replyTo: [person('answers@example.com')],
          toRecipients: [person('jo@example.com', 'Jo'), person('max@example.com')],
          categories: ['Red'],
          importance: 'high',
          from: person('office@example.com'),
          internetMessageHeaders: [{ name: 'x-order', value: '7' }],
          body: HELLO,
          attachments: [
            {
              '@odata.type': '#microsoft.graph.fileAttachment',
              name: 'list.csv',
              contentType: 'text/csv',
              contentBytes: Buffer.from('a,b').toString('base64'),
            },
            {
              '@odata.type': '#microsoft.graph.fileAttachment',
              name: 'logo.png',
              contentType: 'image/png',
              contentBytes: Buffer.from('png').toString('base64'),
              contentId: 'logo',
              isInline: true,
            },
          ],
        },
        saveToSentItems: false,
      }),
    ],
    gives: [{ success: true }],
  },
  {
    name: 'message: send and put out the message',
    parameters: send({ returnMessage: true, bodyContentType: 'Text' }),
    answers: [
      answer('POST', '/me/messages', { '@odata.context': 'x', id: 'm=1', isDraft: true }),
      nothing('POST', '/me/messages/m%3D1/send', 202),
    ],
    asks: [
      posts('/me/messages', {
        subject: 'Hi',
        toRecipients: [person('jo@example.com')],
        body: { contentType: 'text', content: '<p>Hello</p>' },
      }),
      posts('/me/messages/m%3D1/send'),
    ],
    gives: [{ id: 'm=1', isDraft: false }],
  },
  {
    name: 'message: send wants addresses that are such',
    parameters: send({}, { toRecipients: 'jo@example.com, max' }),
    asks: [],
    fails: { message: '“max” in “To” is not an email address', description: /part several by commas/ },
  },
  {
    name: 'message: send wants somebody to send to',
    parameters: send({}, { toRecipients: ' ' }),
    asks: [],
    fails: { message: 'There is nobody to send this to' },
  },
  {
    name: 'message: send takes headers of one’s own alone',
    parameters: send({ internetMessageHeaders: { headers: [{ name: 'Bcc', value: 'x' }] } }),
    asks: [],
    fails: { message: '“Bcc” cannot be a custom header' },
  },
  {
    name: 'message: send without the right to says what to do',
    parameters: send({ from: 'boss@example.com' }),
    answers: [
      says(
        'POST',
        '/me/sendMail',
        403,
        'ErrorSendAsDenied',
        'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.',
      ),
    ],
    asks: [sends({ from: person('boss@example.com') })],
    fails: { message: /does not have the right/, description: /Clear “From”/, httpCode: '403' },
  },
];

// The chunks of an upload: 3,276,800 bytes, and the rest.
const CHUNK = 3_276_800;
const CONTENT = bytes(5 * MIB);
const TOTAL = CONTENT.length;
const SESSION = '/uploads/s1';
export const starts = (item: string, name = 'big.bin', more: object = {}) =>
  posts(`${item}/attachments/createUploadSession`, {
    AttachmentItem: {
      attachmentType: 'file',
      name,
      size: TOTAL,
      contentType: 'application/octet-stream',
      ...more,
    },
  });
export const started = (item: string) =>
  answer(
    'POST',
    `${item}/attachments/createUploadSession`,
    { uploadUrl: `{{api}}${SESSION}?authtoken=secret-of-the-upload`, nextExpectedRanges: ['0-'] },
    { status: 201 },
  );
export const puts = (start: number, end: number): Asked => ({
  method: 'PUT',
  path: SESSION,
  query: { authtoken: 'secret-of-the-upload' },
  body: { base64: CONTENT.subarray(start, end).toString('base64') },
  headers: {
    'content-type': 'application/octet-stream',
    'content-range': `bytes ${start}-${end - 1}/${TOTAL}`,
  },
});
export const took = (next: number, more: object = {}) =>
  answer('PUT', SESSION, { nextExpectedRanges: [String(next)] }, { withoutToken: true, ...more });
export const attached = answer('PUT', SESSION, undefined, {
  status: 201,
  withoutToken: true,
  headers: {
    location: "https://outlook.office.com/api/v2.0/Users('u')/Messages('m1')/Attachments('AAMkA%3D')",
  },
});
export const bigItems = data(CONTENT, 'big.bin', 'application/octet-stream');
export const WHOLE = [puts(0, CHUNK), puts(CHUNK, TOTAL)];

const M1 = '/me/messages/m1';
const draftMade = answer('POST', '/me/messages', { id: 'm1', isDraft: true }, { status: 201 });
const makesDraft = posts('/me/messages', {
  subject: 'Hi',
  toRecipients: [person('jo@example.com')],
  body: HELLO,
});

const large: OperationCase[] = [
  {
    name: 'message: send with a large file, which goes up piece by piece',
    parameters: send(withFile),
    items: bigItems,
    answers: [draftMade, started(M1), took(CHUNK), attached, nothing('POST', `${M1}/send`, 202)],
    asks: [makesDraft, starts(M1), ...WHOLE, posts(`${M1}/send`)],
    gives: [{ success: true }],
  },
  {
    name: 'message: send with a large file goes on where Outlook is, and after trouble there',
    parameters: send(withFile),
    items: bigItems,
    answers: [
      draftMade,
      started(M1),
      took(1_000_000),
      answer('PUT', SESSION, 'busy', { status: 503, withoutToken: true }),
      took(CHUNK),
      attached,
      nothing('POST', `${M1}/send`, 202),
    ],
    asks: [
      makesDraft,
      starts(M1),
      puts(0, CHUNK),
      puts(1_000_000, CHUNK),
      puts(1_000_000, CHUNK),
      puts(CHUNK, TOTAL),
      posts(`${M1}/send`),
    ],
    gives: [{ success: true }],
  },
  {
    name: 'message: send with a large file that Outlook refuses leaves no draft, and sends nothing',
    parameters: send(withFile),
    items: bigItems,
    answers: [
      draftMade,
      started(M1),
      answer(
        'PUT',
        SESSION,
        { error: { code: 'ErrorMessageSizeExceeded', message: 'The message exceeds the maximum size.' } },
        { status: 413, withoutToken: true },
      ),
      nothing('DELETE', M1),
    ],
    asks: [makesDraft, starts(M1), puts(0, CHUNK), deletes(M1)],
    fails: {
      message: 'Outlook did not take “big.bin”: The message exceeds the maximum size.',
      description: /administrator/,
      httpCode: '413',
    },
  },
  {
    name: 'message: send with a large file that Outlook never takes in ends',
    parameters: send(withFile),
    items: bigItems,
    answers: [draftMade, started(M1), ...[1, 2, 3, 4].map(() => took(0)), nothing('DELETE', M1)],
    asks: [makesDraft, starts(M1), ...[1, 2, 3, 4].map(() => puts(0, CHUNK)), deletes(M1)],
    fails: { message: /^Outlook holds 0 bytes of “big.bin”/, description: /not complete/ },
  },
  {
    name: 'message: send with a large file cannot leave out Sent Items',
    parameters: send({ ...withFile, saveToSentItems: false }),
    items: bigItems,
    asks: [],
    fails: { message: 'This message is kept in Sent Items in any case' },
  },
];

const QUOTED = {
  contentType: 'html',
  content: '<html><head></head><body dir="ltr"><hr>From: Jo</body></html>',
};
const D1 = '/me/messages/d1';
const drafted = (action: string, more: object = {}) =>
  answer('POST', `${M1}/${action}`, { id: 'd1', isDraft: true, body: QUOTED, ...more }, { status: 201 });
const changed = answer('PATCH', D1, { '@odata.context': 'x', id: 'd1', isDraft: true, subject: 'RE: Hi' });
const sentOff = nothing('POST', `${D1}/send`, 202);
const above = (html: string) => ({
  contentType: 'html',
  content: `<html><head></head><body dir="ltr"><div>${html}</div><br><hr>From: Jo</body></html>`,
});
const answering = (operation: string, more: object = {}) =>
  message(operation, { messageId: picked('m1'), bodyContent: '<p>Yes</p>', ...more });

const answers: OperationCase[] = [
  {
    name: 'message: reply above what is quoted',
    parameters: answering('reply'),
    answers: [drafted('createReply'), changed, sentOff],
    asks: [posts(`${M1}/createReply`), patches(D1, { body: above('<p>Yes</p>') }), posts(`${D1}/send`)],
    gives: [{ id: 'd1', isDraft: false, subject: 'RE: Hi' }],
  },
  {
    name: 'message: reply in text, with a header and a file, left among the drafts',
    parameters: answering('reply', {
      bodyContent: 'Yes & no\nJo',
      additionalFields: {
        bodyContentType: 'text',
        internetMessageHeaders: { headers: [{ name: 'x-order', value: '7' }] },
        ...withFile,
      },
      options: { saveAsDraft: true },
    }),
    items: data('hello'),
    answers: [
      drafted('createReply'),
      changed,
      answer('POST', `${D1}/attachments`, { id: 'a1', name: 'a.txt', contentBytes: 'aGVsbG8=' }),
    ],
    asks: [
      posts(`${M1}/createReply`, { message: { internetMessageHeaders: [{ name: 'x-order', value: '7' }] } }),
      patches(D1, { body: above('Yes &amp; no<br>Jo') }),
      posts(`${D1}/attachments`, {
        '@odata.type': '#microsoft.graph.fileAttachment',
        name: 'a.txt',
        contentType: 'text/plain',
        contentBytes: 'aGVsbG8=',
      }),
    ],
    gives: [{ id: 'd1', isDraft: true, subject: 'RE: Hi' }],
  },
  {
    name: 'message: reply to a message in text stays text',
    parameters: answering('reply', { bodyContent: '<p>Yes &amp; no</p>' }),
    answers: [
      drafted('createReply', { body: { contentType: 'text', content: '____\nFrom: Jo' } }),
      changed,
      sentOff,
    ],
    asks: [
      posts(`${M1}/createReply`),
      patches(D1, { body: { contentType: 'text', content: 'Yes & no\n\n____\nFrom: Jo' } }),
      posts(`${D1}/send`),
    ],
    gives: [{ id: 'd1', isDraft: false, subject: 'RE: Hi' }],
  },
  {
    name: 'message: reply all, those added beside those that are there',
    parameters: answering('replyAll', {
      additionalFields: { ccRecipients: 'Max@example.com, new@example.com', subject: 'Other' },
    }),
    answers: [
      drafted('createReplyAll', { ccRecipients: [person('max@example.com', 'Max')] }),
      changed,
      sentOff,
    ],
    asks: [
      posts(`${M1}/createReplyAll`),
      patches(D1, {
        subject: 'Other',
        ccRecipients: [person('max@example.com', 'Max'), person('new@example.com')],
        body: above('<p>Yes</p>'),
      }),
      posts(`${D1}/send`),
    ],
    gives: [{ id: 'd1', isDraft: false, subject: 'RE: Hi' }],
  },
  {
    name: 'message: forward',
    parameters: answering('forward', { toRecipients: 'max@example.com', bodyContent: '' }),
    answers: [drafted('createForward', { toRecipients: [] }), changed, sentOff],
    asks: [
      posts(`${M1}/createForward`),
      patches(D1, { toRecipients: [person('max@example.com')], body: above('') }),
      posts(`${D1}/send`),
    ],
    gives: [{ id: 'd1', isDraft: false, subject: 'RE: Hi' }],
  },
  {
    name: 'message: forward wants somebody to forward to',
    parameters: answering('forward', { toRecipients: ' ' }),
    asks: [],
    fails: { message: 'There is nobody to send this to' },
  },
  {
    name: 'message: reply that Graph does not take leaves no draft',
    parameters: answering('reply', { additionalFields: { categories: ['x'] } }),
    answers: [
      drafted('createReply'),
      says('PATCH', D1, 400, 'ErrorInvalidRequest', 'The request is invalid.'),
      nothing('DELETE', D1),
    ],
    asks: [
      posts(`${M1}/createReply`),
      patches(D1, { categories: ['x'], body: above('<p>Yes</p>') }),
      deletes(D1),
    ],
    fails: { message: 'The request is invalid.', httpCode: '400' },
  },
];

export const sending: OperationCase[] = [...plain, ...large, ...answers];
