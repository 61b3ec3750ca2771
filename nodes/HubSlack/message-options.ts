import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { json, sent, shownFor, time } from './fields';

type Option = { for: string[]; field: INodeProperties };

const option = (property: string, operations: string[], field: INodeProperties): Option => ({
	for: operations,
	field: sent('body', property, field),
});

const NEW = ['post', 'schedule'];
const ALL_NEW = ['post', 'postEphemeral', 'schedule'];
const ALL = [...ALL_NEW, 'update'];
const OWN_NAME = 'Needs the scope chat:write.customize';

// What each method knows of it: https://docs.slack.dev/reference/methods/chat.postMessage and its neighbours
const OPTIONS: Option[] = [
	option('icon_emoji', ['post', 'postEphemeral'], {
		displayName: 'Icon Emoji',
		name: 'iconEmoji',
		type: 'string',
		default: '',
		placeholder: 'e.g. :rocket:',
		description: `In place of the app’s picture. ${OWN_NAME}.`,
	}),
	option('icon_url', ['post', 'postEphemeral'], {
		displayName: 'Icon URL',
		name: 'iconUrl',
		type: 'string',
		default: '',
		description: `A picture in place of the app’s own. ${OWN_NAME}.`,
	}),
	option('link_names', ALL, {
		displayName: 'Link Names',
		name: 'linkNames',
		type: 'boolean',
		default: true,
		description: 'Whether to make links of @names and #channels in the text',
	}),
	{
		for: [...NEW, 'update'],
		field: {
			displayName: 'Metadata',
			name: 'metadata',
			type: 'json',
			default: '',
			placeholder: 'e.g. {"event_type": "task_created", "event_payload": {"ID": "1"}}',
			description:
				'What <a href="https://docs.slack.dev/messaging/message-metadata">apps may read</a> beside the text',
			routing: { send: { type: 'body', property: 'metadata', preSend: [readMetadata] } },
		},
	},
	option('reply_broadcast', [...NEW, 'update'], {
		displayName: 'Reply to Channel Too',
		name: 'replyBroadcast',
		type: 'boolean',
		default: true,
		description: 'Whether to show a reply in the channel as well as in its thread',
	}),
	{
		for: ALL_NEW,
		field: sent(
			'body',
			'thread_ts',
			{
				displayName: 'Reply to Message',
				name: 'threadTs',
				type: 'string',
				default: '',
				placeholder: 'e.g. 1663233118.856619',
				description: 'Timestamp of the message that begins the thread',
			},
			'={{ typeof $value === "number" ? $value.toFixed(6) : $value || undefined }}',
		),
	},
	option('unfurl_links', NEW, {
		displayName: 'Unfurl Links',
		name: 'unfurlLinks',
		type: 'boolean',
		default: false,
		description: 'Whether to show previews of pages that are linked to',
	}),
	option('unfurl_media', NEW, {
		displayName: 'Unfurl Media',
		name: 'unfurlMedia',
		type: 'boolean',
		default: false,
		description: 'Whether to show pictures and films that are linked to',
	}),
	option('mrkdwn', ['post'], {
		displayName: 'Use Marks',
		name: 'mrkdwn',
		type: 'boolean',
		default: false,
		description: 'Whether to take *bold* and the like in a simple text as marks',
	}),
	option('username', ['post', 'postEphemeral'], {
		displayName: 'Username',
		name: 'username',
		type: 'string',
		default: '',
		description: `In place of the app’s name. ${OWN_NAME}.`,
	}),
];

export const messageOptions = (operation: string): INodeProperties => ({
	displayName: 'Options',
	name: 'otherOptions',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: shownFor('message', operation),
	options: OPTIONS.filter((one) => one.for.includes(operation)).map(({ field }) => field),
});

export const scheduledFilters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	displayOptions: shownFor('message', 'getManyScheduled'),
	options: [
		sent('query', 'channel', {
			displayName: 'Channel ID',
			name: 'channel',
			type: 'string',
			default: '',
			placeholder: 'e.g. C012AB3CD',
		}),
		time('query', 'latest', 'Latest', { description: 'Only messages to be sent before this time' }),
		time('query', 'oldest', 'Oldest', { description: 'Only messages to be sent after this time' }),
	],
};

async function readMetadata(
	this: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const body = request.body as IDataObject;
	if (body.metadata === '') delete body.metadata;
	else body.metadata = json(this, body.metadata, 'Metadata', this.getItemIndex()) as IDataObject;
	return request;
}
