import type { Asked, OperationCase } from '../operations.ts';
import { FILES, UPLOAD, DOC, USUAL, ANYWHERE, FILE, id, url, data, related, multipart } from './answers.ts';

export const uploads: OperationCase[] = [
  {
    name: 'file: upload a small one in one request',
    parameters: {
      resource: 'file',
      operation: 'upload',
      inputDataFieldName: 'data',
      name: '',
      folderId: id('root'),
      options: {},
    },
    items: data('a,b', 'list.csv', 'text/csv'),
    answers: [{ method: 'POST', path: UPLOAD, body: FILE }],
    asks: [multipart({ body: related({ name: 'list.csv', parents: ['root'] }, 'text/csv', 'a,b') })],
    gives: [FILE],
  },
  {
    name: 'file: upload with everything, into a folder by its address',
    parameters: {
      resource: 'file',
      operation: 'upload',
      inputDataFieldName: 'data',
      name: 'List',
      folderId: url('https://drive.google.com/drive/folders/1AAH9N2P_x-y?usp=sharing'),
      options: {
        convertTo: 'spreadsheet',
        description: 'A list',
        starred: true,
        keepRevisionForever: true,
        ocrLanguage: 'de',
        useContentAsIndexableText: true,
        propertiesUi: { propertyValues: [{ key: 'k', value: 'v' }] },
        appPropertiesUi: { appPropertyValues: [{ key: 'a', value: 'b' }] },
        fields: ['id', 'owners'],
      },
    },
    items: data('integration-hub-0', 'list.csv', 'text/csv'),
    answers: [{ method: 'POST', path: UPLOAD, body: FILE }],
    asks: [
      multipart(
        {
          headers: { 'content-type': 'multipart/related; boundary=integration-hub-1' },
          body: related(
            {
              name: 'List',
              parents: ['1AAH9N2P_x-y'],
              description: 'A list',
              starred: true,
              properties: { k: 'v' },
              appProperties: { a: 'b' },
              mimeType: 'application/vnd.google-apps.spreadsheet',
            },
            'text/csv',
            // What spells the boundary moves the boundary.
            'integration-hub-0',
            'integration-hub-1',
          ),
        },
        {
          fields: 'id,owners',
          keepRevisionForever: 'true',
          ocrLanguage: 'de',
          useContentAsIndexableText: 'true',
        },
      ),
    ],
    gives: [FILE],
  },
  {
    name: 'file: upload without a file says which field is missing',
    parameters: { resource: 'file', operation: 'upload', inputDataFieldName: 'data', folderId: id('root') },
    asks: [],
    fails: { message: /binary file 'data'/ },
  },
  {
    name: 'file: upload to a full drive says what to do',
    parameters: { resource: 'file', operation: 'upload', inputDataFieldName: 'data', folderId: id('root') },
    items: data('a'),
    answers: [
      {
        method: 'POST',
        path: UPLOAD,
        status: 403,
        body: {
          error: {
            code: 403,
            message: "The user's Drive storage quota has been exceeded.",
            errors: [{ domain: 'usageLimits', reason: 'storageQuotaExceeded', message: 'x' }],
          },
        },
      },
    ],
    asks: [multipart({ body: related({ name: 'a.txt', parents: ['root'] }, 'text/plain', 'a') })],
    fails: {
      message: "The user's Drive storage quota has been exceeded.",
      description: /Make room/,
      httpCode: '403',
    },
  },
  {
    name: 'file: create from text, as a Google document',
    parameters: {
      resource: 'file',
      operation: 'createFromText',
      content: '# Grüße',
      name: 'Note',
      folderId: id('d1'),
      options: { convertToGoogleDocument: true, contentType: 'text/markdown' },
    },
    answers: [{ method: 'POST', path: UPLOAD, body: FILE }],
    asks: [
      multipart({
        body: related({ name: 'Note', parents: ['d1'], mimeType: DOC }, 'text/markdown', '# Grüße'),
      }),
    ],
    gives: [FILE],
  },
  {
    name: 'file: update details alone',
    parameters: {
      resource: 'file',
      operation: 'update',
      fileId: id('f1'),
      changeFileContent: false,
      newUpdatedFileName: 'b.txt',
      options: { trashed: false, writersCanShare: false, fields: ['*'] },
    },
    answers: [{ method: 'PATCH', path: `${FILES}/f1`, body: FILE }],
    asks: [
      {
        method: 'PATCH',
        path: `${FILES}/f1`,
        query: { ...ANYWHERE, fields: '*' },
        body: { json: { name: 'b.txt', trashed: false, writersCanShare: false } },
      },
    ],
    gives: [FILE],
  },
  {
    name: 'file: update content',
    parameters: {
      resource: 'file',
      operation: 'update',
      fileId: id('f1'),
      changeFileContent: true,
      inputDataFieldName: 'data',
      newUpdatedFileName: '',
      options: {},
    },
    items: data('new'),
    answers: [{ method: 'PATCH', path: `${UPLOAD}/f1`, body: FILE }],
    asks: [multipart({ method: 'PATCH', path: `${UPLOAD}/f1`, body: related({}, 'text/plain', 'new') })],
    gives: [FILE],
  },
];

