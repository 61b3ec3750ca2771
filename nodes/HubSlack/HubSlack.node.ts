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
import { fileProperties } from './file';
import { download, upload } from './file-work';
import { messageProperties } from './message';
import { cursorPages } from './pages';
import { reactionProperties } from './reaction';
import { slack } from './service';
import { userProperties } from './user';
import { userGroupProperties } from './user-group';

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
					{ name: 'File', value: 'file' },
					{ name: 'Message', value: 'message' },
					{ name: 'Reaction', value: 'reaction' },
					{ name: 'User', value: 'user' },
					{ name: 'User Group', value: 'userGroup' },
				],
				default: 'message',
			},
			...messageProperties,
			...channelProperties,
			...fileProperties,
			...reactionProperties,
			...userProperties,
			...userGroupProperties,
			...customApiCallProperties(slack, '/users.list'),
		],
	};

	customOperations = { customApiCall: customApiCall(slack), file: { download, upload } };

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
			async searchUsers(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
				const users = await allPages(
					this,
					slack,
					0,
					{ method: 'GET', url: '/users.list' },
					cursorPages('members'),
				);
				return {
					results: users
						.filter(({ deleted }) => deleted !== true)
						.map(({ id, name, real_name: real }) => ({ name: String(real ?? name), value: String(id) }))
						.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase())),
				};
			},
		},
	};
}
