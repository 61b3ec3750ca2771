import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import {
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	once,
	searchConnections,
} from '../transport';
import { bookmarkProperties } from './bookmark';
import { channelProperties } from './channel';
import { fileProperties } from './file';
import { fileOperations } from './file-work';
import { messageProperties } from './message';
import { channelOperations, userGroupOperations } from './people';
import {
	getChannels,
	getTeamFields,
	getUsers,
	searchChannels,
	searchUserGroups,
	searchUsers,
} from './pick-lists';
import { pinProperties } from './pin';
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
					{ name: 'Bookmark', value: 'bookmark' },
					{ name: 'Channel', value: 'channel' },
					{ name: 'Custom API Call', value: 'customApiCall' },
					{ name: 'File', value: 'file' },
					{ name: 'Message', value: 'message' },
					{ name: 'Pin', value: 'pin' },
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
			...pinProperties,
			...bookmarkProperties,
			...userProperties,
			...userGroupProperties,
			...customApiCallProperties(slack, '/users.list'),
		],
	};

	customOperations = {
		channel: channelOperations,
		file: fileOperations,
		userGroup: userGroupOperations,
		customApiCall: customApiCall(slack),
	};

	methods = {
		listSearch: {
			searchConnections: searchConnections(slack),
			searchChannels,
			searchUserGroups,
			searchUsers,
		},
		loadOptions: { getChannels, getTeamFields, getUsers },
	};
}
