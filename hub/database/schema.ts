/** The tables. What is sealed is named so; everything else may be read by whoever may read the database. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { ServerMetadata } from '../definitions/discovery.ts';
import { at, sealed } from './columns.ts';

export * from './account-tables.ts';
export * from './audit-tables.ts';

export type StatusReason = { code: ReasonCode; message: string; since: string; nextAttemptAt?: string };
export type ReasonCode =
  | 'AWAITING_AUTHORIZATION'
  | 'AUTHORIZATION_DENIED'
  | 'AUTHORIZATION_EXPIRED'
  | 'AUTHORIZATION_FAILED'
  | 'CREDENTIAL_REVOKED'
  | 'CREDENTIAL_EXPIRED'
  | 'PERMISSION_MISSING'
  | 'PROVIDER_UNAVAILABLE'
  | 'RATE_LIMITED'
  | 'RECONNECTING'
  | 'REFRESH_OUTCOME_UNKNOWN'
  | 'DISCONNECTED_BY_USER';

/** What may be known of credentials without the secret. */
export type CredentialFacts = {
  type: 'oauth2' | 'api_key' | 'basic' | 'custom';
  scopes: string[];
  missingScopes: string[];
  expiresAt: string | null;
  refreshable: boolean;
  version: number;
  updatedAt: string;
};

export const apps = pgTable('apps', {
  integrationId: text('integration_id').primaryKey(),
  clientId: text('client_id').notNull(),
  /** Envelope of `{clientSecret, settings: {secret ones}}` at `apps/<integrationId>/secrets`. */
  sealedSecrets: sealed('sealed_secrets').notNull(),
  scopes: jsonb('scopes').$type<string[]>(),
  settings: jsonb('settings').$type<Record<string, unknown>>().notNull().default({}),
  endpoints: jsonb('endpoints').$type<Record<string, string>>().notNull().default({}),
  sandbox: boolean('sandbox').notNull().default(false),
  createdAt: at('created_at').notNull().defaultNow(),
  updatedAt: at('updated_at').notNull().defaultNow(),
});

/** Integrations of somebody's own. A deleted one stays for connections that are left of it, but is offered to nobody. */
export const integrations = pgTable('integrations', {
  id: text('id').primaryKey(),
  /** A Definition (hub/definitions/schema.ts), as it was written; `json` keeps the order of its fields. */
  definition: json('definition').$type<Record<string, unknown>>().notNull(),
  version: integer('version').notNull().default(1),
  deletedAt: at('deleted_at'),
  createdAt: at('created_at').notNull().defaultNow(),
  updatedAt: at('updated_at').notNull().defaultNow(),
});

/** What issuers say of themselves (RFC 8414). */
export const discoveries = pgTable('discoveries', {
  issuer: text('issuer').primaryKey(),
  metadata: jsonb('metadata').$type<ServerMetadata>().notNull(),
  discoveredAt: at('discovered_at').notNull().defaultNow(),
});

export const connections = pgTable(
  'connections',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    integrationId: text('integration_id').notNull(),
    authType: text('auth_type').$type<CredentialFacts['type']>().notNull(),
    name: text('name').notNull(),
    status: text('status').$type<'connected' | 'disconnected' | 'error'>().notNull(),
    statusReason: jsonb('status_reason').$type<StatusReason>(),
    config: jsonb('config').$type<Record<string, unknown>>().notNull(),
    account: jsonb('account').$type<{ id: string; name: string }>(),

    /** Envelope of Credentials at `connections/<id>/credentials`; null: there are none. */
    sealedCredentials: sealed('sealed_credentials'),
    /** Goes up by one with every change of the credentials, their removal included. Guards every write of them. */
    version: integer('version').notNull().default(0),
    scopes: jsonb('scopes').$type<string[]>().notNull().default([]),
    missingScopes: jsonb('missing_scopes').$type<string[]>().notNull().default([]),
    expiresAt: at('expires_at'),
    refreshable: boolean('refreshable').notNull().default(false),
    credentialsUpdatedAt: at('credentials_updated_at'),
    /** When the sweep should refresh it: expiry less margin and jitter; null: never. */
    refreshDueAt: at('refresh_due_at'),
    /** When the sweep should try them at the provider; null: there are none, or they wait for the user. */
    healthDueAt: at('health_due_at'),

    /** The claim to refresh: who holds it, a number that only grows, until when. */
    leaseId: text('lease_id'),
    leaseFence: bigint('lease_fence', { mode: 'number' }).notNull().default(0),
    leaseExpiresAt: at('lease_expires_at'),
    /** The version whose refresh token was about to be sent; null: no token request is unaccounted for. */
    intentVersion: integer('intent_version'),

    lastHealthCheck: jsonb('last_health_check').$type<HealthCheck>(),
    lastUsed: at('last_used'),
    /** Until then its requests are kept to be looked at. */
    debugUntil: at('debug_until'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('connections_by_user').on(table.userId, table.id),
    index('connections_by_integration').on(table.integrationId, table.id),
    // In the order in which the sweeps page through what is due.
    index('connections_refresh_due')
      .on(table.refreshDueAt, table.id)
      .where(sql`${table.refreshDueAt} is not null`),
    index('connections_health_due')
      .on(table.healthDueAt, table.id)
      .where(sql`${table.healthDueAt} is not null`),
  ],
);

