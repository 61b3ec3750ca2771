/** The API's shapes. They validate requests, serialise answers and are the OpenAPI document. */
import type { Readable } from 'node:stream';
import { Type, type Static, type TSchema } from 'typebox';
import { EVENT_PATTERNS } from '../notifications/lifecycle-event.ts';

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const Time = Type.String({ format: 'date-time' });
export const AnyObject = Type.Record(Type.String(), Type.Unknown());
const Closed = { additionalProperties: false };

export const AuthType = Type.Enum(['oauth2', 'api_key', 'basic', 'custom']);
export const Status = Type.Enum(['connected', 'disconnected', 'error']);
export const Role = Type.Enum(['admin', 'operator', 'builder']);
export const IntegrationStatus = Type.Enum(['active', 'beta', 'deprecated']);

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'A stable word to branch on' }),
    instance: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { $id: 'Problem', description: 'RFC 9457' },
);

export const Integration = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    description: Type.String(),
    category: Type.String(),
    source: Type.Enum(['built_in', 'file', 'api'], {
      description:
        'It comes with the hub, is a file of HUB_INTEGRATIONS_DIR, or was made with POST /api/integrations',
    }),
    logo: Type.String({ description: 'Address of an SVG' }),
    authType: AuthType,
    authTypes: Type.Array(AuthType),
    configSchema: AnyObject,
    credentialSchemas: AnyObject,
    appSettingsSchema: Nullable(AnyObject),
    capabilities: Type.Array(Type.String()),
    scopes: Type.Array(Type.String()),
    scopeMeanings: Type.Record(Type.String(), Type.String(), { description: 'Scopes in plain words' }),
    status: IntegrationStatus,
    configured: Type.Boolean({ description: 'An OAuth app is set up' }),
    sandbox: Type.Boolean({ description: "The app is the sandbox's: a stand-in, not the real provider" }),
    docsUrl: Type.String(),
    consoleUrl: Nullable(Type.String({ description: 'Where an admin registers the OAuth app' })),
    keyUrl: Nullable(Type.String({ description: 'Where a person finds the API key' })),
    examples: Type.Array(
      Type.Object({
        id: Type.String(),
        title: Type.String(),
        method: Type.String(),
        path: Type.String(),
        query: Type.Optional(Type.Record(Type.String(), Type.String())),
        headers: Type.Optional(Type.Record(Type.String(), Type.String())),
        body: Type.Optional(Type.Unknown()),
      }),
      {
        description:
          "Ready-made bodies for POST …/request, less id and title; {account.id} stands for the connection's account.id",
      },
    ),
  },
  { $id: 'Integration' },
);

export const Connection = Type.Object(
  {
    id: Type.String(),
    userId: Type.String(),
    integrationId: Type.String(),
    name: Type.String(),
    status: Status,
    statusReason: Nullable(
      Type.Object({
        code: Type.String(),
        message: Type.String(),
        since: Time,
        nextAttemptAt: Type.Optional(Time),
      }),
    ),
    credentials: Nullable(
      Type.Object({
        type: AuthType,
        scopes: Type.Array(Type.String()),
        missingScopes: Type.Array(Type.String()),
        expiresAt: Nullable(Time),
        refreshable: Type.Boolean(),
        refreshDueAt: Nullable(
          Type.String({ format: 'date-time', description: 'When the hub renews it by itself' }),
        ),
        version: Type.Integer(),
        updatedAt: Time,
      }),
    ),
    config: AnyObject,
    account: Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
    lastHealthCheck: Nullable(
      Type.Object({ at: Time, ok: Type.Boolean(), outcome: Type.String(), latencyMs: Type.Number() }),
    ),
    debugUntil: Nullable(
      Type.String({ format: 'date-time', description: 'Until then its requests are kept to be looked at' }),
    ),
    lastUsed: Nullable(Time),
    createdAt: Time,
    updatedAt: Time,
  },
  { $id: 'Connection' },
);
export type Connection = Static<typeof Connection>;

