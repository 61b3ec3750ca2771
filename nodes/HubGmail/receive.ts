/** Messages coming in: read, simplified, with their attachments as files. */
import type {
	IBinaryKeyData,
	IDataObject,
	IDisplayOptions,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import { requestJson } from '../transport';
import { collectionOf } from './fields';
import { attachmentParts, simplified, type GmailMessage, type Part } from './incoming';
import { gmail, MAILBOX } from './service';

export const SIMPLE: INodeProperties = {
	displayName: 'Simplify',
	name: 'simple',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

const FORMAT_OPTIONS = [
	{ name: 'Full', value: 'full', description: 'Everything, the body in parts' },
	{ name: 'Metadata', value: 'metadata', description: 'IDs, labels and headers' },
	{ name: 'Minimal', value: 'minimal', description: 'IDs and labels' },
	{ name: 'Raw', value: 'raw', description: 'The whole message as base64url text' },
];

/** "Simplify" and, without it, in what form. */
export const formatFields = ({ show }: IDisplayOptions, more: 'oneByOne' | 'listed'): INodeProperties[] => [
	{ ...SIMPLE, displayOptions: { show } },
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		default: 'full',
		options:
			more === 'oneByOne'
				? FORMAT_OPTIONS
				: [
						FORMAT_OPTIONS[0],
						{ name: 'IDs Only', value: 'ids', description: 'Fastest: nothing but the list is asked for' },
						...FORMAT_OPTIONS.slice(1),
					],
		displayOptions: { show: { ...show, simple: [false] } },
	},
];

export const attachmentOptions = (displayOptions: IDisplayOptions): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions,
	options: [
		{
			displayName: 'Attachment Prefix',
			name: 'dataPropertyAttachmentsPrefixName',
			type: 'string',
			default: 'attachment_',
			description:
				'Prefix of the binary fields: with "attachment_" the first attachment goes to "attachment_0"',
		},
		{
			displayName: 'Download Attachments',
			name: 'downloadAttachments',
			type: 'boolean',
			default: false,
			description: 'Whether to put the attachments out as binary fields',
		},
	],
});

/** The form to ask for: simplified output and attachments need all of it. */
export function formatOf(context: IExecuteFunctions, itemIndex: number): string {
	if (context.getNodeParameter('simple', itemIndex, true)) return 'full';
	return context.getNodeParameter('format', itemIndex, 'full') as string;
}

export async function getMessage(
	context: IExecuteFunctions,
	itemIndex: number,
	id: string,
	qs: IDataObject,
): Promise<GmailMessage> {
	return await requestJson(context, gmail, itemIndex, {
		method: 'GET',
		url: `${MAILBOX}/messages/${id}`,
		qs,
	});
}

/** A message as it is put out. */
export async function messageItem(
	context: IExecuteFunctions,
	itemIndex: number,
	message: GmailMessage,
): Promise<INodeExecutionData> {
	const isSimple = context.getNodeParameter('simple', itemIndex, true) as boolean;
	const json = isSimple ? simplified(message) : (message as unknown as IDataObject);
	const options = collectionOf(context, 'options', itemIndex);
	if (!options.downloadAttachments) return { json };
	const prefix = String(options.dataPropertyAttachmentsPrefixName ?? 'attachment_');
	const binary: IBinaryKeyData = {};
	for (const [index, part] of attachmentParts(message).entries())
		binary[`${prefix}${index}`] = await context.helpers.prepareBinaryData(
			await attachmentBytes(context, itemIndex, message.id, part),
			part.filename,
			part.mimeType,
		);
	return { json, binary };
}

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages.attachments/get */
export async function attachmentBytes(
	context: IExecuteFunctions,
	itemIndex: number,
	messageId: string,
	{ body }: Part,
): Promise<Buffer> {
	// Small ones come with the message.
	if (body?.data) return Buffer.from(body.data, 'base64url');
	const { data } = await requestJson<{ data: string }>(context, gmail, itemIndex, {
		method: 'GET',
		url: `${MAILBOX}/messages/${encodeURIComponent(messageId)}/attachments/${encodeURIComponent(body?.attachmentId ?? '')}`,
	});
	return Buffer.from(data, 'base64url');
}
