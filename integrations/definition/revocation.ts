/** Asking a provider to end credentials. */
import type { Connected, OutgoingRequest } from './integration.ts';

/**
 * RFC 7009 §2.1. The refresh token is named where there is one: ending it ends the access tokens made
 * from it, while the other way round a server need not do the same.
 */
export function rfc7009(connected: Connected, url: string): OutgoingRequest {
  const { app, credentials } = connected;
  const refreshToken = credentials.type === 'oauth2' ? credentials.refreshToken : null;
  return {
    method: 'POST',
    url,
    form: {
      token: refreshToken ?? tokenOf(connected),
      token_type_hint: refreshToken ? 'refresh_token' : 'access_token',
      ...(app && { client_id: app.clientId, client_secret: app.clientSecret }),
    },
  };
}

/**
 * A provider's own call, `own.url` being its path under the API's base. An operator's `revokeUrl` takes its
 * place: as the same call where the address ends in that path (a stand-in, a newer version), else as
 * RFC 7009 asks, because then it belongs to a server of another make.
 *
 * @param carried what `authenticate` adds to a call; the hub adds it itself to a mere path
 */
export function ownRevocation(
  connected: Connected,
  own: OutgoingRequest,
  carried: { headers?: Record<string, string>; query?: Record<string, string> },
): OutgoingRequest {
  const url = connected.endpoints.revokeUrl;
  if (url === undefined) return own;
  return new URL(url).pathname.endsWith(own.url) ? { ...own, ...carried, url } : rfc7009(connected, url);
}

export function bearer(connected: Connected): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${tokenOf(connected)}` } };
}

/** What calls are made with: the access token, or the key of a connection without OAuth. */
export function tokenOf({ credentials }: Connected): string {
  return credentials.type === 'oauth2' ? credentials.accessToken : (credentials.fields.apiKey ?? '');
}
