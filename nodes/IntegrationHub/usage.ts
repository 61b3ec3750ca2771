import type { INodeProperties } from 'n8n-workflow';

const show = { resource: ['usage'], operation: ['get'] };

const UNDER: Record<string, string> = {
	connection: 'One Connection',
	integration: 'One Integration',
	everything: 'Everything',
};

/** The value of a resource locator, or what an expression gave in its place. */
const address =
	'={{ $parameter.of === "connection" ? "/api/connections/" + encodeURIComponent($parameter.usedConnection.value ?? $parameter.usedConnection) + "/usage" : $parameter.of === "integration" ? "/api/integrations/" + encodeURIComponent($parameter.usedIntegration) + "/usage" : "/api/usage" }}';

const query = (property: string, value?: string) => ({
	send: { type: 'query' as const, property, ...(value === undefined ? {} : { value }) },
});

export const usageResource: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['usage'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get usage',
				description: 'Calls, errors, latencies, bytes and tokens, by hour or by day',
				routing: {
					request: { method: 'GET', url: address },
					output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
				},
			},
		],
		default: 'get',
	},
	{
		displayName: 'Of',
		name: 'of',
		type: 'options',
		options: Object.entries(UNDER).map(([value, name]) => ({ name, value })),
		default: 'connection',
		displayOptions: { show },
	},
	{
		displayName: 'Connection',
		name: 'usedConnection',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show: { ...show, of: ['connection'] } },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchConnections', searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string' },
		],
	},
	{
		displayName: 'Integration Name or ID',
		name: 'usedIntegration',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getIntegrations' },
		default: '',
		required: true,
		description:
			'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		displayOptions: { show: { ...show, of: ['integration'] } },
	},
	{
		displayName: 'By',
		name: 'bucket',
		type: 'options',
		options: [
			{ name: 'Day', value: 'day' },
			{ name: 'Hour', value: 'hour' },
		],
		default: 'day',
		description: 'Whether there is an item for each day (of UTC) or for each hour',
		displayOptions: { show },
		routing: query('bucket'),
	},
	{
		displayName: 'Time',
		name: 'time',
		type: 'collection',
		placeholder: 'Add Bound',
		default: {},
		displayOptions: { show },
		options: [
			{
				displayName: 'After',
				name: 'from',
				type: 'dateTime',
				default: '',
				description: 'Without it, the last 30 days or 24 hours',
				routing: query('from', '={{ new Date($value).toISOString() }}'),
			},
			{
				displayName: 'Before',
				name: 'to',
				type: 'dateTime',
				default: '',
				routing: query('to', '={{ new Date($value).toISOString() }}'),
			},
		],
	},
];
