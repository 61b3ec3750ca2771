/** Messages: read, listed, moved, changed, deleted. */
import { expect } from 'vitest';
import type { OperationCase } from '../operations.ts';
import {
  IMMUTABLE,
  MAIL,
  SELECT,
  SIMPLE,
  answer,
  deletes,
  fileIn,
  got,
  gets,
  listed,
  message,
  nothing,
  of,
  patches,
  person,
  picked,
  posts,
  says,
} from './shapes.ts';

const M1 = '/me/messages/m1';
const getAll = (more: object = {}) => message('getAll', { returnAll: true, ...more });
const ATTACHMENTS = { $select: 'id,name,contentType,size,isInline', $top: '100' };
const folderMessage = of('folderMessage');
const filtered = (filters: object, $filter: string, more: object = {}): OperationCase => ({
  name: `message: get many with ${Object.keys(filters).join(' and ')}`,
  parameters: getAll({ filters }),
  answers: [listed('/me/messages', [])],
  asks: [gets('/me/messages', { $select: SELECT, $filter, ...more, $top: '100' })],
  gives: [],
});

const reading: OperationCase[] = [
  {
    name: 'message: get, simplified',
    parameters: message('get', { messageId: picked('m1') }),
    answers: [got(M1, { '@odata.context': 'x', ...MAIL })],
    asks: [gets(M1, { $select: SELECT })],
    gives: [SIMPLE],
  },
  {
    name: 'message: get by its web address, raw, its body as text, under the ID that it has now',
    parameters: message('get', {
      messageId: picked(
        'https://outlook.office365.com/owa/?ItemID=AAMkAG%3D&exvsurl=1&viewmodel=ReadMessageItem',
        'url',
      ),
      output: 'raw',
      immutableIds: false,
      options: { bodyAsText: true },
    }),
    answers: [got('/me/messages/AAMkAG%3D', { '@odata.context': 'x', id: 'AAMkAG=' })],
    asks: [gets('/me/messages/AAMkAG%3D', {}, 'outlook.body-content-type="text"')],
    gives: [{ id: 'AAMkAG=' }],
  },
  {
    name: 'message: get chosen fields, its files and the whole of it',
    parameters: message('get', {
      messageId: picked('m1'),
      output: 'fields',
      fields: ['subject'],
      options: { downloadAttachments: true, attachmentsPrefix: 'file_', mimeField: 'mime' },
    }),
    answers: [
      got(M1, { id: 'm1', subject: 'An/offer' }),
      listed(`${M1}/attachments`, [
        {
          '@odata.type': '#microsoft.graph.fileAttachment',
          id: 'a1',
          name: 'a.txt',
          contentType: 'text/plain',
        },
        { '@odata.type': '#microsoft.graph.referenceAttachment', id: 'a2', name: 'In the cloud' },
        { '@odata.type': '#microsoft.graph.itemAttachment', id: 'a3', name: 'Re: x', contentType: null },
      ]),
      got(`${M1}/attachments/a1/$value`, 'hello'),
      got(`${M1}/attachments/a3/$value`, 'From: x'),
      got(`${M1}/$value`, 'MIME'),
    ],
    asks: [
      gets(M1, { $select: 'subject,id' }),
      gets(`${M1}/attachments`, ATTACHMENTS),
      gets(`${M1}/attachments/a1/$value`),
      gets(`${M1}/attachments/a3/$value`),
      gets(`${M1}/$value`),
    ],
    gives: [{ id: 'm1', subject: 'An/offer' }],
    items_: (items) => {
      expect(fileIn(items, 'file_0')).toEqual({ text: 'hello', fileName: 'a.txt', mimeType: 'text/plain' });
      expect(fileIn(items, 'file_1')).toEqual({
        text: 'From: x',
        fileName: 'Re: x.eml',
        mimeType: 'message/rfc822',
      });
      expect(fileIn(items, 'mime')).toMatchObject({ text: 'MIME', fileName: 'An_offer.eml' });
      expect(Object.keys(items[0]?.binary ?? {})).toHaveLength(3);
    },
  },
  {
    name: 'message: get wants an ID',
    parameters: message('get', { messageId: picked(' ') }),
    asks: [],
    fails: { message: '“Message” is empty', description: /check the expression/ },
  },
  {
    name: 'message: one that is gone says so, in Graph’s words',
    parameters: message('get', { messageId: picked('m1') }),
    answers: [says('GET', M1, 404, 'ErrorItemNotFound', 'The specified object was not found in the store.')],
    asks: [gets(M1, { $select: SELECT })],
    fails: {
      message: 'The specified object was not found in the store.',
      description: /IDs change when an item is moved/,
      httpCode: '404',
    },
  },
];

