/** OAuth apps, one per integration. */
import { and, eq, gt, lt, sql } from 'drizzle-orm';
import type { Envelope } from '../vault/vault.ts';
import { isOneOf, type Database } from './database.ts';
import { gathered } from './gathered.ts';
import { apps, circuits, connections } from './schema.ts';

export type AppRow = typeof apps.$inferSelect;
export type NewApp = Omit<AppRow, 'createdAt' | 'updatedAt' | 'sealedSecrets'> & { sealedSecrets: Envelope };

export const appSecretsPlace = (integrationId: string) => `apps/${integrationId}/secrets`;

export const findApp = gathered<string, AppRow | null>(async ({ tables }, integrationIds) => {
  const wanted = [...new Set(integrationIds)];
  const rows = await tables.select().from(apps).where(isOneOf(apps.integrationId, wanted));
  const found = new Map(rows.map((row) => [row.integrationId, row]));
  return integrationIds.map((id) => found.get(id) ?? null);
});

/** Which integrations have an app, and whether it is the sandbox's. */
export async function listSandboxFlags({ tables }: Database): Promise<Map<string, { sandbox: boolean }>> {
  const rows = await tables.select({ id: apps.integrationId, sandbox: apps.sandbox }).from(apps);
  return new Map(rows.map(({ id, sandbox }) => [id, { sandbox }]));
}

/** Also forgets what was known of its hosts, which may be others now, and lets what has run out try anew at once. */
export async function putApp({ tables }: Database, app: NewApp): Promise<AppRow> {
  const { integrationId, ...values } = app;
  return tables.transaction(async (tx) => {
    const [row] = await tx
      .insert(apps)
      .values(app)
      .onConflictDoUpdate({ target: apps.integrationId, set: { ...values, updatedAt: sql`now()` } })
      .returning();
    if (!row) throw new Error(`the app of ${integrationId} was not written`);
    await tx.delete(circuits).where(eq(circuits.integrationId, integrationId));
    await tx
      .update(connections)
      .set({ refreshDueAt: sql`now()` })
      .where(
        and(
          eq(connections.integrationId, integrationId),
          lt(connections.expiresAt, sql`now()`),
          gt(connections.refreshDueAt, sql`now()`),
        ),
      );
    return row;
  });
}

/** @returns whether there was one */
export async function deleteApp({ tables }: Database, integrationId: string): Promise<boolean> {
  const gone = await tables
    .delete(apps)
    .where(eq(apps.integrationId, integrationId))
    .returning({ id: apps.integrationId });
  return gone.length > 0;
}
