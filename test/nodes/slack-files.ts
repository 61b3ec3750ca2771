import { expect } from 'vitest';
import { binary } from '../setup/n8n.ts';
import type { OperationCase } from './operations.ts';
import { answered, get, id, post } from './slack-calls.ts';

const b64 = (text: string) => Buffer.from(text).toString('base64');
const BYTES = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);
const FILE = {
  id: 'F1',
  name: 'plan.csv',
  mimetype: 'text/csv',
  url_private_download: 'https://files.slack.com/files-pri/T1-F1/download/plan.csv?origin_team=T1',
};
const place = (file: string) =>
  answered('POST', 'files.getUploadURLExternal', {
    upload_url: `{{api}}/upload/v1/${file}`,
    file_id: file,
  });
const takes = (file: string, status = 200) => ({
  method: 'POST',
  path: `/upload/v1/${file}`,
  status,
  body: status === 200 ? 'OK - 6' : 'no',
  withoutToken: true,
});
const askPlace = (...form: [string, string][]) => ({
  method: 'POST',
  path: '/files.getUploadURLExternal',
  body: { form },
});
const bring = (file: string, body: { base64: string } | { text: string }) => ({
  method: 'POST',
  path: `/upload/v1/${file}`,
  body,
  headers: { 'content-type': 'application/octet-stream' },
});
const PICTURE = { data: binary(BYTES, 'cat.png', 'image/png'), note: binary('hi', 'note.txt', 'text/plain') };
const download = { resource: 'file', operation: 'download', fileId: 'F1', binaryPropertyName: 'data' };
const INFO = answered('GET', 'files.info', { file: FILE });
const ASK_INFO = { method: 'GET', path: '/files.info', query: { file: 'F1' } };
const ASK_CONTENT = {
  method: 'GET',
  path: '/files-pri/T1-F1/download/plan.csv',
  query: { origin_team: 'T1' },
};

