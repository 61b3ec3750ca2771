/**
 * What one stand-in is: the provider's own manner as data and small functions. Everything they share
 * (codes, grants, rotation, reuse detection, switches, the ledger) is the sandbox's.
 *
 * A file in `providers/` that exports one `standIn` of this type is found by its being there.
 */
import type { IncomingHttpHeaders } from 'node:http';

export type StandIn = {
  /** Also the first segment of every path: `/<id>/…`. */
  id: string;
  /** The real provider's name, for pages that say it is not this one. */
  name: string;
  /** Who can consent. The first is taken where nobody is asked. */
  accounts: readonly [Account, Account];
  authorize: AuthorizeManner;
  token: TokenManner;
  api: ApiManner;
  /** A key made by hand at the provider, in its own form, from random characters; absent: there is none. */
  staticKey?: (random: string) => string;
  /** The app's own settings, as the hub's app wants them. */
  settings?: (own: { staticKey: string | null; random: string }) => Record<string, string>;
  /** Paths under `/<id>` of what the hub can override. */
  endpoints: { revoke?: string; apiBase?: string };
  /** Called anew at every reset, so that in-memory data kept in its closure starts over. */
  calls: (own: { random: string }) => Call[];
};

export type Account = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly [field: string]: string;
};

/** A string is sent as it is, `null` as an empty body, everything else as JSON. */
export type Reply = { status: number; headers?: Record<string, string>; body: unknown };

// --- Authorization endpoint -------------------------------------------------------------------

export type AuthorizeManner = {
  path: string;
  separator: ' ' | ',';
  /** The scopes the provider knows; anything else is refused. */
  scopes: readonly (string | RegExp)[];
  /** The user may untick single scopes. */
  narrowable: boolean;
  /** PKCE (RFC 7636) is understood; elsewhere its parameters are ignored, as the real ones do. */
  pkce: boolean;
  /** Second scope parameters beside `scope`: Slack's `user_scope` (another token), HubSpot's `optional_scope`. */
  userScopeParam?: string;
  optionalScopeParam?: string;
  /** An unknown scope ends on a page of the provider, not at the client. */
  scopeFaultStaysHere?: boolean;
  /** Whether a refresh token comes of it; absent: always. `first`: the account has no such grant yet. */
  refreshable?: (asked: { query: Params; scopes: readonly string[]; first: boolean }) => boolean;
  /** `iss` (RFC 9207) is sent. */
  sendsIssuer?: boolean;
  /** Beside `error=access_denied` and `state`. */
  denial?: Params;
  /** Beside `code` and `state`. */
  callback?: (given: { scopes: readonly string[]; account: Account; query: Params }) => Params;
  /** What the token answer will tell of this consent (a guild, a webhook). */
  extras?: (given: { scopes: readonly string[]; account: Account; query: Params }) => Record<string, unknown>;
};

export type Params = { readonly [name: string]: string };

// --- Token endpoint ---------------------------------------------------------------------------

export type TokenManner = {
  path: string;
  /** Older addresses of the same endpoint. */
  aliases?: readonly string[];
  /** GET as well as POST: the parameters are then read from the query. */
  byQuery?: boolean;
  clientAuthentication: readonly ('post' | 'basic')[];
  /** Seconds; null: the token ends only by revocation, or `POST …/expire`. */
  lifetime: number | null;
  /** Seconds; absent: refresh tokens do not expire. */
  refreshLifetime?: number;
  rotation: Rotation;
  /** A refresh without rotation answers the refresh token it was asked with. */
  echoesRefreshToken?: boolean;
  /** A grant by another parameter than a refresh token: a still valid access token for a newer one. */
  exchange?: { grantType: string; parameter: string; lifetime: number };
  /** A request without `grant_type` redeems a code. */
  grantTypeOptional?: boolean;
  forms: {
    /** `rotates`: with a lifetime and a refresh token; Slack's tokens look different then. */
    access: (random: string, kind: string, rotates: boolean) => string;
    refresh: (random: string, kind: string) => string;
    code: (random: string) => string;
  };
  /** What this provider wants beside RFC 6749's parameters. */
  check?: (params: Params) => TokenFault | null;
  answer: (issue: Issue) => Record<string, unknown>;
  refuse: (fault: TokenFault) => Reply;
};

/**
 * - `stays`: the same refresh token again and again
 * - `single_use`: each refresh answers a new one; the old one used again ends its whole family
 * - `tolerant`: each refresh answers a new one; the old one still works
 * - `off`: no refresh tokens and no lifetime at all (Slack without token rotation)
 */
