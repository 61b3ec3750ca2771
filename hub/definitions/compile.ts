/** A definition made into an integration like any that comes with the hub. */
import { createHmac } from 'node:crypto';
import { classifyByStatus, classifyTokenAnswerByRfc6749 } from '../../integrations/definition/answers.ts';
import type {
  AuthType,
  CallToSign,
  Connected,
  Integration,
  JsonSchema,
  OAuth,
  Setup,
} from '../../integrations/definition/integration.ts';
import { drawLogo } from '../../integrations/definition/logo.ts';
import { rfc7009 } from '../../integrations/definition/revocation.ts';
import { apiKeySchema, optionalSettings, SECRET_PATTERN } from '../../integrations/definition/schemas.ts';
import { definitionProblems } from '../catalogue-check.ts';
import { createValidator, type FieldProblem } from '../catalogue-validator.ts';
import { hostMatches } from '../egress/address.ts';
import { HubError } from '../errors.ts';
import { patternProblem } from '../patterns.ts';
import { pathProblem } from '../proxy/target.ts';
import { classifyByRules, textAt } from './classification.ts';
import type { ServerMetadata } from './discovery.ts';
import { definitionSchema, type CustomDefinition, type Definition, type OAuth2Definition } from './schema.ts';
import { compileTemplate, TemplateError, type Template, type Values } from './template.ts';

export type Compiled =
  { ok: true; definition: Definition; integration: Integration } | { ok: false; errors: FieldProblem[] };

const AUTH_TYPES = ['oauth2', 'api_key', 'basic', 'custom'] as const;
const PLUG = '<path d="M24 14v12M40 14v12M19 26h26v6a13 13 0 0 1-26 0zM32 45v8"/>';
const validate = createValidator();

/** @param metadata of the issuer it names, where that is known */
export function compileDefinition(value: unknown, metadata: ServerMetadata | null): Compiled {
  const checked = validate(definitionSchema, value, { secret: false });
  if (!checked.ok) return checked;
  const definition = checked.value as Definition;
  const errors: FieldProblem[] = [];
  const integration = integrationOf(definition, metadata, createCompiler(definition, errors));
  errors.push(...meaningProblems(definition));
  // Its problems name fields of the integration, which are called as in the definition.
  if (errors.length === 0)
    errors.push(...definitionProblems(integration).map((message) => ({ path: '', message })));
  return errors.length > 0 ? { ok: false, errors } : { ok: true, definition, integration };
}

type Compiler = ReturnType<typeof createCompiler>;

/** Every template of a definition goes through here; what is wrong with one is told by its place. */
function createCompiler(definition: Definition, errors: FieldProblem[]) {
  const places = [
    ...Object.keys(definition.config ?? {}).map((name) => `config.${name}`),
    ...Object.keys(definition.appSettings ?? {}).map((name) => `settings.${name}`),
  ];
  const compile = (path: string, source: string, kind: 'text' | 'address', more: string[]): Template => {
    try {
      return compileTemplate(source, [...places, ...more], kind);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      errors.push({ path, message: error.message });
      return { names: [], render: () => Buffer.alloc(0) };
    }
  };
  return {
    text: (path: string, source: string, more: string[] = []) => compile(path, source, 'text', more),
    texts: (path: string, sources: Record<string, string> = {}, more: string[] = []) =>
      Object.entries(sources).map(
        ([name, source]) => [name, compile(`${path}/${name}`, source, 'text', more)] as const,
      ),
    /** An address of the provider's that credentials go to, so that its host has to be among the hosts. */
    address(path: string, source: string): (setup: Setup) => string {
      const template = compile(path, source, 'address', []);
      if (template.names.length === 0) {
        const problem = addressProblem(source, definition.hosts);
        if (problem) errors.push({ path, message: problem });
      } else if (!/^https?:\/\/./.test(source)) errors.push({ path, message: 'must begin with https://' });
      return (setup) => addressFrom(definition.name, template, setup);
    },
    path(path: string, source: string): (setup: Setup) => string {
      const template = compile(path, source, 'address', []);
      const problem = source.startsWith('/')
        ? pathProblem(source.replace(/{{[^{}]*}}/g, 'x'))
        : 'must begin with /';
      if (problem) errors.push({ path, message: problem });
      return (setup) => template.render(valuesOf(setup)).toString();
    },
  };
}

