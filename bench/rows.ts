/** Connections in bulk, as the hub itself would have written them; and their state before a run. */
import { randomBytes } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Config } from '../hub/config.ts';
import { credentialsPlace } from '../hub/database/connection-credentials.ts';
import { configureSandboxApps } from '../hub/first-run.ts';
import { parseKeyring } from '../hub/vault/keyring.ts';
import { createVault } from '../hub/vault/vault.ts';
import { withClient } from './stage.ts';

export type Due = 'refresh' | 'health';

export const INTEGRATION = 'hubspot';
const SCOPES = ['oauth', 'crm.objects.contacts.read', 'crm.objects.contacts.write', 'tickets'];
const AT_ONCE = 2_000;

/** The integration's app, its endpoints at the stand-in. */
export const setUpApp = (config: Config, standIn: string, integrationId = INTEGRATION): Promise<void> =>
  configureSandboxApps(config, [
    {
      integrationId,
      clientId: 'bench',
      clientSecret: 'bench-secret-bench-secret',
      endpoints: { tokenUrl: `${standIn}/token`, apiBaseUrl: standIn },
    },
  ]);

/** @returns their ids */
export async function insertConnections(
  config: Config,
  count: number,
  integrationId = INTEGRATION,
): Promise<string[]> {
  const vault = createVault(parseKeyring(config.encryptionKeys ?? ''));
  const ids: string[] = [];
  await withClient(config.databaseUrl ?? '', async (client) => {
    while (ids.length < count) {
      const page = Array.from({ length: Math.min(AT_ONCE, count - ids.length) }, () => uuidv7());
      const sealed = page.map((id) => vault.seal(credentialsPlace(id), someCredentials()));
      await client.query(INSERT, [page, sealed, JSON.stringify(SCOPES), integrationId]);
      ids.push(...page);
    }
    await client.query('vacuum analyze connections');
  });
  return ids;
}

const INSERT = `
  insert into connections (id, user_id, integration_id, auth_type, name, status, config, account, sealed_credentials,
    version, scopes, expires_at, refreshable, credentials_updated_at, refresh_due_at, health_due_at)
  select id, 'user-' || n % 1000, $4, 'oauth2', 'HubSpot', 'connected', '{}',
    '{"id":"1","name":"example.com (1)"}', sealed, 1, $3::jsonb, now() + interval '1 hour', true, now(),
    now() + interval '50 minutes', now() + interval '10 minutes'
  from unnest($1::text[], $2::text[]) with ordinality as made (id, sealed, n)`;

function someCredentials() {
  const token = () => randomBytes(120).toString('base64url');
  const [accessToken, refreshToken] = [token(), token()];
  return {
    type: 'oauth2',
    accessToken,
    tokenType: 'bearer',
    refreshToken,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    scopes: SCOPES,
    rotated: null,
    answer: { token_type: 'bearer', expires_in: 3600 },
  };
}

/** All of them due for this sweep and for no other, and the tables as fresh as before the last run. */
export async function makeDue(config: Config, due: Due): Promise<void> {
  const [now, later] =
    due === 'refresh' ? ['refresh_due_at', 'health_due_at'] : ['health_due_at', 'refresh_due_at'];
  await withClient(config.databaseUrl ?? '', async (client) => {
    await client.query(
      `update connections set ${now} = now() - random() * interval '1 minute', ${later} = now() + interval '1 day'`,
    );
    await client.query('truncate events');
    await client.query('vacuum (full, analyze) connections');
    await client.query('checkpoint');
  });
}

/** Bytes of the tables that grow with connections, their indexes included. */
export async function sizeOf(config: Config): Promise<{ connections: number; events: number }> {
  return withClient(config.databaseUrl ?? '', async (client) => {
    const { rows } = await client.query<{ connections: string; events: string }>(
      `select pg_total_relation_size('connections') as connections, pg_total_relation_size('events') as events`,
    );
    return { connections: Number(rows[0]?.connections), events: Number(rows[0]?.events) };
  });
}

export async function countDue(config: Config, due: Due): Promise<number> {
  return withClient(config.databaseUrl ?? '', async (client) => {
    const { rows } = await client.query<{ count: string }>(
      `select count(*) as count from connections where ${due}_due_at <= now()`,
    );
    return Number(rows[0]?.count);
  });
}
