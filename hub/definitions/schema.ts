/**
 * The form of a definition: an integration of somebody's own, as JSON. Published at /schemas/integration.json and
 * in docs/integration.schema.json, so that an editor helps while it is written.
 */
import { Type, type Static, type TSchema } from 'typebox';
import type { JsonSchema } from '../../integrations/definition/integration.ts';

const Template = (description: string) => Type.String({ minLength: 1, maxLength: 4000, description });
const Address = (description: string) => Template(`${description} Reads config and settings.`);
const Texts = (description: string) =>
  Type.Record(Type.String({ pattern: '^[A-Za-z0-9_.~-]{1,100}$' }), Type.String({ maxLength: 4000 }), {
    description,
    additionalProperties: false,
  });
const Pointer = (description: string) =>
  Type.String({
    pattern: '^(/([^~/]|~[01])*)*$',
    maxLength: 400,
    description: `${description} A JSON Pointer (RFC 6901).`,
    examples: ['/user/id'],
  });
const Title = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });
const Prose = (description: string) => Type.String({ minLength: 1, maxLength: 1000, description });
const Url = (description: string) =>
  Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000, description });
const closed = <T extends Record<string, TSchema>>(properties: T, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description ? { description } : {}) });
const Properties = (description: string) =>
  Type.Record(
    Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,63}$' }),
    Type.Unsafe<JsonSchema>({ type: 'object' }),
    {
      description,
      additionalProperties: false,
    },
  );

const MEANINGS = [
  'ok',
  'credential_expired',
  'credential_revoked',
  'permission_missing',
  'rate_limited',
  'provider_unavailable',
  'request_at_fault',
] as const;

const Rules = Type.Array(
  closed({
    when: Type.Object(
      {
        status: Type.Optional(Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), { minItems: 1 })),
        headers: Type.Optional(Texts('What a header holds somewhere in it.')),
        body: Type.Optional(
          Type.Record(Pointer('Where in the body.'), Type.String(), {
            additionalProperties: false,
            description: 'What is there; a number or a boolean is compared as it is written.',
          }),
        ),
      },
      { additionalProperties: false, minProperties: 1, description: 'All of it has to be so.' },
    ),
    means: Type.Enum([...MEANINGS], {
      description:
        'credential_expired: a refresh may help. credential_revoked: only a person helps, and the connection ends.',
    }),
    code: Type.Optional(Pointer("Where in the body the provider's word for it is.")),
  }),
  {
    maxItems: 100,
    description: 'What answers mean, the first that fits; what none fits goes by its status.',
  },
);

const OAuth2 = closed(
  {
    discovery: Type.Optional(
      Url('The issuer. Addresses that are not given are read from its metadata (RFC 8414).'),
    ),
    authorizeUrl: Type.Optional(Address('Where people consent.')),
    tokenUrl: Type.Optional(Address('Where codes and refresh tokens are redeemed.')),
    revokeUrl: Type.Optional(Address('Where tokens are ended (RFC 7009).')),
    scopes: Type.Array(Type.String({ minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' }), {
      maxItems: 100,
      uniqueItems: true,
      description: 'Asked for unless the app says otherwise.',
    }),
    scopeMeanings: Type.Optional(Type.Record(Type.String(), Prose('In plain words.'))),
    scopeSeparator: Type.Optional(Type.Enum([' ', ','], { default: ' ' })),
    unechoedScopes: Type.Optional(
      Type.Array(Type.String(), { description: 'Scopes that are granted without being named.' }),
    ),
    pkce: Type.Optional(Type.Boolean({ default: true, description: 'PKCE with S256 (RFC 7636).' })),
    clientAuthentication: Type.Optional(
      Type.Enum(['client_secret_post', 'client_secret_basic'], { default: 'client_secret_post' }),
    ),
    authorizeParams: Type.Optional(Texts('More parameters of the authorize URL.')),
    exchangeParams: Type.Optional(Texts('More parameters of the code exchange.')),
    refreshParams: Type.Optional(Texts('More parameters of a refresh.')),
    reusableRefreshToken: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'The same refresh token is taken again. Say true only where the provider says so: a refresh whose answer was lost is then repeated.',
      }),
    ),
    assumedLifetime: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Seconds a token lasts where the answer does not say.' }),
    ),
    scheme: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z][A-Za-z0-9-]*$',
        default: 'Bearer',
        description: 'In front of the access token.',
      }),
    ),
    classify: Type.Optional(Rules),
  },
  'Consent by OAuth 2.0 with an authorization code.',
);

