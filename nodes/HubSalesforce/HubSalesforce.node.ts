import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import {
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	once,
	searchConnections,
} from '../transport';
import { API_VERSION } from './call';
import { documentOperations, documentProperties } from './document';
import { flowOperations, flowProperties } from './flow';
import { OBJECTS } from './objects';
import { listSearch, loadOptions } from './pick-lists';
import { recordProperties } from './record';
import { additionProperties } from './record-additions';
import { recordOperations } from './record-work';
import { searchOperations, searchProperties } from './search';
import { salesforce } from './service';

export class HubSalesforce implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Salesforce (Integration Hub)',
		name: 'hubSalesforce',
		icon: { light: 'file:salesforce.svg', dark: 'file:salesforce.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description: 'Work with Salesforce through a connection of the Integration Hub',
		defaults: { name: 'Salesforce (Hub)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'hubSalesforceOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['hubConnection'] } },
			},
			{
				name: 'integrationHubApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
		],
		requestDefaults: { baseURL: 'https://login.salesforce.com' },
		requestOperations: { pagination: once(salesforce) },
		properties: [
			...connectionProperties(salesforce),
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Account',
						value: 'account',
						description: 'An organization or person you do business with',
					},
					{ name: 'Attachment', value: 'attachment', description: 'A file attached to a record (Classic)' },
					{ name: 'Case', value: 'case', description: 'A customer’s issue or problem' },
					{ name: 'Contact', value: 'contact', description: 'A person associated with an account' },
					{ name: 'Custom API Call', value: 'customApiCall' },
					{
						name: 'Custom Object',
						value: 'customObject',
						description: 'Records of any object by its API name, custom or standard',
					},
					{ name: 'Document', value: 'document', description: 'A file, with its versions' },
					{ name: 'Flow', value: 'flow', description: 'An autolaunched flow' },
					{ name: 'Lead', value: 'lead', description: 'A prospect or potential' },
					{ name: 'Opportunity', value: 'opportunity', description: 'A sale or pending deal' },
					{ name: 'Search', value: 'search', description: 'Records by a SOQL query, or by a text in them' },
					{ name: 'Task', value: 'task', description: 'A phone call or other to-do item' },
					{ name: 'User', value: 'user', description: 'A person who uses this org' },
				],
				default: 'lead',
			},
			...recordProperties,
			...additionProperties,
			...documentProperties,
			...flowProperties,
			...searchProperties,
			{
				displayName: 'API Version',
				name: 'apiVersion',
				type: 'string',
				default: API_VERSION,
				placeholder: 'e.g. v66.0',
				description: 'The version of Salesforce’s REST API to call',
				displayOptions: { hide: { resource: ['customApiCall'] } },
			},
			...customApiCallProperties(salesforce, `/services/data/${API_VERSION}/limits`),
		],
	};

	customOperations = {
		...Object.fromEntries(OBJECTS.map((type) => [type.resource, recordOperations(type)])),
		document: documentOperations,
		flow: flowOperations,
		search: searchOperations,
		customApiCall: customApiCall(salesforce),
	};

	methods = {
		listSearch: { searchConnections: searchConnections(salesforce), ...listSearch },
		loadOptions,
	};
}
