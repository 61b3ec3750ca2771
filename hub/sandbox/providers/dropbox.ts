/** https://www.dropbox.com/developers/documentation/http/documentation */
import { ok, page, perAccount, post, reply, textOf, limitIn } from '../calls.ts';
import { rfc6749 } from '../rfc6749.ts';
import type { ApiFault, Asked, Call, Issue, Reply, StandIn } from '../stand-in.ts';

export const standIn = {
  id: 'dropbox',
  name: 'Dropbox',
  accounts: [
    {
      id: 'dbid:AAAsandbox0000000000000000000000000001',
      name: 'Sandbox One',
      email: 'one@dropbox.sandbox.example',
      uid: '1000001',
    },
    {
      id: 'dbid:AAAsandbox0000000000000000000000000002',
      name: 'Sandbox Two',
      email: 'two@dropbox.sandbox.example',
      uid: '1000002',
    },
  ],
  authorize: {
    path: '/oauth2/authorize',
    separator: ' ',
    scopes: [
      'account_info.read',
      'account_info.write',
      /^files\.(metadata|content|permanent_delete)(\.(read|write))?$/,
      /^(sharing|file_requests|contacts)\.(read|write)$/,
      'openid',
      'profile',
      'email',
    ],
    narrowable: false,
    pkce: true,
    refreshable: ({ query }) => query['token_access_type'] === 'offline',
    denial: { error_description: 'The user chose not to give your app access to their Dropbox account.' },
  },
  token: {
    path: '/oauth2/token',
    clientAuthentication: ['post', 'basic'],
    lifetime: 14_400,
    rotation: 'stays',
    forms: {
      access: (random) => `sl.u.${random}`,
      refresh: (random) => random,
      code: (random) => random,
    },
    answer,
    refuse: (fault) => rfc6749(fault),
  },
  api: { precheck: contentTypeFault, refuse },
  endpoints: { revoke: '/2/auth/token/revoke', apiBase: '' },
  calls,
} satisfies StandIn;

function answer({ account, grantType, parts: [part] }: Issue) {
  const token = { access_token: part.accessToken, token_type: 'bearer', expires_in: part.expiresIn };
  // A refresh answers the bare token: no scopes, no account, no refresh token.
  if (grantType === 'refresh_token')
    return { ...token, ...(part.refreshToken !== null && { refresh_token: part.refreshToken }) };
  return {
    ...token,
    ...(part.refreshToken !== null && { refresh_token: part.refreshToken }),
    scope: part.scopes.join(' '),
    uid: account['uid'],
    account_id: account.id,
  };
}

/**
 * Without an argument there is no content type; with one it is JSON. The content host has its argument in a header,
 * and takes bytes.
 */
function contentTypeFault({ headers, path }: Asked): ApiFault | null {
  const type = headers['content-type'];
  const isJson = type !== undefined && /^application\/json(;\s*charset=utf-8)?$/i.test(type);
  if (type === undefined || isJson || type === 'text/plain; charset=dropbox-cors-hack') return null;
  if (headers['dropbox-api-arg'] !== undefined && type === 'application/octet-stream') return null;
  const name = path.split('/2/')[1] ?? path;
  return {
    kind: 'bad_request',
    code: 'text',
    message: `Error in call to API function "${name}": Bad HTTP "Content-Type" header: "${type}".`,
  };
}

type Entry = {
  '.tag': 'file' | 'folder';
  id: string;
  name: string;
  path_display: string;
  path_lower: string;
};

