/** Folders of mail. */
import type { OperationCase } from '../operations.ts';
import { answer, folder, got, gets, listed, nothing, picked, posts, says } from './shapes.ts';

const FOLDERS = '/me/mailFolders';
const f1 = { folderId: picked('f1') };
const INBOX = { id: 'inbox', displayName: 'Inbox', childFolderCount: 1 };
const ALL = { $top: '100' };

export const folders: OperationCase[] = [
  {
    name: 'folder: create',
    parameters: folder('create', { displayName: ' Invoices ' }),
    answers: [answer('POST', FOLDERS, { '@odata.context': 'x', id: 'f1' }, { status: 201 })],
    asks: [posts(FOLDERS, { displayName: 'Invoices' })],
    gives: [{ id: 'f1' }],
  },
  {
    name: 'folder: create in another one',
    parameters: folder('create', { displayName: 'Invoices', parentFolderId: picked('inbox') }),
    answers: [answer('POST', `${FOLDERS}/inbox/childFolders`, { id: 'f1' }, { status: 201 })],
    asks: [posts(`${FOLDERS}/inbox/childFolders`, { displayName: 'Invoices' })],
    gives: [{ id: 'f1' }],
  },
  {
    name: 'folder: create of one that is there already says what to do',
    parameters: folder('create', { displayName: 'Invoices' }),
    answers: [
      says('POST', FOLDERS, 409, 'ErrorFolderExists', 'A folder with the specified name already exists.'),
    ],
    asks: [posts(FOLDERS, { displayName: 'Invoices' })],
    fails: {
      message: 'A folder with the specified name already exists.',
      description: /choose another name/,
      httpCode: '409',
    },
  },
  {
    name: 'folder: create wants a name',
    parameters: folder('create', { displayName: ' ' }),
    asks: [],
    fails: { message: '“Name” is empty' },
  },
  {
    name: 'folder: get, chosen fields',
    parameters: folder('get', { ...f1, options: { fields: ['displayName'] } }),
    answers: [got(`${FOLDERS}/f1`, { '@odata.context': 'x', id: 'f1', displayName: 'Invoices' })],
    asks: [gets(`${FOLDERS}/f1`, { $select: 'id,displayName' })],
    gives: [{ id: 'f1', displayName: 'Invoices' }],
  },
  {
    name: 'folder: get wants one',
    parameters: folder('get', { folderId: picked(' ') }),
    asks: [],
    fails: { message: '“Folder” is empty' },
  },
  {
    name: 'folder: get many, hidden ones too',
    parameters: folder('getAll', {
      returnAll: false,
      limit: 5,
      filters: { filter: "displayName eq 'x'", hidden: true },
    }),
    answers: [listed(FOLDERS, [INBOX])],
    asks: [gets(FOLDERS, { $filter: "displayName eq 'x'", includeHiddenFolders: 'true', $top: '5' })],
    gives: [INBOX],
  },
  {
    name: 'folder: get many of one',
    parameters: folder('getAll', { returnAll: true, parentFolderId: picked('inbox') }),
    answers: [listed(`${FOLDERS}/inbox/childFolders`, [{ id: 'f1' }])],
    asks: [gets(`${FOLDERS}/inbox/childFolders`, ALL)],
    gives: [{ id: 'f1' }],
  },
  {
    name: 'folder: get many with all that is in them',
    parameters: folder('getAll', {
      returnAll: true,
      options: { includeChildFolders: true, fields: ['displayName'] },
    }),
    answers: [
      listed(FOLDERS, [INBOX, { id: 'sent', childFolderCount: 0 }]),
      listed(`${FOLDERS}/inbox/childFolders`, [{ id: 'f1', childFolderCount: 1 }]),
      listed(`${FOLDERS}/f1/childFolders`, [{ id: 'f2', childFolderCount: 0 }]),
    ],
    asks: [FOLDERS, `${FOLDERS}/inbox/childFolders`, `${FOLDERS}/f1/childFolders`].map((path) =>
      gets(path, { $select: 'id,displayName,childFolderCount', ...ALL }),
    ),
    gives: [
      INBOX,
      { id: 'f1', childFolderCount: 1 },
      { id: 'f2', childFolderCount: 0 },
      { id: 'sent', childFolderCount: 0 },
    ],
  },
  {
    name: 'folder: update',
    parameters: folder('update', { ...f1, displayName: 'Bills' }),
    answers: [answer('PATCH', `${FOLDERS}/f1`, { id: 'f1', displayName: 'Bills' })],
    asks: [{ method: 'PATCH', path: `${FOLDERS}/f1`, body: { json: { displayName: 'Bills' } } }],
    gives: [{ id: 'f1', displayName: 'Bills' }],
  },
  {
    name: 'folder: delete',
    parameters: folder('delete', f1),
    answers: [nothing('DELETE', `${FOLDERS}/f1`)],
    asks: [{ method: 'DELETE', path: `${FOLDERS}/f1` }],
    gives: [{ success: true }],
  },
  {
    name: 'folder: delete wants one',
    parameters: folder('delete', { folderId: picked(' ') }),
    asks: [],
    fails: { message: '“Folder” is empty' },
  },
];
