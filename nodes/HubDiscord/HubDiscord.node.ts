import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import {
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	once,
	searchConnections,
} from '../transport';
import { channelProperties } from './channel';
import { channelOperations } from './channel-work';
import { memberProperties } from './member';
import { memberOperations } from './member-work';
import { messageProperties } from './message';
import { messageOperations } from './message-work';
import {
	getRoles,
	searchCategories,
	searchChannels,
	searchMembers,
	searchRoles,
	searchServers,
} from './pick-lists';
import { roleProperties } from './role';
import { serverProperties } from './server';
import { discord } from './service';

export class HubDiscord implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Discord (Integration Hub)',
		name: 'hubDiscord',
		icon: { light: 'file:discord.svg', dark: 'file:discord.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description: 'Work with Discord through a connection of the Integration Hub',
		defaults: { name: 'Discord (Hub)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'hubDiscordOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['hubConnection'] } },
			},
			{
				name: 'integrationHubApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
		],
		requestDefaults: { baseURL: 'https://discord.com/api/v10' },
		requestOperations: { pagination: once(discord) },
		properties: [
			...connectionProperties(discord),
			{
				displayName:
					'A connection made by signing in acts as that person, whom Discord lets see their servers and little else. For channels, messages, members and roles choose “Hub API Key” and a connection with a bot token.',
				name: 'botNotice',
				type: 'notice',
				default: '',
				displayOptions: {
					show: {
						authentication: ['hubConnection'],
						resource: ['channel', 'member', 'message', 'role'],
					},
				},
			},
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Channel', value: 'channel' },
					{ name: 'Custom API Call', value: 'customApiCall' },
					{ name: 'Member', value: 'member' },
					{ name: 'Message', value: 'message' },
					{ name: 'Role', value: 'role' },
					{ name: 'Server', value: 'guild' },
				],
				default: 'message',
			},
			...messageProperties,
			...channelProperties,
			...memberProperties,
			...roleProperties,
			...serverProperties,
			...customApiCallProperties(discord, '/users/@me'),
		],
	};

	customOperations = {
		channel: channelOperations,
		member: memberOperations,
		message: messageOperations,
		customApiCall: customApiCall(discord),
	};

	methods = {
		listSearch: {
			searchConnections: searchConnections(discord),
			searchCategories,
			searchChannels,
			searchMembers,
			searchRoles,
			searchServers,
		},
		loadOptions: { getRoles },
	};
}
