import type { OperationCase } from '../operations.ts';
import { FILES, USUAL, ANYWHERE, FILE, id, meta } from './answers.ts';

const PERMISSION = { id: 'p1', role: 'reader', type: 'user' };
export const permissions: OperationCase[] = (['file', 'folder'] as const).flatMap((resource) => [
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

export const files: OperationCase[] = [
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

export const folders: OperationCase[] = [
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
