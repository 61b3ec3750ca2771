/** Keys, pairs and the like: tried at the provider before they are kept; a refusal leaves nothing behind. */
import { uuidv7 } from 'uuidv7';
import type { StaticCredentials } from '../../integrations/definition/integration.ts';
import {
  authorizedPlace,
  endVerification,
  findAuthorization,
  insertVerification,
} from '../database/authorizations.ts';
import { insertVerifiedConnection, storeAuthorized } from '../database/connection-credentials.ts';
import { findConnection } from '../database/connections.ts';
import type { Origin } from '../database/events.ts';
import type { ConnectionDraft } from '../database/schema.ts';
import type { Hub } from '../hub.ts';
import { sealCredentials } from './credentials.ts';
import { probe, type ProbeFacts } from './probe.ts';
import { findIntegration, openSetup } from './setup.ts';

// Longer than any probe with its repeats; afterwards what was sealed is wiped.
const WAIT_MS = 5 * 60_000;

/** Seals what was typed in and keeps it aside. @returns the id that the workflow is given instead */
export async function holdTyped(
  hub: Hub,
  connectionId: string,
  draft: ConnectionDraft,
  credentials: StaticCredentials,
): Promise<string> {
  const id = uuidv7();
  const sealedCredentials = hub.vault.seal(authorizedPlace(id), credentials);
  await insertVerification(hub.db, {
    id,
    connectionId,
    draft,
    sealedCredentials,
    expiresAt: new Date(Date.now() + WAIT_MS),
  });
  return id;
}

export async function probeTyped(hub: Hub, authorizationId: string): Promise<ProbeFacts | null> {
  const held = await openTyped(hub, authorizationId);
  if (!held) return null;
  const setup = await openSetup(hub, held.integration, held.draft.config);
  return probe(hub, held.integration, { ...setup, credentials: held.credentials });
}

/** The verified credentials become a new connection's, or take the place of an old one's. */
export async function keepVerified(
  hub: Hub,
  authorizationId: string,
  facts: ProbeFacts,
  origin: Origin,
): Promise<void> {
  const held = await openTyped(hub, authorizationId);
  if (!held) return;
  const { row, draft, integration, credentials } = held;
  const sealed = sealCredentials(hub, integration, row.connectionId, credentials, null);
  const there = await findConnection(hub.db, row.connectionId);
  if (there) {
    const found = { status: 'connected' as const, reason: null, account: facts.account, check: facts.check };
    await storeAuthorized(hub.db, row.connectionId, sealed, found, row.id, origin);
  } else {
    await insertVerifiedConnection(
      hub.db,
      row.connectionId,
      draft,
      sealed,
      facts.account,
      facts.check,
      origin,
    );
  }
  await endVerification(hub.db, row.id);
}

export async function forgetTyped(hub: Hub, authorizationId: string): Promise<void> {
  await endVerification(hub.db, authorizationId);
}

async function openTyped(hub: Hub, authorizationId: string) {
  const row = await findAuthorization(hub.db, authorizationId);
  if (!row || row.draft === null || row.sealedCredentials === null) return null;
  return {
    row,
    draft: row.draft,
    integration: findIntegration(hub, row.draft.integrationId),
    credentials: hub.vault.open<StaticCredentials>(authorizedPlace(row.id), row.sealedCredentials),
  };
}
