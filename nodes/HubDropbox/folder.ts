/** https://www.dropbox.com/developers/documentation/http/documentation#files-list_folder */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, returnAllOrLimit } from '../transport';
import { rpc, rpcPages } from './call';
import { download, nameIn } from './download';
import {
	AUTORENAME,
	existing,
	flag,
	flagOn,
	newPath,
	options,
	optionsOf,
	outputField,
	pathIn,
	picked,
	shown,
} from './fields';
import { relocation, removal } from './relocation';

const on = (...operation: string[]) => shown('folder', ...operation);

export const folderProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['folder'] } },
		options: [
			{ name: 'Copy', value: 'copy', action: 'Copy a folder' },
			{ name: 'Create', value: 'create', action: 'Create a folder' },
			{ name: 'Delete', value: 'delete', action: 'Delete a folder' },
			{ name: 'Download', value: 'download', action: 'Download a folder as a ZIP file' },
			{ name: 'List', value: 'list', action: 'List a folder' },
			{ name: 'Move', value: 'move', action: 'Move a folder' },
		],
		default: 'create',
	},
	existing('folder', on('copy', 'delete', 'download', 'move')),
	existing('folder', on('list'), {
		required: false,
		description: 'The folder to list; the whole Dropbox, or the app’s own folder, where empty',
	}),
	newPath('Folder', 'path', on('create'), '/Invoices/2026', {
		description: 'The new folder’s path. Folders above it that are not there are made too.',
	}),
	newPath('To Path', 'toPath', on('copy', 'move'), '/Archive/2026', {
		description: 'The folder’s new path, with its name',
	}),
	options(on('copy', 'create'), [AUTORENAME]),
	options(on('move'), [
		AUTORENAME,
		flag('Allow Ownership Transfer', 'allow_ownership_transfer', 'move it even where it gets another owner'),
	]),
	outputField(on('download')),
	...returnAllOrLimit(on('list')).map((field) =>
		field.name === 'limit' ? ({ ...field, default: 100 } as INodeProperties) : field,
	),
	{
		...flagOn('Simplify', 'simple', 'return a simplified version of the response instead of the raw data'),
		displayOptions: { show: on('list') },
	},
	options(
		on('list'),
		[
			flag('Include Deleted', 'include_deleted', 'return files and folders that were deleted, too'),
			flagOn(
				'Include Mounted Folders',
				'include_mounted_folders',
				'return what is in the app’s, shared and team folders',
			),
			flagOn(
				'Include Non Downloadable Files',
				'include_non_downloadable_files',
				'return Google Docs and the like',
			),
			flag(
				'Include Shared Members',
				'include_has_explicit_shared_members',
				'tell of each file whether it has members of its own',
			),
			flag('Recursive', 'recursive', 'return what is in the subfolders, too'),
		],
		'Filters',
	),
];

const LIST = { first: 'files/list_folder', next: 'files/list_folder/continue', items: 'entries' };
// As Dropbox gives at most at once.
const MOST_ENTRIES = 2000;

export const folderOperations = {
	copy: relocation('files/copy_v2', 'Folder'),
	move: relocation('files/move_v2', 'Folder'),
	delete: removal('Folder'),

	create: eachItem(async function (itemIndex) {
		const path = pathIn(this, itemIndex, 'path', 'Folder');
		const arg = { path, ...optionsOf(this, itemIndex) };
		return { json: await rpc(this, itemIndex, 'files/create_folder_v2', arg) };
	}),

	download: eachItem(async function (itemIndex) {
		const path = pathIn(this, itemIndex, 'path', 'Folder');
		return await download(
			this,
			itemIndex,
			'files/download_zip',
			{ path },
			({ metadata }) => `${nameIn(metadata)}.zip`,
		);
	}),

	list: eachItem(async function (itemIndex) {
		const limit = limitOf(this, itemIndex);
		const arg = {
			path: pathIn(this, itemIndex, 'path', 'Folder', { orRoot: true }),
			...optionsOf(this, itemIndex, 'filters'),
			limit: Math.min(MOST_ENTRIES, limit),
		};
		const entries = await rpcPages(this, itemIndex, LIST, arg, limit);
		const simple = this.getNodeParameter('simple', itemIndex, true) as boolean;
		return jsonItems(simple ? entries.map(simplified) : entries);
	}),
};

/** The names that n8n's users know. */
const SIMPLE_NAMES: { [name: string]: string } = {
	id: 'id',
	name: 'name',
	client_modified: 'lastModifiedClient',
	server_modified: 'lastModifiedServer',
	rev: 'rev',
	size: 'contentSize',
	'.tag': 'type',
	content_hash: 'contentHash',
	path_lower: 'pathLower',
	path_display: 'pathDisplay',
	has_explicit_shared_members: 'hasExplicitSharedMembers',
	is_downloadable: 'isDownloadable',
};

function simplified(entry: IDataObject): IDataObject {
	const kept = picked(entry, ...Object.keys(SIMPLE_NAMES));
	return Object.fromEntries(Object.entries(kept).map(([name, value]) => [SIMPLE_NAMES[name], value]));
}
