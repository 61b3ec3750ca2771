import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
} from 'n8n-workflow';
import { allPages, requestJson, type Call, type Pages } from '../transport';
import { hubspot } from './service';

export type Caller = IExecuteFunctions | ILoadOptionsFunctions;

export async function call<T = IDataObject>(
	caller: Caller,
	itemIndex: number,
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
	url: string,
	more: Omit<Call, 'url' | 'method'> = {},
): Promise<T> {
	return await requestJson<T>(caller, hubspot, itemIndex, { ...more, method, url, json: true });
}

/** https://developers.hubspot.com/docs/api-reference/crm-objects-v3/guide: `{results, paging: {next: {after}}}` */
export function listPages(most = 100): Pages {
	return {
		items: 'results',
		size: { in: 'qs', name: 'limit', most },
		next: ({ body }) => after(body, (cursor) => ({ qs: { after: cursor } })),
	};
}

/** https://developers.hubspot.com/docs/api-reference/crm-search-v3/guide */
const searchPages: Pages = {
	items: 'results',
	size: { in: 'body', name: 'limit', most: 200 },
	next: ({ body }) => after(body, (cursor) => ({ body: { after: cursor } })),
};

function after<T>(body: IDataObject, next: (cursor: string) => T): T | null {
	const cursor = ((body.paging as IDataObject | undefined)?.next as IDataObject | undefined)?.after;
	return typeof cursor === 'string' || typeof cursor === 'number' ? next(String(cursor)) : null;
}

export const list = async (
	caller: Caller,
	itemIndex: number,
	url: string,
	qs: IDataObject,
	limit: number,
	most?: number,
) =>
	await allPages(caller, hubspot, itemIndex, { method: 'GET', url, qs, json: true }, listPages(most), limit);

// HubSpot answers the first 10,000 of a search and refuses the page after.
const MOST_FOUND = 10_000;

/** @throws NodeOperationError where all are wanted and there are more than HubSpot gives */
export async function search(
	caller: Caller,
	itemIndex: number,
	objectType: string,
	body: IDataObject,
	limit: number,
): Promise<IDataObject[]> {
	const url = `/crm/v3/objects/${encodeURIComponent(objectType)}/search`;
	const asked: Call = { method: 'POST', url, body, json: true };
	const most = Math.min(limit, MOST_FOUND);
	const found = await allPages(caller, hubspot, itemIndex, asked, searchPages, most);
	if (limit > MOST_FOUND && found.length >= MOST_FOUND)
		throw new NodeOperationError(caller.getNode(), 'HubSpot gives the first 10,000 results of a search', {
			itemIndex,
			description: 'Make the search narrower, by date for instance, or list the records with Get Many.',
		});
	return found;
}
