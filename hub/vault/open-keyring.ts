/** The keys of HUB_ENCRYPTION_KEYS, those included that a key service keeps. */
import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { findWrappedKey, keepWrappedKey } from '../database/wrapped-keys.ts';
import { KEY_SERVICES, type KeyServiceSettings } from './key-service.ts';
import { keyringOf, parseKeyEntries, type KeptKey, type Keyring } from './keyring.ts';
import { createVault, type Vault } from './vault.ts';

/**
 * Asks each key service once; afterwards nobody is asked.
 * @throws Error with one line per problem: of HUB_ENCRYPTION_KEYS, or of a service that does not serve a key
 */
export async function openVault(
  config: Pick<Config, 'encryptionKeys'> & KeyServiceSettings,
  db: Database,
): Promise<Vault> {
  if (config.encryptionKeys === null)
    throw new Error('HUB_ENCRYPTION_KEYS: needed, as id:base64key (npm start makes one by itself)');
  return createVault(await openKeyring(config.encryptionKeys, config, db));
}

async function openKeyring(text: string, settings: KeyServiceSettings, db: Database): Promise<Keyring> {
  const opened = await Promise.allSettled(
    parseKeyEntries(text).map(async (entry) => ({
      id: entry.id,
      key: 'key' in entry ? entry.key : await fetchKey(entry, settings, db),
    })),
  );
  const problems = opened.flatMap((one) =>
    one.status === 'rejected' ? [one.reason instanceof Error ? one.reason.message : String(one.reason)] : [],
  );
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return keyringOf(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
}

/** Made here the first time, and kept in the database as the service wrapped it. */
async function fetchKey(entry: KeptKey, settings: KeyServiceSettings, db: Database): Promise<Buffer> {
  const { id, service, at } = entry;
  try {
    const opened = await KEY_SERVICES[service].open(at, settings);
    try {
      const wrapped = (await findWrappedKey(db, id)) ?? (await makeKey());
      const key = await opened.unwrap(wrapped, id);
      if (key.length !== 32) throw new Error('what it unwrapped is not a key of 32 bytes');
      return key;
    } finally {
      await opened.close();
    }

    async function makeKey(): Promise<string> {
      const wrapped = await opened.wrap(randomBytes(32), id);
      return keepWrappedKey(db, { id, service: `${service}:${at}`, wrapped });
    }
  } catch (error) {
    throw new Error(
      `HUB_ENCRYPTION_KEYS: "${id}": ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}
