/**
 * The side effects behind the workflows: each idempotent, each taking ids and answering facts. Whoever made
 * a change is named by workflow and run in the event log.
 */
import { activityInfo, heartbeat } from '@temporalio/activity';
import { findAuthorization } from '../hub/database/authorizations.ts';
import { rollUpUsage } from '../hub/database/usage.ts';
import { dropExpiredTraces } from '../hub/database/traces.ts';
import { findPage, type Cursor, type Due, type PageRange } from '../hub/database/due.ts';
import type { Origin } from '../hub/database/events.ts';
import type { Standing } from '../hub/database/reconnecting.ts';
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
  attemptReconnect,
  giveUpReconnect,
  lookAtReconnect,
  planReconnect,
  type ReconnectPlan,
  type ReconnectResult,
  type ReconnectSubject,
} from '../hub/oauth/reconnection.ts';
import {
  unportable,
  type PortableCredentials,
  type RefreshResult,
  type RefreshWish,
} from '../hub/oauth/refresh-result.ts';
import { storeAnswered } from '../hub/oauth/refresh-answer.ts';
import { refreshCredentials } from '../hub/oauth/refresh.ts';
import { disconnect, revokeAtProvider, type RevocationResult } from '../hub/oauth/revocation.ts';
import { probeConnection, recordProbe, type TestFacts } from '../hub/oauth/test.ts';
import { keepVerified, probeTyped, forgetTyped } from '../hub/oauth/verification.ts';
import { checkRow } from '../hub/sweeps/health-row.ts';
import { workThrough, type PageResult } from '../hub/sweeps/page.ts';
import { refreshRow } from '../hub/sweeps/refresh-row.ts';
import type { Envelope } from '../hub/vault/vault.ts';
import { beating } from './beating.ts';
import { rotationActivities } from './rotation.ts';

export type Activities = ReturnType<typeof createActivities>;

/** @param stopping the worker is being stopped: pages are given back at the next row */
export function createActivities(hub: Hub, stopping: AbortSignal) {
  const page = (due: Due, range: PageRange, perIntegration: number, work: typeof refreshRow) => {
    const details = activityInfo().heartbeatDetails as PageResult | undefined;
    const resumed = details ? { ...details, finished: true } : null;
    let soFar = resumed;
    const progress = (result: PageResult) => {
      soFar = result;
      // What is answered and not stored is nowhere else yet.
      if (result.unstored.length > 0) heartbeat(result);
    };
    const given = { range, resumed, perIntegration, progress, stopping };
    return beating(
      () =>
        hub.telemetry.summedUp(
          () => workThrough(hub, due, given, (row) => work(hub, row, origin())),
          factsOfPage,
        ),
      () => soFar,
    );
  };

  return {
    ...rotationActivities(hub, stopping),

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

    findDuePage: (due: Due, before: string, after: Cursor | null, size: number) =>
      findPage(hub.db, due, before, after, size),
    refreshPage: (range: PageRange, perIntegration: number): Promise<PageResult> =>
      page('refresh', range, perIntegration, refreshRow),
    checkPage: (range: PageRange, perIntegration: number): Promise<PageResult> =>
      page('health', range, perIntegration, checkRow),

    planReconnect: (plan: ReconnectPlan): Promise<Standing> => planReconnect(hub, plan, origin()),
    lookAtReconnect: (subject: ReconnectSubject): Promise<Standing> => lookAtReconnect(hub, subject),
    attemptReconnect: (subject: ReconnectSubject): Promise<ReconnectResult> =>
      beating(() => attemptReconnect(hub, subject, origin())),
    giveUpReconnect: (subject: ReconnectSubject, lastMessage: string): Promise<void> =>
      giveUpReconnect(hub, subject, lastMessage, origin()),

    dropCredentials: (connectionId: string): Promise<string | null> =>
      disconnect(hub, connectionId, origin()),
    revokeAtProvider: (revocationId: string): Promise<RevocationResult> =>
      beating(() => revokeAtProvider(hub, revocationId)),

    attemptDelivery: (wish: DeliveryWish): Promise<DeliveryResult> =>
      beating(() => attemptDelivery(hub, wish)),
    recordDelivery: (wish: DeliveryWish, attempted: Attempted): Promise<DeliveryResult> =>
      recordDelivery(hub, wish, attempted),

    /** Also drops what debug mode kept for long enough. */
    rollUpUsage: async (keepHoursMs: number, keepDaysMs: number, most: number): Promise<number> => {
      const hoursBefore = new Date(Date.now() - keepHoursMs);
      const daysBefore = new Date(Date.now() - keepDaysMs);
      const traces = await dropExpiredTraces(hub.db, most);
      return traces + (await rollUpUsage(hub.db, { hoursBefore, daysBefore }, most));
    },
  };
}

/** A page's trace says what its rows came to; it has no span for each of them. */
const factsOfPage = ({ counts, attention, finished }: PageResult) => ({
  ...Object.fromEntries(Object.entries(counts).map(([outcome, count]) => [`hub.sweep.${outcome}`, count])),
  'hub.sweep.attention': attention.length,
  'hub.sweep.finished': finished,
});

function origin(): Origin {
  const { workflowExecution } = activityInfo();
  return workflowExecution
    ? { workflowId: workflowExecution.workflowId, runId: workflowExecution.runId }
    : {};
}
