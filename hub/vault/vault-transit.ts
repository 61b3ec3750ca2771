/**
 * HashiCorp Vault's transit engine, and OpenBao's, over HTTP: https://developer.hashicorp.com/vault/api-docs/secret/transit.
 * Vault has no client of its own for Node, and two requests need none. A token that has to be renewed is the work of
 * Vault Agent: the hub asks twice at its start and then no more.
 */
import { createEgress } from '../egress/egress.ts';
import type { KeyService, KeyServiceSettings } from './key-service.ts';

const TIMEOUT_MS = 5_000;
const ATTEMPTS = 3;

/** @param at `<mount>/<name of the key>` */
export async function openVaultTransit(
  at: string,
  { hashicorpVault }: KeyServiceSettings,
): Promise<KeyService> {
  if (hashicorpVault === null)
    throw new Error('VAULT_ADDR, VAULT_TOKEN: needed for a key that is kept by Vault');
  const { address, token, namespace } = hashicorpVault;
  const [mount, key] = [at.slice(0, at.lastIndexOf('/')), at.slice(at.lastIndexOf('/') + 1)];
  // Its own door: the operator's Vault is where the operator says, as the database is, and mostly on a private address.
  const egress = createEgress({ allowPrivateNetwork: true, timeoutMs: TIMEOUT_MS });

  async function ask(operation: 'encrypt' | 'decrypt', keyId: string, given: object): Promise<string> {
    const outgoing = {
      method: 'POST' as const,
      url: `${address}/v1/${mount}/${operation}/${key}`,
      headers: { 'x-vault-token': token, ...(namespace === null ? {} : { 'x-vault-namespace': namespace }) },
      json: { ...given, associated_data: Buffer.from(keyId).toString('base64') },
    };
    for (let attempt = 1; ; attempt++) {
      const outcome = await egress.send(outgoing, { hosts: [new URL(address).origin] });
      const answered = outcome.kind === 'answered' ? outcome.answer : null;
      const data = (answered?.body as Answer | undefined)?.data;
      const value = operation === 'encrypt' ? data?.ciphertext : data?.plaintext;
      if (answered?.status === 200 && typeof value === 'string') return value;
      const mayPass = answered === null || answered.status >= 500 || answered.status === 429;
      if (!mayPass || attempt >= ATTEMPTS)
        throw new Error(
          `Vault at ${address} does not serve it (${answered === null ? outcome.kind : `status ${answered.status}`}): ${
            answered === null ? 'it does not answer' : reasonOf(answered.body)
          }`,
        );
    }
  }

  return Promise.resolve({
    wrap: (value, keyId) => ask('encrypt', keyId, { plaintext: value.toString('base64') }),
    unwrap: async (wrapped, keyId) =>
      Buffer.from(await ask('decrypt', keyId, { ciphertext: wrapped }), 'base64'),
    close: () => egress.close(),
  });
}

type Answer = { data?: { ciphertext?: unknown; plaintext?: unknown }; errors?: unknown };

/** Vault's own words: `permission denied`, `encryption key not found`, … */
function reasonOf(body: unknown): string {
  const errors = (body as Answer | null)?.errors;
  return Array.isArray(errors) && errors.length > 0 ? String(errors[0]).slice(0, 200) : 'it says no more';
}
