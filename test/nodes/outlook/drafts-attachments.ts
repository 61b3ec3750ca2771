/** Drafts, and the files of messages. */
import { expect } from 'vitest';
import type { OperationCase } from '../operations.ts';
import { HELLO, attached, bigItems, starts, started, took, WHOLE, withFile } from './sending.ts';
import {
  MAIL,
  SELECT,
  SIMPLE,
  answer,
  attachment,
  data,
  deletes,
  draft,
  fileIn,
  got,
  gets,
  listed,
  nothing,
  patches,
  person,
  picked,
  posts,
} from './shapes.ts';

const M1 = '/me/messages/m1';
const d1 = { draftId: picked('m1') };
const m1 = { messageId: picked('m1') };
const CHUNK = 3_276_800;
const posted = {
  '@odata.type': '#microsoft.graph.fileAttachment',
  name: 'a.txt',
  contentType: 'text/plain',
  contentBytes: 'aGVsbG8=',
};

export const drafts: OperationCase[] = [
  {
    name: 'draft: create with a file',
    parameters: draft('create', {
      subject: 'Hi',
      bodyContent: '<p>Hello</p>',
      additionalFields: { toRecipients: 'jo@example.com', ...withFile },
    }),
    items: data('hello'),
    answers: [answer('POST', '/me/messages', { '@odata.context': 'x', id: 'm1' }, { status: 201 })],
    asks: [
      posts('/me/messages', {
        subject: 'Hi',
        toRecipients: [person('jo@example.com')],
        body: HELLO,
        attachments: [posted],
      }),
    ],
    gives: [{ id: 'm1' }],
  },
  {
    name: 'draft: create with a large file',
    parameters: draft('create', { subject: 'Hi', bodyContent: '<p>Hello</p>', additionalFields: withFile }),
    items: bigItems,
    answers: [answer('POST', '/me/messages', { id: 'm1' }), started(M1), took(CHUNK), attached],
    asks: [posts('/me/messages', { subject: 'Hi', body: HELLO }), starts(M1), ...WHOLE],
    gives: [{ id: 'm1', hasAttachments: true }],
  },
  {
    name: 'draft: get',
    parameters: draft('get', d1),
    answers: [got(M1, MAIL)],
    asks: [gets(M1, { $select: SELECT })],
    gives: [SIMPLE],
  },
  {
    name: 'draft: get many',
    parameters: draft('getAll', { returnAll: false, limit: 10 }),
    answers: [listed('/me/mailFolders/drafts/messages', [MAIL])],
    asks: [gets('/me/mailFolders/drafts/messages', { $select: SELECT, $top: '10' })],
    gives: [SIMPLE],
  },
  {
    name: 'draft: update, and add a file',
    parameters: draft('update', { ...d1, updateFields: { subject: 'New', ...withFile } }),
    items: data('hello'),
    answers: [answer('PATCH', M1, { id: 'm1', subject: 'New' }), answer('POST', `${M1}/attachments`, {})],
    asks: [patches(M1, { subject: 'New' }), posts(`${M1}/attachments`, posted)],
    gives: [{ id: 'm1', subject: 'New' }],
  },
  {
    name: 'draft: update with nothing but a file',
    parameters: draft('update', { ...d1, updateFields: withFile }),
    items: data('hello'),
    answers: [answer('POST', `${M1}/attachments`, {}), got(M1, { id: 'm1' })],
    asks: [posts(`${M1}/attachments`, posted), gets(M1)],
    gives: [{ id: 'm1' }],
  },
  {
    name: 'draft: update wants something to update',
    parameters: draft('update', { ...d1, updateFields: {} }),
    asks: [],
    fails: { message: 'There is nothing to update' },
  },
  {
    name: 'draft: send to those it names',
    parameters: draft('send', d1),
    answers: [nothing('POST', `${M1}/send`, 202)],
    asks: [posts(`${M1}/send`)],
    gives: [{ success: true }],
  },
  {
    name: 'draft: send to others',
    parameters: draft('send', { ...d1, to: 'jo@example.com' }),
    answers: [answer('PATCH', M1, {}), nothing('POST', `${M1}/send`, 202)],
    asks: [patches(M1, { toRecipients: [person('jo@example.com')] }), posts(`${M1}/send`)],
    gives: [{ success: true }],
  },
  {
    name: 'draft: delete',
    parameters: draft('delete', d1),
    answers: [nothing('DELETE', M1)],
    asks: [deletes(M1)],
    gives: [{ success: true }],
  },
];

