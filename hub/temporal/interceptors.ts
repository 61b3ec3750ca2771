/** What clients and workers are given to be traced; nothing where traces are off. */
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory, BundleOptions, WorkerOptions } from '@temporalio/worker';
import type { Telemetry } from '../telemetry/telemetry.ts';

export type TemporalTracing = {
  clients: WorkflowClientInterceptor[];
  /** Outermost first: they see failures as the others leave them. */
  activities: ActivityInterceptorsFactory[];
  sinks: NonNullable<WorkerOptions['sinks']>;
  bundle: Pick<BundleOptions, 'workflowInterceptorModules'>;
  /** Of the sandbox that workflows run in. */
  globals: Record<string, string>;
};

const NONE: TemporalTracing = { clients: [], activities: [], sinks: {}, bundle: {}, globals: {} };

export async function temporalTracing({ workflows }: Telemetry): Promise<TemporalTracing> {
  if (workflows === null) return NONE;
  const { tracingBy } = await import('./tracing.ts');
  return tracingBy(workflows);
}
