/** Counts of what was done, by all processes together: gathered in memory, written in batches. */
import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { tallies } from './schema.ts';

export type TallyRow = typeof tallies.$inferSelect;
export type Tallies = {
  count: (kind: TallyRow['kind'], integrationId: string, outcome: string) => void;
  close: () => Promise<void>;
};

// A crash loses at most this much.
const WRITTEN_EVERY_MS = 2_000;

export function createTallies({ tables }: Database): Tallies {
  let gathered = new Map<string, TallyRow>();
  let timer: NodeJS.Timeout | null = null;

  const write = async () => {
    timer = null;
    // In one order everywhere, or two processes could wait for each other's rows.
    const batch = [...gathered.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    gathered = new Map();
    if (batch.length === 0) return;
    await tables
      .execute(
        sql`
        insert into tallies (kind, integration_id, outcome, count)
        select kind, "integrationId", outcome, count
        from jsonb_to_recordset(${JSON.stringify(batch)}::text::jsonb)
          as done (kind text, "integrationId" text, outcome text, count bigint)
        on conflict (kind, integration_id, outcome) do update set count = tallies.count + excluded.count`,
      )
      // Only a count: a database that does not answer now has worse to miss.
      .catch(() => {});
  };

  return {
    count(kind, integrationId, outcome) {
      const key = `${kind} ${integrationId} ${outcome}`;
      const row = gathered.get(key) ?? { kind, integrationId, outcome, count: 0 };
      gathered.set(key, { ...row, count: row.count + 1 });
      timer ??= setTimeout(() => void write(), WRITTEN_EVERY_MS).unref();
    },
    async close() {
      if (timer) clearTimeout(timer);
      await write();
    },
  };
}

export async function listTallies({ tables }: Pick<Database, 'tables'>): Promise<TallyRow[]> {
  return tables.select().from(tallies);
}
