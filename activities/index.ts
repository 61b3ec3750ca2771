/**
 * The side effects behind the workflows: each idempotent, each taking ids and answering facts. Whoever made
 * a change is named by workflow and run in the event log.
 */
import { activityInfo, heartbeat } from '@temporalio/activity';
import { findAuthorization } from '../hub/database/authorizations.ts';
import type { Origin } from '../hub/database/events.ts';
import type { ReasonCode } from '../hub/database/schema.ts';
import type { Hub } from '../hub/hub.ts';
import {
  attemptDelivery,
  recordDelivery,
  type Attempted,
  type DeliveryResult,
  type DeliveryWish,
} from '../hub/notifications/delivery.ts';
import {
  completeAuthorization,
  endAuthorization,
  exchangeCode,
  probeAuthorized,
  storeExchangedAnswer,
  type ExchangeResult,
} from '../hub/oauth/exchange.ts';
import type { ProbeFacts } from '../hub/oauth/probe.ts';
import {
  unportable,
  type PortableCredentials,
  type RefreshResult,
  type RefreshWish,
} from '../hub/oauth/refresh-result.ts';
import { refreshCredentials, storeAnswered } from '../hub/oauth/refresh.ts';
import { disconnect, revokeAtProvider, type RevocationResult } from '../hub/oauth/revocation.ts';
import { probeConnection, recordProbe, type TestFacts } from '../hub/oauth/test.ts';
import { keepVerified, probeTyped, forgetTyped } from '../hub/oauth/verification.ts';
import type { Envelope } from '../hub/vault/vault.ts';

export type Activities = ReturnType<typeof createActivities>;

export function createActivities(hub: Hub) {
  return {
    /** Has the callback come although nobody said so? (The API died between storing and telling.) */
    async callbackArrived(authorizationId: string): Promise<boolean> {
      return (await findAuthorization(hub.db, authorizationId))?.status === 'answered';
    },
    exchangeCode: (authorizationId: string): Promise<ExchangeResult> =>
      beating(() => exchangeCode(hub, authorizationId)),
    storeExchangedAnswer: (authorizationId: string, envelope: Envelope): Promise<ExchangeResult> =>
      storeExchangedAnswer(hub, authorizationId, envelope),
    probeAuthorized: (authorizationId: string): Promise<ProbeFacts | null> =>
      beating(() => probeAuthorized(hub, authorizationId)),
    completeAuthorization: (authorizationId: string, facts: ProbeFacts): Promise<void> =>
      completeAuthorization(hub, authorizationId, facts, origin()),
    endAuthorization: (
      authorizationId: string,
      failure: string,
      reason: { code: ReasonCode; message: string } | null,
    ): Promise<void> => endAuthorization(hub, authorizationId, failure, reason, origin()),

    probeTyped: (authorizationId: string): Promise<ProbeFacts | null> =>
      beating(() => probeTyped(hub, authorizationId)),
    keepVerified: (authorizationId: string, facts: ProbeFacts): Promise<void> =>
      keepVerified(hub, authorizationId, facts, origin()),
    forgetTyped: (authorizationId: string): Promise<void> => forgetTyped(hub, authorizationId),

    refreshCredentials: (wish: RefreshWish): Promise<RefreshResult> =>
      beating(() => refreshCredentials(hub, wish, origin())),
    storeRefreshed: (
      connectionId: string,
      seenVersion: number,
      credentials: PortableCredentials,
    ): Promise<RefreshResult> =>
      storeAnswered(hub, connectionId, seenVersion, unportable(credentials), origin()),

    probeConnection: (connectionId: string): Promise<TestFacts> =>
      beating(() => probeConnection(hub, connectionId)),
    recordProbe: (connectionId: string, facts: TestFacts): Promise<void> =>
      recordProbe(hub, connectionId, facts, origin()),

    dropCredentials: (connectionId: string): Promise<string | null> =>
      disconnect(hub, connectionId, origin()),
    revokeAtProvider: (revocationId: string): Promise<RevocationResult> =>
      beating(() => revokeAtProvider(hub, revocationId)),

    attemptDelivery: (wish: DeliveryWish): Promise<DeliveryResult> =>
      beating(() => attemptDelivery(hub, wish)),
    recordDelivery: (wish: DeliveryWish, attempted: Attempted): Promise<DeliveryResult> =>
      recordDelivery(hub, wish, attempted),
  };
}

function origin(): Origin {
  const { workflowExecution } = activityInfo();
  return workflowExecution
    ? { workflowId: workflowExecution.workflowId, runId: workflowExecution.runId }
    : {};
}

/** Tells Temporal every two seconds that the work goes on, so that a dead worker is told from a slow provider. */
async function beating<T>(work: () => Promise<T>): Promise<T> {
  const timer = setInterval(heartbeat, 2_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