export type Rotation = 'stays' | 'single_use' | 'tolerant' | 'off';

export type TokenFault =
  | { kind: 'malformed'; detail: string }
  | { kind: 'parameter_missing'; parameter: string }
  | { kind: 'grant_type_unsupported' }
  | { kind: 'client_unknown' | 'client_secret_wrong' }
  | { kind: 'code_unknown' | 'code_expired' | 'code_used' | 'redirect_uri_mismatch' | 'pkce_failed' }
  | { kind: 'refresh_token_unknown' | 'refresh_token_revoked' }
  | { kind: 'refresh_token_spent' | 'refresh_token_expired' }
  | { kind: 'exchanged_token_bad'; why: 'unknown' | 'expired' | 'revoked' }
  | { kind: 'scope_not_granted' }
  | { kind: 'rate_limited'; retryAfter: number }
  | { kind: 'unavailable' };

/** What the sandbox has issued and the stand-in puts into its own words. */
export type Issue = {
  grantType: 'authorization_code' | 'refresh_token' | 'exchange';
  account: Account;
  /** The first is the token of the answer; more only where one consent gives several (Slack). */
  parts: readonly [IssuedPart, ...IssuedPart[]];
  extras: Readonly<Record<string, unknown>>;
  params: Params;
  clientId: string;
  clientSecret: string;
  /** `http://localhost:<port>/<id>` */
  base: string;
  now: number;
};

export type IssuedPart = {
  kind: string;
  scopes: readonly string[];
  accessToken: string;
  refreshToken: string | null;
  expiresIn: number | null;
  refreshExpiresIn: number | null;
};

// --- API --------------------------------------------------------------------------------------

export type ApiManner = {
  /** Where a call carries its token; the default is `Authorization: Bearer`. `scheme` as written. */
  credential?: (call: Asked) => { token: string; scheme: string } | null;
  /** Refuses a call before its token is looked at (a missing header). */
  precheck?: (call: Asked) => ApiFault | null;
  /** Refuses a call whose token is good (a wrong proof, the wrong scheme for this token). */
  check?: (call: Asked & { token: string; scheme: string; isStatic: boolean }) => ApiFault | null;
  refuse: (fault: ApiFault, call: Asked) => Reply;
  /** Rate limit headers; `used` calls in the current window. */
  limits?: (used: number, call: Asked) => Record<string, string>;
};

export type ApiFault =
  | { kind: 'no_token' | 'token_unknown' | 'token_expired' | 'token_revoked' }
  | { kind: 'scope_missing'; needed: readonly string[]; provided: readonly string[] }
  /** The provider's own word and sentence for a fault of the request. */
  | { kind: 'bad_request'; status?: number; code: string; message: string }
  | { kind: 'not_found'; what?: string }
  | { kind: 'rate_limited'; retryAfter: number }
  | { kind: 'unavailable' };

export type Asked = {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  query: Params;
  form: Params;
  appSecret: string;
  /** What this sandbox's keys of the stand-in are made of. */
  random: string;
};

export type Call = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A Fastify path under `/<id>`; a colon that is part of it is written twice. */
  path: string;
  /** Any one of these lets the call through; none: every token does. */
  scopes?: readonly string[];
  /** `token` unless said otherwise; `client`: the app's id and secret; `none`: anybody. */
  auth?: 'token' | 'client' | 'none';
  /** It ends tokens: the switch `revoke` works on it. */
  revokes?: boolean;
  answer: (call: CallContext) => Reply;
};

export type CallContext = Asked & {
  /** The first account where the call is made without a token. */
  account: Account;
  token: string;
  scopes: readonly string[];
  isStatic: boolean;
  expiresAt: number | null;
  params: Params;
  json: Readonly<Record<string, unknown>>;
  body: Buffer;
  clientId: string;
  base: string;
  tokens: TokenDesk;
  refuse: (fault: ApiFault) => Reply;
};

/** What a call may do to tokens; each `end…` says whether there was anything to end. */
export type TokenDesk = {
  lookUp: (token: string) => {
    kind: 'access' | 'refresh';
    active: boolean;
    account: Account;
    scopes: string[];
    expiresAt: number | null;
  } | null;
  /** This one token. */
  endToken: (token: string) => boolean;
  /** The token's whole family. */
  endGrantOf: (token: string) => boolean;
  endAccount: (accountId: string) => boolean;
};
