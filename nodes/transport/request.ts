import {
	sleep,
	type IDataObject,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
	type IN8nHttpFullResponse,
} from 'n8n-workflow';
import { asNodeError } from './errors';
import { refusalIn, Refused } from './refusal';
import type { Service } from './service';
import { withErrorRead } from './stream-body';
import { along, wayOf, type Caller, type Way } from './way';

/** One call of a provider; `url` under the API's base. An address that carries its own permission is called without. */
export type Call = Omit<IHttpRequestOptions, 'baseURL' | 'ignoreHttpStatusErrors' | 'returnFullResponse'> & {
	/** A name of the service's `otherApiBaseUrls`. */
	base?: string;
	/** Answers that their status calls refusals and the caller wants to read: a link that exists already, say. */
	accepts?: (answer: IN8nHttpFullResponse) => boolean;
};

/**
 * Makes one call, as often as it takes: once more with a newer token where the old one had died, and again
 * after the wait a rate limit asks for, where the node is set to retry.
 *
 * @throws NodeApiError | NodeOperationError that says what happened and what to do; never with a token in it
 */
export async function request(
	caller: IExecuteFunctions | ILoadOptionsFunctions,
	service: Service,
	itemIndex: number,
	{ base, accepts, ...options }: Call,
): Promise<IN8nHttpFullResponse> {
	return await patiently(caller, service, itemIndex, base, async (way) => {
		const answer = await signed(caller, way, along(way, options));
		const refusal = accepts?.(answer) ? null : refusalIn(service, answer);
		if (refusal) throw new Refused(refusal);
		return safe(service, answer);
	});
}

export const safe = ({ withoutSecrets }: Service, answer: IN8nHttpFullResponse): IN8nHttpFullResponse =>
	withoutSecrets ? { ...answer, body: withoutSecrets(answer.body) } : answer;

/** The same, for those who want the body alone. */
export async function requestJson<T = IDataObject>(
	caller: IExecuteFunctions | ILoadOptionsFunctions,
	service: Service,
	itemIndex: number,
	call: Call,
): Promise<T> {
	return (await request(caller, service, itemIndex, call)).body as T;
}

export async function signed(
	caller: Caller,
	way: Way,
	options: IHttpRequestOptions,
): Promise<IN8nHttpFullResponse> {
	const answer = (await caller.helpers.httpRequestWithAuthentication.call(
		caller as IExecuteFunctions,
		way.credential,
		options,
	)) as IN8nHttpFullResponse;
	return await withErrorRead(answer);
}

// A provider that wants to be left alone for longer than this is better asked by a later run.
const LONGEST_WAIT_MS = 5 * 60_000;

// A token that was revoked may be an old one: its connection may have been reconnected at the hub since.
const NEWER_TOKEN_HELPS = ['expired', 'reconnect'];

/** @param send is called with the way as it is now: what goes with a token changes with it */
export async function patiently<T>(
	caller: Caller,
	service: Service,
	itemIndex: number,
	base: string | undefined,
	send: (way: Way) => Promise<T>,
): Promise<T> {
	let way: Way | null = null;
	let renewed = false;
	for (let waits = waitsOf(caller); ;) {
		try {
			way = await wayOf(caller, service, itemIndex, base);
			return await send(way);
		} catch (thrown) {
			const last = way && refusedAfterRenewal(service, way, thrown);
			const error = last ?? thrown;
			if (last) renewed = true;
			const refusal = error instanceof Refused ? error.refusal : null;
			try {
				if (
					refusal &&
					NEWER_TOKEN_HELPS.includes(refusal.kind) &&
					way?.authentication === 'hubConnection' &&
					!renewed
				) {
					renewed = true;
					const now = await wayOf(caller, service, itemIndex, base);
					// Another execution may have renewed it meanwhile: its token is not to be spent unseen.
					if (now.token === way.token) await renew(caller, service);
					continue;
				}
			} catch (failed) {
				throw asNodeError(caller, service, itemIndex, way, failed);
			}
			if (refusal?.kind === 'rate_limited' && waits > 0 && (refusal.waitMs ?? 0) <= LONGEST_WAIT_MS) {
				waits--;
				await sleep(refusal.waitMs ?? 1000);
				continue;
			}
			throw asNodeError(caller, service, itemIndex, way, error);
		}
	}
}

/**
 * n8n throws a 401 that is still one after its refresh. What the provider says with it counts all the same: some
 * mean a missing permission by it.
 */
function refusedAfterRenewal(service: Service, way: Way, thrown: unknown): Refused | null {
	const response = responseIn(thrown);
	// The renewal itself may have been refused: that is the hub's word.
	if (response?.status !== 401 || String(response.config?.url).startsWith(way.hubUrl)) return null;
	const { headers = {}, data } = response;
	const refusal = refusalIn(service, { statusCode: 401, headers, body: data as IDataObject });
	return refusal && new Refused(refusal);
}

type Response = { status?: number; headers?: IDataObject; data?: unknown; config?: { url?: string } };

/** However deep n8n has wrapped it. */
function responseIn(thrown: unknown): Response | null {
	for (let at = thrown, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
		const { response, cause, errorResponse } = at as IDataObject & { cause?: unknown };
		if (typeof response === 'object' && response !== null) return response as Response;
		at = cause ?? errorResponse;
	}
	return null;
}

/** n8n refreshes by itself after a 401 alone; providers that say it otherwise need this. */
async function renew(caller: Caller, service: Service): Promise<void> {
	await caller.helpers.refreshOAuth2Token.call(caller as IExecuteFunctions, service.credential);
}

/** Waits are taken only where the node is set to "Retry On Fail", and as many as it has tries. */
function waitsOf(caller: Caller): number {
	const { retryOnFail, maxTries } = caller.getNode();
	return retryOnFail === true ? Math.min(5, Math.max(2, maxTries ?? 3)) - 1 : 0;
}
