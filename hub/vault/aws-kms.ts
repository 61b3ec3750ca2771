/**
 * AWS KMS, by its own client: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html. Credentials are
 * found by the client (environment, files, the machine's or the container's role), and so is an endpoint of one's own
 * (AWS_ENDPOINT_URL_KMS). It is loaded only where a key is kept there.
 */
import type { KeyService } from './key-service.ts';

// Three attempts of at most this long each.
const TIMEOUT_MS = 5_000;

/** @param arn of a symmetric key (an alias may come to mean another one); its region is the one that is asked */
export async function openAwsKms(arn: string): Promise<KeyService> {
  const { KMSClient, EncryptCommand, DecryptCommand } = await import('@aws-sdk/client-kms').catch(() => {
    throw new Error('AWS KMS: its client is not installed; run npm install without --omit=optional');
  });
  const [, , , , region = ''] = ['', ...arn.split(':')];
  const client = new KMSClient({
    region,
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: TIMEOUT_MS,
      requestTimeout: TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  const contextOf = (keyId: string) => ({ KeyId: arn, EncryptionContext: { 'integration-hub': keyId } });
  return {
    async wrap(key, keyId) {
      const { CiphertextBlob } = await client
        .send(new EncryptCommand({ ...contextOf(keyId), Plaintext: key }))
        .catch(explain);
      return Buffer.from(CiphertextBlob ?? []).toString('base64');
    },
    async unwrap(wrapped, keyId) {
      const CiphertextBlob = Buffer.from(wrapped, 'base64');
      const { Plaintext } = await client
        .send(new DecryptCommand({ ...contextOf(keyId), CiphertextBlob }))
        .catch(explain);
      return Buffer.from(Plaintext ?? []);
    },
    close: () => Promise.resolve(client.destroy()),
  };
}

/** The kind of an error and the service's own words; of those AWS says what is not allowed, and no secret. */
function explain(error: unknown): never {
  const name = error instanceof Error ? error.name : 'Error';
  const message = error instanceof Error ? error.message : String(error);
  throw new Error(`AWS KMS does not serve it (${name}): ${message.split('\n')[0]}`);
}
