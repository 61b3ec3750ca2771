/** https://learn.microsoft.com/graph/api/resources/mailfolder */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, returnAllOrLimit } from '../transport';
import {
	collection,
	collectionOf,
	existing,
	existingInPath,
	flag,
	listOf,
	operations,
	optionalIdIn,
	refuse,
	shown,
	text,
} from './fields';
import { graph, graphPages } from './graph';
import { FOLDERS, withChildren, type Folder } from './folders';
import { without, withoutContext } from './receive';

const on = (...operation: string[]) => shown('folder', ...operation);
const FOLDER = `${FOLDERS}/:folderId`;

const FIELDS: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'multiOptions',
	default: [],
	description: 'The fields to add to the output; all unless chosen',
	options: [
		'childFolderCount',
		'displayName',
		'isHidden',
		'parentFolderId',
		'totalItemCount',
		'unreadItemCount',
	].map((name) => ({ name, value: name })),
};

const PARENT = (show: INodeProperties['displayOptions'], description: string): INodeProperties =>
	({
		...existing('folder', {}),
		displayName: 'Parent Folder',
		name: 'parentFolderId',
		required: false,
		displayOptions: show,
		description,
	}) as INodeProperties;

export const folderProperties: INodeProperties[] = [
	operations(
		'folder',
		[
			{ name: 'Create', value: 'create', action: 'Create a folder' },
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a folder',
				description: 'Delete a folder with all that is in it',
				routing: { request: { method: 'DELETE', url: FOLDER } },
			},
			{ name: 'Get', value: 'get', action: 'Get a folder' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many folders' },
			{
				name: 'Update',
				value: 'update',
				action: 'Update a folder',
				routing: { request: { method: 'PATCH', url: FOLDER } },
			},
		],
		'getAll',
	),
	existingInPath('folder', on('delete', 'update')),
	existing('folder', on('get')),
	text('Name', 'displayName', '', {
		required: true,
		placeholder: 'e.g. Invoices',
		displayOptions: { show: on('create') },
	}),
	text('Name', 'displayName', 'The folder’s new name', {
		required: true,
		displayOptions: { show: on('update') },
		routing: { send: { type: 'body', property: 'displayName' } },
	}),
	PARENT({ show: on('create') }, 'The folder to put it in; beside the inbox where empty'),
	...returnAllOrLimit(on('getAll')),
	PARENT({ show: on('getAll') }, 'Only the folders in this one; those of the whole mailbox where empty'),
	collection('Filters', on('getAll'), [
		text('Filter Query', 'filter', 'In OData', {
			placeholder: "e.g. displayName eq 'Invoices'",
			hint: 'Search query to filter folders. <a href="https://learn.microsoft.com/en-us/graph/filter-query-parameter">More info</a>.',
		}),
		flag('Include Hidden Folders', 'hidden', 'to list folders too that Outlook does not show'),
	]),
	collection('Options', on('getAll'), [
		FIELDS,
		flag(
			'Include Child Folders',
			'includeChildFolders',
			'to list the folders in those found too, however deep',
		),
	]),
	collection('Options', on('get'), [FIELDS]),
];

export const folderOperations = {
	create: eachItem(async function (itemIndex) {
		const displayName = String(this.getNodeParameter('displayName', itemIndex) ?? '').trim();
		if (displayName === '')
			throw refuse(this, itemIndex, '“Name” is empty', 'Say how the folder is to be called.');
		return {
			json: withoutContext(await graph(this, itemIndex, 'POST', placeIn(this, itemIndex), { displayName })),
		};
	}),

	get: eachItem(async function (itemIndex) {
		const id = optionalIdIn(this, itemIndex, 'folderId');
		if (id === null)
			throw refuse(this, itemIndex, '“Folder” is empty', 'Choose a folder, or check the expression.');
		const qs = selected(collectionOf(this, itemIndex, 'options').fields);
		return {
			json: withoutContext(await graph(this, itemIndex, 'GET', `${FOLDERS}/${id}`, undefined, { qs })),
		};
	}),

	getAll: eachItem(async function (itemIndex) {
		const { filter, hidden } = collectionOf(this, itemIndex, 'filters');
		const { fields, includeChildFolders } = collectionOf(this, itemIndex, 'options');
		const qs = {
			// Whether there is something in it is needed to look into it.
			...selected(fields, includeChildFolders ? ['childFolderCount'] : []),
			...(filter ? { $filter: String(filter) } : {}),
			...(hidden ? { includeHiddenFolders: 'true' } : {}),
		};
		const limit = limitOf(this, itemIndex);
		const found = (await graphPages(this, itemIndex, placeIn(this, itemIndex), qs, limit)) as Folder[];
		if (!includeChildFolders) return jsonItems(found);
		return jsonItems((await withChildren(this, itemIndex, found, without(qs, '$filter'))).slice(0, limit));
	}),
};

function placeIn(context: IExecuteFunctions, itemIndex: number): string {
	const parent = optionalIdIn(context, itemIndex, 'parentFolderId');
	return parent === null ? FOLDERS : `${FOLDERS}/${parent}/childFolders`;
}

function selected(fields: unknown, always: readonly string[] = []): IDataObject {
	const chosen = listOf(fields);
	return chosen.length === 0 ? {} : { $select: [...new Set(['id', ...chosen, ...always])].join(',') };
}
