/** The usual result of a look: a connection that was well is well. Nothing is told of it. */
import { sql } from 'drizzle-orm';
import { gathered } from './gathered.ts';
import type { HealthCheck } from './schema.ts';

type Look = { id: string; version: number; check: HealthCheck; healthDueAt: Date };

/**
 * Written for many at once, each alone. A row that somebody else has locked is passed over, so that nobody waits here.
 * @returns false: something changes by this look, or may; that is for `changeStatus`, with its events
 */
export const recordStillWell = gathered<Look, boolean>(async ({ tables }, looks) => {
  const { rows } = await tables.execute<{ id: string }>(sql`
    with looked as (
      select * from jsonb_to_recordset(${JSON.stringify(looks)}::text::jsonb)
        as looked (id text, version int, "check" jsonb, "healthDueAt" timestamptz)),
    well as (
      select looked.*
      from looked join connections on connections.id = looked.id and connections.version = looked.version
      where status = 'connected' and status_reason is null
        and coalesce(last_health_check ->> 'outcome', 'ok') = 'ok'
        and coalesce(last_health_check ->> 'at', '') <= looked.check ->> 'at'
        and (refresh_due_at is not null or not refreshable or expires_at is null)
      order by connections.id
      for update of connections skip locked)
    update connections set last_health_check = well.check, health_due_at = well."healthDueAt"
    from well where connections.id = well.id
    returning connections.id`);
  const recorded = new Set(rows.map(({ id }) => id));
  return looks.map(({ id }) => recorded.has(id));
});
