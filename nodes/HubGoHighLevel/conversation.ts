/** Conversations and their messages. https://marketplace.gohighlevel.com/docs/ghl/conversations/conversations-api */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { chosen, eachItem, jsonItems, needed, returnAllOrLimit } from '../transport';
import { call, given, listIn, locationOf, paged } from './call';
import { collection, fromList, locator, operation, text } from './fields';

const conversation = (...operations: string[]) => ({ resource: ['conversation'], operation: operations });
const message = (...operations: string[]) => ({ resource: ['message'], operation: operations });

const CHANNELS: { [name: string]: string } = {
	Custom: 'Custom',
	Email: 'Email',
	Facebook: 'FB',
	Instagram: 'IG',
	'Live Chat': 'Live_Chat',
	SMS: 'SMS',
	WhatsApp: 'WhatsApp',
};

export const conversationProperties: INodeProperties[] = [
	operation(
		'conversation',
		[
			{ name: 'Get', value: 'get', action: 'Get a conversation' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many conversations' },
		],
		'getAll',
	),
	{
		...text('Conversation ID', 'conversationId'),
		required: true,
		displayOptions: { show: conversation('get') },
	},
	...returnAllOrLimit(conversation('getAll')),
	collection('Filters', 'filters', conversation('getAll'), [
		fromList('Assigned To Name or ID', 'assignedTo', 'getUsers'),
		text('Contact ID', 'contactId'),
		text('Search', 'query'),
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			options: ['all', 'read', 'recents', 'starred', 'unread'].map((value) => ({
				name: value.charAt(0).toUpperCase() + value.slice(1),
				value,
			})),
			default: 'all',
		},
	]),
];

export const messageProperties: INodeProperties[] = [
	operation(
		'message',
		[
			{ name: 'Get', value: 'get', action: 'Get a message' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many messages of a conversation' },
			{ name: 'Send', value: 'send', action: 'Send a message' },
		],
		'send',
	),
	{ ...text('Message ID', 'messageId'), required: true, displayOptions: { show: message('get') } },
	{
		...text('Conversation ID', 'conversationId'),
		required: true,
		displayOptions: { show: message('getAll') },
	},
	...returnAllOrLimit(message('getAll')),
	{
		displayName: 'Channel',
		name: 'type',
		type: 'options',
		options: Object.entries(CHANNELS).map(([name, value]) => ({ name, value })),
		default: 'SMS',
		displayOptions: { show: message('send') },
	},
	locator('Contact', 'contactId', 'searchContacts', message('send')),
	{
		...text('Subject', 'subject'),
		required: true,
		displayOptions: { show: { ...message('send'), type: ['Email'] } },
	},
	{
		displayName: 'HTML',
		name: 'html',
		type: 'string',
		typeOptions: { rows: 6 },
		default: '',
		required: true,
		displayOptions: { show: { ...message('send'), type: ['Email'] } },
	},
	{
		displayName: 'Message',
		name: 'message',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		displayOptions: { show: message('send'), hide: { type: ['Email'] } },
	},
	collection('Additional Fields', 'additionalFields', message('send'), [
		text('Attachments', 'attachments', 'Addresses of files, separated by commas'),
		text('BCC', 'emailBcc', 'Addresses, separated by commas'),
		text('CC', 'emailCc', 'Addresses, separated by commas'),
		text('Conversation Provider ID', 'conversationProviderId', 'Of a custom channel'),
		text('From Email', 'emailFrom'),
		text('From Number', 'fromNumber'),
		text('Reply Message ID', 'replyMessageId'),
		text('Template ID', 'templateId'),
		text('To Email', 'emailTo'),
		text('To Number', 'toNumber'),
	]),
];

const SIZE = { in: 'qs', name: 'limit', most: 100 } as const;
const LISTS = ['attachments', 'emailBcc', 'emailCc'];

export const conversationOperations = {
	get: eachItem(async function (item) {
		const id = encodeURIComponent(needed(this, 'conversationId', 'Conversation ID', item));
		return { json: await call(this, item, 'GET', `/conversations/${id}`) };
	}),
	getAll: eachItem(async function (item) {
		const qs = { locationId: await locationOf(this, item), ...given(this, item, 'filters') };
		const found = await paged(
			this,
			item,
			{ method: 'GET', url: '/conversations/search', qs },
			{ items: 'conversations', size: SIZE },
			({ items }) => {
				const startAfterDate = items.at(-1)?.lastMessageDate;
				return startAfterDate ? { startAfterDate } : null;
			},
		);
		return jsonItems(found);
	}),
};

export const messageOperations = {
	send: eachItem(async function (item) {
		const type = this.getNodeParameter('type', item) as string;
		const more = given(this, item, 'additionalFields');
		for (const name of LISTS) if (name in more) more[name] = listIn(more[name]);
		const isEmail = type === 'Email';
		const words = isEmail ? '' : chosen(this, 'message', item);
		const content: IDataObject = isEmail
			? { subject: needed(this, 'subject', 'Subject', item), html: needed(this, 'html', 'HTML', item) }
			: words || !('attachments' in more)
				? { message: needed(this, 'message', 'Message', item) }
				: {};
		const body = { type, contactId: needed(this, 'contactId', 'Contact', item), ...content, ...more };
		return { json: await call(this, item, 'POST', '/conversations/messages', { body }) };
	}),
	get: eachItem(async function (item) {
		const id = encodeURIComponent(needed(this, 'messageId', 'Message ID', item));
		const answer = await call(this, item, 'GET', `/conversations/messages/${id}`);
		return { json: (answer.message as IDataObject | undefined) ?? answer };
	}),
	/** HighLevel answers `{messages: {messages: […], lastMessageId, nextPage}}`. */
	getAll: eachItem(async function (item) {
		const id = encodeURIComponent(needed(this, 'conversationId', 'Conversation ID', item));
		const found = await paged(
			this,
			item,
			{ method: 'GET', url: `/conversations/${id}/messages` },
			{ items: 'messages.messages', size: SIZE },
			({ body }) => {
				const { nextPage, lastMessageId } = body.messages as IDataObject;
				return nextPage === true && lastMessageId ? { lastMessageId } : null;
			},
		);
		return jsonItems(found);
	}),
};
