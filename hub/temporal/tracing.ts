/**
 * Temporal's own interceptors, fitted to the hub. The trace travels in a header of workflow and activity, in the
 * clear: `traceparent`, and the caller's `tracestate`. Headers are no payloads, so the codec has no part in it.
 */
import path from 'node:path';
import type { ActivityInterceptorsFactory, InjectedSinkFunction } from '@temporalio/worker';
import {
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import type { SerializableSpan } from '@temporalio/interceptors-opentelemetry/lib/workflow/definitions.js';
import type { Attributes } from '@opentelemetry/api';
import { TraceState } from '@opentelemetry/core';
import type { Facts, WorkflowSpans } from '../telemetry/telemetry.ts';
import type { TemporalTracing } from './interceptors.ts';
import { CONNECTION_ID, INTEGRATION_ID } from './search-attributes.ts';

type WorkflowInfo = Parameters<InjectedSinkFunction<() => void>['fn']>[0];

const WORKFLOW_INTERCEPTORS = path.join(import.meta.dirname, '../../workflows/traced.ts');

export function tracingBy(spans: WorkflowSpans): TemporalTracing {
  const { name, ratio } = spans.settings.sampler;
  const ofConnection: ActivityInterceptorsFactory = ({ info }) => ({
    inbound: {
      execute(input, next) {
        const connectionId = connectionIn(info.workflowExecution?.workflowId ?? '');
        return connectionId === undefined ? next(input) : spans.ofConnection(connectionId, () => next(input));
      },
    },
  });
  return {
    clients: [new OpenTelemetryWorkflowClientInterceptor()],
    activities: [
      ofConnection,
      (context) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(context) }),
    ],
    sinks: {
      exporter: {
        export: {
          callDuringReplay: false,
          fn: (info: WorkflowInfo, ended: SerializableSpan[]) => {
            for (const span of ended) spans.take(spanOf(span, factsOf(info)));
          },
        },
      },
    },
    bundle: { workflowInterceptorModules: [WORKFLOW_INTERCEPTORS] },
    // A workflow that a schedule starts begins its trace in the sandbox, whose SDK takes its sampler from here.
    globals: { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: String(ratio) },
  };
}

const connectionIn = (workflowId: string) => /^connection\/([^/]+)\//.exec(workflowId)?.[1];

/** Cloned on its way out of the sandbox: the typed attributes have lost their methods. */
function factsOf({ workflowId, runId, workflowType, ...info }: WorkflowInfo): Facts {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  const { searchAttributes } = info;
  const [connectionId] = searchAttributes[CONNECTION_ID.name] ?? [];
  const [integrationId] = searchAttributes[INTEGRATION_ID.name] ?? [];
  return {
    temporalWorkflowId: workflowId,
    run_id: runId,
    'hub.workflow': workflowType,
    ...(connectionId === undefined ? {} : { 'hub.connection_id': String(connectionId) }),
    ...(integrationId === undefined ? {} : { 'hub.integration_id': String(integrationId) }),
  };
}

/** The sandbox has an older SDK than this process; Temporal's own way out of it is made for that one. */
function spanOf(
  { spanContext, parentSpanId, instrumentationLibrary, attributes, ...rest }: SerializableSpan,
  facts: Attributes,
): Parameters<WorkflowSpans['take']>[0] {
  const { traceState, ...context } = spanContext;
  const own = {
    ...context,
    ...(traceState === undefined ? {} : { traceState: new TraceState(traceState) }),
  };
  const parent = parentSpanId === undefined ? {} : { parentSpanContext: { ...own, spanId: parentSpanId } };
  return {
    // The same numbers, by two versions' names.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
    ...rest,
    ...parent,
    attributes: { ...attributes, ...facts },
    spanContext: () => own,
    instrumentationScope: instrumentationLibrary,
  };
}
