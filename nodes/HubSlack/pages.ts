import type { IDataObject } from 'n8n-workflow';
import type { Pages } from '../transport';

/** https://docs.slack.dev/apis/web-api/pagination: a cursor, empty on the last page; 200 at once is what Slack advises. */
export const cursorPages = (items: string): Pages => ({
	items,
	size: { in: 'qs', name: 'limit', most: 200 },
	next: ({ body }) => {
		const { next_cursor: cursor } = (body.response_metadata ?? {}) as IDataObject;
		return cursor ? { qs: { cursor } } : null;
	},
	item: named(items),
});

/** The older methods count pages (https://docs.slack.dev/reference/methods/files.list). */
export const numberedPages = (items: string): Pages => ({
	items,
	size: { in: 'qs', name: 'count', most: 200 },
	next: ({ body }) => {
		const { page, pages } = (body.paging ?? {}) as { page?: number; pages?: number };
		return page !== undefined && pages !== undefined && page < pages ? { qs: { page: page + 1 } } : null;
	},
});

/** The members of a channel are bare ids: an item is an object. */
const named = (items: string) => (item: IDataObject) =>
	items === 'members' && typeof item.data === 'string' ? { member: item.data } : item;

/** A list that comes whole. */
export const wholePage = (items: string): Pages => ({ items, next: () => null });
