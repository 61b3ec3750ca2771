import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import { allPages, requestJson } from '../transport';
import { accountId } from './fields';
import { cursorPages } from './pages';
import { meta } from './service';

type Search = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

export const searchAdAccounts: Search = async function (filter = '', paginationToken) {
	const page = await pageOf(this, '/me/adaccounts', { fields: 'id,name' }, paginationToken);
	return listed(page, filter);
};

/** The name is looked for by Meta, which may have thousands of them. */
const searchByName = (edge: string, field: string): Search =>
	async function (filter = '', paginationToken) {
		const filtering = filter && JSON.stringify([{ field, operator: 'CONTAIN', value: filter }]);
		const qs = { fields: 'id,name', ...(filtering ? { filtering } : {}) };
		return listed(await pageOf(this, `${accountPath(this)}/${edge}`, qs, paginationToken), '');
	};

export const searchCampaigns = searchByName('campaigns', 'campaign.name');
export const searchAdSets = searchByName('adsets', 'adset.name');
export const searchAds = searchByName('ads', 'ad.name');

/** Their names cannot be asked for: what a page has is looked through. */
const searchPages = (edge: string): Search =>
	async function (filter = '', paginationToken) {
		const page = await pageOf(this, `${accountPath(this)}/${edge}`, { fields: 'id,name' }, paginationToken);
		return listed(page, filter);
	};

export const searchCreatives = searchPages('adcreatives');
export const searchAudiences = searchPages('customaudiences');

export async function getCustomAudiences(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const call = {
		method: 'GET' as const,
		url: `${accountPath(this)}/customaudiences`,
		qs: { fields: 'id,name' },
	};
	const audiences = await allPages(this, meta, 0, call, cursorPages());
	return audiences
		.map(({ id, name }) => ({ name: String(name ?? id), value: String(id) }))
		.sort((a, b) => a.name.localeCompare(b.name));
}

function accountPath(caller: ILoadOptionsFunctions): string {
	const options = { extractValue: true };
	const chosen =
		caller.getCurrentNodeParameter('adAccountId', options) ??
		caller.getNodeParameter('adAccountId', '', options);
	const id = String(chosen ?? '').trim();
	if (id === '') throw new Error('Choose an ad account first: the list shows what is in it');
	return `/${encodeURIComponent(accountId(id))}`;
}

const pageOf = async (caller: ILoadOptionsFunctions, url: string, qs: IDataObject, after?: string) =>
	await requestJson(caller, meta, 0, {
		method: 'GET',
		url,
		qs: { ...qs, limit: 100, ...(after ? { after } : {}) },
	});

function listed(page: IDataObject, filter: string): INodeListSearchResult {
	const { data = [], paging } = page as {
		data?: { id: string; name?: string }[];
		paging?: { next?: string; cursors?: { after?: string } };
	};
	const wanted = filter.toLowerCase();
	return {
		results: data
			.map(({ id, name }) => ({ name: name ?? id, value: id }))
			.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted)),
		...(paging?.next && paging.cursors?.after ? { paginationToken: paging.cursors.after } : {}),
	};
}
