/**
 * The hub's own API, with what can be switched off for measuring: `node token-api.ts validation authentication`
 * leaves those two out. (Logging goes by HUB_LOG_LEVEL.) Without authentication the token route is at
 * `/open/:id/token`: requests bring no key, and nobody reads one from them or asks what its owner may do. All else is
 * the route's own; the one statement asks after a key that is always the same.
 */
import type { AddressInfo } from 'node:net';
import { createApiKey } from '../hub/database/api-keys.ts';
import { findForUse } from '../hub/database/for-use.ts';
import { readConfig } from '../hub/config.ts';
import { openHub, type Hub } from '../hub/hub.ts';
import { createLogger } from '../hub/log.ts';
import { typed } from '../hub/api/context.ts';
import { tokenOf, TokenWish } from '../hub/api/routes/token.ts';
import { Id, Token } from '../hub/api/schemas.ts';
import { buildServer } from '../hub/api/server.ts';
import { contextOf } from '../hub/api/start-api.ts';
import { usableCredentials } from '../hub/api/usable.ts';
import { openGateway } from '../hub/temporal/gateway.ts';

const off = process.argv.slice(2);
const config = readConfig(process.env, 'process');
const hub = await openHub(config, createLogger(config.logLevel, { process: 'api' }));
const lifecycle = openGateway(config, hub.db, hub.vault);
const context = contextOf(hub, lifecycle, config);
const server = await buildServer(context);
if (off.includes('validation')) server.setValidatorCompiler(() => withDefaults);
if (off.includes('authentication')) {
  const { key } = await createApiKey(hub.db, { name: 'bench', role: 'admin', userId: 'admin' });
  await server.register((instance, _options, done) => {
    addOpenRoute(instance, hub, key);
    done();
  });
}
await server.listen({ host: '127.0.0.1', port: 0 });
process.send?.(`http://127.0.0.1:${(server.server.address() as AddressInfo).port}`);
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));

/** What the schema would have filled in; the handler relies on it. */
function withDefaults(data: unknown): boolean {
  if (typeof data === 'object' && data !== null && !('id' in data)) Object.assign(data, { minTtl: '60s' });
  return true;
}

function addOpenRoute(instance: Parameters<typeof typed>[0], { db }: Hub, key: string): void {
  typed(instance).get(
    '/open/:id/token',
    { schema: { params: Id, querystring: TokenWish, response: { 200: Token } } },
    async ({ params }, reply) => {
      const found = await findForUse(db, key, params.id, null);
      if (!found?.connection) throw new Error('no such connection');
      const usable = await usableCredentials(hub, lifecycle, found.connection, 60_000);
      context.usage.noteToken(usable);
      return reply.header('cache-control', 'no-store').send(tokenOf(hub, usable, found.app));
    },
  );
}
