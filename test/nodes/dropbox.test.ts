import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { CALLBACK, createWalk } from '../broker/walk.ts';
import type { TestHub } from '../setup/hub.ts';
import { binary, runNode, type StoredCredentials } from '../setup/n8n.ts';
import { describeOperations, WAYS, type Asked, type OperationCase } from './operations.ts';

const MIB = 1024 * 1024;
const path = (value: string, mode = 'path') => ({ __rl: true, mode, value });
const answers = (endpoint: string, body: unknown, more: object = {}) => ({
  method: 'POST',
  path: `/2/${endpoint}`,
  body,
  ...more,
});
const asks = (endpoint: string, json?: unknown, headers: Asked['headers'] = {}): Asked => ({
  method: 'POST',
  path: `/2/${endpoint}`,
  ...(json === undefined ? {} : { body: { json } }),
  headers: json === undefined ? headers : { 'content-type': 'application/json', ...headers },
});
/** A call of the content host: its argument as the header carries it, to the letter. */
const asksContent = (endpoint: string, arg: unknown, body: Asked['body'] = null): Asked => ({
  method: 'POST',
  path: `/2/${endpoint}`,
  body,
  headers: {
    'dropbox-api-arg': typeof arg === 'string' ? arg : JSON.stringify(arg),
    ...(body !== null && { 'content-type': 'application/octet-stream' }),
  },
});
const result = (metadata: unknown, more: object = {}) => ({
  headers: { 'dropbox-api-result': JSON.stringify(metadata), 'content-type': 'application/octet-stream' },
  ...more,
});
const refuses = (endpoint: string, summary: string, more: object = {}) =>
  answers(
    endpoint,
    { error_summary: `${summary}/..`, error: { '.tag': summary.split('/')[0], ...more } },
    { status: 409 },
  );
const file = (operation: string, more: INodeParameters = {}) => ({ resource: 'file', operation, ...more });
const folder = (operation: string, more: INodeParameters = {}) => ({
  resource: 'folder',
  operation,
  ...more,
});
const link = (operation: string, more: INodeParameters = {}) => ({
  resource: 'sharedLink',
  operation,
  ...more,
});
const data = (content: string | Buffer, name = 'a.txt', type = 'text/plain'): INodeExecutionData[] => [
  { json: {}, binary: { data: binary(content, name, type) } },
];
const one = (items: INodeExecutionData[], field = 'data') => {
  const { data: content = '', fileName, mimeType } = items[0]?.binary?.[field] ?? {};
  return { text: Buffer.from(content, 'base64').toString(), fileName, mimeType };
};

const FILE = { '.tag': 'file', name: 'a.txt', id: 'id:a1', path_display: '/Docs/a.txt', rev: 'a1c10ce0dd78' };
const LINK = { '.tag': 'file', url: 'https://www.dropbox.com/scl/fi/x/a.txt?rlkey=y&dl=0', name: 'a.txt' };

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

