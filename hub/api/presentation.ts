/** Rows and definitions as the API shows them. Nothing sealed gets in here. */
import type { Integration as Definition } from '../../integrations/definition/integration.ts';
import type { AppRow } from '../database/apps.ts';
import type { ConnectionRow } from '../database/connections.ts';
import { HubError } from '../errors.ts';
import { redirectUri, type Hub } from '../hub.ts';
import type { Connection } from './schemas.ts';

const time = (date: Date) => date.toISOString();
const timeOrNull = (date: Date | null) => date?.toISOString() ?? null;

export function showConnection(row: ConnectionRow): Connection {
  return {
    id: row.id,
    userId: row.userId,
    integrationId: row.integrationId,
    name: row.name,
    status: row.status,
    statusReason: row.statusReason,
    credentials:
      row.sealedCredentials === null || row.credentialsUpdatedAt === null
        ? null
        : {
            type: row.authType,
            scopes: row.scopes,
            missingScopes: row.missingScopes,
            expiresAt: timeOrNull(row.expiresAt),
            refreshable: row.refreshable,
            refreshDueAt: timeOrNull(row.refreshDueAt),
            version: row.version,
            updatedAt: time(row.credentialsUpdatedAt),
          },
    config: row.config,
    account: row.account,
    lastHealthCheck: row.lastHealthCheck,
    lastUsed: timeOrNull(row.lastUsed),
    debugUntil: row.debugUntil && row.debugUntil > new Date() ? time(row.debugUntil) : null,
    createdAt: time(row.createdAt),
    updatedAt: time(row.updatedAt),
  };
}

export function showIntegration(
  { catalogue, publicUrl }: Pick<Hub, 'catalogue' | 'publicUrl'>,
  definition: Definition,
  app: { sandbox: boolean } | null,
) {
  return {
    id: definition.id,
    name: definition.name,
    description: definition.description,
    category: definition.category,
    source: catalogue.sourceOf(definition.id) ?? ('api' as const),
    logo: `${publicUrl}/api/integrations/${definition.id}/logo.svg`,
    authType: definition.authTypes[0],
    authTypes: [...definition.authTypes],
    configSchema: { ...definition.configSchema },
    credentialSchemas: { ...definition.credentialSchemas },
    appSettingsSchema: definition.appSettingsSchema ? { ...definition.appSettingsSchema } : null,
    capabilities: [...definition.capabilities],
    scopes: [...(definition.oauth?.scopes ?? [])],
    scopeMeanings: { ...definition.oauth?.scopeMeanings },
    status: definition.status,
    configured: app !== null,
    sandbox: app?.sandbox ?? false,
    docsUrl: definition.docsUrl,
    consoleUrl: definition.consoleUrl ?? null,
    keyUrl: definition.keyUrl ?? null,
    examples: [...(definition.examples ?? [])],
  };
}

export function showApp(row: AppRow, definition: Definition, secretSettings: string[], publicUrl: string) {
  return {
    integrationId: row.integrationId,
    clientId: row.clientId,
    scopes: row.scopes ?? [...(definition.oauth?.scopes ?? [])],
    settings: row.settings,
    secretSettings,
    endpoints: row.endpoints,
    redirectUri: redirectUri({ publicUrl }),
    sandbox: row.sandbox,
    createdAt: time(row.createdAt),
    updatedAt: time(row.updatedAt),
  };
}

// ── cursors: opaque to callers ─────────────────────────────────────────────────────────────────────

export const toCursor = (position: string) => Buffer.from(position).toString('base64url');
/** @throws HubError VALIDATION_FAILED for what no list of ours gave out */
export function fromCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const position = Buffer.from(cursor, 'base64url').toString();
  if (!/^[\w-]{1,100}$/.test(position)) throw notOfThisList();
  return position;
}

/** The cursor of a list that goes by sequence numbers. @throws HubError VALIDATION_FAILED as `fromCursor` */
export function sequenceOf(cursor: string | undefined): number | null {
  const position = fromCursor(cursor);
  if (position !== null && !/^\d{1,15}$/.test(position)) throw notOfThisList();
  return position === null ? null : Number(position);
}

const notOfThisList = () =>
  new HubError('VALIDATION_FAILED', {
    errors: [{ path: '/querystring/cursor', message: 'is not a cursor of this list' }],
  });

/** One row more than asked for was read: it says whether there is a next page. */
export function pageOf<Row, Shown>(
  rows: Row[],
  limit: number,
  position: (row: Row) => string,
  show: (row: Row) => Shown,
) {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  return {
    data: data.map(show),
    nextCursor: rows.length > limit && last !== undefined ? toCursor(position(last)) : null,
  };
}
