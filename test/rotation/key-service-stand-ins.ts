/**
 * Stand-ins that speak the two protocols: AWS KMS (JSON 1.1, TrentService, Signature Version 4) and Vault's transit
 * engine. Their keys never leave them, and what was wrapped with one context does not unwrap with another.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type StandIn = {
  url: string;
  /** The operations that were asked for, in their order. */
  asked: string[];
  /** Answers 403 to all. */
  denies: boolean;
  close: () => Promise<void>;
};

export const ACCESS_KEY = { id: 'AKIAIOSFODNN7STANDIN', secret: 'a-secret-access-key-of-the-tests' };
export const VAULT_TOKEN = 'hvs.a-vault-token-of-the-tests';

type Asked = { path: string; headers: IncomingMessage['headers']; body: Record<string, unknown> };
type Answer = { status: number; body: unknown };

const key = randomBytes(32);

function wrap(plain: Buffer, context: string): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function unwrap(wrapped: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, 12))
    .setAAD(Buffer.from(context))
    .setAuthTag(wrapped.subarray(-16));
  return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
}

export const startAwsKms = (): Promise<StandIn> =>
  serve(({ headers, body }, standIn) => {
    const operation = String(headers['x-amz-target']).replace('TrentService.', '');
    standIn.asked.push(operation);
    const refuse = (type: string, message: string) => ({ status: 400, body: { __type: type, message } });
    const signed = new RegExp(
      `^AWS4-HMAC-SHA256 Credential=${ACCESS_KEY.id}/\\d{8}/eu-central-1/kms/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$`,
    );
    if (
      !signed.test(String(headers.authorization)) ||
      headers['content-type'] !== 'application/x-amz-json-1.1'
    )
      return refuse('IncompleteSignatureException', 'not signed');
    if (standIn.denies) return refuse('AccessDeniedException', 'is not authorized to perform: kms:Decrypt');
    const context = JSON.stringify([body['KeyId'], body['EncryptionContext']]);
    if (operation === 'Encrypt') {
      const CiphertextBlob = wrap(Buffer.from(String(body['Plaintext']), 'base64'), context);
      return {
        status: 200,
        body: { KeyId: body['KeyId'], CiphertextBlob: CiphertextBlob.toString('base64') },
      };
    }
    try {
      const Plaintext = unwrap(Buffer.from(String(body['CiphertextBlob']), 'base64'), context);
      return { status: 200, body: { KeyId: body['KeyId'], Plaintext: Plaintext.toString('base64') } };
    } catch {
      return refuse('InvalidCiphertextException', '');
    }
  });

export const startVaultTransit = (): Promise<StandIn> =>
  serve(({ path, headers, body }, standIn) => {
    const [, operation = '', name = ''] = /^\/v1\/transit\/(encrypt|decrypt)\/([\w-]+)$/.exec(path) ?? [];
    standIn.asked.push(operation);
    if (headers['x-vault-token'] !== VAULT_TOKEN || standIn.denies)
      return { status: 403, body: { errors: ['permission denied'] } };
    const context = `${name} ${String(body['associated_data'])}`;
    if (operation === 'encrypt') {
      const ciphertext = wrap(Buffer.from(String(body['plaintext']), 'base64'), context).toString('base64');
      return { status: 200, body: { data: { ciphertext: `vault:v1:${ciphertext}`, key_version: 1 } } };
    }
    try {
      const wrapped = Buffer.from(String(body['ciphertext']).replace('vault:v1:', ''), 'base64');
      return { status: 200, body: { data: { plaintext: unwrap(wrapped, context).toString('base64') } } };
    } catch {
      return { status: 400, body: { errors: ['cipher: message authentication failed'] } };
    }
  });

async function serve(answer: (asked: Asked, standIn: StandIn) => Answer): Promise<StandIn> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      const answered = answer({ path, headers, body }, standIn);
      response
        .writeHead(answered.status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(answered.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    denies: false,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return standIn;
}