const downloads: OperationCase[] = [
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

const uploads: OperationCase[] = [
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

const exists = (more: object) =>
  refuses('sharing/create_shared_link_with_settings', 'shared_link_already_exists/metadata', more);
const links: OperationCase[] = [
  {
    name: 'shared link: create with settings',
    parameters: link('create', {
      path: path('/Docs/a.txt'),
      options: {
        access: 'viewer',
        allow_download: false,
        audience: 'public',
        expires: '2026-04-01T00:00:00Z',
        link_password: 'open sesame',
      },
    }),
    answers: [answers('sharing/create_shared_link_with_settings', LINK)],
    asks: [
      asks('sharing/create_shared_link_with_settings', {
        path: '/Docs/a.txt',
        settings: {
          access: 'viewer',
          allow_download: false,
          audience: 'public',
          expires: '2026-04-01T00:00:00Z',
          require_password: true,
          link_password: 'open sesame',
        },
      }),
    ],
    gives: [LINK],
  },
  {
    name: 'shared link: create gives the one that is there already',
    parameters: link('create', { path: path('/Docs/a.txt') }),
    answers: [exists({ shared_link_already_exists: { '.tag': 'metadata', metadata: LINK } })],
    asks: [asks('sharing/create_shared_link_with_settings', { path: '/Docs/a.txt' })],
    gives: [LINK],
  },
  {
    name: 'shared link: create looks up the one that is there already',
    parameters: link('create', { path: path('/Docs/a.txt'), options: { audience: 'team' } }),
    answers: [exists({}), answers('sharing/list_shared_links', { links: [LINK], has_more: false })],
    asks: [
      asks('sharing/create_shared_link_with_settings', {
        path: '/Docs/a.txt',
        settings: { audience: 'team' },
      }),
      asks('sharing/list_shared_links', { path: '/Docs/a.txt', direct_only: true }),
    ],
    gives: [LINK],
  },
  {
    name: 'shared link: create a second one',
    parameters: link('create', { path: path('/Docs/a.txt'), options: { returnExisting: false } }),
    answers: [exists({})],
    asks: [asks('sharing/create_shared_link_with_settings', { path: '/Docs/a.txt' })],
    fails: {
      message: 'Dropbox refused the call: shared_link_already_exists/metadata',
      description: /Return Existing Link/,
    },
  },
  {
    name: 'shared link: get one in a folder with a password',
    parameters: link('get', { url: LINK.url, options: { link_password: 'pw', path: 'a.txt' } }),
    answers: [answers('sharing/get_shared_link_metadata', LINK)],
    asks: [asks('sharing/get_shared_link_metadata', { url: LINK.url, path: '/a.txt', link_password: 'pw' })],
    gives: [LINK],
  },
  {
    name: 'shared link: get wants an address',
    parameters: link('get', { url: 'id:a1' }),
    asks: [],
    fails: { message: '“URL” is no shared link' },
  },
  {
    name: 'shared link: get many, over two pages up to the limit',
    parameters: link('getAll', { returnAll: false, limit: 2 }),
    answers: [
      answers('sharing/list_shared_links', { links: [LINK], has_more: true, cursor: 'c1' }),
      answers('sharing/list_shared_links', { links: [LINK, LINK], has_more: false }),
    ],
    asks: [
      asks('sharing/list_shared_links', { direct_only: false }),
      asks('sharing/list_shared_links', { cursor: 'c1' }),
    ],
    gives: [LINK, LINK],
  },
  {
    name: 'shared link: get many of a file',
    parameters: link('getAll', { returnAll: true, filters: { path: '/Docs/a.txt', direct_only: true } }),
    answers: [answers('sharing/list_shared_links', { links: [LINK], has_more: false })],
    asks: [asks('sharing/list_shared_links', { path: '/Docs/a.txt', direct_only: true })],
    gives: [LINK],
  },
  {
    name: 'shared link: update',
    parameters: link('update', {
      url: LINK.url,
      options: { audience: 'team', remove_expiration: true, removePassword: true },
    }),
    answers: [answers('sharing/modify_shared_link_settings', LINK)],
    asks: [
      asks('sharing/modify_shared_link_settings', {
        url: LINK.url,
        settings: { audience: 'team', require_password: false },
        remove_expiration: true,
      }),
    ],
    gives: [LINK],
  },
  {
    name: 'shared link: download',
    parameters: link('download', { url: LINK.url, options: { path: '/a.txt' } }),
    answers: [answers('sharing/get_shared_link_file', 'hello', result(LINK))],
    asks: [asksContent('sharing/get_shared_link_file', { url: LINK.url, path: '/a.txt' })],
    gives: [LINK],
    items_: (items) => expect(one(items)).toMatchObject({ text: 'hello', fileName: 'a.txt' }),
  },
  {
    name: 'shared link: revoke',
    parameters: link('delete', { url: LINK.url }),
    answers: [answers('sharing/revoke_shared_link', null)],
    asks: [asks('sharing/revoke_shared_link', { url: LINK.url })],
    gives: [{ url: LINK.url, success: true }],
  },
];

const custom: OperationCase = {
  name: 'custom API call, without an argument',
  parameters: {
    resource: 'customApiCall',
    operation: 'call',
    method: 'POST',
    path: '/2/file_requests/count',
    body: '',
  },
  answers: [answers('file_requests/count', { file_request_count: 2 })],
  asks: [asks('file_requests/count')],
  gives: [{ file_request_count: 2 }],
};

describeOperations(
  { node: 'hubDropbox', integrationId: 'dropbox' },
  [...account, ...files, ...downloads, ...uploads, ...folders, ...searches, ...links, custom],
  ({ run, script, asked, search, sandbox, hub, connectionId, credentials }) => {
    it.each(WAYS)('calls without an argument have neither body nor content type (%s)', async (way) => {
      await script([]);
      await run(way, { parameters: { resource: 'account', operation: 'get' } });
      const { requests } = await sandbox().control('GET', '/dropbox/script');
      expect(requests[0].headers).not.toHaveProperty('content-type');
      expect(requests[0].body).toBeNull();
    });

    it.each(WAYS)(
      'an empty file and the end of a session still say that they are bytes (%s)',
      async (way) => {
        await script([answers('files/upload', FILE)]);
        await run(way, { parameters: file('upload', { path: '/empty.txt', fileContent: '' }) });
        expect((await asked())[0]?.headers?.['content-type']).toBe('application/octet-stream');
      },
    );

    describe.each(WAYS)('lists to pick from (%s)', (way) => {
      it('everything there is, page by page, and what a word finds', async () => {
        await script([
          answers('files/list_folder', {
            entries: [FILE, { '.tag': 'folder', path_display: '/Docs', id: 'id:f' }],
            cursor: 'c1',
            has_more: true,
          }),
          answers('files/search_v2', { matches: [MATCH], has_more: false }),
        ]);
        expect(await search(way, 'searchFolders')).toEqual([{ name: '/Docs', value: '/Docs' }]);
        expect(await search(way, 'searchFiles', {}, 'a')).toEqual([
          { name: '/Docs/a.txt', value: '/Docs/a.txt' },
        ]);
        expect((await asked()).map(({ body }) => body)).toEqual([
          { json: { path: '', recursive: true, limit: 500 } },
          { json: { query: 'a', options: { filename_only: true, max_results: 100 } } },
        ]);
      });

      it('files and folders alike, from the team space where the node is set to it', async () => {
        await script([
          answers('users/get_current_account', { root_info: { root_namespace_id: '7' } }),
          answers('files/list_folder', { entries: [FILE], cursor: 'c', has_more: false }),
        ]);
        expect(await search(way, 'searchFilesAndFolders', { root: 'team' })).toEqual([
          { name: '/Docs/a.txt', value: '/Docs/a.txt' },
        ]);
        expect((await asked())[1]?.headers).toMatchObject({
          'dropbox-api-path-root': '{".tag":"root","root":"7"}',
        });
      });
    });

    it.each(WAYS)('a permission that the connection lacks is named (%s)', async (way) => {
      const refused = answers(
        'files/restore',
        {
          error_summary: 'missing_scope/..',
          error: { '.tag': 'missing_scope', required_scope: 'files.content.write' },
        },
        { status: 401 },
      );
      await script([refused, refused]);
      const { error } = await runNode({
        node: 'hubDropbox',
        credentials: way === 'apiKey' ? credentials(way) : await renewable(hub(), connectionId()),
        parameters: {
          authentication: way,
          connection: path(connectionId(), 'id'),
          ...file('restore', { path: path('/a'), rev: 'r1' }),
        },
      });
      expect(error).toMatchObject({
        message: 'Dropbox refused the call: missing_scope',
        description: expect.stringContaining('files.content.write') as unknown,
      });
    });
  },
);

/** As n8n has them after its user has pressed Connect: with a handle by which they are renewed. */
async function renewable(hub: TestHub, connectionId: string): Promise<StoredCredentials> {
  const made = (await hub.admin.call('POST', '/api/clients', { name: 'n8n', redirectUris: [CALLBACK] })).body;
  const client = { id: made.id, secret: made.clientSecret };
  const { body } = await createWalk(hub).connect(connectionId, { integration: 'dropbox', client });
  return {
    hubDropboxOAuth2Api: {
      hubUrl: hub.url,
      clientId: client.id,
      clientSecret: client.secret,
      oauthTokenData: body,
    },
  };
}
