import { field, textField } from './definition/answers.ts';
import { classifyGoogle, googleOAuth, revokeAtGoogle } from './definition/google.ts';
import type { Integration } from './definition/integration.ts';
import { drawLogo } from './definition/logo.ts';
import { optionalSettings } from './definition/schemas.ts';

export const integration = {
  id: 'google-drive',
  name: 'Google Drive',
  description:
    'Uploads, downloads, finds, moves and shares files and folders in My Drive and in shared drives, and exports Google documents to common formats.',
  category: 'Storage',
  logo: drawLogo(
    'Google Drive',
    '#188048',
    `<path d="M12 46V21a4 4 0 0 1 4-4h10l5 6h17a4 4 0 0 1 4 4v19a3 3 0 0 1-3 3H15a3 3 0 0 1-3-3z"/>
     <path d="M32 43V31M26.500 36L32 30.500 37.500 36"/>`,
  ),
  status: 'active',
  docsUrl: 'https://developers.google.com/workspace/drive/api/reference/rest/v3',
  consoleUrl: 'https://console.cloud.google.com/apis/credentials',
  capabilities: [
    'upload files',
    'download files',
    'export documents',
    'search files',
    'copy files',
    'move files',
    'share files',
    'create folders',
    'manage shared drives',
  ],
  examples: [
    {
      id: 'me',
      title: 'Whose Drive is this',
      method: 'GET',
      path: '/drive/v3/about',
      query: { fields: 'user' },
    },
    {
      id: 'files',
      title: 'The five files changed last',
      method: 'GET',
      path: '/drive/v3/files',
      query: { pageSize: '5', orderBy: 'modifiedTime desc' },
    },
  ],
  configSchema: optionalSettings({}),
  authTypes: ['oauth2'],
  credentialSchemas: {},
  oauth: googleOAuth(['https://www.googleapis.com/auth/drive']),
  hosts: ['www.googleapis.com', 'oauth2.googleapis.com'],
  apiBaseUrl: () => 'https://www.googleapis.com',
  probe: () => ({ method: 'GET', url: '/drive/v3/about', query: { fields: 'user' } }),
  account: (body) => {
    const user = field(body, 'user');
    const email = textField(user, 'emailAddress');
    const name = email ?? textField(user, 'displayName');
    const id = textField(user, 'permissionId') ?? email;
    return id && name ? { id, name } : null;
  },
  classify: classifyGoogle,
  revoke: revokeAtGoogle,
} satisfies Integration;
