/**
 * Envelope encryption: a random data key per sealed value, itself wrapped by a key-encryption key.
 *
 *   h1.<key id>.<wrapped data key>.<sealed value>      both parts base64url of iv(12) | ciphertext | tag(16)
 *
 * AES-256-GCM (NIST SP 800-38D). The place a value belongs to (`connections/<id>/credentials`) is the
 * associated data of both layers, so an envelope copied to another row does not open. A data key seals
 * one value once, so 96-bit random ivs cannot repeat under it; a key-encryption key wraps 2^32 data keys
 * at most before the same is true of it: a million connections refreshed hourly take 179 days.
 */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { HubError } from '../errors.ts';
import type { Keyring } from './keyring.ts';

/** Ciphertext that may travel and be stored. */
export type Envelope = string & { readonly __envelope: unique symbol };

export type Vault = {
  /** @param value anything JSON can say. @param place the row and column it belongs to. */
  seal: (place: string, value: unknown) => Envelope;
  /** @throws HubError ENCRYPTION_KEY_MISSING | ENCRYPTION_KEY_WRONG */
  open: <T>(place: string, envelope: string) => T;
  /** The id of the key that an envelope is wrapped with. */
  keyIdOf: (envelope: string) => string;
  /** A secret of the key that seals now, for one purpose (RFC 5869); another one once another key comes first. */
  secretFor: (purpose: string) => string;
};

export function createVault(keyring: Keyring): Vault {
  return {
    seal(place, value) {
      // Asked for at once: the generator takes longer to be called than to give.
      const random = randomBytes(32 + 12 + 12);
      const dataKey = random.subarray(0, 32);
      const { id, key } = keyring.current;
      const wrapped = encrypt(key, random.subarray(32, 44), dataKey, `${id}|${place}`);
      const sealed = encrypt(dataKey, random.subarray(44), Buffer.from(JSON.stringify(value)), place);
      dataKey.fill(0);
      return `h1.${id}.${wrapped.toString('base64url')}.${sealed.toString('base64url')}` as Envelope;
    },

    open<T>(place: string, envelope: string): T {
      const { id, wrapped, sealed } = parts(envelope);
      const key = keyring.get(id);
      try {
        const dataKey = decrypt(key, wrapped, `${id}|${place}`);
        return JSON.parse(decrypt(dataKey, sealed, place).toString()) as T;
      } catch {
        // The cause is not passed on: a JSON error would quote what was opened.
        throw new HubError('ENCRYPTION_KEY_WRONG', { detail: `key id "${id}", ${place}` });
      }
    },

    keyIdOf: (envelope) => parts(envelope).id,

    secretFor: (purpose) =>
      Buffer.from(hkdfSync('sha256', keyring.current.key, '', purpose, 32)).toString('base64url'),
  };
}

function parts(envelope: string): { id: string; wrapped: Buffer; sealed: Buffer } {
  const [version, id, wrapped, sealed, ...rest] = envelope.split('.');
  if (version !== 'h1' || !id || !wrapped || !sealed || rest.length > 0)
    throw new HubError('ENCRYPTION_KEY_WRONG', { detail: 'this is not a sealed envelope' });
  return { id, wrapped: Buffer.from(wrapped, 'base64url'), sealed: Buffer.from(sealed, 'base64url') };
}

// Node 24 takes three times as long for a key that is a Buffer as for a KeyObject made here.
function encrypt(key: Buffer, iv: Buffer, plain: Buffer, associated: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), iv).setAAD(Buffer.from(associated));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, associated: string): Buffer {
  const options = { authTagLength: 16 };
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), sealed.subarray(0, 12), options)
    .setAAD(Buffer.from(associated))
    .setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
}
