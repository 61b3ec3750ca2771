import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import {
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	once,
	searchConnections,
} from '../transport';
import { calendarOperations, calendarProperties } from './calendar';
import { contactOperations, contactProperties } from './contact';
import {
	conversationOperations,
	conversationProperties,
	messageOperations,
	messageProperties,
} from './conversation';
import { opportunityOperations, opportunityProperties } from './opportunity';
import { listSearch, loadOptions } from './pick-lists';
import { gohighlevel } from './service';
import { taskOperations, taskProperties } from './task';

export class HubGoHighLevel implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'GoHighLevel (Integration Hub)',
		name: 'hubGoHighLevel',
		icon: { light: 'file:gohighlevel.svg', dark: 'file:gohighlevel.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description: 'Work with GoHighLevel through a connection of the Integration Hub',
		defaults: { name: 'GoHighLevel (Hub)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'hubGoHighLevelOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['hubConnection'] } },
			},
			{
				name: 'integrationHubApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
		],
		requestDefaults: { baseURL: gohighlevel.apiBaseUrl },
		requestOperations: { pagination: once(gohighlevel) },
		properties: [
			...connectionProperties(gohighlevel),
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Calendar', value: 'calendar', description: 'Calendars, free slots and appointments' },
					{ name: 'Contact', value: 'contact' },
					{ name: 'Conversation', value: 'conversation' },
					{ name: 'Custom API Call', value: 'customApiCall' },
					{ name: 'Message', value: 'message', description: 'Messages of a conversation, by any channel' },
					{ name: 'Opportunity', value: 'opportunity' },
					{ name: 'Task', value: 'task', description: 'To-do items of a contact' },
				],
				default: 'contact',
			},
			...contactProperties,
			...opportunityProperties,
			...taskProperties,
			...calendarProperties,
			...conversationProperties,
			...messageProperties,
			...customApiCallProperties(gohighlevel, '/locations/search'),
			{
				displayName: 'Location ID',
				name: 'locationId',
				type: 'string',
				default: '',
				description: 'The sub-account. Empty: the one that is connected; an agency’s connection needs it.',
				displayOptions: { hide: { resource: ['customApiCall'] } },
			},
		],
	};

	customOperations = {
		contact: contactOperations,
		opportunity: opportunityOperations,
		task: taskOperations,
		calendar: calendarOperations,
		conversation: conversationOperations,
		message: messageOperations,
		customApiCall: customApiCall(gohighlevel),
	};

	methods = {
		listSearch: { searchConnections: searchConnections(gohighlevel), ...listSearch },
		loadOptions,
	};
}
