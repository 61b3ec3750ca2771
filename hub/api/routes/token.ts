/**
 * The token path: one read (key, connection and app in one statement), one decryption, no write, no Temporal.
 * Only a token that does not last as long as asked for waits for a refresh.
 */
import ms from 'ms';
import { Type } from 'typebox';
import type { Connected } from '../../../integrations/definition/integration.ts';
import { findForToken } from '../../database/api-keys.ts';
import { touchConnections, findConnection, type ConnectionRow } from '../../database/connections.ts';
import { findApp, type AppRow } from '../../database/apps.ts';
import type { Database } from '../../database/database.ts';
import { HubError } from '../../errors.ts';
import type { Hub } from '../../hub.ts';
import { callCredentials } from '../../oauth/probe.ts';
import { assertRefreshed } from '../../oauth/refresh-result.ts';
import { apiBaseUrlOf, findIntegration, openCredentials, setupFrom } from '../../oauth/setup.ts';
import { admit, bearerOf, visible } from '../auth.ts';
import type { Lifecycle } from '../lifecycle.ts';
import { Id, Token } from '../schemas.ts';
import type { Routes } from '../context.ts';

const Wish = Type.Object({
  minTtl: Type.String({
    pattern: '^\\d{1,6}(ms|s|m|h)$',
    default: '60s',
    description: 'How long the token must last at least',
  }),
});

export const addTokenRoute: Routes = (app, { hub, lifecycle }) => {
  app.get(
    '/api/connections/:id/token',
    { schema: { tags: ['connections'], params: Id, querystring: Wish, response: { 200: Token } } },
    async (request, reply) => {
      const { params, query } = request;
      const found = await findForToken(hub.db, bearerOf(request), params.id);
      const caller = admit(found?.key ?? null, 'tokens:read');
      const row = visible(caller, found?.connection ?? null);
      const minTtlMs = ms(query.minTtl as ms.StringValue);
      const usable = lasts(row, minTtlMs) ? row : await refreshed(hub, lifecycle, row, minTtlMs);
      const appRow = usable === row ? (found?.app ?? null) : await findApp(hub.db, row.integrationId);
      used.set(row.id, new Date());
      return reply.header('cache-control', 'no-store').send(tokenOf(hub, usable, appRow));
    },
  );
};

/** @throws HubError where there is no token, or none that the provider takes */
function lasts(row: ConnectionRow, minTtlMs: number): boolean {
  if (row.sealedCredentials === null)
    throw new HubError(
      'CONNECTION_DISCONNECTED',
      row.statusReason ? { detail: row.statusReason.message } : {},
    );
  if (row.statusReason?.code === 'CREDENTIAL_REVOKED')
    throw new HubError('REAUTHORIZATION_REQUIRED', { detail: row.statusReason.message });
  return row.expiresAt === null || row.expiresAt.getTime() - Date.now() >= minTtlMs;
}

/** A refresh that fails for a passing reason leaves the stored token as it is: good for as long as it lasts. */
async function refreshed(
  hub: Hub,
  lifecycle: Lifecycle,
  row: ConnectionRow,
  minTtlMs: number,
): Promise<ConnectionRow> {
  try {
    const result = await lifecycle.refresh(row, { seenVersion: row.version, force: false, minTtlMs });
    if (result.outcome !== 'not_refreshable' || !lasts(row, 0)) assertRefreshed(result);
    return (await findConnection(hub.db, row.id)) ?? row;
  } catch (error) {
    const final = error instanceof HubError && error.code === 'REAUTHORIZATION_REQUIRED';
    if (final || !lasts(row, 0)) throw error;
    return row;
  }
}

function tokenOf(hub: Hub, row: ConnectionRow, app: AppRow | null) {
  const integration = findIntegration(hub, row.integrationId);
  const credentials = openCredentials(hub, row);
  const connected: Connected = { ...setupFrom(hub, integration, row.config, app), credentials };
  const { headers, query } = callCredentials(integration, connected);
  const [scheme, sent] = (headers['authorization'] ?? headers['Authorization'] ?? '').split(' ');
  return {
    accessToken:
      credentials.type === 'oauth2' ? credentials.accessToken : (credentials.fields['apiKey'] ?? sent ?? ''),
    tokenType: scheme || (credentials.type === 'oauth2' ? credentials.tokenType : credentials.type),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    apiBaseUrl: apiBaseUrlOf(integration, connected),
    headers,
    query,
  };
}

const used = new Map<string, Date>();

/** Writes `lastUsed` every few seconds. @returns the last writing */
export function recordTokenUse(db: Database, everyMs: number): () => Promise<void> {
  const write = async () => {
    const batch = new Map(used);
    used.clear();
    await touchConnections(db, batch).catch(() => {});
  };
  const timer = setInterval(() => void write(), everyMs).unref();
  return async () => {
    clearInterval(timer);
    await write();
  };
}
