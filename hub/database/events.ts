/** The event log. An event is inserted in the transaction of the change that it tells of. */
import { and, asc, eq, gt } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Database, Tx } from './database.ts';
import { events, type EventType } from './schema.ts';

export type EventRow = typeof events.$inferSelect;
/** Which workflow run made it so, where one did. */
export type Origin = { workflowId?: string; runId?: string };
type Subject = { id: string; integrationId: string; userId: string };

export async function insertEvent(
  tx: Tx,
  type: EventType,
  subject: Subject,
  origin: Origin = {},
  reason: string | null = null,
): Promise<void> {
  await tx.insert(events).values({
    id: uuidv7(),
    type,
    connectionId: subject.id,
    integrationId: subject.integrationId,
    userId: subject.userId,
    reason,
    workflowId: origin.workflowId ?? null,
    runId: origin.runId ?? null,
  });
}

/** Oldest first, after a sequence number. */
export async function listConnectionEvents(
  { tables }: Database,
  connectionId: string,
  after: number,
  limit: number,
): Promise<EventRow[]> {
  return tables
    .select()
    .from(events)
    .where(and(eq(events.connectionId, connectionId), gt(events.sequence, after)))
    .orderBy(asc(events.sequence))
    .limit(limit);
}
