/** https://docs.slack.dev/authentication/installing-with-oauth and …/using-token-rotation */
import { bearerOf } from '../asked.ts';
import { get, limitIn, ok, page, perAccount, post, reply, textOf } from '../calls.ts';
import type {
  Account,
  ApiFault,
  Asked,
  Call,
  CallContext,
  Issue,
  IssuedPart,
  Reply,
  StandIn,
  TokenFault,
} from '../stand-in.ts';

export const standIn = {
  id: 'slack',
  name: 'Slack',
  accounts: [
    {
      id: 'T00SANDBOX1',
      name: 'Sandbox One',
      email: 'one@slack.sandbox.example',
      userId: 'U00SANDBOX1',
      botUserId: 'U00SANDBOT1',
    },
    {
      id: 'T00SANDBOX2',
      name: 'Sandbox Two',
      email: 'two@slack.sandbox.example',
      userId: 'U00SANDBOX2',
      botUserId: 'U00SANDBOT2',
    },
  ],
  authorize: {
    path: '/oauth/v2/authorize',
    separator: ',',
    userScopeParam: 'user_scope',
    scopes: [
      /^(channels|groups|im|mpim):(history|join|manage|read|write|write\.invites|write\.topic)$/,
      /^(files|pins|reactions|bookmarks|reminders|usergroups|dnd|emoji|stars|links|metadata\.message):(read|write)$/,
      /^chat:write(\.public|\.customize)?$/,
      /^users(\.profile)?:(read|write|read\.email)$/,
      /^(team|search|identity\.basic|identity\.email):?(read)?$/,
      'app_mentions:read',
      'commands',
      'incoming-webhook',
      'assistant:write',
    ],
    narrowable: false,
    pkce: false,
    scopeFaultStaysHere: true,
    extras: webhookOf,
  },
  token: {
    path: '/api/oauth.v2.access',
    clientAuthentication: ['post', 'basic'],
    lifetime: 43_200,
    rotation: 'single_use',
    grantTypeOptional: true,
    forms: {
      access: (random, kind, rotates) => {
        const prefix = kind === 'user' ? 'xoxp' : 'xoxb';
        return rotates ? `xoxe.${prefix}-1-${random}` : `${prefix}-${random}`;
      },
      refresh: (random) => `xoxe-1-${random}`,
      code: (random) => `100000000001.${random}`,
    },
    answer,
    refuse: refuseToken,
  },
  api: {
    // In the header, or as an argument of the form.
    credential: ({ headers, form }) =>
      bearerOf(headers) ?? (form['token'] ? { token: form['token'], scheme: 'Bearer' } : null),
    refuse,
  },
  staticKey: (random) => `xoxb-sandbox-${random}`,
  endpoints: { revoke: '/api/auth.revoke', apiBase: '/api' },
  calls,
} satisfies StandIn;

function webhookOf({ scopes, account }: { scopes: readonly string[]; account: Account }) {
  if (!scopes.includes('incoming-webhook')) return {};
  return {
    incoming_webhook: {
      channel: '#general',
      channel_id: 'C00SANDBOX1',
      configuration_url: `https://${account.id.toLowerCase()}.slack.invalid/services/B00SANDBOX1`,
      url: `https://hooks.slack.invalid/services/${account.id}/B00SANDBOX1/${crypto.randomUUID()}`,
    },
  };
}

/**
 * The bot's token at the top, the user's in `authed_user`. Each has a refresh token of its own; a refresh
 * of the user's puts that one at the top.
 */
function answer({ account, grantType, parts, extras }: Issue) {
  const [first] = parts;
  const user = parts.find(({ kind }) => kind === 'user');
  const isRefresh = grantType === 'refresh_token';
  const top = isRefresh ? first : parts.find(({ kind }) => kind === 'main');
  return {
    ok: true,
    app_id: 'A00SANDBOX1',
    ...(top && { ...tokenFields(top), token_type: top.kind === 'user' ? 'user' : 'bot' }),
    ...(top?.kind === 'main' && { bot_user_id: account['botUserId'] }),
    team: { id: account.id, name: account.name },
    enterprise: null,
    is_enterprise_install: false,
    ...(!isRefresh && {
      authed_user: { id: account['userId'], ...(user && { ...tokenFields(user), token_type: 'user' }) },
      ...extras,
    }),
  };
}

function tokenFields({ scopes, accessToken, refreshToken, expiresIn }: IssuedPart) {
  return {
    scope: scopes.join(','),
    access_token: accessToken,
    ...(refreshToken !== null && { refresh_token: refreshToken }),
    ...(expiresIn !== null && { expires_in: expiresIn }),
  };
}

type Message = { type: 'message'; ts: string; user: string; text: string };
const CHANNELS = ['general', 'random', 'sandbox'].map((name, i) => ({
  id: `C00SANDBOX${i + 1}`,
  name,
  is_channel: true,
  is_member: true,
  is_archived: false,
}));

