/**
 * The practical limit of the proxy: a bare Fastify with `@fastify/http-proxy` to the same provider, as its
 * documentation sets it up: `node bare-proxy.ts <upstream>`. It asks nobody who they are, holds no credentials and
 * reads no database.
 */
import type { AddressInfo } from 'node:net';
import httpProxy from '@fastify/http-proxy';
import { fastify } from 'fastify';

const [upstream = ''] = process.argv.slice(2);
const app = fastify();
await app.register(httpProxy, { upstream, prefix: '/proxy' });
await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
