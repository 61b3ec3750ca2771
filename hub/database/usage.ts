/**
 * Usage by connection and hour; hours that are old enough are moved into days, so each use is in one row only.
 * Rows outlive their connections: what was used was used.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { Database } from './database.ts';
import { usage, usageBatches } from './schema.ts';

export type Use = {
  /** Requests sent to the provider, those that were sent again included. */
  calls: number;
  repeated: number;
  rateLimited: number;
  credentialsRefused: number;
  clientErrors: number;
  serverErrors: number;
  unanswered: number;
  /** Tokens handed out. */
  tokens: number;
  bytesSent: number;
  bytesReceived: number;
  /** Calls by bucket (hub/usage/latency.ts). */
  latency: number[];
};

export type UseRow = Use & { connectionId: string; userId: string; integrationId: string; start: string };

export const COUNTS = [
  'calls',
  'repeated',
  'rateLimited',
  'credentialsRefused',
  'clientErrors',
  'serverErrors',
  'unanswered',
  'tokens',
  'bytesSent',
  'bytesReceived',
] as const;
export const NO_USE: Use = {
  ...(Object.fromEntries(COUNTS.map((name) => [name, 0])) as Record<(typeof COUNTS)[number], number>),
  latency: [],
};

const columns = sql.join(
  COUNTS.map((name) => sql.identifier(usage[name].name)),
  sql`, `,
);
const KEY = sql`connection_id, user_id, integration_id, bucket, start`;
const ADDED = sql.join(
  [
    ...COUNTS.map((name) => {
      const column = sql.identifier(usage[name].name);
      return sql`${column} = usage.${column} + excluded.${column}`;
    }),
    sql`latency = coalesce((
      select array_agg(coalesce(one, 0) + coalesce(other, 0) order by place)
      from unnest(usage.latency, excluded.latency) with ordinality as both_of_them(one, other, place)
    ), '{}')`,
  ],
  sql`, `,
);
const WITH_THOSE_THERE = sql`on conflict (connection_id, bucket, start) do update set ${ADDED}`;

/**
 * Adds to what is there. One statement in the order of the key, so that two processes do not wait for each other in
 * a circle.
 *
 * @param batchId a batch of an id that was written before is not written again: its writer did not hear of it
 */
export async function addUsage({ tables }: Database, batchId: string, rows: UseRow[]): Promise<void> {
  await tables.transaction(async (tx) => {
    const written = await tx
      .insert(usageBatches)
      .values({ id: batchId })
      .onConflictDoNothing()
      .returning({ id: usageBatches.id });
    if (written.length === 0) return;
    await tx.execute(sql`
      insert into usage (${KEY}, ${columns}, latency)
      select "connectionId", "userId", "integrationId", 'hour', start, ${fields}, latency
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as row(
        "connectionId" text, "userId" text, "integrationId" text, start timestamptz, ${fieldTypes}, latency integer[]
      )
      order by "connectionId", start
      ${WITH_THOSE_THERE}`);
  });
}

const fields = sql.join(
  COUNTS.map((name) => sql.identifier(name)),
  sql`, `,
);
const fieldTypes = sql.join(
  COUNTS.map((name) => sql`${sql.identifier(name)} bigint`),
  sql`, `,
);

/** Whose usage. `connectionIds` of several: each alone, too. */
export type UsageFilter = { connectionId?: string; integrationId?: string; userId?: string };
export type UsageBucket = 'hour' | 'day';
export type UsageGroup = 'connection' | 'integration' | 'user';

export type Used = Use & { start: Date; group: string | null };

/**
 * @param from inclusive, to exclusive. Days are those of UTC. Hours that were moved into days are no hours any more.
 * @param most rows at most, the oldest first
 */
