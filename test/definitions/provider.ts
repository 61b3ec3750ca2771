/** A provider that takes a key, a pair or a signed call, by its own idea of them, and tells who was let in. */
import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const secrets = {
  apiKey: `key-${randomUUID()}`,
  password: `password-${randomUUID()}`,
  signing: Buffer.from(`signing-${randomUUID()}`).toString('base64'),
};

export type OwnProvider = {
  host: string;
  url: string;
  /** Signatures and what they were made over, of the signed calls that were let in. */
  signatures: string[];
  seen: { method: string; url: string; headers: IncomingMessage['headers']; body: Buffer }[];
  close: () => void;
};

export async function startOwnProvider(): Promise<OwnProvider> {
  const signatures: string[] = [];
  const seen: OwnProvider['seen'] = [];
  const nonces = new Set<string>();

  const mayComeIn = ({ headers, method = '', url = '' }: IncomingMessage, body: Buffer): boolean => {
    if (url.startsWith('/key/')) return new URL(url, 'http://p').searchParams.get('token') === secrets.apiKey;
    if (url.startsWith('/pair/'))
      return headers.authorization === `Basic ${Buffer.from(`ada:${secrets.password}`).toString('base64')}`;
    const [target = '', nonce = ''] = url.split(/[?&]nonce=/);
    const time = String(headers['x-time']);
    // Neither late nor a second time.
    if (Math.abs(Date.now() / 1000 - Number(time)) > 30 || nonces.has(nonce) || nonce === '') return false;
    nonces.add(nonce);
    const text = Buffer.concat([Buffer.from(`${time}\n${method}\n${target}\n`), body]);
    const signature = createHmac('sha256', Buffer.from(secrets.signing, 'base64')).update(text).digest('hex');
    const good = headers['x-signature'] === `v1=${signature}`;
    if (good) signatures.push(signature);
    return good;
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(chunks);
      seen.push({ method, url, headers, body });
      const good = mayComeIn(request, body);
      response.writeHead(good ? 200 : 400, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(good ? { user: { id: 7, name: 'Ada' } } : { error: { code: 'BAD_CREDENTIALS' } }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    signatures,
    seen,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type Json = Record<string, unknown>;

const REFUSED = [
  {
    when: { status: [400], body: { '/error/code': 'BAD_CREDENTIALS' } },
    means: 'credential_revoked',
    code: '/error/code',
  },
];

function definition(provider: OwnProvider, id: string, path: string, auth: Json): Json {
  return {
    id,
    name: `Own ${id}`,
    description: 'An integration of the tests.',
    docsUrl: 'https://example.com/docs',
    capabilities: ['try things'],
    hosts: [provider.host],
    apiBaseUrl: `${provider.url}/${path}`,
    auth,
    probe: { path: '/me' },
    account: { id: '/user/id', name: '/user/name' },
    classify: REFUSED,
    examples: [{ id: 'me', title: 'Who am I', method: 'GET', path: '/me' }],
  };
}

/** One of each kind that needs no consent. */
export const ownDefinitions = (provider: OwnProvider) => ({
  key: definition(provider, 'own-key', 'key', { api_key: { in: 'query', name: 'token' } }),
  pair: definition(provider, 'own-pair', 'pair', { basic: {} }),
  signed: definition(provider, 'own-signed', 'signed', {
    custom: {
      fields: { secret: { title: 'Secret' } },
      headers: { 'X-Time': '{{ timestamp }}', 'X-Signature': 'v1={{ signature }}' },
      query: { nonce: '{{ nonce }}' },
      signature: {
        algorithm: 'sha256',
        key: '{{ credentials.secret }}',
        keyEncoding: 'base64',
        text: '{{ timestamp }}\n{{ request.method }}\n{{ request.target }}\n{{ request.body }}',
      },
    },
  }),
});

export const credentialsFor = {
  'own-key': { apiKey: secrets.apiKey },
  'own-pair': { username: 'ada', password: secrets.password },
  'own-signed': { secret: secrets.signing },
} as const;

/** With an issuer's metadata, which names everything but the API. */
export const oauthDefinition = (issuer: string) => ({
  id: 'own-oauth',
  name: 'Own OAuth',
  description: 'An integration of the tests.',
  docsUrl: 'https://example.com/docs',
  capabilities: ['try things'],
  hosts: [new URL(issuer).host],
  apiBaseUrl: issuer,
  auth: {
    oauth2: {
      discovery: issuer,
      scopes: ['openid', 'offline_access'],
      authorizeParams: { prompt: 'consent' },
    },
  },
  probe: { path: '/me' },
  account: { id: '/sub' },
});
