/** A worker process: workflows from one bundle, activities on this process's hub. */
import { NativeConnection, Runtime, Worker, type TelemetryOptions } from '@temporalio/worker';
import type { Integration } from '../../integrations/definition/integration.ts';
import { createActivities } from '../../activities/index.ts';
import type { Config } from '../config.ts';
import { startSealer } from '../audit/sealer.ts';
import { assertFree } from '../embedded/ports.ts';
import { openHub } from '../hub.ts';
import type { Logger } from '../log.ts';
import { startDispatcher } from '../notifications/dispatcher.ts';
import { OFF, type Telemetry } from '../telemetry/telemetry.ts';
import { holdHubKeys } from '../rotation/census.ts';
import { workflowBundle } from './bundle.ts';
import { connectionOptions } from './connection-options.ts';
import { createDataConverter } from './data-converter.ts';
import { openDeliveryStarter } from './delivery-starter.ts';
import { failureInterceptor } from './failures.ts';
import { temporalTracing } from './interceptors.ts';
import { ensureSchedules } from './schedules.ts';
import { startWiping } from './wiping.ts';
import { sdkLogger } from './sdk-logger.ts';
import { registerSearchAttributes } from './search-attributes.ts';

export type RunningWorker = { stopped: Promise<void>; close: () => Promise<void> };

/** @param made before: integrations beside those of the folder */
export async function startWorker(
  config: Config,
  log: Logger,
  made: { integrations?: readonly Integration[]; telemetry?: Telemetry } = {},
): Promise<RunningWorker> {
  const telemetryOptions = await metricsOptions(config.temporal.workerMetrics);
  Runtime.install({ logger: sdkLogger(log), shutdownSignals: [], telemetryOptions });
  const { telemetry = OFF } = made;
  const hub = await openHub(config, log, made.integrations, telemetry);
  const tracing = await temporalTracing(telemetry);
  // Where a server lets only its own tools add them, hub doctor says which are missing.
  await registerSearchAttributes(config).catch((error: unknown) =>
    log.warn({ err: error }, 'the search attributes could not be registered'),
  );
  await ensureSchedules(config, hub.vault).catch((error: unknown) =>
    log.error({ err: error }, 'the schedules could not be made: connections are not looked after'),
  );
  const stopping = new AbortController();
  const connection = await NativeConnection.connect(connectionOptions(config));
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: config.temporal.taskQueue,
    workflowBundle: await workflowBundle(log, tracing),
    activities: createActivities(hub, stopping.signal),
    dataConverter: createDataConverter(hub.vault),
    interceptors: { activity: [...tracing.activities, failureInterceptor(log)] },
    sinks: tracing.sinks,
    // What is under way is finished; what waits goes to another worker, or to this one's successor.
    shutdownGraceTime: '8s',
    shutdownForceTime: '10s',
    maxConcurrentActivityTaskExecutions: 100,
    maxCachedWorkflows: 500,
  });
  const holding = await holdHubKeys(hub, 'worker');
  const stopWiping = startWiping(hub);
  const starter = openDeliveryStarter(config, hub.vault, tracing.clients);
  const dispatcher = startDispatcher(hub, starter.start);
  const sealer = startSealer(hub);
  const stopped = worker.run().finally(async () => {
    await Promise.all([dispatcher.close(), sealer.close(), stopWiping()]);
    await starter.close();
    await holding.close();
    await connection.close();
    await hub.close();
  });
  stopped.catch(() => {}); // the caller awaits it, perhaps later
  return {
    stopped,
    async close() {
      stopping.abort();
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await stopped;
    },
  };
}

/** The SDK serves its metrics itself, under Prometheus' usual names and in its units. */
async function metricsOptions(listener: Config['temporal']['workerMetrics']): Promise<TelemetryOptions> {
  if (listener === null) return {};
  const { host, port } = listener;
  await assertFree(host, port, 'HUB_WORKER_METRICS');
  const prometheus = {
    bindAddress: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    countersTotalSuffix: true,
    unitSuffix: true,
    useSecondsForDurations: true,
  };
  return { metrics: { prometheus } };
}
