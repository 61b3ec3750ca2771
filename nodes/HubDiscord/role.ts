/** https://docs.discord.com/developers/topics/permissions#role-object */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { calls, inBody, inPath, REASON, reasonOption, shownFor } from './fields';
import { onePage } from './pages';
import { ROLE, SERVER } from './pickers';
import { discord } from './service';

const ROLE_PATH = '/guilds/:guildId/roles/:roleId';

const NAME: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Moderators',
	description: '100 characters at most',
};

const SETTINGS: INodeProperties[] = [
	inBody(
		'colors',
		{ displayName: 'Color', name: 'color', type: 'color', default: '#5865F2' },
		'={{ ({ primary_color: parseInt(String($value).replace("#", ""), 16), secondary_color: null, tertiary_color: null }) }}',
	),
	inBody('hoist', {
		displayName: 'Display Separately',
		name: 'hoist',
		type: 'boolean',
		default: true,
		description: 'Whether members with this role are listed apart from others',
	}),
	inBody('mentionable', {
		displayName: 'Mentionable',
		name: 'mentionable',
		type: 'boolean',
		default: true,
		description: 'Whether anybody may mention the role',
	}),
	inBody(
		'permissions',
		{
			displayName: 'Permissions',
			name: 'permissions',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2048',
			description:
				'The number of the <a href="https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags">permissions’ bits</a>',
		},
		'={{ String($value) }}',
	),
	REASON,
];

export const roleProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['role'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create a role',
				routing: calls('POST', '/guilds/:guildId/roles'),
			},
			{ name: 'Delete', value: 'delete', action: 'Delete a role', routing: calls('DELETE', ROLE_PATH) },
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many roles',
				routing: {
					...calls('GET', '/guilds/:guildId/roles'),
					operations: { pagination: pages(discord, onePage) },
				},
			},
			{ name: 'Update', value: 'update', action: 'Update a role', routing: calls('PATCH', ROLE_PATH) },
		],
		default: 'getAll',
	},
	inPath({ ...SERVER, displayOptions: shownFor('role', 'create', 'delete', 'getAll', 'update') }),
	inPath({ ...ROLE, displayOptions: shownFor('role', 'delete', 'update') }),
	inBody('name', { ...NAME, required: true, displayOptions: shownFor('role', 'create') }),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('role', 'create'),
		options: SETTINGS,
	},
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: shownFor('role', 'update'),
		options: [...SETTINGS, inBody('name', NAME)].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	},
	reasonOption(shownFor('role', 'delete')),
	...returnAllOrLimit(shownFor('role', 'getAll').show),
];
