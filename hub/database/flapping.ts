/**
 * Damping. A connection that goes back and forth between trouble and recovery would tell the same story again
 * and again. After several such changes within a window the next ones are held for a while, and of those that
 * are held only the newest is delivered: how it is now. The last one is always delivered, so a recovery is told
 * as well, and none is held for longer than `longestMs`.
 */
import { sql } from 'drizzle-orm';
import type { Tx } from './database.ts';
import { fromNow } from './deliveries.ts';
import { deliveries, type EventType } from './schema.ts';

/** Milliseconds. */
export type FlappingSettings = {
  changes: number;
  windowMs: number;
  settleMs: number;
  longestMs: number;
};

/** What tells of trouble and its end. That a person has to act is not among them: it is told at once. */
const STATES: readonly EventType[] = [
  'connection.error',
  'connection.reconnecting',
  'connection.recovered',
  'connection.health_changed',
];

/** Holds and damps what is due of endpoints that are locked. */
export async function dampFlapping(
  tx: Tx,
  webhookIds: string[],
  { changes, windowMs, settleMs, longestMs }: FlappingSettings,
): Promise<void> {
  const locked = sql`(select jsonb_array_elements_text(${JSON.stringify(webhookIds)}::text::jsonb))`;
  const isState = sql`event_type in (select jsonb_array_elements_text(${JSON.stringify(STATES)}::text::jsonb))`;
  const waitsUnbegun = sql`outcome is null and attempts = 0 and generation = 0 and ${isState}`;
  const heldSince = sql`coalesce((
    select min(held_since) from ${deliveries}
    where webhook_id = delivery.webhook_id and connection_id = delivery.connection_id and ${waitsUnbegun}
  ), statement_timestamp())`;
  await tx.execute(sql`
    update ${deliveries} delivery
    set held_since = ${heldSince}, due_at = least(${fromNow(settleMs)}, ${heldSince} + ${longestMs} * interval '1 millisecond')
    where webhook_id in ${locked} and ${waitsUnbegun} and held_since is null and sending_until is null
      and due_at <= statement_timestamp()
      and ${changes} <= (
        select count(*) from (
          select from ${deliveries} earlier
          where webhook_id = delivery.webhook_id and connection_id = delivery.connection_id
            and sequence < delivery.sequence and ${isState}
            and created_at > delivery.created_at - ${windowMs} * interval '1 millisecond'
          limit ${changes}) counted)`);
  await tx.execute(sql`
    update ${deliveries} delivery set outcome = 'damped', finished_at = statement_timestamp()
    where webhook_id in ${locked} and ${waitsUnbegun} and held_since is not null and sending_until is null
      and exists (
        select from ${deliveries} newer
        where webhook_id = delivery.webhook_id and connection_id = delivery.connection_id
          and sequence > delivery.sequence and ${waitsUnbegun} and held_since is not null)`);
}
