import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import { hubProblemIn } from './hub-problem';
import type { Refusal, Service } from './service';

/** Thrown inside the transport only; what leaves it is a NodeApiError. */
export class Refused extends Error {
	readonly refusal: Refusal;

	constructor(refusal: Refusal) {
		super(refusal.message);
		this.refusal = refusal;
	}
}

/** What is wrong with an answer, in one shape for all providers; null: nothing is. */
export function refusalIn(service: Service, response: IN8nHttpFullResponse): Refusal | null {
	const problem = hubProblemIn(response);
	if (problem) return problem;
	const own = service.refusal?.(response) ?? null;
	const { statusCode: status } = response;
	if (own === null && status < 400) return null;
	const waitMs = own?.waitMs ?? retryAfterMs(response.headers);
	return {
		kind: status === 401 ? 'expired' : status === 429 ? 'rate_limited' : 'refused',
		status,
		message: sentenceIn(response.body) ?? `${service.name} answered with status ${status}`,
		...(waitMs === undefined ? {} : { waitMs }),
		...own,
	};
}

/** RFC 9110 §10.2.3: seconds, or a date. */
export function retryAfterMs(headers: IDataObject): number | undefined {
	const value = headers['retry-after'];
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const seconds = Number(value);
	const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(value)) - Date.now();
	return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** The sentence in an error body, wherever the provider keeps it. */
export function sentenceIn(body: unknown): string | undefined {
	if (Buffer.isBuffer(body)) return sentenceIn(parsed(body.toString('utf8')));
	// A page of HTML says nothing to a person who builds a workflow.
	if (typeof body === 'string')
		return body.trim() === '' || /^\s*</.test(body) ? undefined : body.slice(0, 500);
	if (Array.isArray(body)) return sentenceIn(body[0]);
	if (typeof body !== 'object' || body === null) return undefined;
	const fields = body as IDataObject;
	for (const name of ['message', 'error_user_msg', 'error_description', 'error_summary', 'detail', 'title']) {
		const value = fields[name];
		if (typeof value === 'string' && value !== '') return value;
		if (Array.isArray(value) && typeof value[0] === 'string') return value.join('; ');
	}
	return sentenceIn(fields.error) ?? sentenceIn(fields.errors);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
