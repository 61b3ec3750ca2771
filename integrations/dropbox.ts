import { classifyByStatus, field, safeCode, textField } from './definition/answers.ts';
import type { Answer, Connected, Integration, OutgoingRequest, Verdict } from './definition/integration.ts';
import { drawLogo } from './definition/logo.ts';
import { bearer, ownRevocation } from './definition/revocation.ts';
import { optionalSettings } from './definition/schemas.ts';
import { safeScopes } from './definition/scopes.ts';

const API = 'https://api.dropboxapi.com';

export const integration = {
  id: 'dropbox',
  name: 'Dropbox',
  description:
    'Uploads, downloads, copies, moves, searches and shares files and folders of a Dropbox account, large files in sessions.',
  category: 'Storage',
  logo: drawLogo(
    'Dropbox',
    '#0a57d6',
    `<path d="M13 30l6-9h26l6 9v17a3 3 0 0 1-3 3H16a3 3 0 0 1-3-3z"/>
     <path d="M13 30h12a7 7 0 0 0 14 0h12"/>
     <path d="M32 10v13M26.500 18.500L32 24l5.500-5.500"/>`,
  ),
  status: 'active',
  docsUrl: 'https://www.dropbox.com/developers/documentation/http/documentation',
  consoleUrl: 'https://www.dropbox.com/developers/apps',
  capabilities: [
    'upload files',
    'download files',
    'copy files',
    'move files',
    'delete files',
    'search files',
    'create folders',
    'create shared links',
  ],
  examples: [
    { id: 'me', title: 'Whose Dropbox is this', method: 'POST', path: '/2/users/get_current_account' },
    {
      id: 'files',
      title: 'List the top folder',
      method: 'POST',
      path: '/2/files/list_folder',
      body: { path: '', limit: 5 },
    },
  ],
  configSchema: optionalSettings({}),
  authTypes: ['oauth2'],
  credentialSchemas: {},
  oauth: {
    authorizeUrl: () => 'https://www.dropbox.com/oauth2/authorize',
    tokenUrl: () => `${API}/oauth2/token`,
    scopes: [
      'account_info.read',
      'files.metadata.read',
      'files.metadata.write',
      'files.content.read',
      'files.content.write',
      'sharing.read',
      'sharing.write',
    ],
    scopeMeanings: {
      'account_info.read': 'See whose Dropbox it is',
      'files.metadata.read': 'See the names of files and folders',
      'files.metadata.write': 'Change names and properties of files',
      'files.content.read': 'Read files',
      'files.content.write': 'Write, move and delete files',
      'sharing.read': 'See shared links',
      'sharing.write': 'Make and change shared links',
    },
    scopeSeparator: ' ',
    pkce: true,
    authorizeParams: () => ({ token_access_type: 'offline' }),
    clientAuthentication: 'client_secret_post',
    refresh: { by: 'refresh_token', reusable: true },
  },
  hosts: ['api.dropboxapi.com', 'content.dropboxapi.com', 'notify.dropboxapi.com'],
  apiBaseUrl: () => API,
  // Uploads, downloads, thumbnails. Without the version, as the API's own base is.
  otherApiBaseUrls: { content: () => 'https://content.dropboxapi.com' },
  // Without an argument there is no body and no content type: Dropbox refuses `null` sent as a form.
  probe: () => ({ method: 'POST', url: '/2/users/get_current_account' }),
  account: (body) => {
    const id = textField(body, 'account_id');
    const name = textField(body, 'email') ?? textField(field(body, 'name'), 'display_name');
    return id && name ? { id, name } : null;
  },
  classify,
  revoke: revokeToken,
} satisfies Integration;

/** Ends the refresh token behind this access token as well. */
function revokeToken(connected: Connected): OutgoingRequest {
  const own: OutgoingRequest = { method: 'POST', url: '/2/auth/token/revoke' };
  return ownRevocation(connected, own, bearer(connected));
}

/**
 * `{"error_summary": "expired_access_token/..", "error": {".tag": "expired_access_token"}}`.
 *
 * `invalid_access_token` stays an expired one: a refresh may still mend it (somebody else ended that one
 * token), and where consent is gone the refresh itself says `invalid_grant`. A suspended member is the
 * team administrator's business; neither a refresh nor a new consent helps.
 */
function classify(answer: Answer): Verdict {
  const verdict = classifyByStatus(answer);
  if (verdict.kind === 'ok') return verdict;
  const tag = textField(field(answer.body, 'error'), '.tag') ?? summaryTag(answer.body);
  const code = tag === undefined ? {} : { code: safeCode(tag) };
  if (answer.status === 401 && tag === 'missing_scope') {
    const missing = safeScopes([field(field(answer.body, 'error'), 'required_scope')]);
    return { kind: 'permission_missing', ...code, ...missing };
  }
  if (answer.status === 401 && (tag === 'user_suspended' || tag === 'route_access_denied'))
    return { kind: 'permission_missing', ...code };
  return { ...verdict, ...code };
}

function summaryTag(body: unknown): string | undefined {
  return /^[a-z_]+/.exec(textField(body, 'error_summary') ?? '')?.[0];
}
