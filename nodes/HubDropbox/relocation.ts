/** What is done with files and folders alike. */
import { eachItem } from '../transport';
import { rpc } from './call';
import { optionsOf, pathIn } from './fields';

export const relocation = (endpoint: 'files/copy_v2' | 'files/move_v2', label: 'File' | 'Folder') =>
	eachItem(async function (itemIndex) {
		const from = pathIn(this, itemIndex, 'path', label);
		const to = pathIn(this, itemIndex, 'toPath', 'To Path');
		const arg = { from_path: from, to_path: to, ...optionsOf(this, itemIndex) };
		return { json: await rpc(this, itemIndex, endpoint, arg) };
	});

export const removal = (label: 'File' | 'Folder') =>
	eachItem(async function (itemIndex) {
		const path = pathIn(this, itemIndex, 'path', label);
		const given = optionsOf(this, itemIndex);
		const arg = { path, ...(given.parent_rev ? { parent_rev: given.parent_rev } : {}) };
		return { json: await rpc(this, itemIndex, 'files/delete_v2', arg) };
	});
