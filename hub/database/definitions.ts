/** Integrations of somebody's own, and what their issuers say of themselves. */
import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import type { ServerMetadata } from '../definitions/discovery.ts';
import type { Database } from './database.ts';
import { apps, connections, discoveries, integrations } from './schema.ts';

export type DefinitionRow = typeof integrations.$inferSelect;

/** Another text after each change of what `listDefinitions` or `listDiscoveries` gives. */
export async function definitionsMark({ tables }: Database): Promise<string> {
  const { rows } = await tables.execute<{ mark: string }>(sql`
    select coalesce(string_agg(one, ',' order by one), '') as mark from (
      select 'integration/' || id || '/' || version as one from ${integrations}
      union all select 'issuer/' || issuer || '/' || discovered_at from ${discoveries}) as marks`);
  return rows[0]?.mark ?? '';
}

/** Deleted ones as well. */
export const listDefinitions = ({ tables }: Database): Promise<DefinitionRow[]> =>
  tables.select().from(integrations);

export async function findDefinition({ tables }: Database, id: string): Promise<DefinitionRow | null> {
  const [row] = await tables
    .select()
    .from(integrations)
    .where(and(eq(integrations.id, id), isNull(integrations.deletedAt)));
  return row ?? null;
}

/** In the place of a deleted one, if there was one. @returns null: there is one with this id */
export async function insertDefinition(
  { tables }: Database,
  id: string,
  definition: Record<string, unknown>,
): Promise<DefinitionRow | null> {
  const [row] = await tables
    .insert(integrations)
    .values({ id, definition })
    .onConflictDoUpdate({
      target: integrations.id,
      set: { definition, ...CHANGED, deletedAt: null },
      setWhere: sql`${integrations.deletedAt} is not null`,
    })
    .returning();
  return row ?? null;
}

/**
 * @param authTypes that it still knows
 * @returns `in_use`: a connection has credentials of another type; null: there is no such definition
 */
export async function replaceDefinition(
  { tables }: Database,
  id: string,
  definition: Record<string, unknown>,
  authTypes: readonly string[],
): Promise<DefinitionRow | 'in_use' | null> {
  return tables.transaction(async (tx) => {
    if (!(await lockDefinition(tx, id))) return null;
    const used = await tx
      .selectDistinct({ authType: connections.authType })
      .from(connections)
      .where(and(eq(connections.integrationId, id), ne(connections.status, 'disconnected')));
    if (used.some(({ authType }) => !authTypes.includes(authType))) return 'in_use';
    const [row] = await tx
      .update(integrations)
      .set({ definition, ...CHANGED })
      .where(eq(integrations.id, id))
      .returning();
    return row ?? null;
  });
}

/** Its app goes with it. @returns `in_use`: there are connections; false: there is no such definition */
export async function deleteDefinition({ tables }: Database, id: string): Promise<boolean | 'in_use'> {
  return tables.transaction(async (tx) => {
    if (!(await lockDefinition(tx, id))) return false;
    const [used] = await tx
      .select({ id: connections.id })
      .from(connections)
      .where(and(eq(connections.integrationId, id), ne(connections.status, 'disconnected')))
      .limit(1);
    if (used) return 'in_use';
    await tx
      .update(integrations)
      .set({ ...CHANGED, deletedAt: sql`now()` })
      .where(eq(integrations.id, id));
    await tx.delete(apps).where(eq(apps.integrationId, id));
    return true;
  });
}

type Transaction = Parameters<Parameters<Database['tables']['transaction']>[0]>[0];

async function lockDefinition(tx: Transaction, id: string): Promise<boolean> {
  const [found] = await tx
    .select({ id: integrations.id })
    .from(integrations)
    .where(and(eq(integrations.id, id), isNull(integrations.deletedAt)))
    .for('update');
  return found !== undefined;
}

export async function keepDiscovery(
  { tables }: Database,
  issuer: string,
  metadata: ServerMetadata,
): Promise<void> {
  const found = { metadata, discoveredAt: sql`now()` };
  await tables
    .insert(discoveries)
    .values({ issuer, ...found })
    .onConflictDoUpdate({ target: discoveries.issuer, set: found });
}

export async function listDiscoveries(
  { tables }: Database,
  issuers: readonly string[],
): Promise<Map<string, ServerMetadata>> {
  if (issuers.length === 0) return new Map();
  const rows = await tables
    .select()
    .from(discoveries)
    .where(inArray(discoveries.issuer, [...issuers]));
  return new Map(rows.map(({ issuer, metadata }) => [issuer, metadata]));
}

const CHANGED = { version: sql`${integrations.version} + 1`, updatedAt: sql`now()` };
