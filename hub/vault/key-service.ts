/**
 * Services that keep keys which never leave them. A key-encryption key of the hub's is wrapped there, and unwrapped
 * once by each process at its start: sealing and opening ask nobody, and a service that is away later is not missed.
 */
import type { Config } from '../config.ts';
import { openAwsKms } from './aws-kms.ts';
import { openVaultTransit } from './vault-transit.ts';

/** `keyId` is authenticated with what is wrapped: a row of another key does not unwrap. */
export type KeyService = {
  /** @returns text that may be stored. @throws Error of one line, without a secret */
  wrap: (key: Buffer, keyId: string) => Promise<string>;
  /** @throws Error of one line, without a secret */
  unwrap: (wrapped: string, keyId: string) => Promise<Buffer>;
  close: () => Promise<void>;
};

/** By the word before the colon in HUB_ENCRYPTION_KEYS. `at` is what comes after it. */
export const KEY_SERVICES = {
  awskms: {
    example: 'awskms:arn:aws:kms:eu-central-1:123456789012:key/…',
    isPlace: (at: string) => /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w/-]+$/.test(at),
    open: openAwsKms,
  },
  vault: {
    example: 'vault:transit/integration-hub',
    isPlace: (at: string) => /^[\w-]+(\/[\w-]+)*\/[\w-]+$/.test(at),
    open: openVaultTransit,
  },
} as const satisfies Record<string, KeyServiceKind>;

export type KeyServiceName = keyof typeof KEY_SERVICES;
export type KeyServiceSettings = Pick<Config, 'hashicorpVault'>;

type KeyServiceKind = {
  example: string;
  isPlace: (at: string) => boolean;
  open: (at: string, settings: KeyServiceSettings) => Promise<KeyService>;
};
