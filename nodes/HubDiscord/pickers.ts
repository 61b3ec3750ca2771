/** Fields that choose a server, and what is in it. */
import type { INodeProperties } from 'n8n-workflow';

const SERVER_LINK = 'https://(?:[a-z]+\\.)?discord\\.com/channels/([0-9]+)';
const CHANNEL_LINK = 'https://(?:[a-z]+\\.)?discord\\.com/channels/[0-9@me]+/([0-9]+)';

export const SERVER: INodeProperties = {
	displayName: 'Server',
	name: 'guildId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchServers', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 896347036838936576' },
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://discord.com/channels/896347036838936576',
			extractValue: { type: 'regex', regex: SERVER_LINK },
			validation: [
				{
					type: 'regex',
					properties: { regex: `${SERVER_LINK}.*`, errorMessage: 'Not a link to a Discord server' },
				},
			],
		},
	],
};

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
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 896347036838936576' },
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://discord.com/channels/896347036838936576/1099347036838936577',
			extractValue: { type: 'regex', regex: CHANNEL_LINK },
			validation: [
				{
					type: 'regex',
					properties: { regex: `${CHANNEL_LINK}.*`, errorMessage: 'Not a link to a Discord channel' },
				},
			],
		},
	],
};

export const CATEGORY: INodeProperties = {
	displayName: 'Category',
	name: 'categoryId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'Where the channel appears',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchCategories', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 896347036838936576' },
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
			typeOptions: { searchListMethod: 'searchMembers', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 786953432728469534' },
	],
};

export const ROLE: INodeProperties = {
	displayName: 'Role',
	name: 'roleId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchRoles', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 1099347036838936577' },
	],
};

/** Where the server serves only to fill another list. */
export const FOR_LISTS: Partial<INodeProperties> = {
	description: 'Whose channels the list shows; not needed for a channel given by its ID or URL',
};
