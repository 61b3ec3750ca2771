/** https://developers.google.com/workspace/gmail/api/guides/list-messages: ids by pages, then each by itself. */
import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';
import { allPages, limitOf, requestJson, type Pages } from '../transport';
import { gmail, MAILBOX } from './service';

export const tokenPages = (items: string): Pages => ({
	items,
	size: { in: 'qs', name: 'maxResults', most: 500 },
	next: ({ body }) => (body.nextPageToken ? { qs: { pageToken: body.nextPageToken } } : null),
});

/** As many as "Return All" or "Limit" wants, with no more in them than their ids. */
export async function idsOf(
	context: IExecuteFunctions,
	itemIndex: number,
	what: 'messages' | 'threads' | 'drafts',
	qs: IDataObject,
): Promise<IDataObject[]> {
	const call = { method: 'GET' as const, url: `${MAILBOX}/${what}`, qs };
	return await allPages(context, gmail, itemIndex, call, tokenPages(what), limitOf(context, itemIndex));
}

// Gmail advises against more than a few at once for one mailbox.
const AT_ONCE = 5;

/** Does the work for each, a few at a time; what comes out is in the order of what went in. */
export async function inTurns<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
	const done: R[] = [];
	for (let at = 0; at < all.length; at += AT_ONCE)
		done.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(work))));
	return done;
}

export type Label = { id: string; name: string; type?: string };

/** The user's labels first, then Gmail's own; each by name. */
export async function labelsOf(caller: ILoadOptionsFunctions | IExecuteFunctions): Promise<Label[]> {
	const { labels = [] } = await requestJson<{ labels?: Label[] }>(caller, gmail, 0, {
		method: 'GET',
		url: `${MAILBOX}/labels`,
	});
	const rank = ({ type }: Label) => (type === 'system' ? 1 : 0);
	return labels.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

export type Sender = {
	sendAsEmail: string;
	displayName?: string;
	isPrimary?: boolean;
	isDefault?: boolean;
	verificationStatus?: string;
};

/** The addresses that are this mailbox's own, its aliases included. */
export async function sendersOf(
	caller: ILoadOptionsFunctions | IExecuteFunctions,
	itemIndex: number,
): Promise<Sender[]> {
	const { sendAs = [] } = await requestJson<{ sendAs?: Sender[] }>(caller, gmail, itemIndex, {
		method: 'GET',
		url: `${MAILBOX}/settings/sendAs`,
	});
	return sendAs;
}
