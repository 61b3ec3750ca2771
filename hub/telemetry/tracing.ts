/** The spans themselves, and what is told on them. Loaded only where somebody wants traces. */
import {
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Tracer,
} from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Logger } from '../log.ts';
import { openExport } from './export.ts';
import { shownPath } from './path.ts';
import type { TelemetrySettings } from './settings.ts';
import type { ApiRequest, Ending, Facts, ProviderCall, RequestSpan, Telemetry } from './telemetry.ts';

const CONNECTION = createContextKey('hub.connection_id');

export function openTracing(settings: TelemetrySettings, process: string, log: Logger): Telemetry {
  const { tracer, take, close } = openExport(settings, process, log, factsOf);
  return {
    begin: (request) => begin(tracer, request),
    workflows: {
      settings,
      take,
      ofConnection: (connectionId, work) => context.with(ofConnection(context.active(), connectionId), work),
    },
    providerCall: (call, ask) => providerCall(tracer, call, ask),
    async summedUp(work, facts) {
      const result = await context.with(suppressTracing(context.active()), work);
      trace.getActiveSpan()?.setAttributes(facts(result));
      return result;
    },
    close,
  };
}

const ofConnection = (within: Context, connectionId: string) => within.setValue(CONNECTION, connectionId);

/** On every span, whoever makes it. */
function factsOf(within: Context): Facts {
  const connectionId = within.getValue(CONNECTION);
  return typeof connectionId === 'string' ? { 'hub.connection_id': connectionId } : {};
}

function begin(tracer: Tracer, { method, route, headers, connectionId }: ApiRequest): RequestSpan {
  const parent = propagation.extract(ROOT_CONTEXT, headers);
  const outside = connectionId === undefined ? parent : ofConnection(parent, connectionId);
  const attributes = { 'http.request.method': method, ...(route === null ? {} : { 'http.route': route }) };
  const name = route === null ? method : `${method} ${route}`;
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, outside);
  const inside = trace.setSpan(outside, span);
  return {
    within: (work) => context.with(inside, work),
    end(status) {
      span.setAttributes(
        status === null ? { 'error.type': 'abandoned' } : { 'http.response.status_code': status },
      );
      // A caller's mistake is no fault of the server's: OpenTelemetry, semantic conventions for HTTP spans.
      if (status !== null && status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

async function providerCall<T extends Ending>(
  tracer: Tracer,
  { method, origin, target, about }: ProviderCall,
  ask: () => Promise<T>,
): Promise<T> {
  const { hostname, port, protocol } = new URL(origin);
  const integration: Facts =
    about?.integrationId === undefined ? {} : { 'hub.integration_id': about.integrationId };
  // The request or activity that it is for is of the same one.
  trace.getActiveSpan()?.setAttributes(integration);
  const span = tracer.startSpan(`${method} ${hostname}`, { kind: SpanKind.CLIENT });
  if (span.isRecording())
    span.setAttributes({
      'http.request.method': method,
      'server.address': hostname,
      'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
      ...(about === undefined ? {} : { 'hub.request': about.kind }),
      ...(about?.kind === 'delivery' ? {} : { 'url.template': shownPath(target, about?.secrets?.()) }),
      ...(about?.attempt === undefined ? {} : { 'hub.attempt': about.attempt }),
      ...integration,
    });
  try {
    const outcome = await context.with(trace.setSpan(context.active(), span), ask);
    const status = outcome.kind === 'answered' ? outcome.answer.status : null;
    if (status !== null) span.setAttribute('http.response.status_code', status);
    if (status === null || status >= 400) {
      span.setAttribute('error.type', status === null ? outcome.kind : String(status));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    return outcome;
  } finally {
    span.end();
  }
}
