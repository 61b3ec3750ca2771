/** What people read about a provider's answer: what happened and what to do. Facts and codes only. */
import type { Integration, Verdict } from '../../integrations/definition/integration.ts';
import { assertNever } from '../errors.ts';

export function messageOf(integration: Pick<Integration, 'name'>, verdict: Verdict): string {
  const { name } = integration;
  const said = 'code' in verdict && verdict.code ? ` (${verdict.code})` : '';
  switch (verdict.kind) {
    case 'ok':
      return `${name} accepts this connection.`;
    case 'credential_expired':
      return `${name} says that the access token has expired${said}.`;
    case 'credential_revoked':
      return `${name} no longer accepts these credentials${said}: access was taken back, or has run out. Reconnect the account.`;
    case 'permission_missing': {
      const missing = verdict.missing?.length ? `: ${verdict.missing.join(', ')}` : '';
      return `${name} says that a permission is missing${missing}${said}. Reconnect the account and allow everything that is asked for.`;
    }
    case 'rate_limited':
      return `${name} asks to slow down${said}. Nothing is wrong with the connection.`;
    case 'provider_unavailable':
      return `${name} does not answer as it should${said}. The connection is kept; try again later.`;
    case 'request_at_fault':
      return `${name} refused the request itself${said}: check the OAuth app and the configuration of this integration.`;
    default:
      return assertNever(verdict);
  }
}

export const outcomeUnknown = ({ name }: Pick<Integration, 'name'>) =>
  `A refresh was sent to ${name} and its answer never arrived. ${name} takes a refresh token only once, so it is not sent again by itself. Reconnect the account.`;
