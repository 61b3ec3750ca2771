/** https://developers.facebook.com/docs/marketing-api/reference/ad-campaign-group */
import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { BID_STRATEGY, BUDGETS } from './budget-fields';
import {
	accountField,
	collection,
	dateInBody,
	EFFECTIVE_STATUS,
	fieldsOption,
	FIRST_STATUS,
	inBody,
	NAME_CONTAINS,
	picked,
	shown,
	STATUS,
} from './fields';
import { objectOperations } from './operation';

const USUAL =
	'id,name,status,effective_status,objective,buying_type,bid_strategy,daily_budget,lifetime_budget,budget_remaining,special_ad_categories,start_time,stop_time,created_time,updated_time';

const BOTH: INodeProperties[] = [
	...BUDGETS,
	BID_STRATEGY,
	inBody('Spend Cap', 'spendCap', 'spend_cap', {
		type: 'number',
		default: 0,
		description: 'The most the campaign may ever spend, in the smallest unit of the currency (cents)',
	}),
	inBody('Special Ad Category Countries', 'specialAdCategoryCountry', 'special_ad_category_country', {
		type: 'string',
		typeOptions: { multipleValues: true },
		default: [],
		placeholder: 'e.g. US',
		description: 'Where the special category applies, as two-letter codes',
	}),
	dateInBody('Start Time', 'startTime', 'start_time'),
	dateInBody('Stop Time', 'stopTime', 'stop_time'),
];

const CATEGORIES = [
	{ name: 'Employment', value: 'EMPLOYMENT' },
	{ name: 'Financial Products and Services', value: 'FINANCIAL_PRODUCTS_SERVICES' },
	{ name: 'Housing', value: 'HOUSING' },
	{ name: 'Issues, Elections, Politics', value: 'ISSUES_ELECTIONS_POLITICS' },
	{ name: 'Online Gambling and Gaming', value: 'ONLINE_GAMBLING_AND_GAMING' },
];

export const campaignProperties: INodeProperties[] = [
	objectOperations({
		resource: 'campaign',
		one: 'campaign',
		many: 'campaigns',
		id: ':campaignId',
		edge: 'campaigns',
		usual: USUAL,
	}),
	accountField(shown('campaign', 'create', 'getAll')),
	accountField(shown('campaign', 'delete', 'get', 'update'), false),
	picked({
		displayName: 'Campaign',
		name: 'campaignId',
		searchListMethod: 'searchCampaigns',
		show: shown('campaign', 'delete', 'get', 'update'),
	}),
	{
		...inBody('Name', 'name', 'name', { required: true }),
		displayOptions: { show: shown('campaign', 'create') },
	},
	{
		...inBody('Objective', 'objective', 'objective', {
			type: 'options',
			default: 'OUTCOME_TRAFFIC',
			options: [
				{ name: 'App Promotion', value: 'OUTCOME_APP_PROMOTION' },
				{ name: 'Awareness', value: 'OUTCOME_AWARENESS' },
				{ name: 'Engagement', value: 'OUTCOME_ENGAGEMENT' },
				{ name: 'Leads', value: 'OUTCOME_LEADS' },
				{ name: 'Sales', value: 'OUTCOME_SALES' },
				{ name: 'Traffic', value: 'OUTCOME_TRAFFIC' },
			],
		}),
		displayOptions: { show: shown('campaign', 'create') },
	},
	{
		...inBody('Special Ad Categories', 'specialAdCategories', 'special_ad_categories', {
			type: 'multiOptions',
			default: [],
			options: CATEGORIES,
			description: 'What the ads are about, where the law asks for it to be declared; none by default',
		}),
		displayOptions: { show: shown('campaign', 'create') },
	},
	{ ...FIRST_STATUS, displayOptions: { show: shown('campaign', 'create') } },
	collection('Additional Fields', shown('campaign', 'create'), [
		...BOTH,
		inBody('Buying Type', 'buyingType', 'buying_type', {
			type: 'options',
			default: 'AUCTION',
			options: [
				{ name: 'Auction', value: 'AUCTION' },
				{ name: 'Reservation', value: 'RESERVED' },
			],
		}),
		inBody('Share Ad Set Budgets', 'shareAdSetBudgets', 'is_adset_budget_sharing_enabled', {
			type: 'boolean',
			default: false,
			description:
				'Whether ad sets may lend each other up to a fifth of their budgets; only where the campaign has none of its own',
		}),
	]),
	{
		displayName: 'Sharing',
		name: 'sharing',
		type: 'hidden',
		default: '',
		displayOptions: { show: shown('campaign', 'create') },
		routing: { send: { preSend: [sayWhetherShared] } },
	},
	collection('Update Fields', shown('campaign', 'update'), [
		...BOTH,
		inBody('Name', 'name', 'name'),
		inBody('Special Ad Categories', 'specialAdCategories', 'special_ad_categories', {
			type: 'multiOptions',
			default: [],
			options: CATEGORIES,
		}),
		STATUS,
	]),
	...returnAllOrLimit(shown('campaign', 'getAll')),
	collection('Options', shown('campaign', 'get'), [fieldsOption(USUAL)]),
	collection('Options', shown('campaign', 'getAll'), [
		EFFECTIVE_STATUS,
		fieldsOption(USUAL),
		NAME_CONTAINS('campaign.name'),
	]),
];

/** Since v24.0 a campaign without a budget of its own must say whether its ad sets share theirs. */
async function sayWhetherShared(
	this: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const body = request.body as IDataObject;
	return 'daily_budget' in body || 'lifetime_budget' in body
		? request
		: { ...request, body: { is_adset_budget_sharing_enabled: false, ...body } };
}
