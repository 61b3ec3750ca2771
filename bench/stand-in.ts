/**
 * A provider that is nobody's bottleneck: a token endpoint and one call, answered from memory, and `/large/<bytes>`.
 * `node stand-in.ts <ms>` takes that long for an answer. Says its address to whoever started it.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';

const answerMs = Number(process.argv[2] ?? 0);

let made = 0;
// As long as providers' tokens are; the number makes each another one.
const filling = randomBytes(120).toString('base64url');
const token = () => `${filling}.${made++}`;

const CHUNK = randomBytes(64 * 1024);
function* chunks(bytes: number) {
  for (let left = bytes; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, left);
}

const server = createServer((request, response) => {
  const [, large] = /^\/large\/(\d+)$/.exec(request.url ?? '') ?? [];
  if (large !== undefined) {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': large });
    pipeline(Readable.from(chunks(Number(large)), { highWaterMark: 1 }), response, () => {});
    return;
  }
  request.resume().once('end', () => {
    const body =
      request.url === '/token'
        ? { access_token: token(), refresh_token: token(), token_type: 'bearer', expires_in: 3600 }
        : { portalId: 1, hubDomain: 'example.com' };
    const send = () =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (answerMs > 0) setTimeout(send, answerMs);
    else send();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
