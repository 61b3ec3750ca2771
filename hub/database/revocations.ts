/** Credentials on their way out. */
import { and, eq, isNotNull } from 'drizzle-orm';
import type { Envelope } from '../vault/vault.ts';
import type { Database } from './database.ts';
import { connections, revocations } from './schema.ts';

export type RevocationRow = typeof revocations.$inferSelect;

/**
 * @returns null: it is done, or the connection has been authorised again meanwhile: at several providers
 *   (Google, Meta, Dropbox) ending the old token would end the new consent with it
 */
export async function findWantedRevocation({ tables }: Database, id: string): Promise<RevocationRow | null> {
  const [row] = await tables.select().from(revocations).where(eq(revocations.id, id));
  if (!row) return null;
  const [again] = await tables
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.id, row.connectionId), isNotNull(connections.sealedCredentials)));
  return again ? null : row;
}

export async function forgetRevocation({ tables }: Database, id: string): Promise<void> {
  await tables.delete(revocations).where(eq(revocations.id, id));
}

/** What had to be renewed before it could be ended. */
export async function keepRenewed({ tables }: Database, id: string, envelope: Envelope): Promise<void> {
  await tables.update(revocations).set({ sealedCredentials: envelope }).where(eq(revocations.id, id));
}
