/**
 * The way of spans out of the process: sampled, gathered, and sent by OTLP. A collector that does not take them is
 * said once, and again when it does; what comes meanwhile is dropped, and nobody waits for it.
 */
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import {
  context,
  propagation,
  ProxyTracerProvider,
  trace,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type Sampler,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { Logger } from '../log.ts';
import type { TelemetrySettings } from './settings.ts';
import { atMost } from '../patience.ts';
import type { Facts, WorkflowSpans } from './telemetry.ts';

export type Export = { tracer: Tracer; take: WorkflowSpans['take']; close: () => Promise<void> };

const SCOPE = 'integration-hub';
// Packages that make spans as soon as somebody wants any have not been looked at for what they tell.
const WANTED_SCOPE = /^@temporalio\//;
const CLOSE_MS = 2_000;

/** @param facts of the context that a span begins in, told on each */
export function openExport(
  settings: TelemetrySettings,
  process: string,
  log: Logger,
  facts: (within: Context) => Facts,
): Export {
  const resource = defaultResource().merge(
    resourceFromAttributes({
      'service.instance.id': randomUUID(),
      'service.name': `integration-hub-${process}`,
      ...settings.resource,
      ...(settings.serviceName === null ? {} : { 'service.name': settings.serviceName }),
    }),
  );
  const { delayMs, queueSize, size } = settings.batch;
  const batch = new BatchSpanProcessor({
    exporter: saying(exporterOf(settings), new URL(settings.url).origin, log),
    scheduledDelayMillis: delayMs,
    maxQueueSize: queueSize,
    maxExportBatchSize: Math.min(size, queueSize),
    exportTimeoutMillis: settings.timeoutMs,
  });
  const factual: SpanProcessor = {
    onStart: (span, within) => void span.setAttributes(facts(within)),
    onEnd() {},
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const provider = new TracerProvider({
    resource,
    sampler: samplerOf(settings.sampler),
    spanProcessors: [factual, batch],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // No baggage: what callers put there is theirs.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  // A sampler that is always off would take the trace from whatever is called within; this one leaves it alone.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const nobody = new ProxyTracerProvider();
  trace.setGlobalTracerProvider({
    getTracer: (name, ...rest) => (WANTED_SCOPE.test(name) ? provider : nobody).getTracer(name, ...rest),
  });
  return {
    tracer: provider.getTracer(SCOPE),
    take: (span) => batch.onEnd({ ...span, resource }),
    close: () =>
      atMost(
        CLOSE_MS,
        provider.shutdown().catch(() => {}),
      ),
  };
}

function exporterOf({
  url,
  protocol,
  headers,
  timeoutMs,
  compression,
  tls,
}: TelemetrySettings): SpanExporter {
  const read = (variable: string, path: string | null) => {
    if (path === null) return undefined;
    try {
      return readFileSync(path);
    } catch {
      throw new Error(`${variable}: cannot read the file it names`);
    }
  };
  const Exporter = protocol === 'http/json' ? JsonExporter : ProtobufExporter;
  return new Exporter({
    url,
    headers,
    timeoutMillis: timeoutMs,
    compression: compression as never,
    httpAgentOptions: {
      keepAlive: true,
      ca: read('OTEL_EXPORTER_OTLP_CERTIFICATE', tls.caPath),
      cert: read('OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE', tls.certPath),
      key: read('OTEL_EXPORTER_OTLP_CLIENT_KEY', tls.keyPath),
    },
  });
}

function saying(exporter: SpanExporter, collector: string, log: Logger): SpanExporter {
  let failing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        if (failed && !failing)
          log.warn(
            { collector, why: whyOf(result.error) },
            'traces cannot be sent; they are dropped until they can',
          );
        if (!failed && failing) log.info({ collector }, 'traces are sent again');
        failing = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

/** A status or a code. What the collector says beside it may quote what it was sent. */
function whyOf(error: Error | undefined): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if ('code' in cause) return String(cause.code);
  return error?.name ?? 'unknown';
}

function samplerOf({ name, ratio }: TelemetrySettings['sampler']): Sampler {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}
