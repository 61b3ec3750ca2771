/** https://learn.microsoft.com/graph/filter-query-parameter and …/search-query-parameter: which messages are wanted. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import {
	choice,
	collection,
	collectionOf,
	IMPORTANCE,
	listed,
	listOf,
	moment,
	refuse,
	text,
	type Show,
} from './fields';
import { CATEGORIES } from './content';
import { instantOf } from './times';

const FOLDERS = (displayName: string, name: string, description: string) =>
	listed(displayName, name, 'getFolders', { many: true, description });

/** @param within true: of one folder's messages */
export const messageFilters = (show: Show, within: boolean): INodeProperties =>
	collection('Filters', show, [
		{
			...CATEGORIES,
			description: `Only those with one of these. ${CATEGORIES.description ?? ''}`,
		} as INodeProperties,
		text('Filter Query', 'custom', 'In OData, beside the other filters', {
			placeholder: 'e.g. isRead eq false',
			hint: 'Search query to filter messages. <a href="https://learn.microsoft.com/en-us/graph/filter-query-parameter">More info</a>.',
		}),
		choice(
			'Flag Status',
			'flagStatus',
			[
				['Complete', 'complete'],
				['Flagged', 'flagged'],
				['Not Flagged', 'notFlagged'],
			],
			'flagged',
		),
		...(within
			? []
			: [
					FOLDERS('Folder Names or IDs to Exclude', 'foldersToExclude', 'Not those in these folders'),
					FOLDERS('Folder Names or IDs to Include', 'foldersToInclude', 'Only those in these folders'),
				]),
		{
			displayName: 'Has Attachments',
			name: 'hasAttachments',
			type: 'boolean',
			default: true,
			description: 'Whether to take only those with attachments, or only those without',
		},
		choice('Importance', 'importance', IMPORTANCE, 'high'),
		choice(
			'Order',
			'order',
			[
				['Newest First', 'desc'],
				['Oldest First', 'asc'],
			],
			'desc',
			'By the time they were received',
		),
		choice(
			'Read Status',
			'readStatus',
			[
				['Unread and Read Messages', 'both'],
				['Unread Messages Only', 'unread'],
				['Read Messages Only', 'read'],
			],
			'unread',
		),
		moment('Received After', 'receivedAfter', 'Without a time zone it is taken in the workflow’s'),
		moment('Received Before', 'receivedBefore', 'Without a time zone it is taken in the workflow’s'),
		text(
			'Search',
			'search',
			'As in Outlook’s search box; goes with no other filter, and finds 1,000 messages at most',
			{
				placeholder: 'e.g. from:jo@example.com AND hasAttachments:true',
				hint: 'Without a property in front it looks in sender, subject and body. <a href="https://learn.microsoft.com/en-us/graph/search-query-parameter">More info</a>.',
			},
		),
		text('Sender', 'sender', 'Address or name, complete', { placeholder: 'e.g. jo@example.com' }),
		text('Subject Contains', 'subject'),
	]);

export function messageQuery(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const { search, order, ...filters } = collectionOf(context, itemIndex, 'filters');
	const terms = filterTerms(context, itemIndex, filters);
	const words = String(search ?? '').trim();
	if (words !== '') {
		if (terms.length > 0 || order !== undefined)
			throw refuse(
				context,
				itemIndex,
				'“Search” cannot go with other filters or an order',
				'Microsoft Graph takes one or the other. Write the conditions into the search: subject:invoice AND received>=2026-01-01.',
			);
		return { $search: `"${words.replace(/(["\\])/g, '\\$1')}"` };
	}
	if (order === undefined) return terms.length > 0 ? { $filter: terms.join(' and ') } : {};
	// What is sorted by must come first among the filters, else Graph says InefficientFilter (user-list-messages).
	const isFirst = terms[0]?.startsWith(TIME) ?? true;
	const all = isFirst ? terms : [`${TIME} ge 1900-01-01T00:00:00Z`, ...terms];
	return {
		...(all.length > 0 ? { $filter: all.join(' and ') } : {}),
		$orderby: `${TIME} ${order === 'asc' ? 'asc' : 'desc'}`,
	};
}

const TIME = 'receivedDateTime';

function filterTerms(context: IExecuteFunctions, itemIndex: number, filters: IDataObject): string[] {
	const time = (given: unknown) => instantOf(context, itemIndex, given);
	const { receivedAfter, receivedBefore, readStatus, importance, flagStatus, hasAttachments } = filters;
	const sender = quoted(filters.sender);
	const subject = String(filters.subject ?? '').trim();
	return [
		receivedAfter ? `${TIME} ge ${time(receivedAfter)}` : '',
		receivedBefore ? `${TIME} le ${time(receivedBefore)}` : '',
		anyOf(listOf(filters.foldersToInclude).map((id) => `parentFolderId eq ${quoted(id)}`)),
		...listOf(filters.foldersToExclude).map((id) => `parentFolderId ne ${quoted(id)}`),
		anyOf(listOf(filters.categories).map((name) => `categories/any(c:c eq ${quoted(name)})`)),
		sender === "''" ? '' : `(from/emailAddress/address eq ${sender} or from/emailAddress/name eq ${sender})`,
		subject === '' ? '' : `contains(subject,${quoted(subject)})`,
		typeof hasAttachments === 'boolean' ? `hasAttachments eq ${hasAttachments}` : '',
		readStatus === 'read' || readStatus === 'unread' ? `isRead eq ${readStatus === 'read'}` : '',
		importance ? `importance eq ${quoted(importance)}` : '',
		flagStatus ? `flag/flagStatus eq ${quoted(flagStatus)}` : '',
		customTerm(filters.custom),
	].filter((term) => term !== '');
}

/** One's own condition, whole: it may have an `or` in it. */
export function customTerm(custom: unknown): string {
	const term = String(custom ?? '').trim();
	return term === '' || !/\bor\b/i.test(term) ? term : `(${term})`;
}

const anyOf = (terms: string[]) => (terms.length > 1 ? `(${terms.join(' or ')})` : (terms[0] ?? ''));

/** A text in OData: quotes within are doubled. */
export const quoted = (value: unknown) =>
	`'${String(value ?? '')
		.trim()
		.replace(/'/g, "''")}'`;
