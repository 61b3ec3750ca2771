import type { IDataObject } from 'n8n-workflow';
import type { Pages } from '../transport';

/** Discord has no cursors: a page that is not full is the last one. */
const isFull = ({ request, items }: Parameters<Pages['next']>[0]) =>
	items.length > 0 && items.length >= Number((request.qs as IDataObject).limit);

/** https://docs.discord.com/developers/resources/message#get-channel-messages: newest first */
export const messagePages: Pages = {
	items: '',
	size: { in: 'qs', name: 'limit', most: 100 },
	next: (page) => {
		const { around, after } = page.request.qs as IDataObject;
		if (around !== undefined || !isFull(page)) return null;
		return after === undefined
			? { qs: { before: page.items.at(-1)?.id } }
			: { qs: { after: page.items[0]?.id } };
	},
};

/** https://docs.discord.com/developers/resources/message#get-channel-pins */
export const pinPages: Pages = {
	items: 'items',
	size: { in: 'qs', name: 'limit', most: 50 },
	next: ({ body, items }) => (body.has_more ? { qs: { before: items.at(-1)?.pinned_at } } : null),
};

/** https://docs.discord.com/developers/resources/guild#list-guild-members: by user IDs, rising */
export const memberPages: Pages = {
	items: '',
	size: { in: 'qs', name: 'limit', most: 1000 },
	next: (page) =>
		isFull(page) ? { qs: { after: (page.items.at(-1)?.user as IDataObject | undefined)?.id } } : null,
};

/** https://docs.discord.com/developers/resources/user#get-current-user-guilds */
export const serverPages: Pages = {
	items: '',
	size: { in: 'qs', name: 'limit', most: 200 },
	next: (page) => (isFull(page) ? { qs: { after: page.items.at(-1)?.id } } : null),
};

/** What is given all at once. */
export const onePage: Pages = { items: '', next: () => null };
