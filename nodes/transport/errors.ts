import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IN8nHttpFullResponse,
	type JsonObject,
} from 'n8n-workflow';
import { refusalIn, Refused } from './refusal';
import type { Service } from './service';
import type { Caller, Way } from './way';

/** What went wrong, in n8n's form: what happened as the message, what to do as the description. */
export function asNodeError(
	caller: Caller,
	service: Service,
	itemIndex: number,
	way: Way | null,
	error: unknown,
): NodeApiError | NodeOperationError {
	const node = caller.getNode();
	if (error instanceof Refused) {
		const { status, message, kind, advice, waitMs } = error.refusal;
		const httpCode = String(status);
		const isReconnect = kind === 'reconnect' || kind === 'expired';
		return new NodeApiError(node, { status, message } as JsonObject, {
			itemIndex,
			httpCode,
			message: isReconnect ? `The connection to ${service.name} needs to be reconnected` : message,
			description: isReconnect
				? reconnectAdvice(service, way, message)
				: (advice ?? adviceFor(service, kind, status, waitMs)),
			...(isReconnect ? { failure: { cause: 'credential-invalid' } } : {}),
		});
	}
	// n8n's own word, after the hub refused to renew the token.
	if (isCredentialInvalid(error))
		return new NodeOperationError(node, `The connection to ${service.name} needs to be reconnected`, {
			itemIndex,
			level: 'warning',
			description: reconnectAdvice(service, way, null),
			failure: { cause: 'credential-invalid' },
		});
	const renewalRefusal = renewalRefusalIn(error);
	if (renewalRefusal !== null)
		return new NodeOperationError(node, `The hub did not renew the connection to ${service.name}`, {
			itemIndex,
			description: `It said: ${renewalRefusal.replace(/\.$/, '')}. ${reconnectAdvice(service, way, null)}`,
		});
	// A 401 that outlived n8n's own renewal comes as an error: what it says is the provider's, as anywhere else.
	const answer = answerIn(error);
	const refusal = answer && refusalIn(service, answer);
	if (refusal) return asNodeError(caller, service, itemIndex, way, new Refused(refusal));
	const unreachable = way && networkCodeIn(error);
	if (unreachable) return unreached(caller, service, itemIndex, way, unreachable);
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	return new NodeOperationError(node, error instanceof Error ? error : String(error), { itemIndex });
}

function reconnectAdvice(service: Service, way: Way | null, reason: string | null): string {
	const why = reason ? `${service.name} said: ${reason.replace(/\.$/, '')}. ` : '';
	const where = way?.reconnectUrl
		? `Open ${way.reconnectUrl} and connect the account again; the workflow needs no change.`
		: 'Open the credential and connect the account again.';
	return why + where;
}

function adviceFor(service: Service, kind: string, status: number, waitMs?: number): string | undefined {
	if (kind === 'rate_limited') {
		const when = waitMs === undefined ? 'a while' : `${Math.ceil(waitMs / 1000)} s`;
		return `${service.name} wants to be left alone for ${when}. Turn on "Retry On Fail" in the node's settings, and the node waits as it is told.`;
	}
	if (status === 403)
		return `The connected account, or the permissions it was connected with, may not do this at ${service.name}.`;
	if (status === 404) return 'Check the ID: it may belong to another account, or be deleted.';
	if (status >= 500)
		return `${service.name} has trouble. Turn on "Retry On Fail" in the node's settings, or run it again later.`;
	return undefined;
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|TLS|SSL/i;

function unreached(
	caller: Caller,
	service: Service,
	itemIndex: number,
	way: Way,
	code: string,
): NodeApiError {
	const isHub = way.authentication === 'apiKey';
	const whom = isHub ? `The Integration Hub at ${way.hubUrl}` : service.name;
	// The code is not part of the message: n8n would put a general sentence in its place.
	const message = CERTIFICATE.test(code)
		? `${whom} shows a certificate that n8n does not trust`
		: /TIMEDOUT|TIMEOUT|ABORTED/i.test(code)
			? `${whom} did not answer in time`
			: `${whom} cannot be reached`;
	const advice = isHub
		? 'Check the hub address in the credential, and that the hub runs and can be reached from n8n'
		: 'Check that n8n can reach it, or run the workflow again later';
	return new NodeApiError(caller.getNode(), {} as JsonObject, {
		itemIndex,
		message,
		description: `${advice} (${code}).`,
	});
}

const isCredentialInvalid = (error: unknown) =>
	error instanceof NodeOperationError && error.failure?.cause === 'credential-invalid';

/** EAUTH is n8n's code for a token endpoint that did answer, with a refusal other than that of the grant. */
const renewalRefusalIn = (error: unknown): string | null =>
	error instanceof Error && 'code' in error && error.code === 'EAUTH' ? error.message : null;

/** The code of a failure that has no answer, however deep n8n has wrapped it. */
function networkCodeIn(error: unknown): string | null {
	const wrapped = unwrapped(error);
	if (wrapped.some(({ response }) => response !== undefined && response !== null)) return null;
	const codes = wrapped.map(({ code }) => code);
	const isNetwork = (code: unknown) =>
		typeof code === 'string' && /^E[A-Z_]+$|CERT|SELF_SIGNED|UNABLE_TO/.test(code);
	return (codes.find(isNetwork) as string | undefined) ?? null;
}

/** The answer that was made an error of. */
function answerIn(error: unknown): IN8nHttpFullResponse | null {
	for (const { response } of unwrapped(error)) {
		const { status, headers, data } = (response ?? {}) as IDataObject;
		if (typeof status === 'number')
			return { statusCode: status, headers: (headers ?? {}) as IDataObject, body: data as IDataObject };
	}
	return null;
}

/** An error and what it wraps, however deep n8n has wrapped it. */
function unwrapped(error: unknown): IDataObject[] {
	const found: IDataObject[] = [];
	for (let at = error; typeof at === 'object' && at !== null && found.length < 5;) {
		found.push(at as IDataObject);
		const { cause, errorResponse } = at as IDataObject;
		at = cause ?? errorResponse;
	}
	return found;
}
