/** What things are called today, where they are there still: the audit log itself keeps ids, which do not change. */
import { sql } from 'drizzle-orm';
import type { AuditRow } from './audit.ts';
import type { Database } from './database.ts';

export type Named = {
  type: 'connection' | 'user' | 'key' | 'client' | 'link' | 'webhook';
  id: string;
  name: string;
};

// An actor is named as the subject that it can be too.
const TYPE_OF_ACTOR: Partial<Record<AuditRow['actorKind'], Named['type']>> = {
  user: 'user',
  api_key: 'key',
  client: 'client',
  connect_link: 'link',
};

/** Of all that the entries speak of, in one statement. */
export async function namesIn({ tables }: Database, entries: AuditRow[]): Promise<Named[]> {
  const spoken = entries.flatMap((entry) => [
    { type: TYPE_OF_ACTOR[entry.actorKind], id: entry.actorId },
    { type: 'user', id: entry.actorUserId },
    { type: entry.subjectType, id: entry.subjectId },
    { type: 'connection', id: entry.connectionId },
    { type: 'user', id: entry.userId },
  ]);
  const { rows } = await tables.execute(sql`
    with spoken as (
      select distinct type, id from jsonb_to_recordset(${JSON.stringify(spoken)}::text::jsonb)
        as one (type text, id text) where id is not null),
    named as (
      select type, id, case type
        when 'connection' then (select name from connections where connections.id = spoken.id)
        when 'user' then (select name from users where users.id = spoken.id)
        when 'key' then (select name from api_keys where api_keys.id = spoken.id)
        when 'client' then (select name from clients where clients.id = spoken.id)
        when 'link' then (select name from connect_links where connect_links.id = spoken.id)
        when 'webhook' then (select name from webhooks where webhooks.id = spoken.id)
      end as name from spoken)
    select type, id, name from named where name is not null`);
  return rows as unknown as Named[];
}
