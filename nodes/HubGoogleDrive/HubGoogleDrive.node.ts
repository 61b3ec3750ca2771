import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import {
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	once,
	searchConnections,
} from '../transport';
import { fileProperties } from './file';
import { fileOperations } from './file-work';
import { folderOperations, folderProperties } from './folder';
import { searchDrives, searchFiles, searchFolders, searchSharedDrives } from './pick-lists';
import { searchOperations, searchProperties } from './search';
import { drive } from './service';
import { sharedDriveOperations, sharedDriveProperties } from './shared-drive';

export class HubGoogleDrive implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Google Drive (Integration Hub)',
		name: 'hubGoogleDrive',
		icon: { light: 'file:google-drive.svg', dark: 'file:google-drive.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description: 'Work with Google Drive through a connection of the Integration Hub',
		defaults: { name: 'Google Drive (Hub)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'hubGoogleDriveOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['hubConnection'] } },
			},
			{
				name: 'integrationHubApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
		],
		requestDefaults: { baseURL: 'https://www.googleapis.com' },
		requestOperations: { pagination: once(drive) },
		properties: [
			...connectionProperties(drive),
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Custom API Call', value: 'customApiCall' },
					{ name: 'File', value: 'file' },
					{ name: 'File/Folder', value: 'fileFolder' },
					{ name: 'Folder', value: 'folder' },
					{ name: 'Shared Drive', value: 'drive' },
				],
				default: 'file',
			},
			...fileProperties,
			...searchProperties,
			...folderProperties,
			...sharedDriveProperties,
			...customApiCallProperties(drive, '/drive/v3/about?fields=storageQuota'),
		],
	};

	customOperations = {
		file: fileOperations,
		fileFolder: searchOperations,
		folder: folderOperations,
		drive: sharedDriveOperations,
		customApiCall: customApiCall(drive),
	};

	methods = {
		listSearch: {
			searchConnections: searchConnections(drive),
			searchDrives,
			searchFiles,
			searchFolders,
			searchSharedDrives,
		},
	};
}
