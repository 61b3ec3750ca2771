import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { IBinaryData, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { binary } from '../setup/n8n.ts';
import { describeOperations, WAYS, type Asked, type OperationCase } from './operations.ts';

const FILES = '/drive/v3/files';
const DRIVES = '/drive/v3/drives';
const UPLOAD = `/upload${FILES}`;
const DOC = 'application/vnd.google-apps.document';
const USUAL =
  'id,name,mimeType,description,size,parents,driveId,webViewLink,webContentLink,createdTime,modifiedTime,md5Checksum,starred,trashed,shared';
const ANYWHERE = { supportsAllDrives: 'true' };
const FILE = { id: 'f1', name: 'a.txt', mimeType: 'text/plain' };

const id = (value: string) => ({ __rl: true, mode: 'id', value });
const url = (value: string) => ({ __rl: true, mode: 'url', value });
const data = (content: string | Buffer, name = 'a.txt', type = 'text/plain') => [
  { json: {}, binary: { data: binary(content, name, type) } },
];

const related = (metadata: unknown, type: string, content: string, boundary = 'integration-hub-0') => ({
  text:
    `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(metadata)}\r\n` +
    `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${content}\r\n--${boundary}--\r\n`,
});
const multipart = (more: Partial<Asked> & Pick<Asked, 'body'>, query: object = {}): Asked => ({
  method: 'POST',
  path: UPLOAD,
  query: { ...ANYWHERE, fields: USUAL, uploadType: 'multipart', ...query },
  headers: { 'content-type': 'multipart/related; boundary=integration-hub-0' },
  ...more,
});

const uploads: OperationCase[] = [
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

const META = { ...ANYWHERE, fields: `${USUAL},shortcutDetails` };
const meta = (body: unknown, fileId = 'f1') => ({ method: 'GET', path: `${FILES}/${fileId}`, body });
const asksMeta = (fileId = 'f1'): Asked => ({ method: 'GET', path: `${FILES}/${fileId}`, query: META });
const downloadOf = (options: INodeParameters = {}, fileId: INodeParameters = id('f1')): INodeParameters => ({
  resource: 'file',
  operation: 'download',
  fileId,
  options,
});
const comesAs = (wanted: object, field = 'data') => ({
  items_: (items: { binary?: { [name: string]: IBinaryData } }[]) =>
    expect(items[0]?.binary?.[field]).toMatchObject(wanted),
});

const downloads: OperationCase[] = [
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

const PERMISSION = { id: 'p1', role: 'reader', type: 'user' };
const permissions: OperationCase[] = (['file', 'folder'] as const).flatMap((resource) => [
  {
    name: `${resource}: share with two users, with a word to them, until a day`,
    parameters: {
      resource,
      operation: 'share',
      [resource === 'file' ? 'fileId' : 'folderNoRootId']: id('f1'),
      role: 'reader',
      type: 'user',
      emailAddress: 'jo@example.com, max@example.com',
      options: { emailMessage: 'Look', expirationTime: '2026-03-01T09:00:00+01:00' },
    },
    answers: [
      { method: 'POST', path: `${FILES}/f1/permissions`, body: PERMISSION },
      { method: 'POST', path: `${FILES}/f1/permissions`, body: { ...PERMISSION, id: 'p2' } },
    ],
    asks: ['jo@example.com', 'max@example.com'].map((emailAddress) => ({
      method: 'POST',
      path: `${FILES}/f1/permissions`,
      query: { ...ANYWHERE, fields: '*', emailMessage: 'Look' },
      body: {
        json: { role: 'reader', type: 'user', expirationTime: '2026-03-01T08:00:00.000Z', emailAddress },
      },
    })),
    gives: [PERMISSION, { ...PERMISSION, id: 'p2' }],
  },
]);

const files: OperationCase[] = [
  {
    name: 'file: share with everyone who has the link',
    parameters: {
      resource: 'file',
      operation: 'share',
      fileId: id('f1'),
      role: 'commenter',
      type: 'anyone',
      options: { allowFileDiscovery: false, sendNotificationEmail: false },
    },
    answers: [{ method: 'POST', path: `${FILES}/f1/permissions`, body: { id: 'anyoneWithLink' } }],
    asks: [
      {
        method: 'POST',
        path: `${FILES}/f1/permissions`,
        query: { ...ANYWHERE, fields: '*', sendNotificationEmail: 'false' },
        body: { json: { role: 'commenter', type: 'anyone', allowFileDiscovery: false } },
      },
    ],
    gives: [{ id: 'anyoneWithLink' }],
  },
  {
    name: 'file: share gives a file to another owner',
    parameters: {
      resource: 'file',
      operation: 'share',
      fileId: id('f1'),
      role: 'owner',
      type: 'user',
      emailAddress: 'jo@example.com',
      options: {},
    },
    answers: [{ method: 'POST', path: `${FILES}/f1/permissions`, body: PERMISSION }],
    asks: [
      {
        method: 'POST',
        path: `${FILES}/f1/permissions`,
        query: { ...ANYWHERE, fields: '*', transferOwnership: 'true' },
        body: { json: { role: 'owner', type: 'user', emailAddress: 'jo@example.com' } },
      },
    ],
    gives: [PERMISSION],
  },
  {
    name: 'file: share with nobody asks nobody',
    parameters: {
      resource: 'file',
      operation: 'share',
      fileId: id('f1'),
      role: 'reader',
      type: 'domain',
      domain: '={{ $json.none }}',
      options: {},
    },
    asks: [],
    fails: { message: 'There is nobody to share with' },
  },
  {
    name: 'file: copy beside the original',
    parameters: {
      resource: 'file',
      operation: 'copy',
      fileId: id('f1'),
      name: '',
      sameFolder: true,
      options: {},
    },
    answers: [{ method: 'POST', path: `${FILES}/f1/copy`, body: { ...FILE, id: 'f2' } }],
    asks: [
      {
        method: 'POST',
        path: `${FILES}/f1/copy`,
        query: { ...ANYWHERE, fields: USUAL },
      },
    ],
    gives: [{ ...FILE, id: 'f2' }],
  },
  {
    name: 'file: copy into another folder under another name',
    parameters: {
      resource: 'file',
      operation: 'copy',
      fileId: id('f1'),
      name: 'b.txt',
      sameFolder: false,
      folderId: id('d1'),
      options: { description: 'A copy', copyRequiresWriterPermission: true },
    },
    answers: [{ method: 'POST', path: `${FILES}/f1/copy`, body: FILE }],
    asks: [
      {
        method: 'POST',
        path: `${FILES}/f1/copy`,
        query: { ...ANYWHERE, fields: USUAL },
        body: {
          json: { name: 'b.txt', parents: ['d1'], copyRequiresWriterPermission: true, description: 'A copy' },
        },
      },
    ],
    gives: [FILE],
  },
  {
    name: 'file: move out of where it was',
    parameters: { resource: 'file', operation: 'move', fileId: id('f1'), folderId: id('d2'), options: {} },
    answers: [
      meta({ parents: ['d1'] }),
      { method: 'PATCH', path: `${FILES}/f1`, body: { ...FILE, parents: ['d2'] } },
    ],
    asks: [
      { method: 'GET', path: `${FILES}/f1`, query: { ...ANYWHERE, fields: 'parents' } },
      {
        method: 'PATCH',
        path: `${FILES}/f1`,
        query: { ...ANYWHERE, fields: USUAL, addParents: 'd2', removeParents: 'd1' },
      },
    ],
    gives: [{ ...FILE, parents: ['d2'] }],
  },
  {
    name: 'file: delete moves to the trash',
    parameters: { resource: 'file', operation: 'deleteFile', fileId: id('f1'), options: {} },
    answers: [{ method: 'PATCH', path: `${FILES}/f1`, body: { id: 'f1' } }],
    asks: [
      {
        method: 'PATCH',
        path: `${FILES}/f1`,
        query: { ...ANYWHERE, fields: 'id' },
        body: { json: { trashed: true } },
      },
    ],
    gives: [{ id: 'f1', success: true }],
  },
  {
    name: 'file: delete for good',
    parameters: {
      resource: 'file',
      operation: 'deleteFile',
      fileId: id('f1'),
      options: { deletePermanently: true },
    },
    answers: [{ method: 'DELETE', path: `${FILES}/f1`, status: 204 }],
    asks: [{ method: 'DELETE', path: `${FILES}/f1`, query: ANYWHERE }],
    gives: [{ id: 'f1', success: true }],
  },
];

const searched = (parameters: INodeParameters): INodeParameters => ({
  resource: 'fileFolder',
  operation: 'search',
  searchMethod: 'name',
  queryString: '',
  returnAll: true,
  filter: {},
  options: {},
  ...parameters,
});
const LISTED = { fields: `nextPageToken,files(${USUAL})` };
const EVERYWHERE = { ...ANYWHERE, includeItemsFromAllDrives: 'true', corpora: 'allDrives' };
const tooFast = {
  method: 'GET',
  path: FILES,
  status: 403,
  body: {
    error: {
      code: 403,
      message: 'User Rate Limit Exceeded',
      errors: [{ domain: 'usageLimits', reason: 'userRateLimitExceeded', message: 'x' }],
    },
  },
};
const list = (query: object): Asked => ({
  method: 'GET',
  path: FILES,
  query: { ...EVERYWHERE, ...LISTED, pageSize: '1000', ...query },
});

const searches: OperationCase[] = [
  {
    name: 'search: by name, over two pages up to the limit',
    parameters: searched({ queryString: "Jo's \\ plan", returnAll: false, limit: 3 }),
    answers: [
      { method: 'GET', path: FILES, body: { files: [{ id: 'f1' }, { id: 'f2' }], nextPageToken: 'p2' } },
      { method: 'GET', path: FILES, body: { files: [{ id: 'f3' }, { id: 'f4' }], nextPageToken: 'p3' } },
    ],
    asks: [
      list({ q: "name contains 'Jo\\'s \\\\ plan' and trashed = false", pageSize: '3' }),
      list({ q: "name contains 'Jo\\'s \\\\ plan' and trashed = false", pageSize: '1', pageToken: 'p2' }),
    ],
    gives: [{ id: 'f1' }, { id: 'f2' }, { id: 'f3' }],
  },
  {
    name: 'search: by every filter',
    parameters: searched({
      filter: {
        driveId: id('sd1'),
        folderId: url('https://drive.google.com/drive/u/0/folders/d1'),
        whatToSearch: 'files',
        fileTypes: ['image', 'document', 'application/zip'],
        fullText: 'bill',
        owner: 'jo@example.com',
        modifiedAfter: '2026-01-01T00:00:00Z',
        modifiedBefore: '2026-02-01T00:00:00Z',
        includeTrashed: true,
      },
      options: { orderBy: 'modifiedTime desc', fields: ['id'] },
    }),
    answers: [{ method: 'GET', path: FILES, body: { files: [] } }],
    asks: [
      list({
        corpora: 'drive',
        driveId: 'sd1',
        q:
          "'d1' in parents and mimeType != 'application/vnd.google-apps.folder' and " +
          `(mimeType contains 'image/' or mimeType = '${DOC}' or mimeType = 'application/zip') and ` +
          "fullText contains 'bill' and modifiedTime > '2026-01-01T00:00:00.000Z' and " +
          "modifiedTime < '2026-02-01T00:00:00.000Z' and 'jo@example.com' in owners",
        orderBy: 'modifiedTime desc',
        fields: 'nextPageToken,files(id)',
      }),
    ],
    gives: [],
  },
  {
    name: 'search: in Google Drive’s own language, folders of My Drive',
    parameters: searched({
      searchMethod: 'query',
      queryString: "starred = true or name = 'x'",
      filter: { driveId: { __rl: true, mode: 'list', value: 'My Drive' }, whatToSearch: 'folders' },
      options: { fields: ['*'] },
    }),
    answers: [{ method: 'GET', path: FILES, body: { files: [FILE] } }],
    asks: [
      {
        method: 'GET',
        path: FILES,
        query: {
          corpora: 'user',
          q: "(starred = true or name = 'x') and mimeType = 'application/vnd.google-apps.folder' and trashed = false",
          fields: '*',
          pageSize: '1000',
        },
      },
    ],
    gives: [FILE],
  },
  {
    name: 'search: for folders of a file type makes no sense',
    parameters: searched({ filter: { whatToSearch: 'folders', fileTypes: ['pdf'] } }),
    asks: [],
    fails: { message: 'Folders have no file types' },
  },
  {
    name: 'search: that is too fast says what to turn on',
    parameters: searched({}),
    answers: [tooFast],
    asks: [list({ q: 'trashed = false' })],
    fails: { message: 'User Rate Limit Exceeded', description: /Retry On Fail/, httpCode: '403' },
  },
  {
    name: 'search: that is too fast in the middle waits where the node is set to retry',
    parameters: searched({}),
    settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
    answers: [
      { method: 'GET', path: FILES, body: { files: [{ id: 'f1' }], nextPageToken: 'p2' } },
      { ...tooFast, headers: { 'retry-after': '0' } },
      { method: 'GET', path: FILES, body: { files: [{ id: 'f2' }] } },
    ],
    asks: [
      list({ q: 'trashed = false' }),
      list({ q: 'trashed = false', pageToken: 'p2' }),
      list({ q: 'trashed = false', pageToken: 'p2' }),
    ],
    gives: [{ id: 'f1' }, { id: 'f2' }],
  },
];

const folders: OperationCase[] = [
  {
    name: 'folder: create',
    parameters: {
      resource: 'folder',
      operation: 'create',
      name: 'New',
      folderId: id('root'),
      options: { folderColorRgb: '#ff0000', description: 'A folder' },
    },
    answers: [{ method: 'POST', path: FILES, body: { id: 'd1' } }],
    asks: [
      {
        method: 'POST',
        path: FILES,
        query: { ...ANYWHERE, fields: USUAL },
        body: {
          json: {
            name: 'New',
            mimeType: 'application/vnd.google-apps.folder',
            parents: ['root'],
            description: 'A folder',
            folderColorRgb: '#ff0000',
          },
        },
      },
    ],
    gives: [{ id: 'd1' }],
  },
  {
    name: 'folder: delete moves to the trash',
    parameters: { resource: 'folder', operation: 'deleteFolder', folderNoRootId: id('d1'), options: {} },
    answers: [{ method: 'PATCH', path: `${FILES}/d1`, body: { id: 'd1' } }],
    asks: [
      {
        method: 'PATCH',
        path: `${FILES}/d1`,
        query: { ...ANYWHERE, fields: 'id' },
        body: { json: { trashed: true } },
      },
    ],
    gives: [{ id: 'd1', success: true }],
  },
];

const DRIVE = { id: 'sd1', name: 'Sales' };
const drives: OperationCase[] = [
  {
    name: 'shared drive: create',
    parameters: { resource: 'drive', operation: 'create', name: 'Sales', options: {} },
    answers: [{ method: 'POST', path: DRIVES, body: DRIVE }],
    asks: [
      {
        method: 'POST',
        path: DRIVES,
        query: { requestId: expect.stringMatching(/^\w{32}$/), fields: '*' },
        body: { json: { name: 'Sales' } },
      },
    ],
    gives: [DRIVE],
  },
  {
    name: 'shared drive: create with what only an update may set',
    parameters: {
      resource: 'drive',
      operation: 'create',
      name: 'Sales',
      options: { colorRgb: '#ff0000', hidden: true, domainUsersOnly: true },
    },
    answers: [
      { method: 'POST', path: DRIVES, body: DRIVE },
      { method: 'PATCH', path: `${DRIVES}/sd1`, body: DRIVE },
      { method: 'POST', path: `${DRIVES}/sd1/hide`, body: { ...DRIVE, hidden: true } },
    ],
    asks: [
      {
        method: 'POST',
        path: DRIVES,
        query: { requestId: expect.stringMatching(/^\w{32}$/), fields: '*' },
        body: { json: { name: 'Sales' } },
      },
      {
        method: 'PATCH',
        path: `${DRIVES}/sd1`,
        query: { fields: '*' },
        body: { json: { colorRgb: '#ff0000', restrictions: { domainUsersOnly: true } } },
      },
      { method: 'POST', path: `${DRIVES}/sd1/hide`, query: { fields: '*' } },
    ],
    gives: [{ ...DRIVE, hidden: true }],
  },
  {
    name: 'shared drive: get',
    parameters: {
      resource: 'drive',
      operation: 'get',
      driveId: id('sd1'),
      options: { useDomainAdminAccess: true },
    },
    answers: [{ method: 'GET', path: `${DRIVES}/sd1`, body: DRIVE }],
    asks: [{ method: 'GET', path: `${DRIVES}/sd1`, query: { fields: '*', useDomainAdminAccess: 'true' } }],
    gives: [DRIVE],
  },
  {
    name: 'shared drive: get many, over two pages',
    parameters: {
      resource: 'drive',
      operation: 'list',
      returnAll: true,
      options: { q: "name contains 'a'" },
    },
    answers: [
      { method: 'GET', path: DRIVES, body: { drives: [DRIVE], nextPageToken: 'p2' } },
      { method: 'GET', path: DRIVES, body: { drives: [{ id: 'sd2' }] } },
    ],
    asks: [
      { method: 'GET', path: DRIVES, query: { fields: '*', q: "name contains 'a'", pageSize: '100' } },
      {
        method: 'GET',
        path: DRIVES,
        query: { fields: '*', q: "name contains 'a'", pageSize: '100', pageToken: 'p2' },
      },
    ],
    gives: [DRIVE, { id: 'sd2' }],
  },
  {
    name: 'shared drive: update',
    parameters: {
      resource: 'drive',
      operation: 'update',
      driveId: id('sd1'),
      options: { name: 'Sales 2', driveMembersOnly: true },
    },
    answers: [{ method: 'PATCH', path: `${DRIVES}/sd1`, body: DRIVE }],
    asks: [
      {
        method: 'PATCH',
        path: `${DRIVES}/sd1`,
        query: { fields: '*' },
        body: { json: { name: 'Sales 2', restrictions: { driveMembersOnly: true } } },
      },
    ],
    gives: [DRIVE],
  },
  {
    name: 'shared drive: delete',
    parameters: {
      resource: 'drive',
      operation: 'deleteDrive',
      driveId: id('sd1'),
      options: { allowItemDeletion: true, useDomainAdminAccess: true },
    },
    answers: [{ method: 'DELETE', path: `${DRIVES}/sd1`, status: 204 }],
    asks: [
      {
        method: 'DELETE',
        path: `${DRIVES}/sd1`,
        query: { allowItemDeletion: 'true', useDomainAdminAccess: 'true' },
      },
    ],
    gives: [{ success: true }],
  },
];

const custom: OperationCase = {
  name: 'custom API call',
  parameters: {
    resource: 'customApiCall',
    operation: 'call',
    method: 'GET',
    path: '/drive/v3/about',
    query: { pairs: [{ name: 'fields', value: 'storageQuota' }] },
    headers: {},
    options: {},
  },
  answers: [{ method: 'GET', path: '/drive/v3/about', body: { storageQuota: { usage: '1' } } }],
  asks: [{ method: 'GET', path: '/drive/v3/about', query: { fields: 'storageQuota' } }],
  gives: [{ storageQuota: { usage: '1' } }],
};

const MIB = 1024 * 1024;
const TOTAL = 5 * MIB + 3;
/** No two chunks alike, and none of them text. */
const CONTENT = Buffer.from(Uint8Array.from({ length: TOTAL }, (_one, index) => 128 + ((index >> 8) % 127)));
const SESSION_QUERY = 'uploadType=resumable&upload_id=AEnB2Ur%2F1';
const session = (location: string) => ({
  method: 'POST',
  path: UPLOAD,
  headers: { location, 'x-guploader-uploadid': 'AEnB2Ur/1' },
});
const incomplete = (held: number) => ({
  method: 'PUT',
  path: UPLOAD,
  status: 308,
  ...(held > 0 && { headers: { range: `bytes=0-${held - 1}` } }),
});
const done = { method: 'PUT', path: UPLOAD, body: FILE };
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
const big = {
  resource: 'file',
  operation: 'upload',
  inputDataFieldName: 'data',
  name: '',
  folderId: id('root'),
  options: { chunkSize: 2 },
};
const bigItems = data(CONTENT, 'big.bin', 'application/octet-stream');
const google = session(`https://www.googleapis.com${UPLOAD}?${SESSION_QUERY}`);

const chunks: OperationCase[] = [
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

describeOperations(
  { node: 'hubGoogleDrive', integrationId: 'google-drive' },
  [...uploads, ...chunks, ...downloads, ...permissions, ...files, ...searches, ...folders, ...drives, custom],
  ({ run, script, asked, search, sandbox }) => {
    it.each(WAYS)('a session at the API’s own base is followed there (%s)', async (way) => {
      await script([
        session(`${sandbox().url}/google-drive${UPLOAD}/f1?${SESSION_QUERY}`),
        { method: 'PUT', path: `${UPLOAD}/f1`, body: FILE },
      ]);
      const { error, json } = await run(way, {
        parameters: { ...big, options: { chunkSize: 16 } },
        items: bigItems,
      });
      expect(error).toBeNull();
      expect(json).toEqual([FILE]);
      expect((await asked()).map(({ path: at }) => at)).toEqual([UPLOAD, `${UPLOAD}/f1`]);
    });

    it.each(WAYS)('lists to pick from (%s)', async (way) => {
      const files = { files: [{ id: 'f1', name: 'a.txt', webViewLink: 'https://drive.google.com/f1' }] };
      const rootAndDrives = [
        { method: 'GET', path: FILES, body: { files: [{ id: 'd1', name: 'Plans' }], nextPageToken: 'p2' } },
        { method: 'GET', path: DRIVES, body: { drives: [DRIVE] } },
      ];
      await script([{ method: 'GET', path: FILES, body: files }, ...rootAndDrives]);
      expect(await search(way, 'searchFiles', {}, "jo's")).toEqual([
        { name: 'a.txt', value: 'f1', url: 'https://drive.google.com/f1' },
      ]);
      expect(await search(way, 'searchFolders')).toEqual([
        { name: '/ (Root Folder of My Drive)', value: 'root' },
        { name: 'Sales (Shared Drive)', value: 'sd1' },
        { name: 'Plans', value: 'd1' },
      ]);
      expect((await asked()).map(({ query }) => query?.['q'])).toEqual([
        "mimeType != 'application/vnd.google-apps.folder' and trashed = false and name contains 'jo\\'s'",
        "mimeType = 'application/vnd.google-apps.folder' and trashed = false",
        undefined,
      ]);
      await script([
        { method: 'GET', path: DRIVES, body: { drives: [DRIVE] } },
        { method: 'GET', path: DRIVES, body: { drives: [DRIVE] } },
      ]);
      expect(await search(way, 'searchDrives', {}, 's')).toEqual([{ name: 'Sales', value: 'sd1' }]);
      expect(await search(way, 'searchSharedDrives')).toEqual([{ name: 'Sales', value: 'sd1' }]);
    });

    describe('with n8n keeping files on disk', () => {
      it.each(WAYS)('a download is streamed there, an upload from there (%s)', async (way) => {
        const disk = await keepFilesOnDisk();
        try {
          await script([
            meta({ ...FILE, name: 'big.bin', mimeType: 'application/octet-stream' }),
            { method: 'GET', path: `${FILES}/f1`, base64: CONTENT.toString('base64') },
            google,
            incomplete(4 * MIB),
            done,
          ]);
          const downloaded = await run(way, { parameters: downloadOf() });
          expect(downloaded.error).toBeNull();
          expect(downloaded.items[0]?.binary?.['data']).toMatchObject({
            id: expect.stringMatching(/^filesystem/) as unknown,
            fileName: 'big.bin',
            bytes: TOTAL,
          });
          const uploaded = await run(way, {
            parameters: { ...big, options: { chunkSize: 4 } },
            items: downloaded.items,
          });
          expect(uploaded.error).toBeNull();
          expect(uploaded.json).toEqual([FILE]);
          const bodies = (await asked()).slice(-2).map(({ body }) => (body as { base64: string }).base64);
          const arrived = Buffer.concat(bodies.map((one) => Buffer.from(one, 'base64')));
          expect(arrived.equals(CONTENT)).toBe(true);
        } finally {
          disk.end();
        }
      });
    });
  },
);

/** As n8n's server does at its start; the rest of this file's tests keep files in memory. */
async function keepFilesOnDisk(): Promise<{ end: () => void }> {
  const require = createRequire(import.meta.url);
  const core = require('n8n-core') as typeof import('n8n-core');
  const { Container } = require('@n8n/di') as {
    Container: { get: <T>(token: abstract new (...parts: never[]) => T) => T };
  };
  const folder = mkdtempSync(path.join(tmpdir(), 'hub-n8n-files-'));
  const config = Container.get(core.BinaryDataConfig);
  config.mode = 'filesystem';
  config.localStoragePath = folder;
  const service = Container.get(core.BinaryDataService);
  await service.init();
  return {
    end() {
      (service as unknown as { managers: object }).managers = {};
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
