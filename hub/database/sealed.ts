/** Where sealed values lie, for whoever checks or rewraps them. */
import { isNotNull } from 'drizzle-orm';
import { appSecretsPlace } from './apps.ts';
import { AUDIT_KEY_PLACE, findAuditKey } from './audit.ts';
import { credentialsPlace } from './connection-credentials.ts';
import type { Database } from './database.ts';
import { apps, connections, webhooks } from './schema.ts';
import { webhookSecretsPlace } from './webhooks.ts';

/** The audit log's key, all apps, a thousand connections and a thousand webhooks. */
export async function listSealed(db: Database): Promise<{ place: string; envelope: string }[]> {
  const { tables } = db;
  const ofAudit = await findAuditKey(db);
  const ofApps = await tables.select({ id: apps.integrationId, envelope: apps.sealedSecrets }).from(apps);
  const ofConnections = await tables
    .select({ id: connections.id, envelope: connections.sealedCredentials })
    .from(connections)
    .where(isNotNull(connections.sealedCredentials))
    .limit(1000);
  const ofWebhooks = await tables
    .select({ id: webhooks.id, envelope: webhooks.sealedSecrets })
    .from(webhooks)
    .limit(1000);
  return [
    ...(ofAudit === null ? [] : [{ place: AUDIT_KEY_PLACE, envelope: ofAudit }]),
    ...ofApps.map(({ id, envelope }) => ({ place: appSecretsPlace(id), envelope })),
    ...ofConnections.flatMap(({ id, envelope }) =>
      envelope === null ? [] : [{ place: credentialsPlace(id), envelope }],
    ),
    ...ofWebhooks.map(({ id, envelope }) => ({ place: webhookSecretsPlace(id), envelope })),
  ];
}
