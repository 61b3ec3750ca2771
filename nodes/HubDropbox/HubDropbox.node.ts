import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import {
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	once,
	searchConnections,
} from '../transport';
import { accountOperations, accountProperties } from './account';
import { fileProperties } from './file';
import { fileOperations } from './file-work';
import { folderOperations, folderProperties } from './folder';
import { searchFiles, searchFilesAndFolders, searchFolders } from './pick-lists';
import { searchOperations, searchProperties } from './search';
import { dropbox } from './service';
import { sharedLinkProperties } from './shared-link';
import { sharedLinkOperations } from './shared-link-work';

export class HubDropbox implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Dropbox (Integration Hub)',
		name: 'hubDropbox',
		icon: { light: 'file:dropbox.svg', dark: 'file:dropbox.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description: 'Work with Dropbox through a connection of the Integration Hub',
		defaults: { name: 'Dropbox (Hub)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'hubDropboxOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['hubConnection'] } },
			},
			{
				name: 'integrationHubApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
		],
		requestDefaults: { baseURL: 'https://api.dropboxapi.com' },
		requestOperations: { pagination: once(dropbox) },
		properties: [
			...connectionProperties(dropbox),
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Account', value: 'account' },
					{ name: 'Custom API Call', value: 'customApiCall' },
					{ name: 'File', value: 'file' },
					{ name: 'Folder', value: 'folder' },
					{ name: 'Search', value: 'search' },
					{ name: 'Shared Link', value: 'sharedLink' },
				],
				default: 'file',
			},
			...accountProperties,
			...fileProperties,
			...folderProperties,
			...searchProperties,
			...sharedLinkProperties,
			{
				displayName: 'Root',
				name: 'root',
				type: 'options',
				options: [
					{ name: 'Home Folder', value: 'home', description: 'Paths begin at the account’s own folder' },
					{
						name: 'Team Space',
						value: 'team',
						description: 'Paths begin at the root of the team’s space, with its team folders',
					},
				],
				default: 'home',
				displayOptions: { show: { resource: ['file', 'folder', 'search', 'sharedLink'] } },
			},
			...customApiCallProperties(dropbox, '/2/users/get_current_account'),
		],
	};

	customOperations = {
		account: accountOperations,
		file: fileOperations,
		folder: folderOperations,
		search: searchOperations,
		sharedLink: sharedLinkOperations,
		customApiCall: customApiCall(dropbox),
	};

	methods = {
		listSearch: {
			searchConnections: searchConnections(dropbox),
			searchFiles,
			searchFilesAndFolders,
			searchFolders,
		},
	};
}
