/** https://learn.microsoft.com/graph/api/mailfolder-list-messages */
import type { INodeProperties } from 'n8n-workflow';
import { eachItem, returnAllOrLimit } from '../transport';
import { existing, idIn, operations, shown } from './fields';
import { messageFilters } from './filters';
import { FOLDERS } from './folders';
import { listMessages } from './message-work';
import { downloadOptions, MESSAGE_FIELDS, outputFields } from './receive';

const on = shown('folderMessage', 'getAll');

export const folderMessageProperties: INodeProperties[] = [
	operations(
		'folderMessage',
		[{ name: 'Get Many', value: 'getAll', action: 'Get many messages in a folder' }],
		'getAll',
	),
	existing('folder', on, {
		description: 'By ID, the well-known names do as well: archive, inbox, sentitems, …',
	}),
	...returnAllOrLimit(on),
	...outputFields(on, MESSAGE_FIELDS),
	messageFilters(on, true),
	downloadOptions(on),
];

export const folderMessageOperations = {
	getAll: eachItem(async function (itemIndex) {
		const folder = idIn(this, itemIndex, 'folderId', 'Folder');
		return await listMessages(this, itemIndex, `${FOLDERS}/${folder}/messages`);
	}),
};
