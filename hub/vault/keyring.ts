/**
 * Key-encryption keys by id. The first one seals, all of them open, so a new key is added in front and
 * the old one stays until everything is rewrapped.
 */
import { randomBytes } from 'node:crypto';
import { HubError } from '../errors.ts';
import { KEY_SERVICES, type KeyServiceName } from './key-service.ts';

export type Keyring = {
  /** The key that seals. */
  current: { id: string; key: Buffer };
  /** @throws HubError ENCRYPTION_KEY_MISSING naming the id */
  get: (id: string) => Buffer;
  ids: () => string[];
};

/** A key that a service keeps: `k2:awskms:<arn>`, `k3:vault:<mount>/<key>`. */
export type KeptKey = { id: string; service: KeyServiceName; at: string };
export type KeyEntry = { id: string; key: Buffer } | KeptKey;

/**
 * @param text `id:key[,id:key…]`; a key is 32 bytes in base64, or a place at a key service
 * @throws Error with one line per problem; the keys themselves are never repeated
 */
export function parseKeyEntries(text: string): KeyEntry[] {
  const problems: string[] = [];
  const found = new Map<string, KeyEntry>();
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  for (const [index, entry] of entries.entries()) {
    const colon = entry.indexOf(':');
    const id = entry.slice(0, Math.max(colon, 0));
    const place = `HUB_ENCRYPTION_KEYS: entry ${index + 1}`;
    const value = valueOf(entry.slice(colon + 1));
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(id))
      problems.push(`${place} needs an id of letters, digits, - or _ before a colon`);
    else if (found.has(id)) problems.push(`${place}: the id "${id}" is there twice`);
    else if (typeof value === 'string') problems.push(`${place} ("${id}"): ${value}`);
    else found.set(id, { id, ...value });
  }
  if (entries.length === 0) problems.push('HUB_ENCRYPTION_KEYS: holds no key; expected id:base64key');
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return [...found.values()];
}

/** @returns what is wrong, as a text, where something is */
function valueOf(text: string): { key: Buffer } | Omit<KeptKey, 'id'> | string {
  const [service, at] = split(text);
  if (at !== undefined && isKeyService(service))
    return KEY_SERVICES[service].isPlace(at)
      ? { service, at }
      : `expected a place such as ${KEY_SERVICES[service].example}`;
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || Buffer.from(text, 'base64').length !== 32)
    return 'the key must be 32 bytes in base64 (make one with: openssl rand -base64 32)';
  return { key: Buffer.from(text, 'base64') };
}

const split = (text: string): [string, string?] =>
  text.includes(':') ? [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)] : [text];
const isKeyService = (word: string): word is KeyServiceName => Object.hasOwn(KEY_SERVICES, word);

/** @throws Error as `parseKeyEntries`, and where a key is kept by a service (hub/vault/open-keyring.ts asks it) */
export function parseKeyring(text: string): Keyring {
  return keyringOf(
    parseKeyEntries(text).map((entry) => {
      if ('key' in entry) return entry;
      throw new Error(`HUB_ENCRYPTION_KEYS: "${entry.id}" is kept by a key service`);
    }),
  );
}

/** @param entries one at least; the first is the one that seals */
export function keyringOf(entries: readonly { id: string; key: Buffer }[]): Keyring {
  const keys = new Map(entries.map(({ id, key }) => [id, key]));
  const [current] = entries;
  if (current === undefined) throw new Error('HUB_ENCRYPTION_KEYS: holds no key; expected id:base64key');
  return {
    current,
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