function calls(): Call[] {
  const entriesOf = perAccount(() => [1, 2, 3].map((n) => entryOf('file', `/file ${n}.txt`)));
  const listing = { scopes: ['files.metadata.read'] };
  return [
    post('/2/users/get_current_account', { scopes: ['account_info.read'] }, ({ account }) =>
      ok({
        account_id: account.id,
        name: { given_name: 'Sandbox', surname: account.name, display_name: account.name },
        email: account.email,
        email_verified: true,
        disabled: false,
        country: 'US',
        locale: 'en',
        account_type: { '.tag': 'basic' },
      }),
    ),
    post('/2/auth/token/revoke', { revokes: true }, ({ token, tokens }) => {
      // Takes the refresh token with it.
      tokens.endGrantOf(token);
      return reply(200, 'null', { 'content-type': 'application/json' });
    }),
    post('/2/files/list_folder', listing, ({ account, json, refuse: say }) => {
      if ((textOf(json, 'path') ?? '') !== '') return say(notFound('path/not_found'));
      return ok(listed(entriesOf(account), limitIn(String(json['limit']), 500, 2000), '0'));
    }),
    post('/2/files/list_folder/continue', listing, ({ account, json }) => {
      const [limit, cursor] = (textOf(json, 'cursor') ?? '').split(':');
      return ok(listed(entriesOf(account), limitIn(limit, 500, 2000), cursor));
    }),
    post('/2/files/get_metadata', listing, ({ account, json, refuse: say }) => {
      const found = entriesOf(account).find(
        ({ path_lower }) => path_lower === textOf(json, 'path')?.toLowerCase(),
      );
      return found ? ok(found) : say(notFound('path/not_found'));
    }),
    post(
      '/2/files/create_folder_v2',
      { scopes: ['files.content.write'] },
      ({ account, json, refuse: say }) => {
        const path = textOf(json, 'path') ?? '';
        if (!path.startsWith('/')) return say(notFound('path/malformed_path'));
        const entries = entriesOf(account);
        if (entries.some(({ path_lower }) => path_lower === path.toLowerCase()))
          return say(notFound('path/conflict/folder'));
        const metadata = entryOf('folder', path);
        entries.push(metadata);
        return ok({ metadata });
      },
    ),
  ];
}

function listed(all: Entry[], limit: number, cursor: string | undefined) {
  const { items, next } = page(all, limit, cursor);
  return { entries: items, cursor: `${limit}:${next ?? all.length}`, has_more: next !== null };
}

function entryOf(tag: Entry['.tag'], path: string): Entry {
  const id = `id:${Buffer.from(path.toLowerCase()).toString('base64url')}`;
  return {
    '.tag': tag,
    id,
    name: path.slice(path.lastIndexOf('/') + 1),
    path_display: path,
    path_lower: path.toLowerCase(),
  };
}

/** 409: the endpoint's own error, not the connection's fault. */
const notFound = (code: string): ApiFault => ({ kind: 'bad_request', status: 409, code, message: code });

function refuse(fault: ApiFault): Reply {
  const say = (status: number, tag: string, more: object = {}) =>
    reply(status, { error_summary: `${tag}/..`, error: { '.tag': tag, ...more } });
  switch (fault.kind) {
    case 'no_token':
      return reply(400, 'Must provide HTTP header "Authorization" or URL parameter "authorization".');
    case 'token_unknown':
    case 'token_revoked':
      return say(401, 'invalid_access_token');
    case 'token_expired':
      return say(401, 'expired_access_token');
    case 'scope_missing':
      return say(401, 'missing_scope', { required_scope: fault.needed[0] });
    case 'bad_request': {
      const [tag = '', inner] = fault.code.split('/');
      return fault.status === 409
        ? reply(409, {
            error_summary: `${fault.code}/..`,
            error: { '.tag': tag, ...(inner && { [tag]: { '.tag': inner } }) },
          })
        : reply(fault.status ?? 400, fault.message);
    }
    case 'not_found':
      return reply(404, 'Unknown API function.');
    case 'rate_limited': {
      const seconds = Math.ceil(fault.retryAfter);
      const error = { reason: { '.tag': 'too_many_requests' }, retry_after: seconds };
      return reply(429, { error_summary: 'too_many_requests/..', error }, { 'retry-after': String(seconds) });
    }
    case 'unavailable':
      return reply(503, 'Service Unavailable');
  }
}
