/** https://docs.slack.dev/reference/methods#users */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { method, required, sent, shownFor, time } from './fields';
import { cursorPages } from './pages';
import { USER } from './pickers';
import { profileFields } from './profile';
import { slack } from './service';

export const userProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['user'] } },
		options: [
			{ name: 'Get', value: 'info', action: 'Get a user', routing: method('GET', 'users.info', 'user') },
			{
				name: 'Get by Email',
				value: 'lookupByEmail',
				action: 'Get a user by email',
				description: 'Find the user who has an email address',
				routing: method('GET', 'users.lookupByEmail', 'user'),
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many users',
				routing: {
					...method('GET', 'users.list'),
					operations: { pagination: pages(slack, cursorPages('members')) },
				},
			},
			{
				name: 'Get Presence',
				value: 'getPresence',
				action: 'Get a user s presence',
				description: 'Get whether a user is active at the moment',
				routing: method('GET', 'users.getPresence'),
			},
			{
				name: 'Get Profile',
				value: 'getProfile',
				action: 'Get a user s profile',
				routing: method('GET', 'users.profile.get', 'profile'),
			},
			{
				name: 'Update Profile',
				value: 'updateProfile',
				action: 'Update a user s profile',
				description: 'Needs a connection with a user’s token',
				routing: method('POST', 'users.profile.set', 'profile'),
			},
			{
				name: 'Update Status',
				value: 'updateStatus',
				action: 'Update a user s status',
				description: 'Set or clear the text and emoji beside a name; needs a connection with a user’s token',
				routing: method('POST', 'users.profile.set', 'profile'),
			},
		],
		default: 'info',
	},
	required('query', 'user', {
		...USER,
		displayOptions: shownFor('user', 'info', 'getPresence', 'getProfile'),
	}),
	required('query', 'email', {
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		placeholder: 'e.g. nathan@example.com',
		displayOptions: shownFor('user', 'lookupByEmail'),
	}),
	sent('body', 'profile.status_text', {
		displayName: 'Status Text',
		name: 'statusText',
		type: 'string',
		default: '',
		placeholder: 'e.g. On holiday',
		description: '100 characters at most. Text and emoji both empty clear the status.',
		displayOptions: shownFor('user', 'updateStatus'),
	}),
	sent('body', 'profile.status_emoji', {
		displayName: 'Status Emoji',
		name: 'statusEmoji',
		type: 'string',
		default: '',
		placeholder: 'e.g. :palm_tree:',
		displayOptions: shownFor('user', 'updateStatus'),
	}),
	...profileFields,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('user', 'updateStatus'),
		options: [
			sent('body', 'user', { ...USER, description: 'Another user: admins on paid plans may' }),
			time('body', 'profile.status_expiration', 'Until', {
				name: 'until',
				description: 'When Slack clears the status; without it, it stays',
			}),
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('user', 'getProfile'),
		options: [
			sent('query', 'include_labels', {
				displayName: 'Include Labels',
				name: 'includeLabels',
				type: 'boolean',
				default: true,
				description: 'Whether to name custom fields; Slack allows few such calls a minute',
			}),
		],
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('user', 'getAll'),
		options: [
			sent('query', 'include_locale', {
				displayName: 'Include Locale',
				name: 'includeLocale',
				type: 'boolean',
				default: true,
				description: 'Whether to tell each user’s language',
			}),
			sent('query', 'team_id', {
				displayName: 'Workspace ID',
				name: 'teamId',
				type: 'string',
				default: '',
				placeholder: 'e.g. T012AB3CD',
				description: 'Needed where the app is installed in a whole organization',
			}),
		],
	},
	...returnAllOrLimit(shownFor('user', 'getAll').show),
];
