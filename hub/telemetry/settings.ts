/**
 * Where traces go, by the variables that OpenTelemetry names
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). Those that are empty count as
 * unset, and without an endpoint nothing is looked at.
 */
import type { Reader } from '../config.ts';

export type TelemetrySettings = {
  url: string;
  protocol: (typeof PROTOCOLS)[number];
  /** With every export; secret. */
  headers: Record<string, string>;
  timeoutMs: number;
  compression: 'gzip' | 'none';
  tls: { caPath: string | null; certPath: string | null; keyPath: string | null };
  /** Null: by what the process does. */
  serviceName: string | null;
  resource: Record<string, string>;
  sampler: { name: SamplerName; ratio: number };
  batch: { delayMs: number; queueSize: number; size: number };
};

export type SamplerName = (typeof SAMPLERS)[number];

const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** @returns null: nothing is traced */
export function readTelemetry(read: Reader, problems: string[]): TelemetrySettings | null {
  const url = endpoint(read);
  const isOff =
    url === null ||
    read.choice('OTEL_SDK_DISABLED', ['true', 'false'], 'false') === 'true' ||
    read.choice('OTEL_TRACES_EXPORTER', ['otlp', 'none'], 'otlp') === 'none';
  if (isOff) return null;
  const tls = {
    caPath: read.text(either(read, 'CERTIFICATE')),
    certPath: read.text(either(read, 'CLIENT_CERTIFICATE')),
    keyPath: read.text(either(read, 'CLIENT_KEY')),
  };
  if ((tls.certPath === null) !== (tls.keyPath === null))
    problems.push(
      'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: a client certificate needs OTEL_EXPORTER_OTLP_CLIENT_KEY, and the key needs it',
    );
  return {
    url,
    protocol: read.choice(either(read, 'PROTOCOL'), PROTOCOLS, 'http/protobuf'),
    headers: {
      ...read.pairs('OTEL_EXPORTER_OTLP_HEADERS'),
      ...read.pairs('OTEL_EXPORTER_OTLP_TRACES_HEADERS'),
    },
    timeoutMs: read.integer(either(read, 'TIMEOUT'), 10_000, 1, 600_000),
    compression: read.choice(either(read, 'COMPRESSION'), ['none', 'gzip'], 'none'),
    tls,
    serviceName: read.text('OTEL_SERVICE_NAME'),
    resource: read.pairs('OTEL_RESOURCE_ATTRIBUTES'),
    sampler: {
      name: read.choice('OTEL_TRACES_SAMPLER', SAMPLERS, 'parentbased_always_on'),
      ratio: read.share('OTEL_TRACES_SAMPLER_ARG', 1),
    },
    batch: {
      delayMs: read.integer('OTEL_BSP_SCHEDULE_DELAY', 5_000, 1, 3_600_000),
      queueSize: read.integer('OTEL_BSP_MAX_QUEUE_SIZE', 2_048, 1, 1_000_000),
      size: read.integer('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512, 1, 100_000),
    },
  };
}

function endpoint(read: Reader): string | null {
  const own = read.url('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://localhost:4318/v1/traces');
  const shared = read.url('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://localhost:4318');
  return own ?? (shared === null ? null : `${shared.replace(/(?<!\/)\/+$/, '')}/v1/traces`);
}

/** The variable for traces alone goes before the one for all signals. */
const either = (read: Reader, what: string) =>
  read.text(`OTEL_EXPORTER_OTLP_TRACES_${what}`) === null
    ? `OTEL_EXPORTER_OTLP_${what}`
    : `OTEL_EXPORTER_OTLP_TRACES_${what}`;
