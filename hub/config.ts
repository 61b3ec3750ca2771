/**
 * The environment, read once. The only file that looks at `process.env`.
 *
 * A wrong value is never guessed around: every problem is listed, one line each, naming its variable.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ipaddr from 'ipaddr.js';
import ms from 'ms';
import { readTelemetry, type TelemetrySettings } from './telemetry/settings.ts';

export type Config = {
  host: string;
  port: number;
  /** Base of redirect URIs and links, without a trailing slash. */
  publicUrl: string;
  dataDir: string;
  /** Folder of definitions of integrations; null: none. */
  integrationsDir: string | null;
  /** Null: the embedded PostgreSQL. */
  databaseUrl: string | null;
  /** Off behind a pooler in transaction mode, where a prepared statement may meet another server connection. */
  databasePreparedStatements: boolean;
  databasePoolSize: number;
  /** Streams of events that one process serves at once. */
  mostStreams: number;
  temporal: {
    /** Null: the embedded server. */
    address: string | null;
    namespace: string;
    taskQueue: string;
    apiKey: string | null;
    tls: {
      caPath: string | null;
      certPath: string | null;
      keyPath: string | null;
      serverName: string | null;
    } | null;
    port: number;
    uiPort: number;
    cliPath: string | null;
    /** Where operators read workflows; links to runs and the codec's permission go by it. */
    uiUrl: string | null;
    /** Where a worker answers Prometheus; null: nowhere. */
    workerMetrics: { host: string; port: number } | null;
  };
  /** As given, `id:base64key,…`; null: `npm start` makes one, everything else refuses to start. */
  encryptionKeys: string | null;
  /** The Vault that keeps keys of `encryptionKeys`, by its own client's variables; null: none. */
  hashicorpVault: { address: string; token: string; namespace: string | null } | null;
  adminKey: string | null;
  /** Single sign-on; null: passwords only. */
  oidc: OidcConfig | null;
  sandbox: { on: boolean; port: number; consent: 'ask' | 'allow' };
  allowPrivateNetwork: boolean;
  /** Addresses or networks of reverse proxies whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  /** Origins beside the hub's own that a `returnUrl` may point to. */
  returnOrigins: string[];
  /** Where people's n8n are (an address with its path, if any), for the client `n8n`. */
  n8nUrls: string[];
  /** Milliseconds to wait after each failed attempt at a webhook's endpoint. */
  webhookBackoff: number[];
  production: boolean;
  /** Off: the schedules that look after connections are paused. */
  sweeps: boolean;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Null: nothing is traced. */
  telemetry: TelemetrySettings | null;
  /** Milliseconds. */
  durations: {
    refreshMargin: number;
    sweepInterval: number;
    healthInterval: number;
    reconnectInitial: number;
    reconnectMax: number;
    reconnectGiveUp: number;
    authorizationTtl: number;
    /** Longest wait for one answer of a provider. */
    providerTimeout: number;
    /** How long a claim to refresh a connection holds; longer than a provider may take to answer. */
    refreshLease: number;
    /** How long an answer is waited for that may hold the successor of a refresh token that is spent once. */
    refreshPatience: number;
    /** How long revocation at the provider is tried after a disconnect. */
    revocationGiveUp: number;
    /** Longest wait for a webhook's endpoint. */
    webhookTimeout: number;
    /** How long a webhook's replaced secret signs beside the new one. */
    webhookSecretOverlap: number;
    /** How long usage is kept by the hour; afterwards by the day. */
    usageHours: number;
    usageDays: number;
    /** How long the requests that debug mode saw are kept. */
    debugKeep: number;
    /** Of routine events. */
    eventsKeep: number;
    /** How long a browser stays signed in after it was last seen. */
    session: number;
    /** Longest wait for the headers of a request, and for a body that is not passed on. */
    request: number;
  };
};

/** The OpenID provider that says who somebody is. */
export type OidcConfig = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What the button says. */
  name: string;
  /** The role of whoever it knows and nobody invited; null: they are not let in. */
  newUsers: 'operator' | 'builder' | null;
};

