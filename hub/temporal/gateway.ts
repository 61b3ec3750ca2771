/**
 * The API's requests as workflows. Ids begin `connection/<id>/`, so one attempt of a kind runs at a time and
 * later callers join it.
 */
import {
  Client,
  Connection,
  WithStartWorkflowOperation,
  WorkflowFailedError,
  type WorkflowClientInterceptor,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { AuthorizeConnectionInput } from '../../workflows/authorize-connection.ts';
import type { AuthorizationResult, Lifecycle, Subject, VerificationResult } from '../api/lifecycle.ts';
import type { Config } from '../config.ts';
import { HubError } from '../errors.ts';
import type { RefreshResult, RefreshWish } from '../oauth/refresh-result.ts';
import type { TestResult } from '../oauth/test.ts';
import type { Vault } from '../vault/vault.ts';
import { connectionOptions } from './connection-options.ts';
import { createDataConverter } from './data-converter.ts';
import { fromFailure } from './failures.ts';
import { CONNECTION_ID, INTEGRATION_ID, USER_ID } from './search-attributes.ts';

// Starting a workflow takes 10–40 ms; a server that needs longer than this is not there.
const START_MS = 8_000;
// A browser waits for it. What is not told so is told by the update, or found when the link runs out.
const ANNOUNCE_MS = 2_000;

export type Gateway = Lifecycle & { close: () => Promise<void> };

export function openGateway(
  config: Config,
  vault: Vault,
  interceptors: WorkflowClientInterceptor[] = [],
): Gateway {
  const connection = Connection.lazy(connectionOptions(config));
  const client = new Client({
    connection,
    namespace: config.temporal.namespace,
    dataConverter: createDataConverter(vault),
    interceptors: { workflow: interceptors },
  });
  const { taskQueue } = config.temporal;
  // The provider's own time, a lease held by somebody who died, and ours.
  const waitMs = config.durations.providerTimeout + 10_000;

  const within = <T>(work: () => Promise<T>, ms = START_MS): Promise<T> =>
    connection.withDeadline(Date.now() + ms, work).catch((error: unknown) => {
      throw asUnavailable(error);
    });

  const options = (subject: Subject, kind: string, args: unknown[]) =>
    ({
      taskQueue,
      workflowId: `connection/${subject.id}/${kind}`,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args,
      typedSearchAttributes: [
        { key: CONNECTION_ID, value: subject.id },
        { key: INTEGRATION_ID, value: subject.integrationId },
        { key: USER_ID, value: subject.userId },
      ],
    }) satisfies WorkflowStartOptions;

  async function run<T>(type: string, subject: Subject, kind: string, args: unknown[]): Promise<T> {
    const handle = await within(() => client.workflow.start(type, options(subject, kind, args)));
    // followRuns is off: the run that was joined is the one whose result counts.
    const running = client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId, {
      followRuns: false,
    });
    return withinWait(running.result() as Promise<T>, waitMs);
  }

  /** A reconnection under way looks at once whether it is still needed. If it cannot be told, it finds out by itself. */
  async function telling<T>(subject: Subject, work: Promise<T>): Promise<T> {
    const result = await work;
    if (subject.statusReason?.code === 'RECONNECTING')
      await client.workflow
        .getHandle(`connection/${subject.id}/reconnect`)
        .signal('connectionChanged')
        .catch(() => {});
    return result;
  }

  const authorizing = (subject: Subject, authorizationId: string) => {
    const input: AuthorizeConnectionInput = {
      connectionId: subject.id,
      authorizationId,
      ttlMs: config.durations.authorizationTtl,
    };
    return options(subject, `authorize/${authorizationId}`, [input]);
  };

  const refreshes = shareRefreshes((subject, wish) =>
    run('refreshCredentials', subject, 'refresh', [{ ...wish, connectionId: subject.id }]),
  );

  return {
    async authorize(subject, authorizationId, superseded) {
      await within(() => client.workflow.start('authorizeConnection', authorizing(subject, authorizationId)));
      for (const older of superseded)
        // It may have ended by itself: then there is nobody to tell.
        await client.workflow
          .getHandle(`connection/${subject.id}/authorize/${older}`)
          .signal('authorizationSuperseded')
          .catch(() => {});
    },
    async announceCallback(connectionId, authorizationId) {
      const signalled = client.workflow
        .getHandle(`connection/${connectionId}/authorize/${authorizationId}`)
        .signal('callbackComing')
        .catch(() => {});
      await Promise.race([signalled, after(ANNOUNCE_MS)]);
    },
    async completeAuthorization(subject, authorizationId, patienceMs) {
      const startWorkflowOperation = new WithStartWorkflowOperation(
        'authorizeConnection',
        authorizing(subject, authorizationId),
      );
      const update = client.workflow.executeUpdateWithStart<
        (input: AuthorizeConnectionInput) => Promise<AuthorizationResult>,
        AuthorizationResult,
        []
      >('completeAuthorization', { startWorkflowOperation });
      const told = telling(subject, update);
      return Promise.race([told, after(patienceMs).then(() => null)]).catch((error: unknown) => {
        throw asUnavailable(error);
      });
    },
    verify: (subject, authorizationId) =>
      run<VerificationResult>('verifyCredentials', subject, `verify/${authorizationId}`, [
        { connectionId: subject.id, authorizationId },
      ]),
    refresh: (subject, wish) => telling(subject, refreshes(subject, wish)),
    test: (subject) =>
      telling(subject, run<TestResult>('testConnection', subject, 'test', [{ connectionId: subject.id }])),
    async disconnect(subject) {
      const startWorkflowOperation = new WithStartWorkflowOperation(
        'disconnectConnection',
        options(subject, 'disconnect', [{ connectionId: subject.id }]),
      );
      const dropped = client.workflow.executeUpdateWithStart('dropCredentials', { startWorkflowOperation });
      await withinWait(telling(subject, dropped), waitMs, 'TEMPORAL_UNAVAILABLE');
    },
    async ping() {
      await within(
        () => connection.workflowService.describeNamespace({ namespace: config.temporal.namespace }),
        3_000,
      );
    },
    close: () => connection.close(),
  };
}

