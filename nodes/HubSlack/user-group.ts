/** https://docs.slack.dev/reference/methods/?filter=usergroups */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { option, options, shown, textField } from './fields';
import { wholePage } from './pages';
import { slack } from './service';

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
				routing: {
					request: { method: 'POST', url: '/usergroups.create' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'usergroup' } }],
					},
				},
			},
			{
				name: 'Disable',
				value: 'disable',
				action: 'Disable a user group',
				routing: {
					request: { method: 'POST', url: '/usergroups.disable' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'usergroup' } }],
					},
				},
			},
			{
				name: 'Enable',
				value: 'enable',
				action: 'Enable a user group',
				routing: {
					request: { method: 'POST', url: '/usergroups.enable' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'usergroup' } }],
					},
				},
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many user groups',
				routing: {
					request: { method: 'GET', url: '/usergroups.list' },
					operations: { pagination: pages(slack, wholePage('usergroups')) },
				},
			},
			{
				name: 'Get Users',
				value: 'getUsers',
				action: 'Get the users of a user group',
				routing: {
					request: { method: 'GET', url: '/usergroups.users.list' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { users: $response.body.users } }}' } }],
					},
				},
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update a user group',
				routing: {
					request: { method: 'POST', url: '/usergroups.update' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'usergroup' } }],
					},
				},
			},
			{
				name: 'Update Users',
				value: 'updateUsers',
				action: 'Update the users of a user group',
				routing: {
					request: { method: 'POST', url: '/usergroups.users.update' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'usergroup' } }],
					},
				},
			},
		],
		default: 'getAll',
	},
	textField(
		'User Group ID',
		'userGroupId',
		'usergroup',
		shown('userGroup', 'disable', 'enable', 'update', 'updateUsers'),
		'body',
		{ placeholder: 'e.g. S012AB3CD' },
	),
	textField('User Group ID', 'userGroupId', 'usergroup', shown('userGroup', 'getUsers'), 'query', {
		placeholder: 'e.g. S012AB3CD',
	}),
	textField('Name', 'name', 'name', shown('userGroup', 'create'), 'body'),
	textField('User IDs', 'userIds', 'users', shown('userGroup', 'updateUsers'), 'body', {
		placeholder: 'e.g. U012AB3CD,U045EF6GH',
		description: 'All of its users from now on, separated by commas',
	}),
	...returnAllOrLimit(shown('userGroup', 'getAll')),
	options(shown('userGroup', 'create', 'update'), [
		option('Channel IDs', 'channels', 'channels', 'body', { description: 'Separated by commas' }),
		option('Description', 'description', 'description', 'body'),
		option('Handle', 'handle', 'handle', 'body'),
		option('Name', 'newName', 'name', 'body'),
	]),
	options(shown('userGroup', 'getAll'), [
		option('Include Disabled', 'includeDisabled', 'include_disabled', 'query', {
			type: 'boolean',
			default: false,
		}),
		option('Include Users', 'includeUsers', 'include_users', 'query', { type: 'boolean', default: false }),
	]),
];
