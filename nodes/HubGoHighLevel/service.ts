import type { IN8nHttpFullResponse } from 'n8n-workflow';
import type { Refusal, Service } from '../transport';

export const gohighlevel: Service = {
	id: 'gohighlevel',
	name: 'GoHighLevel',
	credential: 'hubGoHighLevelOAuth2Api',
	apiBaseUrl: 'https://services.leadconnectorhq.com',
	refusal,
};

/** `message` is a list where several fields are at fault. https://marketplace.gohighlevel.com/docs */
type Fault = { statusCode?: number; message?: string | string[]; error?: string };

const ADVICE: { [status: number]: string } = {
	400: 'Check the fields that are named. A duplicate contact is one that is there already: use Create or Update.',
	403: 'The sub-account, or the permissions it was connected with, may not do this: connect it again and allow them all.',
	404: 'Check the ID: it may belong to another sub-account, or be deleted.',
	422: 'Check the fields that are named, and that IDs belong to this sub-account.',
};

function refusal({ statusCode, body, headers }: IN8nHttpFullResponse): Partial<Refusal> | null {
	if (statusCode < 400) return null;
	const { message, error } = parsed(body);
	const said = Array.isArray(message) ? message.join('; ') : (message ?? error);
	const told = said === undefined ? {} : { message: said };
	if (statusCode === 429) return { kind: 'rate_limited', ...told, ...waitIn(headers) };
	// A scope that is missing is a 401 as well, told apart by nothing but its sentence.
	if (/not authorized for this scope/i.test(said ?? ''))
		return {
			kind: 'refused',
			...told,
			advice:
				'The connection lacks a permission that this operation needs. Connect the account again and allow it.',
		};
	const advice = ADVICE[statusCode];
	return { ...told, ...(advice === undefined ? {} : { advice }) };
}

/** A full burst passes within its interval: 100 calls in 10 s. */
function waitIn(headers: IN8nHttpFullResponse['headers']): { waitMs?: number } {
	if (headers['retry-after'] !== undefined) return {};
	const interval = Number(headers['x-ratelimit-interval-milliseconds'] ?? NaN);
	if (headers['x-ratelimit-daily-remaining'] === '0' || !(interval > 0)) return {};
	return { waitMs: interval };
}

function parsed(body: unknown): Fault {
	if (!Buffer.isBuffer(body) && typeof body !== 'string') return (body ?? {}) as Fault;
	try {
		return JSON.parse(body.toString()) as Fault;
	} catch {
		return {};
	}
}
