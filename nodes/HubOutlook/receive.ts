/** What comes out: simplified, raw, or some fields; messages with their files. */
import type {
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import { collection, collectionOf, flag, listOf, text, type Show } from './fields';
import { graphContent, graphPages } from './graph';
import { addressesOf, addressOf } from './recipients';

const names = (list: string) => list.split(' ').map((name) => ({ name, value: name }));

export const MESSAGE_FIELDS = names(
	'bccRecipients body bodyPreview categories ccRecipients changeKey conversationId createdDateTime flag from hasAttachments importance inferenceClassification internetMessageHeaders internetMessageId isDeliveryReceiptRequested isDraft isRead isReadReceiptRequested lastModifiedDateTime parentFolderId receivedDateTime replyTo sender sentDateTime subject toRecipients uniqueBody webLink',
);
export const EVENT_FIELDS = names(
	'allowNewTimeProposals attendees body bodyPreview categories changeKey createdDateTime end hasAttachments hideAttendees iCalUId importance isAllDay isCancelled isDraft isOnlineMeeting isOrganizer isReminderOn lastModifiedDateTime location locations onlineMeeting onlineMeetingProvider onlineMeetingUrl organizer originalEndTimeZone originalStart originalStartTimeZone recurrence reminderMinutesBeforeStart responseRequested responseStatus sensitivity seriesMasterId showAs start subject transactionId type webLink',
);
export const CONTACT_FIELDS = names(
	'assistantName birthday businessAddress businessHomePage businessPhones categories changeKey children companyName createdDateTime department displayName emailAddresses fileAs generation givenName homeAddress homePhones imAddresses initials jobTitle lastModifiedDateTime manager middleName mobilePhone nickName officeLocation otherAddress parentFolderId personalNotes profession spouseName surname title yomiCompanyName yomiGivenName yomiSurname',
);

/** "Output" and, for one of its choices, which fields. */
export const outputFields = (show: Show, fields: { name: string; value: string }[]): INodeProperties[] => [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		default: 'simple',
		displayOptions: { show },
		options: [
			{ name: 'Simplified', value: 'simple' },
			{ name: 'Raw', value: 'raw' },
			{ name: 'Select Included Fields', value: 'fields' },
		],
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'multiOptions',
		description: 'The fields to add to the output',
		displayOptions: { show: { ...show, output: ['fields'] } },
		options: fields,
		default: [],
	},
];

type Simplified = { select: string; simplified: (item: IDataObject) => IDataObject };

/** What is to be asked for, and how it is put out. */
export function outputOf(
	context: IExecuteFunctions,
	itemIndex: number,
	{ select, simplified }: Simplified,
	always: readonly string[] = [],
): { qs: IDataObject; shape: (item: IDataObject) => IDataObject } {
	const output = context.getNodeParameter('output', itemIndex, 'simple') as string;
	if (output === 'simple') return { qs: { $select: select }, shape: simplified };
	const fields = output === 'fields' ? listOf(context.getNodeParameter('fields', itemIndex, [])) : [];
	if (fields.length === 0) return { qs: {}, shape: withoutContext };
	return { qs: { $select: [...new Set([...fields, ...always])].join(',') }, shape: withoutContext };
}

/** Where in Graph's own model the item is says nothing in a workflow. */
export function withoutContext(item: IDataObject): IDataObject {
	return without(item, '@odata.context');
}

export const without = (item: IDataObject, name: string): IDataObject =>
	Object.fromEntries(Object.entries(item).filter(([one]) => one !== name));

export const SIMPLE_MESSAGE: Simplified = {
	select:
		'id,conversationId,subject,bodyPreview,from,toRecipients,ccRecipients,receivedDateTime,isRead,categories,hasAttachments',
	simplified: (one) => ({
		id: one.id,
		conversationId: one.conversationId,
		subject: one.subject,
		bodyPreview: one.bodyPreview,
		from: addressOf(one.from),
		to: addressesOf(one.toRecipients),
		cc: addressesOf(one.ccRecipients),
		receivedDateTime: one.receivedDateTime,
		isRead: one.isRead,
		categories: one.categories,
		hasAttachments: one.hasAttachments,
	}),
};

export const downloadOptions = (show: Show, more: INodeProperties[] = []): INodeProperties =>
	collection('Options', show, [
		text(
			'Attachments Prefix',
			'attachmentsPrefix',
			'With "attachment_" the first attachment goes to the binary field "attachment_0"',
			{ default: 'attachment_' },
		),
		flag('Body as Text', 'bodyAsText', 'to get bodies as plain text instead of HTML'),
		flag('Download Attachments', 'downloadAttachments', 'the attachments are put out as binary fields'),
		...more,
	]);

/** Preferences for reading messages. */
export const readingPreferences = (options: IDataObject): string[] =>
	options.bodyAsText ? ['outlook.body-content-type="text"'] : [];

export type AttachmentInfo = {
	'@odata.type'?: string;
	id: string;
	name?: string;
	contentType?: string | null;
	size?: number;
};

/** A message as it is put out. `item` is its path: `/me/messages/AAMk…`. */
export async function messageItem(
	context: IExecuteFunctions,
	itemIndex: number,
	message: IDataObject,
	shape: (item: IDataObject) => IDataObject,
): Promise<INodeExecutionData> {
	const json = shape(message);
	const options = collectionOf(context, itemIndex, 'options');
	// Files that are shown within the text alone do not count for `hasAttachments`.
	if (!options.downloadAttachments) return { json };
	const item = `/me/messages/${encodeURIComponent(String(message.id))}`;
	const prefix = String(options.attachmentsPrefix ?? 'attachment_');
	const binary: IBinaryKeyData = {};
	let count = 0;
	for (const one of await attachmentsOf(context, itemIndex, item))
		if (isFile(one)) binary[`${prefix}${count++}`] = await attachmentBinary(context, itemIndex, item, one);
	return { json, binary };
}

export const ATTACHMENT_FIELDS = 'id,name,contentType,size,isInline';

export async function attachmentsOf(
	context: IExecuteFunctions,
	itemIndex: number,
	item: string,
): Promise<AttachmentInfo[]> {
	const qs = { $select: ATTACHMENT_FIELDS };
	return (await graphPages(context, itemIndex, `${item}/attachments`, qs)) as unknown as AttachmentInfo[];
}

/** A link to a file in a drive has no content here. */
export const isFile = (one: AttachmentInfo): boolean =>
	!/referenceAttachment$/.test(one['@odata.type'] ?? '');

/** https://learn.microsoft.com/graph/api/attachment-get: a file as it is, an item (a message, say) in MIME. */
export async function attachmentBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	item: string,
	one: AttachmentInfo,
) {
	const content = await graphContent(
		context,
		itemIndex,
		`${item}/attachments/${encodeURIComponent(one.id)}/$value`,
	);
	const isItem = /itemAttachment$/.test(one['@odata.type'] ?? '');
	const name = pathless(one.name ?? 'attachment');
	return isItem
		? await context.helpers.prepareBinaryData(
				content,
				/\.\w+$/.test(name) ? name : `${name}.eml`,
				'message/rfc822',
			)
		: await context.helpers.prepareBinaryData(content, name, one.contentType ?? undefined);
}

/** n8n would take what is before a slash for a folder. */
export const pathless = (name: string) => name.replace(/[/\\]/g, '_');
