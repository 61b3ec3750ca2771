/** Opens what an integration's functions need to know: the app, its settings, the connection's configuration. */
import type {
  Connected,
  Credentials,
  Integration,
  OAuth,
  Setup,
} from '../../integrations/definition/integration.ts';
import { appSecretsPlace, findApp, type AppRow } from '../database/apps.ts';
import { credentialsPlace } from '../database/connection-credentials.ts';
import type { ConnectionRow, ConnectionWithApp } from '../database/connections.ts';
import { HubError } from '../errors.ts';
import type { Hub } from '../hub.ts';
import type { Vault } from '../vault/vault.ts';

export type AppSecrets = { clientSecret: string; settings: Record<string, unknown> };
export type OAuthIntegration = Integration & { oauth: OAuth };
type Parts = Pick<Hub, 'db' | 'vault' | 'catalogue'>;

/** @throws HubError INTEGRATION_NOT_FOUND | INTEGRATIONS_NOT_READ */
export function findIntegration({ catalogue }: Pick<Hub, 'catalogue'>, id: string): Integration {
  const integration = catalogue.get(id);
  if (!integration && !catalogue.ownAreRead()) throw new HubError('INTEGRATIONS_NOT_READ');
  if (!integration) throw new HubError('INTEGRATION_NOT_FOUND', { detail: id.slice(0, 64) });
  return integration;
}

/** One that may be connected anew. @throws HubError INTEGRATION_NOT_FOUND | INTEGRATIONS_NOT_READ */
export function offeredIntegration(hub: Pick<Hub, 'catalogue'>, id: string): Integration {
  const integration = findIntegration(hub, id);
  if (!hub.catalogue.sourceOf(id)) throw new HubError('INTEGRATION_NOT_FOUND', { detail: id.slice(0, 64) });
  return integration;
}

/** What is known before there are credentials; `app` is null where none is set up. */
export async function openSetup(
  hub: Parts,
  integration: Integration,
  config: Record<string, unknown>,
): Promise<OpenedSetup> {
  return setupFrom(hub, integration, config, await findApp(hub.db, integration.id));
}

export type OpenedSetup = Setup & { row: AppRow | null };

export function setupFrom(
  hub: Pick<Hub, 'vault' | 'catalogue'>,
  integration: Integration,
  config: Record<string, unknown>,
  row: AppRow | null,
): OpenedSetup {
  const secrets = row ? openAppSecrets(hub.vault, row) : null;
  return {
    row,
    // A version that brings a new property with a default finds older rows without it.
    config: withDefaults(hub, integration, config),
    settings: { ...row?.settings, ...secrets?.settings },
    endpoints: row?.endpoints ?? {},
    app: row && secrets ? { clientId: row.clientId, clientSecret: secrets.clientSecret } : null,
  };
}

/** Opened once per envelope: few apps, and the token path is to cost one decryption. */
const opened = new WeakMap<Vault, Map<string, { envelope: string; secrets: AppSecrets }>>();

function openAppSecrets(vault: Vault, { integrationId, sealedSecrets }: AppRow): AppSecrets {
  const ofVault = opened.get(vault) ?? new Map<string, { envelope: string; secrets: AppSecrets }>();
  opened.set(vault, ofVault);
  const known = ofVault.get(integrationId);
  if (known?.envelope === sealedSecrets) return known.secrets;
  const secrets = vault.open<AppSecrets>(appSecretsPlace(integrationId), sealedSecrets);
  ofVault.set(integrationId, { envelope: sealedSecrets, secrets });
  return secrets;
}

export async function openConnected(
  hub: Parts,
  integration: Integration,
  row: ConnectionRow,
): Promise<OpenedSetup & { credentials: Credentials }> {
  return openWith(hub, integration, { ...row, app: await findApp(hub.db, integration.id) });
}

function openWith(hub: Parts, integration: Integration, row: ConnectionWithApp) {
  const credentials = openCredentials(hub, row);
  return { ...setupFrom(hub, integration, row.config, row.app), credentials };
}