/**
 * One host of a provider, as all processes know it. A row is made with the first trouble.
 *
 *   closed ──several connections in a row had no answer──▶ open ──one probe at a time, ever more seldom──▶ closed
 */
export const circuits = pgTable(
  'circuits',
  {
    integrationId: text('integration_id').notNull(),
    host: text('host').notNull(),
    /** Different connections that had no answer since the last good one; no more than open it. */
    failedConnections: text('failed_connections')
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** Null: closed. */
    openedAt: at('opened_at'),
    /** Probes since it opened. */
    attempts: integer('attempts').notNull().default(0),
    /** Whoever moves it on is the one that asks. */
    nextAttemptAt: at('next_attempt_at'),
    /** The provider asked to wait until then. */
    pausedUntil: at('paused_until'),
  },
  (table) => [primaryKey({ columns: [table.integrationId, table.host] })],
);

/** What was counted by all processes, for the metrics; numbers only grow. */
export const tallies = pgTable(
  'tallies',
  {
    kind: text('kind').$type<'refresh' | 'probe'>().notNull(),
    integrationId: text('integration_id').notNull(),
    outcome: text('outcome').notNull(),
    count: bigint('count', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.integrationId, table.outcome] })],
);

export type HealthCheck = { at: string; ok: boolean; outcome: string; latencyMs: number };

export type ConnectionDraft = {
  userId: string;
  integrationId: string;
  authType: CredentialFacts['type'];
  name: string;
  config: Record<string, unknown>;
};

/** One walk through consent, or one verification of credentials that were typed in. */
export const authorizations = pgTable(
  'authorizations',
  {
    id: text('id').primaryKey(),
    /** No foreign key: while typed-in credentials are verified there is no connection yet. */
    connectionId: text('connection_id').notNull(),
    status: text('status')
      .$type<'pending' | 'redirected' | 'answered' | 'succeeded' | 'failed'>()
      .notNull()
      .default('pending'),
    /** Why it failed: one of the authorization reasons, or `superseded`. */
    failure: text('failure'),
    ticketHash: text('ticket_hash'),
    stateHash: text('state_hash'),
    browserHash: text('browser_hash'),
    /** Envelope at `authorizations/<id>/session`: grant's session (state, PKCE verifier). */
    sealedSession: sealed('sealed_session'),
    /** Envelope at `authorizations/<id>/answer`: what the callback brought. */
    sealedAnswer: sealed('sealed_answer'),
    /** Envelope at `authorizations/<id>/credentials`: exchanged or typed in, not yet the connection's. */
    sealedCredentials: sealed('sealed_credentials'),
    /** The code was, or is about to be, sent: it is never sent a second time. */
    exchangeStartedAt: at('exchange_started_at'),
    /** The connection to be, where typed-in credentials are verified before it is made. */
    draft: jsonb('draft').$type<ConnectionDraft>(),
    returnUrl: text('return_url'),
    /** What is asked for at the provider; null: what its app asks for. */
    scopes: text('scopes').array(),
    expiresAt: at('expires_at').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('authorizations_by_ticket').on(table.ticketHash),
    uniqueIndex('authorizations_by_state').on(table.stateHash),
    index('authorizations_by_connection').on(table.connectionId),
    index('authorizations_by_expiry').on(table.expiresAt),
  ],
);

