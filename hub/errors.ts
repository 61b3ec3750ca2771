/**
 * The one table of errors. Inside, `throw new HubError('CODE', {…})`; `api/problems.ts` turns it into a
 * problem document and `temporal/failures.ts` into an ApplicationFailure. Nobody reads a message.
 */

type Entry = { status: number; retry: boolean; title: string };

export const ERRORS = {
  USAGE_NOT_KEPT: { status: 400, retry: false, title: 'Usage of so long ago is not kept like this' },
  VALIDATION_FAILED: { status: 400, retry: false, title: 'The request is not as the API expects it' },
  MALFORMED_JSON: { status: 400, retry: false, title: 'The body is not valid JSON' },
  UNAUTHENTICATED: {
    status: 401,
    retry: false,
    title: 'A valid API key is needed: send Authorization: Bearer <key>, or sign in',
  },
  SIGN_IN_REFUSED: { status: 401, retry: false, title: 'E-mail address or password is wrong' },
  FORBIDDEN: { status: 403, retry: false, title: 'This key or user may not do that' },
  FOREIGN_ORIGIN: {
    status: 403,
    retry: false,
    title: 'This request came from another site; only the hub’s own pages may use its sessions',
  },
  NOT_FOUND: { status: 404, retry: false, title: 'There is nothing at this address' },
  INTEGRATION_NOT_FOUND: {
    status: 404,
    retry: false,
    title: 'There is no such integration; GET /api/integrations lists them',
  },
  INTEGRATIONS_NOT_READ: {
    status: 503,
    retry: true,
    title: 'The integrations of your own could not be read from the database yet; try again in a moment',
  },
  DEFINITION_INVALID: {
    status: 422,
    retry: false,
    title:
      'This definition of an integration is not right; errors say where, /schemas/integration.json how it is written',
  },
  DISCOVERY_FAILED: {
    status: 422,
    retry: false,
    title:
      'The issuer of this definition does not say where its endpoints are; give authorizeUrl and tokenUrl instead',
  },
  INTEGRATION_EXISTS: {
    status: 409,
    retry: false,
    title:
      'There is an integration with this id; change it with PUT /api/integrations/<id>, or choose another id',
  },
  INTEGRATION_FIXED: {
    status: 409,
    retry: false,
    title:
      'This integration comes with the hub or from a file; only those made with POST /api/integrations change here',
  },
  INTEGRATION_IN_USE: {
    status: 409,
    retry: false,
    title: 'Connections use this integration as it is; disconnect them first',
  },
  CONNECTION_NOT_FOUND: { status: 404, retry: false, title: 'There is no such connection' },
  CLIENT_NOT_FOUND: { status: 404, retry: false, title: 'There is no such client' },
  GRANT_NOT_FOUND: { status: 404, retry: false, title: 'There is no such grant' },
  WEBHOOK_NOT_FOUND: { status: 404, retry: false, title: 'There is no such webhook' },
  DELIVERY_NOT_FOUND: { status: 404, retry: false, title: 'This webhook has no such delivery' },
  USER_NOT_FOUND: { status: 404, retry: false, title: 'There is no such user' },
  INVITATION_NOT_FOUND: {
    status: 404,
    retry: false,
    title: 'This invitation is not known, was used, or has run out; ask for a new one',
  },
  LINK_NOT_FOUND: { status: 404, retry: false, title: 'There is no such connect link' },
  KEY_NOT_FOUND: { status: 404, retry: false, title: 'There is no such API key' },
  APP_NOT_FOUND: { status: 404, retry: false, title: 'No OAuth app is set up for this integration' },
  CONFLICT: {
    status: 409,
    retry: true,
    title: 'Somebody else changed this at the same time; read it again and repeat',
  },
  CONNECTION_DISCONNECTED: {
    status: 409,
    retry: false,
    title: 'This connection has no credentials; reconnect it first',
  },
  CALLS_ARE_SIGNED: {
    status: 409,
    retry: false,
    title:
      'Each call of this connection is signed by itself, so there is nothing to hand out; make calls through the hub',
  },
  LAST_ADMIN_KEY: {
    status: 409,
    retry: false,
    title: 'This is the last admin key; make another before you revoke it',
  },
  LAST_ADMIN: {
    status: 409,
    retry: false,
    title: 'This is the last admin; make somebody else one first',
  },
  USER_EXISTS: {
    status: 409,
    retry: false,
    title: 'There is a user with this e-mail address, or with the id of this invitation; sign in',
  },
  LINK_GONE: {
    status: 410,
    retry: false,
    title: 'This link was used, has run out, or was taken back; ask for a new one',
  },
  WEBHOOK_DISABLED: {
    status: 409,
    retry: false,
    title: 'This webhook is disabled; enable it first with PATCH {"enabled": true}',
  },
  PAYLOAD_TOO_LARGE: { status: 413, retry: false, title: 'The body is larger than this address takes' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retry: false, title: 'Send the body as application/json' },
  AUTH_TYPE_NOT_SUPPORTED: {
    status: 422,
    retry: false,
    title: 'This integration does not take that kind of credentials',
  },
  APP_NOT_CONFIGURED: {
    status: 422,
    retry: false,
    title:
      'No OAuth app is set up for this integration; an admin does that with PUT /api/integrations/:id/app',
  },
  CONFIG_INVALID: {
    status: 422,
    retry: false,
    title: "The configuration does not fit the integration's configSchema",
  },
  CREDENTIALS_INVALID: {
    status: 422,
    retry: false,
    title: "The credentials do not fit the integration's credentialSchemas",
  },
  SETTINGS_INVALID: {
    status: 422,
    retry: false,
    title: "The settings do not fit the integration's app settings",
  },
  ENDPOINT_NOT_ALLOWED: {
    status: 422,
    retry: false,
    title:
      'The hub may not call this address: use https and a public host, or set HUB_ALLOW_PRIVATE_NETWORK=on',
  },
  RETURN_URL_NOT_ALLOWED: {
    status: 422,
    retry: false,
    title: 'returnUrl points to an origin that is not allowed; an operator adds it to HUB_RETURN_ORIGINS',
  },
  REDIRECT_URI_NOT_ALLOWED: {
    status: 422,
    retry: false,
    title: 'A redirect URI is absolute, https (http on this machine only) and without a fragment',
  },
  CREDENTIALS_REJECTED: { status: 422, retry: false, title: 'The provider refuses these credentials' },
  REAUTHORIZATION_REQUIRED: {
    status: 409,
    retry: false,
    title: 'The provider no longer accepts this connection; reconnect it',
  },
  REFRESH_OUTCOME_UNKNOWN: {
    status: 409,
    retry: false,
    title: 'A refresh was sent and its answer lost; reconnect this connection',
  },
  PATH_NOT_ALLOWED: {
    status: 422,
    retry: false,
    title: "The path must stay under the API's base address",
  },
  API_BASE_NOT_FOUND: {
    status: 422,
    retry: false,
    title: 'The integration has no API base of that name',
  },
  INTEGRATION_MISMATCH: {
    status: 422,
    retry: false,
    title: 'This connection is of another integration than the one that was asked for',
  },
  RATE_LIMITED: { status: 429, retry: true, title: 'Too many requests; wait as Retry-After says' },
  CONNECTION_RATE_LIMITED: {
    status: 429,
    retry: true,
    title: 'The provider wants this connection to wait as Retry-After says; nothing was sent',
  },
  PROVIDER_REFUSED_REQUEST: {
    status: 502,
    retry: false,
    title:
      'The provider refused the request; the OAuth app or the configuration is at fault, not the connection',
  },
  PROVIDER_UNAVAILABLE: {
    status: 503,
    retry: true,
    title: 'The provider does not answer as it should; the connection is kept, try again later',
  },
  PROVIDER_RATE_LIMITED: {
    status: 503,
    retry: true,
    title: 'The provider asks to wait; the connection is kept, try again later',
  },
  SIGN_ON_UNAVAILABLE: {
    status: 503,
    retry: true,
    title: 'Single sign-on does not answer as it should; try again, or sign in with a password',
  },
  PROVIDER_ANSWER_LOST: {
    status: 504,
    retry: false,
    title:
      'The request was sent and the provider gave no whole answer; it may have been carried out, so look before you repeat it',
  },
  TEMPORAL_UNAVAILABLE: {
    status: 503,
    retry: true,
    title: 'The workflow service does not answer; try again shortly',
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    retry: true,
    title: 'The database does not answer; try again shortly',
  },
  ENCRYPTION_KEY_MISSING: {
    status: 500,
    retry: false,
    title: 'This was sealed with a key that HUB_ENCRYPTION_KEYS does not name',
  },
  ENCRYPTION_KEY_WRONG: {
    status: 500,
    retry: false,
    title:
      'A key of HUB_ENCRYPTION_KEYS has the right id but is not the key this was sealed with, or the row was tampered with',
  },
  AUDIT_KEY_LOST: {
    status: 500,
    retry: false,
    title: 'The audit log has lost its key: the row of audit_keys is gone; restore it from a backup',
  },
  INTERNAL: { status: 500, retry: true, title: 'The hub failed; its log says why' },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof ERRORS;
export type FieldError = { path: string; message: string };
type Details = {
  detail?: string;
  errors?: FieldError[];
  retryAfterMs?: number;
  /** It is there, and somebody else's: the answer does not tell the two apart, the audit log does. */
  foreign?: boolean;
  cause?: unknown;
};

/** `detail` is shown to callers: facts only, never a secret, never a provider's free text. */
export class HubError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly retry: boolean;
  readonly detail: string | undefined;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterMs: number | undefined;
  readonly foreign: boolean;

  constructor(code: ErrorCode, details: Details = {}) {
    super(details.detail ? `${ERRORS[code].title}: ${details.detail}` : ERRORS[code].title, {
      cause: details.cause,
    });
    this.name = 'HubError';
    this.code = code;
    this.status = ERRORS[code].status;
    this.retry = ERRORS[code].retry;
    this.detail = details.detail;
    this.errors = details.errors;
    this.retryAfterMs = details.retryAfterMs;
    this.foreign = details.foreign ?? false;
  }
}

export function isHubError(error: unknown): error is HubError {
  return error instanceof HubError;
}

export function assertNever(value: never): never {
  throw new HubError('INTERNAL', { detail: `unexpected ${JSON.stringify(value)}` });
}
