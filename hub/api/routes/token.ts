/**
 * The token path: one read (key, connection and app in one statement), at most one decryption, no write, no Temporal.
 * Only a token that does not last as long as asked for waits for a refresh.
 */
import ms from 'ms';
import { Type } from 'typebox';
import type { Connected, Integration } from '../../../integrations/definition/integration.ts';
import { findForUse } from '../../database/for-use.ts';
import type { ConnectionRow } from '../../database/connections.ts';
import { findApp, type AppRow } from '../../database/apps.ts';
import { HubError } from '../../errors.ts';
import type { Hub } from '../../hub.ts';
import { callCredentials } from '../../oauth/probe.ts';
import { apiBaseUrlOf, findIntegration, openOnce, otherApiBaseUrlsOf } from '../../oauth/setup.ts';
import { signs } from '../../oauth/signing.ts';
import { admitted, visible } from '../auth.ts';
import { Id, Token } from '../schemas.ts';
import { usableCredentials } from '../usable.ts';
import type { Routes } from '../context.ts';

export const TokenWish = Type.Object({
  minTtl: Type.String({
    pattern: '^\\d{1,6}(ms|s|m|h)$',
    default: '60s',
    description: 'How long the token must last at least',
  }),
});

export const addTokenRoute: Routes = (app, { hub, lifecycle, usage }) => {
  app.get(
    '/api/connections/:id/token',
    { schema: { tags: ['connections'], params: Id, querystring: TokenWish, response: { 200: Token } } },
    async (request, reply) => {
      const { params, query } = request;
      const { caller, found } = await admitted(request, reply, 'tokens:read', (key) =>
        findForUse(hub.db, key, params.id, null),
      );
      const row = visible(caller, found?.connection ?? null);
      const minTtlMs = ms(query.minTtl as ms.StringValue);
      const usable = await usableCredentials(hub, lifecycle, row, minTtlMs);
      const appRow = usable === row ? (found?.app ?? null) : await findApp(hub.db, row.integrationId);
      usage.noteToken(row);
      return reply.header('cache-control', 'no-store').send(tokenOf(hub, usable, appRow));
    },
  );
};

type TokenAnswer = ReturnType<typeof answerOf>;
const answers = new WeakMap<Connected, TokenAnswer>();

/** Put together once for as long as the opened row is kept. */
export function tokenOf(hub: Hub, row: ConnectionRow, app: AppRow | null): TokenAnswer {
  const integration = findIntegration(hub, row.integrationId);
  const connected = openOnce(hub, integration, row, app);
  const answer = answers.get(connected) ?? answerOf(integration, connected, row);
  answers.set(connected, answer);
  return answer;
}

function answerOf(integration: Integration, connected: Connected, row: ConnectionRow) {
  const { credentials } = connected;
  if (signs(integration, connected))
    throw new HubError('CALLS_ARE_SIGNED', {
      detail: `POST /api/connections/${row.id}/request, or any call under /api/connections/${row.id}/proxy`,
    });
  const { headers, query } = callCredentials(integration, connected);
  const [scheme, sent] = (headers['authorization'] ?? headers['Authorization'] ?? '').split(' ');
  return {
    accessToken:
      credentials.type === 'oauth2' ? credentials.accessToken : (credentials.fields['apiKey'] ?? sent ?? ''),
    tokenType: scheme || (credentials.type === 'oauth2' ? credentials.tokenType : credentials.type),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    apiBaseUrl: apiBaseUrlOf(integration, connected),
    apiBaseUrls: otherApiBaseUrlsOf(integration, connected),
    headers,
    query,
  };
}
