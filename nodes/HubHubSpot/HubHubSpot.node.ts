import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import {
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	once,
	searchConnections,
} from '../transport';
import { associationOperations, associationProperties } from './association';
import { contactListOperations, contactListProperties } from './contact-list';
import { engagementOperations, engagementProperties } from './engagement';
import { RECORDS } from './objects';
import { ownerOperations, ownerProperties } from './owner';
import { listSearch, loadOptions } from './pick-lists';
import { recordProperties } from './record';
import { recordOperations } from './record-work';
import { hubspot } from './service';

export class HubHubSpot implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HubSpot (Integration Hub)',
		name: 'hubHubSpot',
		icon: { light: 'file:hubspot.svg', dark: 'file:hubspot.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description: 'Work with HubSpot through a connection of the Integration Hub',
		defaults: { name: 'HubSpot (Hub)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'hubHubSpotOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['hubConnection'] } },
			},
			{
				name: 'integrationHubApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
		],
		requestDefaults: { baseURL: hubspot.apiBaseUrl },
		requestOperations: { pagination: once(hubspot) },
		properties: [
			...connectionProperties(hubspot),
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Association', value: 'association', description: 'Which records belong together' },
					{ name: 'Company', value: 'company' },
					{ name: 'Contact', value: 'contact' },
					{ name: 'Contact List', value: 'contactList', description: 'Members of lists (segments)' },
					{ name: 'Custom API Call', value: 'customApiCall' },
					{
						name: 'Custom Object',
						value: 'customObject',
						description: 'Records of any object type: custom ones, products, line items, quotes',
					},
					{ name: 'Deal', value: 'deal' },
					{
						name: 'Engagement',
						value: 'engagement',
						description: 'Calls, emails, meetings, notes and tasks',
					},
					{ name: 'Owner', value: 'owner', description: 'People whom records belong to' },
					{ name: 'Ticket', value: 'ticket' },
				],
				default: 'contact',
			},
			...recordProperties,
			...engagementProperties,
			...associationProperties,
			...contactListProperties,
			...ownerProperties,
			...customApiCallProperties(hubspot, '/crm/v3/objects/products'),
		],
	};

	customOperations = {
		...Object.fromEntries(RECORDS.map((type) => [type.resource, recordOperations(type)])),
		engagement: engagementOperations,
		association: associationOperations,
		contactList: contactListOperations,
		owner: ownerOperations,
		customApiCall: customApiCall(hubspot),
	};

	methods = {
		listSearch: { searchConnections: searchConnections(hubspot), ...listSearch },
		loadOptions,
	};
}
