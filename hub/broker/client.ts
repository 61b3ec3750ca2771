/** Who asks: a client of the database, or n8n, which every hub knows. */
import { findClient, type ClientRow } from '../database/clients.ts';
import type { Database } from '../database/database.ts';

export type KnownClient = Pick<
  ClientRow,
  'id' | 'name' | 'secretHash' | 'redirectUris' | 'integrationId' | 'connectionId'
>;

export const N8N = 'n8n';

/** @param n8nUrls where people's n8n are, without a trailing slash (HUB_N8N_URLS) */
export async function clientOf(
  db: Database,
  n8nUrls: readonly string[],
  id: string,
): Promise<KnownClient | null> {
  if (id !== N8N) return findClient(db, id);
  return {
    id: N8N,
    name: 'n8n',
    secretHash: null,
    redirectUris: n8nUrls.map((url) => `${url}/rest/oauth2-credential/callback`),
    integrationId: null,
    connectionId: null,
  };
}
