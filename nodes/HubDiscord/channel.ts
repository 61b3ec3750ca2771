/** https://docs.discord.com/developers/resources/channel */
import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { calls, inBody, inPath, REASON, shownFor } from './fields';
import { CATEGORY, CHANNEL, FOR_LISTS, SERVER } from './pickers';

/** https://docs.discord.com/developers/resources/channel#channel-object-channel-types */
export const TYPES = [
	{ name: 'Announcement', value: 5 },
	{ name: 'Category', value: 4 },
	{ name: 'Forum', value: 15 },
	{ name: 'Media', value: 16 },
	{ name: 'Stage', value: 13 },
	{ name: 'Text', value: 0 },
	{ name: 'Voice', value: 2 },
];

const number = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'number',
	default: 0,
	description,
});

const NAME: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. new-channel',
	description: '100 characters at most',
};

const SETTINGS: INodeProperties[] = [
	inBody('nsfw', {
		displayName: 'Age-Restricted',
		name: 'nsfw',
		type: 'boolean',
		default: false,
		description: 'Whether the channel is for adults only',
	}),
	inBody('bitrate', number('Bitrate', 'bitrate', 'Of a voice channel, in bits a second; 8000 at least')),
	inBody('parent_id', CATEGORY, '={{ $value || null }}'),
	inBody('position', number('Position', 'position', 'Place in the list of channels')),
	inBody(
		'rate_limit_per_user',
		number('Rate Limit per User', 'rateLimitPerUser', 'Seconds between one user’s messages; 21600 at most'),
	),
	REASON,
	inBody('topic', {
		displayName: 'Topic',
		name: 'topic',
		type: 'string',
		default: '',
		description: '1024 characters at most, in forums 4096',
	}),
	inBody('user_limit', number('User Limit', 'userLimit', 'Of a voice channel; 0 for no limit')),
];

export const channelProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['channel'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create a channel',
				routing: calls('POST', '/guilds/:guildId/channels'),
			},
			{
				name: 'Delete',
				value: 'deleteChannel',
				action: 'Delete a channel',
				routing: calls('DELETE', '/channels/:channelId'),
			},
			{ name: 'Get', value: 'get', action: 'Get a channel', routing: calls('GET', '/channels/:channelId') },
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many channels',
				description: 'Get the channels of a server, threads not among them',
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update a channel',
				routing: calls('PATCH', '/channels/:channelId'),
			},
		],
		default: 'create',
	},
	inPath({ ...SERVER, displayOptions: shownFor('channel', 'create') }),
	{ ...SERVER, required: true, displayOptions: shownFor('channel', 'getAll') },
	{ ...SERVER, ...FOR_LISTS, displayOptions: shownFor('channel', 'deleteChannel', 'get', 'update') },
	inPath({ ...CHANNEL, displayOptions: shownFor('channel', 'deleteChannel', 'get', 'update') }),
	inBody('name', { ...NAME, required: true, displayOptions: shownFor('channel', 'create') }),
	inBody('type', {
		displayName: 'Type',
		name: 'type',
		type: 'options',
		default: 0,
		options: TYPES,
		displayOptions: shownFor('channel', 'create'),
	}),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('channel', 'create'),
		options: SETTINGS,
	},
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: shownFor('channel', 'update'),
		options: [...SETTINGS, inBody('name', NAME)].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('channel', 'deleteChannel'),
		options: [REASON],
	},
	...returnAllOrLimit(shownFor('channel', 'getAll').show),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('channel', 'getAll'),
		options: [
			{
				displayName: 'Filter by Type',
				name: 'filter',
				type: 'multiOptions',
				default: [],
				options: TYPES,
			},
		],
	},
];
