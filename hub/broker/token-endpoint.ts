/**
 * The token endpoint (RFC 6749 §3.2) by @node-oauth/oauth2-server: it reads and judges requests, checks PKCE
 * (RFC 7636 §4.6) and words the errors; who may have what is decided here.
 */
import OAuth2Server, {
  InvalidGrantError,
  OAuthError,
  Request,
  Response,
  type AuthorizationCode,
  type AuthorizationCodeModel,
  type Client,
  type ClientCredentialsModel,
  type RefreshToken,
  type RefreshTokenModel,
  type Token,
} from '@node-oauth/oauth2-server';
import type { Lifecycle } from '../api/lifecycle.ts';
import { isItsSecret } from '../database/clients.ts';
import { findGrantByCode, giveHandle, spendCode, takeHandle, type GrantRow } from '../database/grants.ts';
import { HubError } from '../errors.ts';
import type { Hub } from '../hub.ts';
import type { UsageRecorder } from '../usage/recorder.ts';
import { clientOf, type KnownClient } from './client.ts';
import { tokenFields, connectionFor } from './token-answer.ts';

type Parts = { hub: Hub; lifecycle: Lifecycle; usage: UsageRecorder; n8nUrls: readonly string[] };
type Asked = { method: string; headers: Record<string, string>; body: Record<string, unknown> };
export type TokenReply = { status: number; headers: Record<string, string>; body: unknown };

/** What the library passes from step to step as the user. */
type Holder = {
  connectionId: string;
  grant: GrantRow | null;
  generation: number;
  seenVersion: number | null;
};

export async function answerTokenRequest(parts: Parts, asked: Asked): Promise<TokenReply> {
  const request = new Request({ ...asked, query: {} });
  const response = new Response({});
  // Codes are given by consent (`authorize.ts`), so that part of its model has nothing to do here.
  const server = new OAuth2Server({ model: modelOf(parts) });
  try {
    await server.token(request, response, {
      // A public client has no secret; whether this one is public is for `getClient` to judge.
      requireClientAuthentication: { authorization_code: false, refresh_token: false },
      // Handles rotate when their successor is safe: see `saveToken`.
      alwaysIssueNewRefreshToken: false,
      allowExtendedTokenAttributes: true,
    });
    return { status: 200, headers: NO_STORE, body: response.body as unknown };
  } catch (error) {
    return refusal(parts, error, asked);
  }
}

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

function modelOf({
  hub,
  lifecycle,
  usage,
  n8nUrls,
}: Parts): Omit<AuthorizationCodeModel, 'saveAuthorizationCode'> &
  RefreshTokenModel &
  ClientCredentialsModel {
  return {
    async getClient(id, secret) {
      const client = await clientOf(hub.db, n8nUrls, id);
      // n8n sends an empty field where there is nothing.
      return client && isItsSecret(client, secret || null) ? asClient(client) : false;
    },

    async getAuthorizationCode(code): Promise<AuthorizationCode | false> {
      const grant = await findGrantByCode(hub.db, code);
      if (!grant?.codeExpiresAt) return false;
      return {
        authorizationCode: code,
        expiresAt: grant.codeExpiresAt,
        redirectUri: grant.codeRedirectUri ?? '',
        ...(grant.codeChallenge === null
          ? {}
          : { codeChallenge: grant.codeChallenge, codeChallengeMethod: 'S256' }),
        client: { id: grant.clientId, grants: [] },
        user: { connectionId: grant.connectionId, grant, generation: 0, seenVersion: null } satisfies Holder,
      };
    },
    revokeAuthorizationCode: ({ user }) => {
      const { grant } = user as Holder;
      return grant ? spendCode(hub.db, grant.id) : Promise.resolve(false);
    },

    async getRefreshToken(refreshToken): Promise<RefreshToken | false> {
      const taken = await takeHandle(hub.db, refreshToken);
      if (!taken) return false;
      const { grant, handle } = taken;
      return {
        refreshToken,
        client: { id: grant.clientId, grants: [] },
        user: {
          connectionId: grant.connectionId,
          grant,
          generation: handle.generation,
          seenVersion: handle.version,
        } satisfies Holder,
      };
    },
    revokeToken: () => Promise.resolve(true),

    getUserFromClient: (client) =>
      Promise.resolve({
        connectionId: String(client['connectionId']),
        grant: null,
        generation: 0,
        seenVersion: null,
      } satisfies Holder),

    async saveToken(_token, client, user): Promise<Token> {
      const { connectionId, grant, generation, seenVersion } = user as Holder;
      const row = await connectionFor(hub, lifecycle, connectionId, seenVersion);
      const {
        access_token: accessToken,
        expires_in: _left,
        scope: _scope,
        ...fields
      } = await tokenFields(hub, row);
      usage.noteToken(row);
      const refreshToken = grant && (await giveHandle(hub.db, grant.id, generation + 1, row.version));
      return {
        ...fields,
        accessToken,
        scope: row.scopes,
        ...(row.expiresAt === null ? {} : { accessTokenExpiresAt: row.expiresAt }),
        ...(refreshToken === null ? {} : { refreshToken }),
        client,
        user,
      };
    },
    getAccessToken: () => Promise.resolve(false),
  };
}

function asClient(client: KnownClient): Client {
  const byCode = client.redirectUris.length > 0 ? ['authorization_code', 'refresh_token'] : [];
  const byItself = client.secretHash !== null && client.connectionId !== null ? ['client_credentials'] : [];
  return { id: client.id, grants: [...byCode, ...byItself], connectionId: client.connectionId };
}

const NEEDS_A_PERSON = [
  'CONNECTION_NOT_FOUND',
  'CONNECTION_DISCONNECTED',
  'REAUTHORIZATION_REQUIRED',
  'REFRESH_OUTCOME_UNKNOWN',
];

/** RFC 6749 §5.2. What passes is a 503, so that a client keeps what it has and asks again. */
function refusal({ hub }: Parts, error: unknown, { body }: Asked): TokenReply {
  // The library wraps what it does not know; the original is what it was made from.
  const { inner } = error as { inner?: unknown };
  const cause = inner instanceof Error ? inner : error;
  if (cause instanceof HubError && NEEDS_A_PERSON.includes(cause.code)) {
    const description = `The connection has to be reconnected: ${cause.detail ?? cause.message}`;
    return oauthRefusal(new InvalidGrantError(description));
  }
  if (cause instanceof HubError)
    return {
      status: 503,
      headers: {
        ...NO_STORE,
        'retry-after': String(Math.max(1, Math.ceil((cause.retryAfterMs ?? 5_000) / 1000))),
      },
      body: { error: 'temporarily_unavailable', error_description: cause.message },
    };
  if (error instanceof OAuthError && error.code < 500) return oauthRefusal(error);
  hub.log.error(
    { err: cause, grantType: String(body['grant_type']).slice(0, 40) },
    'the token endpoint failed',
  );
  return {
    status: 500,
    headers: NO_STORE,
    body: { error: 'server_error', error_description: 'The hub failed; its log says why.' },
  };
}

function oauthRefusal({ name, message, code }: OAuthError): TokenReply {
  const isClient = name === 'invalid_client';
  return {
    status: isClient ? 401 : code,
    headers: { ...NO_STORE, ...(isClient ? { 'www-authenticate': 'Basic realm="Integration Hub"' } : {}) },
    body: { error: name, error_description: message },
  };
}
