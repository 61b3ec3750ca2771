/**
 * The hub's own API, with what can be switched off for measuring: `node token-api.ts validation authentication`
 * leaves those two out. (Logging goes by HUB_LOG_LEVEL.) Without authentication the token route is at
 * `/open/:id/token`, and reads connection and app in one statement all the same.
 */
import type { AddressInfo } from 'node:net';
import { eq } from 'drizzle-orm';
import { readConfig } from '../hub/config.ts';
import { apps, connections } from '../hub/database/schema.ts';
import { openHub, type Hub } from '../hub/hub.ts';
import { createLogger } from '../hub/log.ts';
import { typed } from '../hub/api/context.ts';
import { tokenOf } from '../hub/api/routes/token.ts';
import { Id, Token } from '../hub/api/schemas.ts';
import { buildServer } from '../hub/api/server.ts';
import { contextOf } from '../hub/api/start-api.ts';
import { lasts } from '../hub/api/usable.ts';
import { openGateway } from '../hub/temporal/gateway.ts';

const off = process.argv.slice(2);
const config = readConfig(process.env, 'process');
const hub = await openHub(config, createLogger(config.logLevel, { process: 'api' }));
const lifecycle = openGateway(config, hub.db, hub.vault);
const context = contextOf(hub, lifecycle, config);
const server = await buildServer(context);
if (off.includes('validation')) server.setValidatorCompiler(() => withDefaults);
if (off.includes('authentication'))
  await server.register((instance, _options, done) => {
    addOpenRoute(instance, hub);
    done();
  });
await server.listen({ host: '127.0.0.1', port: 0 });
process.send?.(`http://127.0.0.1:${(server.server.address() as AddressInfo).port}`);
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));

/** What the schema would have filled in; the handler relies on it. */
function withDefaults(data: unknown): boolean {
  if (typeof data === 'object' && data !== null && !('id' in data)) Object.assign(data, { minTtl: '60s' });
  return true;
}

function addOpenRoute(instance: Parameters<typeof typed>[0], { db }: Hub): void {
  typed(instance).get(
    '/open/:id/token',
    { schema: { params: Id, response: { 200: Token } } },
    async (request, reply) => {
      const [row] = await db.tables
        .select()
        .from(connections)
        .leftJoin(apps, eq(apps.integrationId, connections.integrationId))
        .where(eq(connections.id, request.params.id));
      if (!row || !lasts(row.connections, 60_000)) throw new Error('no usable token');
      context.usage.noteToken(row.connections);
      return reply.header('cache-control', 'no-store').send(tokenOf(hub, row.connections, row.apps));
    },
  );
}