function calls(): Call[] {
  const messagesOf = perAccount(() => new Map<string, Message[]>());
  let clock = 1_760_000_000;
  const channelOf = (id: string | undefined) =>
    CHANNELS.find((channel) => channel.id === id || channel.name === id?.replace(/^#/, ''));

  return [
    get('/api/auth.test', {}, authTest),
    post('/api/auth.test', {}, authTest),
    get('/api/auth.revoke', { revokes: true }, authRevoke),
    post('/api/auth.revoke', { revokes: true }, authRevoke),
    get('/api/conversations.list', { scopes: ['channels:read'] }, ({ query }) => listChannels(query)),
    post('/api/conversations.list', { scopes: ['channels:read'] }, ({ form, json }) =>
      listChannels({ ...stringsOf(json), ...form }),
    ),
    get('/api/conversations.history', { scopes: ['channels:history'] }, ({ account, query, refuse: say }) => {
      const channel = channelOf(query['channel']);
      if (!channel) return say({ kind: 'bad_request', code: 'channel_not_found', message: '' });
      const messages = messagesOf(account).get(channel.id) ?? [];
      return ok({ ok: true, messages: [...messages].reverse(), has_more: false });
    }),
    post('/api/chat.postMessage', { scopes: ['chat:write'] }, ({ account, json, form, refuse: say }) => {
      const channel = channelOf(textOf(json, 'channel') ?? form['channel']);
      const text = textOf(json, 'text') ?? form['text'];
      if (!channel) return say({ kind: 'bad_request', code: 'channel_not_found', message: '' });
      if (!text) return say({ kind: 'bad_request', code: 'no_text', message: '' });
      const ts = `${clock++}.000100`;
      const message: Message = { type: 'message', ts, user: account['botUserId'] ?? '', text };
      messagesOf(account).set(channel.id, [...(messagesOf(account).get(channel.id) ?? []), message]);
      return ok({ ok: true, channel: channel.id, ts, message });
    }),
  ];
}

function authTest({ account, token, base }: CallContext): Reply {
  const isUser = token.includes('xoxp');
  return ok({
    ok: true,
    url: `${base}/`,
    team: account.name,
    user: isUser ? 'sandbox' : 'sandbox_bot',
    team_id: account.id,
    user_id: isUser ? account['userId'] : account['botUserId'],
    ...(!isUser && { bot_id: 'B00SANDBOX1' }),
    is_enterprise_install: false,
  });
}

function authRevoke({ token, tokens }: CallContext): Reply {
  return ok({ ok: true, revoked: tokens.endGrantOf(token) });
}

function listChannels(query: { readonly [name: string]: string }): Reply {
  const { items, next } = page(CHANNELS, limitIn(query['limit'], 100, 1000), query['cursor']);
  return ok({ ok: true, channels: items, response_metadata: { next_cursor: next ?? '' } });
}

function stringsOf(json: CallContext['json']): Record<string, string> {
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, String(value)]));
}

/** 200 to everything but a rate limit and an outage: only `ok` tells. */
function no(error: string, more: object = {}): Reply {
  return ok({ ok: false, error, ...more });
}

function refuseToken(fault: TokenFault): Reply {
  switch (fault.kind) {
    case 'client_unknown':
      return no('invalid_client_id');
    case 'client_secret_wrong':
      return no('bad_client_secret');
    case 'grant_type_unsupported':
      return no('invalid_grant_type');
    case 'code_used':
      return no('code_already_used');
    case 'code_unknown':
    case 'code_expired':
      return no('invalid_code');
    case 'redirect_uri_mismatch':
      return no('bad_redirect_uri');
    case 'refresh_token_unknown':
    case 'refresh_token_revoked':
    case 'refresh_token_spent':
    case 'refresh_token_expired':
      return no('invalid_refresh_token');
    case 'parameter_missing':
      return no(fault.parameter === 'redirect_uri' ? 'bad_redirect_uri' : 'invalid_arguments');
    case 'rate_limited':
      return rateLimited(fault.retryAfter);
    case 'unavailable':
      return reply(503, { ok: false, error: 'service_unavailable' });
    default:
      return no('invalid_arguments');
  }
}

function refuse(fault: ApiFault, { path }: Asked): Reply {
  switch (fault.kind) {
    case 'no_token':
      return no('not_authed');
    case 'token_unknown':
      return no('invalid_auth');
    case 'token_expired':
      return no('token_expired');
    case 'token_revoked':
      return no('token_revoked');
    case 'scope_missing':
      return no('missing_scope', { needed: fault.needed.join(','), provided: fault.provided.join(',') });
    case 'bad_request':
      return no(fault.code.toLowerCase());
    case 'not_found':
      return no('unknown_method', { req_method: path.slice(path.lastIndexOf('/') + 1) });
    case 'rate_limited':
      return rateLimited(fault.retryAfter);
    case 'unavailable':
      return reply(503, { ok: false, error: 'service_unavailable' });
  }
}

function rateLimited(retryAfter: number): Reply {
  return reply(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(Math.ceil(retryAfter)) });
}
