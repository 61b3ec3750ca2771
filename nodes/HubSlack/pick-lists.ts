import {
	NodeApiError,
	type IDataObject,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
	type INodePropertyOptions,
} from 'n8n-workflow';
import { allPages, requestJson } from '../transport';
import { cursorPages } from './pages';
import { slack } from './service';

// "An integer under 1000": lists are wanted whole, in few calls.
const LARGE_PAGES = 999;

export async function searchChannels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return { results: matching(await channelsOf(this), filter) };
}

export async function searchUsers(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return { results: matching(await usersOf(this), filter) };
}

export async function searchUserGroups(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const { usergroups } = await requestJson<{ usergroups: IDataObject[] }>(this, slack, 0, {
		method: 'GET',
		url: '/usergroups.list',
		qs: { include_disabled: true },
	});
	return {
		results: matching(
			usergroups.map(({ id, name, handle }) => ({
				name: `${String(name)} (@${String(handle)})`,
				value: String(id),
			})),
			filter,
		),
	};
}

export async function getChannels(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await channelsOf(this);
}

export async function getUsers(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await usersOf(this);
}

/** The workspace's own fields of a profile. https://docs.slack.dev/reference/methods/team.profile.get */
export async function getTeamFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { profile } = await requestJson<{ profile: { fields: IDataObject[] } }>(this, slack, 0, {
		method: 'GET',
		url: '/team.profile.get',
	});
	return profile.fields.map(({ id, label }) => ({ name: String(label), value: String(id) }));
}

type Item = INodeListSearchItems & { value: string };

async function channelsOf(context: ILoadOptionsFunctions): Promise<Item[]> {
	const list = async (types: string) =>
		await allPages(
			context,
			slack,
			0,
			{ method: 'GET', url: '/conversations.list', qs: { exclude_archived: true, types } },
			cursorPages('channels', LARGE_PAGES),
		);
	const channels = await list('public_channel,private_channel').catch(async (error: unknown) => {
		// Private ones need a scope of their own, which not every app has.
		const isScope = error instanceof NodeApiError && error.message.includes('missing_scope');
		if (!isScope) throw error;
		return await list('public_channel');
	});
	return byName(channels.map(({ id, name }) => ({ name: `#${String(name)}`, value: String(id) })));
}

async function usersOf(context: ILoadOptionsFunctions): Promise<Item[]> {
	const call = { method: 'GET' as const, url: '/users.list' };
	const users = await allPages(context, slack, 0, call, cursorPages('members', LARGE_PAGES));
	return byName(
		users
			.filter(({ deleted }) => !deleted)
			.map(({ id, name, real_name: realName }) => ({
				name: realName ? `${String(realName)} (@${String(name)})` : `@${String(name)}`,
				value: String(id),
			})),
	);
}

const byName = (items: Item[]) => items.sort((a, b) => a.name.localeCompare(b.name));

const matching = (items: Item[], filter = ''): Item[] =>
	items.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(filter.trim().toLowerCase()));
