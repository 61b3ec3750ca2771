/**
 * Single sign-on (OpenID Connect Core 1.0, code flow with PKCE): better-auth's generic OAuth provider, with every
 * request going out through the hub's one door. Who somebody is comes from the userinfo endpoint, asked with the
 * access token that was redeemed for this very sign-in: no ID token is read, so none needs to be verified.
 */
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import type { OidcConfig } from '../config.ts';
import type { Egress } from '../egress/egress.ts';
import { HubError } from '../errors.ts';

export const PROVIDER = 'oidc';

export type Endpoints = { authorization: string; token: string; userinfo: string; basic: boolean };

/** OpenID Connect Discovery 1.0 §4. @throws HubError SIGN_ON_UNAVAILABLE */
export async function discover(egress: Pick<Egress, 'send'>, { issuer }: OidcConfig): Promise<Endpoints> {
  const url = `${issuer}/.well-known/openid-configuration`;
  const found = await ask(egress, { method: 'GET', url });
  // §4.3: a document of another issuer is not this one's.
  if (text(found, 'issuer').replace(/(?<!\/)\/+$/, '') !== issuer)
    throw unavailable('its discovery document names another issuer than HUB_OIDC_ISSUER');
  const methods = found['token_endpoint_auth_methods_supported'];
  const authorization = text(found, 'authorization_endpoint');
  // RFC 9700 §2.6. The egress door looks at the other two; to this one the browser goes.
  if (issuer.startsWith('https:') && !authorization.startsWith('https:'))
    throw unavailable('its authorization_endpoint is not https');
  return {
    authorization,
    token: text(found, 'token_endpoint'),
    userinfo: text(found, 'userinfo_endpoint'),
    // §3: what is not said is client_secret_basic.
    basic: !Array.isArray(methods) || !methods.includes('client_secret_post'),
  };
}

export function singleSignOn(egress: Egress, config: OidcConfig, endpoints: Endpoints) {
  const { clientId, clientSecret } = config;
  return genericOAuth({
    config: [
      {
        providerId: PROVIDER,
        name: config.name,
        clientId,
        clientSecret,
        authorizationUrl: endpoints.authorization,
        tokenUrl: endpoints.token,
        scopes: ['openid', 'profile', 'email'],
        pkce: true,

        async getToken({ code, redirectURI, codeVerifier }) {
          const answer = await ask(egress, {
            method: 'POST',
            url: endpoints.token,
            ...(endpoints.basic ? { headers: { authorization: basic(clientId, clientSecret) } } : {}),
            form: {
              grant_type: 'authorization_code',
              code,
              redirect_uri: redirectURI,
              ...(codeVerifier === undefined ? {} : { code_verifier: codeVerifier }),
              ...(endpoints.basic ? {} : { client_id: clientId, client_secret: clientSecret }),
            },
          });
          return { accessToken: text(answer, 'access_token') };
        },

        async getUserInfo({ accessToken = '' }) {
          const headers = { authorization: `Bearer ${accessToken}` };
          const profile = await ask(egress, { method: 'GET', url: endpoints.userinfo, headers });
          const subject = text(profile, 'sub');
          const email = text(profile, 'email');
          const name = typeof profile['name'] === 'string' ? profile['name'] : email;
          return {
            id: subject,
            sub: subject,
            email,
            name,
            emailVerified: profile['email_verified'] === true,
          };
        },
      },
    ],
  });
}

type Outgoing = Parameters<Egress['send']>[0];

async function ask(egress: Pick<Egress, 'send'>, outgoing: Outgoing): Promise<Record<string, unknown>> {
  const outcome = await egress.send(outgoing, { hosts: [new URL(outgoing.url).origin] });
  if (outcome.kind !== 'answered') throw unavailable(`${new URL(outgoing.url).host} does not answer`);
  const { status, body } = outcome.answer;
  if (status !== 200 || typeof body !== 'object' || body === null)
    throw unavailable(`${new URL(outgoing.url).host} answered ${status}`);
  return body as Record<string, unknown>;
}

function text(answer: Record<string, unknown>, field: string): string {
  const value = answer[field];
  if (typeof value !== 'string' || value === '') throw unavailable(`its answer has no ${field}`);
  return value;
}

const unavailable = (what: string) => new HubError('SIGN_ON_UNAVAILABLE', { detail: what });

/** RFC 6749 §2.3.1: form-encoded before they are joined. */
const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
