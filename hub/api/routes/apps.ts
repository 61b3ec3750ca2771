/** OAuth apps: what an admin registered at the provider. Secrets go in and are never shown again. */
import { Type } from 'typebox';
import { deleteApp, findApp } from '../../database/apps.ts';
import { HubError } from '../../errors.ts';
import { sealApp } from '../../oauth/app.ts';
import { testApp } from '../../oauth/app-test.ts';
import { findIntegration, openSetup, requireOAuth } from '../../oauth/setup.ts';
import { requires } from '../auth.ts';
import { showApp } from '../presentation.ts';
import { App, AppTest, Id, NewApp } from '../schemas.ts';
import type { ApiContext, Routes } from '../context.ts';
import { putApp } from '../../database/apps.ts';
import type { AppRow } from '../../database/apps.ts';
import type { AuditDetails } from '../../database/schema.ts';
import type { Integration } from '../../../integrations/definition/integration.ts';

export const addAppRoutes: Routes = (app, context) => {
  const { hub } = context;
  const preHandler = requires(hub.db, 'apps:write');
  const tags = ['OAuth apps'];

  app.put(
    '/api/integrations/:id/app',
    {
      config: { audit: { action: 'app.set', keep: ['scopes'], more: endpointsOf } },
      preHandler,
      schema: { tags, params: Id, body: NewApp, response: { 200: App } },
    },
    async ({ params, body }) => {
      const integration = requireOAuth(findIntegration(hub, params.id));
      const row = await putApp(hub.db, sealApp(hub, integration, body, false));
      return show(context, integration, row);
    },
  );

  app.get(
    '/api/integrations/:id/app',
    { preHandler, schema: { tags, params: Id, response: { 200: App } } },
    async ({ params }) => {
      const integration = findIntegration(hub, params.id);
      const row = await findApp(hub.db, integration.id);
      if (!row) throw new HubError('APP_NOT_FOUND', { detail: integration.id });
      return show(context, integration, row);
    },
  );

  app.post(
    '/api/integrations/:id/app/test',
    {
      preHandler,
      config: { audit: { action: 'app.test' }, rateLimit: { max: 30, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'Asks the provider whether it knows the client id and the secret',
        params: Id,
        response: { 200: AppTest },
      },
    },
    async ({ params }) => testApp(hub, requireOAuth(findIntegration(hub, params.id))),
  );

  app.delete(
    '/api/integrations/:id/app',
    {
      config: { audit: { action: 'app.remove' } },
      preHandler,
      schema: { tags, params: Id, response: { 204: Type.Null() } },
    },
    async ({ params }, reply) => {
      const integration = findIntegration(hub, params.id);
      if (!(await deleteApp(hub.db, integration.id)))
        throw new HubError('APP_NOT_FOUND', { detail: integration.id });
      return reply.status(204).send(null);
    },
  );
};

/** Where the secret will be sent: the origin, of an address in which anything may stand. */
const endpointsOf = ({ endpoints }: { [field: string]: unknown }): AuditDetails =>
  typeof endpoints !== 'object' || endpoints === null
    ? {}
    : {
        endpoints: Object.entries(endpoints).map(
          ([name, url]) => `${name} ${URL.canParse(String(url)) ? new URL(String(url)).origin : ''}`,
        ),
      };

async function show({ hub, config }: ApiContext, integration: Integration, row: AppRow) {
  const { settings } = await openSetup(hub, integration, {});
  const secret = hub.catalogue.secretSettings(integration).filter((name) => settings[name] !== undefined);
  return showApp(row, integration, secret, config.publicUrl);
}
