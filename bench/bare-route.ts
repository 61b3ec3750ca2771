/**
 * The practical limit of the token endpoint: a bare Fastify route that reads one row by its primary key, with the
 * same driver and as large a pool, and decrypts it once. It asks nobody who they are, and checks and logs nothing.
 */
import { createDecipheriv } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { Pool } from 'pg';
import { readConfig } from '../hub/config.ts';

const [key = ''] = process.argv.slice(2);
const config = readConfig(process.env, 'process');
const pool = new Pool({ connectionString: config.databaseUrl ?? '', max: config.databasePoolSize });
const app = fastify();

app.get<{ Params: { id: string } }>('/:id/token', async (request, reply) => {
  const { rows } = await pool.query<{ sealed: string }>({
    name: 'token',
    text: 'select sealed from bare_tokens where id = $1',
    values: [request.params.id],
  });
  const sealed = Buffer.from(rows[0]?.sealed ?? '', 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64url'), sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(-16));
  const opened = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  const { accessToken, expiresAt } = JSON.parse(opened.toString()) as Record<string, string>;
  return reply.send({
    accessToken,
    tokenType: 'Bearer',
    expiresAt,
    apiBaseUrl: 'http://127.0.0.1',
    apiBaseUrls: {},
    headers: { authorization: `Bearer ${accessToken}` },
    query: {},
  });
});

await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
