/** https://developers.google.com/workspace/gmail/api/guides/sending and …/guides/uploads */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type IHttpRequestMethods,
} from 'n8n-workflow';
import { requestJson } from '../transport';
import { mimeMessage, type OutgoingMessage } from './mime';
import { gmail, MAILBOX } from './service';

// A request in JSON is for some 5 MB, of which base64 leaves three quarters.
const LARGE_BYTES = 3 * 1024 * 1024;
// `maxSize` in Gmail's discovery document: 35 MiB.
const MOST_BYTES = 36_700_160;

export type Delivery = {
	method: IHttpRequestMethods;
	/** Under the mailbox: `/messages/send`. */
	path: string;
	message: OutgoingMessage;
	threadId?: string | undefined;
	/** Where the call wants the message inside something: a draft. */
	within?: 'message';
};

/** Hands a message to Gmail: in JSON where it is small, by the upload address where it is not. */
export async function deliver(
	context: IExecuteFunctions,
	itemIndex: number,
	{ method, path, message, threadId, within }: Delivery,
): Promise<IDataObject> {
	const mime = mimeMessage(message);
	if (mime.length > MOST_BYTES)
		throw new NodeOperationError(
			context.getNode(),
			`The message has ${Math.ceil(mime.length / 1048576)} MB, Gmail takes 35 MB`,
			{
				itemIndex,
				description: 'Send fewer or smaller attachments, or put them into a drive and send links.',
			},
		);
	const wrapped = (fields: IDataObject) => (within ? { [within]: fields } : fields);
	const thread = threadId ? { threadId } : {};
	if (mime.length <= LARGE_BYTES)
		return await requestJson(context, gmail, itemIndex, {
			method,
			url: `${MAILBOX}${path}`,
			body: wrapped({ raw: mime.toString('base64url'), ...thread }),
			json: true,
		});
	return await requestJson(context, gmail, itemIndex, {
		method,
		url: `/upload${MAILBOX}${path}`,
		qs: { uploadType: 'multipart' },
		headers: { 'content-type': `multipart/related; boundary="${BOUNDARY}"` },
		body: related(wrapped(thread), mime),
	});
}

// No line of a message begins with it: its own boundaries are other words, and bodies are base64.
const BOUNDARY = '=_upload';

const related = (metadata: IDataObject, mime: Buffer) =>
	Buffer.concat([
		Buffer.from(
			`--${BOUNDARY}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(metadata)}\r\n` +
				`--${BOUNDARY}\r\nContent-Type: message/rfc822\r\n\r\n`,
		),
		mime,
		Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
	]);
