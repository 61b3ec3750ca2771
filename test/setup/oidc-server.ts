/**
 * A standards-strict OAuth server that nobody here wrote: oidc-provider with PKCE required, refresh tokens
 * rotated at every use, and reuse of a spent one ending the whole grant. Consent is given at once.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
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
  /** Every code, verifier and token that went over its token endpoint. */
  secrets: Set<string>;
  /** What becomes of the next answers of the token endpoint. */
  answers: Answers;
  close: () => Promise<void>;
};

/**
 * - `hold` does the work and keeps the answer; `keep` keeps the request, undone. `held` counts both.
 * - `cut` does the work and then breaks the connection.
 */
export type Answers = { mode: 'normal' | 'hold' | 'keep' | 'cut'; held: number; release: () => void };

type Options = {
  redirectUri: string;
  accessTokenSeconds?: number;
  rotate?: boolean;
  /** What it says of Ada beside her `sub`, where it is asked for her e-mail address and name. */
  person?: () => { email: string; email_verified: boolean; name: string };
};

export async function startOidcServer(options: Options): Promise<OidcServer> {
  const clientId = 'hub';
  const clientSecret = `oidc-secret-${crypto.randomUUID()}`;
  const counts = { refreshes: 0, reuses: 0, revocations: 0 };
  const answers: Answers = { mode: 'normal', held: 0, release: () => {} };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(url, configuration(clientId, clientSecret, options));

  const secrets = new Set<string>([clientSecret]);
  provider.on('grant.success', ({ oidc, body }) => {
    const given = [...Object.values(oidc.params ?? {}), ...Object.values(body ?? {})];
    // Longer than any word of the protocol.
    for (const value of given)
      if (typeof value === 'string' && value.length > 30 && !value.startsWith('http')) secrets.add(value);
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
    if (!request.url?.startsWith('/token')) return void provider.callback()(request, response);
    return void answerToken(answers, request, response, provider.callback());
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
    secrets,
    answers,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function answerToken(
  answers: Answers,
  request: IncomingMessage,
  response: ServerResponse,
  handler: Handler,
): Promise<void> {
  const released = () =>
    new Promise<void>((resolve) => {
      const before = answers.release;
      answers.held++;
      answers.release = () => {
        before();
        resolve();
      };
    });
  const { mode } = answers;
  if (mode === 'keep') await released();
  if (mode === 'hold' || mode === 'cut') {
    const end = response.end.bind(response);
    const late = (...args: Parameters<typeof end>) => {
      if (mode === 'cut') response.destroy();
      else void released().then(() => end(...args));
      return response;
    };
    response.end = late as typeof response.end;
  }
  await handler(request, response);
}

function configuration(clientId: string, clientSecret: string, options: Options): Configuration {
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
    rotateRefreshToken: options.rotate ?? true,
    issueRefreshToken: () => Promise.resolve(true),
    scopes: ['openid', 'offline_access', 'email', 'profile'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
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
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => Promise.resolve({ sub, ...options.person?.() }),
    }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope(options.person ? 'openid offline_access email profile' : 'openid offline_access');
      await grant.save();
      return grant;
    },
    interactions: { url: (_context, interaction) => `/login/${interaction.uid}` },
  };
}
