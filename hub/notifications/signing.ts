/**
 * Messages as the Standard Webhooks specification has them (standardwebhooks.com): three headers, and an
 * HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>`.
 */
import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { EventRow } from '../database/events.ts';
import { webhookSecretsPlace } from '../database/webhooks.ts';
import type { Envelope, Vault } from '../vault/vault.ts';
import { lifecycleEvent } from './lifecycle-event.ts';

/** `until`: when a secret that was replaced no longer signs; null: it is the present one. */
export type SigningSecret = { secret: string; until: string | null };

// A header takes no endless list of signatures: of the secrets that were replaced, the latest few sign.
const MOST_REPLACED = 4;

/** 256 bits; the specification asks for 192 to 512. */
export const newSecret = (): SigningSecret => ({
  secret: `whsec_${randomBytes(32).toString('base64')}`,
  until: null,
});

/** A new secret in front; those before it sign beside it for a while, so that receivers change over without a gap. */
export function rotated(secrets: SigningSecret[], now: Date, overlapMs: number): SigningSecret[] {
  const until = new Date(now.getTime() + overlapMs).toISOString();
  const replaced = stillSigning(secrets, now).map((one) => ({ ...one, until: one.until ?? until }));
  return [newSecret(), ...replaced.slice(0, MOST_REPLACED)];
}

export const stillSigning = (secrets: SigningSecret[], now: Date): SigningSecret[] =>
  secrets.filter(({ until }) => until === null || Date.parse(until) > now.getTime());

export const sealSecrets = (vault: Vault, webhookId: string, secrets: SigningSecret[]): Envelope =>
  vault.seal(webhookSecretsPlace(webhookId), secrets);

export const openSecrets = (vault: Vault, webhook: { id: string; sealedSecrets: string }): SigningSecret[] =>
  vault.open<SigningSecret[]>(webhookSecretsPlace(webhook.id), webhook.sealedSecrets);

/** @param id the same at every attempt, so that a receiver knows a repetition */
export function signedMessage(id: string, event: EventRow, secrets: SigningSecret[], now: Date) {
  const body = { type: event.type, timestamp: event.at.toISOString(), data: lifecycleEvent(event) };
  // What goes out is this text: JSON.stringify of the same value is the same text.
  const text = JSON.stringify(body);
  const signatures = stillSigning(secrets, now).map(({ secret }) => new Webhook(secret).sign(id, now, text));
  return {
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': signatures.join(' '),
    },
  };
}