export class ConfigError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const PROJECT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const dataDirOf = (env: NodeJS.ProcessEnv): string =>
  path.resolve(PROJECT, textOf(env, 'HUB_DATA_DIR') ?? '.hub');

/**
 * @param env usually `process.env`
 * @param entry what is being started: `npm start` (`start`) has comfortable defaults outside production,
 *   a single process (`process`) has the safe ones
 * @throws ConfigError with one line per problem
 */
export function readConfig(env: NodeJS.ProcessEnv, entry: 'start' | 'process'): Config {
  const problems: string[] = [];
  const read = reader(env, problems);
  const production = env.NODE_ENV === 'production';
  const comfortable = entry === 'start' && !production;

  const port = read.port('HUB_PORT', 3000);
  const config: Config = {
    host: read.text('HUB_HOST') ?? '127.0.0.1',
    port,
    publicUrl: read.baseUrl('HUB_PUBLIC_URL') ?? `http://localhost:${port}`,
    dataDir: dataDirOf(env),
    integrationsDir: pathOf(read.text('HUB_INTEGRATIONS_DIR')),
    databaseUrl: read.databaseUrl('DATABASE_URL'),
    databasePreparedStatements: read.choice('HUB_DATABASE_PREPARED_STATEMENTS', ['on', 'off'], 'on') === 'on',
    databasePoolSize: read.integer('HUB_DATABASE_POOL_SIZE', 10, 1, 200),
    mostStreams: read.integer('HUB_MOST_STREAMS', 2_000, 1, 100_000),
    temporal: {
      address: read.address('TEMPORAL_ADDRESS'),
      namespace: read.text('TEMPORAL_NAMESPACE') ?? 'default',
      taskQueue: read.text('TEMPORAL_TASK_QUEUE') ?? 'integration-hub',
      apiKey: read.text('TEMPORAL_API_KEY'),
      tls: readTls(read, problems),
      port: read.port('HUB_TEMPORAL_PORT', 7233),
      uiPort: read.port('HUB_TEMPORAL_UI_PORT', 8233),
      cliPath: read.text('TEMPORAL_CLI_PATH'),
      uiUrl: read.baseUrl('HUB_TEMPORAL_UI_URL'),
      workerMetrics: read.listener('HUB_WORKER_METRICS'),
    },
    encryptionKeys: read.text('HUB_ENCRYPTION_KEYS'),
    hashicorpVault: readHashicorpVault(read),
    adminKey: read.text('HUB_ADMIN_KEY'),
    oidc: readOidc(read, problems),
    sandbox: {
      on: read.choice('HUB_SANDBOX', ['on', 'off'], comfortable ? 'on' : 'off') === 'on',
      port: read.port('HUB_SANDBOX_PORT', 3001),
      consent: read.choice('HUB_SANDBOX_CONSENT', ['ask', 'allow'], 'ask'),
    },
    allowPrivateNetwork:
      read.choice('HUB_ALLOW_PRIVATE_NETWORK', ['on', 'off'], comfortable ? 'on' : 'off') === 'on',
    trustedProxies: read.addresses('HUB_TRUSTED_PROXIES'),
    returnOrigins: read.origins('HUB_RETURN_ORIGINS'),
    n8nUrls: read.baseUrls('HUB_N8N_URLS', comfortable ? ['http://localhost:5678'] : []),
    // 75 h 35 min in all: an endpoint may be away over a long weekend.
    webhookBackoff: read.durations('HUB_WEBHOOK_BACKOFF', '5s,5m,30m,2h,5h,10h,14h,20h,24h'),
    production,
    sweeps: read.choice('HUB_SWEEPS', ['on', 'off'], 'on') === 'on',
    logLevel: read.choice('HUB_LOG_LEVEL', LOG_LEVELS, 'info'),
    telemetry: readTelemetry(read, problems),
    durations: {
      refreshMargin: read.duration('HUB_REFRESH_MARGIN', '10m'),
      sweepInterval: read.duration('HUB_SWEEP_INTERVAL', '1m'),
      healthInterval: read.duration('HUB_HEALTH_INTERVAL', '15m'),
      reconnectInitial: read.duration('HUB_RECONNECT_INITIAL', '5s'),
      reconnectMax: read.duration('HUB_RECONNECT_MAX', '15m'),
      reconnectGiveUp: read.duration('HUB_RECONNECT_GIVE_UP', '7d'),
      authorizationTtl: read.duration('HUB_AUTHORIZATION_TTL', '10m'),
      providerTimeout: read.duration('HUB_PROVIDER_TIMEOUT', '20s'),
      refreshLease: read.duration('HUB_REFRESH_LEASE', '60s'),
      refreshPatience: read.duration('HUB_REFRESH_PATIENCE', '2m'),
      revocationGiveUp: read.duration('HUB_REVOCATION_GIVE_UP', '24h'),
      webhookTimeout: read.duration('HUB_WEBHOOK_TIMEOUT', '15s'),
      webhookSecretOverlap: read.duration('HUB_WEBHOOK_SECRET_OVERLAP', '24h'),
      usageHours: read.duration('HUB_USAGE_KEEP_HOURS', '14d'),
      usageDays: read.duration('HUB_USAGE_KEEP_DAYS', '400d'),
      debugKeep: read.duration('HUB_DEBUG_KEEP', '24h'),
      eventsKeep: read.duration('HUB_EVENTS_KEEP', '90d'),
      session: read.duration('HUB_SESSION_TTL', '7d'),
      request: read.duration('HUB_REQUEST_TIMEOUT', '60s'),
    },
  };
  if (config.adminKey !== null && config.adminKey.length < 32)
    problems.push('HUB_ADMIN_KEY: needs 32 or more characters');
  if (new URL(config.publicUrl).pathname !== '/')
    problems.push('HUB_PUBLIC_URL: must have no path: the hub answers at the root of its host');
  if (config.sandbox.on && production)
    problems.push(
      'HUB_SANDBOX: the stand-in providers accept anybody, so they are never on in production; unset it',
    );
  if (config.durations.refreshLease < config.durations.providerTimeout * 2)
    problems.push(
      'HUB_REFRESH_LEASE: must be at least twice HUB_PROVIDER_TIMEOUT, or a slow answer outlives its claim',
    );
  if (config.durations.usageDays < config.durations.usageHours)
    problems.push('HUB_USAGE_KEEP_DAYS: must be no shorter than HUB_USAGE_KEEP_HOURS');
  // Up to a fifth is put on top of each wait; what is then to be told must still be there.
  const waits = config.webhookBackoff.reduce((sum, wait) => sum + wait, 0) * 1.2;
  if (config.durations.eventsKeep < waits)
    problems.push(
      `HUB_EVENTS_KEEP: must be no shorter than HUB_WEBHOOK_BACKOFF takes to its end, ${Math.ceil(waits / 3_600_000)}h`,
    );
  // Node times nothing beyond 24 days, and waits several times as long for an answer that comes in pieces.
  if (config.durations.providerTimeout > 600_000)
    problems.push('HUB_PROVIDER_TIMEOUT: must be ten minutes at most');
  if (config.durations.refreshPatience > 3_600_000)
    problems.push('HUB_REFRESH_PATIENCE: must be an hour at most');
  if (config.durations.request > 600_000) problems.push('HUB_REQUEST_TIMEOUT: must be ten minutes at most');
  if (config.durations.webhookTimeout > 60_000)
    problems.push('HUB_WEBHOOK_TIMEOUT: must be a minute at most');
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

const pathOf = (folder: string | null) => (folder === null ? null : path.resolve(PROJECT, folder));

/** In one line, whatever it is. */
const quoted = (value: string | null) =>
  JSON.stringify(value !== null && value.length > 100 ? `${value.slice(0, 100)}…` : value);

// Dates are made of them, and there are none after the year 275760.
const LONGEST_MS = 3650 * 86_400_000;

/** Whole milliseconds; null: it is none. */
function durationOf(value: string): number | null {
  const parsed = /^\d+(\.\d+)?(ms|s|m|h|d)$/.test(value) ? Math.round(ms(value as ms.StringValue)) : 0;
  return parsed > 0 && parsed <= LONGEST_MS ? parsed : null;
}

export type Reader = ReturnType<typeof reader>;

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}

