import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { hub, hubPages, listOrId, pages, returnAllOrLimit } from '../transport';

const show = (...operation: string[]) => ({ resource: ['connection'], operation });
const one =
	'=/api/connections/{{ encodeURIComponent($parameter.connection.value ?? $parameter.connection) }}';

/** An expression gives an object, the field a text. */
const parsedJson = '={{ typeof $value === "string" ? JSON.parse($value) : $value }}';

/** Links are made by `connect` and `reconnect`: what comes out is the link, and the connection it belongs to. */
const linkFirst = {
	type: 'set' as const,
	properties: {
		value:
			'={{ { url: $response.body.authorization?.url, expiresAt: $response.body.authorization?.expiresAt, connection: $response.body.connection } }}',
	},
};

/** One of the hub's connections. */
export const connectionLocator = (
	name: string,
	shown: NonNullable<IDisplayOptions['show']>,
): INodeProperties =>
	listOrId({
		displayName: 'Connection',
		name,
		searchListMethod: 'searchConnections',
		show: shown,
		placeholder: 'e.g. 01a07b6e-6c1c-7e0c-9d3a-4a5b6c7d8e9f',
	});

export const connectionResource: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['connection'] } },
		options: [
			{
				name: 'Configure',
				value: 'configure',
				action: 'Configure a connection',
				description: 'Change the name or the configuration of a connection',
				routing: { request: { method: 'PATCH', url: one } },
			},
			{
				name: 'Call API',
				value: 'request',
				action: 'Call the provider through a connection',
				description: 'Try a call of the provider’s API, and see status, headers, body and time of its answer',
				routing: { request: { method: 'POST', url: `${one}/request` } },
			},
			{
				name: 'Create Connect Link',
				value: 'create',
				action: 'Create a connect link',
				description: 'Make a connection and the link at which its user allows access',
				routing: {
					request: { method: 'POST', url: '/api/connections' },
					output: { postReceive: [linkFirst] },
				},
			},
			{
				name: 'Create Reconnect Link',
				value: 'reconnect',
				action: 'Create a reconnect link',
				description: 'Make a link at which the user allows access again, for the same connection',
				routing: {
					request: { method: 'POST', url: `${one}/reconnect` },
					output: { postReceive: [linkFirst] },
				},
			},
			{
				name: 'Disconnect',
				value: 'disconnect',
				action: 'Disconnect a connection',
				description: 'End the credentials here and at the provider',
				routing: {
					request: { method: 'DELETE', url: one },
					output: { postReceive: [{ type: 'set', properties: { value: '={{ { disconnected: true } }}' } }] },
				},
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a connection',
				routing: { request: { method: 'GET', url: one } },
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many connections',
				routing: {
					request: { method: 'GET', url: '/api/connections' },
					operations: { pagination: pages(hub, hubPages) },
				},
			},
			{
				name: 'Refresh',
				value: 'refresh',
				action: 'Refresh a connection',
				description: 'Get a new access token from the provider, shared with everybody who asks at the moment',
				routing: { request: { method: 'POST', url: `${one}/refresh` } },
			},
			{
				name: 'Test',
				value: 'test',
				action: 'Test a connection',
				description: 'Ask the provider whether the connection works right now',
				routing: { request: { method: 'POST', url: `${one}/test` } },
			},
		],
		default: 'getAll',
	},
	connectionLocator(
		'connection',
		show('configure', 'disconnect', 'get', 'reconnect', 'refresh', 'request', 'test'),
	),
	{
		displayName: 'Method',
		name: 'method',
		type: 'options',
		noDataExpression: true,
		options: ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'].map((value) => ({ name: value, value })),
		default: 'GET',
		displayOptions: { show: show('request') },
		routing: { send: { type: 'body', property: 'method' } },
	},
	{
		displayName: 'Path',
		name: 'path',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. /crm/v3/objects/contacts',
		description: 'Under the API’s base address; ready-made ones are in the integration’s examples',
		displayOptions: { show: show('request') },
		routing: { send: { type: 'body', property: 'path' } },
	},
	{
		displayName: 'Options',
		name: 'requestOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: { show: show('request') },
		options: [
			{
				displayName: 'API Base',
				name: 'apiBase',
				type: 'string',
				default: '',
				placeholder: 'e.g. files',
				description: 'Name of one of the integration’s further API bases',
				routing: { send: { type: 'body', property: 'apiBase' } },
			},
			{
				displayName: 'Body (JSON)',
				name: 'body',
				type: 'json',
				default: '{}',
				routing: { send: { type: 'body', property: 'body', value: parsedJson } },
			},
			{
				displayName: 'Headers (JSON)',
				name: 'headers',
				type: 'json',
				default: '{}',
				routing: { send: { type: 'body', property: 'headers', value: parsedJson } },
			},
			{
				displayName: 'Query Parameters (JSON)',
				name: 'query',
				type: 'json',
				default: '{}',
				routing: { send: { type: 'body', property: 'query', value: parsedJson } },
			},
		],
	},
	{
		displayName: 'Integration Name or ID',
		name: 'integrationId',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getIntegrations' },
		default: '',
		required: true,
		description:
			'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		displayOptions: { show: show('create') },
		routing: { send: { type: 'body', property: 'integrationId' } },
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show: show('create') },
		options: [
			{
				displayName: 'Configuration (JSON)',
				name: 'config',
				type: 'json',
				default: '{}',
				description: 'As the integration’s configSchema wants it',
				routing: { send: { type: 'body', property: 'config', value: parsedJson } },
			},
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				description: 'What the connection is called at the hub',
				routing: { send: { type: 'body', property: 'name' } },
			},
			{
				displayName: 'Return URL',
				name: 'returnUrl',
				type: 'string',
				default: '',
				description: 'Where the browser goes when access was allowed or denied',
				routing: { send: { type: 'body', property: 'returnUrl' } },
			},
			{
				displayName: 'User ID',
				name: 'userId',
				type: 'string',
				default: '',
				description: 'Whose connection it will be; needs an admin’s key',
				routing: { send: { type: 'body', property: 'userId' } },
			},
		],
	},
	{
		displayName: 'Return URL',
		name: 'returnUrl',
		type: 'string',
		default: '',
		description: 'Where the browser goes when access was allowed or denied',
		displayOptions: { show: show('reconnect') },
		routing: { send: { type: 'body', property: 'returnUrl', value: '={{ $value || undefined }}' } },
	},
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show: show('configure') },
		options: [
			{
				displayName: 'Configuration (JSON)',
				name: 'config',
				type: 'json',
				default: '{}',
				description: 'As the integration’s configSchema wants it; it takes the place of what is there',
				routing: { send: { type: 'body', property: 'config', value: parsedJson } },
			},
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				routing: { send: { type: 'body', property: 'name' } },
			},
		],
	},
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
				displayName: 'Integration Name or ID',
				name: 'integrationId',
				type: 'options',
				typeOptions: { loadOptionsMethod: 'getIntegrations' },
				default: '',
				description:
					'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				routing: { send: { type: 'query', property: 'integrationId' } },
			},
			{
				displayName: 'Search',
				name: 'q',
				type: 'string',
				default: '',
				description: 'Part of the connection’s name or of its account’s name',
				routing: { send: { type: 'query', property: 'q' } },
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				options: [
					{ name: 'Connected', value: 'connected' },
					{ name: 'Disconnected', value: 'disconnected' },
					{ name: 'Error', value: 'error' },
				],
				default: 'connected',
				routing: { send: { type: 'query', property: 'status' } },
			},
			{
				displayName: 'User ID',
				name: 'userId',
				type: 'string',
				default: '',
				routing: { send: { type: 'query', property: 'userId' } },
			},
		],
	},
];
