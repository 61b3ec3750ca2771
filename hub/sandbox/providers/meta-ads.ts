/** https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and …/docs/marketing-apis */
import { createHmac } from 'node:crypto';
import { bearerOf } from '../asked.ts';
import { get, limitIn, ok, page, perAccount, post, remove, textOf } from '../calls.ts';
import type { Account, ApiFault, Asked, Call, Issue, Reply, StandIn, TokenFault } from '../stand-in.ts';

const VERSION = '/v26.0';
const MANAGE = ['ads_management'];
const READ = ['ads_read', 'ads_management'];

export const standIn = {
  id: 'meta-ads',
  name: 'Meta Ads',
  accounts: [
    {
      id: '122000000000001',
      name: 'Sandbox One',
      email: 'one@meta.sandbox.example',
      adAccount: '900000000000001',
    },
    {
      id: '122000000000002',
      name: 'Sandbox Two',
      email: 'two@meta.sandbox.example',
      adAccount: '900000000000002',
    },
  ],
  authorize: {
    path: `${VERSION}/dialog/oauth`,
    separator: ',',
    scopes: [
      'ads_read',
      'ads_management',
      'business_management',
      'public_profile',
      'email',
      'leads_retrieval',
      'pages_show_list',
      'pages_read_engagement',
      'pages_manage_ads',
      'read_insights',
    ],
    narrowable: true,
    pkce: false,
    scopeFaultStaysHere: true,
    denial: { error_reason: 'user_denied', error_description: 'Permissions error' },
  },
  token: {
    path: `${VERSION}/oauth/access_token`,
    byQuery: true,
    clientAuthentication: ['post'],
    lifetime: 3600,
    rotation: 'stays',
    exchange: { grantType: 'fb_exchange_token', parameter: 'fb_exchange_token', lifetime: 5_183_944 },
    grantTypeOptional: true,
    forms: {
      access: (random) => `EAAS${random}`,
      refresh: (random) => random,
      code: (random) => `AQ${random}`,
    },
    answer,
    refuse: refuseToken,
  },
  api: {
    // A token in the query is taken as well.
    credential: ({ headers, query }) =>
      bearerOf(headers) ??
      (query['access_token'] ? { token: query['access_token'], scheme: 'Bearer' } : null),
    check: proofFault,
    refuse,
    limits: (used) => ({
      'x-app-usage': JSON.stringify({ call_count: used, total_cputime: 1, total_time: 1 }),
    }),
  },
  staticKey: (random) => `EAASsandbox${random}`,
  endpoints: { revoke: `${VERSION}/me/permissions`, apiBase: VERSION },
  calls,
} satisfies StandIn;

function answer({ parts: [part] }: Issue) {
  return { access_token: part.accessToken, token_type: 'bearer', expires_in: part.expiresIn };
}

/** HMAC-SHA256 of the token by the app's secret. A system user's token may be another app's, so it need not come. */
function proofFault({
  query,
  form,
  appSecret,
  token,
  isStatic,
}: Asked & { token: string; isStatic: boolean }) {
  const fault = (message: string): ApiFault => ({ kind: 'bad_request', code: '100', message });
  const proof = query['appsecret_proof'] ?? form['appsecret_proof'];
  if (proof === undefined)
    return isStatic ? null : fault('API calls from the server require an appsecret_proof argument');
  return proof === createHmac('sha256', appSecret).update(token).digest('hex')
    ? null
    : fault('Invalid appsecret_proof provided in the API argument');
}

type Campaign = { id: string; name: string; status: string; objective: string };

function calls(): Call[] {
  const campaignsOf = perAccount((): Campaign[] => [1, 2].map((n) => campaignOf(n, {})));
  const isOwn = (account: Account, node: string | undefined) => node === `act_${account['adAccount']}`;
  return [
    get(`${VERSION}/me`, {}, ({ account }) => ok({ id: account.id, name: account.name })),
    get(`${VERSION}/me/permissions`, {}, ({ scopes }) =>
      ok({ data: scopes.map((permission) => ({ permission, status: 'granted' })) }),
    ),
    // Takes the app off the user's account, every token with it.
    remove(`${VERSION}/me/permissions`, { revokes: true }, ({ account, tokens }) => {
      tokens.endAccount(account.id);
      return ok({ success: true });
    }),
    get(`${VERSION}/me/adaccounts`, { scopes: READ }, ({ account }) =>
      ok({
        data: [{ account_id: account['adAccount'], id: `act_${account['adAccount']}` }],
        paging: { cursors: { before: '0', after: '1' } },
      }),
    ),
    get(`${VERSION}/:account/campaigns`, { scopes: READ }, ({ account, params, query, refuse: say }) => {
      if (!isOwn(account, params['account'])) return say({ kind: 'not_found' });
      const { items, next } = page(campaignsOf(account), limitIn(query['limit'], 25, 500), query['after']);
      return ok({
        data: items,
        ...(next && { paging: { cursors: { after: next }, next: `?after=${next}` } }),
      });
    }),
    post(
      `${VERSION}/:account/campaigns`,
      { scopes: MANAGE },
      ({ account, params, json, form, refuse: say }) => {
        if (!isOwn(account, params['account'])) return say({ kind: 'not_found' });
        const name = textOf(json, 'name') ?? form['name'];
        if (!name)
          return say({ kind: 'bad_request', code: '100', message: 'The parameter name is required.' });
        const campaign = campaignOf(campaignsOf(account).length + 1, { name, status: 'PAUSED' });
        campaignsOf(account).push(campaign);
        return ok({ id: campaign.id });
      },
    ),
  ];
}

