/** Who asks: a client of the database, or n8n, which every hub knows. */
import { findClient, type ClientRow } from '../database/clients.ts';
import type { Database } from '../database/database.ts';

export type KnownClient = Pick<
  ClientRow,
  'id' | 'name' | 'secretHash' | 'redirectUris' | 'integrationId' | 'connectionId'
>;

export const N8N = 'n8n';
const CALLBACK = '/rest/oauth2-credential/callback';

/** @param url of an n8n, without a trailing slash */
export const n8nCallback = (url: string): string => url + CALLBACK;
export const isN8n = ({ redirectUris }: Pick<KnownClient, 'redirectUris'>): boolean =>
  redirectUris.some((uri) => uri.endsWith(CALLBACK));

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
    redirectUris: n8nUrls.map(n8nCallback),
    integrationId: null,
    connectionId: null,
  };
}
