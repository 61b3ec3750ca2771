import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { flag, flagOn, options, outputField, shown } from './fields';

const on = (...operation: string[]) => shown('sharedLink', ...operation);

const password: INodeProperties = {
	displayName: 'Link Password',
	name: 'link_password',
	type: 'string',
	typeOptions: { password: true },
	default: '',
};

/** https://www.dropbox.com/developers/documentation/http/documentation#sharing-create_shared_link_with_settings */
const settings: INodeProperties[] = [
	{
		displayName: 'Access',
		name: 'access',
		type: 'options',
		options: [
			{ name: 'Default', value: 'default', description: 'As the account is set' },
			{ name: 'Editor', value: 'editor' },
			{ name: 'Maximum', value: 'max', description: 'The most that the account may give' },
			{ name: 'Viewer', value: 'viewer' },
		],
		default: 'viewer',
		description: 'What those who have the link may do',
	},
	flagOn('Allow Download', 'allow_download', 'let those who have the link download'),
	{
		displayName: 'Audience',
		name: 'audience',
		type: 'options',
		options: [
			{ name: 'Anyone', value: 'public' },
			{ name: 'Nobody Else', value: 'no_one', description: 'Only those who may see it anyway' },
			{ name: 'Team', value: 'team' },
		],
		default: 'public',
		description: 'Who may use the link',
	},
	{
		displayName: 'Expires',
		name: 'expires',
		type: 'dateTime',
		default: '',
		description: 'When the link ends; never where it is not set',
	},
	{ ...password, description: 'Whoever uses the link is asked for it' },
];

export const sharedLinkProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['sharedLink'] } },
		options: [
			{ name: 'Create', value: 'create', action: 'Create a shared link' },
			{ name: 'Delete', value: 'delete', action: 'Revoke a shared link', description: 'Revoke a link' },
			{ name: 'Download', value: 'download', action: 'Download the file of a shared link' },
			{ name: 'Get', value: 'get', action: 'Get a shared link' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many shared links' },
			{ name: 'Update', value: 'update', action: 'Update a shared link' },
		],
		default: 'create',
	},
	{
		displayName: 'File or Folder',
		name: 'path',
		type: 'resourceLocator',
		default: { mode: 'path', value: '' },
		required: true,
		displayOptions: { show: on('create') },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchFilesAndFolders', searchable: true },
			},
			{ displayName: 'By Path', name: 'path', type: 'string', placeholder: 'e.g. /Offers/offer-1.pdf' },
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. id:a4ayc_80_OEAAAAAAAAAYa' },
		],
	},
	{
		displayName: 'URL',
		name: 'url',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. https://www.dropbox.com/scl/fi/abc/offer-1.pdf?rlkey=def&dl=0',
		description: 'The shared link',
		displayOptions: { show: on('delete', 'download', 'get', 'update') },
	},
	outputField(on('download')),
	...returnAllOrLimit(on('getAll')),
	options(
		on('getAll'),
		[
			flag('Direct Only', 'direct_only', 'leave out links to the folders that it is in'),
			{
				displayName: 'File or Folder Path',
				name: 'path',
				type: 'string',
				default: '',
				placeholder: 'e.g. /Offers/offer-1.pdf',
				description: 'Only links that lead to it; its ID does as well',
			},
		],
		'Filters',
	),
	options(on('create'), [
		...settings,
		flagOn(
			'Return Existing Link',
			'returnExisting',
			'return the link that is there already, in place of an error; its settings stay as they are',
		),
	]),
	options(on('update'), [
		...settings.filter(({ name }) => name !== 'access'),
		flag('Remove Expiration', 'remove_expiration', 'let the link live without end'),
		flag('Remove Password', 'removePassword', 'ask nobody for a password any more'),
	]),
	options(on('download', 'get'), [
		{ ...password, description: 'Of a link that has one' },
		{
			displayName: 'Path in Folder',
			name: 'path',
			type: 'string',
			default: '',
			placeholder: 'e.g. /offer-1.pdf',
			description: 'A file in the folder that the link leads to',
		},
	]),
];
