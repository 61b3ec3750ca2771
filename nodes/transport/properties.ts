import type { IDisplayOptions, INodeProperties, INodePropertyMode, INodePropertyRouting } from 'n8n-workflow';
import { accept } from './routing';
import type { Service } from './service';

/** The first two properties of every node: by which way, and by which connection. */
export function connectionProperties(service: Service): INodeProperties[] {
	return [
		{
			displayName: 'Authentication',
			name: 'authentication',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Hub Connection (OAuth2)',
					value: 'hubConnection',
					description: 'Connect once; n8n holds a token that the hub keeps fresh',
				},
				{
					name: 'Hub API Key',
					value: 'apiKey',
					description: 'Choose among the connections of the hub, for each item if need be',
				},
			],
			default: 'hubConnection',
			routing: judging(service),
		},
		{
			displayName: 'Connection',
			name: 'connection',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			required: true,
			description: `The connection to ${service.name} to use`,
			displayOptions: { show: { authentication: ['apiKey'] } },
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					placeholder: 'Select a connection…',
					typeOptions: { searchListMethod: 'searchConnections', searchable: true },
				},
				{
					displayName: 'By ID',
					name: 'id',
					type: 'string',
					placeholder: 'e.g. 01a07b6e-6c1c-7e0c-9d3a-4a5b6c7d8e9f',
				},
			],
		},
	];
}

/**
 * Routing of a node's first property, which every operation has: calls are sent by `once` and `pages`, and their
 * answers judged before anything else looks at them.
 */
export const judging = (service: Service): INodePropertyRouting => ({
	send: { paginate: true },
	output: { postReceive: [accept(service)] },
});

/** "Return All" and "Limit" of an operation that lists. */
export function returnAllOrLimit(show: NonNullable<IDisplayOptions['show']>): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			description: 'Whether to return all results or only up to a given limit',
			displayOptions: { show },
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
			displayOptions: { show: { ...show, returnAll: [false] } },
		},
	];
}

type ListOrId = {
	displayName: string;
	name: string;
	/** Of `methods.listSearch`. */
	searchListMethod: string;
	show: NonNullable<IDisplayOptions['show']>;
	/** Of an ID. */
	placeholder?: string;
	/** What else the mode for an ID has, or has otherwise. */
	byId?: Partial<INodePropertyMode>;
	/** Beside these two. */
	modes?: INodePropertyMode[];
};

/** Something that has an ID, from a list or by it: what every operation on one thing asks for first. */
export const listOrId = ({
	displayName,
	name,
	searchListMethod,
	show,
	placeholder,
	byId = {},
	modes = [],
}: ListOrId): INodeProperties => ({
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
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			...(placeholder === undefined ? {} : { placeholder }),
			...byId,
		},
		...modes,
	],
});
