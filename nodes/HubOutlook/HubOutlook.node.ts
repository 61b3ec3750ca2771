import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import {
	connectionProperties,
	customApiCall,
	customApiCallProperties,
	once,
	searchConnections,
} from '../transport';
import { attachmentOperations, attachmentProperties } from './attachment';
import { calendarOperations, calendarProperties } from './calendar';
import { contactOperations, contactProperties } from './contact';
import { draftOperations, draftProperties } from './draft';
import { eventProperties } from './event';
import { eventOperations } from './event-work';
import { folderOperations, folderProperties } from './folder';
import { folderMessageOperations, folderMessageProperties } from './folder-message';
import { messageProperties } from './message';
import { messageOperations } from './message-work';
import {
	getCalendarGroups,
	getCategories,
	getContactFolders,
	getFolders,
	getTimeZones,
	searchAttachments,
	searchCalendars,
	searchContacts,
	searchDrafts,
	searchEvents,
	searchFolders,
	searchMessages,
} from './pick-lists';
import { outlook } from './service';

export class HubOutlook implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Outlook (Integration Hub)',
		name: 'hubOutlook',
		icon: { light: 'file:outlook.svg', dark: 'file:outlook.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter.operation + ": " + $parameter.resource }}',
		description:
			'Work with mail, calendars and contacts of Outlook through a connection of the Integration Hub',
		defaults: { name: 'Outlook (Hub)' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'hubOutlookOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['hubConnection'] } },
			},
			{
				name: 'integrationHubApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
		],
		requestDefaults: { baseURL: 'https://graph.microsoft.com/v1.0' },
		requestOperations: { pagination: once(outlook) },
		properties: [
			...connectionProperties(outlook),
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Calendar', value: 'calendar' },
					{ name: 'Contact', value: 'contact' },
					{ name: 'Custom API Call', value: 'customApiCall' },
					{ name: 'Draft', value: 'draft' },
					{ name: 'Event', value: 'event' },
					{ name: 'Folder', value: 'folder' },
					{ name: 'Folder Message', value: 'folderMessage' },
					{ name: 'Message', value: 'message' },
					{ name: 'Message Attachment', value: 'messageAttachment' },
				],
				default: 'message',
			},
			...calendarProperties,
			...contactProperties,
			...draftProperties,
			...eventProperties,
			...folderProperties,
			...folderMessageProperties,
			...messageProperties,
			...attachmentProperties,
			{
				displayName: 'Immutable IDs',
				name: 'immutableIds',
				type: 'boolean',
				default: true,
				description: 'Whether IDs stay the same when an item is moved to another folder, or sent',
				displayOptions: {
					show: {
						resource: ['contact', 'draft', 'event', 'folderMessage', 'message', 'messageAttachment'],
					},
				},
			},
			...customApiCallProperties(outlook, '/me'),
		],
	};

	customOperations = {
		calendar: calendarOperations,
		contact: contactOperations,
		draft: draftOperations,
		event: eventOperations,
		folder: folderOperations,
		folderMessage: folderMessageOperations,
		message: messageOperations,
		messageAttachment: attachmentOperations,
		customApiCall: customApiCall(outlook),
	};

	methods = {
		listSearch: {
			searchConnections: searchConnections(outlook),
			searchAttachments,
			searchCalendars,
			searchContacts,
			searchDrafts,
			searchEvents,
			searchFolders,
			searchMessages,
		},
		loadOptions: { getCalendarGroups, getCategories, getContactFolders, getFolders, getTimeZones },
	};
}
