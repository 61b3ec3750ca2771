/** https://docs.discord.com/developers/resources/guild: what people call a server, Discord's API calls a guild. */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { calls, inPath, inQuery, shownFor } from './fields';
import { serverPages } from './pages';
import { SERVER } from './pickers';
import { discord } from './service';

export const serverProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['guild'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get a server',
				description: 'Get a server with its roles and emojis',
				routing: calls('GET', '/guilds/:guildId'),
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many servers',
				description: 'Get the servers that the connected account is in',
				routing: {
					...calls('GET', '/users/@me/guilds'),
					operations: { pagination: pages(discord, serverPages) },
				},
			},
		],
		default: 'getAll',
	},
	inPath({ ...SERVER, displayOptions: shownFor('guild', 'get') }),
	...returnAllOrLimit(shownFor('guild', 'getAll').show),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('guild', 'get', 'getAll'),
		options: [
			inQuery('with_counts', {
				displayName: 'With Counts',
				name: 'withCounts',
				type: 'boolean',
				default: true,
				description: 'Whether to count members, about',
			}),
		],
	},
];
