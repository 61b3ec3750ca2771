import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import {
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	once,
	searchConnections,
} from '../transport';
import { draftOperations, draftProperties } from './draft';
import { labelProperties } from './label';
import { messageProperties } from './message';
import { messageOperations } from './message-work';
import { getLabels, getSenders, getThreadMessages, searchLabels } from './pick-lists';
import { gmail } from './service';
import { threadProperties } from './thread';
import { threadOperations } from './thread-work';

export class HubGmail implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gmail (Integration Hub)',
		name: 'hubGmail',
		icon: { light: 'file:gmail.svg', dark: 'file:gmail.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description: 'Work with Gmail through a connection of the Integration Hub',
		defaults: { name: 'Gmail (Hub)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'hubGmailOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['hubConnection'] } },
			},
			{
				name: 'integrationHubApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
		],
		requestDefaults: { baseURL: 'https://gmail.googleapis.com' },
		requestOperations: { pagination: once(gmail) },
		properties: [
			...connectionProperties(gmail),
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Custom API Call', value: 'customApiCall' },
					{ name: 'Draft', value: 'draft' },
					{ name: 'Label', value: 'label' },
					{ name: 'Message', value: 'message' },
					{ name: 'Thread', value: 'thread' },
				],
				default: 'message',
			},
			...messageProperties,
			...draftProperties,
			...labelProperties,
			...threadProperties,
			...customApiCallProperties(gmail, '/gmail/v1/users/me/profile'),
		],
	};

	customOperations = {
		message: messageOperations,
		draft: draftOperations,
		thread: threadOperations,
		customApiCall: customApiCall(gmail),
	};

	methods = {
		listSearch: { searchConnections: searchConnections(gmail), searchLabels },
		loadOptions: { getLabels, getSenders, getThreadMessages },
	};
}
