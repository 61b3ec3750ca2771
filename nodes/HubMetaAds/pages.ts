import type { IDataObject } from 'n8n-workflow';
import type { Pages } from '../transport';

/**
 * https://developers.facebook.com/docs/graph-api/results: the cursor of the page's end; `next` is there where more is.
 * @param most rows with large fields make Meta refuse larger pages ("reduce the amount of data")
 */
export const cursorPages = (most = 100): Pages => ({
	items: 'data',
	size: { in: 'qs', name: 'limit', most },
	next: ({ body }) => {
		const { next, cursors } = (body.paging ?? {}) as { next?: string; cursors?: IDataObject };
		return next && cursors?.after ? { qs: { after: cursors.after } } : null;
	},
});
