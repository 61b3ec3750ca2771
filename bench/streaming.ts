/** Bodies that are too large to be held: how fast they pass in either direction, and what the process holds meanwhile. */
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Pool } from 'undici';
import { watchMemory } from './processes.ts';
import type { Server } from './proxy.ts';
import { median, type Table } from './table.ts';

const MB = 1024 * 1024;
const BYTES = 256 * MB;
const CHUNK = Buffer.alloc(64 * 1024, 7);

type Seen = { down: number; up: number; memory: number[] };

/** One body at a time. */
export async function streaming(servers: Server[], rounds: number): Promise<Table> {
  const seen = new Map<string, Seen[]>();
  for (let round = 0; round < rounds; round++)
    for (const server of servers) {
      const memory = watchMemory(server.running.pid);
      const down = await pass(server, download);
      const up = await pass(server, upload);
      seen.set(server.name, [...(seen.get(server.name) ?? []), { down, up, memory: memory() }]);
    }
  const of = (name: string) => seen.get(name) ?? [];
  return {
    title: `A body of ${BYTES / MB} MB`,
    columns: ['', 'down MB/s', 'up MB/s', 'MB of memory before', 'MB at most'],
    rows: servers.map(({ name }) => [
      name,
      median(of(name).map(({ down }) => down)),
      median(of(name).map(({ up }) => up)),
      (of(name)[0]?.memory[0] ?? NaN) / MB,
      Math.max(...of(name).flatMap(({ memory }) => memory)) / MB,
    ]),
    notes: [],
  };
}

/** @returns MB per second */
async function pass(server: Server, how: (pool: Pool, server: Server) => Promise<void>): Promise<number> {
  const pool = new Pool(server.origin, { connections: 1 });
  const began = performance.now();
  await how(pool, server);
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  return BYTES / MB / seconds;
}

async function download(pool: Pool, server: Server): Promise<void> {
  const { statusCode, body } = await pool.request({ method: 'GET', ...server.ask(`/large/${BYTES}`) });
  let bytes = 0;
  body.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await finished(body);
  if (statusCode !== 200 || bytes !== BYTES) throw new Error(`${server.name}: ${statusCode}, ${bytes} bytes`);
}

async function upload(pool: Pool, server: Server): Promise<void> {
  const { path, headers } = server.ask('/upload');
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path,
    headers: { ...headers, 'content-type': 'application/octet-stream', 'content-length': String(BYTES) },
    body: Readable.from(chunks(), { highWaterMark: 1 }),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${server.name}: ${statusCode} ${text}`);
}

function* chunks() {
  for (let left = BYTES; left > 0; left -= CHUNK.length) yield CHUNK;
}
