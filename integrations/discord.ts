import { classifyByStatus, field, textField } from './definition/answers.ts';
import type { Answer, Connected, Integration, Setup, Verdict } from './definition/integration.ts';
import { drawLogo } from './definition/logo.ts';
import { rfc7009, tokenOf } from './definition/revocation.ts';
import { apiKeySchema, optionalSettings, textIn } from './definition/schemas.ts';

const API = 'https://discord.com/api/v10';
const SNOWFLAKE = '^\\d{17,20}$';

// https://docs.discord.com/developers/topics/permissions
const BOT_PERMISSIONS =
  (1n << 4n) | // manage channels
  (1n << 6n) | // add reactions
  (1n << 10n) | // view channels
  (1n << 11n) | // send messages
  (1n << 13n) | // manage messages
  (1n << 14n) | // embed links
  (1n << 15n) | // attach files
  (1n << 16n) | // read message history
  (1n << 28n); // manage roles

export const integration = {
  id: 'discord',
  name: 'Discord',
  description:
    'Sends messages with embeds and files, and works with channels, members, roles and reactions of Discord servers; a bot token does the most.',
  category: 'Communication',
  logo: drawLogo(
    'Discord',
    '#4d5be0',
    `<path d="M14 36v-4a18 18 0 0 1 36 0v4"/>
     <rect x="11" y="34" width="9" height="14" rx="4.500"/>
     <rect x="44" y="34" width="9" height="14" rx="4.500"/>
     <path d="M49 48c0 4-5 6-11 6"/>
     <circle cx="34" cy="54" r="2.500"/>`,
  ),
  status: 'active',
  docsUrl: 'https://docs.discord.com/developers/reference',
  consoleUrl: 'https://discord.com/developers/applications',
  keyUrl: 'https://discord.com/developers/applications',
  capabilities: [
    'send messages',
    'send embeds and files',
    'read messages',
    'delete messages',
    'add reactions',
    'manage channels',
    'look up members',
    'manage roles',
  ],
  examples: [
    { id: 'me', title: 'Who am I', method: 'GET', path: '/users/@me' },
    { id: 'servers', title: 'List my servers', method: 'GET', path: '/users/@me/guilds' },
  ],
  configSchema: optionalSettings({
    guildId: {
      type: 'string',
      title: 'Server ID',
      description: 'Preselects the server the bot is added to, and the one that nodes work on.',
      pattern: SNOWFLAKE,
      examples: ['197038439483310086'],
    },
  }),
  appSettingsSchema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      botPermissions: {
        type: 'string',
        title: 'Bot permissions',
        description: 'The number of the permissions asked for when the bot is added.',
        pattern: '^\\d{1,20}$',
        default: `${BOT_PERMISSIONS}`,
      },
    },
  },
  authTypes: ['oauth2', 'api_key'],
  credentialSchemas: {
    api_key: apiKeySchema('Bot token', "From the Developer Portal, Bot, without the word 'Bot' in front."),
  },
  oauth: {
    authorizeUrl: () => 'https://discord.com/oauth2/authorize',
    tokenUrl: () => 'https://discord.com/api/oauth2/token',
    scopes: ['identify', 'guilds', 'guilds.members.read', 'bot'],
    scopeMeanings: {
      identify: 'See who you are',
      guilds: 'See which servers you are in',
      'guilds.members.read': 'See your profile in those servers',
      bot: 'Add the bot to a server',
    },
    scopeSeparator: ' ',
    // Adding the bot is a permission of the server; not every answer names it among the token's scopes.
    unechoedScopes: ['bot'],
    pkce: true,
    authorizeParams: ownParams,
    clientAuthentication: 'client_secret_post',
    refresh: { by: 'refresh_token', reusable: false },
  },
  hosts: ['discord.com'],
  apiBaseUrl: () => API,
  authenticate,
  // Without one of this form Discord's edge refuses the call (https://docs.discord.com/developers/reference#user-agent).
  headers: () => ({
    'user-agent': 'DiscordBot (https://www.npmjs.com/package/n8n-nodes-integration-hub, 0.1)',
  }),
  probe: () => ({ method: 'GET', url: '/users/@me' }),
  account: (body) => {
    const id = textField(body, 'id');
    const name = textField(body, 'global_name') ?? textField(body, 'username');
    return id && name ? { id, name } : null;
  },
  classify,
  // Limits are those of a route.
  waitsPerPath: true,
  revoke: (connected) =>
    rfc7009(connected, connected.endpoints.revokeUrl ?? 'https://discord.com/api/oauth2/token/revoke'),
} satisfies Integration;

function ownParams({ config, settings }: Setup): Record<string, string> {
  const guildId = textIn(config, 'guildId');
  return {
    permissions: textIn(settings, 'botPermissions') ?? `${BOT_PERMISSIONS}`,
    ...(guildId && { guild_id: guildId, disable_guild_select: 'true' }),
  };
}

/** A bot token is typed in by whoever owns the bot; the app's own is never lent to the users of a hub. */
function authenticate(connected: Connected) {
  const scheme = connected.credentials.type === 'oauth2' ? 'Bearer' : 'Bot';
  return { headers: { authorization: `${scheme} ${tokenOf(connected)}` } };
}

/** The body of a 429 tells the wait in seconds as a float, more exactly than the header does. */
function classify(answer: Answer): Verdict {
  const verdict = classifyByStatus(answer);
  if (verdict.kind === 'ok') return verdict;
  const number = field(answer.body, 'code');
  const code =
    typeof number === 'number' && number > 0 && number < 1e9 ? { code: `${Math.trunc(number)}` } : {};
  const seconds = field(answer.body, 'retry_after');
  if (verdict.kind !== 'rate_limited' || typeof seconds !== 'number') return { ...verdict, ...code };
  const exact = seconds >= 0 && seconds <= 86_400 ? { retryAfterMs: Math.ceil(seconds * 1000) } : {};
  return { ...verdict, ...code, ...exact };
}
