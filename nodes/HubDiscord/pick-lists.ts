import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import { allPages, requestJson } from '../transport';
import { memberPages, serverPages } from './pages';
import { discord } from './service';

const CATEGORY = 4;

type Item = { name: string; value: string };
type Channel = { id: string; name: string; type: number; position?: number; parent_id?: string | null };

export async function searchServers(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const call = { method: 'GET' as const, url: '/users/@me/guilds' };
	const servers = await allPages(this, discord, 0, call, serverPages);
	return {
		results: matching(
			servers.map(({ id, name }) => item(name, id)),
			filter,
		),
	};
}

export async function searchChannels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const channels = await channelsOf(this);
	const categories = new Map(channels.map(({ id, name }) => [id, name]));
	const results = channels
		.filter(({ type }) => type !== CATEGORY)
		.map(({ id, name, parent_id: parent }) =>
			item(parent ? `${categories.get(parent) ?? ''} / ${name}` : name, id),
		);
	return { results: matching(results, filter) };
}

export async function searchCategories(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const categories = (await channelsOf(this)).filter(({ type }) => type === CATEGORY);
	return {
		results: matching(
			categories.map(({ id, name }) => item(name, id)),
			filter,
		),
	};
}

/** By the beginning of their names; without a word, all that the bot may list. */
export async function searchMembers(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const server = serverOf(this);
	if (server === '') return { results: [] };
	const members = filter
		? await requestJson<IDataObject[]>(this, discord, 0, {
				method: 'GET',
				url: `/guilds/${server}/members/search`,
				qs: { query: filter, limit: 100 },
			})
		: await allPages(this, discord, 0, { method: 'GET', url: `/guilds/${server}/members` }, memberPages);
	return {
		results: members.map(({ nick, user }) => {
			const { id, username, global_name: name } = user as IDataObject;
			const shown = nick ?? name;
			return item(shown ? `${String(shown)} (${String(username)})` : username, id);
		}),
	};
}

export async function searchRoles(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return { results: matching(await rolesOf(this), filter) };
}

export async function getRoles(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await rolesOf(this);
}

async function rolesOf(context: ILoadOptionsFunctions): Promise<Item[]> {
	const server = serverOf(context);
	if (server === '') return [];
	const call = { method: 'GET' as const, url: `/guilds/${server}/roles` };
	const roles = await requestJson<IDataObject[]>(context, discord, 0, call);
	// Everybody has the one that has the server's own ID.
	return roles.filter(({ id }) => id !== server).map(({ id, name }) => item(name, id));
}

async function channelsOf(context: ILoadOptionsFunctions): Promise<Channel[]> {
	const server = serverOf(context);
	if (server === '') return [];
	const call = { method: 'GET' as const, url: `/guilds/${server}/channels` };
	const channels = await requestJson<Channel[]>(context, discord, 0, call);
	return channels.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
}

/** The server chosen in the same node; empty: none is. */
function serverOf(context: ILoadOptionsFunctions): string {
	const options = { extractValue: true };
	const given =
		context.getCurrentNodeParameter('guildId', options) ?? context.getNodeParameter('guildId', '', options);
	return encodeURIComponent(String(given ?? '').trim());
}

const item = (name: unknown, id: unknown): Item => ({ name: String(name), value: String(id) });

const matching = (items: Item[], filter = ''): Item[] =>
	items.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(filter.trim().toLowerCase()));
