/** An API process. */
import type { Integration } from '../../integrations/definition/integration.ts';
import { createAccounts } from '../accounts/accounts.ts';
import type { Config } from '../config.ts';
import { openHub, type Hub } from '../hub.ts';
import type { Logger } from '../log.ts';
import { createPayloadDecoder } from '../temporal/data-converter.ts';
import { atMost } from '../patience.ts';
import { recordProved } from '../proxy/proved.ts';
import { temporalTracing } from '../temporal/interceptors.ts';
import { OFF, type Telemetry } from '../telemetry/telemetry.ts';
import { openGateway, type Gateway } from '../temporal/gateway.ts';
import { recordKeyUse } from './auth.ts';
import { createUsageRecorder, USE_WRITTEN_EVERY_MS } from '../usage/recorder.ts';
import type { ApiContext } from './context.ts';
import { createMetrics } from './metrics.ts';
import { buildServer } from './server.ts';

// What is under way when the process is told to end; `npm start` waits 15 s for all of it.
const GRACE_MS = 5_000;
// 5 s of grace, 4 for these, 4 in the hub's own end: 13 in all where the database answers nothing.
const LAST_WRITES_MS = 4_000;

export type RunningApi = { url: string; close: () => Promise<void> };

/** @throws Error where HUB_PORT is taken, or the configuration is at fault */
export async function startApi(
  config: Config,
  log: Logger,
  integrations: readonly Integration[] = [],
  telemetry: Telemetry = OFF,
): Promise<RunningApi> {
  const hub = await openHub(config, log, integrations, telemetry);
  const tracing = await temporalTracing(telemetry);
  const gateway = openGateway(config, hub.vault, tracing.clients);
  const context = contextOf(hub, gateway, config);
  const server = await buildServer(context);
  const lastWrites = [
    recordKeyUse(hub.db, USE_WRITTEN_EVERY_MS),
    context.usage.close,
    recordProved(hub, USE_WRITTEN_EVERY_MS),
  ];
  const url = await server.listen({ host: config.host, port: config.port });
  return {
    url,
    async close() {
      // A stream may go on for hours, and a connection that has sent nothing yet is not idle to Node.
      const impatience = setTimeout(() => server.server.closeAllConnections(), GRACE_MS);
      await server.close();
      clearTimeout(impatience);
      await atMost(LAST_WRITES_MS, Promise.all(lastWrites.map((write) => write())));
      await gateway.close();
      await hub.close();
    },
  };
}

export function contextOf(hub: Hub, lifecycle: Gateway, config: Config): ApiContext {
  const metrics = createMetrics(hub.db);
  const usage = createUsageRecorder(hub, USE_WRITTEN_EVERY_MS, metrics.usage);
  return {
    hub,
    lifecycle,
    usage,
    metrics,
    accounts: createAccounts(hub, config),
    decodePayloads: createPayloadDecoder(hub.vault),
    config,
  };
}
