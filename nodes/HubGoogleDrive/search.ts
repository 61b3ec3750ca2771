/** https://developers.google.com/workspace/drive/api/guides/search-files */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { allPages, eachItem, jsonItems, limitOf, returnAllOrLimit, type Pages } from '../transport';
import { GOOGLE } from './export-formats';
import { fieldsOf, FIELDS_OPTION, locator, optionsField, optionsOf, shownFor, timeOf } from './fields';
import { drive, FILES } from './service';
import { FILE_TYPES, TYPES_FIELD } from './search-types';

const show = shownFor('fileFolder', 'search').show;

export const searchProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['fileFolder'] } },
		options: [
			{
				name: 'Search',
				value: 'search',
				action: 'Search files and folders',
				description: 'Find files and folders by name, place, type and more',
			},
		],
		default: 'search',
	},
	{
		displayName: 'Search Method',
		name: 'searchMethod',
		type: 'options',
		default: 'name',
		options: [
			{ name: 'Search File/Folder Name', value: 'name' },
			{ name: 'Advanced Search', value: 'query', description: 'In Google Drive’s own search language' },
		],
		displayOptions: { show },
	},
	{
		displayName: 'Search Query',
		name: 'queryString',
		type: 'string',
		default: '',
		placeholder: 'e.g. My File / My Folder',
		description: 'What the name contains; empty for all',
		displayOptions: { show: { ...show, searchMethod: ['name'] } },
	},
	{
		displayName: 'Query String',
		name: 'queryString',
		type: 'string',
		default: '',
		placeholder: "e.g. not name contains 'hello'",
		description:
			'<a href="https://developers.google.com/workspace/drive/api/guides/ref-search-terms">What can be asked for</a>',
		displayOptions: { show: { ...show, searchMethod: ['query'] } },
	},
	...returnAllOrLimit(show),
	{
		displayName: 'Filter',
		name: 'filter',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: { show },
		options: [
			locator({
				displayName: 'Drive',
				name: 'driveId',
				from: 'searchDrives',
				required: false,
				description: 'All drives unless one is chosen',
				default: { mode: 'list', value: 'My Drive' },
			}),
			TYPES_FIELD,
			locator({
				displayName: 'Folder',
				name: 'folderId',
				from: 'searchFolders',
				required: false,
				description: 'Only what lies directly in it',
				default: { mode: 'list', value: '' },
			}),
			{
				displayName: 'Full Text',
				name: 'fullText',
				type: 'string',
				default: '',
				description: 'What name, description or content contain',
			},
			{
				displayName: 'Include Trashed Items',
				name: 'includeTrashed',
				type: 'boolean',
				default: false,
				description: 'Whether to return what is in the trash too',
			},
			{ displayName: 'Modified After', name: 'modifiedAfter', type: 'dateTime', default: '' },
			{ displayName: 'Modified Before', name: 'modifiedBefore', type: 'dateTime', default: '' },
			{
				displayName: 'Owner',
				name: 'owner',
				type: 'string',
				default: '',
				placeholder: 'e.g. jo@example.com',
				description: 'Address of the owner',
			},
			{
				displayName: 'What to Search',
				name: 'whatToSearch',
				type: 'options',
				default: 'all',
				options: [
					{ name: 'Files and Folders', value: 'all' },
					{ name: 'Files', value: 'files' },
					{ name: 'Folders', value: 'folders' },
				],
			},
		],
	},
	optionsField({ show }, [
		FIELDS_OPTION,
		{
			displayName: 'Order By',
			name: 'orderBy',
			type: 'string',
			default: '',
			placeholder: 'e.g. folder,modifiedTime desc,name',
			description: 'Not together with Full Text, which orders by relevance',
		},
	]),
];

export const searchOperations = {
	search: eachItem(async function (itemIndex) {
		const options = optionsOf(this, itemIndex);
		const fields = fieldsOf(options);
		const call = {
			method: 'GET' as const,
			url: FILES,
			qs: {
				...placeOf(this, itemIndex),
				q: queryOf(this, itemIndex),
				...(options.orderBy ? { orderBy: options.orderBy } : {}),
				fields: fields === '*' ? '*' : `nextPageToken,files(${fields})`,
			},
		};
		return jsonItems(await allPages(this, drive, itemIndex, call, filePages, limitOf(this, itemIndex)));
	}),
};

export const filePages: Pages = {
	items: 'files',
	size: { in: 'qs', name: 'pageSize', most: 1000 },
	next: ({ body }) => (body.nextPageToken ? { qs: { pageToken: body.nextPageToken } } : null),
};

/** https://developers.google.com/workspace/drive/api/guides/search-shareddrives */
function placeOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const driveId = locatorIn(context, itemIndex, 'driveId');
	if (driveId === 'My Drive') return { corpora: 'user' };
	const everywhere = { supportsAllDrives: true, includeItemsFromAllDrives: true };
	return driveId === ''
		? { ...everywhere, corpora: 'allDrives' }
		: { ...everywhere, corpora: 'drive', driveId };
}

function queryOf(context: IExecuteFunctions, itemIndex: number): string {
	const text = String(context.getNodeParameter('queryString', itemIndex, '') ?? '').trim();
	const isOwn = context.getNodeParameter('searchMethod', itemIndex, 'name') === 'query';
	const filter = context.getNodeParameter('filter', itemIndex, {}) as IDataObject;
	const folder = locatorIn(context, itemIndex, 'folderId');
	const what = String(filter.whatToSearch ?? 'all');
	const types = (filter.fileTypes ?? []) as string[];
	if (what === 'folders' && types.length > 0)
		throw new NodeOperationError(context.getNode(), 'Folders have no file types', {
			itemIndex,
			description: 'Take “File Types” out of the filter, or search for files.',
		});
	const date = (given: unknown, operator: string) =>
		given ? `modifiedTime ${operator} ${quoted(timeOf(context, itemIndex, given))}` : '';
	return [
		isOwn ? text && `(${text})` : text && `name contains ${quoted(text)}`,
		folder && `${quoted(folder)} in parents`,
		{ files: `mimeType != '${GOOGLE}folder'`, folders: `mimeType = '${GOOGLE}folder'` }[what] ?? '',
		types.length > 0 && !types.includes('*')
			? `(${types.map((type) => FILE_TYPES[type] ?? `mimeType = ${quoted(type)}`).join(' or ')})`
			: '',
		filter.fullText ? `fullText contains ${quoted(String(filter.fullText))}` : '',
		date(filter.modifiedAfter, '>'),
		date(filter.modifiedBefore, '<'),
		filter.owner ? `${quoted(String(filter.owner).trim())} in owners` : '',
		filter.includeTrashed ? '' : 'trashed = false',
	]
		.filter((term) => term !== '')
		.join(' and ');
}

/** A locator within a collection; empty where it is not chosen. */
function locatorIn(context: IExecuteFunctions, itemIndex: number, name: string): string {
	const given = context.getNodeParameter(`filter.${name}`, itemIndex, '', { extractValue: true });
	return String(given ?? '').trim();
}

/** "Escape single quotes in queries with \\', such as 'Valentine\\'s Day'", and backslashes likewise. */
export const quoted = (text: string) => `'${text.replace(/(['\\])/g, '\\$1')}'`;
