import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import { quoted } from './filters';
import { foldersWithPaths } from './folders';
import { graph, graphPages, nextPath } from './graph';

type List = {
	url: string;
	/** What is asked for beside the id. */
	select: string;
	name: (one: IDataObject) => unknown;
	/** How Graph finds a word. */
	filter: (word: string) => IDataObject;
	query?: IDataObject;
};

/** A list in the editor, page by page; what is typed is looked for by Graph. */
const lister = ({ url, select, name, filter, query = {} }: List) =>
	async function (
		this: ILoadOptionsFunctions,
		typed = '',
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const word = typed.trim();
		const qs = { $select: `id,${select}`, $top: 50, ...(word === '' ? query : filter(word)) };
		const body = paginationToken
			? await graph(this, 0, 'GET', paginationToken)
			: await graph(this, 0, 'GET', url, undefined, { qs });
		const next = nextPath(body);
		return {
			results: ((body.value ?? []) as IDataObject[]).map((one) => ({
				name: String(name(one) || '(no subject)'),
				value: String(one.id),
				...(one.webLink ? { url: String(one.webLink) } : {}),
			})),
			...(next === null ? {} : { paginationToken: next }),
		};
	};

const subject = ({ subject: text }: IDataObject) => text;
const inSubject = (word: string) => ({ $filter: `contains(subject,${quoted(word)})` });
const MESSAGE = { select: 'subject,webLink', name: subject, filter: inSubject };

export const searchMessages = lister({ ...MESSAGE, url: '/me/messages' });
export const searchDrafts = lister({ ...MESSAGE, url: '/me/mailFolders/drafts/messages' });

export const searchEvents = lister({
	url: '/me/events',
	select: 'subject,start,webLink',
	name: ({ subject: text, start }) => {
		const day = (start as { dateTime?: string } | undefined)?.dateTime?.slice(0, 10);
		return day ? `${String(text || '(no subject)')} (${day})` : text;
	},
	filter: inSubject,
	query: { $orderby: 'start/dateTime desc' },
});

export const searchContacts = lister({
	url: '/me/contacts',
	select: 'displayName,emailAddresses',
	name: ({ displayName, emailAddresses }) => {
		const [email] = (emailAddresses ?? []) as { address?: string }[];
		return displayName || email?.address || '(no name)';
	},
	filter: (word) => ({ $filter: `startswith(displayName,${quoted(word)})` }),
	query: { $orderby: 'displayName' },
});

export async function searchCalendars(
	this: ILoadOptionsFunctions,
	typed = '',
): Promise<INodeListSearchResult> {
	const all = await graphPages(this, 0, '/me/calendars', { $select: 'id,name' });
	return matching(all, typed, ({ name }) => name);
}

export async function searchFolders(this: ILoadOptionsFunctions, typed = ''): Promise<INodeListSearchResult> {
	return matching(await foldersWithPaths(this), typed, ({ displayName }) => displayName);
}

export async function searchAttachments(
	this: ILoadOptionsFunctions,
	typed = '',
): Promise<INodeListSearchResult> {
	const picked = this.getNodeParameter('messageId', '', { extractValue: true });
	const messageId = String(picked ?? '').trim();
	if (messageId === '') return { results: [] };
	const path = `/me/messages/${encodeURIComponent(messageId)}/attachments`;
	return matching(await graphPages(this, 0, path, { $select: 'id,name' }), typed, ({ name }) => name);
}

export async function getFolders(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return named(await foldersWithPaths(this), ({ displayName }) => displayName);
}

/** https://learn.microsoft.com/graph/api/outlookuser-list-mastercategories: an item names them by their names. */
export async function getCategories(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { value = [] } = await graph<{ value?: IDataObject[] }>(
		this,
		0,
		'GET',
		'/me/outlook/masterCategories',
	);
	return value
		.map(({ displayName }) => ({ name: String(displayName), value: String(displayName) }))
		.sort(byName);
}

export async function getCalendarGroups(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return named(await graphPages(this, 0, '/me/calendarGroups', {}), ({ name }) => name);
}

export async function getContactFolders(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const qs = { $select: 'id,displayName' };
	return named(await graphPages(this, 0, '/me/contactFolders', qs), ({ displayName }) => displayName);
}

/** https://learn.microsoft.com/graph/api/outlookuser-supportedtimezones */
export async function getTimeZones(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { value = [] } = await graph<{ value?: { alias: string; displayName?: string }[] }>(
		this,
		0,
		'GET',
		"/me/outlook/supportedTimeZones(TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana')",
	);
	return value.map(({ alias }) => ({ name: alias, value: alias })).sort(byName);
}

function matching(
	all: readonly IDataObject[],
	typed: string,
	name: (one: IDataObject) => unknown,
): INodeListSearchResult {
	const word = typed.trim().toLowerCase();
	return { results: named(all, name).filter((one) => one.name.toLowerCase().includes(word)) as never };
}

const named = (all: readonly IDataObject[], name: (one: IDataObject) => unknown) =>
	all.map((one) => ({ name: String(name(one) ?? one.id), value: String(one.id) }));

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
