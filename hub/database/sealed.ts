/** Where sealed values lie, for whoever counts, checks or rewraps them. */
import { is, sql } from 'drizzle-orm';
import { getTableConfig, PgTable, type PgColumn } from 'drizzle-orm/pg-core';
import type { Database } from './database.ts';
import * as schema from './schema.ts';

/** One column of the schema that holds envelopes. */
export type SealedColumn = {
  /** `connections.sealed_credentials` */
  name: string;
  /** The associated data of a row's envelope: `connections/<id>/credentials`. */
  placeOf: (id: string) => string;
  table: PgTable;
  id: PgColumn;
  column: PgColumn;
};
export type SealedRow = { id: string; envelope: string };

const PREFIX = 'sealed_';

/** Every one that the schema has; a new one is in it by being declared. */
export const SEALED_COLUMNS: readonly SealedColumn[] = Object.values<unknown>(schema)
  .filter((value) => is(value, PgTable))
  .flatMap((table) => {
    const { name, columns } = getTableConfig(table);
    const [id, ...more] = columns.filter(({ primary }) => primary);
    return columns
      .filter((column) => column.name.startsWith(PREFIX))
      .map((column) => {
        if (!id || more.length > 0) throw new Error(`${name}: what is sealed is found by one primary key`);
        const kind = column.name.slice(PREFIX.length);
        return {
          name: `${name}.${column.name}`,
          placeOf: (row: string) => `${name}/${row}/${kind}`,
          table,
          id,
          column,
        };
      });
  });

export function sealedColumn(name: string): SealedColumn {
  const found = SEALED_COLUMNS.find((one) => one.name === name);
  if (!found) throw new Error(`${name} is not a sealed column of this version`);
  return found;
}

/** In the order of ids. @param except leaves out what is under this key */
export async function readSealed(
  { tables }: Database,
  { table, id, column }: SealedColumn,
  { after, limit, except }: { after: string | null; limit: number; except?: string },
): Promise<SealedRow[]> {
  const { rows } = await tables.execute<SealedRow>(sql`
    select ${id} as id, ${column} as envelope from ${table}
    where ${column} is not null
      ${after === null ? sql`` : sql`and ${id} > ${after}`}
      ${except === undefined ? sql`` : sql`and not starts_with(${column}, ${`h1.${except}.`})`}
    order by ${id} limit ${limit}`);
  return rows;
}

/** @returns false: the row no longer holds exactly what was read, or is gone; what it holds is newer */
export async function replaceSealed(
  { tables }: Database,
  { table, id, column }: SealedColumn,
  { id: row, envelope }: SealedRow,
  next: string,
): Promise<boolean> {
  const { rowCount } = await tables.execute(
    sql`update ${table} set ${sql.identifier(column.name)} = ${next} where ${id} = ${row} and ${column} = ${envelope}`,
  );
  return rowCount === 1;
}

/** How many values are under which key id, per column: one pass through every table that has some. */
export async function countSealed({ tables }: Database): Promise<Record<string, Record<string, number>>> {
  const counted: Record<string, Record<string, number>> = {};
  for (const { name, table, column } of SEALED_COLUMNS) {
    const { rows } = await tables.execute<{ key: string; values: number }>(sql`
      select split_part(${column}, '.', 2) as key, count(*)::int as values from ${table}
      where ${column} is not null group by 1 order by 1`);
    counted[name] = Object.fromEntries(rows.map(({ key, values }) => [key, values]));
  }
  return counted;
}

/** Up to so many of every column: whether a key is the right one is seen by opening some. */
export async function sampleSealed(
  { tables }: Database,
  most: number,
): Promise<{ place: string; envelope: string }[]> {
  const found: { place: string; envelope: string }[] = [];
  for (const { table, id, column, placeOf } of SEALED_COLUMNS) {
    const { rows } = await tables.execute<SealedRow>(
      sql`select ${id} as id, ${column} as envelope from ${table} where ${column} is not null limit ${most}`,
    );
    found.push(...rows.map((row) => ({ place: placeOf(row.id), envelope: row.envelope })));
  }
  return found;
}
