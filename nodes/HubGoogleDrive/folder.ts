/** https://developers.google.com/workspace/drive/api/guides/folder: a folder is a file of a type of its own. */
import type { INodeProperties } from 'n8n-workflow';
import { eachItem, requestJson } from '../transport';
import { GOOGLE } from './export-formats';
import {
	fieldsOf,
	FIELDS_OPTION,
	idIn,
	locator,
	optionsField,
	optionsOf,
	parentFolder,
	shownFor,
} from './fields';
import { remove } from './file-work';
import { ANYWHERE, drive, FILES } from './service';
import { share, shareFields } from './share';

export const folderProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['folder'] } },
		options: [
			{ name: 'Create', value: 'create', action: 'Create folder' },
			{
				name: 'Delete',
				value: 'deleteFolder',
				action: 'Delete folder',
				description: 'Move a folder with all that is in it to the trash, or delete it for good',
			},
			{
				name: 'Share',
				value: 'share',
				action: 'Share folder',
				description: 'Give users, groups or everyone rights to a folder',
			},
		],
		default: 'create',
	},
	{
		displayName: 'Folder Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. New Folder',
		description: 'It is “Untitled” where this is empty',
		displayOptions: shownFor('folder', 'create'),
	},
	parentFolder(shownFor('folder', 'create')),
	locator({
		displayName: 'Folder',
		name: 'folderNoRootId',
		from: 'searchFolders',
		displayOptions: shownFor('folder', 'deleteFolder', 'share'),
	}),
	...shareFields(shownFor('folder', 'share')),
	optionsField(shownFor('folder', 'create'), [
		{ displayName: 'Description', name: 'description', type: 'string', default: '' },
		FIELDS_OPTION,
		{
			displayName: 'Folder Color',
			name: 'folderColorRgb',
			type: 'color',
			default: '',
			description: 'The nearest color that Google Drive knows is taken',
		},
	]),
	optionsField(shownFor('folder', 'deleteFolder'), [
		{
			displayName: 'Delete Permanently',
			name: 'deletePermanently',
			type: 'boolean',
			default: false,
			description: 'Whether to delete it for good instead of moving it to the trash',
		},
	]),
];

export const folderOperations = {
	create: eachItem(async function (itemIndex) {
		const { description, folderColorRgb, ...options } = optionsOf(this, itemIndex);
		const body = {
			name: String(this.getNodeParameter('name', itemIndex, '') ?? '').trim() || 'Untitled',
			mimeType: `${GOOGLE}folder`,
			parents: [idIn(this, 'folderId', 'Parent Folder', itemIndex)],
			...(description ? { description } : {}),
			...(folderColorRgb ? { folderColorRgb } : {}),
		};
		return {
			json: await requestJson(this, drive, itemIndex, {
				method: 'POST',
				url: FILES,
				qs: { ...ANYWHERE, fields: fieldsOf(options) },
				body,
				json: true,
			}),
		};
	}),

	deleteFolder: eachItem(async function (itemIndex) {
		return await remove(this, itemIndex, idIn(this, 'folderNoRootId', 'Folder', itemIndex));
	}),

	share: eachItem(async function (itemIndex) {
		return await share(this, itemIndex, idIn(this, 'folderNoRootId', 'Folder', itemIndex));
	}),
};
