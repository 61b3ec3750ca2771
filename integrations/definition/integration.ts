/**
 * What one integration is: data and small pure functions, nothing of the hub.
 *
 * Every file directly in `integrations/` exports one `integration` of this type and is found by
 * its being there. A provider's quirk is a field or a named function of its own file; nobody
 * outside asks which provider it is.
 */

export type AuthType = 'oauth2' | 'api_key' | 'basic' | 'custom';
export type Category = 'CRM' | 'Email' | 'Marketing' | 'Storage' | 'Communication' | 'Other';
export type JsonSchema = { readonly [key: string]: unknown };

/** URLs an operator put in place of the provider's own (a stand-in, a private cloud, a newer version). */
export type Endpoints = {
  authorizeUrl?: string;
  tokenUrl?: string;
  revokeUrl?: string;
  apiBaseUrl?: string;
  probeUrl?: string;
};

/** The OAuth client registered at the provider, opened from the vault. */
export type App = { clientId: string; clientSecret: string };

/**
 * Everything a token answer gave. `answer` is the whole parsed answer of the provider (its second
 * tokens and webhook addresses included), so all of this is secret and lives in the vault.
 */
export type OAuth2Credentials = {
  type: 'oauth2';
  accessToken: string;
  /** As RFC 6749 §7.1 says it, `Bearer` unless the provider says otherwise. */
  tokenType: string;
  refreshToken: string | null;
  /** RFC 3339, or null where the provider names no lifetime. */
  expiresAt: string | null;
  /** Scopes granted, or null where the answer named none (RFC 6749 §5.1: then as asked). */
  scopes: string[] | null;
  /** Whether the last refresh answered another refresh token than the one it spent; null: there was none yet. */
  rotated: boolean | null;
  answer: Record<string, unknown>;
};

/** A key, a pair or whatever else `credentialSchemas` asks for, field by field. */
export type StaticCredentials = {
  type: Exclude<AuthType, 'oauth2'>;
  fields: Record<string, string>;
};

export type Credentials = OAuth2Credentials | StaticCredentials;

/** What is known of a connection before it has credentials. */
export type Setup = {
  /** The user's configuration, valid against `configSchema`, defaults filled in. */
  config: Record<string, unknown>;
  /** The app's settings, valid against `appSettingsSchema`; secret ones opened. */
  settings: Record<string, unknown>;
  endpoints: Endpoints;
  app: App | null;
};

export type Connected<C extends Credentials = Credentials> = Setup & { credentials: C };

/** A request to a provider; `form` is sent as `application/x-www-form-urlencoded`, `json` as JSON. */
export type OutgoingRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  form?: Record<string, string>;
  json?: unknown;
};

/** One call as it is about to go out. `target`: path and query to the letter; `body` is empty where there is none. */
export type CallToSign = {
  method: string;
  host: string;
  target: string;
  body: Buffer;
  at: Date;
  nonce: string;
};

/** A provider's whole answer. Header names are lower case; `body` is parsed where it is JSON, else the text. */
export type Answer = { status: number; headers: Record<string, string>; body: unknown };

/**
 * What an answer of a provider means, exactly one of seven. Only `credential_revoked` may end a
 * connection. `code` is the provider's own word for it (`invalid_grant`, `AADSTS700082`, `190/460`),
 * short and safe to show; never a free text of the provider's.
 */
export type Verdict =
  | { kind: 'ok' }
  | { kind: 'credential_expired'; code?: string }
  | { kind: 'credential_revoked'; code?: string }
  | { kind: 'permission_missing'; code?: string; missing?: string[] }
  | { kind: 'rate_limited'; code?: string; retryAfterMs?: number }
  | { kind: 'provider_unavailable'; code?: string; retryAfterMs?: number }
  | { kind: 'request_at_fault'; code?: string };

/** A token answer read into OAuth's own words. Lifetimes in seconds. */
export type TokenAnswer = {
  accessToken: string;
  tokenType: string;
  refreshToken: string | null;
  expiresIn: number | null;
  scope: string | null;
};

