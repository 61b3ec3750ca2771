import { expect } from 'vitest';
import type { IBinaryData } from 'n8n-workflow';
import type { OperationCase } from '../operations.ts';
import { FILES, DOC, USUAL, ANYWHERE, FILE, id, url, meta, asksMeta, downloadOf } from './answers.ts';

const comesAs = (wanted: object, field = 'data') => ({
  items_: (items: { binary?: { [name: string]: IBinaryData } }[]) =>
    expect(items[0]?.binary?.[field]).toMatchObject(wanted),
});

export const downloads: OperationCase[] = [
  {
    name: 'file: download, by its address in the browser',
    parameters: downloadOf({}, url('https://drive.google.com/file/d/f1/view?usp=sharing')),
    answers: [
      meta(FILE),
      { method: 'GET', path: `${FILES}/f1`, base64: Buffer.from([0, 255, 1]).toString('base64') },
    ],
    asks: [asksMeta(), { method: 'GET', path: `${FILES}/f1`, query: { ...ANYWHERE, alt: 'media' } }],
    gives: [FILE],
    ...comesAs({
      fileName: 'a.txt',
      mimeType: 'text/plain',
      data: Buffer.from([0, 255, 1]).toString('base64'),
    }),
  },
  {
    name: 'file: download of a Google document is a Word file unless asked otherwise',
    parameters: downloadOf({}, url('https://docs.google.com/document/d/f1/edit#heading=h.1')),
    answers: [
      meta({ ...FILE, name: 'Plan 1/2', mimeType: DOC }),
      { method: 'GET', path: `${FILES}/f1/export`, base64: Buffer.from('doc').toString('base64') },
    ],
    asks: [
      asksMeta(),
      {
        method: 'GET',
        path: `${FILES}/f1/export`,
        query: { mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' },
      },
    ],
    gives: [{ ...FILE, name: 'Plan 1/2', mimeType: DOC }],
    ...comesAs({ fileName: 'Plan 1_2.docx', data: Buffer.from('doc').toString('base64') }),
  },
  {
    name: 'file: download of a shortcut to a sheet, as CSV under another name, into another field',
    parameters: downloadOf({
      googleFileConversion: { conversion: { sheetsToFormat: 'text/csv' } },
      fileName: 'list',
      binaryPropertyName: 'file',
    }),
    answers: [
      meta({
        id: 'f1',
        mimeType: 'application/vnd.google-apps.shortcut',
        shortcutDetails: { targetId: 'f2' },
      }),
      meta({ id: 'f2', name: 'List', mimeType: 'application/vnd.google-apps.spreadsheet' }, 'f2'),
      { method: 'GET', path: `${FILES}/f2/export`, body: 'a,b' },
    ],
    asks: [
      asksMeta(),
      asksMeta('f2'),
      { method: 'GET', path: `${FILES}/f2/export`, query: { mimeType: 'text/csv' } },
    ],
    gives: [{ id: 'f2', name: 'List', mimeType: 'application/vnd.google-apps.spreadsheet' }],
    ...comesAs(
      { fileName: 'list.csv', mimeType: 'text/csv', data: Buffer.from('a,b').toString('base64') },
      'file',
    ),
  },
  {
    name: 'file: download of a folder asks for nothing that cannot be',
    parameters: downloadOf(),
    answers: [meta({ ...FILE, mimeType: 'application/vnd.google-apps.folder' })],
    asks: [asksMeta()],
    fails: { message: '“a.txt” cannot be downloaded', description: /folder/ },
  },
  {
    name: 'file: download that is refused gives the provider’s words',
    parameters: downloadOf({ acknowledgeAbuse: true }),
    answers: [
      meta(FILE),
      {
        method: 'GET',
        path: `${FILES}/f1`,
        status: 403,
        body: {
          error: {
            code: 403,
            message: 'This file cannot be downloaded by the user.',
            errors: [{ domain: 'global', reason: 'cannotDownloadFile', message: 'x' }],
          },
        },
      },
    ],
    asks: [
      asksMeta(),
      {
        method: 'GET',
        path: `${FILES}/f1`,
        query: { ...ANYWHERE, alt: 'media', acknowledgeAbuse: 'true' },
      },
    ],
    fails: {
      message: 'This file cannot be downloaded by the user.',
      description: /owner has forbidden/,
      httpCode: '403',
    },
  },
  {
    name: 'file: download of two, one of which is not there, goes on',
    parameters: { ...downloadOf(), fileId: id('={{ $json.id }}') },
    items: [{ json: { id: 'none' } }, { json: { id: 'f1' } }],
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    answers: [meta(FILE), { method: 'GET', path: `${FILES}/f1`, body: 'hi' }],
    asks: [
      asksMeta('none'),
      asksMeta(),
      { method: 'GET', path: `${FILES}/f1`, query: { ...ANYWHERE, alt: 'media' } },
    ],
    gives: [{ error: 'File none was not found.' }, FILE],
  },
  {
    name: 'file: get',
    parameters: { resource: 'file', operation: 'get', fileId: id('f1'), options: {} },
    answers: [meta(FILE)],
    asks: [{ method: 'GET', path: `${FILES}/f1`, query: { ...ANYWHERE, fields: USUAL } }],
    gives: [FILE],
  },
  {
    name: 'file: get certain fields',
    parameters: {
      resource: 'file',
      operation: 'get',
      fileId: id('f1'),
      options: { fields: ['id', 'permissions'] },
    },
    answers: [meta(FILE)],
    asks: [{ method: 'GET', path: `${FILES}/f1`, query: { ...ANYWHERE, fields: 'id,permissions' } }],
    gives: [FILE],
  },
  {
    name: 'file: get with an empty ID asks nobody',
    parameters: { resource: 'file', operation: 'get', fileId: id('={{ $json.none }}'), options: {} },
    asks: [],
    fails: { message: '“File” is empty' },
  },
  {
    name: 'file: get one that is not there',
    parameters: { resource: 'file', operation: 'get', fileId: id('none'), options: {} },
    asks: [{ method: 'GET', path: `${FILES}/none`, query: { ...ANYWHERE, fields: USUAL } }],
    fails: { message: 'File none was not found.', description: /not shared with/, httpCode: '404' },
  },
];
