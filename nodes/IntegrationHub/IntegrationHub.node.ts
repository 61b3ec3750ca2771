import {
	NodeConnectionTypes,
	type ILoadOptionsFunctions,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { allPages, hub, hubPages, judging, once, searchConnections } from '../transport';
import { connectionResource } from './connection';
import { integrationResource } from './integration';
import { usageResource } from './usage';

export class IntegrationHub implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Integration Hub',
		name: 'integrationHub',
		icon: { light: 'file:integration-hub.svg', dark: 'file:integration-hub.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description: 'Work with the connections and integrations of the Integration Hub',
		defaults: { name: 'Integration Hub' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'integrationHubApi', required: true }],
		requestDefaults: { baseURL: '={{ $credentials.baseUrl }}' },
		requestOperations: { pagination: once(hub) },
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Connection', value: 'connection' },
					{ name: 'Integration', value: 'integration' },
					{ name: 'Usage', value: 'usage' },
				],
				default: 'connection',
				routing: judging(hub),
			},
			...connectionResource,
			...integrationResource,
			...usageResource,
		],
	};

	methods = {
		listSearch: { searchConnections: searchConnections(hub, null) },
		loadOptions: {
			async getIntegrations(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				const found = await allPages(this, hub, 0, { url: '/api/integrations' }, hubPages);
				return found.map(({ id, name, description }) => ({
					name: String(name),
					value: String(id),
					description: String(description),
				}));
			},
		},
	};
}