/** Credentials that are no longer used here and still to be ended at the provider; gone when that is done. */
export const revocations = pgTable(
  'revocations',
  {
    id: text('id').primaryKey(),
    connectionId: text('connection_id').notNull(),
    integrationId: text('integration_id').notNull(),
    config: jsonb('config').$type<Record<string, unknown>>().notNull(),
    /** Envelope at `revocations/<id>/credentials`. */
    sealedCredentials: sealed('sealed_credentials').notNull(),
    giveUpAt: at('give_up_at').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [index('revocations_by_connection').on(table.connectionId)],
);

export const EVENT_TYPES = [
  'connection.created',
  'connection.connected',
  'connection.refreshed',
  'connection.health_changed',
  'connection.error',
  'connection.reconnecting',
  'connection.recovered',
  'connection.reauthorization_required',
  'connection.disconnected',
  'connection.config_changed',
  'connection.credentials_rotated',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** They happen all day, to every connection: in the event log alone, and there for a time. */
const ROUTINE_EVENTS = [
  'connection.refreshed',
  'connection.health_changed',
  'connection.reconnecting',
] as const satisfies EventType[];
/** As PostgreSQL writes it; a parameter would not be seen to be what the index is for. */
export const ROUTINE_TYPES = sql.raw(`(${ROUTINE_EVENTS.map((type) => `'${type}'`).join(', ')})`);

/** What happened, written in the transaction that made it so. */
export const events = pgTable(
  'events',
  {
    sequence: bigserial('sequence', { mode: 'number' }).primaryKey(),
    id: text('id').notNull().unique(),
    type: text('type').$type<EventType>().notNull(),
    connectionId: text('connection_id').notNull(),
    integrationId: text('integration_id').notNull(),
    userId: text('user_id').notNull(),
    at: at('at').notNull().defaultNow(),
    reason: text('reason'),
    workflowId: text('workflow_id'),
    runId: text('run_id'),
  },
  (table) => [
    index('events_by_connection').on(table.connectionId, table.sequence),
    index('events_by_user').on(table.userId, table.sequence),
    index('events_routine')
      .on(table.at)
      .where(sql`${table.type} in ${ROUTINE_TYPES}`),
  ],
);

/** Until when calls of a connection are not sent, because its provider asked to wait. */
export const rateBlocks = pgTable(
  'rate_blocks',
  {
    connectionId: text('connection_id').notNull(),
    /** SHA-256 of the method and path that it holds for; empty: of all calls. */
    scope: text('scope').notNull(),
    until: at('until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.connectionId, table.scope] })],
);

/** Calls lately allowed to a connection whose provider has a declared limit: `[slot, calls]`, oldest first. */
export const rateBudgets = pgTable('rate_budgets', {
  connectionId: text('connection_id').primaryKey(),
  slots: jsonb('slots').$type<[slot: number, calls: number][]>().notNull(),
});

export const apiKeys = pgTable('api_keys', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  role: text('role').$type<'admin' | 'operator' | 'builder'>().notNull(),
  userId: text('user_id').notNull(),
  /** SHA-256 in hex; the keys are random and long, so a slow hash would only slow every request. */
  keyHash: text('key_hash').notNull().unique(),
  createdAt: at('created_at').notNull().defaultNow(),
  lastUsed: at('last_used'),
  revokedAt: at('revoked_at'),
});

/** Who may ask for connections' tokens by OAuth: RFC 6749 §2. The client `n8n` is of the configuration and has no row. */
export const clients = pgTable('clients', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  userId: text('user_id').notNull(),
  /** SHA-256 in hex; null: a public client, which proves itself by PKCE. */
  secretHash: text('secret_hash'),
  redirectUris: jsonb('redirect_uris').$type<string[]>().notNull(),
  /** The one integration it asks for; null: it says so itself. */
  integrationId: text('integration_id'),
  /** The one connection it may use without anybody present (client credentials). */
  connectionId: text('connection_id'),
  createdAt: at('created_at').notNull().defaultNow(),
});

/** An authorization request (RFC 6749 §4.1.1) on its way through sign-in, choice and consent. */
export const clientRequests = pgTable(
  'client_requests',
  {
    id: text('id').primaryKey(),
    clientId: text('client_id').notNull(),
    integrationId: text('integration_id').notNull(),
    redirectUri: text('redirect_uri').notNull(),
    state: text('state'),
    codeChallenge: text('code_challenge'),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('client_requests_by_expiry').on(table.expiresAt)],
);

/** A user's consent: this client may have the tokens of this connection. */
export const grants = pgTable(
  'grants',
  {
    id: text('id').primaryKey(),
    clientId: text('client_id').notNull(),
    clientName: text('client_name').notNull(),
    userId: text('user_id').notNull(),
    connectionId: text('connection_id').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    lastUsed: at('last_used'),
    revokedAt: at('revoked_at'),
    /** `user`, `client` (RFC 7009), `reuse` of a spent code or handle. */
    revokedBy: text('revoked_by').$type<'user' | 'client' | 'reuse'>(),

    /** The code of its consent; spent once. */
    codeHash: text('code_hash').unique(),
    codeRedirectUri: text('code_redirect_uri'),
    codeChallenge: text('code_challenge'),
    codeExpiresAt: at('code_expires_at'),
    codeUsedAt: at('code_used_at'),
  },
  (table) => [
    index('grants_by_user').on(table.userId, table.id),
    index('grants_by_connection').on(table.connectionId),
  ],
);

/** Refresh tokens that only this hub understands. */
export const handles = pgTable(
  'handles',
  {
    /** SHA-256 in hex. */
    hash: text('hash').primaryKey(),
    grantId: text('grant_id')
      .notNull()
      .references(() => grants.id, { onDelete: 'cascade' }),
    /** One more than that of the handle it was given for. */
    generation: integer('generation').notNull(),
    /** The version of the credentials that were handed out with it: whoever refreshes has found those bad. */
    version: integer('version').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    firstUsedAt: at('first_used_at'),
    supersededAt: at('superseded_at'),
  },
  (table) => [index('handles_by_grant').on(table.grantId, table.generation)],
);

export type DisabledReason = {
  code: 'DISABLED_BY_USER' | 'ENDPOINT_GONE' | 'ENDPOINT_FAILING';
  message: string;
  since: string;
};

/** Who wants to be told of events over HTTP, and of which. */
export const webhooks = pgTable(
  'webhooks',
  {
    id: text('id').primaryKey(),
    /** Whose it is. */
    ownerId: text('owner_id').notNull(),
    /** Whose events it tells; null: everybody's. */
    userId: text('user_id'),
    name: text('name'),
    url: text('url').notNull(),
    /** `*`, `connection.*`, or types; as they were given. */
    events: text('events').array().notNull(),
    /** Null: all. */
    integrationIds: text('integration_ids').array(),
    connectionIds: text('connection_ids').array(),
    /** Envelope of `SigningSecret[]` at `webhooks/<id>/secrets`, the newest first. */
    sealedSecrets: sealed('sealed_secrets').notNull(),
    enabled: boolean('enabled').notNull().default(true),
    disabledReason: jsonb('disabled_reason').$type<DisabledReason>(),
    /** Since when nothing came through; null: the last attempt did, or there was none. */
    failingSince: at('failing_since'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (table) => [index('webhooks_by_owner').on(table.ownerId, table.id)],
);

export type DeliveryOutcome = 'delivered' | 'gone' | 'gave_up' | 'endpoint_disabled' | 'damped' | 'cancelled';

/**
 * One event on its way to one webhook: written in the event's own transaction, the outbox. No foreign keys:
 * a webhook that is being removed must not hold up, or fail, the transaction that stores a token.
 */
export const deliveries = pgTable(
  'deliveries',
  {
    sequence: bigserial('sequence', { mode: 'number' }).primaryKey(),
    /** What the endpoint sees as `webhook-id`, at every attempt and replay. */
    id: text('id')
      .notNull()
      .unique()
      .default(sql`gen_random_uuid()`),
    webhookId: text('webhook_id').notNull(),
    eventId: text('event_id').notNull(),
    eventType: text('event_type').$type<EventType>().notNull(),
    connectionId: text('connection_id').notNull(),
    /** How often it was replayed; a workflow of an earlier generation no longer sends. */
    generation: integer('generation').notNull().default(0),
    /** When the dispatcher has to look at it, and, while a workflow has it, when to look whether it still does. */
    dueAt: at('due_at').notNull().defaultNow(),
    /** The claim of one of the endpoint's slots; in the past or null: it has none. */
    sendingUntil: at('sending_until'),
    /** Since when it, or one that it stands for, waits for its connection to settle. */
    heldSince: at('held_since'),
    /** Of all generations. */
    attempts: integer('attempts').notNull().default(0),
    /** Of this generation, by the clock of whoever sent it. */
    firstAttemptAt: at('first_attempt_at'),
    lastAttempt: jsonb('last_attempt').$type<DeliveryAttempt>(),
    nextAttemptAt: at('next_attempt_at'),
    /** Null: it is under way. */
    outcome: text('outcome').$type<DeliveryOutcome>(),
    createdAt: at('created_at').notNull().defaultNow(),
    finishedAt: at('finished_at'),
  },
  (table) => [
    uniqueIndex('deliveries_once').on(table.webhookId, table.eventId),
    index('deliveries_by_webhook').on(table.webhookId, table.sequence),
    index('deliveries_of_connection').on(table.webhookId, table.connectionId, table.sequence),
    index('deliveries_due')
      .on(table.webhookId, table.dueAt)
      .where(sql`${table.outcome} is null`),
    index('deliveries_finished')
      .on(table.finishedAt)
      .where(sql`${table.outcome} is not null`),
  ],
);

export type DeliveryAttempt = { at: string; status: number | null; error: string | null; ms: number };

/** What a connection was used for in an hour, or in a day of UTC. No foreign key: it outlives the connection. */
export const usage = pgTable(
  'usage',
  {
    connectionId: text('connection_id').notNull(),
    userId: text('user_id').notNull(),
    integrationId: text('integration_id').notNull(),
    bucket: text('bucket').$type<'hour' | 'day'>().notNull(),
    start: at('start').notNull(),
    calls: integer('calls').notNull(),
    repeated: integer('repeated').notNull(),
    rateLimited: integer('rate_limited').notNull(),
    credentialsRefused: integer('credentials_refused').notNull(),
    clientErrors: integer('client_errors').notNull(),
    serverErrors: integer('server_errors').notNull(),
    unanswered: integer('unanswered').notNull(),
    tokens: integer('tokens').notNull(),
    bytesSent: bigint('bytes_sent', { mode: 'number' }).notNull(),
    bytesReceived: bigint('bytes_received', { mode: 'number' }).notNull(),
    /** Calls by how long they took (hub/usage/latency.ts). */
    latency: integer('latency').array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.connectionId, table.bucket, table.start] }),
    index('usage_by_user').on(table.userId, table.start),
    index('usage_by_integration').on(table.integrationId, table.start),
    index('usage_by_time').on(table.bucket, table.start),
  ],
);

/** Which batches of usage are written: a writer that did not hear so writes the same again. */
export const usageBatches = pgTable('usage_batches', {
  id: text('id').primaryKey(),
  writtenAt: at('written_at').notNull().defaultNow(),
});

/** Requests of connections in debug mode. */
export const traces = pgTable(
  'traces',
  {
    id: text('id').primaryKey(),
    connectionId: text('connection_id').notNull(),
    at: at('at').notNull(),
    expiresAt: at('expires_at').notNull(),
    /** Envelope of Trace (hub/traces/trace.ts) at `traces/<id>/trace`: without secrets, but perhaps private. */
    sealedTrace: sealed('sealed_trace').notNull(),
  },
  (table) => [
    index('traces_by_connection').on(table.connectionId, table.id),
    index('traces_by_expiry').on(table.expiresAt),
  ],
);

/**
 * Processes, and the keys of HUB_ENCRYPTION_KEYS they have: by it is known whether a key may be changed or removed.
 * Those that have ended stay for a while, as their keys are in Temporal's histories.
 */
export const keyHolders = pgTable('key_holders', {
  id: text('id').primaryKey(),
  /** `api` or `worker`, with its host and process id: what an operator needs to find it. */
  name: text('name').notNull(),
  sealsWith: text('seals_with').notNull(),
  /** All that it has, that one included. */
  opens: text('opens').array().notNull(),
  startedAt: at('started_at').notNull().defaultNow(),
  /** Every few seconds while it runs. */
  seenAt: at('seen_at').notNull().defaultNow(),
  endedAt: at('ended_at'),
});

/** Keys of HUB_ENCRYPTION_KEYS that a key service keeps: made here once, wrapped there. */
export const wrappedKeys = pgTable('wrapped_keys', {
  id: text('id').primaryKey(),
  /** As it was configured when it was made, `awskms:<arn>`. */
  service: text('service').notNull(),
  wrapped: text('wrapped').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
});
