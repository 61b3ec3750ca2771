import type { IDataObject } from 'n8n-workflow';
import type { Pages } from '../transport';

/** https://docs.slack.dev/apis/web-api/pagination: a cursor, empty on the last page; 200 at once is what Slack advises. */
export const cursorPages = (items: Pages['items'], most = 200): Pages => ({
	items,
	size: { in: 'qs', name: 'limit', most },
	next: ({ body }) => {
		const { next_cursor: cursor } = (body.response_metadata ?? {}) as IDataObject;
		return cursor ? { qs: { cursor } } : null;
	},
});

/** Methods that give all at once. */
export const onePage = (items: Pages['items']): Pages => ({ items, next: () => null });

/** As many as wanted, where one page holds them. It is the same for each page, for pages are counted in it. */
export const COUNT = '={{ $parameter.returnAll ? 100 : Math.min($parameter.limit, 100) }}';

/** The older way, by page numbers and `count`: `files.list`, `search.messages`. */
export const numberedPages = (items: string, paging: string): Pages => ({
	items,
	next: ({ body }) => {
		const { page = 1, pages = 1 } = read(body, paging) as { page?: number; pages?: number };
		return page < pages ? { qs: { page: page + 1 } } : null;
	},
});

const read = (body: IDataObject, path: string): IDataObject =>
	path.split('.').reduce((value, name) => (value[name] ?? {}) as IDataObject, body);