const lists: OperationCase[] = [
  {
    name: 'message: get many, over two pages up to the limit, by the address that Graph names',
    parameters: message('getAll', { returnAll: false, limit: 3, output: 'fields', fields: ['subject'] }),
    answers: [
      listed('/me/messages', [{ id: 'm1' }, { id: 'm2' }], {
        '@odata.nextLink': '{{api}}/me/messages?$select=subject%2cid&$top=3&$skiptoken=a%2Bb',
      }),
      listed('/me/messages', [{ id: 'm3' }, { id: 'm4' }], {
        '@odata.nextLink': '{{api}}/me/messages?$skip=4',
      }),
    ],
    asks: [
      gets('/me/messages', { $select: 'subject,id', $top: '3' }),
      gets('/me/messages', { $select: 'subject,id', $top: '3', $skiptoken: 'a+b' }),
    ],
    gives: [{ id: 'm1' }, { id: 'm2' }, { id: 'm3' }],
  },
  {
    name: 'message: get many goes to no other host than the API’s for the next page',
    parameters: getAll(),
    answers: [
      listed('/me/messages', [MAIL], {
        '@odata.nextLink': 'https://elsewhere.example/v1.0/me/messages?$skip=10',
      }),
      listed('/me/messages', [MAIL]),
    ],
    asks: [gets('/me/messages', { $select: SELECT, $top: '100' }), gets('/me/messages', { $skip: '10' })],
    gives: [SIMPLE, SIMPLE],
  },
  {
    name: 'message: get many with files',
    parameters: getAll({ options: { downloadAttachments: true } }),
    answers: [
      listed('/me/messages', [MAIL]),
      listed(`${M1}/attachments`, [
        { '@odata.type': '#microsoft.graph.fileAttachment', id: 'a1', name: 'a.txt' },
      ]),
      got(`${M1}/attachments/a1/$value`, 'hello'),
    ],
    asks: [
      gets('/me/messages', { $select: SELECT, $top: '100' }),
      gets(`${M1}/attachments`, ATTACHMENTS),
      gets(`${M1}/attachments/a1/$value`),
    ],
    gives: [SIMPLE],
    items_: (items) => expect(fileIn(items, 'attachment_0')).toMatchObject({ text: 'hello' }),
  },
  filtered(
    {
      receivedAfter: '2026-03-01T09:00:00+01:00',
      receivedBefore: '2026-04-01T00:00:00Z',
      foldersToInclude: ['f1', "f'2"],
      foldersToExclude: ['f3'],
      categories: ['Red'],
      sender: "o'neill@example.com",
      subject: 'Offer',
      hasAttachments: false,
      readStatus: 'unread',
      importance: 'high',
      flagStatus: 'flagged',
      custom: 'isDraft eq false or isRead eq true',
    },
    [
      'receivedDateTime ge 2026-03-01T08:00:00Z',
      'receivedDateTime le 2026-04-01T00:00:00Z',
      "(parentFolderId eq 'f1' or parentFolderId eq 'f''2')",
      "parentFolderId ne 'f3'",
      "categories/any(c:c eq 'Red')",
      "(from/emailAddress/address eq 'o''neill@example.com' or from/emailAddress/name eq 'o''neill@example.com')",
      "contains(subject,'Offer')",
      'hasAttachments eq false',
      'isRead eq false',
      "importance eq 'high'",
      "flag/flagStatus eq 'flagged'",
      '(isDraft eq false or isRead eq true)',
    ].join(' and '),
  ),
  filtered(
    { readStatus: 'read', order: 'asc' },
    'receivedDateTime ge 1900-01-01T00:00:00Z and isRead eq true',
    { $orderby: 'receivedDateTime asc' },
  ),
  filtered(
    { receivedAfter: '2026-03-01T00:00:00Z', order: 'desc' },
    'receivedDateTime ge 2026-03-01T00:00:00Z',
    { $orderby: 'receivedDateTime desc' },
  ),
  {
    name: 'message: get many by a search',
    parameters: getAll({ filters: { search: 'subject:"big offer"' } }),
    answers: [listed('/me/messages', [MAIL])],
    asks: [gets('/me/messages', { $select: SELECT, $search: '"subject:\\"big offer\\""', $top: '100' })],
    gives: [SIMPLE],
  },
  {
    name: 'message: get many by a search takes no filter beside it',
    parameters: getAll({ filters: { search: 'offer', readStatus: 'unread' } }),
    asks: [],
    fails: { message: '“Search” cannot go with other filters or an order', description: /into the search/ },
  },
  {
    name: 'message: get many wants dates that are such',
    parameters: getAll({ filters: { receivedAfter: 'yesterday' } }),
    asks: [],
    fails: { message: '“yesterday” is not a date' },
  },
  {
    name: 'message: get many too fast waits as Graph says, where it is set to retry',
    parameters: getAll(),
    settings: { retryOnFail: true, maxTries: 2 },
    answers: [
      says('GET', '/me/messages', 429, 'ApplicationThrottled', 'Slow down.', {
        headers: { 'retry-after': '0' },
      }),
      listed('/me/messages', [MAIL]),
    ],
    asks: [1, 2].map(() => gets('/me/messages', { $select: SELECT, $top: '100' })),
    gives: [SIMPLE],
  },
  {
    name: 'message: get many too fast says so, where it is not; a 503 with a wait is the same',
    parameters: getAll(),
    answers: [
      says('GET', '/me/messages', 503, 'ServiceUnavailable', 'Slow down.', {
        headers: { 'retry-after': '7' },
      }),
    ],
    asks: [gets('/me/messages', { $select: SELECT, $top: '100' })],
    fails: { message: 'Slow down.', description: /alone for 7 s.*Retry On Fail/ },
  },
  {
    name: 'folder message: get many',
    parameters: folderMessage('getAll', {
      folderId: picked('inbox'),
      returnAll: false,
      limit: 5,
      filters: { readStatus: 'unread' },
    }),
    answers: [listed('/me/mailFolders/inbox/messages', [MAIL])],
    asks: [
      gets('/me/mailFolders/inbox/messages', { $select: SELECT, $filter: 'isRead eq false', $top: '5' }),
    ],
    gives: [SIMPLE],
  },
];

