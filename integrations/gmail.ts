import { textField } from './definition/answers.ts';
import { classifyGoogle, googleOAuth, revokeAtGoogle } from './definition/google.ts';
import type { Integration } from './definition/integration.ts';
import { drawLogo } from './definition/logo.ts';
import { optionalSettings } from './definition/schemas.ts';

export const integration = {
  id: 'gmail',
  name: 'Gmail',
  description:
    'Reads, searches, sends and organises the mail of a Gmail or Google Workspace mailbox, with drafts, labels, threads and attachments.',
  category: 'Email',
  logo: drawLogo(
    'Gmail',
    '#d93f33',
    `<rect x="13" y="19" width="38" height="27" rx="4"/>
     <path d="M14 22l18 14 18-14"/>
     <path d="M14 44l11-11M50 44L39 33"/>`,
  ),
  status: 'active',
  docsUrl: 'https://developers.google.com/workspace/gmail/api/reference/rest',
  consoleUrl: 'https://console.cloud.google.com/apis/credentials',
  capabilities: [
    'send messages',
    'reply to messages',
    'search messages',
    'read attachments',
    'manage drafts',
    'manage labels',
    'manage threads',
    'delete messages',
  ],
  examples: [
    { id: 'me', title: 'Whose mailbox is this', method: 'GET', path: '/gmail/v1/users/me/profile' },
    {
      id: 'messages',
      title: 'The five newest messages',
      method: 'GET',
      path: '/gmail/v1/users/me/messages',
      query: { maxResults: '5' },
    },
    { id: 'labels', title: 'List the labels', method: 'GET', path: '/gmail/v1/users/me/labels' },
  ],
  configSchema: optionalSettings({}),
  authTypes: ['oauth2'],
  credentialSchemas: {},
  // A user who unticks the full scope keeps all but deleting for good.
  oauth: googleOAuth(['https://www.googleapis.com/auth/gmail.modify', 'https://mail.google.com/']),
  hosts: ['gmail.googleapis.com', 'www.googleapis.com', 'oauth2.googleapis.com'],
  apiBaseUrl: () => 'https://gmail.googleapis.com',
  probe: () => ({ method: 'GET', url: '/gmail/v1/users/me/profile' }),
  account: (body) => {
    const email = textField(body, 'emailAddress');
    return email ? { id: email, name: email } : null;
  },
  classify: classifyGoogle,
  revoke: revokeAtGoogle,
} satisfies Integration;
