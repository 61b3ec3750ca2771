/** Optional fields of files, as several operations have them. */
import type { INodeProperties } from 'n8n-workflow';

export const CHUNK_SIZE: INodeProperties = {
	displayName: 'Chunk Size (MB)',
	name: 'chunkSize',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 256 },
	default: 16,
	description: 'Files over 5 MB go in chunks of this size, each of which is in memory once',
};

export const CONVERT_TO: INodeProperties = {
	displayName: 'Convert To',
	name: 'convertTo',
	type: 'options',
	default: 'document',
	options: [
		{ name: 'Google Docs', value: 'document' },
		{ name: 'Google Drawings', value: 'drawing' },
		{ name: 'Google Sheets', value: 'spreadsheet' },
		{ name: 'Google Slides', value: 'presentation' },
	],
	description: 'Make a document of Google’s own of the file',
};

export const CONTENT_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Keep Revision Forever',
		name: 'keepRevisionForever',
		type: 'boolean',
		default: false,
		description: 'Whether this revision of the content is never deleted; for files that are not Google’s own',
	},
	{
		displayName: 'OCR Language',
		name: 'ocrLanguage',
		type: 'string',
		default: '',
		placeholder: 'e.g. en',
		description: 'An ISO 639-1 code that helps to read text in images',
	},
	{
		displayName: 'Use Content As Indexable Text',
		name: 'useContentAsIndexableText',
		type: 'boolean',
		default: false,
		description: 'Whether the content can be searched for as text',
	},
];

const pairs = (displayName: string, name: string, values: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Property',
	default: {},
	description,
	options: [
		{
			displayName: 'Property',
			name: values,
			values: [
				{ displayName: 'Key', name: 'key', type: 'string', default: '' },
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
});

export const METADATA_OPTIONS: INodeProperties[] = [
	pairs(
		'App Properties',
		'appPropertiesUi',
		'appPropertyValues',
		'Kept with the file, for this app alone to see',
	),
	{
		displayName: 'Copy Requires Writer Permission',
		name: 'copyRequiresWriterPermission',
		type: 'boolean',
		default: false,
		description: 'Whether readers and commenters may not copy, print or download it',
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		default: '',
	},
	pairs('Properties', 'propertiesUi', 'propertyValues', 'Kept with the file, for all apps to see'),
	{
		displayName: 'Starred',
		name: 'starred',
		type: 'boolean',
		default: false,
		description: 'Whether the user has starred it',
	},
	{
		displayName: 'Writers Can Share',
		name: 'writersCanShare',
		type: 'boolean',
		default: true,
		description: 'Whether writers may share it with others; not in shared drives',
	},
];

export const TRASHED: INodeProperties = {
	displayName: 'Trashed',
	name: 'trashed',
	type: 'boolean',
	default: false,
	description: 'Whether it is in the trash; only its owner may change that',
};