export const Authorization = Nullable(Type.Object({ url: Type.String(), expiresAt: Time }));
export const ConnectionWithAuthorization = Type.Object({
  connection: Connection,
  authorization: Authorization,
});

const Name = Type.String({ minLength: 1, maxLength: 200 });
export const UserId = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\s/]+$' });
const ReturnUrl = Type.String({ minLength: 1, maxLength: 2000 });
const TypedCredentials = Type.Record(Type.String(), Type.Unknown(), {
  description: "As the integration's credentialSchemas say",
});

export const NewConnection = Type.Object(
  {
    integrationId: Type.String({ minLength: 1, maxLength: 64 }),
    authType: Type.Optional(AuthType),
    name: Type.Optional(Name),
    config: Type.Optional(AnyObject),
    credentials: Type.Optional(TypedCredentials),
    returnUrl: Type.Optional(ReturnUrl),
    userId: Type.Optional(UserId),
  },
  Closed,
);
export const ConnectionChange = Type.Object(
  { name: Type.Optional(Name), config: Type.Optional(AnyObject) },
  { ...Closed, minProperties: 1 },
);
export const Reconnect = Type.Object(
  { returnUrl: Type.Optional(ReturnUrl), credentials: Type.Optional(TypedCredentials) },
  Closed,
);

export const TestResult = Type.Object({
  ok: Type.Boolean(),
  outcome: Type.String(),
  message: Type.String(),
  latencyMs: Type.Number(),
  checkedAt: Time,
  account: Connection.properties.account,
});
export const RefreshWish = Type.Object(
  {
    version: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'The credentials.version whose token did not do: only a newer one will',
      }),
    ),
  },
  Closed,
);
export const RefreshAnswer = Type.Object({ connection: Connection, refreshed: Type.Boolean() });

export const Token = Type.Object({
  accessToken: Type.String(),
  tokenType: Type.String(),
  expiresAt: Nullable(Time),
  apiBaseUrl: Type.String(),
  apiBaseUrls: Type.Record(Type.String(), Type.String(), {
    description: 'Further bases of the same API, by name (Dropbox: content)',
  }),
  headers: Type.Record(Type.String(), Type.String(), { description: 'What every call carries' }),
  query: Type.Record(Type.String(), Type.String(), { description: 'What every call carries in its query' }),
});

const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const Method = Type.Enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const PATH = "Under the API's base, beginning with /";
export const NewCall = Type.Object(
  {
    method: Method,
    path: Type.String({ minLength: 1, maxLength: 8000, description: PATH }),
    query: Type.Optional(Type.Record(Type.String(), Type.Union([Scalar, Type.Array(Scalar)]))),
    headers: Type.Optional(
      // RFC 9110 §5.1 and §5.5.
      Type.Record(
        Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$" }),
        Type.String({ maxLength: 8000, pattern: '^[\\t\\x20-\\x7e\\x80-\\xff]*$' }),
        Closed,
      ),
    ),
    body: Type.Optional(
      Type.Unknown({
        description: 'A text is sent as it is, anything else as JSON, or as a form where headers say so',
      }),
    ),
    apiBase: Type.Optional(
      Type.String({ maxLength: 64, description: "A name of the integration's further API bases" }),
    ),
  },
  Closed,
);
export const CallAnswer = Type.Object({
  status: Type.Integer(),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.Unknown({ description: 'Parsed where it is JSON and whole' }),
  bodyEncoding: Type.Enum(['json', 'text', 'base64']),
  truncated: Type.Boolean({ description: 'There was more than 1 MiB of it' }),
  durationMs: Type.Number(),
  attempts: Type.Integer({ description: '2: the token had expired, was refreshed, and the call repeated' }),
});

export const DebugMode = Type.Object({ until: Nullable(Time) }, Closed);

