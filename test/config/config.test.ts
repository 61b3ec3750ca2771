import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../hub/config.ts';

const problemsOf = (env: Record<string, string>, entry: 'start' | 'process' = 'process'): string[] => {
  try {
    readConfig(env, entry);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe('the environment', () => {
  it("has the contract's defaults", () => {
    expect(readConfig({}, 'start')).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      temporal: {
        address: null,
        namespace: 'default',
        taskQueue: 'integration-hub',
        port: 7233,
        uiPort: 8233,
      },
      sandbox: { on: true, port: 3001, consent: 'ask' },
      allowPrivateNetwork: true,
      durations: {
        refreshMargin: 600_000,
        sweepInterval: 60_000,
        healthInterval: 900_000,
        reconnectInitial: 5_000,
        reconnectMax: 900_000,
        reconnectGiveUp: 604_800_000,
        authorizationTtl: 600_000,
      },
    });
  });

  it('is careful for a single process and in production', () => {
    for (const config of [readConfig({}, 'process'), readConfig({ NODE_ENV: 'production' }, 'start')])
      expect(config).toMatchObject({ sandbox: { on: false }, allowPrivateNetwork: false });
  });

  it("takes OpenTelemetry's own variables, once there is an endpoint, and repeats no key of a collector", () => {
    expect(
      readConfig({ OTEL_SERVICE_NAME: 'hub', OTEL_TRACES_SAMPLER: 'odd' }, 'process').telemetry,
    ).toBeNull();
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };
    expect(readConfig({ ...endpoint, OTEL_SDK_DISABLED: 'true' }, 'process').telemetry).toBeNull();
    expect(readConfig({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, 'process').telemetry).toBeNull();
    const given = {
      ...endpoint,
      OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '2000',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%3Db,x-other=1',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    };
    expect(readConfig(given, 'process').telemetry).toMatchObject({
      url: 'http://collector:4318/v1/traces',
      protocol: 'http/protobuf',
      timeoutMs: 2000,
      headers: { 'x-key': 'a=b', 'x-other': '1' },
      sampler: { name: 'parentbased_traceidratio', ratio: 0.25 },
    });
    const problems = problemsOf({
      ...endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_HEADERS: 'secret',
      OTEL_TRACES_SAMPLER_ARG: '2',
      OTEL_EXPORTER_OTLP_CLIENT_KEY: 'key.pem',
    });
    expect(problems.map((line) => line.split(':')[0]).sort()).toEqual([
      'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
      'OTEL_EXPORTER_OTLP_HEADERS',
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      'OTEL_TRACES_SAMPLER_ARG',
    ]);
    expect(problems.join()).not.toContain('secret');
    expect(problemsOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toEqual([
      'OTEL_EXPORTER_OTLP_ENDPOINT: expected a URL such as http://localhost:4318',
    ]);
  });

  it('takes single sign-on whole or not at all, and lets nobody in by default who was not invited', () => {
    const issuer = { HUB_OIDC_ISSUER: 'https://id.example.com/' };
    const secret = { HUB_OIDC_CLIENT_SECRET: 'a secret' };
    expect(problemsOf({ ...issuer, ...secret })).toEqual([
      'HUB_OIDC_CLIENT_ID: single sign-on needs it beside the others',
    ]);
    expect(readConfig({}, 'process').oidc).toBeNull();
    expect(readConfig({ ...issuer, ...secret, HUB_OIDC_CLIENT_ID: 'hub' }, 'process').oidc).toEqual({
      issuer: 'https://id.example.com',
      clientId: 'hub',
      clientSecret: 'a secret',
      name: 'single sign-on',
      newUsers: null,
    });
  });

  it.each([
    ['HUB_PORT', '0'],
    ['HUB_PORT', '70000'],
    ['HUB_PORT', '3000x'],
    ['HUB_WEBHOOK_TIMEOUT', '2m'],
    ['HUB_WEBHOOK_BACKOFF', '5s,soon'],
    ['HUB_WEBHOOK_BACKOFF', '5s;5m'],
    ['HUB_PUBLIC_URL', 'hub.example.com'],
    ['HUB_PUBLIC_URL', 'https://user:pass@hub.example.com'],
    ['HUB_PUBLIC_URL', 'https://hub.example.com/?a=1'],
    ['HUB_PUBLIC_URL', 'https://example.com/hub'],
    ['HUB_TRUSTED_PROXIES', 'proxy.example.com'],
    ['HUB_SESSION_TTL', 'long'],
    ['HUB_OIDC_NEW_USERS', 'admin'],
    ['TEMPORAL_TLS_CERT', '/x.pem'],
    ['DATABASE_URL', 'mysql://root@localhost/hub'],
    ['TEMPORAL_ADDRESS', 'http://temporal:7233'],
    ['HUB_WORKER_METRICS', '9464'],
    ['HUB_WORKER_METRICS', 'localhost:9464'],
    ['HUB_WORKER_METRICS', '0.0.0.0:0'],
    ['HUB_SANDBOX', 'yes'],
    ['HUB_SANDBOX_CONSENT', 'always'],
    ['HUB_ALLOW_PRIVATE_NETWORK', '1'],
    ['HUB_REFRESH_MARGIN', '10'],
    ['HUB_REFRESH_MARGIN', '-5m'],
    ['HUB_REFRESH_MARGIN', 'soon'],
    ['HUB_ADMIN_KEY', 'too-short'],
    ['HUB_RETURN_ORIGINS', 'https://app.example.com/path'],
    ['HUB_LOG_LEVEL', 'loud'],
    ['HUB_REFRESH_LEASE', '30s'],
    ['HUB_REFRESH_PATIENCE', '2h'],
  ])('%s=%s is one problem, naming the variable', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: `));
  });

  it('lists all problems at once and repeats no password', () => {
    const problems = problemsOf({
      HUB_PORT: 'x',
      DATABASE_URL: 'mysql://root:hunter2@db/hub',
      HUB_LOG_LEVEL: 'x',
    });
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('an empty value is an unset one', () => {
    expect(readConfig({ HUB_PORT: '', DATABASE_URL: ' ' }, 'process')).toMatchObject({
      port: 3000,
      databaseUrl: null,
    });
  });

  it('reads durations in every unit', () => {
    const { durations } = readConfig(
      {
        HUB_REFRESH_MARGIN: '500ms',
        HUB_SWEEP_INTERVAL: '30s',
        HUB_HEALTH_INTERVAL: '5m',
        HUB_RECONNECT_GIVE_UP: '24h',
        HUB_RECONNECT_MAX: '2d',
      },
      'process',
    );
    expect(durations).toMatchObject({
      refreshMargin: 500,
      sweepInterval: 30_000,
      healthInterval: 300_000,
      reconnectGiveUp: 86_400_000,
      reconnectMax: 172_800_000,
    });
  });
});
