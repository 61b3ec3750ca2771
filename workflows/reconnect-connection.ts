import {
  condition,
  continueAsNew,
  defineSignal,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { atProvider, untilDone } from './activity-policies.ts';
import { endOrphan } from './disconnect-connection.ts';
import { setOutcome } from './outcome.ts';

/** Milliseconds. */
export type Backoff = { initialMs: number; maxMs: number; giveUpMs: number };

export type ReconnectConnectionInput = {
  connectionId: string;
  /** Of the credentials that are to be renewed: newer ones are none of its business. */
  version: number;
  /** Why it is needed: the class of the last answer, and what people read of it. */
  verdict: string;
  message: string;
  backoff: Backoff;
  /** With continue-as-new. Times are milliseconds since 1970. */
  soFar?: { attempts: number; since: number };
};

/** Somebody did something with the connection: it may be well again, or gone. */
export const connectionChanged = defineSignal('connectionChanged');

type Failure = { verdict: string; message: string; retryAfterMs?: number };
/** Ended in one way or another, or to be tried again. */
type Attempt = { ended: string; orphan?: string } | { failure: Failure };

/**
 * Renews what has run out, for as long as it takes: exponential backoff with full jitter.
 * 5 s doubling to 15 min: up to 5, 10, 20, 40, 80, 160, 320, 640, 900, 900 … s between attempts, for 7 days.
 */
export async function reconnectConnection(input: ReconnectConnectionInput): Promise<{ outcome: string }> {
  const { connectionId, version, backoff } = input;
  const { since, ...before } = input.soFar ?? { attempts: 0, since: Date.now() };
  const giveUpAt = since + backoff.giveUpMs;
  const subject = { connectionId, version };
  let failure: Failure = input;
  let changed = false;
  setHandler(connectionChanged, () => {
    changed = true;
  });

  for (let { attempts } = before; ; attempts++) {
    if (Date.now() >= giveUpAt) {
      await untilDone.giveUpReconnect(subject, failure.message);
      return end('gave_up', attempts, failure);
    }
    const { verdict, message } = failure;
    const nextAttemptAt = Math.min(Date.now() + pauseMs(backoff, attempts, failure.retryAfterMs), giveUpAt);
    const first = attempts === 0;
    const plan = { ...subject, first, verdict, message, since, nextAttemptAt };
    let standing = await untilDone.planReconnect(plan);
    if (standing === 'reconnecting' && workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof reconnectConnection>({
        ...input,
        verdict,
        message,
        soFar: { attempts, since },
      });
    setCurrentDetails(describe(attempts, failure, nextAttemptAt, giveUpAt));
    const summary = `attempt ${attempts + 1} at ${new Date(nextAttemptAt).toISOString()}, after ${verdict}`;
    while (standing === 'reconnecting' && Date.now() < nextAttemptAt) {
      changed = false;
      if (await condition(() => changed, Math.max(nextAttemptAt - Date.now(), 1), { summary }))
        standing = await untilDone.lookAtReconnect(subject);
    }
    if (standing !== 'reconnecting') return end(standing, attempts, failure);

    const result = await attempt(subject);
    if ('ended' in result) {
      await endOrphan(connectionId, result.orphan);
      return end(result.ended, attempts + 1, failure);
    }
    failure = result.failure;
  }
}

/** Full jitter: anything from nothing to the whole pause, so that those who fell together do not rise together. */
function pauseMs({ initialMs, maxMs }: Backoff, attempts: number, toldMs = 0): number {
  const most = Math.min(maxMs, initialMs * 2 ** Math.min(attempts, 30));
  return Math.max(Math.round(Math.random() * most), toldMs);
}

/** A worker that fails is no answer of the provider: it counts as one attempt. */
async function attempt(subject: { connectionId: string; version: number }): Promise<Attempt> {
  try {
    const result = await atProvider.attemptReconnect(subject);
    if (result.outcome === 'failed') return { failure: result };
    if (result.outcome !== 'unstored')
      return { ended: result.outcome, ...('orphan' in result ? { orphan: result.orphan } : {}) };
    await untilDone.storeRefreshed(subject.connectionId, result.version, result.credentials);
    return { ended: 'recovered' };
  } catch {
    const message = "The hub failed at it; the worker's log says why.";
    return { failure: { verdict: 'hub_failed', message } };
  }
}

function end(outcome: string, attempts: number, { message }: Failure): { outcome: string } {
  setCurrentDetails(`Ended after ${attempts} attempts: **${outcome}**. Before that: ${message}`);
  setOutcome(outcome);
  return { outcome };
}

const describe = (attempts: number, { verdict, message }: Failure, next: number, giveUp: number): string =>
  [
    `Attempt ${attempts + 1} at ${new Date(next).toISOString()}.`,
    `- last answer: ${verdict}: ${message}`,
    `- given up at ${new Date(giveUp).toISOString()}`,
  ].join('\n');
