/** https://docs.discord.com/developers/resources/guild#guild-member-object */
import type { IExecuteSingleFunctions, IHttpRequestOptions, INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { calls, inBody, inPath, inQuery, isoTime, REASON, reasonOption, shownFor } from './fields';
import { memberPages } from './pages';
import { SERVER, USER } from './pickers';
import { discord } from './service';

const MEMBER = '/guilds/:guildId/members/:userId';
const BAN = '/guilds/:guildId/bans/:userId';
const HOUR = 3600;
const DAY = 24 * HOUR;

export const memberProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['member'] } },
		options: [
			{ name: 'Ban', value: 'ban', action: 'Ban a member', routing: calls('PUT', BAN) },
			{ name: 'Get', value: 'get', action: 'Get a member', routing: calls('GET', MEMBER) },
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many members',
				description: 'Needs the privileged intent “Server Members” of the bot',
				routing: {
					...calls('GET', '/guilds/:guildId/members'),
					operations: { pagination: pages(discord, memberPages) },
				},
			},
			{
				name: 'Kick',
				value: 'kick',
				action: 'Kick a member',
				description: 'Remove a member, who may come back',
				routing: calls('DELETE', MEMBER),
			},
			{ name: 'Role Add', value: 'roleAdd', action: 'Add roles to a member' },
			{ name: 'Role Remove', value: 'roleRemove', action: 'Remove roles from a member' },
			{
				name: 'Timeout',
				value: 'timeout',
				action: 'Time out a member',
				description: 'Keep a member from writing and speaking for a while, or let one again',
				routing: calls('PATCH', MEMBER),
			},
			{
				name: 'Unban',
				value: 'unban',
				action: 'Unban a user',
				routing: calls('DELETE', BAN),
			},
		],
		default: 'getAll',
	},
	inPath({
		...SERVER,
		displayOptions: shownFor('member', 'ban', 'get', 'getAll', 'kick', 'timeout', 'unban'),
	}),
	{ ...SERVER, required: true, displayOptions: shownFor('member', 'roleAdd', 'roleRemove') },
	inPath({ ...USER, displayOptions: shownFor('member', 'ban', 'get', 'kick', 'timeout', 'unban') }),
	{ ...USER, required: true, displayOptions: shownFor('member', 'roleAdd', 'roleRemove') },
	{
		displayName: 'Role Names or IDs',
		name: 'role',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getRoles', loadOptionsDependsOn: ['guildId.value'] },
		required: true,
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		displayOptions: shownFor('member', 'roleAdd', 'roleRemove'),
	},
	inBody(
		'communication_disabled_until',
		{
			displayName: 'Duration',
			name: 'duration',
			type: 'options',
			default: HOUR,
			options: [
				{ name: '1 Day', value: DAY },
				{ name: '1 Hour', value: HOUR },
				{ name: '1 Minute', value: 60 },
				{ name: '1 Week', value: 7 * DAY },
				{ name: '10 Minutes', value: 600 },
				{ name: '4 Weeks', value: 28 * DAY },
				{ name: '5 Minutes', value: 300 },
				{ name: 'End the Timeout', value: 0 },
				{ name: 'Until', value: 'until' },
			],
			displayOptions: shownFor('member', 'timeout'),
		},
		'={{ $value === "until" ? undefined : $value === 0 ? null : new Date(Date.now() + $value * 1000).toISOString() }}',
	),
	{
		displayName: 'Until',
		name: 'until',
		type: 'dateTime',
		required: true,
		default: '',
		description: '28 days ahead at most',
		displayOptions: { show: { ...shownFor('member', 'timeout').show, duration: ['until'] } },
		routing: { send: { preSend: [withUntil] } },
	},
	...returnAllOrLimit(shownFor('member', 'getAll').show),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('member', 'getAll'),
		options: [
			inQuery('after', {
				displayName: 'After',
				name: 'after',
				type: 'string',
				default: '',
				placeholder: 'e.g. 786953432728469534',
				description: 'Only members whose user ID is higher than this one',
			}),
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('member', 'ban'),
		options: [
			inBody('delete_message_seconds', {
				displayName: 'Delete Messages Of',
				name: 'deleteMessages',
				type: 'options',
				default: DAY,
				options: [
					{ name: 'Last 12 Hours', value: 12 * HOUR },
					{ name: 'Last 24 Hours', value: DAY },
					{ name: 'Last 3 Days', value: 3 * DAY },
					{ name: 'Last 6 Hours', value: 6 * HOUR },
					{ name: 'Last 7 Days', value: 7 * DAY },
					{ name: 'Last Hour', value: HOUR },
				],
			}),
			REASON,
		],
	},
	...['kick', 'roleAdd', 'roleRemove', 'timeout', 'unban'].map((operation) =>
		reasonOption(shownFor('member', operation)),
	),
];

async function withUntil(
	this: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const until = isoTime(this, this.getNodeParameter('until', ''), 'Until', this.getItemIndex());
	return { ...request, body: { communication_disabled_until: until } };
}
