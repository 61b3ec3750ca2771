/** https://docs.discord.com/developers/topics/oauth2 */
import { get, limitIn, ok, perAccount, post, reply, rfc7009, textOf } from '../calls.ts';
import { rfc6749 } from '../rfc6749.ts';
import type { Account, ApiFault, Asked, Call, Issue, Reply, StandIn, TokenFault } from '../stand-in.ts';

const BOT = { id: '1100000000000000009', username: 'sandbox-bot' };
const CHANNEL = '1300000000000000001';

export const standIn = {
  id: 'discord',
  name: 'Discord',
  accounts: [
    {
      id: '1100000000000000001',
      name: 'Sandbox One',
      email: 'one@discord.sandbox.example',
      guild: '1200000000000000001',
    },
    {
      id: '1100000000000000002',
      name: 'Sandbox Two',
      email: 'two@discord.sandbox.example',
      guild: '1200000000000000002',
    },
  ],
  authorize: {
    path: '/oauth2/authorize',
    separator: ' ',
    scopes: [
      'identify',
      'email',
      'connections',
      'guilds',
      'guilds.join',
      'guilds.members.read',
      'bot',
      'applications.commands',
      'messages.read',
      'webhook.incoming',
      'role_connections.write',
      'openid',
    ],
    narrowable: false,
    pkce: true,
    denial: { error_description: 'The resource owner or authorization server denied the request' },
    callback: ({ scopes, account, query }): Record<string, string> =>
      scopes.includes('bot')
        ? { guild_id: account['guild'] ?? '', permissions: query['permissions'] ?? '0' }
        : {},
    extras: installed,
  },
  token: {
    path: '/api/oauth2/token',
    clientAuthentication: ['post', 'basic'],
    lifetime: 604_800,
    rotation: 'single_use',
    forms: {
      access: (random) => random.slice(0, 30),
      refresh: (random) => random.slice(0, 32),
      code: (random) => random.slice(0, 30),
    },
    answer,
    refuse: refuseToken,
  },
  api: { precheck: userAgentFault, check: schemeFault, refuse, limits },
  staticKey: (random) => `sandbox.${random.slice(0, 6)}.${random.slice(6)}`,
  endpoints: { revoke: '/api/oauth2/token/revoke', apiBase: '/api/v10' },
  calls,
} satisfies StandIn;

/** `bot` adds the bot to a server, `webhook.incoming` makes a webhook: both are told with the first answer only. */
function installed({ scopes, account }: { scopes: readonly string[]; account: Account }) {
  return {
    ...(scopes.includes('bot') && { guild: guildOf(account) }),
    ...(scopes.includes('webhook.incoming') && {
      webhook: {
        id: '1400000000000000001',
        type: 1,
        name: 'Sandbox',
        channel_id: CHANNEL,
        guild_id: account['guild'],
        token: crypto.randomUUID(),
        url: `https://discord.invalid/api/webhooks/1400000000000000001/${crypto.randomUUID()}`,
      },
    }),
  };
}

function answer({ extras, grantType, parts: [part] }: Issue) {
  return {
    token_type: 'Bearer',
    access_token: part.accessToken,
    expires_in: part.expiresIn,
    ...(part.refreshToken !== null && { refresh_token: part.refreshToken }),
    scope: part.scopes.join(' '),
    ...(grantType === 'authorization_code' && extras),
  };
}

function userAgentFault({ headers }: Asked): ApiFault | null {
  return /^DiscordBot \([^\s,]+, [^\s,)]+\)/.test(headers['user-agent'] ?? '')
    ? null
    : { kind: 'bad_request', status: 403, code: '40333', message: 'internal network error' };
}

/** A user's token is a Bearer, the bot's is not. */
function schemeFault({ scheme, isStatic }: { scheme: string; isStatic: boolean }): ApiFault | null {
  return scheme === (isStatic ? 'Bot' : 'Bearer') ? null : { kind: 'token_unknown' };
}

type Message = { id: string; channel_id: string; content: string; author: { id: string; username: string } };