function readTls(read: Reader, problems: string[]): Config['temporal']['tls'] {
  const on = read.choice('TEMPORAL_TLS_ENABLED', ['on', 'off', 'true', 'false'], 'off');
  const tls = {
    caPath: read.text('TEMPORAL_TLS_CA'),
    certPath: read.text('TEMPORAL_TLS_CERT'),
    keyPath: read.text('TEMPORAL_TLS_KEY'),
    serverName: read.text('TEMPORAL_TLS_SERVER_NAME'),
  };
  if ((tls.certPath === null) !== (tls.keyPath === null))
    problems.push('TEMPORAL_TLS_CERT: a client certificate needs TEMPORAL_TLS_KEY, and the key needs it');
  const wanted = on === 'on' || on === 'true' || Object.values(tls).some((value) => value !== null);
  return wanted ? tls : null;
}

/** Somebody's shell may have one of them for other work: only both together are meant. */
function readHashicorpVault(read: Reader): Config['hashicorpVault'] {
  const address = read.baseUrl('VAULT_ADDR');
  const token = read.text('VAULT_TOKEN');
  return address === null || token === null
    ? null
    : { address, token, namespace: read.text('VAULT_NAMESPACE') };
}

function readOidc(read: Reader, problems: string[]): OidcConfig | null {
  const issuer = read.baseUrl('HUB_OIDC_ISSUER');
  const clientId = read.text('HUB_OIDC_CLIENT_ID');
  const clientSecret = read.text('HUB_OIDC_CLIENT_SECRET');
  const newUsers = read.choice('HUB_OIDC_NEW_USERS', ['refuse', 'builder', 'operator'], 'refuse');
  const name = read.text('HUB_OIDC_NAME') ?? 'single sign-on';
  if (issuer !== null && clientId !== null && clientSecret !== null)
    return { issuer, clientId, clientSecret, name, newUsers: newUsers === 'refuse' ? null : newUsers };
  const given = {
    HUB_OIDC_ISSUER: issuer,
    HUB_OIDC_CLIENT_ID: clientId,
    HUB_OIDC_CLIENT_SECRET: clientSecret,
  };
  const missing = Object.entries(given).flatMap(([variable, value]) => (value === null ? [variable] : []));
  if (missing.length < 3)
    problems.push(...missing.map((variable) => `${variable}: single sign-on needs it beside the others`));
  return null;
}