function integrationOf(
  definition: Definition,
  metadata: ServerMetadata | null,
  compiler: Compiler,
): Integration {
  const { auth, probe, account, classify = [], rateLimit } = definition;
  const authTypes = AUTH_TYPES.filter((type) => auth[type] !== undefined);
  const base = compiler.address('/apiBaseUrl', definition.apiBaseUrl);
  const others = Object.entries(definition.otherApiBaseUrls ?? {}).map(
    ([name, source]) => [name, compiler.address(`/otherApiBaseUrls/${name}`, source)] as const,
  );
  const headers = compiler.texts('/headers', definition.headers);
  const probePath = compiler.path('/probe/path', probe.path);
  const oauth = auth.oauth2 && oauthOf(definition, auth.oauth2, metadata, compiler);
  const custom = auth.custom && customOf(auth.custom, compiler);
  return {
    id: definition.id,
    name: definition.name,
    description: definition.description,
    category: definition.category ?? 'Other',
    logo: definition.logo ?? drawLogo(escaped(definition.name), definition.colour ?? '#475569', PLUG),
    status: definition.status ?? 'active',
    docsUrl: definition.docsUrl,
    ...(definition.consoleUrl === undefined ? {} : { consoleUrl: definition.consoleUrl }),
    ...(definition.keyUrl === undefined ? {} : { keyUrl: definition.keyUrl }),
    capabilities: definition.capabilities,
    configSchema: optionalSettings(definition.config ?? {}),
    ...(definition.appSettings ? { appSettingsSchema: optionalSettings(definition.appSettings) } : {}),
    authTypes: authTypes as [AuthType, ...AuthType[]],
    credentialSchemas: {
      ...(auth.api_key && { api_key: keySchema(auth.api_key) }),
      ...(auth.basic && { basic: basicSchema(auth.basic) }),
      ...(auth.custom && { custom: customSchema(auth.custom) }),
    },
    ...(oauth && { oauth: oauth.oauth }),
    // Client secrets go to the issuer as well, where its metadata says so.
    hosts: [...definition.hosts, ...(auth.oauth2?.discovery ? [new URL(auth.oauth2.discovery).host] : [])],
    apiBaseUrl: base,
    otherApiBaseUrls: Object.fromEntries(others),
    headers: (connected) => rendered(headers, valuesOf(connected)),
    authenticate: (connected) => {
      const { credentials } = connected;
      switch (credentials.type) {
        case 'oauth2':
          return {
            headers: { authorization: `${auth.oauth2?.scheme ?? 'Bearer'} ${credentials.accessToken}` },
          };
        case 'api_key':
          return sentKey(auth.api_key ?? {}, credentials.fields['apiKey'] ?? '');
        case 'basic':
          return { headers: { authorization: `Basic ${basicPair(credentials.fields)}` } };
        case 'custom':
          return custom?.authenticate(connected) ?? {};
      }
    },
    ...(custom?.sign && { sign: custom.sign, signsBody: custom.signsBody }),
    probe: (connected) => ({
      method: probe.method ?? 'GET',
      url: probePath(connected),
      ...(probe.query && { query: probe.query }),
      ...(probe.body === undefined ? {} : { json: probe.body }),
    }),
    account: (body, { credentials }) => {
      if (!account) return null;
      const said =
        account.from === 'token' ? (credentials.type === 'oauth2' ? credentials.answer : null) : body;
      const id = textAt(said, account.id);
      const name = account.name === undefined ? undefined : textAt(said, account.name);
      return id === undefined || id === '' ? null : { id, name: name || id };
    },
    classify: classifyByRules(classify, classifyByStatus),
    // Rules may look into any answer.
    refusesWithin200: classify.some(({ when }) => when.status?.some((status) => status < 300) ?? true),
    ...(definition.echoesCredentials && { echoesCredentials: true }),
    ...(rateLimit && { rateLimit: { calls: rateLimit.calls, perMs: rateLimit.perSeconds * 1000 } }),
    examples: definition.examples ?? [],
    ...(oauth?.revoke && { revoke: oauth.revoke }),
  };
}