const ApiKey = closed(
  {
    in: Type.Optional(Type.Enum(['header', 'query'], { default: 'header' })),
    name: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_.-]{1,100}$',
        default: 'authorization',
        description: 'Of the header or the parameter.',
      }),
    ),
    prefix: Type.Optional(
      Type.String({
        maxLength: 100,
        description: 'In front of the key. In the header authorization it is "Bearer " unless given.',
      }),
    ),
    title: Type.Optional(Title('What people are asked for.')),
    help: Type.Optional(Prose('Where they find it.')),
    pattern: Type.Optional(
      Type.String({ format: 'regex', maxLength: 200, description: 'What a key looks like.' }),
    ),
    examples: Type.Optional(Type.Array(Type.String(), { description: 'Made-up keys of that form.' })),
  },
  'One key.',
);

const Basic = closed(
  {
    usernameTitle: Type.Optional(Title('What people are asked for first.')),
    passwordTitle: Type.Optional(Title('What they are asked for then.')),
    passwordOptional: Type.Optional(Type.Boolean({ default: false })),
    help: Type.Optional(Prose('Where they find both.')),
  },
  'HTTP Basic authentication (RFC 7617).',
);

const Custom = closed(
  {
    fields: Type.Record(
      Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,63}$' }),
      closed({
        title: Title('What people are asked for.'),
        help: Type.Optional(Prose('Where they find it.')),
        secret: Type.Optional(Type.Boolean({ default: true })),
        optional: Type.Optional(Type.Boolean({ default: false })),
        pattern: Type.Optional(Type.String({ format: 'regex', maxLength: 200 })),
        examples: Type.Optional(Type.Array(Type.String())),
      }),
      {
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 30,
        description: 'Read by templates as credentials.<name>.',
      },
    ),
    headers: Type.Optional(Texts('Templates. One that comes out empty is left out.')),
    query: Type.Optional(Texts('Templates. One that comes out empty is left out.')),
    signature: Type.Optional(
      closed(
        {
          algorithm: Type.Enum(['sha1', 'sha256', 'sha512']),
          key: Template('The key as text, or with keyEncoding as base64 or hex. Reads credentials.'),
          keyEncoding: Type.Optional(Type.Enum(['utf8', 'base64', 'hex'], { default: 'utf8' })),
          text: Template(
            'What is signed. Reads request.method, .host, .path, .query, .target (path and query) and .body; timestamp, timestamp_ms, date, iso_date, nonce; credentials, config, settings.',
          ),
          encoding: Type.Optional(Type.Enum(['hex', 'base64', 'base64url'], { default: 'hex' })),
        },
        'An HMAC (RFC 2104) over each call, read by headers and query as signature.',
      ),
    ),
  },
  'Whatever else: fields of your own, sent as templates say, signed where there is a signature.',
);

