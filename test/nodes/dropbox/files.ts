/** The account, and what is done with files but for their content. */
import { expect } from 'vitest';
import type { OperationCase } from '../operations.ts';
import { path, answers, asks, refuses, file, FILE } from './shapes.ts';

const account: OperationCase[] = [
  {
    name: 'account: get, without a body and a content type',
    parameters: { resource: 'account', operation: 'get' },
    asks: [asks('users/get_current_account')],
    gives: [expect.objectContaining({ account_type: { '.tag': 'basic' }, email_verified: true }) as unknown],
  },
  {
    name: 'account: get space usage',
    parameters: { resource: 'account', operation: 'getSpaceUsage' },
    answers: [answers('users/get_space_usage', { used: 5, allocation: { '.tag': 'individual' } })],
    asks: [asks('users/get_space_usage')],
    gives: [{ used: 5, allocation: { '.tag': 'individual' } }],
  },
];

const files: OperationCase[] = [
  {
    name: 'file: copy',
    parameters: file('copy', {
      path: path('Docs/a.txt/'),
      toPath: '/Docs/b.txt',
      options: { autorename: true },
    }),
    answers: [answers('files/copy_v2', { metadata: FILE })],
    asks: [asks('files/copy_v2', { from_path: '/Docs/a.txt', to_path: '/Docs/b.txt', autorename: true })],
    gives: [{ metadata: FILE }],
  },
  {
    name: 'file: copy to where something is says what to do',
    parameters: file('copy', { path: path('/a'), toPath: '/b' }),
    answers: [refuses('files/copy_v2', 'to/conflict/file')],
    asks: [asks('files/copy_v2', { from_path: '/a', to_path: '/b' })],
    fails: {
      message: 'Dropbox refused the call: to/conflict/file',
      description: /Autorename/,
      httpCode: '409',
    },
  },
  {
    name: 'file: move, one picked by its ID',
    parameters: file('move', {
      path: path('id:a1', 'id'),
      toPath: '/Old/a.txt',
      options: { allow_ownership_transfer: true },
    }),
    answers: [answers('files/move_v2', { metadata: FILE })],
    asks: [
      asks('files/move_v2', { from_path: 'id:a1', to_path: '/Old/a.txt', allow_ownership_transfer: true }),
    ],
    gives: [{ metadata: FILE }],
  },
  {
    name: 'file: delete only a certain revision',
    parameters: file('delete', { path: path('/Docs/a.txt'), options: { parent_rev: 'a1c10ce0dd78' } }),
    answers: [answers('files/delete_v2', { metadata: FILE })],
    asks: [asks('files/delete_v2', { path: '/Docs/a.txt', parent_rev: 'a1c10ce0dd78' })],
    gives: [{ metadata: FILE }],
  },
  {
    name: 'file: delete never takes an empty path for the root',
    parameters: file('delete', { path: path(' / ') }),
    asks: [],
    fails: { message: '“File” is empty', description: /expression/ },
  },
  {
    name: 'file: of two, one may fail, and the other still comes out',
    parameters: file('delete', { path: path('={{ $json.path }}') }),
    items: [{ json: { path: '/none' } }, { json: { path: '/Docs/a.txt' } }],
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    answers: [
      refuses('files/delete_v2', 'path_lookup/not_found'),
      answers('files/delete_v2', { metadata: FILE }),
    ],
    asks: [asks('files/delete_v2', { path: '/none' }), asks('files/delete_v2', { path: '/Docs/a.txt' })],
    gives: [{ error: 'Dropbox refused the call: path_lookup/not_found' }, { metadata: FILE }],
    items_: (items) => expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]),
  },
  {
    name: 'file: get, a deleted one too',
    parameters: file('get', { path: path('/Docs/a.txt'), options: { include_deleted: true } }),
    answers: [answers('files/get_metadata', FILE)],
    asks: [asks('files/get_metadata', { path: '/Docs/a.txt', include_deleted: true })],
    gives: [FILE],
  },
  {
    name: 'file: get one that is not there',
    parameters: file('get', { path: path('/none.txt') }),
    asks: [asks('files/get_metadata', { path: '/none.txt' })],
    fails: { message: 'Dropbox refused the call: path/not_found', description: /nothing at this path/ },
  },
  {
    name: 'file: get revisions, over two pages up to the limit',
    parameters: file('getRevisions', { path: path('/Docs/a.txt'), returnAll: false, limit: 3 }),
    answers: [
      answers('files/list_revisions', { entries: [{ rev: 'r5' }, { rev: 'r4' }], has_more: true }),
      answers('files/list_revisions', { entries: [{ rev: 'r3' }], has_more: true }),
    ],
    asks: [
      asks('files/list_revisions', { path: '/Docs/a.txt', limit: 3 }),
      asks('files/list_revisions', { path: '/Docs/a.txt', limit: 1, before_rev: 'r4' }),
    ],
    gives: [{ rev: 'r5' }, { rev: 'r4' }, { rev: 'r3' }],
  },
  {
    name: 'file: get temporary link',
    parameters: file('getTemporaryLink', { path: path('/Docs/a.txt') }),
    answers: [answers('files/get_temporary_link', { metadata: FILE, link: 'https://uc1.dl.example/a' })],
    asks: [asks('files/get_temporary_link', { path: '/Docs/a.txt' })],
    gives: [{ metadata: FILE, link: 'https://uc1.dl.example/a' }],
  },
  {
    name: 'file: restore',
    parameters: file('restore', { path: path('/Docs/a.txt'), rev: 'a1c10ce0dd78' }),
    answers: [answers('files/restore', FILE)],
    asks: [asks('files/restore', { path: '/Docs/a.txt', rev: 'a1c10ce0dd78' })],
    gives: [FILE],
  },
  {
    name: 'file: what is too fast is told so',
    parameters: file('restore', { path: path('/a'), rev: 'r1' }),
    answers: [
      answers(
        'files/restore',
        { error_summary: 'too_many_requests/.', error: { reason: { '.tag': 'x' }, retry_after: 7 } },
        { status: 429 },
      ),
    ],
    asks: [asks('files/restore', { path: '/a', rev: 'r1' })],
    fails: { message: 'Dropbox refused the call: too_many_requests', description: /7 s.*Retry On Fail/s },
  },
  {
    name: 'file: what is too fast waits as it is told, where the node is set to retry',
    parameters: file('restore', { path: path('/a'), rev: 'r1' }),
    settings: { retryOnFail: true, maxTries: 3 },
    answers: [
      answers(
        'files/restore',
        { error_summary: 'too_many_requests/..', error: {} },
        {
          status: 429,
          headers: { 'retry-after': '0' },
        },
      ),
      refuses('files/restore', 'path_write/too_many_write_operations', { retry_after: 0 }),
      answers('files/restore', FILE),
    ],
    asks: [1, 2, 3].map(() => asks('files/restore', { path: '/a', rev: 'r1' })),
    gives: [FILE],
  },
];

export const accountAndFiles: OperationCase[] = [...account, ...files];