const TracedHeaders = Type.Array(Type.Object({ name: Type.String(), value: Type.String() }));
const TracedBody = Type.Object({
  bytes: Type.Integer(),
  text: Nullable(Type.String({ description: 'Its beginning, up to 64 Ki characters' })),
  truncated: Type.Boolean(),
  omitted: Nullable(
    Type.Enum(['binary', 'secret', 'unreadable', 'forbidden'], { description: 'Why it is not shown' }),
  ),
});
const Milliseconds = Nullable(Type.Number());
export const TracedRequest = Type.Object({
  id: Type.String(),
  at: Time,
  kind: Type.Enum(['call', 'probe', 'token']),
  attempt: Type.Integer(),
  method: Type.String(),
  url: Type.String(),
  request: Type.Object({ headers: TracedHeaders, body: TracedBody }),
  response: Nullable(Type.Object({ status: Type.Integer(), headers: TracedHeaders, body: TracedBody })),
  error: Nullable(Type.String({ description: 'Why there was no answer, or no whole one' })),
  outcome: Type.String({ description: 'What the answer meant' }),
  durationMs: Type.Number(),
  phases: Type.Object({
    blocked: Milliseconds,
    dns: Milliseconds,
    connect: Milliseconds,
    tls: Milliseconds,
    send: Milliseconds,
    wait: Milliseconds,
    receive: Milliseconds,
  }),
});

export const Event = Type.Object(
  {
    id: Type.String(),
    type: Type.String(),
    connectionId: Type.String(),
    integrationId: Type.String(),
    userId: Type.String(),
    at: Time,
    reason: Type.Optional(Type.String()),
    workflowId: Type.Optional(Type.String()),
    runId: Type.Optional(Type.String()),
  },
  { $id: 'Event' },
);

const Url = Type.String({ format: 'uri', maxLength: 2000 });
export const NewApp = Type.Object(
  {
    clientId: Type.String({ minLength: 1, maxLength: 500 }),
    clientSecret: Type.String({ minLength: 1, maxLength: 2000 }),
    scopes: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 300, pattern: '^[^\\s,]+$' }), { maxItems: 200 }),
    ),
    settings: Type.Optional(AnyObject),
    endpoints: Type.Optional(
      Type.Object(
        {
          authorizeUrl: Type.Optional(Url),
          tokenUrl: Type.Optional(Url),
          revokeUrl: Type.Optional(Url),
          apiBaseUrl: Type.Optional(Url),
          probeUrl: Type.Optional(Url),
        },
        Closed,
      ),
    ),
  },
  Closed,
);
export const App = Type.Object(
  {
    integrationId: Type.String(),
    clientId: Type.String(),
    scopes: Type.Array(Type.String()),
    settings: AnyObject,
    secretSettings: Type.Array(Type.String(), {
      description: 'Secret settings that are set; their values are never shown',
    }),
    endpoints: Type.Record(Type.String(), Type.String()),
    redirectUri: Type.String({ description: 'To register at the provider, exactly' }),
    sandbox: Type.Boolean(),
    createdAt: Time,
    updatedAt: Time,
  },
  { $id: 'App' },
);

export const AppTest = Type.Object({
  ok: Type.Boolean(),
  outcome: Type.Enum(['accepted', 'refused', 'unreachable', 'unclear']),
  message: Type.String({ description: 'What is wrong, and what to do' }),
});

export const IntegrationTest = Type.Object({
  ok: Type.Boolean({ description: 'Nothing is wrong, as far as can be seen' }),
  checks: Type.Array(
    Type.Object({
      name: Type.Enum([
        'discovery',
        'app',
        'tokenEndpoint',
        'authorizeEndpoint',
        'redirectUri',
        'scopes',
        'probe',
      ]),
      ok: Nullable(Type.Boolean({ description: 'null: nothing certain can be said' })),
      message: Type.String({ description: 'What was seen, and what to do' }),
    }),
  ),
});

export const HubFacts = Type.Object({
  redirectUri: Type.String({ description: 'To register at every provider, exactly' }),
  temporalUi: Nullable(
    Type.String({ description: 'Before /<workflowId>/<runId>; null: there is none, or not for this role' }),
  ),
});

