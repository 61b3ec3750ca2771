/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages */
import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { bodyFields, CONTENT_OPTIONS } from './content';
import { idField, shownFor } from './fields';
import { filterField } from './filters';
import { attachmentOptions, formatFields } from './receive';

const MESSAGE = '/gmail/v1/users/me/messages/:messageId';

type Routing = NonNullable<INodePropertyOptions['routing']>;

export const posted = (url: string, body?: IDataObject): Routing => ({
	request: { method: 'POST', url, ...(body === undefined ? {} : { body }) },
});

export const labelIdsField = (resource: string): INodeProperties[] =>
	(['addLabels', 'removeLabels'] as const).map((operation) => ({
		displayName: 'Label Names or IDs',
		name: 'labelIds',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getLabels' },
		required: true,
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		displayOptions: shownFor(resource, operation),
		routing: {
			send: { type: 'body', property: operation === 'addLabels' ? 'addLabelIds' : 'removeLabelIds' },
		},
	}));

const sendTo = (operation: string): INodeProperties => ({
	displayName: 'To',
	name: 'sendTo',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. info@example.com, Jo <jo@example.com>',
	description: 'Addresses of the recipients, separated by commas',
	displayOptions: shownFor('message', operation),
});

const options = (operation: string, more: INodeProperties[] = []): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: shownFor('message', operation),
	options: [...CONTENT_OPTIONS, ...more].sort((a, b) => a.displayName.localeCompare(b.displayName)),
});

export const messageProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['message'] } },
		options: [
			{
				name: 'Add Label',
				value: 'addLabels',
				action: 'Add label to a message',
				routing: posted(`${MESSAGE}/modify`),
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a message',
				description: 'Delete a message for good; consider Trash instead',
				routing: { request: { method: 'DELETE', url: MESSAGE } },
			},
			{ name: 'Forward', value: 'forward', action: 'Forward a message' },
			{ name: 'Get', value: 'get', action: 'Get a message' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many messages' },
			{
				name: 'Mark as Read',
				value: 'markAsRead',
				action: 'Mark a message as read',
				routing: posted(`${MESSAGE}/modify`, { removeLabelIds: ['UNREAD'] }),
			},
			{
				name: 'Mark as Unread',
				value: 'markAsUnread',
				action: 'Mark a message as unread',
				routing: posted(`${MESSAGE}/modify`, { addLabelIds: ['UNREAD'] }),
			},
			{
				name: 'Remove Label',
				value: 'removeLabels',
				action: 'Remove label from a message',
				routing: posted(`${MESSAGE}/modify`),
			},
			{ name: 'Reply', value: 'reply', action: 'Reply to a message', description: 'Answer the sender alone' },
			{
				name: 'Reply All',
				value: 'replyAll',
				action: 'Reply all to a message',
				description: 'Answer the sender and all other recipients',
			},
			{ name: 'Send', value: 'send', action: 'Send a message' },
			{
				name: 'Trash',
				value: 'trash',
				action: 'Trash a message',
				description: 'Move a message to the trash, where it is kept for 30 days',
				routing: posted(`${MESSAGE}/trash`),
			},
			{
				name: 'Untrash',
				value: 'untrash',
				action: 'Untrash a message',
				description: 'Take a message out of the trash',
				routing: posted(`${MESSAGE}/untrash`),
			},
		],
		default: 'send',
	},
	idField(
		'Message ID',
		'messageId',
		shownFor(
			'message',
			...['addLabels', 'delete', 'forward', 'get', 'markAsRead', 'markAsUnread', 'removeLabels', 'reply'],
			...['replyAll', 'trash', 'untrash'],
		),
		{ placeholder: 'e.g. 172ce2c4a72cc243' },
	),
	...labelIdsField('message'),
	sendTo('send'),
	sendTo('forward'),
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		placeholder: 'e.g. Hello World!',
		displayOptions: shownFor('message', 'send'),
	},
	...bodyFields(shownFor('message', 'send', 'reply', 'replyAll', 'forward')),
	options('send'),
	options('reply'),
	options('replyAll'),
	options('forward', [
		{
			displayName: 'Include Attachments',
			name: 'includeAttachments',
			type: 'boolean',
			default: true,
			description: 'Whether to send the attachments of the forwarded message along',
		},
	]),
	...formatFields(shownFor('message', 'get'), 'oneByOne'),
	...returnAllOrLimit({ resource: ['message'], operation: ['getAll'] }),
	...formatFields(shownFor('message', 'getAll'), 'listed'),
	filterField(shownFor('message', 'getAll')),
	attachmentOptions(shownFor('message', 'get', 'getAll')),
];