function campaignOf(n: number, given: Partial<Campaign>): Campaign {
  const id = `12000000000000${n}`;
  return { id, name: `Campaign ${n}`, status: 'ACTIVE', objective: 'OUTCOME_TRAFFIC', ...given };
}

function error(
  status: number,
  code: number,
  message: string,
  { subcode, transient = false }: { subcode?: number; transient?: boolean } = {},
  headers?: Record<string, string>,
): Reply {
  return {
    status,
    body: {
      error: {
        message,
        type: 'OAuthException',
        code,
        ...(subcode !== undefined && { error_subcode: subcode }),
        ...(transient && { is_transient: true }),
        fbtrace_id: 'ASandboxTrace',
      },
    },
    ...(headers && { headers }),
  };
}

/** 400 with a code of its own, not 429; the wait is in a header, in minutes. */
function rateLimited(retryAfter: number): Reply {
  const usage = [
    { type: 'ads_management', call_count: 100, estimated_time_to_regain_access: Math.ceil(retryAfter / 60) },
  ];
  return error(
    400,
    80004,
    'There have been too many calls to this ad-account.',
    { subcode: 2446079 },
    {
      'x-business-use-case-usage': JSON.stringify({ '100000000000001': usage }),
    },
  );
}

function refuseToken(fault: TokenFault): Reply {
  switch (fault.kind) {
    case 'client_unknown':
      return error(400, 101, 'Error validating application. Invalid application ID.');
    case 'client_secret_wrong':
      return error(400, 1, 'Error validating client secret.');
    case 'code_unknown':
      return error(400, 100, 'Invalid verification code format.');
    case 'code_expired':
      return error(400, 100, 'This authorization code has expired.', { subcode: 36007 });
    case 'code_used':
      return error(400, 100, 'This authorization code has been used.', { subcode: 36009 });
    case 'redirect_uri_mismatch':
      return error(400, 100, 'Error validating verification code: redirect_uri is not identical.', {
        subcode: 36008,
      });
    case 'exchanged_token_bad':
      return badToken(fault.why);
    case 'rate_limited':
      return rateLimited(fault.retryAfter);
    case 'unavailable':
      return error(503, 2, 'Service temporarily unavailable', { transient: true });
    case 'parameter_missing':
      return error(400, 100, `Missing ${fault.parameter} parameter.`);
    default:
      return error(400, 100, 'Invalid parameter');
  }
}

function badToken(why: 'unknown' | 'expired' | 'revoked'): Reply {
  switch (why) {
    case 'unknown':
      return error(400, 190, 'Invalid OAuth access token - Cannot parse access token');
    case 'expired':
      return error(400, 190, 'Error validating access token: Session has expired.', { subcode: 463 });
    case 'revoked':
      return error(400, 190, 'Error validating access token: The session is invalid.', { subcode: 467 });
  }
}

function refuse(fault: ApiFault): Reply {
  switch (fault.kind) {
    case 'no_token':
      return error(400, 2500, 'An active access token must be used to query information.');
    case 'token_unknown':
      return badToken('unknown');
    case 'token_expired':
      return badToken('expired');
    case 'token_revoked':
      return badToken('revoked');
    case 'scope_missing':
      return error(400, 200, `(#200) Requires ${fault.needed.join(' or ')} permission`);
    case 'bad_request':
      return error(fault.status ?? 400, /^\d+$/.test(fault.code) ? Number(fault.code) : 100, fault.message);
    case 'not_found':
      return error(400, 100, 'Unsupported get request. Object does not exist.', { subcode: 33 });
    case 'rate_limited':
      return rateLimited(fault.retryAfter);
    case 'unavailable':
      return error(503, 2, 'Service temporarily unavailable', { transient: true });
  }
}
