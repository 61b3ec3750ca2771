/** https://www.dropbox.com/developers/documentation/http/documentation#files-search */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, returnAllOrLimit } from '../transport';
import { rpcPages } from './call';
import { flagOn, normalPath, options, optionsOf, shown } from './fields';

const on = shown('search', 'query');

export const searchProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['search'] } },
		options: [{ name: 'Query', value: 'query', action: 'Search files and folders' }],
		default: 'query',
	},
	{
		displayName: 'Query',
		name: 'query',
		type: 'string',
		default: '',
		required: true,
		description: 'What to look for, at most 1,000 characters',
		displayOptions: { show: on },
	},
	{
		displayName: 'File Status',
		name: 'fileStatus',
		type: 'options',
		options: [
			{ name: 'Active', value: 'active' },
			{ name: 'Deleted', value: 'deleted' },
		],
		default: 'active',
		displayOptions: { show: on },
	},
	...returnAllOrLimit(on).map((field) =>
		field.name === 'limit' ? ({ ...field, default: 100 } as INodeProperties) : field,
	),
	{
		...flagOn('Simplify', 'simple', 'return a simplified version of the response instead of the raw data'),
		displayOptions: { show: on },
	},
	options(
		on,
		[
			{
				displayName: 'File Categories',
				name: 'file_categories',
				type: 'multiOptions',
				options: [
					{ name: 'Audio', value: 'audio' },
					{ name: 'Document', value: 'document' },
					{ name: 'Folder', value: 'folder' },
					{ name: 'Image', value: 'image' },
					{ name: 'Other', value: 'others' },
					{ name: 'Paper', value: 'paper' },
					{ name: 'PDF', value: 'pdf' },
					{ name: 'Presentation', value: 'presentation' },
					{ name: 'Spreadsheet', value: 'spreadsheet' },
					{ name: 'Video', value: 'video' },
				],
				default: [],
			},
			{
				displayName: 'File Extensions',
				name: 'file_extensions',
				type: 'string',
				default: '',
				placeholder: 'e.g. jpg,pdf',
				description: 'Several are parted by commas',
			},
			flagOn('File Name Only', 'filename_only', 'look at names only, not into the files'),
			{
				displayName: 'Folder',
				name: 'path',
				type: 'string',
				default: '',
				placeholder: 'e.g. /Invoices',
				description: 'The folder to look in; everywhere where empty',
			},
			{
				displayName: 'Order By',
				name: 'order_by',
				type: 'options',
				options: [
					{ name: 'Last Modified', value: 'last_modified_time' },
					{ name: 'Relevance', value: 'relevance' },
				],
				default: 'relevance',
			},
		],
		'Filters',
	),
];

export const SEARCH = { first: 'files/search_v2', next: 'files/search/continue_v2', items: 'matches' };
// As Dropbox gives at most at once.
const MOST_MATCHES = 1000;

export const searchOperations = {
	query: eachItem(async function (itemIndex) {
		const limit = limitOf(this, itemIndex);
		const {
			path,
			file_extensions: endings,
			file_categories: categories,
			...filters
		} = optionsOf(this, itemIndex, 'filters');
		const extensions = String(endings ?? '')
			.split(',')
			.map((ending) => ending.trim().replace(/^\./, ''))
			.filter((ending) => ending !== '');
		const arg = {
			query: this.getNodeParameter('query', itemIndex) as string,
			options: {
				filename_only: true,
				...filters,
				...(path ? { path: normalPath(path) } : {}),
				...(extensions.length > 0 ? { file_extensions: extensions } : {}),
				...(Array.isArray(categories) && categories.length > 0 ? { file_categories: categories } : {}),
				file_status: this.getNodeParameter('fileStatus', itemIndex, 'active') as string,
				max_results: Math.min(MOST_MATCHES, limit),
			},
		};
		const matches = await rpcPages(this, itemIndex, SEARCH, arg, limit);
		const simple = this.getNodeParameter('simple', itemIndex, true) as boolean;
		return jsonItems(simple ? matches.map(simplified) : matches);
	}),
};

type Tagged = IDataObject & { '.tag'?: string };

/** `{metadata: {.tag: metadata, metadata: {…}}, match_type: {.tag: filename}}` as the file itself. */
export function simplified(match: IDataObject): IDataObject {
	const { metadata = {}, match_type: type, ...more } = match as { metadata?: Tagged; match_type?: Tagged };
	const file = metadata[metadata['.tag'] ?? 'metadata'] ?? {};
	return {
		...more,
		...(file as IDataObject),
		...(type === undefined ? {} : { match_type: type['.tag'] ?? type }),
	};
}
