/** Fields that choose a channel, a user or a user group. */
import type { INodeProperties } from 'n8n-workflow';

// As the app's address bar shows it, or as "Copy link" gives it.
const LINK = 'https://[a-zA-Z0-9.-]*slack\\.com/(?:client/[A-Z0-9]+|archives)/([A-Z0-9]{2,})';

export const CHANNEL: INodeProperties = {
	displayName: 'Channel',
	name: 'channelId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchChannels', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. C012AB3CD' },
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://app.slack.com/client/T012AB3CD/C012AB3CD',
			extractValue: { type: 'regex', regex: LINK },
			validation: [
				{ type: 'regex', properties: { regex: `${LINK}.*`, errorMessage: 'Not a link to a Slack channel' } },
			],
		},
	],
};

export const USER: INodeProperties = {
	displayName: 'User',
	name: 'userId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchUsers', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. U012AB3CD' },
	],
};

export const USER_GROUP: INodeProperties = {
	displayName: 'User Group',
	name: 'userGroupId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchUserGroups', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. S012AB3CD' },
	],
};

export const USERS: INodeProperties = {
	displayName: 'User Names or IDs',
	name: 'users',
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getUsers' },
	default: [],
	description:
		'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

export const CHANNELS: INodeProperties = {
	displayName: 'Channel Names or IDs',
	name: 'channels',
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getChannels' },
	default: [],
	description:
		'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};
