/** https://docs.slack.dev/reference/methods#conversations */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { channelFields } from './channel-fields';
import { method, required, sent, shownFor, timestamp } from './fields';
import { cursorPages } from './pages';
import { CHANNEL } from './pickers';
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
				routing: method('POST', 'conversations.archive'),
			},
			{
				name: 'Close',
				value: 'close',
				action: 'Close a channel',
				description: 'Close a direct message, of two or more people',
				routing: method('POST', 'conversations.close'),
			},
			{
				name: 'Create',
				value: 'create',
				action: 'Create a channel',
				routing: method('POST', 'conversations.create', 'channel'),
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a channel',
				routing: method('GET', 'conversations.info', 'channel'),
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many channels',
				routing: {
					...method('GET', 'conversations.list'),
					operations: { pagination: pages(slack, cursorPages('channels')) },
				},
			},
			{
				name: 'Get Members',
				value: 'member',
				action: 'Get members of a channel',
			},
			{
				name: 'Get Replies',
				value: 'replies',
				action: 'Get the replies to a message',
				description: 'Get a thread: the message that began it, then its replies',
				routing: {
					...method('GET', 'conversations.replies'),
					operations: { pagination: pages(slack, cursorPages('messages')) },
				},
			},
			{
				name: 'History',
				value: 'history',
				action: 'Get the history of a channel',
				description: 'Get messages and events of a channel, the latest first',
				routing: {
					...method('GET', 'conversations.history'),
					operations: { pagination: pages(slack, cursorPages('messages')) },
				},
			},
			{
				name: 'Invite',
				value: 'invite',
				action: 'Invite users to a channel',
				routing: method('POST', 'conversations.invite', 'channel'),
			},
			{
				name: 'Join',
				value: 'join',
				action: 'Join a channel',
				routing: method('POST', 'conversations.join', 'channel'),
			},
			{
				name: 'Kick',
				value: 'kick',
				action: 'Kick a user from a channel',
				routing: method('POST', 'conversations.kick'),
			},
			{
				name: 'Leave',
				value: 'leave',
				action: 'Leave a channel',
				routing: method('POST', 'conversations.leave'),
			},
			{
				name: 'Open',
				value: 'open',
				action: 'Open a channel',
				description: 'Open or resume a direct message with one or more people',
				routing: method('POST', 'conversations.open', 'channel'),
			},
			{
				name: 'Rename',
				value: 'rename',
				action: 'Rename a channel',
				routing: method('POST', 'conversations.rename', 'channel'),
			},
			{
				name: 'Set Purpose',
				value: 'setPurpose',
				action: 'Set the purpose of a channel',
				routing: method('POST', 'conversations.setPurpose'),
			},
			{
				name: 'Set Topic',
				value: 'setTopic',
				action: 'Set the topic of a channel',
				routing: method('POST', 'conversations.setTopic'),
			},
			{
				name: 'Unarchive',
				value: 'unarchive',
				action: 'Unarchive a channel',
				routing: method('POST', 'conversations.unarchive'),
			},
		],
		default: 'getAll',
	},
	required('query', 'channel', {
		...CHANNEL,
		displayOptions: shownFor('channel', 'get', 'history', 'replies'),
	}),
	required('body', 'channel', {
		...CHANNEL,
		displayOptions: shownFor(
			'channel',
			...['archive', 'close', 'invite', 'join', 'kick', 'leave', 'rename', 'setPurpose', 'setTopic'],
			'unarchive',
		),
	}),
	{ ...CHANNEL, required: true, displayOptions: shownFor('channel', 'member') },
	timestamp(shownFor('channel', 'replies'), 'query', 'ts', 'Of the message that began the thread'),
	...channelFields,
	...returnAllOrLimit(shownFor('channel', 'getAll', 'history', 'member', 'replies').show),
	{
		displayName: 'Resolve Data',
		name: 'resolveData',
		type: 'boolean',
		default: false,
		description: 'Whether to get each member’s details, one call each, instead of the IDs alone',
		displayOptions: shownFor('channel', 'member'),
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('channel', 'get'),
		options: [
			sent('query', 'include_locale', {
				displayName: 'Include Locale',
				name: 'includeLocale',
				type: 'boolean',
				default: true,
				description: 'Whether to tell the channel’s language',
			}),
			sent('query', 'include_num_members', {
				displayName: 'Include Number of Members',
				name: 'includeNumMembers',
				type: 'boolean',
				default: true,
				description: 'Whether to count the members',
			}),
		],
	},
];
