/** Webhooks: who is told of which events, and where. */
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Envelope } from '../vault/vault.ts';
import { isOneOf, type Database, type Tx } from './database.ts';
import { connections, deliveries, webhooks, type DisabledReason } from './schema.ts';

export type WebhookRow = typeof webhooks.$inferSelect;
export type NewWebhook = Pick<
  WebhookRow,
  'id' | 'ownerId' | 'userId' | 'name' | 'url' | 'events' | 'integrationIds' | 'connectionIds'
> & { sealedSecrets: Envelope };
export type WebhookChange = Partial<
  Pick<WebhookRow, 'name' | 'url' | 'events' | 'integrationIds' | 'connectionIds'>
>;

export const webhookSecretsPlace = (id: string) => `webhooks/${id}/secrets`;

export async function insertWebhook({ tables }: Database, webhook: NewWebhook): Promise<WebhookRow> {
  const [row] = await tables.insert(webhooks).values(webhook).returning();
  if (!row) throw new Error('the webhook was not written');
  return row;
}

export async function findWebhook({ tables }: Database, id: string): Promise<WebhookRow | null> {
  const [row] = await tables.select().from(webhooks).where(eq(webhooks.id, id));
  return row ?? null;
}

export async function listWebhooks(
  { tables }: Database,
  ownerId: string | undefined,
  after: string | null,
  limit: number,
): Promise<WebhookRow[]> {
  return tables
    .select()
    .from(webhooks)
    .where(
      and(
        ownerId === undefined ? undefined : eq(webhooks.ownerId, ownerId),
        after === null ? undefined : gt(webhooks.id, after),
      ),
    )
    .orderBy(asc(webhooks.id))
    .limit(limit);
}

export async function updateWebhook(
  { tables }: Database,
  id: string,
  change: WebhookChange,
): Promise<WebhookRow | null> {
  const [row] = await tables
    .update(webhooks)
    .set({ ...change, updatedAt: sql`clock_timestamp()` })
    .where(eq(webhooks.id, id))
    .returning();
  return row ?? null;
}

/** Begins with a clean sheet. What ended with `endpoint_disabled` stays ended; it can be replayed. */
export async function enableWebhook({ tables }: Database, id: string): Promise<WebhookRow | null> {
  const [row] = await tables
    .update(webhooks)
    .set({ enabled: true, disabledReason: null, failingSince: null, updatedAt: sql`clock_timestamp()` })
    .where(eq(webhooks.id, id))
    .returning();
  return row ?? null;
}

/** Ends what is on its way as well. @returns false: it is disabled already, or gone */
export async function disableWebhook(tables: Tx, id: string, reason: DisabledReason): Promise<boolean> {
  return tables.transaction(async (tx) => {
    const disabled = await tx
      .update(webhooks)
      .set({ enabled: false, disabledReason: reason, updatedAt: sql`clock_timestamp()` })
      .where(and(eq(webhooks.id, id), eq(webhooks.enabled, true)))
      .returning({ id: webhooks.id });
    if (disabled.length === 0) return false;
    await tx
      .update(deliveries)
      .set({
        outcome: 'endpoint_disabled',
        finishedAt: sql`clock_timestamp()`,
        sendingUntil: null,
        nextAttemptAt: null,
      })
      .where(and(eq(deliveries.webhookId, id), sql`${deliveries.outcome} is null`));
    return true;
  });
}

/** @returns whether there was one */
export async function deleteWebhook({ tables }: Database, id: string): Promise<boolean> {
  return tables.transaction(async (tx) => {
    const gone = await tx.delete(webhooks).where(eq(webhooks.id, id)).returning({ id: webhooks.id });
    await tx.delete(deliveries).where(eq(deliveries.webhookId, id));
    return gone.length > 0;
  });
}

/** Compare-and-set. @returns false: somebody else rotated them at the same time */
export async function replaceSecrets(
  { tables }: Database,
  { id, sealedSecrets }: Pick<WebhookRow, 'id' | 'sealedSecrets'>,
  next: Envelope,
): Promise<boolean> {
  const replaced = await tables
    .update(webhooks)
    .set({ sealedSecrets: next, updatedAt: sql`clock_timestamp()` })
    .where(and(eq(webhooks.id, id), eq(webhooks.sealedSecrets, sealedSecrets)))
    .returning({ id: webhooks.id });
  return replaced.length > 0;
}

/** Which of these connections there are, of one user where one is named. */
export async function existingConnections(
  { tables }: Database,
  ids: string[],
  userId: string | undefined,
): Promise<Set<string>> {
  const rows = await tables
    .select({ id: connections.id })
    .from(connections)
    .where(
      and(isOneOf(connections.id, ids), userId === undefined ? undefined : eq(connections.userId, userId)),
    );
  return new Set(rows.map(({ id }) => id));
}
