/** Connections to try integrations with. */
import { loadCatalogue } from '../../hub/catalogue.ts';
import type {
  Answer,
  Connected,
  Credentials,
  Integration,
  OAuth,
  OAuth2Credentials,
  Verdict,
} from '../../integrations/definition/integration.ts';

export const catalogue = await loadCatalogue();

/** Every one that an answer may mean; there is no other. */
export const KINDS: Verdict['kind'][] = [
  'ok',
  'credential_expired',
  'credential_revoked',
  'permission_missing',
  'rate_limited',
  'provider_unavailable',
  'request_at_fault',
];

export function integrationOf(id: string): Integration {
  const integration = catalogue.get(id);
  if (!integration) throw new Error(`no integration ${id}`);
  return integration;
}

export function oauthOf(id: string): OAuth {
  const { oauth } = integrationOf(id);
  if (!oauth) throw new Error(`no OAuth at ${id}`);
  return oauth;
}

type Parts = Partial<Omit<Connected, 'credentials'>>;

/** As the hub makes one: the configuration checked and its defaults filled in. */
export function connected(
  id: string,
  credentials: Partial<OAuth2Credentials> = {},
  parts: Parts = {},
): Connected<OAuth2Credentials> {
  return {
    ...setupOf(id, parts),
    credentials: {
      type: 'oauth2',
      accessToken: 'access-1',
      tokenType: 'Bearer',
      refreshToken: 'refresh-1',
      expiresAt: null,
      scopes: null,
      rotated: false,
      answer: {},
      ...credentials,
    },
  };
}

export function connectedByKey(
  id: string,
  fields: Record<string, string>,
  parts: Parts = {},
): Connected<Exclude<Credentials, OAuth2Credentials>> {
  return { ...setupOf(id, parts), credentials: { type: 'api_key', fields } };
}

export function setupOf(id: string, { config = {}, ...parts }: Parts) {
  const checked = catalogue.validateConfig(integrationOf(id), config);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return {
    settings: {},
    endpoints: {},
    app: { clientId: 'client-1', clientSecret: 'secret-1' },
    ...parts,
    config: checked.config,
  };
}

export function answer(status: number, body: unknown = {}, headers: Record<string, string> = {}): Answer {
  return { status, headers, body };
}
