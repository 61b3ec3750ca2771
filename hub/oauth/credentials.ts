/** Seals credentials for their row and says what may be known of them. */
import type { Credentials, Integration } from '../../integrations/definition/integration.ts';
import type { AppRow } from '../database/apps.ts';
import { credentialsPlace, type SealedCredentials } from '../database/connection-credentials.ts';
import type { Hub } from '../hub.ts';
import type { Vault } from '../vault/vault.ts';

export function sealCredentials(
  hub: Pick<Hub, 'vault' | 'durations'>,
  integration: Integration,
  connectionId: string,
  credentials: Credentials,
  app: AppRow | null,
): SealedCredentials {
  const envelope = hub.vault.seal(credentialsPlace(connectionId), credentials);
  const healthDueAt = provedHealthyUntil(hub.durations.healthInterval);
  if (credentials.type !== 'oauth2')
    return {
      envelope,
      scopes: [],
      missingScopes: [],
      expiresAt: null,
      refreshable: false,
      refreshDueAt: null,
      healthDueAt,
    };
  const asked = app?.scopes ?? [...(integration.oauth?.scopes ?? [])];
  const granted = credentials.scopes ?? asked;
  const expiresAt = credentials.expiresAt === null ? null : new Date(credentials.expiresAt);
  const refreshable = isRefreshable(integration, credentials);
  return {
    envelope,
    scopes: granted,
    missingScopes: missingScopes(integration, asked, granted),
    expiresAt,
    refreshable,
    refreshDueAt:
      refreshable && expiresAt ? dueAt(expiresAt, marginOf(integration, hub.durations.refreshMargin)) : null,
    healthDueAt,
  };
}

export function isRefreshable(integration: Integration, credentials: Credentials): boolean {
  if (credentials.type !== 'oauth2' || !integration.oauth) return false;
  return integration.oauth.refresh.by === 'access_token' || credentials.refreshToken !== null;
}

function missingScopes(
  integration: Integration,
  asked: readonly string[],
  granted: readonly string[],
): string[] {
  const comparable = integration.oauth?.comparableScope ?? ((scope: string) => scope);
  const there = new Set([...granted, ...(integration.oauth?.unechoedScopes ?? [])].map(comparable));
  return asked.filter((scope) => !there.has(comparable(scope)));
}

/** What is renewed by itself while it is valid must not wait for its last minutes: nothing renews it afterwards. */
const marginOf = (integration: Integration, marginMs: number) =>
  integration.oauth?.refresh.by === 'access_token' ? Infinity : marginMs;

/**
 * Ahead of the expiry by the margin, or by a fifth of a life shorter than five margins; and up to as much again
 * earlier still, so that a million tokens issued together do not come due together.
 * One hour, margin 10 min: due 40–50 min after issue. 30 s, margin 10 min: 6–12 s ahead.
 */
function dueAt(expiresAt: Date, marginMs: number): Date {
  const life = Math.max(expiresAt.getTime() - Date.now(), 0);
  const ahead = Math.min(marginMs, life / 5);
  return new Date(expiresAt.getTime() - ahead - Math.random() * ahead);
}

/** Credentials that were answered just now need no look before that; spread, for the same reason. */
const provedHealthyUntil = (intervalMs: number) =>
  new Date(Date.now() + intervalMs * (0.5 + Math.random() / 2));

/** Moves an envelope from one row to another. */
export function reseal(vault: Vault, from: string, to: string, envelope: string) {
  return vault.seal(to, vault.open<Credentials>(from, envelope));
}
