/** https://docs.slack.dev/reference/methods#usergroups */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { JOINED, method, required, sent, shownFor } from './fields';
import { onePage } from './pages';
import { CHANNELS, USER_GROUP, USERS } from './pickers';
import { slack } from './service';

const NAME: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Marketing Team',
};

const flag = (displayName: string, name: string, property: string, description: string): INodeProperties =>
	sent('query', property, { displayName, name, type: 'boolean', default: true, description });

const DETAILS: INodeProperties[] = [
	sent('body', 'channels', CHANNELS, JOINED),
	sent('body', 'description', {
		displayName: 'Description',
		name: 'description',
		type: 'string',
		default: '',
	}),
	sent('body', 'handle', {
		displayName: 'Handle',
		name: 'handle',
		type: 'string',
		default: '',
		placeholder: 'e.g. marketing',
		description: 'The @name by which the group is mentioned',
	}),
];

export const userGroupProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['userGroup'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create a user group',
				routing: method('POST', 'usergroups.create', 'usergroup'),
			},
			{
				name: 'Disable',
				value: 'disable',
				action: 'Disable a user group',
				routing: method('POST', 'usergroups.disable', 'usergroup'),
			},
			{
				name: 'Enable',
				value: 'enable',
				action: 'Enable a user group',
				routing: method('POST', 'usergroups.enable', 'usergroup'),
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many user groups',
				routing: {
					...method('GET', 'usergroups.list'),
					operations: { pagination: pages(slack, onePage('usergroups')) },
				},
			},
			{ name: 'Get Users', value: 'getUsers', action: 'Get the users of a user group' },
			{
				name: 'Update',
				value: 'update',
				action: 'Update a user group',
				routing: method('POST', 'usergroups.update', 'usergroup'),
			},
			{
				name: 'Update Users',
				value: 'updateUsers',
				action: 'Update the users of a user group',
				description: 'Put these users in place of those who are in the group',
				routing: method('POST', 'usergroups.users.update', 'usergroup'),
			},
		],
		default: 'getAll',
	},
	required('body', 'name', { ...NAME, displayOptions: shownFor('userGroup', 'create') }),
	required('body', 'usergroup', {
		...USER_GROUP,
		displayOptions: shownFor('userGroup', 'disable', 'enable', 'update', 'updateUsers'),
	}),
	{ ...USER_GROUP, required: true, displayOptions: shownFor('userGroup', 'getUsers') },
	required('body', 'users', { ...USERS, displayOptions: shownFor('userGroup', 'updateUsers') }, JOINED),
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: shownFor('userGroup', 'create'),
		options: DETAILS,
	},
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: shownFor('userGroup', 'update'),
		options: [...DETAILS, sent('body', 'name', NAME)],
	},
	...returnAllOrLimit(shownFor('userGroup', 'getAll', 'getUsers').show),
	{
		displayName: 'Resolve Data',
		name: 'resolveData',
		type: 'boolean',
		default: false,
		description: 'Whether to get each user’s details, one call each, instead of the IDs alone',
		displayOptions: shownFor('userGroup', 'getUsers'),
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('userGroup', 'getAll'),
		options: [
			flag('Include Count', 'includeCount', 'include_count', 'Whether to count each group’s users'),
			flag('Include Disabled', 'includeDisabled', 'include_disabled', 'Whether to list disabled groups too'),
			flag('Include Users', 'includeUsers', 'include_users', 'Whether to list each group’s users'),
		],
	},
];
