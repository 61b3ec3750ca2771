/**
 * Temporal's interceptors for traces, bundled only where traces are on. They make ids by chance, and are kept from
 * the workflows' own: how long a reconnection pauses comes from there, so its history would not replay once somebody
 * had turned traces on or off.
 */
import {
  OpenTelemetryInboundInterceptor,
  OpenTelemetryInternalsInterceptor,
  OpenTelemetryOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry/lib/workflow/index.js';
import { getRandomStream, type WorkflowInterceptors } from '@temporalio/workflow';

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [apart(new OpenTelemetryInboundInterceptor())],
  outbound: [apart(new OpenTelemetryOutboundInterceptor())],
  internals: [new OpenTelemetryInternalsInterceptor()],
});

/** What comes after an interceptor, the workflow itself included, has its own chance again. */
function apart<T extends object>(interceptor: T): T {
  return new Proxy(interceptor, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      if (typeof found !== 'function') return found;
      return (...given: unknown[]): unknown =>
        getRandomStream('hub-traces').with(() => Reflect.apply(found, target, given) as unknown);
    },
  });
}
