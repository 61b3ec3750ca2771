import { expect } from 'vitest';
import type { INodeParameters } from 'n8n-workflow';
import type { Asked, OperationCase } from '../operations.ts';
import { FILES, DRIVES, DOC, USUAL, ANYWHERE, FILE, id, url, DRIVE } from './answers.ts';

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

export const searches: OperationCase[] = [
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

export const drives: OperationCase[] = [
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

export const custom: OperationCase = {
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
