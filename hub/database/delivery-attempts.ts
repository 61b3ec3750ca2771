/** One attempt at a delivery: what is looked at before it, and what is written after it. */
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import { fromNow, isOfGeneration, type DeliveryKey, type DeliveryRow } from './deliveries.ts';
import type { EventRow } from './events.ts';
import {
  deliveries,
  events,
  webhooks,
  type DeliveryAttempt,
  type DeliveryOutcome,
  type DisabledReason,
} from './schema.ts';
import { disableWebhook, type WebhookRow } from './webhooks.ts';

export type Begun =
  | { kind: 'begun'; webhook: WebhookRow; event: EventRow }
  | { kind: 'busy' }
  | { kind: 'ended'; outcome: DeliveryOutcome | 'superseded' };

/**
 * The last thing before an attempt: is it still wanted, and has its endpoint a slot?
 * @param sendMs how long the attempt takes at most
 * @param lookAgainMs after that the dispatcher asks whether anybody still has it
 */
export async function beginAttempt(
  { tables }: Database,
  key: DeliveryKey,
  { slots, sendMs, lookAgainMs }: { slots: number; sendMs: number; lookAgainMs: number },
): Promise<Begun> {
  return tables.transaction(async (tx): Promise<Begun> => {
    const [delivery] = await tx.select().from(deliveries).where(eq(deliveries.id, key.id));
    if (!delivery) return { kind: 'ended', outcome: 'cancelled' };
    if (delivery.generation !== key.generation) return { kind: 'ended', outcome: 'superseded' };
    if (delivery.outcome !== null) return { kind: 'ended', outcome: delivery.outcome };
    const webhook = await lockWebhook(tx, delivery.webhookId);
    if (!webhook) return { kind: 'ended', outcome: 'cancelled' };
    if (!webhook.enabled) return end(tx, key, 'endpoint_disabled');
    const [event] = await tx.select().from(events).where(eq(events.id, delivery.eventId));
    if (!event) return end(tx, key, 'cancelled');
    if (!(await hasSlot(tx, delivery, slots))) return { kind: 'busy' };
    await tx
      .update(deliveries)
      .set({
        attempts: sql`${deliveries.attempts} + 1`,
        sendingUntil: fromNow(sendMs),
        dueAt: fromNow(sendMs + lookAgainMs),
      })
      .where(isOfGeneration(key));
    return { kind: 'begun', webhook, event };
  });
}

export type Recorded = {
  /** `try_again`: it waits. */
  outcome: DeliveryOutcome | 'superseded' | 'try_again';
  /** Why its endpoint was disabled just now. */
  disabled: DisabledReason | null;
};

/**
 * @param verdict what the attempt came to
 * @param next null: it was the last attempt
 */
export async function recordAttempt(
  { tables }: Database,
  key: DeliveryKey,
  webhookId: string,
  attempt: DeliveryAttempt,
  verdict: 'delivered' | 'gone' | 'failed',
  next: { waitMs: number; lookAgainMs: number } | null,
): Promise<Recorded> {
  return tables.transaction(async (tx): Promise<Recorded> => {
    await lockWebhook(tx, webhookId);
    const failing = await noteWhetherFailing(tx, webhookId, verdict === 'delivered' ? null : attempt.at);
    const outcome = verdict !== 'failed' ? verdict : next === null ? 'gave_up' : null;
    const [delivery] = await tx
      .update(deliveries)
      .set({
        ...(outcome === null && next !== null
          ? { nextAttemptAt: fromNow(next.waitMs), dueAt: fromNow(next.waitMs + next.lookAgainMs) }
          : { outcome, finishedAt: sql`statement_timestamp()`, nextAttemptAt: null }),
        lastAttempt: attempt,
        firstAttemptAt: sql`coalesce(${deliveries.firstAttemptAt}, ${attempt.at}::timestamptz)`,
        sendingUntil: null,
      })
      .where(isOfGeneration(key))
      .returning();
    const reason = outcome === null ? null : whyDisabled(outcome, delivery, failing);
    const disabled = reason !== null && (await disableWebhook(tx, webhookId, reason)) ? reason : null;
    return { outcome: delivery ? (outcome ?? 'try_again') : await whatCameBetween(tx, key), disabled };
  });
}

/** It was ended, or begun anew, while it was sent. */
async function whatCameBetween(tx: Tx, { id, generation }: DeliveryKey): Promise<Recorded['outcome']> {
  const [delivery] = await tx.select().from(deliveries).where(eq(deliveries.id, id));
  if (!delivery) return 'cancelled';
  return (delivery.generation === generation ? delivery.outcome : null) ?? 'superseded';
}

/** @returns since when nothing has come through */
async function noteWhetherFailing(tx: Tx, webhookId: string, failedAt: string | null): Promise<Date | null> {
  const ofThis = eq(webhooks.id, webhookId);
  if (failedAt === null) {
    await tx
      .update(webhooks)
      .set({ failingSince: null })
      .where(and(ofThis, sql`${webhooks.failingSince} is not null`));
    return null;
  }
  await tx
    .update(webhooks)
    .set({ failingSince: new Date(failedAt) })
    .where(and(ofThis, isNull(webhooks.failingSince)));
  const [row] = await tx.select({ since: webhooks.failingSince }).from(webhooks).where(ofThis);
  return row?.since ?? null;
}

/**
 * An endpoint that says it is gone; and one at which a delivery was tried for its whole schedule, days, while
 * no other came through either.
 */
function whyDisabled(
  outcome: DeliveryOutcome,
  delivery: DeliveryRow | undefined,
  failingSince: Date | null,
): DisabledReason | null {
  const since = new Date().toISOString();
  if (outcome === 'gone')
    return { code: 'ENDPOINT_GONE', message: 'The endpoint answered 410: it is gone for good.', since };
  const first = delivery?.firstAttemptAt ?? null;
  if (outcome !== 'gave_up' || first === null || failingSince === null || failingSince > first) return null;
  const message = `Nothing came through since ${failingSince.toISOString()}. Mend the endpoint, then set enabled to true.`;
  return { code: 'ENDPOINT_FAILING', message, since };
}

async function lockWebhook(tx: Tx, id: string): Promise<WebhookRow | null> {
  const [row] = await tx.select().from(webhooks).where(eq(webhooks.id, id)).for('update');
  return row ?? null;
}

async function end(tx: Tx, key: DeliveryKey, outcome: DeliveryOutcome): Promise<Begun> {
  await tx
    .update(deliveries)
    .set({ outcome, finishedAt: sql`statement_timestamp()`, sendingUntil: null, nextAttemptAt: null })
    .where(isOfGeneration(key));
  return { kind: 'ended', outcome };
}

/** A claim of its own is its slot. */
async function hasSlot(tx: Tx, { id, webhookId }: DeliveryRow, slots: number): Promise<boolean> {
  const claimed = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.webhookId, webhookId),
        isNull(deliveries.outcome),
        sql`${deliveries.sendingUntil} > statement_timestamp()`,
      ),
    );
  return claimed.length < slots || claimed.some((one) => one.id === id);
}
