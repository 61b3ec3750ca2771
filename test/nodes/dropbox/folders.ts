/** Folders and searches. */
import type { OperationCase } from '../operations.ts';
import { path, answers, asks, refuses, folder, FILE } from './shapes.ts';

const ENTRY = {
  ...FILE,
  path_lower: '/docs/a.txt',
  size: 5,
  client_modified: '2026-01-01T00:00:00Z',
  server_modified: '2026-01-02T00:00:00Z',
  content_hash: 'h',
  is_downloadable: true,
};
const folders: OperationCase[] = [
  {
    name: 'folder: create',
    parameters: folder('create', { path: '/Docs/2026', options: { autorename: true } }),
    answers: [answers('files/create_folder_v2', { metadata: { name: '2026' } })],
    asks: [asks('files/create_folder_v2', { path: '/Docs/2026', autorename: true })],
    gives: [{ metadata: { name: '2026' } }],
  },
  {
    name: 'folder: copy',
    parameters: folder('copy', { path: path('/Docs'), toPath: 'Docs 2' }),
    answers: [answers('files/copy_v2', { metadata: { name: 'Docs 2' } })],
    asks: [asks('files/copy_v2', { from_path: '/Docs', to_path: '/Docs 2' })],
    gives: [{ metadata: { name: 'Docs 2' } }],
  },
  {
    name: 'folder: move in the team space',
    parameters: folder('move', { path: path('/Docs'), toPath: '/Old', root: 'team' }),
    items: [{ json: {} }, { json: {} }],
    answers: [
      answers('users/get_current_account', { root_info: { root_namespace_id: '7' } }),
      answers('files/move_v2', { metadata: { name: 'Old' } }),
      answers('files/move_v2', { metadata: { name: 'Old' } }),
    ],
    // Its id is asked for once for all items.
    asks: [
      asks('users/get_current_account'),
      ...[1, 2].map(() =>
        asks(
          'files/move_v2',
          { from_path: '/Docs', to_path: '/Old' },
          {
            'dropbox-api-path-root': '{".tag":"root","root":"7"}',
          },
        ),
      ),
    ],
    gives: [{ metadata: { name: 'Old' } }, { metadata: { name: 'Old' } }],
  },
  {
    name: 'folder: delete',
    parameters: folder('delete', { path: path('/Docs') }),
    answers: [answers('files/delete_v2', { metadata: { name: 'Docs' } })],
    asks: [asks('files/delete_v2', { path: '/Docs' })],
    gives: [{ metadata: { name: 'Docs' } }],
  },
  {
    name: 'folder: list the root with what is below, over two pages up to the limit',
    parameters: folder('list', {
      path: path('/'),
      returnAll: false,
      limit: 2,
      filters: { recursive: true, include_deleted: true },
    }),
    answers: [
      answers('files/list_folder', { entries: [ENTRY], cursor: 'c1', has_more: true }),
      answers('files/list_folder/continue', {
        entries: [{ '.tag': 'folder', name: 'Old', id: 'id:f' }, ENTRY],
        cursor: 'c2',
        has_more: true,
      }),
    ],
    asks: [
      asks('files/list_folder', { path: '', recursive: true, include_deleted: true, limit: 2 }),
      // Anything beside the cursor is refused.
      asks('files/list_folder/continue', { cursor: 'c1' }),
    ],
    gives: [
      {
        id: 'id:a1',
        name: 'a.txt',
        lastModifiedClient: '2026-01-01T00:00:00Z',
        lastModifiedServer: '2026-01-02T00:00:00Z',
        rev: 'a1c10ce0dd78',
        contentSize: 5,
        type: 'file',
        contentHash: 'h',
        pathLower: '/docs/a.txt',
        pathDisplay: '/Docs/a.txt',
        isDownloadable: true,
      },
      { id: 'id:f', name: 'Old', type: 'folder' },
    ],
  },
  {
    name: 'folder: list all of it as it comes',
    parameters: folder('list', { path: path('/Docs'), returnAll: true, simple: false }),
    answers: [answers('files/list_folder', { entries: [ENTRY], cursor: 'c1', has_more: false })],
    asks: [asks('files/list_folder', { path: '/Docs', limit: 2000 })],
    gives: [ENTRY],
  },
  {
    name: 'folder: list what changed too much meanwhile',
    parameters: folder('list', { path: path('/Docs'), returnAll: true }),
    answers: [
      answers('files/list_folder', { entries: [ENTRY], cursor: 'c1', has_more: true }),
      refuses('files/list_folder/continue', 'reset'),
    ],
    asks: [
      asks('files/list_folder', { path: '/Docs', limit: 2000 }),
      asks('files/list_folder/continue', { cursor: 'c1' }),
    ],
    fails: { message: 'Dropbox refused the call: reset', description: /Run the node again/ },
  },
];

const MATCH = { metadata: { '.tag': 'metadata', metadata: FILE }, match_type: { '.tag': 'filename' } };
const searches: OperationCase[] = [
  {
    name: 'search: query with every filter, over two pages',
    parameters: {
      resource: 'search',
      operation: 'query',
      query: 'invoice',
      fileStatus: 'active',
      returnAll: false,
      limit: 2,
      filters: {
        file_categories: ['pdf', 'others'],
        file_extensions: 'pdf, .txt',
        filename_only: false,
        order_by: 'last_modified_time',
        path: 'Docs/',
      },
    },
    answers: [
      answers('files/search_v2', { matches: [MATCH], has_more: true, cursor: 'c1' }),
      answers('files/search/continue_v2', { matches: [MATCH, MATCH], has_more: false }),
    ],
    asks: [
      asks('files/search_v2', {
        query: 'invoice',
        options: {
          filename_only: false,
          order_by: 'last_modified_time',
          path: '/Docs',
          file_extensions: ['pdf', 'txt'],
          file_categories: ['pdf', 'others'],
          file_status: 'active',
          max_results: 2,
        },
      }),
      asks('files/search/continue_v2', { cursor: 'c1' }),
    ],
    gives: [
      { ...FILE, match_type: 'filename' },
      { ...FILE, match_type: 'filename' },
    ],
  },
  {
    name: 'search: query deleted files as they come',
    parameters: {
      resource: 'search',
      operation: 'query',
      query: 'x',
      fileStatus: 'deleted',
      returnAll: true,
      simple: false,
    },
    answers: [answers('files/search_v2', { matches: [MATCH], has_more: false })],
    asks: [
      asks('files/search_v2', {
        query: 'x',
        options: { filename_only: true, file_status: 'deleted', max_results: 1000 },
      }),
    ],
    gives: [MATCH],
  },
];

export const foldersAndSearches: OperationCase[] = [...folders, ...searches];
