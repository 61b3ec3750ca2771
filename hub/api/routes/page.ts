/** The page: files that `scripts/setup.mjs` has built from `web/`, and what the page must know of this hub. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyReply } from 'fastify';
import { redirectUri } from '../../hub.ts';
import { requires, seesEverything } from '../auth.ts';
import { page } from '../pages.ts';
import { HubFacts } from '../schemas.ts';
import type { ApiContext, Routes } from '../context.ts';

const BUILT = path.resolve(import.meta.dirname, '../../../web/dist');
const INDEX = path.join(BUILT, 'index.html');

/** Where the page has something to show. A list, so that no address of the API is ever answered with a page. */
const ADDRESSES = [
  '/',
  '/integrations/:id',
  '/integrations/:id/definition',
  '/add-integration',
  '/connections',
  '/connections/:id',
  '/connected',
  '/webhooks',
  '/webhooks/:id',
  '/links',
  '/people',
  '/keys',
  '/audit',
  '/welcome',
  '/connect',
];

export const addPageRoutes: Routes = (app, { hub, config }) => {
  const facts = factsOf(config);
  app.get(
    '/api/hub',
    {
      preHandler: requires(hub.db, 'integrations:read'),
      schema: { tags: ['operation'], summary: 'What the page must know', response: { 200: HubFacts } },
    },
    ({ caller }) => ({ ...facts, temporalUi: seesEverything(caller) ? facts.temporalUi : null }),
  );

  if (existsSync(INDEX)) {
    // Their names hold a hash of what is in them.
    void app.register(staticFiles, {
      root: path.join(BUILT, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
      index: false,
      preCompressed: true,
    });
    for (const name of ['theme.js', 'favicon.svg'])
      app.get(`/${name}`, { schema: { hide: true }, logLevel: 'warn' }, (_request, reply) =>
        reply.header('cache-control', 'no-cache').sendFile(name, BUILT, { cacheControl: false }),
      );
  }
  for (const address of ADDRESSES)
    app.get(address, { schema: { hide: true } }, (_request, reply) => sendPage(reply));
};

/** Read each time: it is small, and a page that was built again names other files. */
async function sendPage(reply: FastifyReply): Promise<FastifyReply> {
  const html = await readFile(INDEX, 'utf8').catch(() => null);
  void reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache');
  if (html === null) return reply.status(503).send(page(NOT_BUILT));
  return reply.header('referrer-policy', 'same-origin').send(html);
}

const NOT_BUILT = {
  title: 'The page has not been built',
  text: 'Run node scripts/setup.mjs in the project and start the hub again. The API works without it: see /docs.',
};

function factsOf({ publicUrl, temporal }: ApiContext['config']) {
  const { uiUrl, namespace } = temporal;
  return {
    redirectUri: redirectUri({ publicUrl }),
    temporalUi: uiUrl === null ? null : `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows`,
  };
}
