/** https://docs.slack.dev/reference/methods/?filter=users */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { option, options, shown, textField, userField } from './fields';
import { cursorPages } from './pages';
import { slack } from './service';

export const userProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['user'] } },
		options: [
			{
				name: 'Get',
				value: 'info',
				action: 'Get a user',
				routing: {
					request: { method: 'GET', url: '/users.info' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'user' } }],
					},
				},
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many users',
				routing: {
					request: { method: 'GET', url: '/users.list' },
					operations: { pagination: pages(slack, cursorPages('members')) },
				},
			},
			{
				name: 'Get Presence',
				value: 'getPresence',
				action: 'Get the presence of a user',
				routing: {
					request: { method: 'GET', url: '/users.getPresence' },
				},
			},
			{
				name: 'Get Profile',
				value: 'getProfile',
				action: 'Get the profile of a user',
				routing: {
					request: { method: 'GET', url: '/users.profile.get' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'profile' } }],
					},
				},
			},
			{
				name: 'Lookup by Email',
				value: 'lookupByEmail',
				action: 'Look up a user by email',
				routing: {
					request: { method: 'GET', url: '/users.lookupByEmail' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'user' } }],
					},
				},
			},
			{
				name: 'Update Profile',
				value: 'updateProfile',
				action: 'Update the profile of a user',
				routing: {
					request: { method: 'POST', url: '/users.profile.set' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'profile' } }],
					},
				},
			},
		],
		default: 'getAll',
	},
	userField(shown('user', 'getPresence', 'getProfile', 'info'), 'query'),
	textField('Email', 'email', 'email', shown('user', 'lookupByEmail'), 'query', {
		placeholder: 'e.g. name@email.com',
	}),
	...returnAllOrLimit(shown('user', 'getAll')),
	options(
		shown('user', 'updateProfile'),
		[
			option('First Name', 'firstName', 'profile.first_name', 'body'),
			option('Last Name', 'lastName', 'profile.last_name', 'body'),
			option('Status Emoji', 'statusEmoji', 'profile.status_emoji', 'body', {
				placeholder: 'e.g. :palm_tree:',
			}),
			option('Status Expiration', 'statusExpiration', 'profile.status_expiration', 'body', {
				type: 'dateTime',
				routing: {
					send: { value: '={{ $value ? Math.floor(new Date($value).getTime() / 1000) : 0 }}' },
				},
			}),
			option('Status Text', 'statusText', 'profile.status_text', 'body'),
			option('User ID', 'user', 'user', 'body', {
				description: 'Whose profile; the connected user’s unless given',
			}),
		],
		'fields',
	),
];