/** An empty value is an unset one: that is how a compose file or an n8n template says "none". */
const textOf = (env: NodeJS.ProcessEnv, name: string): string | null => env[name]?.trim() || null;

function reader(env: NodeJS.ProcessEnv, problems: string[]) {
  const text = (name: string) => textOf(env, name);

  const list = (name: string): string[] =>
    (text(name) ?? '')
      .split(',')
      .map((value) => value.trim())
      .filter(Boolean);

  const integer = (name: string, fallback: number, least: number, most: number): number => {
    const value = text(name);
    if (value === null) return fallback;
    if (/^\d+$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value);
    problems.push(`${name}: expected a whole number from ${least} to ${most}, got ${quoted(value)}`);
    return fallback;
  };

  const parsedUrl = (name: string, protocols: string[], example: string): URL | null => {
    const value = text(name);
    if (value === null) return null;
    const url = URL.canParse(value) ? new URL(value) : null;
    if (url && protocols.includes(url.protocol)) return url;
    // The value itself is not repeated: a database URL holds a password.
    problems.push(`${name}: expected a URL such as ${example}`);
    return null;
  };

  return {
    text,
    integer,
    port: (name: string, fallback: number) => integer(name, fallback, 1, 65_535),

    choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
      const value = text(name);
      if (value === null) return fallback;
      const found = choices.find((choice) => choice === value);
      if (found === undefined)
        problems.push(`${name}: expected one of ${choices.join(', ')}, got ${quoted(value)}`);
      return found ?? fallback;
    },

    duration(name: string, fallback: ms.StringValue): number {
      const value = text(name);
      const parsed = value === null ? undefined : durationOf(value);
      if (parsed === null)
        problems.push(
          `${name}: expected a duration such as 500ms, 30s, 5m or 24h, 3650d at most, got ${quoted(value)}`,
        );
      return parsed ?? ms(fallback);
    },

    durations(name: string, fallback: string): number[] {
      const parsed = (text(name) ?? fallback).split(',').map((value) => durationOf(value.trim()));
      if (parsed.includes(null))
        problems.push(`${name}: expected durations such as 5s,5m,2h, separated by commas`);
      return parsed.map((value) => value ?? 0);
    },

    /** From 0 to 1. */
    share(name: string, fallback: number): number {
      const value = text(name);
      if (value === null) return fallback;
      if (/^(0?\.\d+|[01](\.0*)?)$/.test(value)) return Number(value);
      problems.push(`${name}: expected a number from 0 to 1 such as 0.1, got "${value}"`);
      return fallback;
    },

    /** Values may be %-encoded. They are not repeated: a key may be among them. */
    pairs(name: string): Record<string, string> {
      const parsed = list(name).map((pair) => {
        const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
        return [/\s/.test(key.trim()) ? '' : key.trim(), decoded(value.trim())] as const;
      });
      if (parsed.some(([key, value]) => key === '' || value === null))
        problems.push(`${name}: expected name=value pairs, separated by commas`);
      return Object.fromEntries(parsed.map(([key, value]) => [key, value ?? '']));
    },

    url(name: string, example: string): string | null {
      const url = parsedUrl(name, ['http:', 'https:'], example);
      if (url && (url.username || url.password)) problems.push(`${name}: must have no user name or password`);
      return url && url.href;
    },

    baseUrl(name: string): string | null {
      const url = parsedUrl(name, ['http:', 'https:'], 'https://hub.example.com');
      if (url && (url.search || url.hash || url.username))
        problems.push(`${name}: must have no query, fragment or user name`);
      return url ? url.href.replace(/(?<!\/)\/+$/, '') : null;
    },

    baseUrls(name: string, fallback: string[]): string[] {
      const values = list(name);
      const good = (value: string) =>
        URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && !/[?#]/.test(value);
      for (const value of values)
        if (!good(value))
          problems.push(
            `${name}: expected addresses such as https://n8n.example.com, separated by commas, got ${quoted(value)}`,
          );
      return values.length > 0 ? values.map((value) => value.replace(/(?<!\/)\/+$/, '')) : fallback;
    },

    databaseUrl: (name: string): string | null =>
      parsedUrl(name, ['postgres:', 'postgresql:'], 'postgres://user@host:5432/hub') ? text(name) : null,

    address(name: string): string | null {
      const value = text(name);
      if (value !== null && !/^[^\s/:]+(:\d+)?$|^\[[0-9a-f:]+\](:\d+)?$/i.test(value))
        problems.push(`${name}: expected host:port such as temporal.example.com:7233, got ${quoted(value)}`);
      return value;
    },

    listener(name: string): { host: string; port: number } | null {
      const value = text(name);
      if (value === null) return null;
      const [, host = '', port = ''] = /^\[?([0-9a-f.:]+?)\]?:(\d{1,5})$/i.exec(value) ?? [];
      if (ipaddr.isValid(host) && Number(port) >= 1 && Number(port) <= 65_535)
        return { host, port: Number(port) };
      problems.push(
        `${name}: expected an address of this machine with a port such as 127.0.0.1:9464, got ${quoted(value)}`,
      );
      return null;
    },

    addresses(name: string): string[] {
      const values = list(name);
      for (const value of values)
        if (!ipaddr.isValid(value) && !ipaddr.isValidCIDR(value))
          problems.push(
            `${name}: expected addresses or networks such as 10.0.0.0/8, separated by commas, got ${quoted(value)}`,
          );
      return values;
    },

    origins(name: string): string[] {
      const values = list(name);
      for (const value of values)
        if (!URL.canParse(value) || new URL(value).origin !== value)
          problems.push(
            `${name}: expected origins such as https://app.example.com, separated by commas, got ${quoted(value)}`,
          );
      return values;
    },
  };
}
