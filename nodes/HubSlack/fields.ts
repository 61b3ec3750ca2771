import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

type Show = NonNullable<IDisplayOptions['show']>;

/** Where a field is sent: Slack takes reads in the query and writes in the body. */
type Send = 'query' | 'body';

export const shown = (resource: string, ...operation: string[]): Show => ({
	resource: [resource],
	operation,
});

export const channelField = (show: Show, send: Send, property = 'channel'): INodeProperties =>
	picked(
		'Channel',
		property === 'channel' ? 'channelId' : property,
		'searchChannels',
		'C012AB3CD',
		show,
		send,
		property,
	);

export const userField = (show: Show, send: Send, property = 'user'): INodeProperties =>
	picked('User', property === 'user' ? 'userId' : property, 'searchUsers', 'U012AB3CD', show, send, property);

function picked(
	displayName: string,
	name: string,
	searchListMethod: string,
	example: string,
	show: Show,
	type: Send,
	property: string,
): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: `e.g. ${example}` },
		],
		routing: { send: { type, property } },
	};
}

export const textField = (
	displayName: string,
	name: string,
	property: string,
	show: Show,
	send: Send,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	required: true,
	displayOptions: { show },
	...more,
	routing: { send: { type: send, property } },
});

/** A collection's field, sent only where it was added. */
export const option = (
	displayName: string,
	name: string,
	property: string,
	send: Send,
	more: Partial<INodeProperties> = {},
): INodeProperties =>
	({
		displayName,
		name,
		type: 'string',
		default: '',
		...more,
		routing: { send: { type: send, property, ...more.routing?.send } },
	}) as INodeProperties;

export const options = (show: Show, fields: INodeProperties[], name = 'options'): INodeProperties => ({
	displayName: 'Options',
	name,
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: { show },
	options: fields,
});

/** Slack counts time in seconds; n8n's users pick a date. */
export const SECONDS = '={{ $value ? Math.floor(new Date($value).getTime() / 1000) : undefined }}';
