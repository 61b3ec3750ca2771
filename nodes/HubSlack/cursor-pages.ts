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
});