export const MIB = 1024 * 1024;
export const TOTAL = 5 * MIB + 3;
/** No two chunks alike, and none of them text. */
export const CONTENT = Buffer.from(
  Uint8Array.from({ length: TOTAL }, (_one, index) => 128 + ((index >> 8) % 127)),
);
export const SESSION_QUERY = 'uploadType=resumable&upload_id=AEnB2Ur%2F1';
export const session = (location: string) => ({
  method: 'POST',
  path: UPLOAD,
  headers: { location, 'x-guploader-uploadid': 'AEnB2Ur/1' },
});
export const incomplete = (held: number) => ({
  method: 'PUT',
  path: UPLOAD,
  status: 308,
  ...(held > 0 && { headers: { range: `bytes=0-${held - 1}` } }),
});
export const done = { method: 'PUT', path: UPLOAD, body: FILE };
const trouble = {
  method: 'PUT',
  path: UPLOAD,
  status: 503,
  body: { error: { code: 503, message: 'Backend Error' } },
};
const begins: Asked = {
  method: 'POST',
  path: UPLOAD,
  query: { ...ANYWHERE, fields: USUAL, uploadType: 'resumable' },
  body: { json: { name: 'big.bin', parents: ['root'] } },
  headers: {
    'x-upload-content-type': 'application/octet-stream',
    'x-upload-content-length': String(TOTAL),
  },
};
const puts = (from: number, to: number): Asked => ({
  method: 'PUT',
  path: UPLOAD,
  query: { uploadType: 'resumable', upload_id: 'AEnB2Ur/1' },
  body: { base64: CONTENT.subarray(from, to).toString('base64') },
  headers: { 'content-range': `bytes ${from}-${to - 1}/${TOTAL}` },
});
const asksStatus: Asked = {
  method: 'PUT',
  path: UPLOAD,
  query: { uploadType: 'resumable', upload_id: 'AEnB2Ur/1' },
  headers: { 'content-range': `bytes */${TOTAL}` },
};
export const big = {
  resource: 'file',
  operation: 'upload',
  inputDataFieldName: 'data',
  name: '',
  folderId: id('root'),
  options: { chunkSize: 2 },
};
export const bigItems = data(CONTENT, 'big.bin', 'application/octet-stream');
export const google = session(`https://www.googleapis.com${UPLOAD}?${SESSION_QUERY}`);

export const chunks: OperationCase[] = [
  {
    name: 'file: upload of a large one goes in chunks',
    parameters: big,
    items: bigItems,
    answers: [google, incomplete(2 * MIB), incomplete(4 * MIB), done],
    asks: [begins, puts(0, 2 * MIB), puts(2 * MIB, 4 * MIB), puts(4 * MIB, TOTAL)],
    gives: [FILE],
  },
  {
    name: 'file: upload sends on from what the provider has taken',
    parameters: big,
    items: bigItems,
    answers: [google, incomplete(0), incomplete(MIB), incomplete(2 * MIB), incomplete(4 * MIB), done],
    asks: [
      begins,
      puts(0, 2 * MIB),
      puts(0, 2 * MIB),
      puts(MIB, 2 * MIB),
      puts(2 * MIB, 4 * MIB),
      puts(4 * MIB, TOTAL),
    ],
    gives: [FILE],
  },
  {
    name: 'file: upload that broke asks what has arrived, and goes on from there',
    parameters: big,
    items: bigItems,
    answers: [google, incomplete(2 * MIB), trouble, incomplete(3 * MIB), incomplete(4 * MIB), trouble, done],
    asks: [
      begins,
      puts(0, 2 * MIB),
      puts(2 * MIB, 4 * MIB),
      asksStatus,
      puts(3 * MIB, 4 * MIB),
      puts(4 * MIB, TOTAL),
      asksStatus,
    ],
    gives: [FILE],
  },
  {
    name: 'file: upload whose session is gone ends there',
    parameters: big,
    items: bigItems,
    answers: [google, { method: 'PUT', path: UPLOAD, status: 410, body: { error: { message: 'Gone' } } }],
    asks: [begins, puts(0, 2 * MIB)],
    fails: { message: 'Gone', httpCode: '410' },
  },
  {
    name: 'file: upload that the provider never takes in ends',
    parameters: big,
    items: bigItems,
    answers: [google, ...Array.from({ length: 4 }, () => incomplete(0))],
    asks: [begins, ...Array.from({ length: 4 }, () => puts(0, 2 * MIB))],
    fails: { message: 'Google Drive holds 0 bytes after 0 were sent', description: /not complete/ },
  },
  {
    name: 'file: upload follows no session that is elsewhere',
    parameters: big,
    items: bigItems,
    answers: [session('https://evil.example/collect?upload_id=1')],
    asks: [begins],
    fails: { message: 'Google Drive began no upload session' },
  },
];
