/**
 * n8n's own OAuth2 credential types pointed at the hub: what n8n takes as CREDENTIALS_OVERWRITE_DATA. The hub knows
 * n8n as a public client with PKCE, so there is no secret in it.
 */
import type { Config } from '../config.ts';

/** n8n's built-in credential types (2.41), and the integration whose connections they ask for. */
export const BUILT_IN_TYPES: { readonly [type: string]: string } = {
  highLevelOAuth2Api: 'gohighlevel',
  salesforceOAuth2Api: 'salesforce',
  hubspotOAuth2Api: 'hubspot',
  gmailOAuth2: 'gmail',
  microsoftOutlookOAuth2Api: 'outlook',
  facebookGraphApiOAuth2Api: 'meta-ads',
  googleAdsOAuth2Api: 'google-ads',
  googleDriveOAuth2Api: 'google-drive',
  dropboxOAuth2Api: 'dropbox',
  slackOAuth2Api: 'slack',
  discordOAuth2Api: 'discord',
};

/** @param url the hub's address as n8n and the builders' browsers reach it */
export function n8nOverwrites(url: string): { [type: string]: { [field: string]: string } } {
  const hub = url.replace(/\/+$/, '');
  return Object.fromEntries(
    Object.entries(BUILT_IN_TYPES).map(([type, integration]) => [
      type,
      {
        clientId: 'n8n',
        // A public client has none; n8n hides the field and offers Connect only where there is something in it.
        clientSecret: 'none',
        grantType: 'pkce',
        // Not in authQueryParameters: what a credential has stored there goes before the overwrite.
        authUrl: `${hub}/oauth2/authorize?integration=${integration}`,
        accessTokenUrl: `${hub}/oauth2/token`,
        authentication: 'body',
      },
    ]),
  );
}

/** @throws Error that names the option where the address is none */
export function printedOverwrites({ publicUrl }: Pick<Config, 'publicUrl'>, url: string | undefined): string {
  const hub = url ?? publicUrl;
  if (!URL.canParse(hub) || !/^https?:$/.test(new URL(hub).protocol))
    throw new Error(`--url: expected an address such as https://hub.example.com, got "${hub}"`);
  return `CREDENTIALS_OVERWRITE_DATA='${JSON.stringify(n8nOverwrites(hub))}'`;
}
