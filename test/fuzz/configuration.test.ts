/** Whatever the environment holds: a configuration that can be run with, or one line per problem. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, type Config } from '../../hub/config.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import './seed.ts';

const VARIABLES = [
  'DATABASE_URL',
  'HUB_ADMIN_KEY',
  'HUB_ALLOW_PRIVATE_NETWORK',
  'HUB_AUTHORIZATION_TTL',
  'HUB_DATABASE_POOL_SIZE',
  'HUB_DATABASE_PREPARED_STATEMENTS',
  'HUB_DATA_DIR',
  'HUB_DEBUG_KEEP',
  'HUB_EVENTS_KEEP',
  'HUB_ENCRYPTION_KEYS',
  'HUB_HEALTH_INTERVAL',
  'HUB_HOST',
  'HUB_INTEGRATIONS_DIR',
  'HUB_LOG_LEVEL',
  'HUB_MOST_STREAMS',
  'HUB_N8N_URLS',
  'HUB_OIDC_CLIENT_ID',
  'HUB_OIDC_CLIENT_SECRET',
  'HUB_OIDC_ISSUER',
  'HUB_OIDC_NEW_USERS',
  'HUB_PORT',
  'HUB_PROVIDER_TIMEOUT',
  'HUB_PUBLIC_URL',
  'HUB_RECONNECT_GIVE_UP',
  'HUB_RECONNECT_INITIAL',
  'HUB_RECONNECT_MAX',
  'HUB_REFRESH_LEASE',
  'HUB_REFRESH_MARGIN',
  'HUB_REFRESH_PATIENCE',
  'HUB_RETURN_ORIGINS',
  'HUB_REVOCATION_GIVE_UP',
  'HUB_SANDBOX',
  'HUB_SANDBOX_CONSENT',
  'HUB_SANDBOX_PORT',
  'HUB_SESSION_TTL',
  'HUB_SWEEPS',
  'HUB_SWEEP_INTERVAL',
  'HUB_TEMPORAL_PORT',
  'HUB_TEMPORAL_UI_PORT',
  'HUB_TEMPORAL_UI_URL',
  'HUB_TRUSTED_PROXIES',
  'HUB_USAGE_KEEP_DAYS',
  'HUB_USAGE_KEEP_HOURS',
  'HUB_WEBHOOK_BACKOFF',
  'HUB_WEBHOOK_SECRET_OVERLAP',
  'HUB_WEBHOOK_TIMEOUT',
  'HUB_WORKER_METRICS',
  'NODE_ENV',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_API_KEY',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_TASK_QUEUE',
  'TEMPORAL_TLS_CERT',
  'TEMPORAL_TLS_ENABLED',
  'TEMPORAL_TLS_KEY',
] as const;

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.nat().map(String),
  fc.tuple(fc.double(), fc.constantFrom('ms', 's', 'm', 'h', 'd', '')).map((parts) => parts.join('')),
  fc.tuple(fc.bigInt({ min: 0n }), fc.constantFrom('ms', 's', 'd')).map((parts) => parts.join('')),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.tuple(fc.webUrl(), fc.webUrl()).map((urls) => urls.join(',')),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]:80`),
  fc.constantFrom(
    'on',
    'off',
    'production',
    'info',
    'ask',
    'a\nHUB_PORT: b',
    'https://u:p@h',
    '0',
    '-1',
    '1e3',
  ),
);
const environment = fc.dictionary(fc.constantFrom(...VARIABLES), value, { noNullPrototype: true });

/** @returns the problems, or the configuration */
function read(env: NodeJS.ProcessEnv, entry: 'start' | 'process'): Config | string[] {
  try {
    return readConfig(env, entry);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('any environment', () => {
  it('is a configuration that timers, ports and addresses can be made of, or lines that name their variables', () => {
    fc.assert(
      fc.property(environment, fc.constantFrom('start', 'process'), (env, entry) => {
        const result = read(env, entry);
        if (Array.isArray(result))
          return result.forEach((problem) => expect(problem).toMatch(/^[A-Z][A-Z0-9_]+: [^\n\r]+$/));
        // The longest that Node can time is 2^32 − 1 ms; what is longer lives in the database, as a date.
        for (const [name, ms] of Object.entries(result.durations)) {
          expect(Number.isInteger(ms) && ms >= 1, `${name}: ${ms}`).toBe(true);
          expect(Number.isFinite(new Date(Date.now() + ms).getTime()), name).toBe(true);
        }
        expect(result.durations.providerTimeout * 6).toBeLessThan(2 ** 31);
        expect(result.webhookBackoff.every((ms) => Number.isInteger(ms) && ms >= 1)).toBe(true);
        for (const port of [result.port, result.sandbox.port, result.temporal.port, result.temporal.uiPort])
          expect(port >= 1 && port <= 65_535).toBe(true);
        expect(new URL(result.publicUrl).href).toBe(`${result.publicUrl}/`);
        for (const origin of result.returnOrigins) expect(new URL(origin).origin).toBe(origin);
        for (const url of result.n8nUrls) expect(URL.canParse(url)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('repeats nothing secret in what it says is wrong', () => {
    const secret = 'S3CRET-value-of-the-test';
    fc.assert(
      fc.property(
        environment,
        fc.constantFrom('DATABASE_URL', 'HUB_ADMIN_KEY', 'HUB_OIDC_CLIENT_SECRET', 'TEMPORAL_API_KEY'),
        fc.constantFrom(secret, `x://u:${secret}@h/d`, `postgres:// ${secret}`, `${secret}\n`),
        (env, variable, given) => {
          const result = read({ ...env, [variable]: given }, 'process');
          if (Array.isArray(result)) expect(result.join('\n')).not.toContain(secret);
        },
      ),
    );
  });
});

describe('any HUB_ENCRYPTION_KEYS', () => {
  const id = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/), fc.string({ maxLength: 10 }));
  const key = fc.oneof(
    fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    fc.base64String(),
    fc.string(),
  );
  const text = fc.oneof(
    fc.array(fc.tuple(id, key).map((parts) => parts.join(':'))).map((entries) => entries.join(',')),
    fc.string({ unit: 'binary' }),
  );

  it('is a ring of 32-byte keys of which the first seals, or is refused without a key in the words', () => {
    fc.assert(
      fc.property(text, (given) => {
        try {
          const ring = parseKeyring(given);
          expect(ring.ids()[0]).toBe(ring.current.id);
          expect(new Set(ring.ids()).size).toBe(ring.ids().length);
          for (const one of ring.ids()) expect(ring.get(one)).toHaveLength(32);
        } catch (error) {
          const said = (error as Error).message;
          expect(said).toMatch(/^HUB_ENCRYPTION_KEYS: /);
          for (const part of given.split(/[:,\s]/)) if (part.length > 24) expect(said).not.toContain(part);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
