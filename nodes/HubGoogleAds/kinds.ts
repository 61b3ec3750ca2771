/** https://developers.google.com/google-ads/api/fields/v24/overview: what is asked for, and where it is changed. */
import type { IDataObject } from 'n8n-workflow';

export type Kind = {
	/** In GAQL. */
	from: string;
	/** In place of it where metrics are asked for. */
	fromWithMetrics?: string;
	idField: string;
	statusField: string;
	/** Always asked for. */
	where?: string;
	fields: string[];
	/** The path below the customer, and the thing's name in answers. */
	collection: string;
	name: string;
	/** One row as it is put out when simplified. */
	item: (row: Row) => IDataObject;
	parameter: string;
	label: string;
	/** Its resource name tells the ad group too: `123~456`. */
	inAdGroup?: true;
};
export type Row = { [name: string]: IDataObject };
export type Resource = 'ad' | 'adGroup' | 'budget' | 'campaign' | 'customerList' | 'keyword';

const PARENTS = ['campaign.id', 'campaign.name'];
const IN_AD_GROUP = ['ad_group.id', 'ad_group.name', ...PARENTS];

/** What a row tells of something beside its own fields: parents by id and name, and metrics. */
const beside = ({ campaign, adGroup, metrics }: Row): IDataObject => ({
	...(adGroup === undefined ? {} : { adGroup: named(adGroup) }),
	...(campaign === undefined ? {} : { campaign: named(campaign) }),
	...(metrics === undefined ? {} : { metrics }),
});
const named = ({ id, name }: IDataObject): IDataObject => ({ id, name });

export const KINDS: { [resource in Resource]: Kind } = {
	campaign: {
		from: 'campaign',
		idField: 'campaign.id',
		statusField: 'campaign.status',
		fields: [
			'campaign.id',
			'campaign.name',
			'campaign.status',
			'campaign.primary_status',
			'campaign.serving_status',
			'campaign.advertising_channel_type',
			'campaign.bidding_strategy_type',
			'campaign.start_date_time',
			'campaign.end_date_time',
			'campaign_budget.id',
			'campaign_budget.name',
			'campaign_budget.amount_micros',
		],
		collection: 'campaigns',
		name: 'campaign',
		item: ({ campaign, campaignBudget, metrics }) => ({
			...campaign,
			...(campaignBudget === undefined ? {} : { budget: campaignBudget }),
			...(metrics === undefined ? {} : { metrics }),
		}),
		parameter: 'campaignId',
		label: 'Campaign',
	},
	adGroup: {
		from: 'ad_group',
		idField: 'ad_group.id',
		statusField: 'ad_group.status',
		fields: [
			'ad_group.id',
			'ad_group.name',
			'ad_group.status',
			'ad_group.type',
			'ad_group.cpc_bid_micros',
			...PARENTS,
		],
		collection: 'adGroups',
		name: 'adGroup',
		item: ({ adGroup, ...others }) => ({ ...adGroup, ...beside(others) }),
		parameter: 'adGroupId',
		label: 'Ad Group',
	},
	ad: {
		from: 'ad_group_ad',
		idField: 'ad_group_ad.ad.id',
		statusField: 'ad_group_ad.status',
		fields: [
			'ad_group_ad.ad.id',
			'ad_group_ad.ad.name',
			'ad_group_ad.ad.type',
			'ad_group_ad.ad.final_urls',
			'ad_group_ad.ad.responsive_search_ad.headlines',
			'ad_group_ad.ad.responsive_search_ad.descriptions',
			'ad_group_ad.status',
			'ad_group_ad.ad_strength',
			'ad_group_ad.policy_summary.approval_status',
			...IN_AD_GROUP,
		],
		collection: 'adGroupAds',
		name: 'adGroupAd',
		item: ({ adGroupAd: { ad, ...own } = {}, ...others }) => ({
			...(ad as IDataObject),
			...own,
			...beside(others),
		}),
		parameter: 'adId',
		label: 'Ad',
		inAdGroup: true,
	},
	keyword: {
		from: 'ad_group_criterion',
		// Of negative keywords there are no metrics: the view leaves them out.
		fromWithMetrics: 'keyword_view',
		idField: 'ad_group_criterion.criterion_id',
		statusField: 'ad_group_criterion.status',
		where: "ad_group_criterion.type = 'KEYWORD'",
		fields: [
			'ad_group_criterion.criterion_id',
			'ad_group_criterion.keyword.text',
			'ad_group_criterion.keyword.match_type',
			'ad_group_criterion.status',
			'ad_group_criterion.negative',
			'ad_group_criterion.cpc_bid_micros',
			'ad_group_criterion.approval_status',
			'ad_group_criterion.quality_info.quality_score',
			...IN_AD_GROUP,
		],
		collection: 'adGroupCriteria',
		name: 'adGroupCriterion',
		item: ({ adGroupCriterion: { keyword, ...own } = {}, ...others }) => ({
			...own,
			...(keyword as IDataObject),
			...beside(others),
		}),
		parameter: 'keywordId',
		label: 'Keyword',
		inAdGroup: true,
	},
	budget: {
		from: 'campaign_budget',
		idField: 'campaign_budget.id',
		statusField: 'campaign_budget.status',
		fields: [
			'campaign_budget.id',
			'campaign_budget.name',
			'campaign_budget.status',
			'campaign_budget.amount_micros',
			'campaign_budget.delivery_method',
			'campaign_budget.explicitly_shared',
			'campaign_budget.reference_count',
		],
		collection: 'campaignBudgets',
		name: 'campaignBudget',
		item: ({ campaignBudget }) => ({ ...campaignBudget }),
		parameter: 'budgetId',
		label: 'Budget',
	},
	customerList: {
		from: 'user_list',
		idField: 'user_list.id',
		statusField: 'user_list.membership_status',
		where: "user_list.type = 'CRM_BASED'",
		fields: [
			'user_list.id',
			'user_list.name',
			'user_list.description',
			'user_list.membership_status',
			'user_list.membership_life_span',
			'user_list.crm_based_user_list.upload_key_type',
			'user_list.size_for_search',
			'user_list.size_for_display',
			'user_list.match_rate_percentage',
		],
		collection: 'userLists',
		name: 'userList',
		item: ({ userList }) => ({ ...userList }),
		parameter: 'listId',
		label: 'Customer List',
	},
};

export const METRICS = [
	'impressions',
	'clicks',
	'ctr',
	'average_cpc',
	'cost_micros',
	'conversions',
	'conversions_value',
	'cost_per_conversion',
].map((name) => `metrics.${name}`);