// ── how it is connected ────────────────────────────────────────────────────────────────────────────

function oauthOf(
  { name }: Definition,
  own: OAuth2Definition,
  metadata: ServerMetadata | null,
  compiler: Compiler,
): { oauth: OAuth; revoke: Integration['revoke'] } {
  const at = '/auth/oauth2';
  // Browsers go there, without credentials: any host may be.
  const authorizeUrl = own.authorizeUrl && compiler.text(`${at}/authorizeUrl`, own.authorizeUrl);
  const tokenUrl = own.tokenUrl && compiler.address(`${at}/tokenUrl`, own.tokenUrl);
  const revokeUrl = own.revokeUrl && compiler.address(`${at}/revokeUrl`, own.revokeUrl);
  const params = (field: 'authorizeParams' | 'exchangeParams' | 'refreshParams') => {
    const templates = compiler.texts(`${at}/${field}`, own[field]);
    return (setup: Setup) => rendered(templates, valuesOf(setup));
  };
  const discovered = (address: string | undefined) => {
    if (address !== undefined) return address;
    throw new HubError('PROVIDER_UNAVAILABLE', {
      detail: `the addresses of ${name} were not found yet at ${own.discovery}; POST /api/integrations/<id>/test looks again`,
    });
  };
  const lifetime = own.assumedLifetime;
  const refreshParams = params('refreshParams');
  return {
    oauth: {
      authorizeUrl: (setup) =>
        authorizeUrl ? addressFrom(name, authorizeUrl, setup) : discovered(metadata?.authorization_endpoint),
      tokenUrl: (setup) => (tokenUrl ? tokenUrl(setup) : discovered(metadata?.token_endpoint)),
      ...(metadata && { issuers: [metadata.issuer] }),
      scopes: own.scopes,
      ...(own.scopeMeanings && { scopeMeanings: own.scopeMeanings }),
      scopeSeparator: own.scopeSeparator ?? ' ',
      ...(own.unechoedScopes && { unechoedScopes: own.unechoedScopes }),
      pkce: own.pkce ?? true,
      authorizeParams: params('authorizeParams'),
      clientAuthentication: own.clientAuthentication ?? 'client_secret_post',
      exchangeParams: params('exchangeParams'),
      refresh: { by: 'refresh_token', reusable: own.reusableRefreshToken ?? false, params: refreshParams },
      ...(lifetime === undefined ? {} : { assumedLifetime: () => lifetime }),
      classifyTokenAnswer: classifyByRules(own.classify ?? [], classifyTokenAnswerByRfc6749),
    },
    revoke: (connected) => {
      const { revokeUrl: instead } = connected.endpoints;
      const url = instead ?? (revokeUrl ? revokeUrl(connected) : metadata?.revocation_endpoint);
      return url === undefined ? null : rfc7009(connected, url);
    },
  };
}

type ApiKeyDefinition = NonNullable<Definition['auth']['api_key']>;
type BasicDefinition = NonNullable<Definition['auth']['basic']>;

function sentKey({ in: place, name = 'authorization', prefix }: ApiKeyDefinition, key: string) {
  if (place === 'query') return { query: { [name]: `${prefix ?? ''}${key}` } };
  const before = prefix ?? (name.toLowerCase() === 'authorization' ? 'Bearer ' : '');
  return { headers: { [name.toLowerCase()]: `${before}${key}` } };
}

const basicPair = ({ username = '', password = '' }: Record<string, string>) =>
  Buffer.from(`${username}:${password}`).toString('base64');