function calls(): Call[] {
  const messagesOf = perAccount((): Message[] => []);
  let lastId = 1_500_000_000_000_000_000n;
  const unknownChannel: ApiFault = {
    kind: 'bad_request',
    status: 404,
    code: '10003',
    message: 'Unknown Channel',
  };
  return [
    rfc7009('/api/oauth2/token/revoke'),
    get('/api/v10/users/@me', { scopes: ['identify'] }, ({ account, scopes, isStatic }) =>
      isStatic
        ? ok({ ...BOT, discriminator: '0000', global_name: null, avatar: null, bot: true })
        : ok({
            id: account.id,
            username: account.name.toLowerCase().replace(' ', '_'),
            discriminator: '0',
            global_name: account.name,
            avatar: null,
            ...(scopes.includes('email') && { email: account.email, verified: true }),
          }),
    ),
    get('/api/v10/users/@me/guilds', { scopes: ['guilds'] }, ({ account }) => ok([guildOf(account)])),
    get('/api/v10/channels/:id/messages', {}, ({ account, params, query, isStatic, refuse: say }) => {
      if (!isStatic) return say({ kind: 'token_unknown' });
      if (params['id'] !== CHANNEL) return say(unknownChannel);
      return ok(
        messagesOf(account)
          .slice(-limitIn(query['limit'], 50, 100))
          .reverse(),
      );
    }),
    post('/api/v10/channels/:id/messages', {}, ({ account, params, json, isStatic, refuse: say }) => {
      if (!isStatic) return say({ kind: 'token_unknown' });
      if (params['id'] !== CHANNEL) return say(unknownChannel);
      const content = textOf(json, 'content');
      if (!content)
        return say({ kind: 'bad_request', code: '50006', message: 'Cannot send an empty message' });
      lastId += 1n;
      const message = { id: String(lastId), channel_id: CHANNEL, content, author: BOT };
      messagesOf(account).push(message);
      return ok(message);
    }),
  ];
}

function guildOf(account: Account) {
  return { id: account['guild'], name: `${account.name}'s server`, owner: true, permissions: '8' };
}

/** Buckets are per route; ours are one for reading and one for writing. */
function limits(used: number, { method }: Asked): Record<string, string> {
  return {
    'x-ratelimit-limit': '50',
    'x-ratelimit-remaining': String(Math.max(0, 50 - used)),
    'x-ratelimit-reset': (Date.now() / 1000 + 10).toFixed(3),
    'x-ratelimit-reset-after': '10.000',
    'x-ratelimit-bucket': `sandbox-${method === 'GET' ? 'read' : 'write'}`,
  };
}

function refuseToken(fault: TokenFault): Reply {
  switch (fault.kind) {
    case 'client_unknown':
    case 'client_secret_wrong':
      return reply(401, { error: 'invalid_client' });
    case 'code_unknown':
    case 'code_expired':
    case 'code_used':
      return reply(400, { error: 'invalid_grant', error_description: 'Invalid "code" in request.' });
    case 'redirect_uri_mismatch':
      return reply(400, { error: 'invalid_grant', error_description: 'Invalid "redirect_uri" in request.' });
    case 'refresh_token_unknown':
    case 'refresh_token_revoked':
    case 'refresh_token_spent':
    case 'refresh_token_expired':
      return reply(400, { error: 'invalid_grant' });
    case 'rate_limited':
      return rateLimited(fault.retryAfter);
    case 'unavailable':
      return reply(503, 'upstream connect error');
    default:
      return rfc6749(fault);
  }
}

function refuse(fault: ApiFault): Reply {
  const say = (status: number, code: number, message: string) => reply(status, { message, code });
  switch (fault.kind) {
    case 'no_token':
    case 'token_unknown':
    case 'token_expired':
    case 'token_revoked':
      return say(401, 0, '401: Unauthorized');
    case 'scope_missing':
      return say(403, 50001, 'Missing Access');
    case 'bad_request':
      return say(fault.status ?? 400, Number(fault.code) || 50035, fault.message);
    case 'not_found':
      return say(404, 0, '404: Not Found');
    case 'rate_limited':
      return rateLimited(fault.retryAfter);
    case 'unavailable':
      return reply(503, 'upstream connect error');
  }
}

/** Seconds as a float, in the body more exactly than in the header. */
function rateLimited(retryAfter: number): Reply {
  return reply(
    429,
    { message: 'You are being rate limited.', retry_after: retryAfter, global: false },
    {
      'retry-after': String(Math.ceil(retryAfter)),
      'x-ratelimit-limit': '50',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset-after': retryAfter.toFixed(3),
      'x-ratelimit-scope': 'user',
    },
  );
}
