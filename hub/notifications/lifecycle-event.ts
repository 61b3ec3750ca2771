/** An event as the outside sees it: in lists, in streams and in webhooks' bodies. Ids and facts. */
import type { EventRow } from '../database/events.ts';
import { EVENT_TYPES, type EventType } from '../database/schema.ts';

export type LifecycleEvent = {
  id: string;
  type: EventType;
  connectionId: string;
  integrationId: string;
  userId: string;
  at: string;
  reason?: string;
  workflowId?: string;
  runId?: string;
};

export function lifecycleEvent(row: EventRow): LifecycleEvent {
  return {
    id: row.id,
    type: row.type,
    connectionId: row.connectionId,
    integrationId: row.integrationId,
    userId: row.userId,
    at: row.at.toISOString(),
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.workflowId === null ? {} : { workflowId: row.workflowId }),
    ...(row.runId === null ? {} : { runId: row.runId }),
  };
}

/** What may be subscribed to: all, all of connections, or a type. */
export const EVENT_PATTERNS = ['*', 'connection.*', ...EVENT_TYPES] as const;

/** The types that patterns stand for; null: one of them stands for nothing. */
export function typesOf(patterns: readonly string[]): EventType[] | null {
  const stoodFor = patterns.map((pattern) =>
    EVENT_TYPES.filter(
      (type) => pattern === '*' || pattern === type || pattern === `${type.split('.')[0]}.*`,
    ),
  );
  return stoodFor.some((types) => types.length === 0) ? null : [...new Set(stoodFor.flat())];
}