const changing: OperationCase[] = [
  {
    name: 'message: move',
    parameters: message('move', { messageId: picked('m1'), folderId: picked('AAMk=') }),
    answers: [answer('POST', `${M1}/move`, { '@odata.context': 'x', id: 'm1', parentFolderId: 'AAMk=' })],
    asks: [posts(`${M1}/move`, { destinationId: 'AAMk=' })],
    gives: [{ id: 'm1', parentFolderId: 'AAMk=' }],
  },
  {
    name: 'message: move wants a folder',
    parameters: message('move', { messageId: picked('m1'), folderId: picked(' ') }),
    asks: [],
    fails: { message: '“Destination Folder” is empty' },
  },
  {
    name: 'message: copy',
    parameters: message('copy', { messageId: picked('m1'), folderId: picked('archive') }),
    answers: [answer('POST', `${M1}/copy`, { id: 'm2' })],
    asks: [posts(`${M1}/copy`, { destinationId: 'archive' })],
    gives: [{ id: 'm2' }],
  },
  {
    name: 'message: update',
    parameters: message('update', {
      messageId: picked('m1'),
      updateFields: {
        isRead: true,
        categories: ['Red', 'Blue'],
        importance: 'High',
        flagDue: '2026-03-05T09:00:00Z',
        inferenceClassification: 'other',
        subject: 'New',
        bodyContent: 'Hello',
        bodyContentType: 'Text',
        toRecipients: 'Jo <jo@example.com>, max@example.com',
        bccRecipients: '',
      },
    }),
    answers: [answer('PATCH', M1, { '@odata.context': 'x', id: 'm1', isRead: true })],
    asks: [
      patches(M1, {
        isRead: true,
        subject: 'New',
        bccRecipients: [],
        toRecipients: [person('jo@example.com', 'Jo'), person('max@example.com')],
        categories: ['Red', 'Blue'],
        importance: 'high',
        body: { contentType: 'text', content: 'Hello' },
        inferenceClassification: 'other',
        flag: {
          flagStatus: 'flagged',
          startDateTime: { dateTime: '2026-03-05T04:00:00', timeZone: 'America/New_York' },
          dueDateTime: { dateTime: '2026-03-05T04:00:00', timeZone: 'America/New_York' },
        },
      }),
    ],
    gives: [{ id: 'm1', isRead: true }],
  },
  {
    name: 'message: update its flag alone',
    parameters: message('update', { messageId: picked('m1'), updateFields: { flagStatus: 'complete' } }),
    answers: [answer('PATCH', M1, { id: 'm1' })],
    asks: [patches(M1, { flag: { flagStatus: 'complete' } })],
    gives: [{ id: 'm1' }],
  },
  {
    name: 'message: update wants something to update',
    parameters: message('update', { messageId: picked('m1'), updateFields: {} }),
    asks: [],
    fails: { message: 'There is nothing to update' },
  },
  {
    name: 'message: delete one of two, and go on after the one that failed',
    parameters: message('delete', { messageId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } }),
    items: [{ json: { id: '' } }, { json: { id: 'm1' } }],
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    answers: [nothing('DELETE', M1)],
    asks: [{ ...deletes(M1), headers: { prefer: IMMUTABLE } }],
    gives: [{ error: '“Message” is empty' }, { success: true }],
  },
  {
    name: 'message: delete for good',
    parameters: message('delete', { messageId: picked('m1'), options: { permanent: true } }),
    answers: [nothing('POST', `${M1}/permanentDelete`)],
    asks: [posts(`${M1}/permanentDelete`)],
    gives: [{ success: true }],
  },
];

export const messages: OperationCase[] = [...reading, ...lists, ...changing];