export const NewKey = Type.Object({ name: Name, role: Role, userId: Type.Optional(UserId) }, Closed);
export const Key = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Role,
  userId: Type.String(),
  createdAt: Time,
  lastUsed: Nullable(Time),
});
export const CreatedKey = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Role,
  userId: Type.String(),
  key: Type.String(),
});

const ClientType = Type.Enum(['confidential', 'public']);
export const NewClient = Type.Object(
  {
    name: Name,
    redirectUris: Type.Optional(Type.Array(Type.String({ maxLength: 2000 }), { maxItems: 20 })),
    integrationId: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'The one integration it asks for; else its requests say which',
      }),
    ),
    connectionId: Type.Optional(
      Type.String({
        maxLength: 100,
        description: 'The one connection it may use with its own credentials (RFC 6749 §4.4)',
      }),
    ),
    type: Type.Optional(
      Type.Enum(['confidential', 'public'], {
        description: 'RFC 6749 §2.1; a public client has no secret and must use PKCE',
        default: 'confidential',
      }),
    ),
  },
  Closed,
);
export const Client = Type.Object({
  id: Type.String(),
  name: Type.String(),
  type: ClientType,
  redirectUris: Type.Array(Type.String()),
  integrationId: Nullable(Type.String()),
  connectionId: Nullable(Type.String()),
  createdAt: Time,
});
export const CreatedClient = Type.Object({
  ...Client.properties,
  clientSecret: Nullable(Type.String({ description: 'Shown this once; null for a public client' })),
});
export const Grant = Type.Object({
  id: Type.String(),
  clientId: Type.String(),
  clientName: Type.String(),
  userId: Type.String(),
  connectionId: Type.String(),
  createdAt: Time,
  lastUsed: Nullable(Time),
});

const EventTypes = Type.Optional(
  Type.String({ maxLength: 500, description: 'Types, connection.* or *, separated by commas' }),
);
export const EventStreamFilter = Type.Object({
  types: EventTypes,
  integrationId: Type.Optional(Type.String({ maxLength: 64 })),
  connectionId: Type.Optional(Type.String({ maxLength: 100 })),
  lastEventId: Type.Optional(
    Type.String({ maxLength: 100, description: 'As the header Last-Event-ID, which goes before it' }),
  ),
});
export const EventStream = {
  description: 'Server-sent events: `id`, `event` (the type) and `data` (an Event)',
  content: { 'text/event-stream': { schema: Type.Unsafe<Readable>(Type.String()) } },
};

