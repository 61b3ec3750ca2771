/** https://learn.microsoft.com/graph/api/resources/attachment: the files of messages. */
import type { INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, returnAllOrLimit } from '../transport';
import { attach, attachmentsIn } from './attach';
import { MESSAGES } from './deliver';
import { collection, collectionOf, existing, idIn, listOf, operations, refuse, shown, text } from './fields';
import { graph, graphPages } from './graph';
import { ATTACHMENT_FIELDS, attachmentBinary, isFile, withoutContext, type AttachmentInfo } from './receive';

const on = (...operation: string[]) => shown('messageAttachment', ...operation);

const FIELDS: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'multiOptions',
	default: [],
	description: 'The fields to add to the output; ID, name, type and size unless chosen',
	options: ['contentType', 'isInline', 'lastModifiedDateTime', 'name', 'size'].map((name) => ({
		name,
		value: name,
	})),
};

export const attachmentProperties: INodeProperties[] = [
	operations(
		'messageAttachment',
		[
			{ name: 'Add', value: 'add', action: 'Add an attachment', description: 'Add a file to a draft' },
			{ name: 'Delete', value: 'delete', action: 'Delete an attachment' },
			{ name: 'Download', value: 'download', action: 'Download an attachment' },
			{ name: 'Get', value: 'get', action: 'Get an attachment' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many attachments' },
		],
		'getAll',
	),
	existing('message', on('add', 'delete', 'download', 'get', 'getAll')),
	existing('attachment', on('delete', 'download', 'get')),
	text('Input Data Field Name', 'binaryPropertyName', 'Several are separated by commas', {
		default: 'data',
		required: true,
		hint: 'The name of the input field containing the binary file data to be attached',
		displayOptions: { show: on('add') },
	}),
	text('Put Output in Field', 'binaryPropertyName', '', {
		default: 'data',
		required: true,
		hint: 'The name of the output binary field to put the file in',
		displayOptions: { show: on('download') },
	}),
	collection('Options', on('add'), [
		text('Content ID', 'contentId', 'Shows the file within the message, where its HTML says src="cid:logo"', {
			placeholder: 'e.g. logo',
		}),
		text('File Name', 'fileName', 'That of the input data unless given', { placeholder: 'e.g. offer.pdf' }),
	]),
	...returnAllOrLimit(on('getAll')),
	collection('Options', on('get', 'getAll'), [FIELDS]),
];

export const attachmentOperations = {
	add: eachItem(async function (itemIndex) {
		const message = `${MESSAGES}/${idIn(this, itemIndex, 'messageId', 'Message')}`;
		const { fileName, contentId } = collectionOf(this, itemIndex, 'options');
		const fields = listOf(this.getNodeParameter('binaryPropertyName', itemIndex));
		const files = fields.map((field) => ({ field, contentId: String(contentId ?? '').trim() }));
		const added = [];
		for (const one of await attachmentsIn(this, itemIndex, files))
			added.push(await attach(this, itemIndex, message, { ...one, name: String(fileName || one.name) }));
		return jsonItems(added.map(withoutContext));
	}),

	delete: eachItem(async function (itemIndex) {
		await graph(this, itemIndex, 'DELETE', attachmentPath(...pathIn(this, itemIndex)));
		return { json: { success: true } };
	}),

	download: eachItem(async function (itemIndex) {
		const [message, id] = pathIn(this, itemIndex);
		const qs = { $select: ATTACHMENT_FIELDS };
		const info = await graph<AttachmentInfo>(this, itemIndex, 'GET', attachmentPath(message, id), undefined, {
			qs,
		});
		if (!isFile(info))
			throw refuse(
				this,
				itemIndex,
				`“${info.name ?? 'The attachment'}” is a link to a file in a drive`,
				'Its content is not in the mailbox: download it from OneDrive or SharePoint.',
			);
		const field = this.getNodeParameter('binaryPropertyName', itemIndex, 'data') as string;
		const binary = await attachmentBinary(this, itemIndex, message, info);
		return { json: withoutContext({ ...info }), binary: { [field]: binary } };
	}),

	get: eachItem(async function (itemIndex) {
		const qs = { $select: selected(collectionOf(this, itemIndex, 'options').fields) };
		const path = attachmentPath(...pathIn(this, itemIndex));
		return { json: withoutContext(await graph(this, itemIndex, 'GET', path, undefined, { qs })) };
	}),

	getAll: eachItem(async function (itemIndex) {
		const message = `${MESSAGES}/${idIn(this, itemIndex, 'messageId', 'Message')}`;
		const qs = { $select: selected(collectionOf(this, itemIndex, 'options').fields) };
		const limit = limitOf(this, itemIndex);
		return jsonItems(await graphPages(this, itemIndex, `${message}/attachments`, qs, limit));
	}),
};

function pathIn(context: Parameters<typeof idIn>[0], itemIndex: number): [message: string, id: string] {
	return [
		`${MESSAGES}/${idIn(context, itemIndex, 'messageId', 'Message')}`,
		idIn(context, itemIndex, 'attachmentId', 'Attachment'),
	];
}

const attachmentPath = (message: string, id: string) => `${message}/attachments/${id}`;

/** Without its bytes, which come along unless fields are chosen. */
const selected = (fields: unknown): string =>
	['id', ...listOf(fields)].length > 1 ? ['id', ...listOf(fields)].join(',') : ATTACHMENT_FIELDS;