export async function readUsage(
  { tables }: Database,
  filter: UsageFilter,
  { from, to, bucket, group }: { from: Date; to: Date; bucket: UsageBucket; group: UsageGroup | null },
  most: number,
): Promise<Used[]> {
  const of = group === null ? sql`null::text` : GROUPS[group];
  const conditions = [
    sql`start >= ${from.toISOString()}`,
    sql`start < ${to.toISOString()}`,
    ...(bucket === 'hour' ? [sql`bucket = 'hour'`] : []),
    ...(filter.connectionId === undefined ? [] : [sql`connection_id = ${filter.connectionId}`]),
    ...(filter.integrationId === undefined ? [] : [sql`integration_id = ${filter.integrationId}`]),
    ...(filter.userId === undefined ? [] : [sql`user_id = ${filter.userId}`]),
  ];
  const { rows } = await tables.execute(sql`
    with used as (
      select ${of} as grouped, date_trunc(${bucket}, start, 'UTC') as time, ${columns}, latency
      from usage where ${sql.join(conditions, sql` and `)}
    ), counted as (
      select grouped, time, ${sums} from used group by grouped, time order by time, grouped limit ${most}
    ), timed as (
      select grouped, time, place, sum(count)::int as count
      from used, unnest(latency) with ordinality as one(count, place)
      group by grouped, time, place
    )
    select counted.*, coalesce((
      select array_agg(timed.count order by timed.place) from timed
      where timed.time = counted.time and timed.grouped is not distinct from counted.grouped
    ), '{}') as latency
    from counted order by time, grouped`);
  return rows.map((row) => ({
    group: row['grouped'] as string | null,
    start: new Date(row['time'] as string | Date),
    ...(Object.fromEntries(COUNTS.map((name) => [name, Number(row[usage[name].name])])) as unknown as Use),
    latency: row['latency'] as number[],
  }));
}

const GROUPS: Record<UsageGroup, SQL> = {
  connection: sql`connection_id`,
  integration: sql`integration_id`,
  user: sql`user_id`,
};
const sums = sql.join(
  COUNTS.map((name) => {
    const column = sql.identifier(usage[name].name);
    return sql`sum(${column}) as ${column}`;
  }),
  sql`, `,
);

/**
 * Moves hours into days and drops what is too old, some of it at a time.
 *
 * @returns how many rows it took; 0: nothing is left to do
 */
export async function rollUpUsage(
  { tables }: Database,
  { hoursBefore, daysBefore }: { hoursBefore: Date; daysBefore: Date },
  most: number,
): Promise<number> {
  const moved = await tables.execute(sql`
    with picked as (
      select connection_id, bucket, start from usage
      where bucket = 'hour' and start < date_trunc('day', ${hoursBefore.toISOString()}::timestamptz, 'UTC')
      order by connection_id, start limit ${most} for update
    ), gone as (
      delete from usage using picked
      where (usage.connection_id, usage.bucket, usage.start) = (picked.connection_id, picked.bucket, picked.start)
      returning usage.*, date_trunc('day', usage.start, 'UTC') as day
    ), timed as (
      select connection_id, day, array_agg(count order by place) as latency from (
        select connection_id, day, place, sum(count)::int as count
        from gone, unnest(latency) with ordinality as one(count, place)
        group by connection_id, day, place
      ) as places group by connection_id, day
    ), made as (
      insert into usage (${KEY}, ${columns}, latency)
      select connection_id, min(user_id), min(integration_id), 'day', day, ${sums},
        coalesce((
          select timed.latency from timed where timed.connection_id = gone.connection_id and timed.day = gone.day
        ), '{}')
      from gone group by connection_id, day order by connection_id, day
      ${WITH_THOSE_THERE}
    )
    select count(*)::int as count from gone`);
  const expired = await tables.execute(sql`
    delete from usage where (connection_id, bucket, start) in (
      select connection_id, bucket, start from usage
      where bucket = 'day' and start < ${daysBefore.toISOString()} limit ${most}
    )`);
  // No writer tries for so long: its process has ended.
  const batches = await tables.execute(sql`
    delete from usage_batches where id in (
      select id from usage_batches where written_at < now() - interval '1 day' limit ${most}
    )`);
  return Number(moved.rows[0]?.['count'] ?? 0) + (expired.rowCount ?? 0) + (batches.rowCount ?? 0);
}
