/** https://docs.discord.com/developers/resources/message */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { embedsField } from './embed';
import { calls, inPath, inQuery, reasonOption, shownFor } from './fields';
import { filesField, messageOptions } from './message-options';
import { messagePages, pinPages } from './pages';
import { CHANNEL, FOR_LISTS, SERVER, USER } from './pickers';
import { discord } from './service';

const MESSAGES = '/channels/:channelId/messages';
const MESSAGE = `${MESSAGES}/:messageId`;
const OF_ONE = ['deleteMessage', 'get', 'pin', 'react', 'removeReaction', 'unpin'];

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
				value: 'deleteMessage',
				action: 'Delete a message',
				routing: calls('DELETE', MESSAGE),
			},
			{ name: 'Get', value: 'get', action: 'Get a message', routing: calls('GET', MESSAGE) },
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many messages',
				description: 'Get messages of a channel, the newest first',
				routing: { ...calls('GET', MESSAGES), operations: { pagination: pages(discord, messagePages) } },
			},
			{
				name: 'Get Many Pinned',
				value: 'getPinned',
				action: 'Get many pinned messages',
				routing: {
					...calls('GET', `${MESSAGES}/pins`),
					operations: { pagination: pages(discord, pinPages) },
				},
			},
			{
				name: 'Pin',
				value: 'pin',
				action: 'Pin a message',
				routing: calls('PUT', `${MESSAGES}/pins/:messageId`),
			},
			{
				name: 'React',
				value: 'react',
				action: 'React to a message',
				routing: calls('PUT', `${MESSAGE}/reactions/:emoji/@me`),
			},
			{
				name: 'Remove Reaction',
				value: 'removeReaction',
				action: 'Remove a reaction from a message',
				routing: calls('DELETE', `${MESSAGE}/reactions/:emoji/@me`),
			},
			{
				name: 'Send',
				value: 'send',
				action: 'Send a message',
				description: 'Send a message to a channel, thread or user, or as a reply',
			},
			{
				name: 'Unpin',
				value: 'unpin',
				action: 'Unpin a message',
				routing: calls('DELETE', `${MESSAGES}/pins/:messageId`),
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update a message',
				description: 'Change what the bot has sent',
			},
		],
		default: 'send',
	},
	{
		displayName: 'Send To',
		name: 'sendTo',
		type: 'options',
		default: 'channel',
		options: [
			{ name: 'Channel', value: 'channel' },
			{ name: 'User', value: 'user', description: 'As a direct message' },
		],
		displayOptions: shownFor('message', 'send'),
	},
	{
		...SERVER,
		...FOR_LISTS,
		displayOptions: shownFor('message', ...OF_ONE, 'getAll', 'getPinned', 'send', 'update'),
	},
	inPath({ ...CHANNEL, displayOptions: shownFor('message', ...OF_ONE, 'getAll', 'getPinned') }),
	{ ...CHANNEL, required: true, displayOptions: shownFor('message', 'update') },
	{
		...CHANNEL,
		required: true,
		description: 'A channel or a thread',
		displayOptions: { show: { ...shownFor('message', 'send').show, sendTo: ['channel'] } },
	},
	{
		...USER,
		required: true,
		displayOptions: { show: { ...shownFor('message', 'send').show, sendTo: ['user'] } },
	},
	inPath({
		displayName: 'Message ID',
		name: 'messageId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 1057576506244726804',
		displayOptions: shownFor('message', ...OF_ONE),
	}),
	{
		displayName: 'Message ID',
		name: 'messageId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 1057576506244726804',
		displayOptions: shownFor('message', 'update'),
	},
	inPath({
		displayName: 'Emoji',
		name: 'emoji',
		type: 'string',
		default: '',
		placeholder: 'e.g. 👍 or party:1099347036838936577',
		description: 'An emoji, or a server’s own one as name:ID',
		displayOptions: shownFor('message', 'react', 'removeReaction'),
	}),
	{
		displayName: 'Message',
		name: 'content',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. My message',
		description: '2000 characters at most; left empty by an update, the text stays',
		displayOptions: shownFor('message', 'send', 'update'),
	},
	embedsField(shownFor('message', 'send', 'update')),
	filesField(shownFor('message', 'send', 'update')),
	messageOptions('send'),
	messageOptions('update'),
	...returnAllOrLimit(shownFor('message', 'getAll', 'getPinned').show),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('message', 'getAll'),
		options: ['After', 'Around', 'Before'].map((displayName) =>
			inQuery(displayName.toLowerCase(), {
				displayName,
				name: displayName.toLowerCase(),
				type: 'string',
				default: '',
				placeholder: 'e.g. 1057576506244726804',
				description: 'ID of a message; one of the three at a time',
			}),
		),
	},
	...['deleteMessage', 'pin', 'unpin'].map((operation) => reasonOption(shownFor('message', operation))),
];
