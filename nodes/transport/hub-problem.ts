import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import type { Refusal } from './service';

const NEEDS_A_PERSON = ['REAUTHORIZATION_REQUIRED', 'CONNECTION_DISCONNECTED'];

const ADVICE: { [code: string]: string } = {
	UNAUTHENTICATED:
		'The hub does not know this API key. Check the key in the credential; it may have been deleted.',
	FORBIDDEN: 'This API key has no right to use connections: it needs the role builder or admin.',
	CONNECTION_NOT_FOUND:
		'The hub has no such connection, or it belongs to another user than this API key. Choose one from the list.',
};

/**
 * What the hub itself says, in place of the provider (RFC 9457; the hub marks its own answers with
 * `Hub-Problem`). Null: the answer is the provider's.
 */
export function hubProblemIn({ headers, body, statusCode }: IN8nHttpFullResponse): Refusal | null {
	const code = headers['hub-problem'];
	if (typeof code !== 'string') return null;
	const { title, detail } = problemIn(body);
	const said = [...new Set([title, detail])].filter(Boolean).join(': ') || code;
	const retryAfter = Number(headers['retry-after']);
	return {
		kind: NEEDS_A_PERSON.includes(code) ? 'reconnect' : statusCode === 429 ? 'rate_limited' : 'refused',
		status: statusCode,
		message: said,
		...(ADVICE[code] === undefined ? {} : { advice: ADVICE[code] }),
		...(Number.isFinite(retryAfter) ? { waitMs: retryAfter * 1000 } : {}),
	};
}

function problemIn(body: unknown): IDataObject {
	if (Buffer.isBuffer(body) || typeof body === 'string') {
		try {
			return JSON.parse(body.toString()) as IDataObject;
		} catch {
			return {};
		}
	}
	return (body ?? {}) as IDataObject;
}