const TIMES = ['timestamp', 'timestamp_ms', 'date', 'iso_date', 'nonce'];
const REQUEST = ['method', 'host', 'path', 'query', 'target', 'body'].map((name) => `request.${name}`);

/** What depends on the call alone is made by `sign`; the rest is the same for all calls. */
function customOf({ fields, headers, query, signature }: CustomDefinition, compiler: Compiler) {
  const at = '/auth/custom';
  const own = Object.keys(fields).map((name) => `credentials.${name}`);
  const all = [...own, ...TIMES, ...REQUEST];
  const sent = [...all, ...(signature ? ['signature'] : [])];
  const [everyHeader, headerOfCall] = byCall(compiler.texts(`${at}/headers`, headers, sent));
  const [everyParam, paramOfCall] = byCall(compiler.texts(`${at}/query`, query, sent));
  const key = signature && compiler.text(`${at}/signature/key`, signature.key, own);
  const text = signature && compiler.text(`${at}/signature/text`, signature.text, all);
  const ofCall = [...headerOfCall, ...paramOfCall].map(([, template]) => template);
  const signsBody = [...ofCall, ...(text ? [text] : [])].some(({ names }) => names.includes('request.body'));

  const sign = (connected: Connected, call: CallToSign) => {
    const values = { ...valuesOf(connected), ...valuesOfCall(call) };
    if (signature && key && text)
      values.signature = createHmac(
        signature.algorithm,
        Buffer.from(key.render(values).toString(), signature.keyEncoding ?? 'utf8'),
      )
        .update(text.render(values))
        .digest(signature.encoding ?? 'hex');
    return { headers: rendered(headerOfCall, values), query: rendered(paramOfCall, values) };
  };
  return {
    authenticate: (connected: Connected) => ({
      headers: rendered(everyHeader, valuesOf(connected)),
      query: rendered(everyParam, valuesOf(connected)),
    }),
    signsBody,
    sign: ofCall.length > 0 ? sign : undefined,
  };
}

type Named = (readonly [string, Template])[];

function byCall(templates: Named): [Named, Named] {
  const ofCall = ({ names }: Template) =>
    names.some((name) => TIMES.includes(name) || name === 'signature' || name.startsWith('request.'));
  return [
    templates.filter(([, template]) => !ofCall(template)),
    templates.filter(([, template]) => ofCall(template)),
  ];
}

// ── values ─────────────────────────────────────────────────────────────────────────────────────────

function valuesOf(known: Setup | Connected): Values {
  const credentials =
    'credentials' in known && known.credentials.type !== 'oauth2' ? known.credentials.fields : {};
  return { config: known.config as Values, settings: known.settings as Values, credentials };
}

function valuesOfCall({ method, host, target, body, at, nonce }: CallToSign): Values {
  const [path = '', ...query] = target.split('?');
  return {
    request: {
      method,
      host,
      path,
      query: query.join('?'),
      target,
      body,
    },
    timestamp: Math.floor(at.getTime() / 1000),
    timestamp_ms: at.getTime(),
    date: at.toUTCString(),
    iso_date: at.toISOString(),
    nonce,
  };
}

/** Nothing of a definition may break a line, and what is empty is not sent. */
function rendered(templates: Named, values: Values): Record<string, string> {
  const all = templates.map(([name, template]) => [name, template.render(values).toString()] as const);
  return Object.fromEntries(all.filter(([, value]) => value !== ''));
}

/** @throws HubError CONFIG_INVALID where the configuration makes no address of it */
function addressFrom(name: string, template: Template, setup: Setup): string {
  const address = template
    .render(valuesOf(setup))
    .toString()
    .replace(/(?<!\/)\/+$/, '');
  if (URL.canParse(address)) return address;
  throw new HubError('CONFIG_INVALID', { detail: `the configuration makes no address of ${name}` });
}

// ── what the schema cannot say ─────────────────────────────────────────────────────────────────────

