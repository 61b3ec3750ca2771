import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { hub, hubPages, pages, returnAllOrLimit } from '../transport';

const show = (...operation: string[]) => ({ resource: ['integration'], operation });

/** One of the catalogue. */
export const integrationChoice = (
	name: string,
	shown: NonNullable<IDisplayOptions['show']>,
): INodeProperties => ({
	displayName: 'Integration Name or ID',
	name,
	type: 'options',
	typeOptions: { loadOptionsMethod: 'getIntegrations' },
	default: '',
	required: true,
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	displayOptions: { show: shown },
});

export const integrationResource: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['integration'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get an integration',
				routing: {
					request: {
						method: 'GET',
						url: '=/api/integrations/{{ encodeURIComponent($parameter.integrationId) }}',
					},
				},
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many integrations',
				routing: {
					request: { method: 'GET', url: '/api/integrations' },
					operations: { pagination: pages(hub, hubPages) },
				},
			},
		],
		default: 'getAll',
	},
	integrationChoice('integrationId', show('get')),
	...returnAllOrLimit(show('getAll')),
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: { show: show('getAll') },
		options: [
			{
				displayName: 'Category',
				name: 'category',
				type: 'options',
				options: ['Communication', 'CRM', 'Email', 'Marketing', 'Other', 'Storage'].map((value) => ({
					name: value,
					value,
				})),
				default: 'CRM',
				routing: { send: { type: 'query', property: 'category' } },
			},
			{
				displayName: 'Search',
				name: 'q',
				type: 'string',
				default: '',
				description: 'Words of the name, the description or what it can do',
				routing: { send: { type: 'query', property: 'q' } },
			},
		],
	},
];