const WebhookFields = {
  url: Type.String({ format: 'uri', maxLength: 2000, description: 'Where events are posted: https' }),
  events: Type.Array(Type.Enum([...EVENT_PATTERNS]), {
    minItems: 1,
    maxItems: EVENT_PATTERNS.length,
    description: 'Types, connection.* or *',
  }),
  name: Nullable(Name),
  integrationIds: Nullable(
    Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      minItems: 1,
      maxItems: 100,
      description: 'Only of these; null: of all',
    }),
  ),
  connectionIds: Nullable(
    Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      minItems: 1,
      maxItems: 200,
      description: 'Only of these; null: of all',
    }),
  ),
};
export const NewWebhook = Type.Object(
  {
    url: WebhookFields.url,
    events: WebhookFields.events,
    name: Type.Optional(WebhookFields.name),
    integrationIds: Type.Optional(WebhookFields.integrationIds),
    connectionIds: Type.Optional(WebhookFields.connectionIds),
    userId: Type.Optional(UserId),
  },
  Closed,
);
export const WebhookChange = Type.Object(
  {
    url: Type.Optional(WebhookFields.url),
    events: Type.Optional(WebhookFields.events),
    name: Type.Optional(WebhookFields.name),
    integrationIds: Type.Optional(WebhookFields.integrationIds),
    connectionIds: Type.Optional(WebhookFields.connectionIds),
    enabled: Type.Optional(Type.Boolean()),
  },
  { ...Closed, minProperties: 1 },
);
export const Webhook = Type.Object({
  id: Type.String(),
  ...WebhookFields,
  events: Type.Array(Type.String()),
  userId: Nullable(Type.String({ description: 'Whose events it tells; null: everybody’s' })),
  ownerId: Type.String({ description: 'The user whose it is' }),
  enabled: Type.Boolean(),
  disabledReason: Nullable(Type.Object({ code: Type.String(), message: Type.String(), since: Time })),
  failingSince: Nullable(Time),
  createdAt: Time,
  updatedAt: Time,
});
const Secret = Type.String({ description: 'What deliveries are signed with: whsec_…, shown this once' });
export const CreatedWebhook = Type.Object({ ...Webhook.properties, secret: Secret });
export const RotatedSecret = Type.Object({
  secret: Secret,
  previousValidUntil: Type.String({
    format: 'date-time',
    description: 'Until then the secret before it signs as well',
  }),
});
export const Delivery = Type.Object({
  id: Type.String({ description: 'The webhook-id of its messages' }),
  eventId: Type.String(),
  type: Type.String(),
  connectionId: Type.String(),
  status: Type.Enum(['pending', 'delivered', 'gone', 'gave_up', 'endpoint_disabled', 'damped', 'cancelled']),
  attempts: Type.Integer(),
  lastAttempt: Nullable(
    Type.Object({
      at: Time,
      status: Nullable(Type.Integer({ description: 'HTTP' })),
      error: Nullable(Type.String()),
      ms: Type.Number(),
    }),
  ),
  nextAttemptAt: Nullable(Time),
  createdAt: Time,
  finishedAt: Nullable(Time),
});
export const DeliveryIds = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 100 }),
  deliveryId: Type.String({ minLength: 1, maxLength: 100 }),
});

export const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });
export const Page = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
});
export const Order = Type.Enum(['asc', 'desc'], {
  default: 'asc',
  description: 'Oldest first, or newest first',
});
export const ListOf = <T extends TSchema>(item: T) =>
  Type.Object({ data: Type.Array(item), nextCursor: Nullable(Type.String()) });
const When = Type.Optional(Type.String({ format: 'date-time' }));
export const UsageQuery = Type.Object({
  from: When,
  to: When,
  bucket: Type.Enum(['hour', 'day'], { default: 'hour', description: 'Days are those of UTC' }),
  format: Type.Optional(Type.Enum(['json', 'csv'], { description: 'Or by Accept' })),
});
const Count = Type.Integer({ minimum: 0 });
const Latency = Nullable(Type.Integer({ minimum: 0, description: 'Milliseconds, at most 7.3 % off' }));
export const Usage = Type.Object(
  {
    data: Type.Array(
      Type.Object({
        connectionId: Type.Optional(Type.String()),
        integrationId: Type.Optional(Type.String()),
        userId: Type.Optional(Type.String()),
        start: Time,
        calls: Type.Integer({ minimum: 0, description: 'Requests sent to the provider' }),
        errors: Count,
        repeated: Type.Integer({
          minimum: 0,
          description: 'Calls whose token had expired and that were sent again',
        }),
        errorsByClass: Type.Object({
          rateLimited: Count,
          credentialsRefused: Count,
          clientErrors: Count,
          serverErrors: Count,
          unanswered: Count,
        }),
        p50Ms: Latency,
        p95Ms: Latency,
        p99Ms: Latency,
        bytesSent: Count,
        bytesReceived: Count,
        tokens: Type.Integer({ minimum: 0, description: 'Tokens handed out' }),
      }),
    ),
    bucket: Type.Enum(['hour', 'day']),
    from: Time,
    to: Time,
    writtenEverySeconds: Type.Integer({
      description: 'What happened since then may be missing; a crash loses that much',
    }),
  },
  { $id: 'Usage' },
);
export const EventFilter = Type.Object({ types: EventTypes, order: Order, ...Page.properties });