export type OAuth = {
  authorizeUrl: (setup: Setup) => string;
  tokenUrl: (setup: Setup) => string;
  /** Values of `iss` accepted on the callback (RFC 9207) beside the authorize URL's own origin. */
  issuers?: readonly string[];
  /** Asked for unless the app says otherwise. */
  scopes: readonly string[];
  /** What a scope lets the hub's users do, for people who read no provider's documents. */
  scopeMeanings?: Readonly<Record<string, string>>;
  scopeSeparator: ' ' | ',';
  /** Scopes that the provider grants without naming them in its answer (`offline_access`). */
  unechoedScopes?: readonly string[];
  /** One form of a scope that the provider spells in several ways, for comparing asked with granted. */
  comparableScope?: (scope: string) => string;
  /** PKCE S256 (RFC 7636) is understood. */
  pkce: boolean;
  /** Extra parameters of the authorize URL. */
  authorizeParams?: (setup: Setup) => Record<string, string>;
  /** RFC 6749 §2.3.1. */
  clientAuthentication: 'client_secret_post' | 'client_secret_basic';
  /** How the code is sent to the token endpoint: a form body, unless the provider wants a query. */
  exchangeMethod?: 'GET';
  /** Extra parameters of the code exchange. */
  exchangeParams?: (setup: Setup) => Record<string, string>;
  /** A second request that turns the answer of the exchange into the credentials to keep. */
  upgrade?: (connected: Connected<OAuth2Credentials>) => OutgoingRequest;
  refresh:
    | {
        by: 'refresh_token';
        /** The provider takes the same refresh token again: an unknown outcome may be asked once more. */
        reusable: boolean;
        params?: (connected: Connected<OAuth2Credentials>) => Record<string, string>;
      }
    /** A still valid access token is exchanged for a newer one. */
    | { by: 'access_token'; request: (connected: Connected<OAuth2Credentials>) => OutgoingRequest };
  /** Seconds the access token lasts where the answer says nothing of it; absent: until refused. */
  assumedLifetime?: (setup: Setup) => number | null;
  /** Its words for a code that it never gave, which say that it knew the app; beside `invalid_grant`. */
  unknownCode?: readonly string[];
  /** What an answer of the token endpoint means; the default reads RFC 6749 §5.2. */
  classifyTokenAnswer?: (answer: Answer) => Verdict;
  /** The default reads RFC 6749 §5.1. Null: the answer holds no access token. */
  readTokenAnswer?: (body: unknown) => TokenAnswer | null;
};

/**
 * A call that shows what the API does, harmless to make. `{account.id}`, wherever it is written, stands for the
 * id of the connection's account.
 */
export type Example = {
  id: string;
  title: string;
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: unknown;
};

export type Account = { id: string; name: string };

export type Integration = {
  id: string;
  name: string;
  description: string;
  category: Category;
  /** An SVG document of our own drawing. */
  logo: string;
  status: 'active' | 'beta' | 'deprecated';
  docsUrl: string;
  /** Where an admin registers the OAuth app. */
  consoleUrl?: string;
  /** Where a person finds the API key. */
  keyUrl?: string;
  /** Verb-first words a builder would search for: `send messages`. */
  capabilities: readonly string[];
  configSchema: JsonSchema;
  /** The app's own settings; a property with `writeOnly: true` is secret and sealed. */
  appSettingsSchema?: JsonSchema;
  /** All it accepts; the first is the default. */
  authTypes: readonly [AuthType, ...AuthType[]];
  credentialSchemas: { readonly [T in StaticCredentials['type']]?: JsonSchema };
  oauth?: OAuth;
  /** Host names (`*.` for any one or more labels in front, `:port` behind) that this integration's credentials may be sent to. */
  hosts: readonly string[];
  /** Base of API calls, without a trailing slash. */
  apiBaseUrl: (connected: Connected) => string;
  /** Further bases of the same API (another host for files), by a name that callers choose them by. */
  otherApiBaseUrls?: { readonly [name: string]: (connected: Connected) => string };
  /** What a call carries so that the provider accepts it; the default is `Authorization: Bearer <access token or apiKey>`. */
  authenticate?: (connected: Connected) => {
    headers?: Record<string, string>;
    query?: Record<string, string>;
  };
  /** What a call carries that is made from the call itself (a signature over it), beside `authenticate`. */
  sign?: (
    connected: Connected,
    call: CallToSign,
  ) => { headers: Record<string, string>; query: Record<string, string> };
  /** `sign` reads the body, which therefore has to be there as a whole. */
  signsBody?: boolean;
  /** Headers every call carries beside its credentials. */
  headers?: (connected: Connected) => Record<string, string>;
  /** The cheapest call that proves the credentials; `url` may start with `/`, then it is under `apiBaseUrl`. */
  probe: (connected: Connected) => OutgoingRequest;
  /** Who is connected, from the probe's answer and the credentials; null where neither says. */
  account: (body: unknown, connected: Connected) => Account | null;
  /** What an answer of the API means; the default goes by the status. */
  classify?: (answer: Answer) => Verdict;
  /** A refusal may come with status 200: small JSON answers are read before they are believed. */
  refusesWithin200?: boolean;
  /** Answers repeat the credentials of the call (in links to further pages): they are cut out on the way to the caller. */
  echoesCredentials?: boolean;
  /** At most so many calls of one connection within any such time; kept by all processes of the hub together. */
  rateLimit?: { calls: number; perMs: number };
  /** Where the provider asks to wait, it means the one method and path, not all of the connection's calls. */
  waitsPerPath?: boolean;
  examples?: readonly Example[];
  /** Ends the credentials at the provider; absent or null: the provider has no way. */
  revoke?: (connected: Connected) => OutgoingRequest | null;
};
