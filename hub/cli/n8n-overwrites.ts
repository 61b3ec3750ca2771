/**
 * n8n's own OAuth2 credential types pointed at the hub: what n8n takes as CREDENTIALS_OVERWRITE_DATA. n8n's editor
 * offers Connect for such a type only where id and secret are given and the grant type is the type's own, which sends
 * no PKCE; so n8n is a confidential client here.
 */
import { recorded } from '../audit/recorded.ts';
import type { Config } from '../config.ts';
import { insertClient } from '../database/clients.ts';
import { openDatabase } from '../database/database.ts';
import { n8nCallback } from '../broker/client.ts';

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

export type OverwriteClient = { id: string; secret: string };

/** @param url the hub's address as n8n and the builders' browsers reach it */
export function n8nOverwrites(
  url: string,
  { id, secret }: OverwriteClient,
): { [type: string]: { [field: string]: string } } {
  const hub = url.replace(/(?<!\/)\/+$/, '');
  return Object.fromEntries(
    Object.entries(BUILT_IN_TYPES).map(([type, integration]) => [
      type,
      {
        clientId: id,
        clientSecret: secret,
        // Not in authQueryParameters: what a credential has stored there goes before the overwrite.
        authUrl: `${hub}/oauth2/authorize?integration=${integration}`,
        accessTokenUrl: `${hub}/oauth2/token`,
        authentication: 'body',
      },
    ]),
  );
}

/** Makes the client that they speak of. @throws Error that names what is missing or wrong */
export async function printedOverwrites(config: Config, url = config.publicUrl): Promise<string> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Error(`--url: expected an address such as https://hub.example.com, got "${url}"`);
  if (config.n8nUrls.length === 0)
    throw new Error("HUB_N8N_URLS: needed; where people's n8n are, such as https://n8n.example.com");
  const db = openDatabase(config);
  try {
    const wanted = {
      name: 'n8n',
      redirectUris: config.n8nUrls.map(n8nCallback),
      integrationId: null,
      connectionId: null,
      userId: 'admin',
      isPublic: false,
    };
    const { row, secret } = await recorded(
      db,
      'client.create',
      { redirectUris: wanted.redirectUris },
      () => insertClient(db, wanted),
      (made) => ({ subjectId: made.row.id, userId: made.row.userId }),
    );
    const overwrites = n8nOverwrites(url, { id: row.id, secret: secret ?? '' });
    return `CREDENTIALS_OVERWRITE_DATA='${JSON.stringify(overwrites)}'`;
  } finally {
    await db.close();
  }
}
