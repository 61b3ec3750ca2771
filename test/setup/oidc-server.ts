/**
 * A standards-strict OAuth server that nobody here wrote: oidc-provider with PKCE required, refresh tokens
 * rotated at every use, and reuse of a spent one ending the whole grant. Consent is given at once.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration } from 'oidc-provider';

export type OidcServer = {
  url: string;
  clientId: string;
  clientSecret: string;
  endpoints: {
    authorizeUrl: string;
    tokenUrl: string;
    revokeUrl: string;
    apiBaseUrl: string;
    probeUrl: string;
  };
  counts: { refreshes: number; reuses: number; revocations: number };
  close: () => Promise<void>;
};

export async function startOidcServer(options: {
  redirectUri: string;
  accessTokenSeconds?: number;
}): Promise<OidcServer> {
  const clientId = 'hub';
  const clientSecret = `oidc-secret-${crypto.randomUUID()}`;
  const counts = { refreshes: 0, reuses: 0, revocations: 0 };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, configuration(clientId, clientSecret, options));

  provider.on('grant.success', ({ oidc }) => {
    if (oidc.params?.['grant_type'] === 'refresh_token') counts.refreshes++;
  });
  provider.on('grant.error', ({ oidc }, error) => {
    if (oidc.params?.['grant_type'] === 'refresh_token' && /already used/.test(String(error.error_detail)))
      counts.reuses++;
  });
  server.on('request', (request, response) => {
    // Whoever asks is signed in as Ada: the consent page is not what is tested here.
    if (request.url?.startsWith('/login/'))
      return void provider.interactionFinished(request, response, {
        login: { accountId: 'ada' },
        consent: {},
      });
    if (request.url?.startsWith('/token/revocation')) counts.revocations++;
    return void provider.callback()(request, response);
  });

  return {
    url,
    clientId,
    clientSecret,
    endpoints: {
      authorizeUrl: `${url}/auth`,
      tokenUrl: `${url}/token`,
      revokeUrl: `${url}/token/revocation`,
      apiBaseUrl: url,
      probeUrl: `${url}/me`,
    },
    counts,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function configuration(
  clientId: string,
  clientSecret: string,
  options: { redirectUri: string; accessTokenSeconds?: number },
): Configuration {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [options.redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => Promise.resolve(true),
    scopes: ['openid', 'offline_access'],
    ttl: {
      AccessToken: options.accessTokenSeconds ?? 3600,
      RefreshToken: 86_400,
      Session: 3600,
      Grant: 86_400,
      Interaction: 600,
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      introspection: { enabled: true },
    },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => Promise.resolve({ sub }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid offline_access');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, interaction) => `/login/${interaction.uid}` },
  };
}
