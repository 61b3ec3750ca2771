/**
 * Whether a provider knows an OAuth app. There is no question for that in OAuth, so a code is redeemed that no
 * provider ever gave: who is refused for the code has been known by id and secret before (RFC 6749 §5.2:
 * `invalid_grant` against `invalid_client`).
 */
import { randomBytes } from 'node:crypto';
import { HubError } from '../errors.ts';
import { redirectUri, type Hub } from '../hub.ts';
import { openSetup, type OAuthIntegration } from './setup.ts';
import { codeRequest, requestTokens } from './token-endpoint.ts';

export type AppTestResult = {
  ok: boolean;
  outcome: 'accepted' | 'refused' | 'unreachable' | 'unclear';
  message: string;
};

const REFUSED_APP = /client|app/i;

/** @throws HubError APP_NOT_FOUND */
export async function testApp(hub: Hub, integration: OAuthIntegration): Promise<AppTestResult> {
  const setup = await openSetup(hub, integration, {});
  if (!setup.row) throw new HubError('APP_NOT_FOUND', { detail: integration.id });
  const made = randomBytes(32).toString('base64url');
  const request = codeRequest(integration, setup, {
    code: made,
    codeVerifier: integration.oauth.pkce ? made : null,
    redirectUri: redirectUri(hub),
  });
  const { name } = integration;
  const outcome = await requestTokens(hub.egress, integration, setup, request, null);
  if (outcome.kind === 'tokens')
    return result('unclear', `${name} took a code that nobody gave: check the token endpoint.`);
  if (outcome.kind !== 'refused')
    return result(
      'unreachable',
      `${name} could not be asked (${outcome.why}). Check the network and the endpoints, then try again.`,
    );
  const { verdict } = outcome;
  const said = verdict.code ?? '';
  const unknownCode = integration.oauth.unknownCode ?? [];
  if (verdict.kind === 'provider_unavailable' || verdict.kind === 'rate_limited')
    return result('unreachable', `${name} does not answer as it should now${words(said)}. Try again later.`);
  if (verdict.kind === 'credential_revoked' || unknownCode.includes(said))
    return result(
      'accepted',
      `${name} knows this app: client ID and secret are right. Whether the redirect URI and the scopes are, the first connection shows.`,
    );
  if (REFUSED_APP.test(said))
    return result(
      'refused',
      `${name} does not accept this app${words(said)}: copy the client ID and the client secret again.`,
    );
  if (/redirect/i.test(said))
    return result(
      'refused',
      `${name} does not know the redirect URI${words(said)}: register it there, exactly as it is shown here.`,
    );
  return result(
    'unclear',
    `${name} refused the test${words(said)}, which says nothing certain of the app. Connect an account to see.`,
  );
}

const words = (code: string) => (code === '' ? '' : ` (${code})`);

const result = (outcome: AppTestResult['outcome'], message: string): AppTestResult => ({
  ok: outcome === 'accepted',
  outcome,
  message,
});
