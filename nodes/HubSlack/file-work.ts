import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { eachItem, request, requestJson } from '../transport';
import { slack } from './service';

type Upload = { ok: true; upload_url: string; file_id: string };
type Options = {
	channelId?: string;
	fileName?: string;
	initialComment?: string;
	threadTs?: string;
	title?: string;
};

/**
 * In three steps (https://docs.slack.dev/messaging/working-with-files#uploading_files): an address of the upload's own,
 * the bytes to that address, which carries its own permission, and the word that it is complete.
 */
export const upload = eachItem(async function (itemIndex): Promise<INodeExecutionData> {
	const field = this.getNodeParameter('inputField', itemIndex) as string;
	const options = this.getNodeParameter('options', itemIndex, {}) as Options;
	const binary = this.helpers.assertBinaryData(itemIndex, field);
	const content = await this.helpers.getBinaryDataBuffer(itemIndex, field);
	const filename = options.fileName ?? binary.fileName ?? 'file';
	const { upload_url: url, file_id: id } = await requestJson<Upload>(this, slack, itemIndex, {
		method: 'GET',
		url: '/files.getUploadURLExternal',
		qs: { filename, length: content.length },
	});
	await this.helpers.httpRequest({
		method: 'POST',
		url: assertSlacks(this, url, itemIndex),
		headers: { 'Content-Type': binary.mimeType },
		body: content,
	});
	const { files } = await requestJson<{ files: IDataObject[] }>(this, slack, itemIndex, {
		method: 'POST',
		url: '/files.completeUploadExternal',
		body: {
			files: [{ id, title: options.title ?? filename }],
			...(options.channelId ? { channel_id: options.channelId } : {}),
			...(options.initialComment ? { initial_comment: options.initialComment } : {}),
			...(options.threadTs ? { thread_ts: options.threadTs } : {}),
		},
	});
	return { json: files[0] ?? { id } };
});

export const download = eachItem(async function (itemIndex): Promise<INodeExecutionData> {
	const field = this.getNodeParameter('outputField', itemIndex) as string;
	const { file } = await requestJson<{ file: IDataObject }>(this, slack, itemIndex, {
		method: 'GET',
		url: '/files.info',
		qs: { file: this.getNodeParameter('fileId', itemIndex) as string },
	});
	const path = /^https:\/\/files\.slack\.com(\/.*)$/.exec(
		String(file.url_private_download ?? file.url_private),
	)?.[1];
	if (path === undefined)
		throw new NodeOperationError(this.getNode(), 'This file is not kept at Slack', {
			itemIndex,
			description: 'It is a link to another service. Its address is in the output of “Get”.',
		});
	const { body } = await request(this, slack, itemIndex, {
		method: 'GET',
		url: path,
		base: 'files',
		encoding: 'arraybuffer',
	});
	const binary = await this.helpers.prepareBinaryData(
		Buffer.from(body as unknown as ArrayBuffer),
		String(file.name ?? 'file'),
		file.mimetype as string | undefined,
	);
	return { json: file, binary: { [field]: binary } };
});

/** The address is Slack's word; over http it is that of a stand-in on one's own machine. */
function assertSlacks(context: IExecuteFunctions, url: string, itemIndex: number): string {
	const { protocol, hostname } = new URL(url);
	const isSlacks = protocol === 'https:' && /(^|\.)slack\.com$/.test(hostname);
	if (isSlacks || (protocol === 'http:' && hostname === 'localhost')) return url;
	throw new NodeOperationError(
		context.getNode(),
		'Slack named an address that is not its own for the upload',
		{
			itemIndex,
		},
	);
}
