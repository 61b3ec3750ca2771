/**
 * Key-encryption keys by id. The first one seals, all of them open, so a new key is added in front and
 * the old one stays until everything is rewrapped.
 */
import { randomBytes } from 'node:crypto';
import { HubError } from '../errors.ts';

export type Keyring = {
  /** The key that seals. */
  current: { id: string; key: Buffer };
  /** @throws HubError ENCRYPTION_KEY_MISSING naming the id */
  get: (id: string) => Buffer;
  ids: () => string[];
};

/**
 * @param text `id:base64key[,id:base64key…]`, keys of 32 bytes
 * @throws Error with one line per problem; the keys themselves are never repeated
 */
export function parseKeyring(text: string): Keyring {
  const problems: string[] = [];
  const keys = new Map<string, Buffer>();
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  for (const [index, entry] of entries.entries()) {
    const colon = entry.indexOf(':');
    const id = entry.slice(0, Math.max(colon, 0));
    const encoded = entry.slice(colon + 1);
    const place = `HUB_ENCRYPTION_KEYS: entry ${index + 1}`;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(id))
      problems.push(`${place} needs an id of letters, digits, - or _ before a colon`);
    else if (keys.has(id)) problems.push(`${place}: the id "${id}" is there twice`);
    else if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded) || Buffer.from(encoded, 'base64').length !== 32)
      problems.push(
        `${place} ("${id}"): the key must be 32 bytes in base64 (make one with: openssl rand -base64 32)`,
      );
    else keys.set(id, Buffer.from(encoded, 'base64'));
  }
  const [first] = keys;
  if (entries.length === 0) problems.push('HUB_ENCRYPTION_KEYS: holds no key; expected id:base64key');
  if (problems.length > 0 || first === undefined) throw new Error(problems.join('\n'));
  return {
    current: { id: first[0], key: first[1] },
    get(id) {
      const key = keys.get(id);
      if (key === undefined)
        throw new HubError('ENCRYPTION_KEY_MISSING', {
          detail: `key id "${id}"; known: ${[...keys.keys()].join(', ')}`,
        });
      return key;
    },
    ids: () => [...keys.keys()],
  };
}

/** A new keyring text of one random key, its id the day it was made. */
export function generateEncryptionKeys(): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  return `k${day}:${randomBytes(32).toString('base64')}`;
}