const A1 = `${M1}/attachments/a1`;
const a1 = { ...m1, attachmentId: picked('a1') };
const FIELDS = 'id,name,contentType,size,isInline';
const INFO = {
  '@odata.type': '#microsoft.graph.fileAttachment',
  id: 'a1',
  name: 'a/b.txt',
  contentType: 'text/plain',
  size: 5,
  isInline: false,
};

export const attachments: OperationCase[] = [
  {
    name: 'message attachment: add, under another name',
    parameters: attachment('add', {
      ...m1,
      binaryPropertyName: 'data',
      options: { fileName: 'offer.txt', contentId: 'o1' },
    }),
    items: data('hello'),
    answers: [
      answer('POST', `${M1}/attachments`, { '@odata.context': 'x', id: 'a1', contentBytes: 'aGVsbG8=' }),
    ],
    asks: [posts(`${M1}/attachments`, { ...posted, name: 'offer.txt', contentId: 'o1', isInline: true })],
    gives: [{ id: 'a1' }],
  },
  {
    name: 'message attachment: add a large one',
    parameters: attachment('add', { ...m1, binaryPropertyName: 'data' }),
    items: bigItems,
    answers: [started(M1), took(CHUNK), attached],
    asks: [starts(M1), ...WHOLE],
    gives: [
      { id: 'AAMkA=', name: 'big.bin', contentType: 'application/octet-stream', size: 5 * 1024 * 1024 },
    ],
  },
  {
    name: 'message attachment: add wants a file',
    parameters: attachment('add', { ...m1, binaryPropertyName: 'data' }),
    asks: [],
    fails: { message: /binary file 'data'/ },
  },
  {
    name: 'message attachment: download',
    parameters: attachment('download', { ...a1, binaryPropertyName: 'file' }),
    answers: [got(A1, { '@odata.context': 'x', ...INFO }), got(`${A1}/$value`, 'hello')],
    asks: [gets(A1, { $select: FIELDS }), gets(`${A1}/$value`)],
    gives: [INFO],
    items_: (items) =>
      expect(fileIn(items, 'file')).toEqual({ text: 'hello', fileName: 'a_b.txt', mimeType: 'text/plain' }),
  },
  {
    name: 'message attachment: download of a link says where the file is',
    parameters: attachment('download', a1),
    answers: [got(A1, { ...INFO, '@odata.type': '#microsoft.graph.referenceAttachment' })],
    asks: [gets(A1, { $select: FIELDS })],
    fails: { message: '“a/b.txt” is a link to a file in a drive', description: /OneDrive/ },
  },
  {
    name: 'message attachment: get',
    parameters: attachment('get', a1),
    answers: [got(A1, INFO)],
    asks: [gets(A1, { $select: FIELDS })],
    gives: [INFO],
  },
  {
    name: 'message attachment: get many, chosen fields',
    parameters: attachment('getAll', { ...m1, returnAll: true, options: { fields: ['name'] } }),
    answers: [listed(`${M1}/attachments`, [{ id: 'a1', name: 'a' }])],
    asks: [gets(`${M1}/attachments`, { $select: 'id,name', $top: '100' })],
    gives: [{ id: 'a1', name: 'a' }],
  },
  {
    name: 'message attachment: delete',
    parameters: attachment('delete', a1),
    answers: [nothing('DELETE', A1)],
    asks: [deletes(A1)],
    gives: [{ success: true }],
  },
];
