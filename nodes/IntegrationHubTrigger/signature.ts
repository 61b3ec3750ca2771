import { createHmac, timingSafeEqual } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: both ways, against replays.
const TOLERANCE_MS = 5 * 60_000;

/**
 * Whether a delivery is the hub's (Standard Webhooks, HMAC-SHA256 over `id.timestamp.body`).
 *
 * @param secret `whsec_` and base64
 * @param body as it came, byte for byte
 */
export function isGenuine(
	secret: string,
	headers: IDataObject,
	body: Buffer | string,
	now = Date.now(),
): boolean {
	const id = textOf(headers['webhook-id']);
	const timestamp = textOf(headers['webhook-timestamp']);
	const age = now - Number(timestamp) * 1000;
	if (!id || !/^\d{1,12}$/.test(timestamp) || Math.abs(age) > TOLERANCE_MS) return false;
	const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
	const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
	// While a secret is being replaced there are two signatures.
	return textOf(headers['webhook-signature'])
		.split(' ')
		.map((one) => one.split(','))
		.filter(([version]) => version === 'v1')
		.map(([, signature]) => Buffer.from(signature ?? '', 'base64'))
		.some((given) => given.length === wanted.length && timingSafeEqual(given, wanted));
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
