import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { requestJson } from '../transport';
import { GOOGLE } from './export-formats';
import { quoted } from './search';
import { drive, DRIVES, FILES } from './service';

type Listed = { id: string; name: string; webViewLink?: string };

export async function searchFiles(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await listed(this, `mimeType != '${GOOGLE}folder'`, filter, paginationToken);
}

/** My Drive's root and the shared drives first: their roots are folders too. */
export async function searchFolders(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const folders = await listed(this, `mimeType = '${GOOGLE}folder'`, filter, paginationToken);
	if (paginationToken) return folders;
	const roots = [{ name: '/ (Root Folder of My Drive)', value: 'root' }].filter(matching(filter));
	const drives = (await sharedDrives(this, filter)).results;
	const named = drives.map((one) => ({ ...one, name: `${one.name} (Shared Drive)` }));
	return { ...folders, results: [...roots, ...named, ...folders.results] };
}

export async function searchDrives(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const drives = await sharedDrives(this, filter, paginationToken);
	if (paginationToken) return drives;
	const own = [{ name: 'My Drive', value: 'My Drive' }].filter(matching(filter));
	return { ...drives, results: [...own, ...drives.results] };
}

export async function searchSharedDrives(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await sharedDrives(this, filter, paginationToken);
}

async function listed(
	caller: ILoadOptionsFunctions,
	kind: string,
	filter: string,
	pageToken?: string,
): Promise<INodeListSearchResult> {
	const terms = [kind, 'trashed = false', filter && `name contains ${quoted(filter)}`];
	return await page(caller, 'files', {
		url: FILES,
		qs: {
			q: terms.filter((term) => term !== '').join(' and '),
			corpora: 'allDrives',
			supportsAllDrives: true,
			includeItemsFromAllDrives: true,
			orderBy: 'name_natural',
			fields: 'nextPageToken,files(id,name,webViewLink)',
			pageSize: 100,
			...(pageToken ? { pageToken } : {}),
		},
	});
}

async function sharedDrives(
	caller: ILoadOptionsFunctions,
	filter: string,
	pageToken?: string,
): Promise<INodeListSearchResult> {
	return await page(caller, 'drives', {
		url: DRIVES,
		qs: {
			...(filter ? { q: `name contains ${quoted(filter)}` } : {}),
			pageSize: 100,
			...(pageToken ? { pageToken } : {}),
		},
	});
}

async function page(
	caller: ILoadOptionsFunctions,
	items: 'files' | 'drives',
	call: { url: string; qs: IDataObject },
): Promise<INodeListSearchResult> {
	const body = await requestJson(caller, drive, 0, { method: 'GET', ...call });
	const found = (body[items] ?? []) as Listed[];
	return {
		results: found.map(({ id, name, webViewLink }) => ({
			name,
			value: id,
			...(webViewLink === undefined ? {} : { url: webViewLink }),
		})),
		...(body.nextPageToken ? { paginationToken: String(body.nextPageToken) } : {}),
	};
}

const matching =
	(filter: string) =>
	({ name }: { name: string }) =>
		name.toLowerCase().includes(filter.toLowerCase());
