/** Content on its way out. */
import { expect } from 'vitest';
import type { OperationCase } from '../operations.ts';
import { path, answers, asksContent, result, refuses, file, folder, one, FILE } from './shapes.ts';

export const downloads: OperationCase[] = [
  {
    name: 'file: download, whatever letters its path has',
    parameters: file('download', {
      path: path('/Zürich/日本😀.txt'),
      binaryPropertyName: 'file',
      options: {},
    }),
    answers: [
      answers('files/download', undefined, {
        ...result({ ...FILE, name: '\u65e5\u672c.txt' }, { base64: Buffer.from('hello').toString('base64') }),
        headers: {
          // As Dropbox sends it: a header carries ASCII.
          'dropbox-api-result': '{".tag":"file","name":"\\u65e5\\u672c.txt"}',
        },
      }),
    ],
    asks: [asksContent('files/download', '{"path":"/Z\\u00fcrich/\\u65e5\\u672c\\ud83d\\ude00.txt"}')],
    gives: [{ '.tag': 'file', name: '日本.txt' }],
    items_: (items) =>
      expect(one(items, 'file')).toEqual({ text: 'hello', fileName: '日本.txt', mimeType: 'text/plain' }),
  },
  {
    name: 'file: download under another name',
    parameters: file('download', { path: path('/Docs/a.txt'), options: { fileName: 'b.csv' } }),
    answers: [answers('files/download', 'x', result(FILE))],
    asks: [asksContent('files/download', { path: '/Docs/a.txt' })],
    gives: [FILE],
    items_: (items) => expect(one(items)).toMatchObject({ fileName: 'b.csv', mimeType: 'text/csv' }),
  },
  {
    name: 'file: download of what has no bytes says what to do',
    parameters: file('download', { path: path('/Notes.paper') }),
    answers: [refuses('files/download', 'unsupported_file')],
    asks: [asksContent('files/download', { path: '/Notes.paper' })],
    fails: { message: 'Dropbox refused the call: unsupported_file', description: /“Export”/ },
  },
  {
    name: 'file: download exported',
    parameters: file('download', {
      path: path('/Notes.paper'),
      options: { export: true, exportFormat: 'markdown' },
    }),
    answers: [
      answers('files/export', '# Hi', result({ export_metadata: { name: 'Notes.md' }, file_metadata: {} })),
    ],
    asks: [asksContent('files/export', { path: '/Notes.paper', export_format: 'markdown' })],
    gives: [{ export_metadata: { name: 'Notes.md' }, file_metadata: {} }],
    items_: (items) => expect(one(items)).toMatchObject({ text: '# Hi', fileName: 'Notes.md' }),
  },
  {
    name: 'file: get thumbnail',
    parameters: file('getThumbnail', { path: path('/b.heic'), options: { format: 'png', size: 'w64h64' } }),
    answers: [answers('files/get_thumbnail_v2', 'png', result({ file_metadata: { name: 'b.heic' } }))],
    asks: [
      asksContent('files/get_thumbnail_v2', {
        resource: { '.tag': 'path', path: '/b.heic' },
        format: 'png',
        size: 'w64h64',
        mode: 'bestfit',
      }),
    ],
    gives: [{ file_metadata: { name: 'b.heic' } }],
    items_: (items) => expect(one(items)).toMatchObject({ fileName: 'b.png', mimeType: 'image/png' }),
  },
  {
    name: 'folder: download as ZIP',
    parameters: folder('download', { path: path('/Docs'), binaryPropertyName: 'data' }),
    answers: [answers('files/download_zip', 'PK', result({ metadata: { name: 'Docs' } }))],
    asks: [asksContent('files/download_zip', { path: '/Docs' })],
    gives: [{ metadata: { name: 'Docs' } }],
    items_: (items) =>
      expect(one(items)).toEqual({ text: 'PK', fileName: 'Docs.zip', mimeType: 'application/zip' }),
  },
];
