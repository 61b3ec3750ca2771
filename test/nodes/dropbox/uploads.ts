/** Content on its way in, in one piece and in sessions. */
import type { Asked, OperationCase } from '../operations.ts';
import { MIB, answers, asksContent, refuses, file, data, FILE } from './shapes.ts';

// Bytes that are no text, and no two places alike.
const TOTAL = 8 * MIB + 1024;
const CONTENT = Buffer.alloc(TOTAL, 0xff);
for (let at = 0; at < CONTENT.length; at += 4) CONTENT.writeUInt32LE(at, at);
const piece = (start: number, end: number) => ({ base64: CONTENT.subarray(start, end).toString('base64') });
const COMMIT = { path: '/big.bin', mode: 'overwrite' };
const big = file('upload', { path: '/big.bin', binaryData: true, options: { chunkSize: 4 } });
const starts = asksContent('files/upload_session/start', { close: false }, piece(0, 4 * MIB));
const started = answers('files/upload_session/start', { session_id: 's1' });
const appends = (start: number, end: number) =>
  asksContent(
    'files/upload_session/append_v2',
    { cursor: { session_id: 's1', offset: start } },
    piece(start, end),
  );
const appended = answers('files/upload_session/append_v2', null);
const holds = (correct_offset: number) =>
  answers(
    'files/upload_session/append_v2',
    { error_summary: 'incorrect_offset/..', error: { '.tag': 'incorrect_offset', correct_offset } },
    { status: 409 },
  );
const finishes: Asked = {
  ...asksContent('files/upload_session/finish', {
    cursor: { session_id: 's1', offset: TOTAL },
    commit: COMMIT,
  }),
};
const finished = answers('files/upload_session/finish', FILE);
const trouble = (endpoint: string) => answers(endpoint, 'Service Unavailable', { status: 503 });
const bigItems = data(CONTENT, 'big.bin', 'application/octet-stream');

export const uploads: OperationCase[] = [
  {
    name: 'file: upload a text',
    parameters: file('upload', { path: '/Docs/a.txt', fileContent: 'hällo', options: {} }),
    answers: [answers('files/upload', FILE)],
    asks: [asksContent('files/upload', { path: '/Docs/a.txt', mode: 'overwrite' }, { text: 'hällo' })],
    gives: [FILE],
  },
  {
    name: 'file: upload an empty text',
    parameters: file('upload', { path: '/empty.txt', fileContent: '' }),
    answers: [answers('files/upload', FILE)],
    asks: [asksContent('files/upload', { path: '/empty.txt', mode: 'overwrite' })],
    gives: [FILE],
  },
  {
    name: 'file: upload a file into a folder, with everything',
    parameters: file('upload', {
      path: '/Docs/Zürich/',
      binaryData: true,
      binaryPropertyName: 'data',
      options: {
        mode: 'update',
        rev: 'a1c10ce0dd78',
        autorename: true,
        mute: true,
        strict_conflict: true,
        clientModified: '2026-03-01T09:00:00.123+01:00',
      },
    }),
    items: data('a,b', 'list.csv', 'text/csv'),
    answers: [answers('files/upload', FILE)],
    asks: [
      asksContent(
        'files/upload',
        '{"path":"/Docs/Z\\u00fcrich/list.csv","mode":{".tag":"update","update":"a1c10ce0dd78"},"autorename":true,"mute":true,"strict_conflict":true,"client_modified":"2026-03-01T08:00:00Z"}',
        { text: 'a,b' },
      ),
    ],
    gives: [FILE],
  },
  {
    name: 'file: upload of a revision wants the revision',
    parameters: file('upload', { path: '/a', fileContent: 'x', options: { mode: 'update' } }),
    asks: [],
    fails: { message: '“Revision” is empty', description: /may be overwritten/ },
  },
  {
    name: 'file: upload wants a date that is one',
    parameters: file('upload', { path: '/a', fileContent: 'x', options: { clientModified: 'soon' } }),
    asks: [],
    fails: { message: '“soon” is not a date' },
  },
  {
    name: 'file: upload into a folder wants a name',
    parameters: file('upload', { path: '/Docs/', fileContent: 'x' }),
    asks: [],
    fails: { message: 'The file has no name', description: /after the folder/ },
  },
  {
    name: 'file: upload without a file says which field is missing',
    parameters: file('upload', { path: '/a', binaryData: true, binaryPropertyName: 'data' }),
    asks: [],
    fails: { message: /binary file 'data'/ },
  },
  {
    name: 'file: upload to a full account says what to do',
    parameters: file('upload', { path: '/a.txt', fileContent: 'x' }),
    answers: [refuses('files/upload', 'path/insufficient_space')],
    asks: [asksContent('files/upload', { path: '/a.txt', mode: 'overwrite' }, { text: 'x' })],
    fails: { message: 'Dropbox refused the call: path/insufficient_space', description: /make room/ },
  },
  {
    name: 'file: upload of a large one goes in chunks',
    parameters: big,
    items: bigItems,
    answers: [started, appended, appended, finished],
    asks: [starts, appends(4 * MIB, 8 * MIB), appends(8 * MIB, TOTAL), finishes],
    gives: [FILE],
  },
  {
    name: 'file: upload that broke goes on where Dropbox is',
    parameters: big,
    items: bigItems,
    answers: [
      started,
      trouble('files/upload_session/append_v2'),
      holds(8 * MIB),
      holds(TOTAL - 512),
      appended,
      finished,
    ],
    asks: [
      starts,
      appends(4 * MIB, 8 * MIB),
      appends(4 * MIB, 8 * MIB),
      appends(8 * MIB, TOTAL),
      appends(TOTAL - 512, TOTAL),
      finishes,
    ],
    gives: [FILE],
  },
  {
    name: 'file: upload whose session is gone ends there',
    parameters: big,
    items: bigItems,
    answers: [started, refuses('files/upload_session/append_v2', 'not_found')],
    asks: [starts, appends(4 * MIB, 8 * MIB)],
    fails: { message: 'Dropbox refused the call: not_found', httpCode: '409' },
  },
  {
    name: 'file: upload that Dropbox never takes in ends',
    parameters: big,
    items: bigItems,
    answers: [started, ...[1, 2, 3, 4].map(() => holds(4 * MIB))],
    asks: [starts, ...[1, 2, 3, 4].map(() => appends(4 * MIB, 8 * MIB))],
    fails: {
      message: `Dropbox holds ${4 * MIB} bytes after ${4 * MIB} were sent`,
      description: /not complete/,
    },
  },
];
