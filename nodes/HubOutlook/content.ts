/** What a message says: the fields that sending, answering, drafting and updating have in common. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { choice, flag, IMPORTANCE, listed, listOf, refuse, text, type Show } from './fields';
import { recipients } from './recipients';

export const subjectField = (show: Show): INodeProperties =>
	text('Subject', 'subject', '', { displayOptions: { show }, placeholder: 'e.g. Your invoice' });

export const bodyField = (show: Show): INodeProperties =>
	text('Message', 'bodyContent', '', { displayOptions: { show }, typeOptions: { rows: 4 } });

const addresses = (displayName: string, name: string, description: string) =>
	text(displayName, name, `${description}, separated by commas`, {
		placeholder: 'e.g. jo@example.com, Max <max@example.com>',
	});

export const toField = (show: Show): INodeProperties => ({
	...addresses('To', 'toRecipients', 'Addresses of the recipients'),
	required: true,
	displayOptions: { show },
});

export const TO = addresses('To', 'toRecipients', 'Addresses of the recipients');
export const SUBJECT = text('Subject', 'subject');
export const BODY = text('Message', 'bodyContent', '', { typeOptions: { rows: 4 } });
export const MESSAGE_TYPE = choice(
	'Message Type',
	'bodyContentType',
	[
		['HTML', 'html'],
		['Text', 'text'],
	],
	'html',
);
export const CATEGORIES = listed('Category Names or IDs', 'categories', 'getCategories', { many: true });

export const ATTACHMENTS: INodeProperties = {
	displayName: 'Attachments',
	name: 'attachments',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add attachment',
	default: {},
	options: [
		{
			displayName: 'Attachment',
			name: 'attachments',
			values: [
				{
					displayName: 'Content ID',
					name: 'contentId',
					type: 'string',
					default: '',
					placeholder: 'e.g. logo',
					description: 'Shows the file within the message, where its HTML says src="cid:logo"',
				},
				{
					displayName: 'Input Data Field Name',
					name: 'binaryPropertyName',
					type: 'string',
					default: '',
					placeholder: 'e.g. data',
					hint: 'The name of the input field containing the binary file data to be attached',
					description: 'Several are separated by commas',
				},
			],
		},
	],
};

export const HEADERS: INodeProperties = {
	displayName: 'Custom Headers',
	name: 'internetMessageHeaders',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add header',
	default: {},
	options: [
		{
			displayName: 'Header',
			name: 'headers',
			values: [
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. x-order-number',
					description: 'It begins with “x-”',
				},
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
};

/** Of every message that is written, whether it is new, an answer or a draft. */
export const COMMON: INodeProperties[] = [
	addresses('BCC Recipients', 'bccRecipients', 'Addresses for a blind copy'),
	CATEGORIES,
	addresses('CC Recipients', 'ccRecipients', 'Addresses for a copy'),
	text('From', 'from', 'The mailbox to send for; the connected account must have the right to', {
		placeholder: 'e.g. office@example.com',
	}),
	choice('Importance', 'importance', IMPORTANCE, 'normal'),
	MESSAGE_TYPE,
	flag('Read Receipt Requested', 'isReadReceiptRequested', 'a read receipt is requested for the message'),
	addresses('Reply To', 'replyTo', 'Where answers should go'),
];

const PEOPLE: [string, string][] = [
	['bccRecipients', 'BCC Recipients'],
	['ccRecipients', 'CC Recipients'],
	['replyTo', 'Reply To'],
	['toRecipients', 'To'],
];
const AS_GIVEN = ['isRead', 'isReadReceiptRequested', 'subject'];

/**
 * https://learn.microsoft.com/graph/api/resources/message: what the fields say, without files.
 *
 * @param body left out: the body is not touched
 */
export function messageOf(
	context: IExecuteFunctions,
	itemIndex: number,
	fields: IDataObject,
	body?: string,
): IDataObject {
	const message: IDataObject = {};
	for (const name of AS_GIVEN) if (fields[name] !== undefined) message[name] = fields[name];
	for (const [name, label] of PEOPLE)
		if (fields[name] !== undefined)
			message[name] = recipients(context, itemIndex, fields[name], label) as unknown as IDataObject[];
	if (fields.categories !== undefined) message.categories = listOf(fields.categories);
	if (fields.importance) message.importance = String(fields.importance).toLowerCase();
	const [from] = recipients(context, itemIndex, fields.from ?? '', 'From');
	if (from) message.from = from as unknown as IDataObject;
	const headers = headersOf(context, itemIndex, fields);
	if (headers.length > 0) message.internetMessageHeaders = headers;
	if (body !== undefined) message.body = { contentType: contentType(fields), content: body };
	return message;
}

/** n8n's own node calls the one `Text`, Graph `text`. */
export const contentType = ({ bodyContentType }: IDataObject): 'html' | 'text' =>
	String(bodyContentType ?? 'html').toLowerCase() === 'text' ? 'text' : 'html';

/** Each file to attach, by the input field it is in. */
export function filesOf({ attachments }: IDataObject): { field: string; contentId: string }[] {
	const { attachments: listed_ = [] } = (attachments ?? {}) as {
		attachments?: { binaryPropertyName?: unknown; contentId?: unknown }[];
	};
	return listed_.flatMap(({ binaryPropertyName, contentId }) =>
		listOf(binaryPropertyName).map((field) => ({ field, contentId: String(contentId ?? '').trim() })),
	);
}

function headersOf(context: IExecuteFunctions, itemIndex: number, fields: IDataObject): IDataObject[] {
	const { headers = [] } = (fields.internetMessageHeaders ?? {}) as {
		headers?: { name: string; value: string }[];
	};
	return headers.map(({ name, value }) => {
		if (/^x-[!-9;-~]+$/i.test(name)) return { name, value: String(value) };
		throw refuse(
			context,
			itemIndex,
			`“${name}” cannot be a custom header`,
			'Outlook takes such whose names begin with “x-”: letters, digits and hyphens.',
		);
	});
}
