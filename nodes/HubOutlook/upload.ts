/** https://learn.microsoft.com/graph/api/attachment-createuploadsession */
import {
	NodeApiError,
	NodeOperationError,
	sleep,
	type IDataObject,
	type IExecuteFunctions,
	type IN8nHttpFullResponse,
	type JsonObject,
} from 'n8n-workflow';
import { chunksOf } from '../transport/content';
import type { Attachment } from './attach';
import { graph } from './graph';

// "up to 4 MB each time"; a multiple of 320 KiB, as Microsoft's other upload sessions want it.
const CHUNK_BYTES = 10 * 320 * 1024;

type Session = { uploadUrl: string };

export async function uploadAttachment(
	context: IExecuteFunctions,
	itemIndex: number,
	item: string,
	{ name, contentId, content }: Attachment,
): Promise<IDataObject> {
	const { uploadUrl } = await graph<Session>(
		context,
		itemIndex,
		'POST',
		`${item}/attachments/createUploadSession`,
		{
			AttachmentItem: {
				attachmentType: 'file',
				name,
				size: content.size,
				contentType: content.mimeType,
				...(contentId === '' ? {} : { contentId, isInline: true }),
			},
		},
	);
	const send = sender(context, itemIndex, uploadUrl, name, content.size);
	let held = 0;
	for await (const chunk of chunksOf(content, CHUNK_BYTES)) {
		const start = held;
		const end = start + chunk.length;
		for (let stalls = 0; held < end;) {
			const answer = await send(held, chunk.subarray(held - start));
			const now = heldAfter(answer, content.size);
			const fits = now >= start && now <= end;
			if (!fits || (now === held && ++stalls > MOST_STALLS))
				throw incomplete(
					context,
					itemIndex,
					`Outlook holds ${now} bytes of “${name}” after ${end} were sent`,
				);
			held = now;
			if (answer.statusCode === 201)
				return { ...idIn(answer), name, contentType: content.mimeType, size: content.size };
		}
	}
	throw incomplete(context, itemIndex, `“${name}” ended after ${held} of ${content.size} bytes`);
}

// Outlook may take less than it was sent; nothing at all so often in a row means that it never will.
const MOST_STALLS = 3;

/** `{"nextExpectedRanges": ["2097152"]}` as long as there is more to come, 201 at the end. */
function heldAfter({ statusCode, body }: IN8nHttpFullResponse, total: number): number {
	if (statusCode === 201) return total;
	const { nextExpectedRanges, NextExpectedRanges } = asJson(body);
	const [next = ''] = (nextExpectedRanges ?? NextExpectedRanges ?? []) as string[];
	return Number.parseInt(next, 10);
}

/** `…/Attachments('AAMk…')` is all that the last answer tells of the attachment. */
function idIn({ headers }: IN8nHttpFullResponse): IDataObject {
	const [, id] = /\/attachments\('([^']+)'\)/i.exec(String(headers.location ?? '')) ?? [];
	return id === undefined ? {} : { id: decodeURIComponent(id) };
}

// After a break: 0.5, 1, 2, 4, 8 s.
const PAUSES_MS = [500, 1000, 2000, 4000, 8000];

/**
 * Sends one range, and again after a break that passes. The address carries its own permission: no token goes
 * there, and it is in no error.
 */
function sender(context: IExecuteFunctions, itemIndex: number, url: string, name: string, total: number) {
	const put = async (start: number, chunk: Buffer): Promise<IN8nHttpFullResponse | null> => {
		try {
			return (await context.helpers.httpRequest({
				method: 'PUT',
				url,
				headers: {
					'content-type': 'application/octet-stream',
					'content-range': `bytes ${start}-${start + chunk.length - 1}/${total}`,
				},
				body: chunk,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
			})) as IN8nHttpFullResponse;
		} catch {
			// The network's own errors name the address.
			return null;
		}
	};
	return async (start: number, chunk: Buffer): Promise<IN8nHttpFullResponse> => {
		for (let breaks = 0; ; breaks++) {
			const answer = await put(start, chunk);
			if (answer && answer.statusCode < 400) return answer;
			const pause = PAUSES_MS[breaks];
			const mayPass = answer === null || answer.statusCode === 429 || answer.statusCode >= 500;
			if (pause === undefined || !mayPass) throw refused(context, itemIndex, name, answer);
			await sleep(pause);
		}
	};
}

function refused(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	answer: IN8nHttpFullResponse | null,
): NodeApiError | NodeOperationError {
	if (answer === null)
		return incomplete(context, itemIndex, `The connection broke while “${name}” was uploaded to Outlook`);
	const { error } = asJson(answer.body) as { error?: { message?: string } };
	return new NodeApiError(context.getNode(), { status: answer.statusCode } as JsonObject, {
		itemIndex,
		httpCode: String(answer.statusCode),
		message: `Outlook did not take “${name}”: ${error?.message ?? `it answered with status ${answer.statusCode}`}`,
		description:
			'Run it again: each run gets an upload of its own. Where the file is too large for the mailbox, its administrator can raise the limit.',
	});
}

const incomplete = (context: IExecuteFunctions, itemIndex: number, message: string) =>
	new NodeOperationError(context.getNode(), message, {
		itemIndex,
		description: 'The upload is not complete. Run the node again for this item.',
	});

/** A body of bytes makes n8n leave the answer as text. */
function asJson(body: unknown): IDataObject {
	try {
		return ((typeof body === 'string' ? JSON.parse(body) : body) ?? {}) as IDataObject;
	} catch {
		return {};
	}
}