export const files: OperationCase[] = [
  {
    name: 'file: upload two, shared in one reply; their bytes go where no token goes',
    parameters: {
      resource: 'file',
      operation: 'upload',
      binaryPropertyName: 'data, note',
      options: { channelId: id('C1'), initialComment: 'Look', threadTs: '1.2', altText: 'A cat' },
    },
    items: [{ json: {}, binary: PICTURE }],
    answers: [
      place('F1'),
      takes('F1'),
      place('F2'),
      takes('F2'),
      answered('POST', 'files.completeUploadExternal', { files: [{ id: 'F1' }, { id: 'F2' }] }),
    ],
    asks: [
      askPlace(['filename', 'cat.png'], ['length', '6'], ['alt_txt', 'A cat']),
      bring('F1', { base64: BYTES.toString('base64') }),
      askPlace(['filename', 'note.txt'], ['length', '2'], ['alt_txt', 'A cat']),
      bring('F2', { text: 'hi' }),
      {
        method: 'POST',
        path: '/files.completeUploadExternal',
        body: {
          json: {
            files: [
              { id: 'F1', title: 'cat.png' },
              { id: 'F2', title: 'note.txt' },
            ],
            channel_id: 'C1',
            thread_ts: '1.2',
            initial_comment: 'Look',
          },
        },
      },
    ],
    gives: [{ id: 'F1' }, { id: 'F2' }],
  },
  {
    name: 'file: upload one that stays private, under another name',
    parameters: {
      resource: 'file',
      operation: 'upload',
      binaryPropertyName: 'note',
      options: { fileName: 'a.py', title: 'Script', snippetType: 'python' },
    },
    items: [{ json: {}, binary: PICTURE }],
    answers: [
      place('F1'),
      takes('F1'),
      answered('POST', 'files.completeUploadExternal', { files: [{ id: 'F1', title: 'Script' }] }),
    ],
    asks: [
      askPlace(['filename', 'a.py'], ['length', '2'], ['snippet_type', 'python']),
      bring('F1', { text: 'hi' }),
      {
        method: 'POST',
        path: '/files.completeUploadExternal',
        body: { json: { files: [{ id: 'F1', title: 'Script' }] } },
      },
    ],
    gives: [{ id: 'F1', title: 'Script' }],
  },
  {
    name: 'file: upload that Slack’s store does not take',
    parameters: { resource: 'file', operation: 'upload', binaryPropertyName: 'note', options: {} },
    items: [{ json: {}, binary: PICTURE }],
    answers: [place('F1'), takes('F1', 500)],
    asks: [askPlace(['filename', 'note.txt'], ['length', '2']), bring('F1', { text: 'hi' })],
    fails: {
      message: 'Slack did not take the file “note.txt”: it answered with status 500',
      httpCode: '500',
    },
  },
  {
    name: 'file: upload from a field that is not there',
    parameters: { resource: 'file', operation: 'upload', binaryPropertyName: 'nothing', options: {} },
    asks: [],
    fails: { message: /binary/i },
  },
  {
    name: 'file: download',
    parameters: download,
    answers: [
      INFO,
      {
        method: 'GET',
        path: ASK_CONTENT.path,
        headers: { 'content-type': 'text/csv' },
        base64: b64('a,b'),
      },
    ],
    asks: [ASK_INFO, ASK_CONTENT],
    gives: [FILE],
    items_: ([item]) =>
      expect(item?.binary?.['data']).toMatchObject({
        data: b64('a,b'),
        fileName: 'plan.csv',
        mimeType: 'text/csv',
      }),
  },
  {
    name: 'file: download that ends on Slack’s sign-in page',
    parameters: download,
    answers: [
      INFO,
      {
        method: 'GET',
        path: ASK_CONTENT.path,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        base64: b64('<html>'),
      },
    ],
    asks: [ASK_INFO, ASK_CONTENT],
    fails: { message: 'Slack gave its sign-in page in place of the file', description: /files:read/ },
  },
  {
    name: 'file: download of one that is kept elsewhere takes no token there',
    parameters: download,
    ...get(
      'files.info',
      { file: 'F1' },
      { file: { ...FILE, url_private_download: 'https://docs.example.com/a' } },
    ),
    fails: {
      message: '“plan.csv” cannot be downloaded from Slack',
      description: /docs\.example\.com/,
    },
  },
  {
    name: 'file: get',
    parameters: { resource: 'file', operation: 'get', fileId: 'F1' },
    ...get('files.info', { file: 'F1' }, { file: FILE }),
    gives: [FILE],
  },
  {
    name: 'file: get many, over numbered pages of one size',
    parameters: {
      resource: 'file',
      operation: 'getAll',
      returnAll: false,
      limit: 150,
      filters: {
        channelId: id('C1'),
        userId: id('U1'),
        types: ['pdfs', 'images'],
        ts_from: '2026-03-01T09:00:00Z',
        showFilesHidden: true,
      },
    },
    answers: [1, 2].map((page) =>
      answered('GET', 'files.list', {
        files: Array.from({ length: 100 }, (_, index) => ({ id: `F${page}-${index}` })),
        paging: { count: 100, total: 200, page, pages: 2 },
      }),
    ),
    asks: [{}, { page: '2' }].map((more) => ({
      method: 'GET',
      path: '/files.list',
      query: {
        count: '100',
        channel: 'C1',
        user: 'U1',
        types: 'pdfs,images',
        ts_from: '1772355600',
        show_files_hidden_by_limit: 'true',
        ...more,
      },
    })),
    gives: [
      ...Array.from({ length: 100 }, (_, index) => ({ id: `F1-${index}` })),
      ...Array.from({ length: 50 }, (_, index) => ({ id: `F2-${index}` })),
    ],
  },
  {
    name: 'file: delete',
    parameters: { resource: 'file', operation: 'delete', fileId: 'F1' },
    ...post('files.delete', { file: 'F1' }, {}),
    gives: [{ ok: true }],
  },
];
