/** https://developers.google.com/workspace/drive/api/reference/rest/v3 */
import { get, limitIn, ok, page, perAccount, post, remove, reply, textOf } from '../calls.ts';
import { GOOGLE_ACCOUNTS, googleAuthorize, googleError, googleRevocation, googleToken } from '../google.ts';
import type { Call, StandIn } from '../stand-in.ts';

const scope = (name: string) => `https://www.googleapis.com/auth/${name}`;
const READ = ['drive', 'drive.readonly', 'drive.file', 'drive.metadata', 'drive.metadata.readonly'].map(
  scope,
);
const WRITE = ['drive', 'drive.file'].map(scope);

export const standIn = {
  id: 'google-drive',
  name: 'Google Drive',
  accounts: GOOGLE_ACCOUNTS,
  authorize: googleAuthorize([
    ...READ,
    scope('drive.appdata'),
    scope('drive.scripts'),
    scope('drive.activity'),
  ]),
  token: googleToken,
  api: { refuse: (fault) => googleError(fault) },
  endpoints: { revoke: '/revoke', apiBase: '' },
  calls,
} satisfies StandIn;

type File = { kind: 'drive#file'; id: string; name: string; mimeType: string };

function calls(): Call[] {
  const filesOf = perAccount(({ name }) =>
    [1, 2, 3].map((n) => fileOf(`${n}`, `${name}, file ${n}.txt`, 'text/plain')),
  );
  return [
    googleRevocation,
    get('/drive/v3/about', { scopes: READ }, ({ account, query, refuse }) => {
      // The one method of Drive that has no default for it.
      if (!query['fields'])
        return refuse({
          kind: 'bad_request',
          code: 'required',
          message: "The 'fields' parameter is required for this method.",
        });
      const { id, name, email } = account;
      const user = { kind: 'drive#user', displayName: name, me: true, permissionId: id, emailAddress: email };
      return ok({ user });
    }),
    get('/drive/v3/files', { scopes: READ }, ({ account, query }) => {
      const limit = limitIn(query['pageSize'], 100, 1000);
      const { items, next } = page(filesOf(account), limit, query['pageToken']);
      return ok({
        kind: 'drive#fileList',
        incompleteSearch: false,
        files: items,
        ...(next && { nextPageToken: next }),
      });
    }),
    get('/drive/v3/files/:id', { scopes: READ }, ({ account, params, query, refuse }) => {
      const file = filesOf(account).find(({ id }) => id === params['id']);
      if (!file) return refuse({ kind: 'not_found', what: `File ${params['id']}` });
      return query['alt'] === 'media' ? ok(`Contents of ${file.name}`) : ok(file);
    }),
    post('/drive/v3/files', { scopes: WRITE }, ({ account, json }) => {
      const files = filesOf(account);
      const name = textOf(json, 'name') ?? 'Untitled';
      const file = fileOf(
        `${files.length + 1}`,
        name,
        textOf(json, 'mimeType') ?? 'application/octet-stream',
      );
      files.push(file);
      return ok(file);
    }),
    remove('/drive/v3/files/:id', { scopes: WRITE }, ({ account, params, refuse }) => {
      const files = filesOf(account);
      const index = files.findIndex(({ id }) => id === params['id']);
      if (index < 0) return refuse({ kind: 'not_found', what: `File ${params['id']}` });
      files.splice(index, 1);
      return reply(204, null);
    }),
  ];
}

function fileOf(n: string, name: string, mimeType: string): File {
  return { kind: 'drive#file', id: `1SandboxFile${n.padStart(21, '0')}`, name, mimeType };
}
