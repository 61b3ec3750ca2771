/**
 * The stand-ins under the providers' own names: n8n's built-in nodes have their addresses built in. A forward proxy
 * (RFC 9110, section 9.3.6) that n8n is given as HTTPS_PROXY; TLS ends here, by a certificate that only this n8n trusts.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';

export type ProviderHosts = {
  /** For n8n's process. */
  env: Record<string, string>;
  /** `slack.com/api/auth.test`: what was asked of a provider's name, in order. */
  seen: string[];
  close: () => void;
};

/** @param hosts a provider's host, and where its stand-in answers: `slack.com` → `http://localhost:1234/slack` */
export async function startProviderHosts(hosts: Record<string, string>): Promise<ProviderHosts> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'Stand-ins' }], {
    extensions: [
      {
        name: 'subjectAltName',
        altNames: Object.keys(hosts).map((value) => ({ type: 2 as const, value })),
      },
    ],
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'integration-hub-hosts-'));
  const trusted = path.join(folder, 'stand-ins.pem');
  writeFileSync(trusted, cert);

  const seen: string[] = [];
  const provider = createTlsServer({ key, cert }, (incoming, response) => {
    const { host = '' } = incoming.headers;
    seen.push(`${host}${incoming.url?.split('?', 1)[0] ?? ''}`);
    passOn(`${hosts[host]}${incoming.url}`, incoming, response);
  });
  const proxy = createServer((_incoming, response) => void response.writeHead(405).end());
  proxy.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
    // Nothing but the stand-ins is to be had from here.
    if (!(url.replace(/:443$/, '') in hosts)) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    socket.on('error', () => socket.destroy());
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    provider.emit('connection', socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    env: {
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      NO_PROXY: 'localhost,127.0.0.1',
      NODE_EXTRA_CA_CERTS: trusted,
    },
    seen,
    close() {
      proxy.closeAllConnections();
      proxy.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function passOn(url: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = incoming;
  const onward = request(url, { method, headers: { ...headers, host: new URL(url).host } }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  incoming.pipe(onward);
}