function addressProblem(address: string, hosts: readonly string[]): string | null {
  if (!URL.canParse(address) || !/^https?:\/\//.test(address))
    return 'must be an address that begins with https://';
  const { host, search, hash, username, password } = new URL(address);
  if (search || hash || username || password) return 'must have no query, fragment, user name or password';
  return hostMatches(host, hosts)
    ? null
    : `its host ${host} is not in hosts: add it, if credentials may go there`;
}

function meaningProblems({ auth, account, config = {}, appSettings }: Definition): FieldProblem[] {
  const { oauth2 } = auth;
  const missing = (['authorizeUrl', 'tokenUrl'] as const).filter(
    (name) => oauth2 && !oauth2[name] && !oauth2.discovery,
  );
  return [
    ...missing.map((name) => ({
      path: `/auth/oauth2/${name}`,
      message: 'is required where there is no discovery',
    })),
    ...(account?.from === 'token' && !oauth2
      ? [{ path: '/account/from', message: 'token is for oauth2: nothing else has a token answer' }]
      : []),
    ...(appSettings && !oauth2
      ? [{ path: '/appSettings', message: 'are set with an OAuth app, which only oauth2 has' }]
      : []),
    ...Object.entries(config)
      .filter(([, property]) => property['writeOnly'] === true)
      .map(([name]) => ({
        path: `/config/${name}`,
        message: 'a configuration is shown; what is secret belongs to the fields of custom',
      })),
    ...patternProblems('/auth/api_key', auth.api_key),
    ...Object.entries(auth.custom?.fields ?? {}).flatMap(([name, field]) =>
      patternProblems(`/auth/custom/fields/${name}`, field),
    ),
    ...Object.entries(config).flatMap(([name, property]) => patternProblems(`/config/${name}`, property)),
    ...Object.entries(appSettings ?? {}).flatMap(([name, property]) =>
      patternProblems(`/appSettings/${name}`, property),
    ),
  ];
}

function patternProblems(path: string, property: { pattern?: unknown } | undefined): FieldProblem[] {
  const { pattern } = property ?? {};
  const message = typeof pattern === 'string' ? patternProblem(pattern) : null;
  return message === null ? [] : [{ path: `${path}/pattern`, message }];
}

function keySchema({ title, help, pattern, examples }: ApiKeyDefinition): JsonSchema {
  const schema = apiKeySchema(title ?? 'API key', help ?? 'A key that you make at the provider.');
  const { apiKey } = schema['properties'] as { apiKey: JsonSchema };
  const own = { ...(pattern === undefined ? {} : { pattern }), ...(examples ? { examples } : {}) };
  return { ...schema, properties: { apiKey: { ...apiKey, ...own } } };
}

function basicSchema({ usernameTitle, passwordTitle, passwordOptional, help }: BasicDefinition): JsonSchema {
  const text = { type: 'string', maxLength: 4096 };
  const described = help === undefined ? {} : { description: help };
  return {
    type: 'object',
    additionalProperties: false,
    required: passwordOptional ? ['username'] : ['username', 'password'],
    properties: {
      // RFC 7617 §2: the first colon ends the name.
      username: {
        ...text,
        title: usernameTitle ?? 'User name',
        ...described,
        minLength: 1,
        pattern: '^[^:]*$',
      },
      password: {
        ...text,
        title: passwordTitle ?? 'Password',
        ...(passwordOptional ? {} : { minLength: 1 }),
        writeOnly: true,
      },
    },
  };
}

function customSchema({ fields }: CustomDefinition): JsonSchema {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(fields).filter((name) => !fields[name]?.optional),
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, { title, help, secret = true, pattern, examples }]) => [
        name,
        {
          type: 'string',
          title,
          ...(help === undefined ? {} : { description: help }),
          minLength: 1,
          maxLength: 4096,
          pattern: pattern ?? SECRET_PATTERN,
          ...(examples ? { examples } : {}),
          ...(secret ? { writeOnly: true } : {}),
        },
      ]),
    ),
  };
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