export const Definition = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'Address of this schema, for editors.' })),
    id: Type.String({ pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 64, examples: ['acme-crm'] }),
    name: Type.String({ minLength: 1, maxLength: 60 }),
    description: Prose('What it is for.'),
    category: Type.Optional(
      Type.Enum(['CRM', 'Email', 'Marketing', 'Storage', 'Communication', 'Other'], { default: 'Other' }),
    ),
    status: Type.Optional(Type.Enum(['active', 'beta', 'deprecated'], { default: 'active' })),
    logo: Type.Optional(
      Type.String({
        maxLength: 50_000,
        description:
          'An SVG document without scripts and outside references. One is drawn where none is given.',
      }),
    ),
    colour: Type.Optional(
      Type.String({
        pattern: '^#[0-9a-f]{6}$',
        default: '#475569',
        description: 'Of the logo that is drawn.',
      }),
    ),
    docsUrl: Url("The API's documentation."),
    consoleUrl: Type.Optional(Url('Where an admin registers the OAuth app.')),
    keyUrl: Type.Optional(Url('Where a person finds the key.')),
    capabilities: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      minItems: 1,
      maxItems: 50,
      description: 'Verb-first words that people search for.',
      examples: [['send invoices', 'list customers']],
    }),
    hosts: Type.Array(Type.String({ maxLength: 253 }), {
      minItems: 1,
      maxItems: 50,
      description:
        'Hosts that credentials may be sent to, and no other: api.example.com, *.example.com, localhost:8080.',
    }),
    apiBaseUrl: Address('Base of API calls.'),
    otherApiBaseUrls: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }),
        Address('Another base of the same API.'),
        { additionalProperties: false, description: 'By a name that callers choose them by.' },
      ),
    ),
    headers: Type.Optional(Texts('Sent with every call. Templates that read config and settings.')),
    config: Type.Optional(
      Properties(
        'What each connection may set: properties of a JSON Schema (draft-07), none of them required. Give each a pattern or an enum.',
      ),
    ),
    appSettings: Type.Optional(
      Properties(
        'What an admin sets once, with the OAuth app. One with writeOnly is sealed and never shown.',
      ),
    ),
    auth: Type.Object(
      {
        oauth2: Type.Optional(OAuth2),
        api_key: Type.Optional(ApiKey),
        basic: Type.Optional(Basic),
        custom: Type.Optional(Custom),
      },
      {
        additionalProperties: false,
        minProperties: 1,
        description: 'How it is connected. Of several, the default is the first in this order.',
      },
    ),
    probe: closed(
      {
        method: Type.Optional(Type.Enum(['GET', 'POST'], { default: 'GET' })),
        path: Template('Under the base, beginning with /. Reads config and settings.'),
        query: Type.Optional(Texts('Its parameters.')),
        body: Type.Optional(Type.Unknown({ description: 'Sent as JSON.' })),
      },
      'The cheapest call that proves the credentials: one that is refused without them.',
    ),
    account: Type.Optional(
      closed(
        {
          from: Type.Optional(
            Type.Enum(['probe', 'token'], { default: 'probe', description: 'Whose answer says it.' }),
          ),
          id: Pointer('The id of the account.'),
          name: Type.Optional(Pointer('What people call it; the id where it has none.')),
        },
        'Who is connected.',
      ),
    ),
    classify: Type.Optional(Rules),
    echoesCredentials: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Answers repeat the credentials of the call, as in links to further pages: they are cut out on the way to the caller.',
      }),
    ),
    rateLimit: Type.Optional(
      closed(
        { calls: Type.Integer({ minimum: 1 }), perSeconds: Type.Number({ minimum: 0.1, maximum: 86_400 }) },
        'At most so many calls of one connection within any such time.',
      ),
    ),
    examples: Type.Optional(
      Type.Array(
        closed({
          id: Type.String({ maxLength: 64 }),
          title: Title('What it shows.'),
          method: Type.Enum(['GET', 'POST']),
          path: Type.String({ minLength: 1, maxLength: 2000 }),
          query: Type.Optional(Texts('Its parameters.')),
          headers: Type.Optional(Texts('Its headers.')),
          body: Type.Optional(Type.Unknown()),
        }),
        { maxItems: 50, description: 'Calls that show what the API does, harmless to make.' },
      ),
    ),
  },
  { additionalProperties: false },
);

export type Definition = Static<typeof Definition>;
export type OAuth2Definition = Static<typeof OAuth2>;
export type CustomDefinition = Static<typeof Custom>;
export type Rule = Static<typeof Rules>[number];

/** Plain JSON, as it is published and checked against. */
export const definitionSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'An integration of the Integration Hub',
  ...(JSON.parse(JSON.stringify(Definition)) as JsonSchema),
};
