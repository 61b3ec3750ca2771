/** The file operations that are code. https://docs.slack.dev/messaging/working-with-files */
import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type IN8nHttpFullResponse,
	type JsonObject,
} from 'n8n-workflow';
import { eachItem, jsonItems, request, requestJson } from '../transport';
import { collectionOf, givenIn } from './fields';
import { slack } from './service';

type File = IDataObject & { name?: string; title?: string; mimetype?: string; url_private_download?: string };

export const fileOperations = {
	upload: eachItem(async function (itemIndex) {
		const names = givenIn(this, 'binaryPropertyName', 'Input Binary Field', itemIndex).split(',');
		const options = collectionOf(this, 'options', itemIndex);
		const files: IDataObject[] = [];
		for (const name of names.map((one) => one.trim()).filter((one) => one !== ''))
			files.push(await bringIn(this, itemIndex, name, options));
		const done = await requestJson<{ files: IDataObject[] }>(this, slack, itemIndex, {
			method: 'POST',
			url: '/files.completeUploadExternal',
			body: {
				files,
				...filled({
					channel_id: this.getNodeParameter('options.channelId', itemIndex, '', { extractValue: true }),
					thread_ts: options.threadTs,
					initial_comment: options.initialComment,
				}),
			},
		});
		return jsonItems(done.files);
	}),

	download: eachItem(async function (itemIndex) {
		const { file } = await requestJson<{ file: File }>(this, slack, itemIndex, {
			method: 'GET',
			url: '/files.info',
			qs: { file: givenIn(this, 'fileId', 'File ID', itemIndex) },
		});
		const field = givenIn(this, 'binaryPropertyName', 'Put Output File in Field', itemIndex);
		// As a stream: n8n puts it on disk as it comes, however large it is.
		const { body, headers } = await request(this, slack, itemIndex, {
			method: 'GET',
			url: pathOf(this, file, itemIndex),
			base: 'files',
			encoding: 'stream',
		});
		const type = String(headers['content-type'] ?? '');
		if (type.startsWith('text/html') && file.mimetype !== 'text/html')
			throw new NodeOperationError(this.getNode(), 'Slack gave its sign-in page in place of the file', {
				itemIndex,
				description: 'Connect the account again with the scope files:read.',
			});
		const name = String(file.name ?? file.title ?? 'file').replace(/[/\\]/g, '_');
		const binary = await this.helpers.prepareBinaryData(body as Buffer, name, file.mimetype);
		return { json: file, binary: { [field]: binary } };
	}),
};

/** Gets an address, and brings the content there. @returns the file as `completeUploadExternal` wants to be told of it */
async function bringIn(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string,
	options: IDataObject,
): Promise<IDataObject> {
	const binary = context.helpers.assertBinaryData(itemIndex, field);
	const length = binary.id
		? (await context.helpers.getBinaryMetadata(binary.id)).fileSize
		: (await context.helpers.getBinaryDataBuffer(itemIndex, field)).length;
	const filename = String(options.fileName || binary.fileName || field);
	const { upload_url: url, file_id: id } = await requestJson<{ upload_url: string; file_id: string }>(
		context,
		slack,
		itemIndex,
		{
			method: 'POST',
			url: '/files.getUploadURLExternal',
			// This method knows forms only.
			body: new URLSearchParams(
				filled({ filename, length, alt_txt: options.altText, snippet_type: options.snippetType }) as {
					[name: string]: string;
				},
			),
		},
	);
	const answer = (await context.helpers.httpRequest({
		method: 'POST',
		// The address carries its own permission: no token goes there.
		url,
		headers: { 'content-type': 'application/octet-stream', 'content-length': String(length) },
		body: binary.id
			? await context.helpers.getBinaryStream(binary.id)
			: await context.helpers.getBinaryDataBuffer(itemIndex, field),
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	})) as IN8nHttpFullResponse;
	if (answer.statusCode !== 200)
		throw new NodeApiError(context.getNode(), { status: answer.statusCode } as JsonObject, {
			itemIndex,
			httpCode: String(answer.statusCode),
			message: `Slack did not take the file “${filename}”: it answered with status ${answer.statusCode}`,
			description: 'Run it again: each run gets an address of its own, which Slack forgets after a while.',
		});
	return { id, title: String(options.title || filename) };
}

/** The file's address as a path under the base that the connection's token may go to, and nowhere else. */
function pathOf(context: IExecuteFunctions, file: File, itemIndex: number): string {
	const address = file.url_private_download ?? '';
	const [, path] = /^https:\/\/files\.slack\.com(\/.*)$/.exec(address) ?? [];
	if (path !== undefined) return path;
	const host = /^https?:\/\/([^/]+)/.exec(address)?.[1];
	throw new NodeOperationError(context.getNode(), `“${file.name ?? ''}” cannot be downloaded from Slack`, {
		itemIndex,
		description: host
			? `Its content is kept at ${host}, where Slack’s permission is not valid.`
			: 'Slack names no address for its content: it may be deleted, hidden by the plan’s limit, or a canvas.',
	});
}

const filled = (values: IDataObject): IDataObject =>
	Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ''));
