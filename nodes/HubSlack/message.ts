/** https://docs.slack.dev/reference/methods/?filter=chat */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { channelField, option, options, SECONDS, shown, textField, userField } from './fields';
import { cursorPages } from './pages';
import { slack } from './service';

// JSON fields come as text, or as what an expression made.
const PARSED = '={{ typeof $value === "string" ? JSON.parse($value) : $value }}';
const BLOCKS =
	'={{ ((value) => value.blocks ?? value)(typeof $value === "string" ? JSON.parse($value) : $value) }}';

export const messageProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['message'] } },
		options: [
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a message',
				routing: {
					request: { method: 'POST', url: '/chat.delete' },
				},
			},
			{
				name: 'Delete Scheduled',
				value: 'deleteScheduled',
				action: 'Delete a scheduled message',
				routing: {
					request: { method: 'POST', url: '/chat.deleteScheduledMessage' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { ok: true } }}' } }],
					},
				},
			},
			{
				name: 'Get Many Scheduled',
				value: 'getManyScheduled',
				action: 'Get many scheduled messages',
				routing: {
					request: { method: 'GET', url: '/chat.scheduledMessages.list' },
					operations: { pagination: pages(slack, cursorPages('scheduled_messages')) },
				},
			},
			{
				name: 'Get Permalink',
				value: 'getPermalink',
				action: 'Get the permalink of a message',
				routing: {
					request: { method: 'GET', url: '/chat.getPermalink' },
				},
			},
			{
				name: 'Post',
				value: 'post',
				action: 'Post a message',
				routing: {
					request: { method: 'POST', url: '/chat.postMessage' },
				},
			},
			{
				name: 'Post Ephemeral',
				value: 'postEphemeral',
				action: 'Post a message that one user sees',
				routing: {
					request: { method: 'POST', url: '/chat.postEphemeral' },
				},
			},
			{
				name: 'Schedule',
				value: 'schedule',
				action: 'Schedule a message',
				routing: {
					request: { method: 'POST', url: '/chat.scheduleMessage' },
				},
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update a message',
				routing: {
					request: { method: 'POST', url: '/chat.update' },
				},
			},
		],
		default: 'post',
	},
	channelField(
		shown('message', 'delete', 'deleteScheduled', 'post', 'postEphemeral', 'schedule', 'update'),
		'body',
	),
	channelField(shown('message', 'getPermalink'), 'query'),
	textField('Message Timestamp', 'ts', 'ts', shown('message', 'delete', 'update'), 'body', {
		placeholder: 'e.g. 1663233118.856619',
	}),
	textField('Message Timestamp', 'ts', 'message_ts', shown('message', 'getPermalink'), 'query', {
		placeholder: 'e.g. 1663233118.856619',
	}),
	textField(
		'Scheduled Message ID',
		'scheduledMessageId',
		'scheduled_message_id',
		shown('message', 'deleteScheduled'),
		'body',
	),
	userField(shown('message', 'postEphemeral'), 'body'),
	textField('Text', 'text', 'text', shown('message', 'post', 'postEphemeral', 'schedule', 'update'), 'body', {
		typeOptions: { rows: 3 },
		description: 'With blocks, it is what notifications show',
	}),
	{
		displayName: 'Post At',
		name: 'postAt',
		type: 'dateTime',
		default: '',
		required: true,
		displayOptions: { show: shown('message', 'schedule') },
		routing: { send: { type: 'body', property: 'post_at', value: SECONDS } },
	},
	options(shown('message', 'post', 'postEphemeral', 'schedule', 'update'), [
		option('Attachments (JSON)', 'attachments', 'attachments', 'body', {
			type: 'json',
			default: '[]',
			routing: { send: { value: PARSED } },
		}),
		option('Blocks (JSON)', 'blocks', 'blocks', 'body', {
			type: 'json',
			default: '[]',
			description:
				'As <a href="https://docs.slack.dev/block-kit">Block Kit</a> wants them: a list, or an object with a list named blocks',
			routing: { send: { value: BLOCKS } },
		}),
		option('Icon Emoji', 'iconEmoji', 'icon_emoji', 'body', { placeholder: 'e.g. :robot_face:' }),
		option('Icon URL', 'iconUrl', 'icon_url', 'body'),
		option('Link Names', 'linkNames', 'link_names', 'body', {
			type: 'boolean',
			default: false,
			description: 'Whether names of users and channels become links',
		}),
		option('Markdown', 'mrkdwn', 'mrkdwn', 'body', {
			type: 'boolean',
			default: true,
			description: 'Whether the text is formatted',
		}),
		option('Reply Broadcast', 'replyBroadcast', 'reply_broadcast', 'body', {
			type: 'boolean',
			default: false,
			description: 'Whether a reply is shown in the channel too',
		}),
		option('Thread Timestamp', 'threadTs', 'thread_ts', 'body', {
			placeholder: 'e.g. 1663233118.856619',
			description: 'Of the message to reply to',
		}),
		option('Unfurl Links', 'unfurlLinks', 'unfurl_links', 'body', { type: 'boolean', default: false }),
		option('Unfurl Media', 'unfurlMedia', 'unfurl_media', 'body', { type: 'boolean', default: true }),
		option('Username', 'username', 'username', 'body', { description: 'The name the message is posted by' }),
	]),
	...returnAllOrLimit(shown('message', 'getManyScheduled')),
	options(shown('message', 'getManyScheduled'), [
		option('Channel ID', 'channel', 'channel', 'query'),
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
