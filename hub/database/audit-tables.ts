/**
 * The audit log. The migration that made these tables also made triggers: an entry that is finished does not
 * change, one that is chained does not go, unless a checkpoint says that everything up to it was archived.
 */
import { sql } from 'drizzle-orm';
import { bigint, index, json, pgTable, text } from 'drizzle-orm/pg-core';
import { at, sealed } from './columns.ts';

/**
 * `user` signed in; `api_key` and `client` (OAuth) are programs; `connect_link` is whoever holds one; `browser` came
 * back from a provider's consent; `nobody` has not proved who they are; `command_line` is an operator at the machine.
 */
export type ActorKind =
  'user' | 'api_key' | 'client' | 'connect_link' | 'browser' | 'nobody' | 'workflow' | 'command_line';

/** `refused`: nothing was done, and rightly. `failed`: the hub or a provider could not. `unknown`: the process died. */
export type AuditOutcome = 'done' | 'refused' | 'failed' | 'unknown';

export type AuditDetails = { [name: string]: string | number | boolean | null | string[] };

export const auditEntries = pgTable(
  'audit_entries',
  {
    id: text('id').primaryKey(),
    /** Its place in the chain, without gaps from 1; null: it is not chained yet. */
    sequence: bigint('sequence', { mode: 'number' }).unique(),
    /** HMAC-SHA-256 over the entry, its sequence and the hash before it, in hex (hub/audit/chain.ts). */
    hash: text('hash'),
    /** When it began. */
    at: at('at').notNull().defaultNow(),
    actorKind: text('actor_kind').$type<ActorKind>().notNull(),
    actorId: text('actor_id'),
    /** The user that the actor is, or works for. */
    actorUserId: text('actor_user_id'),
    action: text('action').notNull(),
    subjectType: text('subject_type').notNull(),
    subjectId: text('subject_id'),
    connectionId: text('connection_id'),
    integrationId: text('integration_id'),
    /** Whose the subject is. */
    userId: text('user_id'),
    /** Null: it is under way. */
    outcome: text('outcome').$type<AuditOutcome>(),
    /** The error's code, where it was not done; an event's reason. */
    code: text('code'),
    /** Where the request came from. */
    address: text('address'),
    requestId: text('request_id'),
    /** `json` keeps it to the letter. */
    details: json('details').$type<AuditDetails>().notNull().default({}),
  },
  (table) => [
    index('audit_entries_by_connection').on(table.connectionId, table.sequence),
    index('audit_entries_by_actor').on(table.actorId, table.sequence),
    index('audit_entries_by_actor_user').on(table.actorUserId, table.sequence),
    index('audit_entries_by_time').on(table.at),
    index('audit_entries_waiting')
      .on(table.at, table.id)
      .where(sql`${table.sequence} is null`),
  ],
);

/** Up to here everything was archived and is gone; the chain goes on from `hash`. */
export const auditCheckpoints = pgTable('audit_checkpoints', {
  sequence: bigint('sequence', { mode: 'number' }).primaryKey(),
  hash: text('hash').notNull(),
  /** HMAC-SHA-256 over both: nobody without the key makes a checkpoint. */
  seal: text('seal').notNull(),
  at: at('at').notNull().defaultNow(),
});

/** The key of the chain. One row; made when the first entry is chained. */
export const auditKeys = pgTable('audit_keys', {
  id: text('id').primaryKey(),
  /** Envelope of 32 random bytes in base64url at `audit_keys/<id>/key`. */
  sealedKey: sealed('sealed_key').notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
});
