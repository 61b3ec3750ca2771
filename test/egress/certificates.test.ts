/** Where the hub calls by https it believes no certificate that nobody vouches for, and speaks no TLS that was given up. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEgress } from '../../hub/egress/egress.ts';

const egress = createEgress({ allowPrivateNetwork: true, timeoutMs: 5_000 });
const servers: Server[] = [];
let certificate: { private: string; cert: string };
let asked = 0;

beforeAll(async () => {
  certificate = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
});
afterAll(async () => {
  await egress.close();
  for (const server of servers) server.close();
});

async function serve(options: object): Promise<string> {
  const { private: key, cert } = certificate;
  const server = createServer({ key, cert, ...options }, (_request, response) => {
    asked++;
    response.end('{}');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

const send = (origin: string) =>
  egress.send(
    { method: 'POST', url: `${origin}/token`, form: { client_secret: 'a-very-secret-value' } },
    { hosts: [origin] },
  );
const stream = (origin: string) =>
  egress.stream(
    { method: 'GET', origin, target: '/x', headers: { authorization: 'Bearer secret' }, body: null },
    { hosts: [origin], headersTimeoutMs: 5_000, idleTimeoutMs: 5_000, signal: AbortSignal.timeout(5_000) },
  );

it('a certificate of one’s own making is not believed, and nothing is sent', async () => {
  const origin = await serve({});
  for (const outcome of [await send(origin), await stream(origin)])
    expect(outcome).toMatchObject({
      kind: 'unsent',
      why: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY/),
    });
  expect(asked).toBe(0);
});

it('TLS 1.1 is spoken with nobody', async () => {
  const origin = await serve({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
  for (const outcome of [await send(origin), await stream(origin)]) {
    // Not for its certificate: that was not looked at any more.
    expect(outcome).toMatchObject({ why: expect.stringMatching(/PROTO|SSL|ECONNRESET/) });
    expect(outcome).not.toMatchObject({ why: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY/) });
  }
  expect(asked).toBe(0);
});
