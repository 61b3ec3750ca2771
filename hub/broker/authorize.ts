/**
 * The authorization endpoint (RFC 6749 §3.1, RFC 9700 §2.1): a request is judged, kept while its user signs in and
 * chooses, and answered once.
 */
import {
  findClientRequest,
  insertClientRequest,
  takeClientRequest,
  type ClientRequestRow,
} from '../database/clients.ts';
import type { ConnectionRow } from '../database/connections.ts';
import { findConnection } from '../database/connections.ts';
import { insertGrant } from '../database/grants.ts';
import type { Hub } from '../hub.ts';
import { clientOf, type KnownClient } from './client.ts';
import { comesTwice } from './parameters.ts';

// Sign-in, the provider's own consent and its second factor may lie in between.
const REQUEST_LASTS_MS = 30 * 60_000;
// RFC 6749 §4.1.2 advises ten minutes at most; a client redeems at once.
const CODE_LASTS_MS = 60_000;

export type Params = { readonly [name: string]: string };
/** RFC 6749 §4.1.2.1. `redirect`: only where the client and its redirect URI are known. */
export type Judged =
  | { kind: 'kept'; id: string }
  | { kind: 'redirect'; location: string }
  | { kind: 'stop'; why: 'unknown_client' | 'unknown_redirect_uri'; client: KnownClient | null };

/** @param repeated the name of a parameter that came more than once, and is none of `params` for it */
export async function keepRequest(
  hub: Hub,
  n8nUrls: readonly string[],
  params: Params,
  repeated: string | null,
): Promise<Judged> {
  const client = await clientOf(hub.db, n8nUrls, params['client_id'] ?? '');
  if (!client) return { kind: 'stop', why: 'unknown_client', client };
  const redirectUri =
    params['redirect_uri'] ?? (client.redirectUris.length === 1 ? client.redirectUris[0] : '');
  // To the letter (RFC 9700 §2.1): nothing is sent to an address that only looks like the client's.
  if (repeated === 'redirect_uri' || redirectUri === undefined || !client.redirectUris.includes(redirectUri))
    return { kind: 'stop', why: 'unknown_redirect_uri', client };
  const state = params['state'] ?? null;
  const refuse = (error: string, description: string): Judged => ({
    kind: 'redirect',
    location: answerUrl(hub, { redirectUri, state }, { error, error_description: description }),
  });

  // Taken for none, a challenge that is there twice would be PKCE that the client believes in and does not have.
  if (repeated !== null) return refuse('invalid_request', comesTwice(repeated));
  if ((params['response_mode'] ?? 'query') !== 'query')
    return refuse('invalid_request', 'response_mode must be query');
  if (params['response_type'] !== 'code')
    return refuse('unsupported_response_type', 'response_type must be code');
  const challenge = params['code_challenge'];
  if (challenge === undefined && client.secretHash === null)
    return refuse('invalid_request', 'a public client must send code_challenge (RFC 7636)');
  if (challenge !== undefined && params['code_challenge_method'] !== 'S256')
    return refuse('invalid_request', 'code_challenge_method must be S256');
  if (challenge !== undefined && !/^[\w-]{43}$/.test(challenge))
    return refuse('invalid_request', 'code_challenge must be the base64url of a SHA-256');

  const integrationId = await integrationOf(hub, client, params);
  if (integrationId === null)
    return refuse('invalid_request', 'integration must name one of GET /api/integrations');
  const id = await insertClientRequest(hub.db, {
    clientId: client.id,
    integrationId,
    redirectUri,
    state,
    codeChallenge: challenge ?? null,
    expiresAt: new Date(Date.now() + REQUEST_LASTS_MS),
  });
  return { kind: 'kept', id };
}

/** The client's own integration goes before what the request says. */
async function integrationOf(hub: Hub, client: KnownClient, params: Params): Promise<string | null> {
  const ofConnection =
    client.connectionId === null
      ? null
      : ((await findConnection(hub.db, client.connectionId))?.integrationId ?? null);
  const id = ofConnection ?? client.integrationId ?? params['integration'] ?? '';
  return hub.catalogue.sourceOf(id) ? id : null;
}

export type OpenRequest = { row: ClientRequestRow; client: KnownClient };

/** @returns null: it was answered, ran out, or its client is gone */
export async function openRequest(
  hub: Hub,
  n8nUrls: readonly string[],
  id: string,
): Promise<OpenRequest | null> {
  const row = await findClientRequest(hub.db, id);
  const client = row && (await clientOf(hub.db, n8nUrls, row.clientId));
  return row && client ? { row, client } : null;
}

/** The user allows it. @returns where to send the browser; null: it was answered before */
export async function allow(
  hub: Hub,
  { row, client }: OpenRequest,
  connection: ConnectionRow,
): Promise<string | null> {
  if (!(await takeClientRequest(hub.db, row.id))) return null;
  const code = await insertGrant(hub.db, {
    clientId: client.id,
    clientName: client.name,
    userId: connection.userId,
    connectionId: connection.id,
    codeChallenge: row.codeChallenge,
    redirectUri: row.redirectUri,
    codeLastsMs: CODE_LASTS_MS,
  });
  return answerUrl(hub, row, { code });
}

export async function deny(hub: Hub, { row }: OpenRequest): Promise<string | null> {
  if (!(await takeClientRequest(hub.db, row.id))) return null;
  return answerUrl(hub, row, { error: 'access_denied', error_description: 'the user did not allow it' });
}

/** RFC 6749 §4.1.2 with the issuer of RFC 9207. */
function answerUrl(
  { publicUrl }: Pick<Hub, 'publicUrl'>,
  { redirectUri, state }: Pick<ClientRequestRow, 'redirectUri' | 'state'>,
  params: Params,
): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  if (state !== null) url.searchParams.set('state', state);
  url.searchParams.set('iss', publicUrl);
  return url.href;
}