/** A connection as it was read, and all that its integration's functions need to know of it. */
export type Opened = {
  row: ConnectionWithApp;
  integration: Integration;
  connected: OpenedSetup & { credentials: Credentials };
};

/** @throws HubError INTEGRATION_NOT_FOUND | INTEGRATIONS_NOT_READ | CONNECTION_DISCONNECTED */
export function openRow(hub: Parts, row: ConnectionWithApp): Opened {
  const integration = findIntegration(hub, row.integrationId);
  return { row, integration, connected: openWith(hub, integration, row) };
}

type OpenedRow = { integration: Integration; app: AppRow | null; vault: Vault; connected: Connected };
const ofRow = new WeakMap<ConnectionRow, OpenedRow>();

/**
 * The same with the app's row at hand, opened once for as long as whoever read the row keeps it: a remembered
 * connection's calls cost no decryption. Not to be changed.
 */
export function openOnce(
  hub: Pick<Hub, 'vault' | 'catalogue'>,
  integration: Integration,
  row: ConnectionRow,
  app: AppRow | null,
): Connected {
  const { vault } = hub;
  const there = ofRow.get(row);
  if (there?.integration === integration && there.app === app && there.vault === vault)
    return there.connected;
  const connected = {
    ...setupFrom(hub, integration, row.config, app),
    credentials: openCredentials(hub, row),
  };
  ofRow.set(row, { integration, app, vault, connected });
  return connected;
}

/** @throws HubError CONNECTION_DISCONNECTED where there are none */
export function openCredentials({ vault }: Pick<Hub, 'vault'>, row: ConnectionRow): Credentials {
  if (row.sealedCredentials === null) throw new HubError('CONNECTION_DISCONNECTED');
  return vault.open<Credentials>(credentialsPlace(row.id), row.sealedCredentials);
}

export function requireOAuth(integration: Integration): OAuthIntegration {
  if (!integration.oauth)
    throw new HubError('AUTH_TYPE_NOT_SUPPORTED', { detail: `${integration.id} has no OAuth` });
  return integration as OAuthIntegration;
}

function withDefaults(
  hub: Pick<Hub, 'catalogue'>,
  integration: Integration,
  config: Record<string, unknown>,
) {
  const checked = hub.catalogue.validateConfig(integration, config);
  return checked.ok ? checked.config : config;
}

// ── addresses ──────────────────────────────────────────────────────────────────────────────────────

export const authorizeUrlOf = (integration: OAuthIntegration, setup: Setup) =>
  setup.endpoints.authorizeUrl ?? integration.oauth.authorizeUrl(setup);

export const tokenUrlOf = (integration: OAuthIntegration, setup: Setup) =>
  setup.endpoints.tokenUrl ?? integration.oauth.tokenUrl(setup);

// An address may come from a provider. Without the look behind, a million slashes in the middle of it would each be
// read to the last.
export const apiBaseUrlOf = (integration: Integration, connected: Connected) =>
  (connected.endpoints.apiBaseUrl ?? integration.apiBaseUrl(connected)).replace(/(?<!\/)\/+$/, '');

/** Further bases of the same API, by name. What an admin put in place of the API serves all of them. */
export const otherApiBaseUrlsOf = (integration: Integration, connected: Connected): Record<string, string> =>
  Object.fromEntries(
    Object.entries(integration.otherApiBaseUrls ?? {}).map(([name, base]) => [
      name,
      (connected.endpoints.apiBaseUrl ?? base(connected)).replace(/(?<!\/)\/+$/, ''),
    ]),
  );

/**
 * Where this integration's credentials may go: its own hosts, and the origins an admin put in their place.
 * The token endpoint's host is among them only where it was overridden or the integration names it.
 */
export function hostsOf(integration: Integration, setup: Setup): string[] {
  const overridden = [
    setup.endpoints.tokenUrl,
    setup.endpoints.revokeUrl,
    setup.endpoints.apiBaseUrl,
    setup.endpoints.probeUrl,
  ];
  return [
    ...integration.hosts,
    ...overridden.filter((url) => url !== undefined).map((url) => new URL(url).origin),
  ];
}
