/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.threads */
import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { bodyFields, CONTENT_OPTIONS } from './content';
import { idField, shownFor } from './fields';
import { filterField } from './filters';
import { labelIdsField, posted } from './message';
import { formatFields } from './receive';

const THREAD = '/gmail/v1/users/me/threads/:threadId';

export const threadProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['thread'] } },
		options: [
			{
				name: 'Add Label',
				value: 'addLabels',
				action: 'Add label to a thread',
				routing: posted(`${THREAD}/modify`),
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a thread',
				description: 'Delete a thread for good; consider Trash instead',
				routing: { request: { method: 'DELETE', url: THREAD } },
			},
			{ name: 'Get', value: 'get', action: 'Get a thread' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many threads' },
			{
				name: 'Mark as Read',
				value: 'markAsRead',
				action: 'Mark a thread as read',
				routing: posted(`${THREAD}/modify`, { removeLabelIds: ['UNREAD'] }),
			},
			{
				name: 'Mark as Unread',
				value: 'markAsUnread',
				action: 'Mark a thread as unread',
				routing: posted(`${THREAD}/modify`, { addLabelIds: ['UNREAD'] }),
			},
			{
				name: 'Remove Label',
				value: 'removeLabels',
				action: 'Remove label from a thread',
				routing: posted(`${THREAD}/modify`),
			},
			{ name: 'Reply', value: 'reply', action: 'Reply to a thread' },
			{
				name: 'Trash',
				value: 'trash',
				action: 'Trash a thread',
				description: 'Move a thread to the trash, where it is kept for 30 days',
				routing: posted(`${THREAD}/trash`),
			},
			{
				name: 'Untrash',
				value: 'untrash',
				action: 'Untrash a thread',
				description: 'Take a thread out of the trash',
				routing: posted(`${THREAD}/untrash`),
			},
		],
		default: 'getAll',
	},
	idField(
		'Thread ID',
		'threadId',
		shownFor(
			'thread',
			...['addLabels', 'delete', 'get', 'markAsRead', 'markAsUnread', 'removeLabels', 'reply', 'trash'],
			'untrash',
		),
		{ placeholder: 'e.g. 172ce2c4a72cc243' },
	),
	...labelIdsField('thread'),
	{
		displayName: 'Recipients',
		name: 'recipients',
		type: 'options',
		noDataExpression: true,
		default: 'sender',
		options: [
			{ name: 'Everyone', value: 'everyone', description: 'The sender and all other recipients' },
			{ name: 'Sender', value: 'sender', description: 'The sender of the last message alone' },
		],
		displayOptions: shownFor('thread', 'reply'),
	},
	...bodyFields(shownFor('thread', 'reply')),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('thread', 'reply'),
		options: [
			...CONTENT_OPTIONS,
			{
				displayName: 'Message Snippet or ID',
				name: 'messageId',
				type: 'options' as const,
				typeOptions: { loadOptionsMethod: 'getThreadMessages', loadOptionsDependsOn: ['threadId'] },
				default: '',
				description:
					'The message to answer; the last one unless given. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			},
		].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	},
	...formatFields(shownFor('thread', 'get'), 'oneByOne').map(withoutRaw),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('thread', 'get'),
		options: [
			{
				displayName: 'Return Only Messages',
				name: 'returnOnlyMessages',
				type: 'boolean',
				default: false,
				description: 'Whether to put out each message of the thread as an item of its own',
			},
		],
	},
	...returnAllOrLimit({ resource: ['thread'], operation: ['getAll'] }),
	...formatFields(shownFor('thread', 'getAll'), 'listed').map(withoutRaw),
	filterField(shownFor('thread', 'getAll')),
];

/** Threads come in any form but that one. */
function withoutRaw(field: INodeProperties): INodeProperties {
	return field.name === 'format'
		? { ...field, options: field.options?.filter((one) => !('value' in one) || one.value !== 'raw') }
		: field;
}