type Refresh = (subject: Subject, wish: Omit<RefreshWish, 'connectionId'>) => Promise<RefreshResult>;

/**
 * Inside a process, askers for the same connection share one promise: 200 callers start one workflow.
 * An asker who joined a refresh that did not give them what they want begins another: whoever insists on a
 * new token never settles for what somebody with a smaller wish had under way.
 */
export function shareRefreshes(begin: Refresh): Refresh {
  const underWay = new Map<string, { force: boolean; result: Promise<RefreshResult> }>();
  const start: Refresh = (subject, wish) => {
    const result = begin(subject, wish).finally(() => underWay.delete(subject.id));
    underWay.set(subject.id, { force: wish.force, result });
    return result;
  };
  return async (subject, wish) => {
    for (let joined = underWay.get(subject.id); joined; joined = underWay.get(subject.id)) {
      const result = await joined.result.catch(() => null);
      if (result && satisfies(result, wish, joined.force)) return result;
    }
    const result = await start(subject, wish);
    // Across processes the workflow joined may be one that was begun with a smaller wish: once more, then.
    return satisfies(result, wish, false) || isFinal(result) ? result : start(subject, wish);
  };
}

function satisfies(result: RefreshResult, wish: Omit<RefreshWish, 'connectionId'>, forced: boolean): boolean {
  if (result.outcome === 'refreshed' || result.outcome === 'current')
    return result.version > wish.seenVersion || !wish.force;
  return forced || !wish.force;
}

/** A provider was asked, or there is nothing to ask: asking once more at once would change nothing. */
const isFinal = (result: RefreshResult) => result.outcome !== 'current';

async function withinWait<T>(
  promise: Promise<T>,
  ms: number,
  code: HubError['code'] = 'PROVIDER_UNAVAILABLE',
): Promise<T> {
  const late = after(ms).then(() => {
    throw new HubError(code, { detail: 'it is still under way' });
  });
  return Promise.race([promise, late]).catch((error: unknown) => {
    throw asUnavailable(error);
  });
}

const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());

/** A workflow that failed says why; anything else is the service. */
function asUnavailable(error: unknown): HubError {
  if (error instanceof HubError) return error;
  if (error instanceof WorkflowFailedError)
    return fromFailure(error) ?? new HubError('INTERNAL', { cause: error });
  const told = fromFailure(error);
  return told ?? new HubError('TEMPORAL_UNAVAILABLE', { cause: error });
}
