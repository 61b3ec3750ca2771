/** https://docs.slack.dev/reference/methods/?filter=conversations */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { channelField, option, options, SECONDS, shown, textField, userField } from './fields';
import { cursorPages } from './pages';
import { slack } from './service';

export const channelProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['channel'] } },
		options: [
			{
				name: 'Archive',
				value: 'archive',
				action: 'Archive a channel',
				routing: {
					request: { method: 'POST', url: '/conversations.archive' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { ok: true } }}' } }],
					},
				},
			},
			{
				name: 'Close',
				value: 'close',
				action: 'Close a direct message',
				routing: {
					request: { method: 'POST', url: '/conversations.close' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { ok: true } }}' } }],
					},
				},
			},
			{
				name: 'Create',
				value: 'create',
				action: 'Create a channel',
				routing: {
					request: { method: 'POST', url: '/conversations.create' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'channel' } }],
					},
				},
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a channel',
				routing: {
					request: { method: 'GET', url: '/conversations.info' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'channel' } }],
					},
				},
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many channels',
				routing: {
					request: { method: 'GET', url: '/conversations.list' },
					operations: { pagination: pages(slack, cursorPages('channels')) },
				},
			},
			{
				name: 'History',
				value: 'history',
				action: 'Get the messages of a channel',
				routing: {
					request: { method: 'GET', url: '/conversations.history' },
					operations: { pagination: pages(slack, cursorPages('messages')) },
				},
			},
			{
				name: 'Invite',
				value: 'invite',
				action: 'Invite a user to a channel',
				routing: {
					request: { method: 'POST', url: '/conversations.invite' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'channel' } }],
					},
				},
			},
			{
				name: 'Join',
				value: 'join',
				action: 'Join a channel',
				routing: {
					request: { method: 'POST', url: '/conversations.join' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'channel' } }],
					},
				},
			},
			{
				name: 'Kick',
				value: 'kick',
				action: 'Kick a user from a channel',
				routing: {
					request: { method: 'POST', url: '/conversations.kick' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { ok: true } }}' } }],
					},
				},
			},
			{
				name: 'Leave',
				value: 'leave',
				action: 'Leave a channel',
				routing: {
					request: { method: 'POST', url: '/conversations.leave' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { ok: true } }}' } }],
					},
				},
			},
			{
				name: 'Member',
				value: 'member',
				action: 'Get the members of a channel',
				routing: {
					request: { method: 'GET', url: '/conversations.members' },
					operations: { pagination: pages(slack, cursorPages('members')) },
				},
			},
			{
				name: 'Open',
				value: 'open',
				action: 'Open a direct message',
				routing: {
					request: { method: 'POST', url: '/conversations.open' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'channel' } }],
					},
				},
			},
			{
				name: 'Rename',
				value: 'rename',
				action: 'Rename a channel',
				routing: {
					request: { method: 'POST', url: '/conversations.rename' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'channel' } }],
					},
				},
			},
			{
				name: 'Replies',
				value: 'replies',
				action: 'Get the replies of a thread',
				routing: {
					request: { method: 'GET', url: '/conversations.replies' },
					operations: { pagination: pages(slack, cursorPages('messages')) },
				},
			},
			{
				name: 'Set Purpose',
				value: 'setPurpose',
				action: 'Set the purpose of a channel',
				routing: {
					request: { method: 'POST', url: '/conversations.setPurpose' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { purpose: $parameter.purpose } }}' } }],
					},
				},
			},
			{
				name: 'Set Topic',
				value: 'setTopic',
				action: 'Set the topic of a channel',
				routing: {
					request: { method: 'POST', url: '/conversations.setTopic' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { topic: $parameter.topic } }}' } }],
					},
				},
			},
			{
				name: 'Unarchive',
				value: 'unarchive',
				action: 'Unarchive a channel',
				routing: {
					request: { method: 'POST', url: '/conversations.unarchive' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { ok: true } }}' } }],
					},
				},
			},
		],
		default: 'getAll',
	},
	channelField(shown('channel', 'get', 'history', 'member', 'replies'), 'query'),
	channelField(
		shown(
			'channel',
			'archive',
			'close',
			'invite',
			'join',
			'kick',
			'leave',
			'rename',
			'setPurpose',
			'setTopic',
			'unarchive',
		),
		'body',
	),
	textField('Name', 'name', 'name', shown('channel', 'create', 'rename'), 'body', {
		placeholder: 'e.g. project-launch',
		description: 'Lowercase, without spaces',
	}),
	textField('User IDs', 'userIds', 'users', shown('channel', 'invite', 'open'), 'body', {
		placeholder: 'e.g. U012AB3CD,U045EF6GH',
		description: 'IDs of users, separated by commas',
	}),
	userField(shown('channel', 'kick'), 'body'),
	textField('Purpose', 'purpose', 'purpose', shown('channel', 'setPurpose'), 'body'),
	textField('Topic', 'topic', 'topic', shown('channel', 'setTopic'), 'body'),
	textField('Message Timestamp', 'ts', 'ts', shown('channel', 'replies'), 'query', {
		placeholder: 'e.g. 1663233118.856619',
		description: 'Of the message the thread begins with',
	}),
	...returnAllOrLimit(shown('channel', 'getAll', 'history', 'member', 'replies')),
	options(shown('channel', 'create'), [
		option('Private', 'isPrivate', 'is_private', 'body', { type: 'boolean', default: false }),
	]),
	options(shown('channel', 'getAll'), [
		option('Exclude Archived', 'excludeArchived', 'exclude_archived', 'query', {
			type: 'boolean',
			default: false,
		}),
		option('Types', 'types', 'types', 'query', {
			type: 'multiOptions',
			default: ['public_channel'],
			options: [
				{ name: 'Direct Message', value: 'im' },
				{ name: 'Group Message', value: 'mpim' },
				{ name: 'Private Channel', value: 'private_channel' },
				{ name: 'Public Channel', value: 'public_channel' },
			],
			routing: { send: { value: '={{ $value.join(",") }}' } },
		}),
	]),
	options(shown('channel', 'history', 'replies'), [
		option('Inclusive', 'inclusive', 'inclusive', 'query', {
			type: 'boolean',
			default: false,
			description: 'Whether messages of exactly these times are included',
		}),
		option('Latest', 'latest', 'latest', 'query', {
			type: 'dateTime',
			routing: { send: { value: SECONDS } },
		}),
		option('Oldest', 'oldest', 'oldest', 'query', {
			type: 'dateTime',
			routing: { send: { value: SECONDS } },
		}),
	]),
];
