/** https://developers.google.com/workspace/drive/api/guides/manage-uploads */
import {
	NodeApiError,
	NodeOperationError,
	sleep,
	type IDataObject,
	type IExecuteFunctions,
	type IHttpRequestMethods,
	type IN8nHttpFullResponse,
} from 'n8n-workflow';
import { request, requestJson } from '../transport';
import { chunksOf, type Content } from './content';
import { ANYWHERE, drive, FILES } from './service';

export type Upload = {
	/** The file whose content is replaced; left out: a new one. */
	fileId?: string;
	metadata: IDataObject;
	qs: IDataObject;
	content: Content;
	/** Bytes; a multiple of 256 KiB. */
	chunkSize: number;
};

// "Use multipart for small files (5 MB or less)"; larger ones would have to begin anew after a break.
const SMALL_BYTES = 5 * 1024 * 1024;

export async function upload(
	context: IExecuteFunctions,
	itemIndex: number,
	wanted: Upload,
): Promise<IDataObject> {
	const { fileId } = wanted;
	const target: Target = {
		method: fileId === undefined ? 'POST' : 'PATCH',
		url: `/upload${FILES}${fileId === undefined ? '' : `/${encodeURIComponent(fileId)}`}`,
	};
	return wanted.content.size <= SMALL_BYTES
		? await inOne(context, itemIndex, target, wanted)
		: await inChunks(context, itemIndex, target, wanted);
}

type Target = { method: IHttpRequestMethods; url: string };

async function inOne(
	context: IExecuteFunctions,
	itemIndex: number,
	target: Target,
	{ metadata, qs, content }: Upload,
): Promise<IDataObject> {
	const bytes = await content.all();
	const boundary = boundaryFor(bytes);
	const head =
		`--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(metadata)}\r\n` +
		`--${boundary}\r\nContent-Type: ${content.mimeType}\r\n\r\n`;
	return await requestJson(context, drive, itemIndex, {
		...target,
		qs: { ...ANYWHERE, ...qs, uploadType: 'multipart' },
		headers: { 'content-type': `multipart/related; boundary=${boundary}` },
		body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
	});
}

/** One that does not occur in the content. */
function boundaryFor(bytes: Buffer): string {
	for (let count = 0; ; count++) {
		const boundary = `integration-hub-${count}`;
		if (!bytes.includes(boundary)) return boundary;
	}
}

async function inChunks(
	context: IExecuteFunctions,
	itemIndex: number,
	target: Target,
	{ metadata, qs, content, chunkSize }: Upload,
): Promise<IDataObject> {
	const { headers } = await request(context, drive, itemIndex, {
		...target,
		qs: { ...ANYWHERE, ...qs, uploadType: 'resumable' },
		headers: { 'x-upload-content-type': content.mimeType, 'x-upload-content-length': content.size },
		body: metadata,
		json: true,
	});
	const send = sender(context, itemIndex, sessionPath(context, itemIndex, headers.location), content.size);
	let held = 0;
	for await (const chunk of chunksOf(content, chunkSize)) {
		const start = held;
		for (let stalls = 0; held < start + chunk.length;) {
			const answer = await send(held, chunk.subarray(held - start));
			if (answer.statusCode !== 308) return answer.body as IDataObject;
			const now = heldAfter(answer);
			if (now < start || now > start + chunk.length || (now === held && ++stalls > MOST_STALLS))
				throw unexpected(context, itemIndex, `Google Drive holds ${now} bytes after ${held} were sent`);
			held = now;
		}
	}
	throw unexpected(context, itemIndex, `The file ended after ${held} of ${content.size} bytes`);
}

// The provider may take less than it was sent; nothing at all so often in a row means that it never will.
const MOST_STALLS = 3;

/**
 * The session's address as a path under the API's base: behind the hub's proxy, or at a stand-in, it is another
 * address than the provider's own.
 */
export function sessionPath(context: IExecuteFunctions, itemIndex: number, location: unknown): string {
	const [, path] = /(\/upload\/drive\/v3\/files(?:\/[^/?#]+)?\?[^#]+)/.exec(String(location ?? '')) ?? [];
	if (path === undefined) throw unexpected(context, itemIndex, 'Google Drive began no upload session');
	return path;
}

/** `Range: bytes=0-1048575`: the bytes held so far; no such header: none. */
function heldAfter({ headers }: IN8nHttpFullResponse): number {
	const [, last] = /^bytes=0-(\d+)$/.exec(String(headers.range ?? '')) ?? [];
	return last === undefined ? 0 : Number(last) + 1;
}

// After a break: 0.5, 1, 2, 4, 8 s, as the documentation advises (exponential backoff).
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

/** Sends one chunk; after a break it asks what has arrived instead of sending blindly again. */
function sender(context: IExecuteFunctions, itemIndex: number, url: string, total: number) {
	const put = async (range: string, body?: Buffer) =>
		await request(context, drive, itemIndex, {
			method: 'PUT',
			url,
			headers: {
				'content-range': `bytes ${range}/${total}`,
				...(body === undefined ? {} : { 'content-type': 'application/octet-stream' }),
			},
			...(body === undefined ? {} : { body }),
		});
	const again = async (error: unknown, breaks: number): Promise<null> => {
		const pause = PAUSES_MS[breaks];
		if (pause === undefined || !passes(error)) return await Promise.reject(error);
		await sleep(pause);
		return null;
	};
	return async (start: number, chunk: Buffer): Promise<IN8nHttpFullResponse> => {
		for (let breaks = 0; ; breaks++) {
			const sent = breaks === 0 ? put(`${start}-${start + chunk.length - 1}`, chunk) : put('*');
			const answer = await sent.catch((error: unknown) => again(error, breaks));
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

const unexpected = (context: IExecuteFunctions, itemIndex: number, message: string) =>
	new NodeOperationError(context.getNode(), message, {
		itemIndex,
		description: 'The upload is not complete. Run the node again for this item.',
	});
