/** The eleven as a client sees them. */
import type { Manner } from './walk.ts';

const offline = { access_type: 'offline', prompt: 'consent' };
const google = { authorize: offline, pkce: true, rotation: 'stays', revocable: true } as const;

export const MANNERS: readonly Manner[] = [
  {
    id: 'gohighlevel',
    scopes: 'locations.readonly contacts.readonly',
    token: { user_type: 'Location' },
    probe: {
      url: (app, answer) => `${app.endpoints.apiBaseUrl}/locations/${answer.locationId}`,
      headers: { version: '2021-07-28' },
    },
    rotation: 'single_use',
    revocable: false,
  },
  {
    id: 'salesforce',
    scopes: 'api refresh_token openid',
    pkce: true,
    probe: { url: (_app, answer) => `${answer.instance_url}/services/oauth2/userinfo` },
    rotation: 'stays',
    revocable: true,
  },
  {
    id: 'hubspot',
    scopes: 'oauth crm.objects.contacts.read',
    probe: { url: (app) => `${app.endpoints.apiBaseUrl}/account-info/v3/details` },
    rotation: 'stays',
    revocable: true,
  },
  {
    id: 'gmail',
    scopes: 'https://www.googleapis.com/auth/gmail.modify',
    ...google,
    probe: { url: (app) => `${app.endpoints.apiBaseUrl}/gmail/v1/users/me/profile` },
  },
  {
    id: 'outlook',
    scopes: 'offline_access User.Read Mail.Send',
    pkce: true,
    refresh: { scope: 'offline_access User.Read Mail.Send' },
    probe: { url: (app) => `${app.endpoints.apiBaseUrl}/me` },
    rotation: 'tolerant',
    revocable: false,
  },
  {
    id: 'meta-ads',
    scopes: 'ads_read,ads_management',
    probe: { url: (app) => `${app.endpoints.apiBaseUrl}/me?fields=id,name` },
    rotation: 'exchange',
    revocable: true,
  },
  {
    id: 'google-ads',
    scopes: 'https://www.googleapis.com/auth/adwords',
    ...google,
    probe: { url: (app) => `${app.endpoints.apiBaseUrl}/v24/customers:listAccessibleCustomers` },
  },
  {
    id: 'google-drive',
    scopes: 'https://www.googleapis.com/auth/drive',
    ...google,
    probe: { url: (app) => `${app.endpoints.apiBaseUrl}/drive/v3/about?fields=user` },
  },
  {
    id: 'dropbox',
    scopes: 'account_info.read files.metadata.read',
    authorize: { token_access_type: 'offline' },
    pkce: true,
    probe: { method: 'POST', url: (app) => `${app.endpoints.apiBaseUrl}/2/users/get_current_account` },
    rotation: 'stays',
    revocable: true,
  },
  {
    id: 'slack',
    scopes: 'chat:write,channels:read',
    probe: { method: 'POST', url: (app) => `${app.endpoints.apiBaseUrl}/auth.test` },
    rotation: 'single_use',
    revocable: true,
  },
  {
    id: 'discord',
    scopes: 'identify guilds',
    pkce: true,
    probe: {
      url: (app) => `${app.endpoints.apiBaseUrl}/users/@me`,
      headers: { 'user-agent': 'DiscordBot (https://example.com, 1.0)' },
    },
    rotation: 'single_use',
    revocable: true,
  },
];

export function mannerOf(id: string): Manner {
  const found = MANNERS.find((manner) => manner.id === id);
  if (!found) throw new Error(`no manner for ${id}`);
  return found;
}
