/** How a connection gets its credentials, for a new connection and for an old one alike. */
import { uuidv7 } from 'uuidv7';
import type { AuthType, Integration, StaticCredentials } from '../../integrations/definition/integration.ts';
import type { Config } from '../config.ts';
import { findApp } from '../database/apps.ts';
import {
  findConnection,
  insertAwaitingConnection,
  markAwaiting,
  removeUnstartedConnection,
  type ConnectionRow,
} from '../database/connections.ts';
import type { ConnectionDraft } from '../database/schema.ts';
import { HubError, type FieldError } from '../errors.ts';
import { beginAuthorization } from '../oauth/authorization.ts';
import { holdTyped } from '../oauth/verification.ts';
import type { ApiContext } from './context.ts';

/** @throws HubError AUTH_TYPE_NOT_SUPPORTED | CREDENTIALS_INVALID */
export function chooseAuthType(
  integration: Integration,
  asked: AuthType | undefined,
  withCredentials: boolean,
): AuthType {
  const authType =
    asked ??
    (withCredentials ? integration.authTypes.find((type) => type !== 'oauth2') : integration.authTypes[0]);
  if (authType === undefined || !integration.authTypes.includes(authType))
    throw new HubError('AUTH_TYPE_NOT_SUPPORTED', {
      detail: `${integration.id} takes ${integration.authTypes.join(', ')}`,
    });
  if (authType === 'oauth2' && withCredentials)
    throw new HubError('CREDENTIALS_INVALID', {
      detail: 'oauth2 connections are made by consent: leave credentials out and open authorization.url',
    });
  return authType;
}

/** @throws HubError CONFIG_INVALID */
export function checkConfig({ hub }: ApiContext, integration: Integration, config: Record<string, unknown>) {
  const checked = hub.catalogue.validateConfig(integration, config);
  if (!checked.ok) throw new HubError('CONFIG_INVALID', { errors: under('/config', checked.errors) });
  return checked.config;
}

export type Begun = { row: ConnectionRow; authorization: { url: string; expiresAt: string } };

/** A new connection, and the link at which its user allows it. @throws HubError APP_NOT_CONFIGURED | TEMPORAL_UNAVAILABLE */
export async function connectByConsent(
  context: ApiContext,
  integration: Integration,
  draft: ConnectionDraft,
  returnUrl: string | null,
  scopes: string[] | null = null,
): Promise<Begun> {
  await requireApp(context, integration);
  const row = await insertAwaitingConnection(context.hub.db, draft);
  try {
    return { row, authorization: await startAuthorization(context, row, returnUrl, scopes) };
  } catch (error) {
    await removeUnstartedConnection(context.hub.db, row.id).catch(() => {});
    throw error;
  }
}

/** The same connection, allowed again. @throws HubError APP_NOT_CONFIGURED | TEMPORAL_UNAVAILABLE */
export async function reconnectByConsent(
  context: ApiContext,
  integration: Integration,
  row: ConnectionRow,
  returnUrl: string | null,
  scopes: string[] | null = null,
): Promise<Begun> {
  await requireApp(context, integration);
  const authorization = await startAuthorization(context, row, returnUrl, scopes);
  return { row: (await markAwaiting(context.hub.db, row.id)) ?? row, authorization };
}

async function requireApp({ hub }: ApiContext, { id }: Integration): Promise<void> {
  if (!(await findApp(hub.db, id))) throw new HubError('APP_NOT_CONFIGURED', { detail: id });
}

/** Begins a walk through consent. @returns the link to open in the user's browser */
async function startAuthorization(
  { hub, lifecycle }: ApiContext,
  row: ConnectionRow,
  returnUrl: string | null,
  scopes: string[] | null,
) {
  const { id, url, expiresAt, superseded } = await beginAuthorization(hub, row, returnUrl, scopes);
  await lifecycle.authorize(row, id, superseded);
  return { url, expiresAt: expiresAt.toISOString() };
}

/** A new connection of credentials that were typed in, once the provider takes them. @throws HubError as `verifyTyped` */
export async function createTyped(
  context: ApiContext,
  integration: Integration,
  draft: ConnectionDraft,
  type: StaticCredentials['type'],
  credentials: Record<string, unknown> | undefined,
): Promise<ConnectionRow> {
  const id = uuidv7();
  await verifyTyped(context, integration, { ...draft, authType: type }, id, credentials);
  const row = await findConnection(context.hub.db, id);
  if (!row) throw new HubError('CONFLICT');
  return row;
}

/**
 * Tries typed-in credentials at the provider; they are kept only when it takes them.
 * @throws HubError CREDENTIALS_INVALID | CREDENTIALS_REJECTED | CONFLICT | PROVIDER_UNAVAILABLE | PROVIDER_RATE_LIMITED
 */
export async function verifyTyped(
  { hub, lifecycle }: ApiContext,
  integration: Integration,
  draft: ConnectionDraft,
  connectionId: string,
  credentials: Record<string, unknown> | undefined,
): Promise<void> {
  const { authType } = draft;
  if (authType === 'oauth2') throw new HubError('AUTH_TYPE_NOT_SUPPORTED');
  const checked = hub.catalogue.validateCredentials(integration, authType, credentials ?? {});
  if (!checked.ok)
    throw new HubError('CREDENTIALS_INVALID', {
      errors: checked.errors.map((error) => ({ ...error, path: `/credentials${error.path}` })),
    });
  const fields = checked.fields;
  const verificationId = await holdTyped(hub, connectionId, draft, { type: authType, fields });
  const { outcome, message, retryAfterMs } = await lifecycle.verify(
    { id: connectionId, integrationId: draft.integrationId, userId: draft.userId },
    verificationId,
  );
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  switch (outcome) {
    case 'ok':
      return;
    // Nobody said no to them: they were wiped before they could be tried.
    case 'gone':
      throw new HubError('CONFLICT', { detail: message });
    case 'provider_unavailable':
      throw new HubError('PROVIDER_UNAVAILABLE', { detail: message, ...wait });
    case 'rate_limited':
      throw new HubError('PROVIDER_RATE_LIMITED', { detail: message, ...wait });
    case 'credential_revoked':
      throw new HubError('CREDENTIALS_REJECTED', {
        detail: `${integration.name} does not know them; copy them again`,
      });
    default:
      throw new HubError('CREDENTIALS_REJECTED', { detail: message });
  }
}

/**
 * Where a browser may be sent after consent: the hub itself, the operator's list, and, where private
 * networks are allowed (somebody's own machine), loopback addresses.
 * @throws HubError RETURN_URL_NOT_ALLOWED
 */
export function checkReturnUrl(
  config: Pick<Config, 'publicUrl' | 'returnOrigins' | 'allowPrivateNetwork'>,
  returnUrl: string | undefined,
): string | null {
  if (returnUrl === undefined) return null;
  const url = URL.canParse(returnUrl, config.publicUrl) ? new URL(returnUrl, config.publicUrl) : null;
  const allowed = url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  const own = allowed && [new URL(config.publicUrl).origin, ...config.returnOrigins].includes(url.origin);
  const local =
    allowed && config.allowPrivateNetwork && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (!own && !local) throw new HubError('RETURN_URL_NOT_ALLOWED', url ? { detail: url.origin } : {});
  return url.href;
}

const under = (path: string, errors: FieldError[]) =>
  errors.map((error) => ({ ...error, path: path + error.path }));
