import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { rpc } from './call';
import { simplified } from './search';

type Kind = 'file' | 'folder';
type Entry = { '.tag'?: string; name?: string; path_display?: string; id?: string };

const lister = (kinds: readonly Kind[]) =>
	async function (
		this: ILoadOptionsFunctions,
		filter = '',
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const { entries, next } = filter
			? await matching(this, filter, paginationToken)
			: await listed(this, paginationToken);
		return {
			results: entries
				.filter((entry) => kinds.some((kind) => entry['.tag'] === kind))
				.map(({ path_display: path, id }) => ({ name: path ?? String(id), value: path ?? String(id) })),
			...(next === null ? {} : { paginationToken: next }),
		};
	};

export const searchFiles = lister(['file']);
export const searchFolders = lister(['folder']);
export const searchFilesAndFolders = lister(['file', 'folder']);

type Found = { entries: Entry[]; next: string | null };

/** Everything there is, page by page. */
async function listed(caller: ILoadOptionsFunctions, cursor?: string): Promise<Found> {
	const body = cursor
		? await rpc(caller, 0, 'files/list_folder/continue', { cursor })
		: await rpc(caller, 0, 'files/list_folder', { path: '', recursive: true, limit: 500 });
	return { entries: (body.entries ?? []) as Entry[], next: nextIn(body) };
}

async function matching(caller: ILoadOptionsFunctions, query: string, cursor?: string): Promise<Found> {
	const body = cursor
		? await rpc(caller, 0, 'files/search/continue_v2', { cursor })
		: await rpc(caller, 0, 'files/search_v2', {
				query,
				options: { filename_only: true, max_results: 100 },
			});
	const entries = ((body.matches ?? []) as IDataObject[]).map(simplified) as Entry[];
	return { entries, next: nextIn(body) };
}

const nextIn = ({ has_more: more, cursor }: IDataObject) => (more && cursor ? String(cursor) : null);
