/** Checks an OAuth app and seals its secrets. */
import { AddressRefused } from '../egress/address.ts';
import { appSecretsPlace, type NewApp } from '../database/apps.ts';
import { HubError, type FieldError } from '../errors.ts';
import type { Hub } from '../hub.ts';
import type { AppSecrets, OAuthIntegration } from './setup.ts';

export type AppInput = {
  clientId: string;
  clientSecret: string;
  scopes?: string[];
  settings?: Record<string, unknown>;
  endpoints?: { [name: string]: string };
};

/** @throws HubError SETTINGS_INVALID | ENDPOINT_NOT_ALLOWED with the fields at fault; values are not repeated */
export function sealApp(
  hub: Pick<Hub, 'vault' | 'catalogue' | 'egress'>,
  integration: OAuthIntegration,
  input: AppInput,
  sandbox: boolean,
): NewApp {
  const checked = hub.catalogue.validateAppSettings(integration, input.settings ?? {});
  if (!checked.ok)
    throw new HubError('SETTINGS_INVALID', {
      errors: checked.errors.map((error) => ({ ...error, path: `/settings${error.path}` })),
    });
  const endpoints = Object.entries(input.endpoints ?? {});
  const errors = endpoints.flatMap(([name, url]) => endpointProblem(hub, name, url));
  if (errors.length > 0) throw new HubError('ENDPOINT_NOT_ALLOWED', { errors });

  const secret = new Set(hub.catalogue.secretSettings(integration));
  const split = (wanted: boolean) =>
    Object.fromEntries(Object.entries(checked.settings).filter(([name]) => secret.has(name) === wanted));
  const secrets: AppSecrets = { clientSecret: input.clientSecret, settings: split(true) };
  return {
    integrationId: integration.id,
    clientId: input.clientId,
    sealedSecrets: hub.vault.seal(appSecretsPlace(integration.id), secrets),
    scopes: input.scopes ?? null,
    settings: split(false),
    endpoints: Object.fromEntries(endpoints),
    sandbox,
  };
}

function endpointProblem({ egress }: Pick<Hub, 'egress'>, name: string, url: string): FieldError[] {
  try {
    egress.assertAllowed(url);
    return [];
  } catch (error) {
    return [
      {
        path: `/endpoints/${name}`,
        message: error instanceof AddressRefused ? error.message : 'is not a URL',
      },
    ];
  }
}
