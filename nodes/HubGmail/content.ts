/** What a message says: the fields that sending, answering, forwarding and drafting have in common. */
import {
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { collectionOf, listText } from './fields';
import { mailboxText } from './headers';
import { sendersOf } from './lists';
import type { Attachment, OutgoingMessage } from './mime';
import { plainTextOf } from './plain-text';

export const bodyFields = (displayOptions: IDisplayOptions): INodeProperties[] => [
	{
		displayName: 'Email Type',
		name: 'emailType',
		type: 'options',
		noDataExpression: true,
		default: 'html',
		options: [
			{ name: 'HTML', value: 'html', description: 'With a plain text alternative for readers without HTML' },
			{ name: 'Text', value: 'text' },
		],
		displayOptions,
	},
	{
		displayName: 'Message',
		name: 'message',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		displayOptions,
	},
];

const ATTACHMENTS: INodeProperties = {
	displayName: 'Attachments',
	name: 'attachmentsUi',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Attachment',
	default: {},
	options: [
		{
			displayName: 'Attachment Binary',
			name: 'attachmentsBinary',
			values: [
				{
					displayName: 'Attachment Field Name',
					name: 'property',
					type: 'string',
					default: 'data',
					description: 'Name of the input binary field; several are separated by commas',
					hint: 'The name of the field with the attachment in the node input',
				},
			],
		},
	],
};

export const CONTENT_OPTIONS: INodeProperties[] = [
	ATTACHMENTS,
	{
		displayName: 'BCC',
		name: 'bccList',
		type: 'string',
		default: '',
		placeholder: 'e.g. info@example.com',
		description: 'Addresses for a blind copy, separated by commas',
	},
	{
		displayName: 'CC',
		name: 'ccList',
		type: 'string',
		default: '',
		placeholder: 'e.g. info@example.com',
		description: 'Addresses for a copy, separated by commas',
	},
	{
		displayName: 'From Alias Name or ID',
		name: 'fromAlias',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getSenders' },
		default: '',
		description:
			'One of the mailbox’s own addresses to send from. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: 'Plain Text Alternative',
		name: 'plainText',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'For readers without HTML; made from the HTML where this is empty',
	},
	{
		displayName: 'Reply To',
		name: 'replyTo',
		type: 'string',
		default: '',
		placeholder: 'e.g. reply@example.com',
		description: 'Where answers should go',
	},
	{
		displayName: 'Sender Name',
		name: 'senderName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Nathan',
		description: 'The name shown as the sender',
	},
];

/** @returns all but recipients, subject and threading */
export async function contentOf(
	context: IExecuteFunctions,
	itemIndex: number,
	options: IDataObject = collectionOf(context, 'options', itemIndex),
): Promise<Omit<OutgoingMessage, 'subject'>> {
	const message = String(context.getNodeParameter('message', itemIndex, '') ?? '');
	const isHtml = context.getNodeParameter('emailType', itemIndex, 'html') === 'html';
	const from = await senderOf(context, itemIndex, options);
	return {
		...(isHtml
			? { html: message, text: String(options.plainText || plainTextOf(message)) }
			: { text: message }),
		cc: listText(options.ccList),
		bcc: listText(options.bccList),
		replyTo: listText(options.replyTo),
		...(from === undefined ? {} : { from }),
		attachments: await attachmentsOf(context, itemIndex, options),
	};
}

/** Gmail quietly sends from the main address where an alias is not set up; better to say so. */
async function senderOf(
	context: IExecuteFunctions,
	itemIndex: number,
	{ fromAlias = '', senderName = '' }: IDataObject,
): Promise<string | undefined> {
	const alias = String(fromAlias).trim();
	const name = String(senderName).trim();
	if (alias === '' && name === '') return undefined;
	const senders = await sendersOf(context, itemIndex);
	const chosen =
		alias === ''
			? (senders.find(({ isDefault }) => isDefault) ?? senders.find(({ isPrimary }) => isPrimary))
			: senders.find(({ sendAsEmail }) => sendAsEmail.toLowerCase() === alias.toLowerCase());
	if (!chosen || chosen.verificationStatus === 'pending')
		throw new NodeOperationError(context.getNode(), `This mailbox cannot send from “${alias}”`, {
			itemIndex,
			description: `Add the address in Gmail under Settings → Accounts → Send mail as, and confirm it. There are: ${senders.map((one) => one.sendAsEmail).join(', ')}.`,
		});
	return mailboxText({ name: name || (chosen.displayName ?? ''), address: chosen.sendAsEmail });
}

async function attachmentsOf(
	context: IExecuteFunctions,
	itemIndex: number,
	{ attachmentsUi }: IDataObject,
): Promise<Attachment[]> {
	const { attachmentsBinary = [] } = (attachmentsUi ?? {}) as { attachmentsBinary?: { property: string }[] };
	const names = attachmentsBinary.flatMap(({ property }) => String(property).split(','));
	const attachments: Attachment[] = [];
	for (const name of names.map((one) => one.trim()).filter((one) => one !== '')) {
		const { fileName, mimeType } = context.helpers.assertBinaryData(itemIndex, name);
		const content = await context.helpers.getBinaryDataBuffer(itemIndex, name);
		attachments.push({ fileName: fileName ?? name, mimeType, content });
	}
	return attachments;
}
