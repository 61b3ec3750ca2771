import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { requestJson } from '../transport';
import { search, type Target } from './call';
import { contains } from './gaql';
import { DEFAULT_VERSION, googleAds } from './service';

type Search = (this: ILoadOptionsFunctions, filter?: string) => Promise<INodeListSearchResult>;

// Each account that is reached directly is asked for those below it: somebody may have dozens.
const MOST_ACCOUNTS = 20;

/** Accounts by name, those below managers too; an account that does not answer (a closed one) by its number. */
export const searchCustomers: Search = async function (filter = '') {
	const { version } = shared(this);
	const { resourceNames = [] } = await requestJson<{ resourceNames?: string[] }>(this, googleAds, 0, {
		method: 'GET',
		url: `/${version}/customers:listAccessibleCustomers`,
	});
	const direct = resourceNames.map((name) => name.replace(/^customers\//, '')).slice(0, MOST_ACCOUNTS);
	const found = new Map<string, string>();
	for (const customer of direct) {
		const target = { version, customer, headers: { 'login-customer-id': customer } };
		const rows = await search(this, 0, target, CLIENTS).catch((): IDataObject[] => []);
		const clients = rows.map(({ customerClient }) => customerClient as IDataObject);
		for (const { id, descriptiveName, manager } of [{ id: customer }, ...clients] as IDataObject[]) {
			const name = descriptiveName
				? `${String(descriptiveName)} (${dashed(String(id))})`
				: dashed(String(id));
			if (descriptiveName || !found.has(String(id)))
				found.set(String(id), manager ? `${name} – manager` : name);
		}
	}
	const wanted = filter.toLowerCase();
	return {
		results: [...found]
			.map(([value, name]) => ({ name, value }))
			.filter(({ name, value }) => `${name} ${value}`.toLowerCase().includes(wanted))
			.sort((a, b) => a.name.localeCompare(b.name)),
	};
};

const CLIENTS =
	"SELECT customer_client.id, customer_client.descriptive_name, customer_client.manager FROM customer_client WHERE customer_client.status = 'ENABLED'";

const dashed = (id: string) => id.replace(/^(\d{3})(\d{3})(\d{4})$/, '$1-$2-$3');

type Listed = {
	from: string;
	/** In GAQL: what is shown, what is chosen by, and what is left out. */
	name: string;
	/** The thing's name in a row. */
	row: string;
	where?: string;
	/** `resourceName` in place of the id: what lies in an ad group is known by both. */
	shownAs?: (thing: IDataObject) => string;
};

const listing = ({ from, name, row, where, shownAs }: Listed): Search =>
	async function (filter = '') {
		const conditions = [where ?? '', filter ? `${name} LIKE ${contains(filter)}` : ''].filter(Boolean);
		const query = `SELECT ${from}.resource_name, ${name} FROM ${from}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''} ORDER BY ${name} LIMIT 100`;
		const rows = await search(this, 0, targetFor(this), query);
		return {
			results: rows
				.map((one) => one[row] as IDataObject)
				.map((thing) => ({
					name: shownAs ? shownAs(thing) : String(thing.name),
					value: String(thing.resourceName).split('/').at(-1) ?? '',
				})),
		};
	};

export const searchCampaigns = listing({
	from: 'campaign',
	name: 'campaign.name',
	row: 'campaign',
	where: "campaign.status != 'REMOVED'",
});
export const searchAdGroups = listing({
	from: 'ad_group',
	name: 'ad_group.name',
	row: 'adGroup',
	where: "ad_group.status != 'REMOVED'",
});
export const searchBudgets = listing({
	from: 'campaign_budget',
	name: 'campaign_budget.name',
	row: 'campaignBudget',
	where: "campaign_budget.status != 'REMOVED'",
});
export const searchCustomerLists = listing({
	from: 'user_list',
	name: 'user_list.name',
	row: 'userList',
	where: "user_list.type = 'CRM_BASED'",
});
export const searchConversionActions = listing({
	from: 'conversion_action',
	name: 'conversion_action.name',
	row: 'conversionAction',
	where: "conversion_action.type = 'UPLOAD_CLICKS' AND conversion_action.status = 'ENABLED'",
});
export const searchKeywords = listing({
	from: 'ad_group_criterion',
	name: 'ad_group_criterion.keyword.text',
	row: 'adGroupCriterion',
	where: "ad_group_criterion.type = 'KEYWORD' AND ad_group_criterion.status != 'REMOVED'",
	shownAs: ({ keyword }) => String((keyword as IDataObject).text),
});

/** Ads have headlines rather than names, and those cannot be searched for. */
export const searchAds: Search = async function (filter = '') {
	const query =
		"SELECT ad_group_ad.resource_name, ad_group_ad.ad.id, ad_group_ad.ad.name, ad_group_ad.ad.responsive_search_ad.headlines FROM ad_group_ad WHERE ad_group_ad.status != 'REMOVED' LIMIT 500";
	const rows = (await search(this, 0, targetFor(this), query)) as { adGroupAd: AdRow }[];
	const wanted = filter.toLowerCase();
	return {
		results: rows
			.map(({ adGroupAd: { resourceName, ad } }) => ({
				name: ad.name ?? ad.responsiveSearchAd?.headlines?.[0]?.text ?? `Ad ${ad.id}`,
				value: resourceName.split('/').at(-1) ?? '',
			}))
			.filter(({ name }) => name.toLowerCase().includes(wanted)),
	};
};
type AdRow = {
	resourceName: string;
	ad: { id: string; name?: string; responsiveSearchAd?: { headlines?: { text: string }[] } };
};

function targetFor(caller: ILoadOptionsFunctions): Target {
	const chosen = String(parameter(caller, 'customerId') ?? '');
	const customer = chosen.replace(/^customers\//, '').replace(/-/g, '');
	if (!/^\d{10}$/.test(customer)) throw new Error('Choose a customer first: the list shows what is in it');
	return { ...shared(caller), customer };
}

function shared(caller: ILoadOptionsFunctions): Omit<Target, 'customer'> {
	const { apiVersion, loginCustomerId } = (parameter(caller, 'options') || {}) as IDataObject;
	return {
		version: String(apiVersion || DEFAULT_VERSION),
		headers: loginCustomerId ? { 'login-customer-id': String(loginCustomerId).replace(/-/g, '') } : {},
	};
}

function parameter(caller: ILoadOptionsFunctions, name: string): unknown {
	const options = { extractValue: true };
	return caller.getCurrentNodeParameter(name, options) ?? caller.getNodeParameter(name, '', options);
}
