import {
	NodeConnectionTypes,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import {
	allPages,
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	once,
	searchConnections,
} from '../transport';
import { channelProperties } from './channel';
import { cursorPages } from './cursor-pages';
import { slack } from './service';

export class HubSlack implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Slack (Integration Hub)',
		name: 'hubSlack',
		icon: { light: 'file:slack.svg', dark: 'file:slack.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description: 'Work with Slack through a connection of the Integration Hub',
		defaults: { name: 'Slack (Hub)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'hubSlackOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['hubConnection'] } },
			},
			{
				name: 'integrationHubApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
		],
		requestDefaults: { baseURL: 'https://slack.com/api' },
		requestOperations: { pagination: once(slack) },
		properties: [
			...connectionProperties(slack),
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Channel', value: 'channel' },
					{ name: 'Custom API Call', value: 'customApiCall' },
				],
				default: 'channel',
			},
			...channelProperties,
			...customApiCallProperties(slack, '/users.list'),
		],
	};

	customOperations = { customApiCall: customApiCall(slack) };

	methods = {
		listSearch: {
			searchConnections: searchConnections(slack),
			async searchChannels(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
				const channels = await allPages(
					this,
					slack,
					0,
					{ method: 'GET', url: '/conversations.list', qs: { exclude_archived: true } },
					cursorPages('channels'),
				);
				return {
					results: channels
						.map(({ id, name }) => ({ name: `#${String(name)}`, value: String(id) }))
						.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase())),
				};
			},
		},
	};
}
