import type { INodeProperties } from 'n8n-workflow';
import { connectionLocator } from './connection';
import { integrationChoice } from './integration';

const show = { resource: ['usage'], operation: ['get'] };

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
		options: [
			{ name: 'Everything', value: 'everything' },
			{ name: 'One Connection', value: 'connection' },
			{ name: 'One Integration', value: 'integration' },
		],
		default: 'connection',
		displayOptions: { show },
	},
	connectionLocator('usedConnection', { ...show, of: ['connection'] }),
	integrationChoice('usedIntegration', { ...show, of: ['integration'] }),
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
