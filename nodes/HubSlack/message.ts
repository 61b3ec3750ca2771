/** https://docs.slack.dev/reference/methods#chat */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { contentFields } from './content';
import { method, required, sent, shownFor, time, timestamp } from './fields';
import { messageOptions, scheduledFilters } from './message-options';
import { COUNT, cursorPages, numberedPages } from './pages';
import { CHANNEL, USER } from './pickers';
import { slack } from './service';

const WITH_CONTENT = ['post', 'postEphemeral', 'schedule', 'update'];

export const messageProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['message'] } },
		options: [
			{ name: 'Delete', value: 'delete', action: 'Delete a message', routing: method('POST', 'chat.delete') },
			{
				name: 'Delete Scheduled',
				value: 'deleteScheduled',
				action: 'Delete a scheduled message',
				routing: method('POST', 'chat.deleteScheduledMessage'),
			},
			{
				name: 'Get Many Scheduled',
				value: 'getManyScheduled',
				action: 'Get many scheduled messages',
				routing: {
					...method('GET', 'chat.scheduledMessages.list'),
					operations: { pagination: pages(slack, cursorPages('scheduled_messages', 100)) },
				},
			},
			{
				name: 'Get Permalink',
				value: 'getPermalink',
				action: 'Get a message permalink',
				routing: method('GET', 'chat.getPermalink'),
			},
			{
				name: 'Schedule',
				value: 'schedule',
				action: 'Schedule a message',
				description: 'Have a message sent later, up to 120 days ahead',
				routing: method('POST', 'chat.scheduleMessage'),
			},
			{
				name: 'Search',
				value: 'search',
				action: 'Search for messages',
				description: 'Needs a connection with a user’s token',
				routing: {
					request: { method: 'GET', url: '/search.messages', qs: { count: COUNT } },
					operations: { pagination: pages(slack, numberedPages('messages.matches', 'messages.paging')) },
				},
			},
			{
				name: 'Send',
				value: 'post',
				action: 'Send a message',
				description: 'Send a message to a channel or a user, or as a reply',
				routing: method('POST', 'chat.postMessage'),
			},
			{
				name: 'Send Ephemeral',
				value: 'postEphemeral',
				action: 'Send an ephemeral message',
				description: 'Send a message that one member of the channel sees, and for a while only',
				routing: method('POST', 'chat.postEphemeral'),
			},
			{ name: 'Update', value: 'update', action: 'Update a message', routing: method('POST', 'chat.update') },
		],
		default: 'post',
	},
	{
		displayName: 'Send Message To',
		name: 'select',
		type: 'options',
		default: 'channel',
		options: [
			{ name: 'Channel', value: 'channel' },
			{ name: 'User', value: 'user' },
		],
		displayOptions: shownFor('message', 'post'),
	},
	required('body', 'channel', {
		...withName(CHANNEL),
		displayOptions: { show: { ...shownFor('message', 'post').show, select: ['channel'] } },
	}),
	required('body', 'channel', {
		...USER,
		displayOptions: { show: { ...shownFor('message', 'post').show, select: ['user'] } },
	}),
	required('body', 'channel', {
		...CHANNEL,
		displayOptions: shownFor('message', 'delete', 'deleteScheduled', 'postEphemeral', 'schedule', 'update'),
	}),
	required('query', 'channel', { ...CHANNEL, displayOptions: shownFor('message', 'getPermalink') }),
	required('body', 'user', {
		...USER,
		description: 'Who sees the message; a member of the channel',
		displayOptions: shownFor('message', 'postEphemeral'),
	}),
	timestamp(shownFor('message', 'delete', 'update'), 'body', 'ts'),
	timestamp(shownFor('message', 'getPermalink'), 'query', 'message_ts'),
	required('body', 'scheduled_message_id', {
		displayName: 'Scheduled Message ID',
		name: 'scheduledMessageId',
		type: 'string',
		default: '',
		placeholder: 'e.g. Q1298393284',
		displayOptions: shownFor('message', 'deleteScheduled'),
	}),
	time('body', 'post_at', 'Send At', {
		required: true,
		displayOptions: shownFor('message', 'schedule'),
	}),
	...contentFields(shownFor('message', ...WITH_CONTENT)),
	...WITH_CONTENT.map(messageOptions),
	required('query', 'query', {
		displayName: 'Search Query',
		name: 'query',
		type: 'string',
		default: '',
		placeholder: 'e.g. invoice from:@jo in:#finance after:2026-01-01',
		description: 'As in Slack’s search field',
		displayOptions: shownFor('message', 'search'),
	}),
	{
		displayName: 'Sort By',
		name: 'sort',
		type: 'options',
		default: 'desc',
		options: [
			{
				name: 'Newest First',
				value: 'desc',
				routing: { request: { qs: { sort: 'timestamp', sort_dir: 'desc' } } },
			},
			{
				name: 'Oldest First',
				value: 'asc',
				routing: { request: { qs: { sort: 'timestamp', sort_dir: 'asc' } } },
			},
			{ name: 'Relevance', value: 'relevance', routing: { request: { qs: { sort: 'score' } } } },
		],
		displayOptions: shownFor('message', 'search'),
	},
	...returnAllOrLimit(shownFor('message', 'getManyScheduled', 'search').show),
	scheduledFilters,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('message', 'search'),
		options: [
			sent('query', 'highlight', {
				displayName: 'Highlight',
				name: 'highlight',
				type: 'boolean',
				default: true,
				description: 'Whether to mark in the text what was searched for',
			}),
		],
	},
];

/** Slack takes names in place of IDs where a message is sent, and nowhere else. */
function withName(channel: INodeProperties): INodeProperties {
	const byName = {
		displayName: 'By Name',
		name: 'name',
		type: 'string' as const,
		placeholder: 'e.g. #general',
	};
	return { ...channel, modes: [...(channel.modes ?? []), byName] };
}
