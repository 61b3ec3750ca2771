/** https://learn.microsoft.com/graph/api/user-list-mailfolders and …/mailfolder-list-childfolders */
import type { IDataObject } from 'n8n-workflow';
import { graphPages, type Caller } from './graph';

export type Folder = IDataObject & { id: string; displayName?: string; childFolderCount?: number };

export const FOLDERS = '/me/mailFolders';

/** These folders, each followed by all that is in it; Graph lists one level at a time. */
export async function withChildren(
	caller: Caller,
	itemIndex: number,
	folders: readonly Folder[],
	qs: IDataObject,
	each: (child: Folder, parent: Folder) => Folder = (child) => child,
): Promise<Folder[]> {
	const found: Folder[] = [];
	for (const folder of folders) {
		found.push(folder);
		if (!folder.childFolderCount) continue;
		const path = `${FOLDERS}/${encodeURIComponent(folder.id)}/childFolders`;
		const children = (await graphPages(caller, itemIndex, path, qs)) as Folder[];
		const named = children.map((child) => each(child, folder));
		found.push(...(await withChildren(caller, itemIndex, named, qs, each)));
	}
	return found;
}

/** All folders, named by the way to them: `Inbox / Invoices`. */
export async function foldersWithPaths(caller: Caller): Promise<Folder[]> {
	const qs = { $select: 'id,displayName,childFolderCount' };
	const top = (await graphPages(caller, 0, FOLDERS, qs)) as Folder[];
	return await withChildren(caller, 0, top, qs, (child, parent) => ({
		...child,
		displayName: `${parent.displayName ?? ''} / ${child.displayName ?? ''}`,
	}));
}
