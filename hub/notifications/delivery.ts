/** One attempt to bring an event to a webhook. Any 2xx is success; what the endpoint says beside it is not read. */
import { isDatabaseFailure } from '../database/database.ts';
import type { DeliveryKey } from '../database/deliveries.ts';
import { beginAttempt, recordAttempt, type Begun, type Recorded } from '../database/delivery-attempts.ts';
import type { DeliveryAttempt } from '../database/schema.ts';
import { assertNever } from '../errors.ts';
import type { Outcome } from '../egress/outcome.ts';
import type { Hub } from '../hub.ts';
import { openSecrets, signedMessage } from './signing.ts';

export type DeliveryWish = {
  deliveryId: string;
  generation: number;
  /** How long to wait after a failure; null: this is the last attempt. */
  waitMs: number | null;
};

/** What an attempt came to, as it travels on where the database does not take it. */
export type Attempted = {
  webhookId: string;
  attempt: DeliveryAttempt;
  verdict: 'delivered' | 'gone' | 'failed';
  retryAfterMs: number;
};

export type DeliveryResult =
  | { outcome: Exclude<Recorded['outcome'], 'try_again'> }
  | { outcome: 'try_again'; waitMs: number }
  /** All of the endpoint's slots are taken. */
  | { outcome: 'busy' }
  /** Sent, and the database failed: to be recorded, not to be sent again. */
  | { outcome: 'unrecorded'; attempted: Attempted };

/** How many deliveries one endpoint gets at a time, first attempts and repetitions together. */
export const SLOTS = 10;
// Connecting, sending and writing down what came of it take no longer than this beyond the endpoint's own time.
const MARGIN_MS = 15_000;
// A workflow that has not come back by then is gone, and the dispatcher starts it anew.
const LOOK_AGAIN_MS = 60 * 60_000;
// A Retry-After beyond it is as good as a refusal.
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

export async function attemptDelivery(hub: Hub, wish: DeliveryWish): Promise<DeliveryResult> {
  const begun = await beginAttempt(hub.db, keyOf(wish), {
    slots: SLOTS,
    sendMs: hub.durations.webhookTimeout + MARGIN_MS,
    lookAgainMs: LOOK_AGAIN_MS,
  });
  switch (begun.kind) {
    case 'busy':
      return { outcome: 'busy' };
    case 'ended':
      return { outcome: begun.outcome };
    case 'begun': {
      const attempted = await send(hub, wish.deliveryId, begun);
      return recordDelivery(hub, wish, attempted).catch((error: unknown) => {
        if (isDatabaseFailure(error)) return { outcome: 'unrecorded', attempted };
        throw error;
      });
    }
    default:
      return assertNever(begun);
  }
}

export async function recordDelivery(
  hub: Pick<Hub, 'db' | 'log'>,
  wish: DeliveryWish,
  { webhookId, attempt, verdict, retryAfterMs }: Attempted,
): Promise<DeliveryResult> {
  const waitMs = wish.waitMs === null ? null : Math.max(wish.waitMs, retryAfterMs);
  const next = waitMs === null ? null : { waitMs, lookAgainMs: LOOK_AGAIN_MS };
  const recorded = await recordAttempt(hub.db, keyOf(wish), webhookId, attempt, verdict, next);
  if (recorded.disabled)
    hub.log.warn({ webhookId, reason: recorded.disabled.code }, 'a webhook was disabled');
  return recorded.outcome === 'try_again'
    ? { outcome: 'try_again', waitMs: waitMs ?? 0 }
    : { outcome: recorded.outcome };
}

type Ready = Extract<Begun, { kind: 'begun' }>;

async function send(hub: Hub, deliveryId: string, { webhook, event }: Ready): Promise<Attempted> {
  const started = new Date();
  const { body, headers } = signedMessage(deliveryId, event, openSecrets(hub.vault, webhook), started);
  const outcome = await hub.egress.send(
    { method: 'POST', url: webhook.url, headers, json: body },
    {
      hosts: [new URL(webhook.url).origin],
      timeoutMs: hub.durations.webhookTimeout,
      about: { kind: 'delivery' },
    },
  );
  const answer = outcome.kind === 'answered' ? outcome.answer : null;
  const error = whatWentWrong(outcome);
  return {
    webhookId: webhook.id,
    attempt: {
      at: started.toISOString(),
      status: answer?.status ?? null,
      error,
      ms: Date.now() - started.getTime(),
    },
    verdict: error === null ? 'delivered' : answer?.status === 410 ? 'gone' : 'failed',
    retryAfterMs: waitAsked(answer?.headers['retry-after'], started),
  };
}

/** For whoever looks at the delivery; null: nothing. Never the endpoint's own words, which may be anything. */
function whatWentWrong(outcome: Outcome): string | null {
  switch (outcome.kind) {
    case 'answered': {
      const { status } = outcome.answer;
      if (status >= 200 && status < 300) return null;
      return status >= 300 && status < 400
        ? `HTTP ${status}: redirects are not followed; set the final address as url`
        : `HTTP ${status}`;
    }
    case 'refused':
      return `not sent: ${outcome.why}`;
    case 'unsent':
      return `not reached: ${outcome.why}`;
    case 'unknown':
      return outcome.why === 'TIMEOUT' ? 'no whole answer in time' : `no whole answer: ${outcome.why}`;
    default:
      return assertNever(outcome);
  }
}

/** RFC 9110 §10.2.3: seconds or a date. */
export function waitAsked(header: string | undefined, now: Date): number {
  if (header === undefined) return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_WAIT_MS) : 0;
}

const keyOf = ({ deliveryId, generation }: DeliveryWish): DeliveryKey => ({ id: deliveryId, generation });
