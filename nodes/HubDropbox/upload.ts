/** https://www.dropbox.com/developers/documentation/http/documentation#files-upload_session-start */
import {
	NodeApiError,
	NodeOperationError,
	sleep,
	type IDataObject,
	type IExecuteFunctions,
	type IN8nHttpFullResponse,
} from 'n8n-workflow';
import { chunksOf, type Content } from '../transport/content';
import { contentCall } from './call';

const MIB = 1024 * 1024;
// Dropbox takes 150 MiB in one request; a smaller one has less to lose in a break, and to hold in memory.
const SMALL_BYTES = 8 * MIB;

/**
 * @param commit where and how the file is kept (`CommitInfo`)
 * @param chunkSize bytes
 */
export async function upload(
	context: IExecuteFunctions,
	itemIndex: number,
	commit: IDataObject,
	content: Content,
	chunkSize: number,
): Promise<IDataObject> {
	const send = sender(context, itemIndex);
	if (content.size <= SMALL_BYTES) return bodyOf(await send('files/upload', commit, await content.all()));
	let session: string | null = null;
	let held = 0;
	for await (const chunk of chunksOf(content, chunkSize)) {
		if (session === null) {
			const started = bodyOf(await send('files/upload_session/start', { close: false }, chunk));
			session = String(started.session_id);
		} else await append(context, itemIndex, session, held, chunk);
		held += chunk.length;
	}
	if (session === null || held !== content.size)
		throw incomplete(context, itemIndex, `The file ended after ${held} of ${content.size} bytes`);
	const cursor = { session_id: session, offset: held };
	return bodyOf(await send('files/upload_session/finish', { cursor, commit }, Buffer.alloc(0)));
}

// Dropbox may say that it holds less than it was sent; as often in a row at the same place means that it never will.
const MOST_STALLS = 3;

/** After a break nobody knows what has arrived: Dropbox tells it to whoever sends again at the old place. */
async function append(
	context: IExecuteFunctions,
	itemIndex: number,
	session: string,
	start: number,
	chunk: Buffer,
): Promise<void> {
	const send = sender(context, itemIndex);
	const end = start + chunk.length;
	for (let at = start, stalls = 0; at < end;) {
		const cursor = { session_id: session, offset: at };
		const answer = await send('files/upload_session/append_v2', { cursor }, chunk.subarray(at - start));
		const holds = correctOffset(answer);
		if (holds === null) return;
		if (holds < start || holds > end || (holds === at && ++stalls > MOST_STALLS))
			throw incomplete(context, itemIndex, `Dropbox holds ${holds} bytes after ${at} were sent`);
		at = holds;
	}
}

/** `{"error": {".tag": "incorrect_offset", "correct_offset": 8388608}}` with status 409. */
function correctOffset({ statusCode, body }: IN8nHttpFullResponse): number | null {
	if (statusCode !== 409) return null;
	const { error } = (body ?? {}) as { error?: IDataObject };
	return error?.['.tag'] === 'incorrect_offset' && typeof error.correct_offset === 'number'
		? error.correct_offset
		: null;
}

// After a break: 0.5, 1, 2, 4, 8 s.
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

/** Sends bytes, and again after a break that passes. */
function sender(context: IExecuteFunctions, itemIndex: number) {
	const again = async (error: unknown, breaks: number): Promise<null> => {
		const pause = PAUSES_MS[breaks];
		if (pause === undefined || !passes(error)) return await Promise.reject(error);
		await sleep(pause);
		return null;
	};
	return async (endpoint: string, arg: IDataObject, body: Buffer): Promise<IN8nHttpFullResponse> => {
		for (let breaks = 0; ; breaks++) {
			const answer = await contentCall(context, itemIndex, endpoint, arg, {
				headers: { 'content-type': 'application/octet-stream' },
				body,
				accepts: (one) => correctOffset(one) !== null,
			}).catch((error: unknown) => again(error, breaks));
			if (answer !== null) return answer;
		}
	};
}

/** Trouble at the provider or on the way; what the request itself is at fault for does not pass. */
function passes(error: unknown): boolean {
	if (!(error instanceof NodeApiError)) return false;
	const status = Number(error.httpCode);
	return !Number.isFinite(status) || status === 0 || status >= 500;
}

/** A body of bytes makes n8n leave the answer as text. */
function bodyOf({ body }: IN8nHttpFullResponse): IDataObject {
	if (typeof body !== 'string') return body as IDataObject;
	return JSON.parse(body) as IDataObject;
}

const incomplete = (context: IExecuteFunctions, itemIndex: number, message: string) =>
	new NodeOperationError(context.getNode(), message, {
		itemIndex,
		description: 'The upload is not complete. Run the node again for this item.',
	});
