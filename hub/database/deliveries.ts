/**
 * Deliveries: one event on its way to one webhook.
 *
 *   written with the event ──due──▶ claimed ──▶ begun ──2xx──▶ delivered
 *        │        ▲                              │ └──410──▶ gone
 *        │        └──nobody took it up───────────┤ └──failed──▶ waits in its workflow ──▶ begun … gave_up
 *        └──held while its connection flaps──▶ damped, or claimed
 *
 * Whoever writes both locks the webhook before its deliveries. A workflow writes only what is still of its
 * generation: a replay takes the delivery away from it.
 */
import { and, desc, eq, isNull, lt, sql, type SQL } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import { deliveries, events, webhooks } from './schema.ts';

export type DeliveryRow = typeof deliveries.$inferSelect;
/** What a workflow is started for. `integrationId` and `userId` are null where the event is gone. */
export type ClaimedDelivery = {
  id: string;
  webhookId: string;
  generation: number;
  connectionId: string;
  integrationId: string | null;
  userId: string | null;
};
export type DeliveryKey = Pick<DeliveryRow, 'id' | 'generation'>;

/** Milliseconds. */
export type ClaimSettings = {
  /** How many deliveries one endpoint gets at a time. */
  slots: number;
  /** How long a claim holds: then it is taken that nobody began. */
  claimMs: number;
  /** How many endpoints are looked at in one go. */
  endpoints: number;
};

export const fromNow = (ms: number): SQL => sql`statement_timestamp() + ${ms} * interval '1 millisecond'`;
const isDue = sql`outcome is null and due_at <= statement_timestamp()`;

/** Locks endpoints that have something due, as far as nobody else is at them, for `work` on their deliveries. */
export async function withDueEndpoints<T>(
  { tables }: Database,
  most: number,
  work: (tx: Tx, webhookIds: string[]) => Promise<T[]>,
): Promise<T[]> {
  return tables.transaction(async (tx) => {
    // In any order: those whose slots are all taken must not stand before the others for ever.
    const { rows: locked } = await tx.execute(sql`
      select id from ${webhooks}
      where id in (select distinct webhook_id from ${deliveries} where ${isDue})
      order by random() limit ${most} for update skip locked`);
    return locked.length === 0
      ? []
      : work(
          tx,
          locked.map(({ id }) => String(id)),
        );
  });
}

/** The oldest due ones, as many as their endpoints have slots free. For endpoints that are locked. */
export async function claimDue(
  tx: Tx,
  webhookIds: string[],
  { slots, claimMs }: ClaimSettings,
): Promise<ClaimedDelivery[]> {
  const { rows } = await tx.execute(sql`
    update ${deliveries} delivery set due_at = ${fromNow(claimMs)}, sending_until = ${fromNow(claimMs)}
    from jsonb_array_elements_text(${JSON.stringify(webhookIds)}::text::jsonb) locked (id)
    cross join lateral (
      select sequence, event_id from ${deliveries} where webhook_id = locked.id and ${isDue}
      order by sequence
      limit greatest(0, ${slots}::int - (
        select count(*)::int from ${deliveries}
        where webhook_id = locked.id and outcome is null and sending_until > statement_timestamp()))
    ) due
    left join ${events} event on event.id = due.event_id
    where delivery.sequence = due.sequence
    returning delivery.id, delivery.webhook_id as "webhookId", delivery.generation,
      delivery.connection_id as "connectionId", event.integration_id as "integrationId", event.user_id as "userId"`);
  return rows as unknown as ClaimedDelivery[];
}

/** Nobody could be told to begin: others may try soon. */
export async function releaseClaim({ tables }: Database, key: DeliveryKey, afterMs: number): Promise<void> {
  await tables
    .update(deliveries)
    .set({ dueAt: fromNow(afterMs), sendingUntil: null })
    .where(and(isOfGeneration(key), eq(deliveries.attempts, 0)));
}

/** Begins anew with the same id. @returns null: there is no such delivery of this webhook */
export async function replayDelivery(
  { tables }: Database,
  webhookId: string,
  id: string,
): Promise<DeliveryRow | null> {
  const [row] = await tables
    .update(deliveries)
    .set({
      generation: sql`${deliveries.generation} + 1`,
      outcome: null,
      finishedAt: null,
      dueAt: sql`statement_timestamp()`,
      sendingUntil: null,
      firstAttemptAt: null,
      nextAttemptAt: null,
    })
    .where(and(eq(deliveries.id, id), eq(deliveries.webhookId, webhookId)))
    .returning();
  return row ?? null;
}

/** Newest first, before a sequence number. */
export async function listDeliveries(
  { tables }: Database,
  webhookId: string,
  before: number | null,
  limit: number,
): Promise<DeliveryRow[]> {
  return tables
    .select()
    .from(deliveries)
    .where(
      and(eq(deliveries.webhookId, webhookId), before === null ? undefined : lt(deliveries.sequence, before)),
    )
    .orderBy(desc(deliveries.sequence))
    .limit(limit);
}

/** Those that ended long ago, and those that a removed webhook left behind. @returns how many, `most` at a time */
export async function forgetDeliveries({ tables }: Database, keptMs: number, most: number): Promise<number> {
  const { rowCount } = await tables.execute(sql`
    delete from ${deliveries} where sequence in (
      select sequence from ${deliveries} delivery
      where (outcome is not null and finished_at < ${fromNow(-keptMs)})
        or (outcome is null and due_at < ${fromNow(-keptMs)}
          and not exists (select 1 from ${webhooks} where id = delivery.webhook_id))
      limit ${most})
    returning sequence`);
  return rowCount ?? 0;
}

export const isOfGeneration = ({ id, generation }: DeliveryKey): SQL | undefined =>
  and(eq(deliveries.id, id), eq(deliveries.generation, generation), isNull(deliveries.outcome));
